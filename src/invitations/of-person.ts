import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { actorReference, appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import { endedMail, guestFacts } from './guest-mail.ts';
import { invitationRows } from './invitation-row.ts';
import type { InvitingNeeds } from './needs.ts';
import { invitationDays } from './purge.ts';
import { comparedAddress } from './rules.ts';

/** An invitation that somebody sent or got, whatever became of it. */
export interface InvitationOfPerson {
  readonly id: string;
  readonly side: 'sent' | 'received';
  readonly service: string;
  /** In the letters of the sponsor. */
  readonly address: string;
  readonly sponsor: { readonly name: string; readonly email: string; readonly organization: string };
  readonly reason: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | undefined;
  readonly open: boolean;
  /** First civil day (Paris) on which it is no longer kept. */
  readonly until: string;
}

/** Who it is: an address counts only where its mailbox was proven. */
export interface GuestOrSponsor {
  readonly accountId: string | undefined;
  readonly address: string | undefined;
}

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    sent: z.boolean(),
    service_id: z.string(),
    written_address: z.string(),
    sponsor_name: z.string(),
    sponsor_email: z.string(),
    sponsor_organization: z.string(),
    reason: z.string(),
    starts_on: z.iso.date(),
    ends_on: z.iso.date(),
    created_at: z.date(),
    revoked_at: z.date().nullable(),
    replaced_at: z.date().nullable(),
  }),
);

/** The oldest first. */
export async function invitationsOfPerson(
  db: Kysely<Database>,
  now: Date,
  { accountId, address }: GuestOrSponsor,
): Promise<readonly InvitationOfPerson[]> {
  const today = parisDate(now);
  const compared = address === undefined ? null : comparedAddress(address);
  const { rows } = await sql`
    select id::text as id, coalesce(sponsor_account_id = ${accountId ?? null}::uuid, false) as sent, service_id,
      written_address, sponsor_name, sponsor_email, sponsor_organization, reason, starts_on, ends_on, created_at,
      revoked_at, replaced_at
    from invitation where sponsor_account_id = ${accountId ?? null}::uuid or address = ${compared}::text
    order by created_at, id`.execute(db);
  return rowsSchema.parse(rows).map((row) => {
    const open = row.revoked_at === null && row.replaced_at === null && row.ends_on >= today;
    const ends = [row.ends_on, ...[row.revoked_at, row.replaced_at].flatMap((at) => at ?? []).map(parisDate)];
    return {
      id: row.id,
      side: row.sent ? 'sent' : 'received',
      service: row.service_id,
      address: row.written_address,
      sponsor: { name: row.sponsor_name, email: row.sponsor_email, organization: row.sponsor_organization },
      reason: row.reason,
      startsOn: row.starts_on,
      endsOn: row.ends_on,
      createdAt: row.created_at,
      revokedAt: row.revoked_at ?? undefined,
      open,
      until: addDays(ends.toSorted()[0] ?? row.ends_on, invitationDays + 1),
    };
  });
}

/**
 * Ends what is open of somebody whose data is erased: those whom they had invited lose their sponsor, and are told; what
 * they were invited to themselves is over. Tools are told by the watch, after the commit. Rows stay for a year: whoever
 * opened an access, and to whom, has to be accounted for (GDPR art. 5(2), 32).
 */
export async function endInvitationsOf(
  trx: Kysely<Database>,
  needs: Pick<InvitingNeeds, 'snapshot' | 'randomId'>,
  at: Date,
  { actor, ...person }: GuestOrSponsor & { readonly actor: AuditActor },
): Promise<readonly InvitationOfPerson[]> {
  const all = await invitationsOfPerson(trx, at, person);
  const open = all.filter((one) => one.open);
  if (open.length === 0) return all;
  const ids = open.map(({ id }) => id);
  await trx
    .updateTable('invitation')
    .set({ revoked_at: at, revoked_by: actorReference(actor) })
    .where('id', 'in', ids)
    .where('revoked_at', 'is', null)
    .execute();
  const mails = open.filter(({ side }) => side === 'sent').map((one) => endedMail(guestFacts(needs, one)));
  await queueMail(trx, at, mails, needs.randomId);
  const rowsOf = await invitationRows(
    trx,
    open.map(({ id }) => id),
  );
  const events = open.map(({ id, endsOn }) => ({
    act: 'invitation.revoke',
    subject: `invitation:${id}`,
    actor,
    before: { endsOn },
    after: { revoked: true, because: 'erasure' },
    rows: rowsOf(id),
  }));
  await appendAudit(trx, at, events);
  return all;
}

export async function invitationsStillKept(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('invitation').select('id').where('id', 'in', ids).orderBy('id').execute();
  return rows.map(({ id }) => id);
}

/** Accounts that invited with this address. */
export async function accountsThatInvitedAs(
  db: Kysely<Database>,
  address: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct sponsor_account_id::text as id from invitation
    where lower(sponsor_email) = ${comparedAddress(address)} limit 50`.execute(db);
  return rows.map(({ id }) => id);
}
