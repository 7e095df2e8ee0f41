import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { startPostgres } from '../../test/support/services.ts';
import { everyImporter } from '../importers/importers.ts';
import { isSiren, isSiret } from '../organizations/organizations.ts';
import { root, type } from './testing/terminal.ts';
import type { Surroundings } from './surroundings.ts';

const folder = mkdtempSync(join(tmpdir(), 'maillon-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** StockUniteLegale as INSEE publishes it, with invented companies, all lines right. */
function stock(name: string, units: number, from = 0): string {
  const columns = everyImporter.find((importer) => importer.name === 'sirene-units')?.columns ?? [];
  const lines = Array.from({ length: units }, (_, index) => {
    const siren = checked(String(10_000_000 + from + index), isSiren);
    const values: Record<string, string> = {
      siren,
      statutDiffusionUniteLegale: 'O',
      dateCreationUniteLegale: '2015-03-01',
      trancheEffectifsUniteLegale: 'NN',
      etatAdministratifUniteLegale: 'A',
      denominationUniteLegale: `SOCIETE FICTIVE ${from + index}`,
      categorieJuridiqueUniteLegale: '5710',
      activitePrincipaleUniteLegale: '62.01Z',
      nomenclatureActivitePrincipaleUniteLegale: 'NAFRev2',
      nicSiegeUniteLegale: checked(`${siren}0001`, isSiret).slice(9),
    };
    return columns.map((column) => values[column] ?? '').join(',');
  });
  const path = join(folder, name);
  writeFileSync(path, `${[columns.join(','), ...lines].join('\n')}\n`);
  return path;
}

/** With the last digit that makes it right (Luhn). */
function checked(digits: string, isRight: (text: string) => boolean): string {
  const right = Array.from({ length: 10 }, (_, digit) => `${digits}${digit}`).find(isRight);
  if (right === undefined) throw new Error(`no key for ${digits}`);
  return right;
}

describe('maillon import, on the embedded database', { timeout: 180_000 }, () => {
  // One story, told in order: a file that is tried, imported, imported again and taken back.
  let dataDir: string;
  let file: string;
  const clock = () => new Date('2026-11-22T08:00:00Z');
  const maillon = (...argv: string[]) => type(argv, { DATA_DIR: dataDir }, { clock, cwd: folder });
  beforeAll(async () => {
    dataDir = await newMigratedDataDir();
    file = stock('StockUniteLegale_2026-11-01.csv', 3);
  }, 180_000);
  afterAll(() => rmSync(dataDir, { recursive: true }));

  it('names the sources that it knows', async () => {
    const { code, err } = await maillon('import', 'rna', file);
    expect(code).toBe(2);
    expect(err).toMatch(/^maillon: unknown source "rna"; the sources are:\n {2}sirene-units/);
  });

  it('refuses options that it does not understand', async () => {
    for (const wrong of [['--separator', 'x'], ['--encoding', 'ebcdic'], ['--faster']])
      expect(await maillon('import', 'sirene-units', file, ...wrong)).toMatchObject({ code: 2, out: '' });
    expect(await maillon('import', 'undo', 'x')).toMatchObject({ code: 2, out: '' });
  });

  it('says what is wrong with a file in one sentence', async () => {
    expect(await maillon('import', 'sirene-units', 'absent.csv')).toMatchObject({
      code: 1,
      err: `maillon: This file cannot be imported, and nothing was changed. ${join(folder, 'absent.csv')}: there is no such file. (M-IMPT-001)`,
    });
    expect((await maillon('import', 'rna-waldec', file)).err).toMatch(
      /^maillon: The columns of this file are not those of the register, and nothing was changed\. .* is a file for "maillon import sirene-units", not for rna-waldec\. /,
    );
  });

  it('a dry run reports, and nothing is there afterwards', async () => {
    const { code, out } = await maillon('import', 'sirene-units', file, '--dry-run');
    expect([code, out]).toEqual([0, expect.stringContaining('Records   3 new, 0 changed, 0 same')]);
    expect(out).toMatch(/Dry run: nothing was written\.$/);
    expect(await maillon('import', 'list')).toMatchObject({ code: 0, out: 'Nothing was imported yet.' });
  });

  it('imports, finds nothing new the second time, lists both and takes one back', async () => {
    const first = await maillon('import', 'sirene-units', file);
    expect([first.code, first.out]).toEqual([
      0,
      expect.stringContaining('Records   3 new, 0 changed, 0 same'),
    ]);
    const again = await maillon('import', 'sirene-units', file);
    expect(again.out).toContain('Records   0 new, 0 changed, 3 same');
    expect(existsSync(join(folder, 'StockUniteLegale_2026-11-01.csv.rejects.csv'))).toBe(false);
    const id = /Import ([0-9]+) is finished/.exec(first.out)?.[1] ?? '';
    const listed = (await maillon('import', 'list')).out.split('\n');
    expect(listed).toHaveLength(3);
    expect(listed[2]?.split(/ {2,}/)).toEqual([
      id,
      'sirene-units',
      'StockUniteLegale_2026-11-01.csv',
      '2026-11-01',
      'finished',
      ...['3', '3', '0', '0', '0', '0'],
      '2026-11-22T08:00:00.000Z',
    ]);
    expect(await maillon('import', 'undo', id)).toMatchObject({
      code: 0,
      out: `Import ${id} is undone: 3 removed, 0 as they were before, 0 kept because they changed since.`,
    });
    expect(await maillon('import', 'undo', id)).toMatchObject({
      code: 1,
      err: `maillon: This import cannot be undone. Import ${id} was undone on 2026-11-22. (M-IMPT-008)`,
    });
    expect((await maillon('import', 'undo', '999')).err).toContain('There is no import 999.');
  });

  it('writes what it refuses beside the person, or where they say', async () => {
    const wrong = stock('wrong_2026-11-01.csv', 1).replace('.csv', '-siren.csv');
    writeFileSync(wrong, stockText(wrong));
    const { out } = await maillon(
      'import',
      'sirene-units',
      'wrong_2026-11-01-siren.csv',
      '--rejects',
      'refused.csv',
    );
    expect(out).toContain('1 siren_malformed');
    expect(existsSync(join(folder, 'refused.csv'))).toBe(true);
  });
});

const stockText = (like: string): string => {
  const columns = everyImporter.find((importer) => importer.name === 'sirene-units')?.columns ?? [];
  return `${columns.join(',')}\n${like.length},O${','.repeat(columns.length - 2)}\n`;
};

const both = (text: string) => ({ fr: text, en: text });
const service = {
  id: 'docs',
  name: both('Docs'),
  description: both('D'),
  url: 'https://docs.test/',
  audience: both('A'),
  decided_by: { name: both('Team'), contact: 'mailto:team@docs.test' },
};

const suite = 'maillon import, killed and resumed, on PostgreSQL';
const postgres = await startPostgres(suite);
afterAll(async () => {
  await postgres?.stop();
});

if (postgres !== undefined) {
  describe(suite, { timeout: 180_000 }, () => {
    /** Ten batches of 1 000 lines, and a bit. */
    const units = 10_500;
    let file: string;
    let url: string;
    let client: pg.Client;
    const maillon = (argv: readonly string[], surroundings: Partial<Surroundings> = {}) =>
      type(argv, { DATABASE_URL: url }, { cwd: folder, ...surroundings });

    beforeAll(async () => {
      file = stock('StockUniteLegale_2026-10-01.csv', units);
      url = await postgres.createDatabase();
      await maillon(['migrate']);
      client = new pg.Client(url);
      await client.connect();
    }, 180_000);
    afterAll(() => client.end());

    const rows = async (text: string, values: readonly unknown[] = []) =>
      (await client.query<Record<string, unknown>>(text, [...values])).rows;
    const until = async (text: string, values: readonly unknown[] = []) => {
      while ((await rows(text, values)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const whole = () =>
      rows(`select id, name, legal_category, unit_state, created_on, naf, words, search_name, flags, source, source_date,
        statements, (select count(*) from organization_word) as known_words from organization order by id`);
    const gone = `select 1 where not exists (
      select from pg_stat_activity where application_name = 'maillon' and datname = current_database())`;

    it('of which a dry run keeps nothing open between batches, and no record', async () => {
      // The fifth batch waits at its end for a lock that this test holds.
      await client.query(`create function wait_meanwhile() returns trigger language plpgsql as
        'begin perform pg_advisory_xact_lock(43); return new; end'`);
      await client.query(`create trigger meanwhile after insert on organization for each row
        when (new.name = 'SOCIETE FICTIVE 4500') execute function wait_meanwhile()`);
      await client.query('select pg_advisory_lock(43)');
      const dry = maillon(['import', 'sirene-units', file, '--dry-run']);
      await until(`select 1 from pg_locks where locktype = 'advisory' and objid = 43 and not granted`);
      // A row that the first batch would have brought is nobody's meanwhile.
      await client.query(`set lock_timeout = '3s'`);
      const [siren] = readFileSync(file, 'utf8').split('\n')[1]?.split(',') ?? [];
      await client.query('begin');
      await client.query(
        `insert into organization (siren, name, unit_state, source, source_date, updated_at)
         values ($1, 'x', 'A', 'x', '2026-01-01', now())`,
        [siren],
      );
      await client.query('rollback');
      await client.query('select pg_advisory_unlock(43)');
      const { code, out } = await dry;
      expect([code, out]).toEqual([0, expect.stringContaining('Records   10 500 new, 0 changed, 0 same')]);
      expect(await rows('select 1 from register_import union all select 1 from organization')).toEqual([]);
      await client.query(`drop trigger meanwhile on organization`);
      await client.query(`set lock_timeout = 0`);
    });

    it('killed inside a batch, it knows which lines it holds, and ends as if nothing had happened', async () => {
      // The fifth batch waits at the very end of its transaction, for a lock that this test holds.
      await client.query(`create function wait_for_the_test() returns trigger language plpgsql as
        'begin perform pg_advisory_xact_lock(42); return new; end'`);
      await client.query(`create trigger waits before update on register_import for each row
        when (new.position > 4000) execute function wait_for_the_test()`);
      await client.query('select pg_advisory_lock(42)');
      const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'import', 'sirene-units', file], {
        env: { COOKIE_KEYS: 'c'.repeat(32), ENCRYPTION_KEYS: 'e'.repeat(32), DATABASE_URL: url },
        cwd: folder,
        stdio: 'ignore',
      });
      const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
      await until(`select 1 from pg_locks where locktype = 'advisory' and objid = 42 and not granted`);

      // Meanwhile operators decide: what they apply does not wait for the end of the import.
      const declarations = join(folder, 'declarations');
      mkdirSync(declarations);
      writeFileSync(join(declarations, 'services.yaml'), JSON.stringify({ services: [service] }));
      expect(await maillon(['apply', declarations])).toMatchObject({ code: 0 });

      // Meanwhile nobody else imports.
      const refused = await maillon(['import', 'sirene-units', file]);
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(
        /Import 1 \(sirene-units, StockUniteLegale_2026-10-01\.csv, since .*\) is under way in another process.*\(M-IMPT-003\)$/,
      );
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      await client.query('select pg_advisory_unlock(42)');
      await until(gone);
      await client.query('drop trigger waits on register_import');
      expect(await rows('select state, position, new_count from register_import')).toEqual([
        { state: 'running', position: '4000', new_count: 4000 },
      ]);
      expect(await rows('select count(*) from organization')).toEqual([{ count: '4000' }]);

      const resumed = await maillon(['import', 'sirene-units', file]);
      expect(resumed.code).toBe(0);
      expect(resumed.out).toContain('Records   10 500 new, 0 changed, 0 same');
      expect(resumed.out).toContain(
        'Import 1 was interrupted: this run went on after line 4 000 of the data.',
      );
      const afterwards = await whole();

      const elsewhere = await postgres.createDatabase();
      const env = { DATABASE_URL: elsewhere };
      await type(['migrate'], env);
      expect(await type(['import', 'sirene-units', file], env, { cwd: folder })).toMatchObject({ code: 0 });
      const untouched = new pg.Client(elsewhere);
      await untouched.connect();
      await client.end();
      client = untouched;
      expect(afterwards).toHaveLength(units);
      expect(await whole()).toEqual(afterwards);
    });

    it('asked to stop, it ends after the batch under way', async () => {
      const next = stock('StockUniteLegale_2026-11-01.csv', 4_100, units);
      let stop: (() => void) | undefined;
      const { code, out, err } = await maillon(['import', 'sirene-units', next], {
        onStopRequest: (listener) => {
          stop = listener;
          stop();
        },
      });
      expect([code, out]).toEqual([1, '']);
      expect(err.split('\n')).toEqual([
        'Stopping after the batch under way…',
        expect.stringMatching(
          /^Import 2 holds the first 1 000 lines of StockUniteLegale_2026-11-01\.csv\. The same command goes on from there; maillon import undo 2 takes them back\.$/,
        ),
        'maillon: The import was stopped. (M-IMPT-007)',
      ]);
      const { out: undone } = await maillon(['import', 'undo', '2']);
      expect(undone).toBe(
        'Import 2 is undone: 1 000 removed, 0 as they were before, 0 kept because they changed since.',
      );
    });
  });
}
