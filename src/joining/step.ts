import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { actorReference, appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { inOneLine } from '../http/http.ts';
import type { Database } from '../storage/storage.ts';
import { transition } from './lifecycle.ts';
import type { JoinAct, JoinActor, JoinRefusal } from './lifecycle.ts';
import { openOf, readOne } from './rows.ts';
import type { Joined } from './rows.ts';

/** What there is not yet. */
export type NewJoined = Pick<Joined, 'accountId' | 'siren' | 'siret' | 'rule'> & {
  readonly givenName: string;
  readonly usualName: string;
  readonly address: string | undefined;
};

export interface Step {
  readonly act: JoinAct;
  readonly actor: JoinActor;
  readonly author: AuditActor;
  /** Rule that led here, and why: evidence. */
  readonly rule?: string | undefined;
  readonly reasons?: readonly string[] | undefined;
  /** Account of whoever invited the one who acts; not in the record, which is about the other and goes with their export. */
  readonly voucher?: string | undefined;
  /** As somebody wrote it. */
  readonly answer?: string | undefined;
  readonly change?:
    Partial<Pick<Joined, 'siret' | 'address' | 'contact' | 'message' | 'sponsor' | 'file'>> | undefined;
}

const codes = {
  not_now: 'M-JOIN-002',
  not_theirs: 'M-JOIN-001',
  oneself: 'M-JOIN-003',
  own_organization: 'M-FILE-005',
  external_without_end: 'M-JOIN-010',
} as const satisfies Record<JoinRefusal, string>;

export const refused = (because: JoinRefusal, about: string): BrokerError =>
  new BrokerError(codes[because], { detail: `${about}: ${because}` });
export const unknownJoined = (id: string): BrokerError =>
  new BrokerError('M-JOIN-001', { detail: `no such membership ${id.slice(0, 40)}` });

/** One act at a time between a person and an organization: two browsers of one person are two writers. */
export async function lockJoining(
  trx: Kysely<Database>,
  { accountId, siren }: { readonly accountId: string; readonly siren: string },
): Promise<void> {
  const key = `joining ${accountId} ${siren}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(trx);
  // An erasure under way has the account: what follows would be of nobody.
  await sql`select 1 from account where id = ${accountId}::uuid for share`.execute(trx);
}

const seqSchema = z.object({ seq: z.coerce.number() });

/**
 * Does one act: row, evidence and entry of the record, in the caller's transaction, under `lockJoining`.
 *
 * @throws BrokerError M-JOIN-001, M-JOIN-002, M-JOIN-003, M-JOIN-010, M-FILE-005
 */
export async function step(
  trx: Kysely<Database>,
  needs: { readonly clock: () => Date; readonly randomId: () => string },
  from: Joined | NewJoined,
  { act, actor, author, rule, reasons = [], voucher, answer, change = {} }: Step,
): Promise<Joined> {
  const at = needs.clock();
  const held = 'id' in from ? from : undefined;
  const done = transition(held, act, actor);
  if ('refused' in done) throw refused(done.refused, `${from.siren} ${act.act}`);
  const { standing } = done;
  const id = held?.id ?? needs.randomId();
  const activated = standing.state === 'active' && held?.state !== 'active';
  const proven = act.act === 'prove' || act.act === 'extend';
  const takes = proven && standing !== held;
  // A proof that does not count is written down, and changes nothing of what the membership rests on.
  const idle = act.act === 'prove' && !takes;
  const { siret, address, contact, message } = idle ? {} : change;
  const written = answer === undefined ? undefined : inOneLine(answer).slice(0, 500);
  const values = {
    siret: siret ?? from.siret,
    state: standing.state,
    ended: standing.ended ?? null,
    level: standing.level ?? null,
    method: standing.method ?? null,
    until: standing.until ?? null,
    is_external: standing.external,
    since: activated ? at : (held?.since ?? null),
    verified_at: takes ? at : (held?.verifiedAt ?? null),
    sponsor_account_id: takes ? (change.sponsor ?? null) : (held?.sponsor ?? null),
    file: takes ? (change.file ?? null) : (held?.file ?? null),
    rule: idle ? from.rule : (rule ?? from.rule),
    address: address ?? from.address ?? null,
    contact: contact ?? held?.contact ?? null,
    message: message ?? held?.message ?? null,
    answer: written ?? held?.answer ?? null,
    changed_at: at,
    version: (held?.version ?? 0) + 1,
  };
  if (held === undefined) {
    const { accountId, siren, givenName, usualName } = 'id' in from ? unreachable() : from;
    const names = { given_name: givenName || null, usual_name: usualName || null };
    await trx
      .insertInto('joined_membership')
      .values({ id, account_id: accountId, siren, ...names, ...values, asked_at: at })
      .execute();
  } else await trx.updateTable('joined_membership').set(values).where('id', '=', id).execute();
  const last =
    await sql`select coalesce(max(seq), 0) as seq from joining_event where membership_id = ${id}::uuid`.execute(
      trx,
    );
  await trx
    .insertInto('joining_event')
    .values({
      membership_id: id,
      seq: seqSchema.parse(last.rows[0]).seq + 1,
      at,
      act: act.act,
      actor: actorReference(author),
      method: act.act === 'prove' || act.act === 'extend' ? act.method : null,
      rule: rule ?? null,
      vouched_by: voucher === undefined ? null : `account:${voucher}`,
      detail: JSON.stringify({ reasons, level: standing.level, until: standing.until, siret: values.siret }),
    })
    .execute();
  await appendAudit(trx, at, [
    {
      act: `joining.${act.act}`,
      subject: `account:${from.accountId}`,
      // Without a name: the entry is about whoever joins, and outlives what is kept of whoever represented.
      actor: author.kind === 'applicant' ? { kind: 'account', accountId: author.accountId } : author,
      reason: written,
      before: { siren: from.siren, state: held?.state },
      after: {
        siren: from.siren,
        state: standing.ended ?? standing.state,
        ...(standing.level === undefined ? {} : { level: standing.level, method: standing.method }),
        ...(rule === undefined ? {} : { rule }),
      },
    },
  ]);
  const now = await readOne(trx, id);
  if (now === undefined) throw unknownJoined(id);
  return now;
}

const unreachable = (): never => {
  throw new TypeError('what is held is not new');
};

/** What is open between them now, the lock held. */
export async function lockedOpen(
  trx: Kysely<Database>,
  about: { readonly accountId: string; readonly siren: string },
): Promise<Joined | undefined> {
  await lockJoining(trx, about);
  return openOf(trx, about);
}
