import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { storesOf, type } from './testing/terminal.ts';

// One story, told in order: a demo is applied, then changed, and somebody tampers with the record of it.
const clock = () => new Date('2026-11-22T10:00:00Z');
let settings: Readonly<Record<string, string>>;
let env: Readonly<Record<string, string>>;
let folder: string;
const maillon = (...argv: string[]) => type(argv, env, { clock, cwd: folder });

const entries = async (...filter: string[]) =>
  (await maillon('audit', 'export', '--format', 'jsonl', ...filter)).out
    .split('\n')
    .filter(Boolean)
    .map(
      (line) =>
        JSON.parse(line) as { act: string; subject: string; actor: string; author: string; detail: string },
    );

async function tamper(statement: string): Promise<void> {
  const stores = await storesOf(env, clock);
  await sql`alter table audit_entry disable trigger user`.execute(stores.db);
  await sql.raw(statement).execute(stores.db);
  await stores.close();
}

beforeAll(async () => {
  settings = await newMigratedSettings();
  env = { ...settings, SUDO_USER: 'alice' };
  folder = await mkdtemp(join(tmpdir(), 'maillon-audit-'));
  expect((await type(['apply', 'config/demo'], env, { clock })).code).toBe(0);
}, 60_000);
afterAll(async () => {
  await rm(env['DATA_DIR'] ?? '', { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

describe('what the command line does is recorded', { timeout: 120_000 }, () => {
  it('an apply: one entry an object, without secrets, with who typed it', async () => {
    const added = await entries('--act', 'declaration.add');
    const subjects = added.map(({ subject }) => subject);
    expect(subjects).toEqual(
      expect.arrayContaining(['service:docs', 'client:docs', 'organization:000000109']),
    );
    for (const kind of ['identity_provider', 'policy', 'approval', 'membership'])
      expect(subjects.some((subject) => subject.startsWith(`${kind}:`))).toBe(true);
    expect(new Set(added.map(({ actor }) => actor))).toEqual(new Set(['command_line:alice']));
    expect(added.find(({ subject }) => subject === 'service:docs')?.detail).toContain('"Docs"');
    const text = JSON.stringify(added);
    expect(text).toContain('(not shown)');
    expect(text).not.toMatch(/not-for-production|client_secret(_sha256)?\\":\\"[^(]/);
    expect(subjects.join(' ')).not.toMatch(/@(?!\d)/);
  });

  it('the same once more, and a dry run: nothing', async () => {
    const before = (await entries('--act', 'declaration')).length;
    await type(['apply', 'config/demo'], env, { clock });
    await writeFile(join(folder, 'empty.yaml'), 'services: []\n');
    expect((await maillon('apply', '.', '--dry-run')).code).toBe(0);
    expect(await entries('--act', 'declaration')).toHaveLength(before);
  });

  it('what an apply takes away: as it was', async () => {
    expect((await maillon('apply', '.')).code).toBe(0);
    const [removed] = await entries('--act', 'declaration.remove', '--subject', 'service:docs');
    expect(JSON.parse(removed?.detail ?? '')).toMatchObject({ before: { id: 'docs' } });
    expect(JSON.parse(removed?.detail ?? '')).not.toHaveProperty('after');
    expect((await type(['apply', 'config/demo'], env, { clock })).code).toBe(0);
  });

  it('a correction and its end, with the author who decided', async () => {
    const decision = ['--reason', 'Vu au répertoire', '--author', 'Anne Martin, responsable, DINUM'];
    await maillon('registry', 'correct', '000000109', 'name', 'AMD corrigée', ...decision);
    await maillon('registry', 'end-correction', '000000109', 'name', ...decision);
    const [made, ended] = await entries('--act', 'register.');
    expect(made).toMatchObject({
      act: 'register.correct',
      subject: 'organization:000000109',
      actor: 'command_line:alice',
    });
    expect(JSON.parse(made?.detail ?? '')).toEqual({
      reason: 'Vu au répertoire',
      before: { fact: 'name' },
      after: { fact: 'name', value: 'AMD corrigée' },
    });
    expect(made?.author).toContain('Martin');
    expect(ended).toMatchObject({ act: 'register.end_correction' });
    expect(JSON.parse(ended?.detail ?? '')).toMatchObject({
      before: { value: 'AMD corrigée' },
      after: { fact: 'name' },
    });
  });

  it('keys that rotate and are withdrawn', async () => {
    const { out } = await maillon('keys', 'rotate', '--alg', 'ES256');
    const kid = /^ES256: (\S+) /.exec(out)?.[1] ?? '';
    await maillon('keys', 'withdraw', kid);
    const [rotated, withdrawn] = await entries('--subject', `key:${kid}`);
    expect([rotated?.act, withdrawn?.act]).toEqual(['key.rotate', 'key.withdraw']);
    expect(JSON.parse(withdrawn?.detail ?? '')).toMatchObject({
      before: { kid, alg: 'ES256', role: 'current' },
    });
  });

  it('without sudo, by the name on this machine', async () => {
    await type(['audit', 'export', '--format', 'csv'], settings, { clock });
    expect((await entries('--act', 'audit.export')).map(({ actor }) => actor)).toContain(
      `command_line:${userInfo().username}`,
    );
  });
});

describe('maillon audit export', { timeout: 60_000 }, () => {
  it('prints CSV, and the head apart', async () => {
    const { code, out, err } = await maillon(
      'audit',
      'export',
      '--format',
      'csv',
      '--subject',
      'service:docs',
    );
    expect(code).toBe(0);
    expect(parse(out, { columns: true })).toEqual([
      expect.objectContaining({ act: 'declaration.add', actor: 'command_line:alice' }),
      expect.objectContaining({ act: 'declaration.remove' }),
      expect.objectContaining({ act: 'declaration.add' }),
    ]);
    expect(err).toMatch(/^Head: \d+:[\w-]{43}$/);
  });

  it('writes a new file that others cannot read, and no old one', async () => {
    const path = join(folder, 'record.jsonl');
    const ask = () => maillon('audit', 'export', '--format', 'jsonl', '--out', 'record.jsonl');
    expect(await ask()).toMatchObject({ code: 0, out: '' });
    const text = await readFile(path, 'utf8');
    expect(text.trimEnd().split('\n').length).toBeGreaterThan(20);
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    const again = await ask();
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('(M-FILE-051)')]);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it.each([
    [[], '--format must be one of csv, jsonl'],
    [['--format', 'xlsx'], '--format must be one of csv, jsonl'],
    [['--format', 'csv', '--from', 'yesterday'], '--from must be a day: 2026-11-22'],
    [['--format', 'csv', '--to', '2026-02-30'], '--to must be a day: 2026-11-22'],
    [['--format', 'csv', '--subject', ' '], '--subject is empty or too long'],
  ])('%j: not understood', async (argv, said) => {
    const { code, err } = await maillon('audit', 'export', ...argv);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});

describe('maillon audit verify', { timeout: 60_000 }, () => {
  let head: string;

  it('says that the record is whole, and its head', async () => {
    const { code, out } = await maillon('audit', 'verify');
    expect(code).toBe(0);
    expect(out).toMatch(/^The record is whole\. Entries: \d+\.$/m);
    head = /^Head: (\S+)$/m.exec(out)?.[1] ?? '';
    expect(out).toContain('Keep the head outside of this database');
    expect((await maillon('audit', 'verify', '--head', head)).out).not.toContain('Keep the head');
  });

  it('refuses a head that is none', async () => {
    const { code, err } = await maillon('audit', 'verify', '--head', '12');
    expect([code, err]).toEqual([2, expect.stringContaining('--head must be a head')]);
  });

  it('names what was decided and rewritten by hand, and what nobody decided', async () => {
    await tamper(
      `update declared_object set document = document || ' ' where kind = 'policy' and id = 'docs@1'`,
    );
    await tamper(
      "insert into declared_object select kind, 'mallory', document, digest, updated_at, origin from declared_object where kind = 'operator' limit 1",
    );
    const { code, out } = await maillon('audit', 'verify');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^Declared object policy\/docs@1: not what entry \d+ wrote\.\nDeclared object operator\/mallory: no entry wrote it\.$/,
    );
    await tamper("delete from declared_object where id = 'mallory'");
    await tamper("update declared_object set document = rtrim(document) where id = 'docs@1'");
    expect((await maillon('audit', 'verify')).code).toBe(0);
  });

  it('without the last entry: whole, but not for who kept the head', async () => {
    await tamper('delete from audit_entry where seq = (select max(seq) from audit_entry)');
    expect((await maillon('audit', 'verify')).code).toBe(0);
    const { code, out, err } = await maillon('audit', 'verify', '--head', head);
    expect(code).toBe(1);
    expect(out).toBe(`Entry ${head.split(':')[0] ?? ''} is missing.`);
    expect(err).toContain('Findings: 1, listed above. (M-FILE-050)');
  });

  it('names what else was done', async () => {
    await tamper("update audit_entry set subject = 'service:other' where seq = 2");
    await tamper("update audit_entry set detail = '{}' where seq = 3");
    await tamper('delete from audit_entry where seq in (5, 6)');
    const { code, out } = await maillon('audit', 'verify');
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      'Entry 2 was altered.',
      'The detail of entry 3 was altered.',
      'Entries 5 to 6 are missing.',
    ]);
  });
});
