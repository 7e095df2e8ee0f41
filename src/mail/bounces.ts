import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Fingerprints } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import type { DeliveryFailure } from './delivery-status.ts';

/** Days for which it is known that an address bounced. */
const bounceDays = 90;
const day = 24 * 3600 * 1000;

export interface Bounce {
  readonly at: Date;
  /** '550', '550 5.1.1', '5.1.1'. */
  readonly code: string;
}
const rowsSchema = z.array(z.object({ at: z.date(), code: z.string() }));

/** That an address, or a mail to it, was refused for good: known of an address, told of nobody. */
export interface Bounces {
  /** @param bounce.code as the mail server says (RFC 5321 §4.2, RFC 3463) */
  readonly note: (
    db: Kysely<Database>,
    at: Date,
    bounce: { readonly address: string; readonly code: string },
  ) => Promise<void>;
  /** Of one address, the newest first. */
  readonly of: (db: Kysely<Database>, address: string) => Promise<readonly Bounce[]>;
  /** @returns how many */
  readonly erase: (trx: Kysely<Database>, address: string) => Promise<number>;
}

/** Purpose of the fingerprints: `createFingerprints(config.encryptionKeys, bouncePurpose)`. */
export const bouncePurpose = 'bounced addresses';

export function createBounces(fingerprints: Fingerprints): Bounces {
  // Mail servers compare domains without case, and nearly all of them local parts too.
  const digests = (address: string) => fingerprints(address.toLowerCase());
  return {
    async note(db, at, { address, code }) {
      const [digest = null] = digests(address);
      await db
        .insertInto('mail_bounce')
        .values({ id: randomUUID(), address_hmac: digest, at, code })
        .execute();
    },
    async of(db, address) {
      const { rows } = await sql`
        select at, code from mail_bounce where address_hmac = any(${digests(address)}::text[])
        order by at desc limit 100`.execute(db);
      return rowsSchema.parse(rows);
    },
    async erase(trx, address) {
      const gone = await sql`
        delete from mail_bounce where address_hmac = any(${digests(address)}::text[])`.execute(trx);
      return Number(gone.numAffectedRows ?? 0);
    },
  };
}

const givenUpSchema = z.array(z.object({ id: z.string(), recipient: z.string(), about: z.string() }));

/**
 * A mail server that had taken a mail says later that it could not deliver it: the mail counts as given up, and its address as one
 * that bounces. Of a mail that this house has sent to that very recipient, within the 30 days for which it is kept, once.
 *
 * @returns number of the mail and what it was about; undefined: no such mail, or known already
 */
export async function noteDeliveryFailure(
  trx: Kysely<Database>,
  at: Date,
  { envelope, recipients, code }: DeliveryFailure,
  bounces: Bounces,
): Promise<{ readonly id: string; readonly about: string } | undefined> {
  const { rows } = await sql`
    update mail set given_up_at = ${at}::timestamptz, last_problem = ${`later: ${code ?? 'not delivered in time'}`}
    where envelope_id = ${envelope}::uuid and lower(recipient) = any(${recipients}::text[])
      and sent_at is not null and given_up_at is null
    returning id::text as id, recipient, about`.execute(trx);
  const [found] = givenUpSchema.parse(rows);
  if (found === undefined) return undefined;
  if (code !== undefined) await bounces.note(trx, at, { address: found.recipient, code });
  return { id: found.id, about: found.about };
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
