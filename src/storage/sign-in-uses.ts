import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock, Logger } from '../config/config.ts';
import type { Database } from './tables.ts';

/** A tool that somebody entered, as whom, from what, and what it may read of them. */
export interface SignInUse {
  readonly accountId: string;
  readonly clientId: string;
  readonly siret: string;
  /** ISO day in Paris. */
  readonly day: string;
  /** In the closed words of `http/`; empty when unknown. */
  readonly browser: string;
  readonly system: string;
  /** Names of claims. */
  readonly claims: readonly string[];
  readonly lastAt: Date;
  readonly times: number;
}

export interface SignInUses {
  /** Costs the request nothing: it is written within a few seconds, with all that came meanwhile. */
  note(use: Omit<SignInUse, 'times'>): void;
  /** Writes what waits, now. */
  flush(): Promise<void>;
  /** After a last flush. */
  stop(): Promise<void>;
}

/** Months that a line is kept. */
export const signInUseMonths = 12;

/** What a process that dies loses at most. */
const flushMs = 5_000;
/** A flood is not kept in memory. */
const mostWaiting = 10_000;

const keyOf = ({ accountId, clientId, siret, day, browser, system }: Omit<SignInUse, 'times'>): string =>
  JSON.stringify([accountId, clientId, siret, day, browser, system]);

export function createSignInUses({
  db,
  logger,
}: {
  readonly db: Kysely<Database>;
  readonly logger: Pick<Logger, 'warn'>;
}): SignInUses {
  let waiting = new Map<string, SignInUse>();
  let writing = Promise.resolve();

  async function write(uses: readonly SignInUse[]): Promise<void> {
    if (uses.length === 0) return;
    const column = <K extends keyof SignInUse>(name: K) => uses.map((use) => use[name]);
    // Of an account that was erased or blocked meanwhile nothing is kept. Ordered: two processes never wait for each other.
    await sql`
      insert into sign_in_use (account_id, client_id, siret, day, browser, system, claims, last_at, times)
      select use.account_id, client_id, siret, day, browser, system, claims, last_at, times
      from unnest(${column('accountId')}::uuid[], ${column('clientId')}::text[], ${column('siret')}::text[],
        ${column('day')}::date[], ${column('browser')}::text[], ${column('system')}::text[],
        ${uses.map(({ claims }) => JSON.stringify(claims))}::text[],
        ${uses.map(({ lastAt }) => lastAt.toISOString())}::timestamptz[], ${column('times')}::int[])
        as use (account_id, client_id, siret, day, browser, system, claims, last_at, times)
      join account on account.id = use.account_id and account.blocked_at is null
      order by use.account_id, client_id, siret, day, browser, system
      on conflict (account_id, client_id, siret, day, browser, system) do update set
        claims = excluded.claims, last_at = greatest(sign_in_use.last_at, excluded.last_at),
        times = sign_in_use.times + excluded.times`.execute(db);
  }

  function flush(): Promise<void> {
    const uses = [...waiting.values()];
    waiting = new Map();
    writing = writing
      .then(() => write(uses))
      .catch((error: unknown) => {
        logger.warn({ err: error, lost: uses.length }, 'where people signed in could not be written down');
      });
    return writing;
  }

  const timer = setInterval(() => void flush(), flushMs).unref();
  return {
    note(use) {
      const key = keyOf(use);
      const before = waiting.get(key);
      if (before === undefined && waiting.size >= mostWaiting) return;
      waiting.set(key, { ...use, times: (before?.times ?? 0) + 1 });
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

const rowsSchema = z.array(
  z.object({
    client_id: z.string(),
    siret: z.string(),
    day: z.string(),
    browser: z.string(),
    system: z.string(),
    claims: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
    last_at: z.date(),
    times: z.int(),
  }),
);

/** The newest first. @param limit lines */
export async function signInUsesOf(
  db: Kysely<Database>,
  accountId: string,
  limit: number,
): Promise<readonly SignInUse[]> {
  const { rows } = await sql`
    select client_id, siret, day::text as day, browser, system, claims, last_at, times
    from sign_in_use where account_id = ${accountId}::uuid order by last_at desc, id desc limit ${limit}::int`.execute(
    db,
  );
  return rowsSchema
    .parse(rows)
    .map(({ client_id: clientId, last_at: lastAt, ...row }) => ({ ...row, accountId, clientId, lastAt }));
}

/** For the purge: lines that have had their time. @returns how many */
export async function purgeSignInUses(db: Kysely<Database>, clock: Clock, limit: number): Promise<number> {
  const before = new Date(clock());
  before.setUTCMonth(before.getUTCMonth() - signInUseMonths);
  const gone = await sql`
    delete from sign_in_use where id in (
      select id from sign_in_use where last_at <= ${before}::timestamptz
      order by last_at limit ${limit}::int for update skip locked)`.execute(db);
  return Number(gone.numAffectedRows ?? 0);
}
