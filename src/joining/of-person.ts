import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { readJoined } from './rows.ts';
import type { Joined } from './rows.ts';

export interface JoiningEvidence {
  readonly at: Date;
  readonly act: string;
  readonly method: string | undefined;
  readonly rule: string | undefined;
  readonly detail: unknown;
}

const eventsSchema = z.array(
  z.object({
    at: z.date(),
    act: z.string(),
    method: z.string().nullable(),
    rule: z.string().nullable(),
    detail: z.string(),
  }),
);

/** All that there is between one account and organizations, the newest first. */
export const joinedOf = (db: Kysely<Database>, accountId: string): Promise<readonly Joined[]> =>
  readJoined(
    db,
    sql`where account_id = ${accountId}::uuid order by (state = 'ended'), changed_at desc limit 200`,
  );

/** Who acted is somebody else: left out (GDPR art. 15(4)). */
export async function evidenceOf(db: Kysely<Database>, id: string): Promise<readonly JoiningEvidence[]> {
  const rows = await db
    .selectFrom('joining_event')
    .select(['at', 'act', 'method', 'rule', 'detail'])
    .where('membership_id', '=', id)
    .orderBy('seq')
    .execute();
  return eventsSchema.parse(rows).map(({ method, rule, detail, ...one }) => ({
    ...one,
    method: method ?? undefined,
    rule: rule ?? undefined,
    detail: JSON.parse(detail) as unknown,
  }));
}

/**
 * An erasure: nothing is joined any more, and nobody was invited to it. A refusal and a revocation keep their row without a name,
 * as long as the account does: without it whoever was refused would only have to ask for an erasure.
 */
export async function eraseJoined(
  trx: Kysely<Database>,
  at: Date,
  { accountId, address }: { readonly accountId: string; readonly address: string | undefined },
): Promise<void> {
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
    delete from joining_invitation where sponsor_account_id = ${accountId}::uuid or accepted_by = ${accountId}::uuid
      or address = ${address ?? ''}`.execute(trx);
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
  return [gone, forgotten, invitations].reduce((sum, one) => sum + Number(one.numAffectedRows ?? 0), 0);
}
