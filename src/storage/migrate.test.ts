import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newDataDir, startOwnPostgres } from '../../test/support/services.ts';
import { liveGrantsOf, migrate, openStores } from './storage.ts';
import type { Stores } from './storage.ts';

const migrations = join(import.meta.dirname, '../../migrations');
const landed = ['0001_initial.sql', '0002_relying_parties.sql', '0003_register.sql'];
const clock = () => new Date('2026-11-23T09:00:00Z');

const postgres = await startOwnPostgres('Migrations on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

let stores: Stores;
let dataDir: string;
let folder: string;
async function open(databaseUrl: string | undefined) {
  dataDir = await newDataDir();
  folder = await mkdtemp(join(tmpdir(), 'maillon-migrations-'));
  stores = await openStores({ dataDir, databaseUrl, clock });
}
async function close() {
  await stores.close();
  await rm(dataDir, { recursive: true, force: true });
  await rm(folder, { recursive: true });
}
const file = (name: string, text: string) => writeFile(join(folder, name), text);

let number = 0;
/** As the version before may have written it: nothing kept U+0000 and lone surrogates out of `custom`. */
async function grant(custom: unknown, siret = '00000010900009') {
  number += 1;
  const id = String(number).padStart(43, 'g');
  const snapshot = { signIn: { email: 'Ada@asso.example', claims: { custom } }, membership: { siret } };
  await stores.db
    .insertInto('oidc_grant')
    .values({
      id,
      account_id: 'account',
      client_id: 'docs',
      payload: '{}',
      snapshot: JSON.stringify(snapshot),
      expires_at: new Date('2027-01-01'),
    })
    .execute();
  return id;
}
const found = async (holders: { siren: string } | { address: string }) => {
  const asked = { ...holders, clientIds: ['docs'], now: clock(), after: '', limit: 100 };
  return (await liveGrantsOf(stores.db, asked)).map(({ id }) => id);
};
const hostile: unknown[] = [
  { poste: 'chef\u0000' },
  { poste: 'chef\ud800' },
  { poste: '\\\u0000 \\u0000 \ud83d\ude00' },
  JSON.parse(String.raw`{"a\u0000":["\udc00\ud800"]}`),
];

describe.each(databases)('migrations on %s', (_name, databaseUrl) => {
  beforeEach(async () => open(await databaseUrl()), 60_000);
  afterEach(close);

  test('take grants that JSON alone allows, before and after, and still find them by their legal unit and address', async () => {
    for (const name of landed) await cp(join(migrations, name), join(folder, name));
    expect(await migrate(stores, folder)).toEqual(landed);
    const before = [];
    for (const custom of hostile) before.push(await grant(custom));
    expect(await migrate(stores, migrations)).not.toEqual([]);
    const after = [];
    for (const custom of hostile) after.push(await grant(custom));
    const fine = await grant({ poste: 'chef' });
    await grant({}, '00000040600002');
    const all = [...before, ...after, fine].sort();
    expect(await found({ siren: '000000109' })).toEqual(all);
    expect(await found({ address: 'ada@asso.example' })).toHaveLength(all.length + 1);
  });

  test('leave the version before to read and write: its files are all applied, and it does nothing', async () => {
    for (const name of landed) await cp(join(migrations, name), join(folder, name));
    await migrate(stores, migrations);
    expect(await migrate(stores, folder)).toEqual([]);
    await grant(hostile[0]);
    expect(await stores.db.selectFrom('oidc_grant').select('snapshot').execute()).toHaveLength(1);
  });

  test('build the indexes that logins would wait for outside of a transaction, and leave none that is not valid', async () => {
    await migrate(stores, migrations);
    const { rows } = await sql<{ name: string; valid: boolean }>`
      select indexrelid::regclass::text as name, indisvalid as valid from pg_index
      where indexrelid::regclass::text in ('oidc_grant_siren', 'oidc_grant_email', 'organization_suspended')`.execute(
      stores.db,
    );
    expect(rows.map(({ valid }) => valid)).toEqual([true, true, true]);
  });

  test('outside of a transaction are run statement by statement, and again from the start after a failure', async () => {
    await file('a1.sql', 'create table a1 (i integer);');
    const indexes = `-- Outside a transaction.
-- Why; and how.
create index concurrently if not exists a1_one
  on a1 (i);
create unique index concurrently if not exists a1_two on a1 (i);
`;
    await file('a2.sql', indexes);
    await migrate(stores, folder).catch(() => undefined);
    await sql`delete from schema_migration where name = 'a2.sql'`.execute(stores.db);
    await sql`drop index a1_two`.execute(stores.db);
    await sql`insert into a1 values (1), (1)`.execute(stores.db);
    await expect(migrate(stores, folder)).rejects.toThrow('a2.sql was not applied: could not create unique');
    await sql`truncate a1`.execute(stores.db);
    expect(await migrate(stores, folder)).toEqual(['a2.sql']);
    expect(await migrate(stores, folder)).toEqual([]);
    await sql`insert into a1 values (1)`.execute(stores.db);
    await expect(sql`insert into a1 values (1)`.execute(stores.db)).rejects.toThrow('a1_two');
  });

  test('outside of a transaction are only what may be done twice', async () => {
    await file('b1.sql', '-- Outside a transaction.\ncreate table b1 (i integer);\n');
    await expect(migrate(stores, folder)).rejects.toThrow('b1.sql');
    const { rows } = await sql`select to_regclass('b1') as found`.execute(stores.db);
    expect(rows).toEqual([{ found: null }]);
  });
});

if (postgres !== undefined) {
  describe('migrations of a busy PostgreSQL', () => {
    let url: string;
    let other: pg.Client;
    beforeEach(async () => {
      url = await postgres.createDatabase();
      await open(url);
      other = new pg.Client({ connectionString: url });
      await other.connect();
    }, 60_000);
    afterEach(async () => {
      await other.end();
      await close();
    });
    const indexes = join(migrations, '0007_indexes.sql');
    const withoutIndexes = async () => {
      const before = await mkdtemp(join(tmpdir(), 'maillon-before-'));
      await cp(migrations, before, { recursive: true, filter: (path) => path !== indexes });
      await migrate(stores, before);
      await rm(before, { recursive: true });
    };
    const building = () =>
      expect
        .poll(async () => {
          const { rows } = await other.query<{ n: number }>(
            `select count(*)::int as n from pg_stat_activity where query like 'create index concurrently%' and state = 'active'
               and pid <> pg_backend_pid()`,
          );
          return rows[0]?.n;
        })
        .toBe(1);
    /** An index waits for whoever writes the table when it begins; until then, it is not valid. */
    const heldOpen = async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`begin; delete from oidc_grant where id = 'nobody'`);
      return client;
    };

    test('let people sign in while an index is built, and other processes wait for it', async () => {
      await withoutIndexes();
      const holder = await heldOpen();
      const migrating = [migrate(stores, migrations), migrate(stores, migrations)];
      await building();
      await other.query(`set statement_timeout = '2s'`);
      const id = await grant({ poste: 'chef\u0000' });
      await other.query(`update oidc_grant set payload = '{"seen":true}' where id = $1`, [id]);
      await holder.query('commit');
      await holder.end();
      expect((await Promise.all(migrating)).flat()).toEqual(['0007_indexes.sql']);
      expect(await found({ siren: '000000109' })).toEqual([id]);
    });

    test('begin an index again that was interrupted', async () => {
      await withoutIndexes();
      const holder = await heldOpen();
      const migrating = migrate(stores, migrations).catch((error: unknown) => error);
      await building();
      await other.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like 'create index concurrently%' and pid <> pg_backend_pid()`,
      );
      expect(await migrating).toBeInstanceOf(Error);
      await holder.query('commit');
      await holder.end();
      const invalid = () =>
        other
          .query<{ name: string }>(
            'select indexrelid::regclass::text as name from pg_index where not indisvalid',
          )
          .then(({ rows }) => rows.map(({ name }) => name));
      expect(await invalid()).toEqual(['oidc_grant_siren']);
      const id = await grant({});
      expect(await migrate(stores, migrations)).toEqual(['0007_indexes.sql']);
      expect(await invalid()).toEqual([]);
      expect(await found({ siren: '000000109' })).toEqual([id]);
    });

    test('do not make everybody wait behind a lock that they wait for: they try again, then say what to do', async () => {
      await mkdir(folder, { recursive: true });
      await file('c1.sql', 'create table c1 (i integer);');
      await migrate(stores, folder);
      await file('c2.sql', 'alter table c1 add column t text;');
      await other.query('begin; select * from c1');
      const impatient = { lockMs: 50, tries: 2, pauseMs: 50 };
      await expect(migrate(stores, folder, impatient)).rejects.toMatchObject({ code: 'M-STOR-004' });
      const retried = migrate(stores, folder, { lockMs: 50, tries: 1000, pauseMs: 50 });
      await new Promise((resolve) => setTimeout(resolve, 300));
      await other.query('commit');
      expect(await retried).toEqual(['c2.sql']);
    });
  });
}
