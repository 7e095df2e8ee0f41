import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Fingerprints } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import { joinReasons } from './join-codes.ts';
import type { JoinReason } from './join-codes.ts';
import { keepRefusals } from './kept-refusals.ts';
import { readJoined } from './rows.ts';
import type { Joined } from './rows.ts';

/** One act on a membership, as it was written then. */
export interface JoiningEvidence {
  readonly at: Date;
  readonly act: string;
  readonly method: string | undefined;
  readonly rule: string | undefined;
  /** Why nothing stronger was found: those that this version has words for. */
  readonly reasons: readonly JoinReason[];
  /** JSON: reasons, level, last day. */
  readonly detail: unknown;
}

const eventsSchema = z.array(
  z.object({
    membership_id: z.string(),
    at: z.date(),
    act: z.string(),
    method: z.string().nullable(),
    rule: z.string().nullable(),
    detail: z.string(),
  }),
);
const detailSchema = z.object({ reasons: z.array(z.string()) }).catch({ reasons: [] });

/** All that there is between one account and organizations, the newest first. */
export const joinedOf = (db: Kysely<Database>, accountId: string): Promise<readonly Joined[]> =>
  readJoined(
    db,
    sql`where account_id = ${accountId}::uuid order by (state = 'ended'), changed_at desc limit 200`,
  );

/** Of each of these memberships, the oldest first. Who acted is somebody else: left out (GDPR art. 15(4)). */
export async function evidenceOf(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly JoiningEvidence[]>> {
  if (ids.length === 0) return new Map();
  const rows: unknown[] = await db
    .selectFrom('joining_event')
    .select(['membership_id', 'at', 'act', 'method', 'rule', 'detail'])
    .where('membership_id', 'in', [...ids])
    .orderBy('membership_id')
    .orderBy('seq')
    .execute();
  const found = eventsSchema.parse(rows).map(({ membership_id: id, method, rule, detail, at, act }) => {
    const read: unknown = JSON.parse(detail);
    const said = detailSchema.parse(read).reasons;
    const reasons = joinReasons.filter((reason) => said.includes(reason));
    return {
      id,
      one: { at, act, method: method ?? undefined, rule: rule ?? undefined, reasons, detail: read },
    };
  });
  return new Map([...Map.groupBy(found, ({ id }) => id)].map(([id, all]) => [id, all.map(({ one }) => one)]));
}

/**
 * An erasure: nothing is joined any more, and nobody was invited to it. A refusal and a revocation keep their row without a name,
 * as long as the account does, and their mark after it (kept-refusals.ts): without them whoever was refused would only have to ask
 * for an erasure. Before the identities of the account go.
 *
 * @param person with every address of theirs, in whatever spelling
 */
export async function eraseJoined(
  trx: Kysely<Database>,
  at: Date,
  person: { readonly accountId: string; readonly addresses: readonly string[] },
  fingerprints: Fingerprints,
): Promise<void> {
  const { accountId } = person;
  const addresses = person.addresses.map((address) => address.toLowerCase());
  await keepRefusals(trx, at, person, fingerprints);
  await sql`
    delete from joined_membership
    where account_id = ${accountId}::uuid and ended is distinct from 'refused' and ended is distinct from 'revoked'`.execute(
    trx,
  );
  await sql`
    update joined_membership set given_name = null, usual_name = null, address = null, message = null, answer = null
    where account_id = ${accountId}::uuid`.execute(trx);
  await sql`
    update joined_membership set state = 'ended', ended = 'expired', changed_at = ${at}::timestamptz, version = version + 1
    where sponsor_account_id = ${accountId}::uuid and state = 'active'`.execute(trx);
  await sql`
    update joined_membership set sponsor_account_id = null where sponsor_account_id = ${accountId}::uuid`.execute(
    trx,
  );
  await sql`
    update joining_event set vouched_by = null where vouched_by = ${`account:${accountId}`}`.execute(trx);
  await sql`
    delete from joining_invitation where sponsor_account_id = ${accountId}::uuid or accepted_by = ${accountId}::uuid
      or address = any(${addresses}::text[])`.execute(trx);
}

/** A year after their end, names and words go; another year, and the row goes. @returns how many */
export async function purgeJoined(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const ago = (days: number) => new Date(now.getTime() - days * 24 * 3600 * 1000);
  const gone = await sql`
    delete from joined_membership where id in (
      select id from joined_membership where state = 'ended' and changed_at < ${ago(2 * 365)}::timestamptz
      order by changed_at limit ${limit}::int for update skip locked)`.execute(db);
  const forgotten = await sql`
    update joined_membership set given_name = null, usual_name = null, address = null, message = null, answer = null
    where id in (
      select id from joined_membership where state = 'ended' and changed_at < ${ago(365)}::timestamptz
        and (given_name is not null or usual_name is not null or address is not null or message is not null or answer is not null)
      order by changed_at limit ${limit}::int for update skip locked)`.execute(db);
  const invitations = await sql`
    delete from joining_invitation where id in (
      select id from joining_invitation where expires_at < ${ago(30)}::timestamptz limit ${limit}::int)`.execute(
    db,
  );
  const refusals = await sql`
    delete from joining_refusal where (fingerprint, siren) in (
      select fingerprint, siren from joining_refusal where until <= ${now}::timestamptz limit ${limit}::int)`.execute(
    db,
  );
  return [gone, forgotten, invitations, refusals].reduce(
    (sum, one) => sum + Number(one.numAffectedRows ?? 0),
    0,
  );
}
