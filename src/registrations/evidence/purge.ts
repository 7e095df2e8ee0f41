import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { RowDigest } from '../../audit/audit.ts';
import type { Clock } from '../../config/config.ts';
import { addDays, parisDate, startOfParisDay } from '../../eligibility/eligibility.ts';
import type { Database } from '../../storage/storage.ts';
import { destroyedContent, destroyFile } from '../destroy-file.ts';
import type { RegistrationFile } from '../file.ts';
import { retention, retentionEnd } from './retention.ts';
import type { EvidencePiece } from './store.ts';

export interface EvidencePurgeNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** The fold of a file's events. */
  readonly fileOf: (trx: Kysely<Database>, id: string) => Promise<RegistrationFile | undefined>;
  /** In the record (audit): drafts leave no trace but their number, files the digests of their pieces. */
  readonly record: (
    trx: Kysely<Database>,
    at: Date,
    ended: {
      readonly id: string;
      readonly what: 'draft' | 'file';
      readonly pieces: readonly EvidencePiece[];
      /** What was rewritten. */
      readonly rows: readonly RowDigest[];
    },
  ) => Promise<void>;
}

/** Two jobs for `startPurging()`: each does at most `limit` files a turn and says how many it looked at. */
export function createEvidencePurge({ db, clock, fileOf, record }: EvidencePurgeNeeds): {
  readonly drafts: (limit: number) => Promise<number>;
  readonly files: (limit: number) => Promise<number>;
} {
  // Files are looked at once a day, in the order of their numbers: most are not due, and a day is what retention counts.
  let day = '';
  let after = '';

  async function drafts(limit: number): Promise<number> {
    const now = clock();
    const before = startOfParisDay(addDays(parisDate(now), 1 - retention.draftDays));
    return db.transaction().execute(async (trx) => {
      const deleted = await trx
        .deleteFrom('registration')
        .where(
          'id',
          'in',
          sql<string>`(
            select id from registration where stage = 'draft' and submitted_at is null and updated_at < ${before}::timestamptz
            order by updated_at limit ${limit}::int for update skip locked)`,
        )
        .returning('id')
        .execute();
      for (const { id } of deleted) await record(trx, now, { id, what: 'draft', pieces: [], rows: [] });
      return deleted.length;
    });
  }

  async function files(limit: number): Promise<number> {
    const now = clock();
    const today = parisDate(now);
    if (today !== day) [day, after] = [today, ''];
    const rows = await db
      .selectFrom('registration')
      .select(['id', 'updated_at'])
      .where('id', '>', after)
      .where('submitted_at', 'is not', null)
      // Nothing is due before the shortest time is over.
      .where('submitted_at', '<', startOfParisDay(addDays(today, -365 * retention.refusedYears)))
      .where('draft', '<>', destroyedContent)
      .orderBy('id')
      .limit(limit)
      .execute();
    for (const { id, updated_at } of rows) {
      // First: a file that cannot be read is told of once a day, and holds up no other.
      after = id;
      await ended(id, updated_at, now);
    }
    return rows.length;
  }

  async function ended(id: string, lastChange: Date, now: Date): Promise<void> {
    await db.transaction().execute(async (trx) => {
      // What happens to the file meanwhile waits, or is seen.
      await sql`select id from registration where id = ${id} for update`.execute(trx);
      const file = await fileOf(trx, id);
      const end = file === undefined ? undefined : retentionEnd(file, file.events.at(-1)?.at ?? lastChange);
      if (end?.what !== 'file' || end.on > parisDate(now)) return;
      await record(trx, now, { id, what: 'file', ...(await destroyFile(trx, id, now)) });
    });
  }

  return { drafts, files };
}
