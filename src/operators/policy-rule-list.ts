import { createHash } from 'node:crypto';
import { canonicalJson } from '../config/config.ts';
import type { Policy } from '../eligibility/eligibility.ts';
import type { OperatorPolicyPages } from '../http/http.ts';
import { formOf } from '../policies/policies.ts';
import type { RulePart, Ruling } from '../policies/policies.ts';
import { policyShown } from './decision-shown.ts';

/*
 * The rules of a draft, each with its buttons. A button names the rule by its place and by what it said when the page was
 * made: in a text that was changed since, nothing else is moved in its stead.
 */

type RuleListShown = Omit<NonNullable<OperatorPolicyPages['operator-policy-draft']['editor']>, 'action'>;

const gestures = ['modifier', 'monter', 'descendre', 'retirer'] as const;
export type Gesture =
  | { readonly kind: 'ajouter'; readonly part: RulePart }
  | {
      readonly kind: (typeof gestures)[number];
      readonly part: RulePart;
      readonly index: number;
      readonly mark: string;
    };

export const markOf = (ruling: Ruling): string =>
  createHash('sha256').update(canonicalJson(ruling)).digest('hex').slice(0, 16);

/** One rule, in words. */
export function rulingLines(
  policy: Policy,
  ruling: Ruling,
  lang: 'fr' | 'en',
): RuleListShown['parts'][number]['rulings'][number]['lines'] {
  const none = { ...policy, guards: [], rules: [] };
  return 'deny' in ruling
    ? policyShown({ ...none, guards: [ruling] }, lang).guards
    : policyShown({ ...none, rules: [ruling] }, lang).rules.flatMap(({ lines }) => lines);
}

export function ruleList(policy: Policy, lang: 'fr' | 'en'): RuleListShown {
  const part = (name: RulePart, rulings: readonly Ruling[]): RuleListShown['parts'][number] => ({
    part: name,
    add: `ajouter.${name}`,
    rulings: rulings.map((ruling, index) => {
      const gesture = (kind: (typeof gestures)[number]) => `${kind}.${name}.${index}.${markOf(ruling)}`;
      return {
        name: 'deny' in ruling ? String(index + 1) : ruling.id,
        lines: rulingLines(policy, ruling, lang),
        change: formOf(ruling, policy.service) && gesture('modifier'),
        up: index > 0 ? gesture('monter') : undefined,
        down: index < rulings.length - 1 ? gesture('descendre') : undefined,
        remove: gesture('retirer'),
      };
    }),
  });
  return { parts: [part('guards', policy.guards), part('rules', policy.rules)] };
}

/** Of a button; undefined for what no page wrote. */
export function readGesture(written: string): Gesture | undefined {
  const [kind = '', name = '', index = '', mark = ''] = written.split('.');
  const part = name === 'rules' || name === 'guards' ? name : undefined;
  if (part === undefined) return undefined;
  if (kind === 'ajouter') return { kind, part };
  const known = gestures.find((one) => one === kind);
  return known === undefined || !/^\d{1,5}$/u.test(index)
    ? undefined
    : { kind: known, part, index: Number(index), mark };
}
