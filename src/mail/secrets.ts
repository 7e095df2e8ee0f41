import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';

/** What stands in the place of a text that carried a one-time code. */
export const wiped = {
  text: 'Ce courriel portait un code. Son texte est effacé.\n',
  html: '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8"><title>Texte effacé</title></head><body><p>Ce courriel portait un code. Son texte est effacé.</p></body></html>\n',
} as const;

/** As long as a code is right (codes/): what arrives later is of no use, and what is kept longer is found by others. */
export const secretMs = 3600_000;

/**
 * Wipes what is an hour old, sent or not; what was not sent is given up with it.
 *
 * @returns how many
 */
export async function wipeSecrets(db: Kysely<Database>, now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - secretMs);
  const done = await sql`
    update mail set text = ${wiped.text}, html = ${wiped.html}, next_attempt_at = null,
      given_up_at = case when sent_at is null then coalesce(given_up_at, ${now}::timestamptz) end
    where id in (
      select id from mail where secret and created_at <= ${before}::timestamptz
        and (text <> ${wiped.text} or next_attempt_at is not null)
      order by created_at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(done.numAffectedRows ?? 0);
}
