import type { Kysely } from 'kysely';
import { actorReference, appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { isMembershipRevoked } from '../identity/identity.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import { guestFacts, renewedMail, revokedMail } from './guest-mail.ts';
import { invitationRow } from './invitation-row.ts';
import { actorOf, countOf, lockGuest, lockSponsor } from './invite.ts';
import type { InvitingNeeds, MayInvite, Sponsor } from './needs.ts';
import { isInvitationId, readInvitations } from './rows.ts';
import type { InvitationKept } from './rows.ts';
import { comparedAddress, mostInvitations, renewalProblem } from './rules.ts';
import type { InvitationProblem } from './rules.ts';

export type Renewed =
  { readonly kind: 'done' } | { readonly kind: 'problems'; readonly problems: readonly InvitationProblem[] };

/**
 * A later end, for the same person at the same service; one that is over begins again. The sponsor still has to be one
 * who may invite there.
 *
 * @throws BrokerError M-GUES-001 (not one of theirs), M-GUES-002 (may not invite there), M-GUES-003 (taken back)
 */
export async function renew(
  needs: InvitingNeeds,
  {
    id,
    sponsor,
    endsOn,
    services,
  }: {
    readonly id: string;
    readonly sponsor: Sponsor;
    readonly endsOn: string;
    readonly services: readonly MayInvite[];
  },
): Promise<Renewed> {
  const at = needs.clock();
  const today = parisDate(at);
  const done = await needs.db.transaction().execute(async (trx): Promise<Renewed & { address?: string }> => {
    await lockSponsor(trx, sponsor.accountId);
    const { service, address: guest } = await own(trx, at, id, sponsor.accountId);
    // In the order of invite(), which locks the rows it replaces: nobody prolongs what another invitation replaces.
    await lockGuest(trx, { service, address: comparedAddress(guest) });
    const kept = await locked(trx, at, id, sponsor.accountId);
    if (kept.state === 'revoked' || kept.state === 'halted') throw ended(kept);
    // One that is over would begin again for an organization for which the sponsor acts no more.
    if (await isMembershipRevoked(trx, sponsor.accountId, kept.sponsor.siret.slice(0, 9))) throw ended(kept);
    if (!services.some(({ service }) => service === kept.service)) throw notThere(kept.service);
    const renewedOn = kept.renewedAt === undefined ? undefined : parisDate(kept.renewedAt);
    const problem = renewalProblem(endsOn.trim(), today, { endsOn: kept.endsOn, renewedOn });
    if (problem !== undefined) return { kind: 'problems', problems: [problem] };
    if (kept.state === 'over' && (await countOf(trx, sponsor.accountId, at)) >= mostInvitations) {
      return { kind: 'problems', problems: [{ field: 'until', words: 'too_many' }] };
    }
    await trx
      .updateTable('invitation')
      .set({ ends_on: endsOn.trim(), renewed_at: at })
      .where('id', '=', kept.id)
      .execute();
    await queueMail(
      trx,
      at,
      [renewedMail({ ...guestFacts(needs, kept), endsOn: endsOn.trim() })],
      needs.randomId,
    );
    await appendAudit(trx, at, [
      {
        act: 'invitation.renew',
        subject: `invitation:${kept.id}`,
        actor: actorOf(sponsor),
        before: { endsOn: kept.endsOn },
        after: { endsOn: endsOn.trim() },
        rows: await invitationRow(trx, kept.id),
      },
    ]);
    return { kind: 'done', address: comparedAddress(kept.address) };
  });
  if (done.address !== undefined) needs.onChanged(done.address);
  if (done.kind === 'done') needs.onCommit?.();
  return done;
}

/**
 * Takes an invitation back: by its sponsor, who needs no right for that any more, or by an operator.
 *
 * @throws BrokerError M-GUES-001 (not one of the sponsor's), M-GUES-003 (ended already)
 */
export async function revoke(
  needs: InvitingNeeds,
  {
    id,
    by,
    reason,
  }: {
    readonly id: string;
    readonly by: { readonly sponsor: Sponsor } | { readonly operator: AuditActor };
    readonly reason?: string | undefined;
  },
): Promise<void> {
  const at = needs.clock();
  const actor = 'sponsor' in by ? actorOf(by.sponsor) : by.operator;
  const kept = await needs.db.transaction().execute(async (trx) => {
    const found = await locked(trx, at, id, 'sponsor' in by ? by.sponsor.accountId : undefined);
    if (found.state === 'revoked' || found.state === 'over') throw ended(found);
    await trx
      .updateTable('invitation')
      .set({ revoked_at: at, revoked_by: actorReference(actor) })
      .where('id', '=', found.id)
      .execute();
    await queueMail(trx, at, [revokedMail(guestFacts(needs, found), 'sponsor' in by)], needs.randomId);
    await appendAudit(trx, at, [
      {
        act: 'invitation.revoke',
        subject: `invitation:${found.id}`,
        actor,
        reason,
        before: { service: found.service, address: comparedAddress(found.address), endsOn: found.endsOn },
        after: { revoked: true },
        rows: await invitationRow(trx, found.id),
      },
    ]);
    return found;
  });
  const address = comparedAddress(kept.address);
  needs.onChanged(address);
  needs.onCommit?.();
  try {
    await needs.onEnded({ address, service: kept.service });
  } catch (error) {
    // It is over all the same: each use asks, and the watch tells the tools.
    needs.logger.error(
      { event: 'invitation.ended', err: error },
      'tools were not told that an invitation ended',
    );
  }
}

/** @throws BrokerError as `own` */
async function locked(
  trx: Kysely<Database>,
  at: Date,
  id: string,
  accountId: string | undefined,
): Promise<InvitationKept> {
  if (isInvitationId(id))
    await trx.selectFrom('invitation').select('id').where('id', '=', id).forUpdate().execute();
  return own(trx, at, id, accountId);
}

/** @throws BrokerError M-GUES-001, with the same answer for what does not exist and for what is somebody else's */
async function own(
  trx: Kysely<Database>,
  at: Date,
  id: string,
  accountId: string | undefined,
): Promise<InvitationKept> {
  const [kept] = isInvitationId(id) ? await readInvitations(trx, at, { id, accountId }) : [];
  if (kept === undefined) throw unknown(id);
  return kept;
}

export const unknown = (id: string): BrokerError =>
  new BrokerError('M-GUES-001', { detail: `no invitation ${id.slice(0, 40)} for this account` });
export const notThere = (service: string): BrokerError =>
  new BrokerError('M-GUES-002', { detail: `may not invite to ${service.slice(0, 40)}` });
const ended = ({ id, state }: InvitationKept): BrokerError =>
  new BrokerError('M-GUES-003', { detail: `invitation ${id} is ${state}` });
