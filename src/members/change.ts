import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { actorReference, appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { inOneLine } from '../http/http.ts';
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
}

export const actsAs = (actor: MemberAuthor): MemberActor =>
  actor.kind === 'operator'
    ? { kind: 'operator', accountId: actor.accountId ?? '', sirens: actor.sirens ?? [] }
    : { kind: 'representative', accountId: actor.accountId };

/**
 * The same, for one organization: it is also that of an operator whose account filed for it, hence whoever represents it,
 * or has ever acted for it, were it taken away since. A sign-in says only for which organization it is.
 */
export async function actsFor(
  db: Kysely<Database>,
  actor: MemberAuthor,
  siren: string,
): Promise<MemberActor> {
  const acting = actsAs(actor);
  if (acting.kind !== 'operator' || !z.uuid().safeParse(acting.accountId).success) return acting;
  const { accountId, sirens } = acting;
  const { rows } = await sql`
    select 1 from membership where account_id = ${accountId}::uuid and siren = ${siren}
    union all
    select 1 from registration where account_id = ${accountId}::uuid and siren = ${siren} and stage <> 'draft'
    limit 1`.execute(db);
  return rows.length === 0 ? acting : { ...acting, sirens: [...sirens, siren] };
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
 * again in it.
 *
 * @throws BrokerError M-MEMB-001 (not theirs), M-MEMB-002 (the page is not true any more), and those of `refusalOf`
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
    const member = await readMember(trx, at, { id, siren }, 'wait');
    if (member === undefined) throw unknownMember(id);
    if (member.version !== request.seen) throw refused('not_now', member);
    const because = refusalOf(act, await actsFor(trx, actor, siren), concernedOf(member), represent);
    if (because !== undefined) throw refused(because, member);
    await write(trx, at, member, request);
    const uses = (
      await usesFor({ db: trx, snapshot: needs.snapshot(), now: at }, siren, member.accountId)
    ).get(member.accountId);
    if (act !== 'confirm' && member.email !== '')
      await queueMail(trx, at, [memberMail(act, member, organization)], needs.randomId);
    await appendAudit(trx, at, [
      {
        act: `member.${act}`,
        subject: `account:${member.accountId}`,
        // Without a name: the entry is about the member, and outlives what is kept of whoever represented.
        actor: actor.kind === 'applicant' ? { kind: 'account', accountId: actor.accountId } : actor,
        reason: request.reason === undefined ? undefined : inOneLine(request.reason),
        before: { siren, state: member.state },
        after: {
          siren,
          state: { confirm: 'confirmed', revoke: 'revoked', restore: 'unconfirmed' }[act],
          ...(act === 'revoke' && uses !== undefined ? { ended: uses } : {}),
        },
      },
    ]);
    return member;
  });
  if (act === 'confirm') return done;
  needs.onChanged(done.accountId);
  needs.onCommit?.();
  if (act === 'restore') return done;
  try {
    await needs.onRevoked(done.accountId);
  } catch (error) {
    // It is over all the same: each use asks, and the watch tells the tools.
    needs.logger.error(
      { event: 'member.revoked', err: error },
      'tools were not told that a membership ended',
    );
  }
  return done;
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
