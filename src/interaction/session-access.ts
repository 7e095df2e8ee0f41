import { BrokerError } from '../errors/errors.ts';
import { chosenMembership, withDemandedLevel } from '../provider/provider.ts';
import type { Access, SessionRecord } from '../provider/provider.ts';
import type { Current } from './current.ts';
import type { InteractionNeeds } from './needs.ts';

/** The session behind this interaction. @throws BrokerError M-OIDC-004 when it has ended meanwhile */
export async function sessionOf(current: Current, needs: InteractionNeeds): Promise<SessionRecord> {
  const uid = current.interaction.session?.uid;
  const record = uid === undefined ? undefined : await needs.identities.ofSession(uid);
  if (record === undefined || record.signIn.accountId !== current.interaction.session?.accountId) {
    throw new BrokerError('M-OIDC-004', { detail: 'the session of this interaction has ended' });
  }
  return record;
}

/** What is decided now for the person of this session and the organization chosen, at the level that the tool demands; undefined before a choice. */
export async function sessionAccess(current: Current, needs: InteractionNeeds): Promise<Access | undefined> {
  const { signIn, ...record } = await sessionOf(current, needs);
  const { client } = current;
  const membership = chosenMembership({ signIn, ...record }, client.client_id);
  if (membership === undefined) return undefined;
  const access = await needs.accessOf(undefined, { client, signIn, membership });
  return withDemandedLevel(access, current.interaction.params);
}
