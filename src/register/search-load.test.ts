import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely';
import type { CompiledQuery, DatabaseConnection } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { loadTerritories } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { createSearch } from './search-load.ts';
import { openRegisterIn } from './testing/register-database.ts';

const territories = loadTerritories();
const tooSlow = { kind: 'none', reason: 'too_slow' };

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A database that finds nothing, `ms` after each question; it counts who holds a connection, and keeps what it is asked. */
function slowDatabase(ms: number) {
  const asked: CompiledQuery[] = [];
  let [held, mostHeld] = [0, 0];
  const connection: DatabaseConnection = {
    async executeQuery(query) {
      asked.push(query);
      await passed(ms);
      return { rows: [] };
    },
    streamQuery: () => {
      throw new Error('nobody streams');
    },
  };
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => ({
        init: () => Promise.resolve(),
        acquireConnection: () => {
          held += 1;
          mostHeld = Math.max(mostHeld, held);
          return Promise.resolve(connection);
        },
        releaseConnection: () => {
          held -= 1;
          return Promise.resolve();
        },
        beginTransaction: () => Promise.resolve(),
        commitTransaction: () => Promise.resolve(),
        rollbackTransaction: () => Promise.resolve(),
        destroy: () => Promise.resolve(),
      }),
    },
  });
  return { db, asked, mostHeld: () => mostHeld, held: () => held };
}

describe('the public search of a slow database', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('holds two connections at most, and answers everybody in time', async () => {
    const slow = slowDatabase(60);
    const search = createSearch(slow.db, () => territories, { withinMs: 300 });
    const all = Array.from({ length: 20 }, () => search({ text: 'comité des fêtes' }));
    const login = sql`select 'a login'`.execute(slow.db);
    expect(await all.at(-1), 'the twentieth is not kept waiting').toEqual(tooSlow);
    await vi.advanceTimersByTimeAsync(60);
    await login;
    await vi.advanceTimersByTimeAsync(240);
    expect(await Promise.all(all)).toEqual(all.map(() => tooSlow));
    await vi.advanceTimersByTimeAsync(60);
    expect({ most: slow.mostHeld(), now: slow.held() }, 'two searches and the login').toEqual({
      most: 3,
      now: 0,
    });
    expect(await search({ text: '' }), 'places are free again').toEqual({ kind: 'none', reason: 'empty' });
  });

  it('gives all statements of a search one time: each what is left of it, none after', async () => {
    const slow = slowDatabase(110);
    const answer = createSearch(slow.db, () => territories, { withinMs: 500 })({ text: 'comité des fêtes' });
    await vi.advanceTimersByTimeAsync(500);
    expect(await answer).toEqual(tooSlow);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(slow.held()).toBe(0);
    const given = slow.asked
      .filter(({ sql: text }) => text.includes('statement_timeout'))
      .map(({ parameters }) => parameters[0]);
    // The settings; then, after each statement, what is left for the next one and for telling it.
    expect(given).toEqual(['500', '390', '170']);
    expect(slow.asked).toHaveLength(5);
  });

  it('looks for no more than three mistyped words by their letters', async () => {
    const slow = slowDatabase(0);
    const text = 'abcdefgh bcdefghi cdefghij defghijk efghijkl';
    const answer = createSearch(slow.db, () => territories)({ text });
    await vi.advanceTimersByTimeAsync(100);
    expect(await answer).toMatchObject({ total: 0 });
    const byLetters = slow.asked.filter(({ sql: question }) => question.includes('similarity(word'));
    expect(byLetters.map(({ parameters }) => parameters[0])).toEqual([['abcdefgh', 'bcdefghi', 'cdefghij']]);
  });
});

const postgres = await startPostgres('The public search of a slow database, on PostgreSQL');
afterAll(() => postgres?.stop());

if (postgres !== undefined) {
  it('gives up in time on PostgreSQL, where logins go on', async () => {
    const stores = await openRegisterIn(await postgres.createDatabase());
    try {
      const search = createSearch(stores.db, () => territories, { withinMs: 1_000 });
      await stores.db.transaction().execute(async (holder) => {
        await sql`lock table organization in access exclusive mode`.execute(holder);
        const all = Array.from({ length: 20 }, () => search({ text: 'comité des fêtes' }));
        const login = stores.db.selectFrom('register_import').selectAll().execute();
        expect(await Promise.race([login, all[0]]), 'a login is answered before the searches').toEqual([]);
        expect(await Promise.all(all)).toEqual(all.map(() => tooSlow));
      });
      await expect.poll(() => search({ text: 'comité des fêtes' })).toMatchObject({ total: 0 });
    } finally {
      await stores.close();
    }
  });
}
