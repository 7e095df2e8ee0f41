import type { Condition } from './condition.ts';
import { basisTexts, levelTexts, reasonTexts, stepTexts } from './explanation-texts.ts';
import type { Language } from './explanation-texts.ts';
import { day } from './literal-words.ts';
import type { Policy } from './policy.ts';
import { predicateWords, valuesInWords } from './predicate-words.ts';

/** One line of a policy in words. A line of a greater depth is part of the one above that is less deep. */
export interface PolicyLine {
  readonly depth: number;
  readonly text: string;
}

export interface PolicyWords {
  /** From when, and what is counted. */
  readonly start: readonly PolicyLine[];
  /** What closes the door whatever follows. */
  readonly guards: readonly PolicyLine[];
  /** In their order: the first that is true wins. */
  readonly rules: readonly { readonly id: string; readonly lines: readonly PolicyLine[] }[];
  readonly otherwise: readonly PolicyLine[];
}

const texts = {
  from: { fr: 'En vigueur à partir du', en: 'In force from' },
  municipal: {
    fr: 'Les habitants sont ceux de la population municipale.',
    en: 'Inhabitants are those of the municipal population.',
  },
  total: {
    fr: 'Les habitants sont ceux de la population totale.',
    en: 'Inhabitants are those of the total population.',
  },
  emailCode: {
    fr: 'Un code envoyé par courriel peut servir de deuxième preuve.',
    en: 'A code sent by e-mail may serve as the second proof.',
  },
  closed: { fr: 'Refusé si', en: 'Refused if' },
  open: { fr: 'Ouvert si', en: 'Open if' },
  all: { fr: 'toutes ces conditions sont remplies :', en: 'all of these hold:' },
  any: { fr: 'une au moins de ces conditions est remplie :', en: 'one of these at least holds:' },
  not: { fr: 'ceci n’est pas vrai :', en: 'this is not true:' },
  approved: {
    fr: 'La personne entre comme membre ou comme invitée, selon l’accord.',
    en: 'The person enters as a member or as a guest, as the approval says.',
  },
  rights: { fr: 'Droits transmis :', en: 'Rights handed over:' },
  none: { fr: 'Aucun droit particulier n’est transmis.', en: 'No particular right is handed over.' },
  rightsThen: { fr: 'Droits transmis pendant ce temps :', en: 'Rights handed over meanwhile:' },
  noneThen: {
    fr: 'Aucun droit particulier n’est transmis pendant ce temps.',
    en: 'No particular right is handed over meanwhile.',
  },
  notAfter: {
    fr: 'Après le dernier jour de l’accord, l’accès se ferme.',
    en: 'After the last day of the approval, access closes.',
  },
  otherwise: { fr: 'Dans tous les autres cas, refusé.', en: 'In all other cases, refused.' },
} as const;

const say = (key: keyof typeof texts, language: Language): string => texts[key][language];

/** A policy document in plain sentences: what it says, no more and no less. */
export function policyWords(policy: Policy, language: Language): PolicyWords {
  const line = (text: string, depth = 0): PolicyLine => ({ depth, text });
  return {
    start: [
      line(`${say('from', language)} ${day(policy.valid_from, language)}.`),
      line(say(policy.measure === 'totale' ? 'total' : 'municipal', language)),
      ...(policy.email_code === true ? [line(say('emailCode', language))] : []),
    ],
    guards: policy.guards.flatMap((guard) => [
      ...conditionLines(guard.if, language, say('closed', language)),
      line(reasonTexts[guard.deny][language], 1),
    ]),
    rules: policy.rules.map(({ id, if: condition, allow, basis, grace }) => ({
      id,
      lines: [
        ...conditionLines(condition, language, say('open', language)),
        line(basisTexts[basis][language], 1),
        line(
          basis === 'approval' && allow.level === 'member'
            ? say('approved', language)
            : levelTexts[allow.level][language],
          1,
        ),
        line(
          allow.entitlements.length === 0
            ? say('none', language)
            : `${say('rights', language)} ${allow.entitlements.join(', ')}.`,
          1,
        ),
        ...graceLines(grace, language).map((text) => line(text, 1)),
      ],
    })),
    otherwise: [
      line(say('otherwise', language)),
      line(reasonTexts[policy.default.deny][language], 1),
      ...(policy.default.next_steps ?? []).map((step) => line(stepTexts[step][language], 1)),
    ],
  };
}

/** Silent where the policy says nothing of it. */
function graceLines(grace: Policy['rules'][number]['grace'], language: Language): readonly string[] {
  if (grace === undefined) return [];
  const { days, level, entitlements } = grace;
  if (days === 0) return [say('notAfter', language)];
  const member = level === 'member';
  const fr = `Après le dernier jour de l’accord, l’accès continue ${days === 1 ? 'un jour' : `${days} jours`}, ${member ? 'au même niveau' : 'au niveau invité'}, sauf si l’accord a été suspendu, retiré ou renouvelé, ou si son renouvellement a été refusé.`;
  const en = `After the last day of the approval, access goes on for ${days === 1 ? 'one day' : `${days} days`}, ${member ? 'at the same level' : 'as a guest'}, unless the approval was suspended, taken back or renewed, or its renewal was refused.`;
  const rights = entitlements && [
    entitlements.length === 0
      ? say('noneThen', language)
      : `${say('rightsThen', language)} ${entitlements.join(', ')}.`,
  ];
  return [language === 'fr' ? fr : en, ...(rights ?? [])];
}

/** A condition as a nested list. @param opening the words before it, « Ouvert si » */
function conditionLines(
  condition: Condition,
  language: Language,
  opening = '',
  depth = 0,
): readonly PolicyLine[] {
  const line = (text: string): PolicyLine => ({ depth, text: opening === '' ? text : `${opening} ${text}` });
  const within = (parts: readonly Condition[]): readonly PolicyLine[] =>
    parts.flatMap((part) => conditionLines(part, language, '', depth + 1));
  if (condition.all !== undefined) return [line(say('all', language)), ...within(condition.all)];
  if (condition.any !== undefined) return [line(say('any', language)), ...within(condition.any)];
  if (condition.not !== undefined) return [line(say('not', language)), ...within([condition.not])];
  return Object.entries(condition).map(([name, expected]) => line(clause(name, expected, language)));
}

/** One predicate with what it expects: of a trace as well. `approval.docs` is the fact that `approval` reads. */
export function clause(name: string, expected: unknown, language: Language): string {
  const words = predicateWords[name] ?? predicateWords[name.split('.')[0] ?? ''];
  return words === undefined ? `${name} ${JSON.stringify(expected)}` : words(expected)[language];
}

/** The value of a fact in the words of its clause; undefined where it has none: a number, a code. */
export function valueWords(name: string, value: unknown, language: Language): string | undefined {
  const words = valuesInWords[name] ?? valuesInWords[name.split('.')[0] ?? ''];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (words === undefined || values.length === 0) return undefined;
  const said = values.flatMap((one) => (typeof one === 'string' ? [words(one, language)] : []));
  return said.length === values.length ? said.join(', ') : undefined;
}
