import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { actorReference, appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import { endedMail, guestFacts, takenOverMail } from './guest-mail.ts';
import { invitationRow, invitationRows } from './invitation-row.ts';
import { actorOf, countOf, lockGuest, nameOf } from './invite.ts';
import type { InvitingNeeds, MayInvite, Sponsor } from './needs.ts';
import { readInvitations } from './rows.ts';
import type { InvitationKept } from './rows.ts';
import { comparedAddress, takeOverRefusal } from './rules.ts';

/*
 * What becomes of the guests whom somebody invited for a legal unit, once they act for it no more: they end with it, unless
 * somebody else who may invite there takes them over.
 */

/** Whoever takes guests over, and where they may invite: judged by the caller, for the organization that invited. */
export interface TakingOver {
  readonly sponsor: Sponsor;
  readonly services: readonly MayInvite[];
  /** Ids of the invitations. */
  readonly ids: readonly string[];
}

export interface GuestsGone {
  readonly ended: readonly InvitationKept[];
  /** As they were; each has another invitation in its place. */
  readonly takenOver: readonly InvitationKept[];
}

/** Those that would go on after today, soonest end first. One that is halted would begin again some day. */
export const guestsOf = async (
  db: Kysely<Database>,
  now: Date,
  { accountId, siren }: { readonly accountId: string; readonly siren: string },
): Promise<readonly InvitationKept[]> =>
  (await readInvitations(db, now, { accountId, sirens: [siren], limit: 1_000 })).filter(
    ({ state }) => state === 'open' || state === 'halted',
  );

/**
 * Nobody invites meanwhile for one of these accounts. Weaker than what inviting takes, which waits for it: a sign-in that
 * writes down a membership of the account goes on.
 */
export async function lockSponsors(trx: Kysely<Database>, accountIds: readonly string[]): Promise<void> {
  for (const id of [...new Set(accountIds)].toSorted())
    await sql`select id from account where id = ${id}::uuid for no key update`.execute(trx);
}

/**
 * In the transaction that takes the membership away, after `lockSponsors`. Rows, mails and record; whoever commits then
 * has `Inviting.settle` tell the tools.
 *
 * @throws BrokerError M-GUES-001 (no guest of theirs), M-GUES-002 (may not invite there), M-GUES-004 (too many)
 */
export async function leaveGuests(
  trx: Kysely<Database>,
  needs: Pick<InvitingNeeds, 'snapshot' | 'randomId'>,
  at: Date,
  gone: {
    readonly accountId: string;
    readonly siren: string;
    readonly actor: AuditActor;
    readonly takingOver?: TakingOver | undefined;
  },
): Promise<GuestsGone> {
  const guests = await guestsOf(trx, at, gone);
  const { takingOver } = gone;
  const ids = new Set(takingOver?.ids);
  const foreign = [...ids].find((id) => guests.every((guest) => guest.id !== id));
  if (foreign !== undefined) throw new BrokerError('M-GUES-001', { detail: `taken over: ${foreign}` });
  const takenOver = guests.filter(({ id }) => ids.has(id));
  const ended = guests.filter(({ id }) => !ids.has(id));
  if (takingOver !== undefined) await takeOver(trx, needs, at, takenOver, takingOver);
  if (ended.length === 0) return { ended, takenOver };
  await trx
    .updateTable('invitation')
    .set({ revoked_at: at, revoked_by: actorReference(gone.actor) })
    .where(
      'id',
      'in',
      ended.map(({ id }) => id),
    )
    .where('revoked_at', 'is', null)
    .execute();
  await queueMail(
    trx,
    at,
    ended.map((one) => endedMail(guestFacts(needs, one))),
    needs.randomId,
  );
  const rowsOf = await invitationRows(
    trx,
    ended.map(({ id }) => id),
  );
  const events = ended.map(({ id, service, address, endsOn }) => ({
    act: 'invitation.revoke',
    subject: `invitation:${id}`,
    actor: gone.actor,
    before: { service, address: comparedAddress(address), endsOn },
    after: { revoked: true, because: 'membership' },
    rows: rowsOf(id),
  }));
  await appendAudit(trx, at, events);
  return { ended, takenOver };
}

/** The same until the same day, by somebody else: the access goes on, and each sponsor has a row of their own. */
async function takeOver(
  trx: Kysely<Database>,
  needs: Pick<InvitingNeeds, 'snapshot' | 'randomId'>,
  at: Date,
  guests: readonly InvitationKept[],
  { sponsor, services }: TakingOver,
): Promise<void> {
  // In one order, whoever takes over: two who have guests in common wait, and do not stand in each other's way.
  const inOrder = guests.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  for (const guest of inOrder)
    await lockGuest(trx, { service: guest.service, address: comparedAddress(guest.address) });
  let count = await countOf(trx, sponsor.accountId, at);
  for (const guest of inOrder) {
    const here = services.find(({ service }) => service === guest.service);
    const refused = takeOverRefusal(guest, { sponsorEmail: sponsor.email, services, count });
    if (refused !== undefined || here === undefined)
      throw new BrokerError(refused === 'too_many' ? 'M-GUES-004' : 'M-GUES-002', {
        detail: `invitation ${guest.id} taken over: ${refused ?? 'service'}`,
      });
    count += 1;
    await trx.updateTable('invitation').set({ replaced_at: at }).where('id', '=', guest.id).execute();
    const id = needs.randomId();
    const by = { name: nameOf(sponsor), email: sponsor.email, organization: here.organization };
    await trx
      .insertInto('invitation')
      .values({
        id,
        service_id: guest.service,
        address: comparedAddress(guest.address),
        written_address: guest.address,
        sponsor_account_id: sponsor.accountId,
        sponsor_name: by.name,
        sponsor_email: by.email,
        sponsor_siret: here.siret,
        sponsor_organization: by.organization,
        reason: guest.reason,
        starts_on: parisDate(at),
        ends_on: guest.endsOn,
        created_at: at,
      })
      .execute();
    const mail = takenOverMail({ ...guestFacts(needs, guest), id, sponsor: by });
    await queueMail(trx, at, [mail], needs.randomId);
    await appendAudit(trx, at, [
      {
        act: 'invitation.take_over',
        subject: `invitation:${id}`,
        actor: actorOf(sponsor),
        before: { invitation: guest.id },
        after: {
          service: guest.service,
          address: comparedAddress(guest.address),
          siret: here.siret,
          endsOn: guest.endsOn,
        },
        rows: await invitationRow(trx, id),
      },
    ]);
  }
}

const keyOf = ({ service, address }: InvitationKept): string => `${service} ${comparedAddress(address)}`;
