import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { batchOf } from './rows.ts';
import { isSamePerson, limits } from './rules.ts';

/** Two small lots of one person, at the same moment, are counted one after the other. */
export async function lockAlone(trx: Kysely<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(7214400939)`.execute(trx);
}

/** How many organizations somebody may still decide about alone: a long list in small pieces is a long list. */
export async function leftAlone(db: Kysely<Database>, person: OperatorActor, now: Date): Promise<number> {
  const since = new Date(now.getTime() - limits.aloneHours * 3600 * 1000);
  const rows = await db.selectFrom('batch').selectAll().where('decided_at', '>', since).execute();
  const own = rows
    .map(batchOf)
    .filter(
      ({ author, decider }) =>
        decider !== undefined && isSamePerson(author, decider) && isSamePerson(decider, person),
    )
    .map(({ id }) => id);
  if (own.length === 0) return limits.alone;
  const counted = await db
    .selectFrom('batch_line')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('batch_id', 'in', own)
    .where('outcome', '<>', 'left_out')
    .executeTakeFirstOrThrow();
  return Math.max(0, limits.alone - Number(counted.count));
}
