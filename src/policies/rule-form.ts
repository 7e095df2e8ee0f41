import { canonicalJson } from '../config/config.ts';
import type { Policy } from '../eligibility/eligibility.ts';

/*
 * A rule or a guard as the fields of a form, and back. Pure. Nothing is judged here: what the fields say is judged by the
 * schema of policies. What the fields cannot say, word for word, has no form.
 */

export type RulePart = 'rules' | 'guards';
export type Ruling = Policy['rules'][number] | Policy['guards'][number];

export const ruleFields = [
  'nom',
  'types',
  'categories',
  'service_public',
  'actif',
  'suspendu',
  'departements',
  'population',
  'borne',
  'mesure',
  'accord',
  'invitation',
  'acr',
  'jusquau',
  'refus',
  'niveau',
  'droits',
  'fondement',
  'grace_jours',
  'grace_niveau',
  'grace_droits',
] as const;
export type RuleField = (typeof ruleFields)[number];

/** Sets: in which order they are written says nothing. */
const sets: ReadonlySet<string> = new Set(['all', 'in']);

function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => {
        const plain = settled(part);
        return [key, sets.has(key) && Array.isArray(plain) ? plain.map(canonicalJson).sort() : plain];
      }),
  );
}

/** Whether both say the same, whatever the order of what `all` and `in` hold. */
export const sayTheSame = (one: unknown, other: unknown): boolean =>
  canonicalJson(settled(one)) === canonicalJson(settled(other));

const wordsIn = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,;]+/u).filter((word) => word !== '')),
];
const numberIn = (text: string): number | string => {
  const digits = text.replaceAll(/\s/gu, '');
  return /^\d{1,9}$/u.test(digits) ? Number(digits) : text;
};
const truths: Readonly<Record<string, boolean>> = { oui: true, non: false };

/** What the fields say, as a document says it; the schema of policies has the last word. */
export function ruleOf(form: URLSearchParams, part: RulePart, service: string): unknown {
  const value = (field: RuleField): string => (form.get(field) ?? '').trim();
  const several = (name: string, values: readonly string[]): readonly object[] =>
    values.length === 0 ? [] : [{ [name]: values.length === 1 ? values[0] : { in: values } }];
  const flag = (name: string, field: RuleField): readonly object[] =>
    value(field) === '' ? [] : [{ [name]: truths[value(field)] ?? value(field) }];
  const when = (field: RuleField, test: (said: string) => object): readonly object[] =>
    value(field) === '' ? [] : [test(value(field))];
  const measure = value('mesure');
  const tests = [
    ...several('org.type', [...new Set(form.getAll('types'))]),
    ...several('org.category', [...new Set(form.getAll('categories'))]),
    ...flag('org.public_service', 'service_public'),
    ...flag('org.active', 'actif'),
    ...flag('org.suspended', 'suspendu'),
    ...several('org.department', wordsIn(value('departements').toUpperCase())),
    ...when('population', (most) => ({
      'org.population': {
        [value('borne') === 'lte' ? 'lte' : 'lt']: numberIn(most),
        ...(measure !== '' && { measure }),
      },
    })),
    ...when('accord', () => ({ approval: { service, status: 'active' } })),
    ...when('invitation', () => ({ invitation: { service, status: 'active' } })),
    ...when('acr', (least) => ({ 'auth.acr': { gte: least } })),
    ...when('jusquau', (last) => ({ time: { lte: last } })),
  ];
  const condition = tests.length === 1 ? tests[0] : { all: tests };
  if (part === 'guards') return { if: condition, deny: value('refus') };
  const rights = wordsIn(value('grace_droits'));
  return {
    id: value('nom'),
    if: condition,
    allow: { level: value('niveau'), entitlements: wordsIn(value('droits')) },
    basis: value('fondement'),
    ...(value('grace_jours') !== '' && {
      grace: {
        days: numberIn(value('grace_jours')),
        level: value('grace_niveau'),
        ...(rights.length > 0 && { entitlements: rights }),
      },
    }),
  };
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
function valuesOf(expected: unknown): readonly string[] {
  const list: unknown = member(expected, 'in');
  return (Array.isArray(list) ? list : [expected]).map(textOf).filter((text) => text !== '');
}
const yesOrNo = (expected: unknown): string => (expected === true ? 'oui' : 'non');

type Filled = readonly (readonly [RuleField, string])[];
const fieldsOf: Readonly<Record<string, (expected: unknown) => Filled>> = {
  'org.type': (expected) => valuesOf(expected).map((one) => ['types', one]),
  'org.category': (expected) => valuesOf(expected).map((one) => ['categories', one]),
  'org.public_service': (expected) => [['service_public', yesOrNo(expected)]],
  'org.active': (expected) => [['actif', yesOrNo(expected)]],
  'org.suspended': (expected) => [['suspendu', yesOrNo(expected)]],
  'org.department': (expected) => [['departements', valuesOf(expected).join(' ')]],
  'org.population': (expected) => {
    const bound = member(expected, 'lte') === undefined ? 'lt' : 'lte';
    return [
      ['population', textOf(member(expected, bound))],
      ['borne', bound],
      ['mesure', textOf(member(expected, 'measure'))],
    ];
  },
  approval: () => [['accord', 'oui']],
  invitation: () => [['invitation', 'oui']],
  'auth.acr': (expected) => [['acr', textOf(member(expected, 'gte'))]],
  time: (expected) => [['jusquau', textOf(member(expected, 'lte'))]],
};

/** The fields that say this, no more and no less; undefined when fields cannot: it is changed in the document alone. */
export function formOf(ruling: Ruling, service: string): URLSearchParams | undefined {
  const filled: (readonly [RuleField, string])[] = [];
  for (const test of ruling.if.all ?? [ruling.if])
    for (const [name, expected] of Object.entries(test)) {
      const fields = Object.hasOwn(fieldsOf, name) ? fieldsOf[name] : undefined;
      if (fields === undefined) return undefined;
      filled.push(...fields(expected));
    }
  const part: RulePart = 'deny' in ruling ? 'guards' : 'rules';
  if ('deny' in ruling) filled.push(['refus', ruling.deny]);
  else {
    const { id, allow, basis, grace } = ruling;
    filled.push(
      ['nom', id],
      ['niveau', allow.level],
      ['droits', allow.entitlements.join(' ')],
      ['fondement', basis],
    );
    if (grace !== undefined)
      filled.push(
        ['grace_jours', String(grace.days)],
        ['grace_niveau', grace.level],
        ['grace_droits', (grace.entitlements ?? []).join(' ')],
      );
  }
  const form = new URLSearchParams(
    filled.filter(([, value]) => value !== '').map(([field, value]): [string, string] => [field, value]),
  );
  return sayTheSame(ruleOf(form, part, service), ruling) ? form : undefined;
}

/** Which field a part of the document comes from; the last of a path that is known. */
const fieldOfPart: Readonly<Record<string, RuleField | 'conditions'>> = {
  id: 'nom',
  if: 'conditions',
  'org.type': 'types',
  'org.category': 'categories',
  'org.public_service': 'service_public',
  'org.active': 'actif',
  'org.suspended': 'suspendu',
  'org.department': 'departements',
  'org.population': 'population',
  measure: 'mesure',
  'auth.acr': 'acr',
  time: 'jusquau',
  deny: 'refus',
  level: 'niveau',
  entitlements: 'droits',
  basis: 'fondement',
};
const fieldOfGrace: Readonly<Record<string, RuleField>> = {
  level: 'grace_niveau',
  entitlements: 'grace_droits',
};

/** The field to be corrected. @param path of a fault, within the rule or the guard */
export function fieldAt(path: readonly PropertyKey[]): RuleField | 'conditions' {
  const names = path.filter((part) => typeof part === 'string');
  if (names[0] === 'grace') return fieldOfGrace[names[1] ?? ''] ?? 'grace_jours';
  return names.map((name) => fieldOfPart[name]).findLast((field) => field !== undefined) ?? 'conditions';
}
