import { possibleActs } from '../policies/policies.ts';
import type { Draft } from '../policies/policies.ts';
import { writesRules } from './charge.ts';
import type { SignedOperator } from './gate.ts';
import type { ConsoleNeeds } from './section.ts';

/** Proposed versions of rules that this person may publish: they wait for a second one, and this is one. */
export function toRead(
  drafts: readonly Draft[],
  { me, needs }: { readonly me: SignedOperator; readonly needs: ConsoleNeeds },
): readonly Draft[] {
  const isInCharge = writesRules(needs);
  return drafts.filter(
    (draft) =>
      me.may('policy.publish', { services: [draft.service] }) &&
      possibleActs(draft, me.operator.id, !isInCharge(draft.authorId, draft.service)).includes('publish'),
  );
}

/** How many; undefined for whoever publishes none. */
export async function versionsToRead(asked: {
  readonly me: SignedOperator;
  readonly needs: ConsoleNeeds;
}): Promise<number | undefined> {
  if (!asked.me.mayAnywhere('policy.publish')) return undefined;
  return toRead(await asked.needs.policyDrafts.list(), asked).length;
}
