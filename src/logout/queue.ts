import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';

/** One tool to tell that one session has ended. */
export interface Departure {
  readonly clientId: string;
  readonly uri: string;
  readonly accountId: string;
  /** As in the ID tokens of that session, for that tool. */
  readonly sid: string | undefined;
  /** `signed_out` by the tool or on our page, `session_ended` from afar (`/compte`), `access_lost` by a decision. */
  readonly reason: 'signed_out' | 'session_ended' | 'access_lost';
}

/** A delivery that this process has claimed: nobody else attempts it until `next_attempt_at`. */
export interface Claimed {
  readonly id: string;
  readonly client_id: string;
  readonly account_id: string;
  readonly sid: string | null;
  readonly created_at: Date;
  /** This one included. */
  readonly attempts: number;
}

/** What is written after an attempt. */
export interface Outcome {
  readonly uri?: string;
  readonly delivered_at: Date | null;
  readonly given_up_at: Date | null;
  readonly next_attempt_at: Date | null;
  readonly last_status: number | null;
  readonly last_problem: string | null;
}

export interface Queue {
  add(departures: readonly Departure[]): Promise<void>;
  claim(limit: number): Promise<readonly Claimed[]>;
  /** Writes nothing when another process has taken the delivery over meanwhile. */
  settle(claimed: Claimed, outcome: Outcome): Promise<void>;
  purge(limit: number): Promise<number>;
}

/** Seconds that a claim holds: well more than a delivery may take. Whoever dies in the middle is replaced then. */
const claimSeconds = 30;
/** Days that a record is kept after the person signed out. */
const keptDays = 30;

const day = 24 * 3600 * 1000;

export function createQueue(needs: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly randomId: () => string;
}): Queue {
  const { db, clock, randomId } = needs;
  let gathering: { readonly departures: Departure[]; readonly written: Promise<void> } | undefined;

  async function insert(departures: readonly Departure[]): Promise<void> {
    const now = clock();
    await db
      .insertInto('logout_delivery')
      .values(
        departures.map(({ clientId, uri, accountId, sid, reason }) => ({
          id: randomId(),
          client_id: clientId,
          uri,
          account_id: accountId,
          sid: sid ?? null,
          reason,
          created_at: now,
          next_attempt_at: now,
          delivered_at: null,
          given_up_at: null,
          last_status: null,
          last_problem: null,
        })),
      )
      .execute();
  }

  return {
    /** The library announces the tools of a session one by one, in one turn of the loop: they make one statement. */
    add(departures) {
      if (departures.length === 0) return Promise.resolve();
      if (gathering === undefined) {
        const all: Departure[] = [];
        const written = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
          gathering = undefined;
          return insert(all);
        });
        gathering = { departures: all, written };
      }
      gathering.departures.push(...departures);
      return gathering.written;
    },

    async claim(limit) {
      const now = clock();
      const until = new Date(now.getTime() + claimSeconds * 1000);
      const { rows } = await sql<Claimed>`
        update logout_delivery set attempts = attempts + 1, next_attempt_at = ${until}::timestamptz
        where id in (
          select id from logout_delivery where next_attempt_at <= ${now}::timestamptz
          order by next_attempt_at limit ${limit}::int for update skip locked)
        returning id, client_id, account_id, sid, created_at, attempts`.execute(db);
      return rows;
    },

    async settle({ id, attempts }, outcome) {
      await db
        .updateTable('logout_delivery')
        .set(outcome)
        .where('id', '=', id)
        .where('attempts', '=', attempts)
        .execute();
    },

    async purge(limit) {
      const before = new Date(clock().getTime() - keptDays * day);
      const gone = await sql`
        delete from logout_delivery where id in (
          select id from logout_delivery where created_at <= ${before}::timestamptz
          order by created_at limit ${limit}::int for update skip locked)`.execute(db);
      return Number(gone.numAffectedRows ?? 0);
    },
  };
}
