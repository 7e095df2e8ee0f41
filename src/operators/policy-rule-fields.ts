import {
  acrValues,
  bases,
  basisTexts,
  clause,
  levels,
  levelTexts,
  reasonCodes,
  reasonTexts,
} from '../eligibility/eligibility.ts';
import type { OperatorPolicyPages } from '../http/http.ts';
import {
  organizationCategoryLabel,
  organizationTypeLabel,
  organizationTypes,
} from '../organizations/organizations.ts';
import type { RuleField, RulePart } from '../policies/policies.ts';

type Section = OperatorPolicyPages['operator-policy-rule']['sections'][number];
type Option = readonly [value: string, label: string];

/** `unknown` is the absence of a fact: no rule can ask for it. */
const types = organizationTypes.filter((type) => type !== 'unknown');
const categories = [...new Set(types.map((type) => type.split('.')[0] ?? type))];

/** Every field with its section, in the order of the page. */
const layout = {
  name: ['nom'],
  organization: [
    'categories',
    'types',
    'service_public',
    'actif',
    'suspendu',
    'departements',
    'population',
    'borne',
    'mesure',
  ],
  person: ['accord', 'invitation', 'acr', 'jusquau'],
  outcome: ['refus', 'niveau', 'droits', 'fondement'],
  grace: ['grace_jours', 'grace_niveau', 'grace_droits'],
} as const satisfies Record<Section['words'], readonly RuleField[]>;

const ofGuards: ReadonlySet<RuleField> = new Set<RuleField>([
  ...layout.organization,
  ...layout.person,
  'refus',
]);
const hints: ReadonlySet<RuleField> = new Set<RuleField>([
  'nom',
  'categories',
  'departements',
  'population',
  'mesure',
  'jusquau',
  'droits',
  'fondement',
  'grace_jours',
  'grace_droits',
]);

export const fieldOrder: readonly string[] = [
  ...layout.name,
  'conditions',
  ...Object.values(layout).slice(1).flat(),
];

interface Said {
  readonly service: string;
  readonly lang: 'fr' | 'en';
}

/** The choices of a field, in the words that rules are read in; the first of a condition is that there is none. */
function optionsOf(field: RuleField, { service, lang }: Said): readonly Option[] | undefined {
  const said = (name: string, expected: unknown): string => clause(name, expected, lang);
  const flag = (name: string): readonly Option[] => [
    ['', ''],
    ['oui', said(name, true)],
    ['non', said(name, false)],
  ];
  const proof = (name: string): readonly Option[] => [
    ['', ''],
    ['oui', said(name, { service, status: 'active' })],
  ];
  const ofLevels = levels.map((level): Option => [level, levelTexts[level][lang]]).reverse();
  const choices: Partial<Record<RuleField, () => readonly Option[]>> = {
    types: () => types.map((type) => [type, organizationTypeLabel(type, lang)]),
    categories: () => categories.map((one) => [one, organizationCategoryLabel(one, lang) ?? one]),
    service_public: () => flag('org.public_service'),
    actif: () => flag('org.active'),
    suspendu: () => flag('org.suspended'),
    borne: () => [
      ['lt', lang === 'fr' ? 'moins que ce nombre' : 'fewer than this number'],
      ['lte', lang === 'fr' ? 'ce nombre au plus' : 'this number at most'],
    ],
    mesure: () => [
      ['', lang === 'fr' ? 'celle de toutes les règles du service' : 'that of all rules of the service'],
      ['municipale', lang === 'fr' ? 'population municipale' : 'municipal population'],
      ['totale', lang === 'fr' ? 'population totale' : 'total population'],
    ],
    accord: () => proof('approval'),
    invitation: () => proof('invitation'),
    acr: () => [['', ''], ...acrValues.map((acr): Option => [acr, said('auth.acr', { gte: acr })])],
    refus: () => reasonCodes.map((code) => [code, reasonTexts[code][lang]]),
    niveau: () => ofLevels,
    fondement: () => bases.map((basis) => [basis, basisTexts[basis][lang]]),
    grace_niveau: () => ofLevels,
  };
  return choices[field]?.();
}

/** @param form what is stored, or what was typed */
export function ruleSections(part: RulePart, form: URLSearchParams, said: Said): readonly Section[] {
  const sections: readonly (readonly [Section['words'], readonly RuleField[]])[] = [
    ['name', layout.name],
    ['organization', layout.organization],
    ['person', layout.person],
    ['outcome', layout.outcome],
    ['grace', layout.grace],
  ];
  return sections
    .map(([words, fields]) => ({
      words,
      fields: fields
        .filter((field) => (part === 'guards' ? ofGuards.has(field) : field !== 'refus'))
        .map((field) => fieldShown(field, form, said)),
    }))
    .filter(({ fields }) => fields.length > 0);
}

function fieldShown(field: RuleField, form: URLSearchParams, said: Said): Section['fields'][number] {
  const options = optionsOf(field, said);
  const chosen = form.getAll(field);
  const isList = field === 'types' || field === 'categories';
  return {
    id: field,
    kind: isList ? 'checks' : options ? 'select' : field === 'jusquau' ? 'date' : 'text',
    hint: hints.has(field),
    value: form.get(field) ?? '',
    options: (options ?? []).map(([value, label]) => ({ value, label, chosen: chosen.includes(value) })),
  };
}
