import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import type { Bounces } from './bounces.ts';

/** A mail to somebody, as it is kept until 30 days after it left. */
export interface MailOfPerson {
  readonly subject: string;
  readonly about: string;
  readonly text: string;
  readonly createdAt: Date;
  readonly sentAt: Date | undefined;
}

const rowsSchema = z.array(
  z.object({
    subject: z.string(),
    about: z.string(),
    text: z.string(),
    created_at: z.date(),
    sent_at: z.date().nullable(),
  }),
);

/** To an address whose owner asks, the oldest first. */
export async function mailsTo(db: Kysely<Database>, address: string): Promise<readonly MailOfPerson[]> {
  const { rows } = await sql`
    select subject, about, text, created_at, sent_at from mail
    where lower(recipient) = ${address.toLowerCase()} order by created_at, id limit 1000`.execute(db);
  return rowsSchema.parse(rows).map(({ created_at: createdAt, sent_at: sentAt, ...mail }) => ({
    ...mail,
    createdAt,
    sentAt: sentAt ?? undefined,
  }));
}

/** Those that left, or were given up; what still waits tells something, and goes 30 days after. @returns how many */
export async function eraseMailsTo(
  trx: Kysely<Database>,
  address: string,
  bounces: Bounces,
): Promise<number> {
  const gone = await sql`
    delete from mail where lower(recipient) = ${address.toLowerCase()} and next_attempt_at is null`.execute(
    trx,
  );
  return Number(gone.numAffectedRows ?? 0) + (await bounces.erase(trx, address));
}
