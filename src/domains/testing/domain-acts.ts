import { expect } from 'vitest';
import { recordName, recordValue } from '../domains.ts';
import type { HandoverAnswered, OrganizationDomain } from '../domains.ts';
import type { DomainsRoom } from './domains-room.ts';

/** What people do in a room, in few words. */
export function actsIn(here: () => DomainsRoom) {
  const claim = async (
    siren: string,
    typed = 'exemple.example',
    withSubdomains = false,
  ): Promise<OrganizationDomain> => {
    const claimed = await here().domains.claim({
      siren,
      typed,
      withSubdomains,
      author: here().representative(siren),
    });
    if (claimed.outcome !== 'claimed') throw new Error(claimed.because);
    return claimed.domain;
  };
  const publish = (...claims: readonly OrganizationDomain[]): void => {
    for (const { domain } of claims) here().zone.set(recordName(domain), ['v=spf1 -all']);
    for (const { domain, token } of claims) {
      const before = here().zone.get(recordName(domain));
      const others = typeof before === 'object' ? before : [];
      here().zone.set(recordName(domain), [...others, recordValue(token)]);
    }
  };
  const check = ({ id, siren }: OrganizationDomain) =>
    here().domains.check({
      id,
      siren,
      actor: { kind: 'account', accountId: here().representative(siren).accountId },
    });
  const verified = async (siren: string, typed?: string, withSubdomains?: boolean) => {
    const one = await claim(siren, typed, withSubdomains);
    publish(one);
    expect(await check(one)).toEqual({ outcome: 'verified' });
    return here().domains.one(one.id);
  };
  const stateOf = async ({ id }: OrganizationDomain) => (await here().domains.one(id)).state;
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
  const answer = (
    id: string,
    who: string,
    answer: 'confirm' | 'decline' = 'confirm',
    own: readonly string[] = [],
  ): Promise<HandoverAnswered> =>
    here().domains.answer({ id, answer, reason: 'Acte de cession.', person: here().operator(who, own) });

  const codeOrOutcome = (work: Promise<{ readonly outcome: string }>): Promise<unknown> =>
    work.then(
      ({ outcome }) => outcome,
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );
  return { claim, publish, check, verified, stateOf, codeOf, answer, codeOrOutcome };
}
