import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';

/** Days for which it is known that an address bounced. */
export const bounceDays = 90;
const day = 24 * 3600 * 1000;

/** Mail servers compare domains without case, and nearly all of them local parts too. */
const digest = (address: string): string => createHash('sha256').update(address.toLowerCase()).digest('hex');

/** An address, or a mail to it, was refused for good. @param code '550', '550 5.1.1' */
export async function recordBounce(
  db: Kysely<Database>,
  at: Date,
  { address, code }: { readonly address: string; readonly code: string },
): Promise<void> {
  await db
    .insertInto('mail_bounce')
    .values({ id: randomUUID(), address_sha256: digest(address), at, code })
    .execute();
}

export interface Bounce {
  readonly at: Date;
  readonly code: string;
}
const rowsSchema = z.array(z.object({ at: z.date(), code: z.string() }));

/** Of one address, the newest first. */
export async function bouncesOf(db: Kysely<Database>, address: string): Promise<readonly Bounce[]> {
  const { rows } = await sql`
    select at, code from mail_bounce where address_sha256 = ${digest(address)} order by at desc limit 100`.execute(
    db,
  );
  return rowsSchema.parse(rows);
}

/** @returns how many */
export async function eraseBounces(trx: Kysely<Database>, address: string): Promise<number> {
  const gone = await sql`delete from mail_bounce where address_sha256 = ${digest(address)}`.execute(trx);
  return Number(gone.numAffectedRows ?? 0);
}

/** @returns how many */
export async function purgeBounces(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - bounceDays * day);
  const gone = await sql`
    delete from mail_bounce where id in (
      select id from mail_bounce where at <= ${before}::timestamptz
      order by at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(gone.numAffectedRows ?? 0);
}

/** What does not arrive, in figures: no mail and no address is told. */
export interface MailHealth {
  /** Refused for good by a mail server, and given up for whatever reason, within 30 days. */
  readonly bounced: number;
  readonly givenUp: number;
  /** Tried at least once without success, and to be tried again. */
  readonly retrying: number;
}
const healthSchema = z.object({ bounced: z.int(), given_up: z.int(), retrying: z.int() });

export async function mailHealth(db: Kysely<Database>, now: Date): Promise<MailHealth> {
  const since = new Date(now.getTime() - 30 * day);
  const { rows } = await sql`
    select
      (select count(*)::int from mail_bounce where at > ${since}::timestamptz) as bounced,
      (select count(*)::int from mail where given_up_at > ${since}::timestamptz) as given_up,
      (select count(*)::int from mail
        where next_attempt_at is not null and attempts > 0 and last_problem is not null) as retrying`.execute(
    db,
  );
  const { bounced, given_up: givenUp, retrying } = healthSchema.parse(rows.at(0));
  return { bounced, givenUp, retrying };
}
