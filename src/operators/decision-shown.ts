import { clause, explain, policyWords, valueWords } from '../eligibility/eligibility.ts';
import type { Decision, Policy, TracedTest } from '../eligibility/eligibility.ts';
import type { DecisionShown, PolicyShown, ValueShown } from '../http/http.ts';

type Language = 'fr' | 'en';

/** Rules and decisions in the reader's words, for every page that shows them. */
export function policyShown(policy: Policy, lang: Language): PolicyShown {
  const { start, guards, rules, otherwise } = policyWords(policy, lang);
  const curled = (lines: PolicyShown['start']) =>
    lines.map(({ depth, text }) => ({ depth: Math.min(depth, 6), text }));
  return {
    start: curled(start),
    guards: curled(guards),
    rules: rules.map(({ id, lines }) => ({ id, lines: curled(lines) })),
    otherwise: curled(otherwise),
  };
}

/** The same, as lines to be compared. */
export function policyLines(policy: Policy, lang: Language): string {
  const { start, guards, rules, otherwise } = policyShown(policy, lang);
  return [...start, ...guards, ...rules.flatMap(({ lines }) => lines), ...otherwise]
    .map(({ depth, text }) => `${'\u2003'.repeat(depth)}${text}`)
    .join('\n');
}

export function decisionShown(decision: Decision, lang: Language): DecisionShown {
  const { summary, todo } = explain(decision, lang);
  return {
    answer: decision.decision === 'deny' ? 'no' : decision.level === 'guest' ? 'guest' : 'yes',
    summary,
    todo,
    until: decision.validUntil,
    rule: decision.rule,
    policy: decision.policy,
    trace: decision.trace.map(({ part, id, truth, tests }) => ({
      part,
      id,
      truth: truthWord(truth),
      tests: tests.map((test) => ({
        name: test.name,
        clause: clause(test.name, test.expected, lang),
        value: valueShown(test.name, test.value, lang),
        source: sourceWords(test.source, lang),
        asOf: dayOf(test.asOf),
        truth: truthWord(test.truth),
      })),
    })),
  };
}

export function valueShown(name: string, value: unknown, lang: Language): ValueShown {
  if (value === undefined) return { kind: 'unknown', code: '' };
  if (value === null) return { kind: 'none', code: '' };
  if (typeof value === 'boolean') return { kind: value ? 'yes' : 'no', code: '' };
  const words = valueWords(name, value, lang);
  if (words !== undefined) return { kind: 'words', code: words };
  return { kind: 'code', code: typeof value === 'string' ? value : JSON.stringify(value) };
}

const sources: ReadonlyMap<string, string> = new Map([
  ['approvals', 'accords'],
  ['invitations', 'invitations'],
  ['operators', 'opérateurs'],
  ['clock', 'horloge'],
]);
const provider = /^identity provider /u;
const approval = /^approval /u;

/** Registers have their own names; what Maillon itself says is named in the words of the reader. */
export function sourceWords(source: string, lang: Language): string {
  if (lang === 'en') return source;
  return (
    sources.get(source) ?? source.replace(provider, 'fournisseur d’identité ').replace(approval, 'accord ')
  );
}

/** Empty when it is none: a source may say of what it does not know only who would. */
export const dayOf = (asOf: string): string => (Number.isNaN(Date.parse(asOf)) ? '' : asOf);

const truthWord = (truth: TracedTest['truth']): 'true' | 'false' | 'unknown' =>
  truth === true ? 'true' : truth === false ? 'false' : 'unknown';
