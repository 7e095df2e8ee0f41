import type { Rules } from './effect.ts';
import type { CorrectionsNeeds } from './needs.ts';

/** The policies and approvals under which an exception of this organization would count, now. */
export async function rulesFor(
  { snapshot, approvals, clock }: Pick<CorrectionsNeeds, 'snapshot' | 'approvals' | 'clock'>,
  siren: string | undefined,
): Promise<Rules> {
  const declared = snapshot();
  return {
    services: [...declared.services.keys()],
    policyFor: (service, at) => declared.policyFor(service, at),
    approvals: siren === undefined ? [] : await approvals(siren),
    now: clock(),
  };
}
