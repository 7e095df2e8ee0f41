import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { actorReference, appendAudit, rowsNow } from '../audit/audit.ts';
import type { AuditActor, RowDigest } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { inOneLine } from '../http/http.ts';
import { actedFor } from '../identity/identity.ts';
import { guestsOf, leaveGuests, lockSponsors } from '../invitations/invitations.ts';
import type { GuestsGone, TakingOver } from '../invitations/invitations.ts';
import { queueMail } from '../mail/mail.ts';
import { representatives } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { memberMail } from './member-mail.ts';
import type { MembersNeeds } from './needs.ts';
import { readMember } from './rows.ts';
import type { Member } from './rows.ts';
import { refusalOf } from './rules.ts';
import type { MemberAct, MemberActor, MemberConcerned, MemberRefusal } from './rules.ts';
import { usesFor } from './uses.ts';

/** An audit actor who is one of those who may act on members. */
export type MemberAuthor = Extract<AuditActor, { kind: 'applicant' | 'operator' }>;

export interface MemberRequest {
  readonly act: MemberAct;
  readonly id: string;
  readonly siren: string;
  readonly actor: MemberAuthor;
  /** `version` of the member on the page from which the form comes. */
  readonly seen: number;
  readonly reason?: string | undefined;
  /** Ids of the invitations that the page showed as ending with the membership: no other one ends unseen. */
  readonly guests?: readonly string[] | undefined;
  /** Those whom a representative goes on inviting in the place of the member. */
  readonly takingOver?: TakingOver | undefined;
}

export const actsAs = (actor: MemberAuthor): MemberActor =>
  actor.kind === 'operator'
    ? { kind: 'operator', accountId: actor.accountId ?? '', sirens: actor.sirens ?? [] }
    : { kind: 'representative', accountId: actor.accountId };

/**
 * The same, for one organization: it is also that of an operator whose account filed for it, hence whoever represents it,
 * or has ever acted for it (identity/acted-for.ts). A sign-in says only for which organization it is.
 */
export async function actsFor(
  db: Kysely<Database>,
  actor: MemberAuthor,
  siren: string,
): Promise<MemberActor> {
  const acting = actsAs(actor);
  if (acting.kind !== 'operator' || !z.uuid().safeParse(acting.accountId).success) return acting;
  const { accountId, sirens } = acting;
  const acted = await actedFor(db, { accounts: [accountId], sirens: [siren] });
  const { rows } = await sql`
    select 1 from registration where account_id = ${accountId}::uuid and siren = ${siren} and stage <> 'draft'
    limit 1`.execute(db);
  return acted.length + rows.length === 0 ? acting : { ...acting, sirens: [...sirens, siren] };
}

export const concernedOf = ({ accountId, siren, state, revokedBy }: Member): MemberConcerned => ({
  accountId,
  siren,
  state,
  revokedByOperator: revokedBy?.startsWith('operator:') === true,
});

const codes: Readonly<Record<MemberRefusal, ErrorCode>> = {
  not_now: 'M-MEMB-002',
  oneself: 'M-MEMB-003',
  last_representative: 'M-MEMB-004',
  other_representative: 'M-MEMB-005',
  by_operator: 'M-MEMB-006',
  own_organization: 'M-FILE-005',
};

export const refused = (because: MemberRefusal, { id }: Pick<Member, 'id'>): BrokerError =>
  new BrokerError(codes[because], { detail: `membership ${id}: ${because}` });

export const unknownMember = (id: string): BrokerError =>
  new BrokerError('M-MEMB-001', { detail: `no membership ${id.slice(0, 40)} for this person` });

/** Whether the actor may act on members of the organization at all: an operator is judged by the console. */
function assertMay(actor: MemberAuthor, siren: string, represent: ReadonlySet<string>): void {
  if (actor.kind === 'applicant' && !represent.has(actor.accountId)) throw unknownMember(siren);
}

/**
 * Confirms, takes away or gives back a membership: row, mail and record in one transaction, one act at a time in an
 * organization, so that two representatives who leave at the same second do not leave it without one. Everything is judged
 * again in it. With a membership that is taken away the guests of the person for this organization end, or change hands; none
 * comes back with one that is given back.
 *
 * @throws BrokerError M-MEMB-001 (not theirs), M-MEMB-002 (the page is not true any more), those of `refusalOf`, and those of
 * `leaveGuests`
 */
export async function changeMember(needs: MembersNeeds, request: MemberRequest): Promise<Member> {
  const { act, id, siren, actor } = request;
  const at = needs.clock();
  const organization = (await needs.organizationName(siren)) ?? siren;
  const done = await needs.db.transaction().execute(async (trx) => {
    const key = `membership ${siren}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
    const represent = new Set((await representatives(trx, at, { siren })).map(({ accountId }) => accountId));
    assertMay(actor, siren, represent);
    // Accounts before memberships, as an erasure does.
    const found = act === 'confirm' ? undefined : await readMember(trx, at, { id, siren });
    const taker = request.takingOver?.sponsor.accountId;
    if (found !== undefined)
      await lockSponsors(trx, [found.accountId, ...(taker === undefined ? [] : [taker])]);
    const member = await readMember(trx, at, { id, siren }, 'wait');
    if (member === undefined) throw unknownMember(id);
    if (member.version !== request.seen) throw refused('not_now', member);
    const because = refusalOf(act, await actsFor(trx, actor, siren), concernedOf(member), represent);
    if (because !== undefined) throw refused(because, member);
    await assertGuestsSeen(trx, at, member, request);
    await write(trx, at, member, request);
    const uses = (
      await usesFor({ db: trx, snapshot: needs.snapshot(), now: at }, siren, member.accountId)
    ).get(member.accountId);
    // Without a name: the entry is about the member, and outlives what is kept of whoever represented.
    const author: AuditActor =
      actor.kind === 'applicant' ? { kind: 'account', accountId: actor.accountId } : actor;
    const { accountId } = member;
    const guests =
      act === 'confirm'
        ? nobody
        : await leaveGuests(trx, needs, at, {
            accountId,
            siren,
            actor: author,
            takingOver: act === 'revoke' ? request.takingOver : undefined,
          });
    if (act !== 'confirm' && member.email !== '') {
      const mail = memberMail(act, member, { organization, guests: guests.ended.length });
      await queueMail(trx, at, [mail], needs.randomId);
    }
    await appendAudit(trx, at, [
      {
        act: `member.${act}`,
        subject: `account:${accountId}`,
        actor: author,
        reason: request.reason === undefined ? undefined : inOneLine(request.reason),
        before: { siren, state: member.state },
        after: {
          siren,
          state: { confirm: 'confirmed', revoke: 'revoked', restore: 'unconfirmed' }[act],
          ...(act === 'revoke' && uses !== undefined ? { ended: uses } : {}),
          ...(guests.ended.length > 0 ? { guestsEnded: guests.ended.map((one) => one.id) } : {}),
          ...(guests.takenOver.length > 0 ? { guestsTakenOver: guests.takenOver.map((one) => one.id) } : {}),
        },
        rows: await membershipRow(trx, member.id, act),
      },
    ]);
    return { member, guests };
  });
  const { member, guests } = done;
  if (act === 'confirm') return member;
  needs.onChanged(member.accountId);
  needs.onCommit?.();
  await needs.inviting.settle(guests);
  if (act === 'restore') return member;
  try {
    await needs.onRevoked(member.accountId);
  } catch (error) {
    // It is over all the same: each use asks, and the watch tells the tools.
    needs.logger.error(
      { event: 'member.revoked', err: error },
      'tools were not told that a membership ended',
    );
  }
  return member;
}

/** What was taken away stays as long as the account; the rest goes a year after the last sign-in (purge.ts). */
async function membershipRow(
  trx: Kysely<Database>,
  id: string,
  act: MemberAct,
): Promise<readonly RowDigest[]> {
  const rows = await rowsNow(trx, [{ table: 'membership', key: id }]);
  return act === 'revoke' ? rows : rows.map((row) => ({ ...row, mayGo: true }));
}

const nobody: GuestsGone = { ended: [], takenOver: [] };

/** @throws BrokerError M-MEMB-002 when the person has invited somebody since, or a guest to take over has left */
async function assertGuestsSeen(
  trx: Kysely<Database>,
  at: Date,
  member: Member,
  { act, siren, guests, takingOver }: MemberRequest,
): Promise<void> {
  if (act !== 'revoke' || (guests === undefined && takingOver === undefined)) return;
  const now = (await guestsOf(trx, at, { accountId: member.accountId, siren })).map(({ id }) => id);
  const isUnseen = guests !== undefined && now.some((id) => !guests.includes(id));
  const isGone = takingOver?.ids.some((id) => !now.includes(id)) === true;
  if (isUnseen || isGone) throw refused('not_now', member);
}

async function write(
  trx: Kysely<Database>,
  at: Date,
  { id }: Member,
  { act, actor, reason = '' }: MemberRequest,
): Promise<void> {
  const by = actorReference(actor);
  const change = {
    confirm: { confirmed_at: at, confirmed_by: by },
    revoke: {
      revoked_at: at,
      revoked_by: by,
      revoked_reason: inOneLine(reason),
      confirmed_at: null,
      confirmed_by: null,
    },
    // Given back, not confirmed: that is said once the person is seen at work again.
    restore: { revoked_at: null, revoked_by: null, revoked_reason: null },
  }[act];
  await trx
    .updateTable('membership')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}
