import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { checkMail } from './check-mail.ts';
import { secretMs, wiped } from './secrets.ts';

export interface Mail {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** What it is about: 'registration:D-26-7K3QXWPB'. */
  readonly about: string;
  /** It carries a one-time code: its text is wiped once it is sent, and an hour after it was written in any case. */
  readonly secret?: boolean | undefined;
}

/** A mail that this process has claimed: nobody else sends it until `next_attempt_at`. */
export interface Claimed {
  readonly id: string;
  /** What it is sent with: whoever gets the mail does not know it. */
  readonly envelopeId: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly about: string;
  readonly created_at: Date;
  readonly secret: boolean;
  /** This one included. */
  readonly attempts: number;
}

/** What is written after an attempt. */
export interface Outcome {
  readonly sent_at: Date | null;
  readonly given_up_at: Date | null;
  readonly next_attempt_at: Date | null;
  readonly last_problem: string | null;
}

/** Seconds that a claim holds: more than all time limits of one sending together (send.ts). */
const claimSeconds = 120;
/** Days that a mail is kept once it was sent or given up. */
const keptDays = 30;
const day = 24 * 3600 * 1000;

/**
 * Writes mails in the caller's transaction: what a mail tells and the mail are both there, or neither.
 *
 * @returns their ids, in their order
 * @throws when an address or a subject could say more to a mail server than it should (check-mail.ts)
 */
export async function queueMail(
  trx: Kysely<Database>,
  at: Date,
  mails: readonly Mail[],
  randomId: () => string,
): Promise<readonly string[]> {
  if (mails.length === 0) return [];
  const ids = mails.map(() => randomId());
  await trx
    .insertInto('mail')
    .values(
      mails.map((mail, index) => {
        const { to, subject, text, html, about, secret = false } = checkMail(mail);
        return {
          id: ids[index] ?? randomId(),
          recipient: to,
          subject,
          text,
          html,
          about,
          secret,
          created_at: at,
          next_attempt_at: at,
        };
      }),
    )
    .execute();
  return ids;
}

/** Takes what is due, for this process alone, oldest first. */
export async function claimMails(
  db: Kysely<Database>,
  now: Date,
  limit: number,
): Promise<readonly Claimed[]> {
  const until = new Date(now.getTime() + claimSeconds * 1000);
  const stale = new Date(now.getTime() - secretMs);
  const { rows } = await sql<Claimed>`
    update mail set attempts = attempts + 1, next_attempt_at = ${until}::timestamptz,
      envelope_id = coalesce(envelope_id, gen_random_uuid())
    where id in (
      select id from mail where next_attempt_at <= ${now}::timestamptz
        and not (secret and created_at <= ${stale}::timestamptz)
      order by next_attempt_at limit ${limit}::int for update skip locked)
    returning id, envelope_id::text as "envelopeId", recipient, subject, text, html, about, created_at, secret, attempts`.execute(
    db,
  );
  return rows;
}

/** Writes nothing when another process has taken the mail over meanwhile. */
export async function settleMail(
  db: Kysely<Database>,
  { id, attempts, secret }: Claimed,
  outcome: Outcome,
): Promise<void> {
  const isOver = outcome.next_attempt_at === null;
  await db
    .updateTable('mail')
    .set({ ...outcome, ...(secret && isOver && wiped) })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .execute();
}

/** Deletes what was sent or given up more than 30 days ago; what still waits stays. @returns how many */
export async function purgeMails(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - keptDays * day);
  const gone = await sql`
    delete from mail where id in (
      select id from mail
      where next_attempt_at is null and coalesce(sent_at, given_up_at, created_at) <= ${before}::timestamptz
      order by created_at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(gone.numAffectedRows ?? 0);
}

/**
 * Deletes what has waited for 30 days while nobody sends mails: personal data has an end, whatever the deployment lacks.
 *
 * @returns which mails, and what they were about
 */
export async function dropWaiting(
  db: Kysely<Database>,
  now: Date,
  limit: number,
): Promise<readonly { readonly id: string; readonly about: string }[]> {
  const before = new Date(now.getTime() - keptDays * day);
  const { rows } = await sql<{ readonly id: string; readonly about: string }>`
    delete from mail where id in (
      select id from mail
      where next_attempt_at is not null and created_at <= ${before}::timestamptz
      order by created_at limit ${limit}::int for update skip locked)
    returning id, about`.execute(db);
  return rows;
}
