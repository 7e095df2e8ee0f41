import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { systemClock } from '../config/config.ts';
import { root, storesOf, type } from './testing/terminal.ts';

const token = /^([\w-]{43})$/m;
const start = new Date('2026-11-22T10:00:00.000Z');
let env: Readonly<Record<string, string>>;
let now = start;
const maillon = (...argv: string[]) =>
  type(argv, { ...env, DYNAMIC_REGISTRATION: 'on' }, { clock: () => now });

async function inDatabase<T>(work: (db: Awaited<ReturnType<typeof storesOf>>['db']) => Promise<T>) {
  const stores = await storesOf(env, systemClock);
  try {
    return await work(stores.db);
  } finally {
    await stores.close();
  }
}

beforeAll(async () => {
  env = await newMigratedSettings();
  expect((await maillon('apply', join(root, 'config/demo'))).code).toBe(0);
}, 180_000);
afterAll(() => rmSync(env['DATA_DIR'] ?? '', { recursive: true }));

// One story, told in order.
describe('registration', { timeout: 180_000 }, () => {
  it('shows that there is nothing', async () => {
    expect(await maillon('registration', 'list')).toEqual({
      code: 0,
      out: 'No client registered itself, and none is allowed to.',
      err: '',
    });
  });

  it('makes a token for one service, once, for a week, and shows it once', async () => {
    const { code, out, err } = await maillon('registration', 'token', '--service', 'docs');
    expect([code, err]).toEqual([0, '']);
    const shown = token.exec(out)?.[1] ?? '';
    expect(out).toBe(`${shown}\nFor docs, once, until 2026-11-29T10:00:00.000Z. It is not shown again.`);
    const kept = await inDatabase((db) => db.selectFrom('initial_access_token').selectAll().execute());
    expect(kept).toMatchObject([
      {
        service_id: 'docs',
        uses_left: 1,
        scope: 'openid offline_access profile email given_name usual_name siret eligibility',
      },
    ]);
    expect(shown).toHaveLength(43);
    expect(JSON.stringify(kept)).not.toContain(shown);
  });

  it('or as the operator says', async () => {
    const { out } = await maillon(
      ...['registration', 'token', '--service', 'visio', '--uses', '20', '--for', '2h'],
      ...['--scope', 'openid email siret'],
    );
    expect(out).toMatch(/\nFor visio, 20 times, until 2026-11-22T12:00:00\.000Z\. It is not shown again\.$/);
    expect((await maillon('registration', 'list')).out).toBe(
      'initial access token  visio  20 times  until 2026-11-22T12:00:00.000Z\n' +
        'initial access token  docs  once  until 2026-11-29T10:00:00.000Z',
    );
  });

  it('says when nothing listens to it', async () => {
    const { out } = await type(['registration', 'token', '--service', 'docs'], env);
    expect(out).toContain('DYNAMIC_REGISTRATION is off here');
  });

  it('forgets what has expired', async () => {
    now = new Date('2026-11-30T10:00:00.000Z');
    expect((await maillon('registration', 'list')).out).not.toMatch(/visio|11-29/);
    await maillon('registration', 'token', '--service', 'docs');
    const kept = await inDatabase((db) =>
      db.selectFrom('initial_access_token').select('service_id').where('expires_at', '<', now).execute(),
    );
    expect(kept).toEqual([]);
  });

  it('lists and removes clients that registered themselves', async () => {
    await inDatabase((db) =>
      db
        .insertInto('registered_client')
        .values({
          client_id: 'dyn-1',
          document: JSON.stringify({
            client_id: 'dyn-1',
            service: 'docs',
            client_name: 'Outil',
            redirect_uris: ['https://outil.example/cb'],
            scope: 'openid',
          }),
          token_sha256: 'a'.repeat(43),
          scope: 'openid',
          created_at: start,
          updated_at: start,
        })
        .execute(),
    );
    expect((await maillon('registration', 'list')).out).toContain(
      'dyn-1  docs  2026-11-22T10:00:00.000Z  https://outil.example/cb  "Outil"',
    );
    const before = await inDatabase((db) =>
      db.selectFrom('declared_revision').select('revision').executeTakeFirst(),
    );
    expect(await maillon('registration', 'remove', 'dyn-1')).toEqual({
      code: 0,
      out: 'removed dyn-1',
      err: '',
    });
    const after = await inDatabase((db) =>
      db.selectFrom('declared_revision').select('revision').executeTakeFirst(),
    );
    expect(after?.revision).toBe((before?.revision ?? 0) + 1);
    expect((await maillon('registration', 'list')).out).not.toContain('dyn-1');
  });

  it.each([
    [['remove', 'dyn-1'], 'No client "dyn-1" registered itself. (M-CONF-003)'],
    [['remove', 'docs'], 'No client "docs" registered itself. (M-CONF-003)'],
    [['token', '--service', 'nulle-part'], 'No service "nulle-part" is declared. (M-CONF-003)'],
  ])('%j: not there', async (argv, said) => {
    const { code, out, err } = await maillon('registration', ...argv);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(said);
  });

  it.each([
    [['token'], '--service is missing'],
    [['token', '--service', 'docs', '--uses', '0'], '--uses must be a whole number from 1 to 1000'],
    [['token', '--service', 'docs', '--uses', '1001'], '--uses must be'],
    [['token', '--service', 'docs', '--uses', '1e2'], '--uses must be'],
    [['token', '--service', 'docs', '--for', '7'], '--for must be a duration'],
    [['token', '--service', 'docs', '--for', '400d'], '--for must be at most 366 days'],
    [['token', '--service', 'docs', '--scope', 'email'], '--scope must contain openid'],
    [['token', '--service', 'docs', '--scope', 'openid admin'], '--scope holds unknown scopes: "admin"'],
    [['list', 'x'], 'Usage: maillon registration list'],
    [['remove'], 'Usage: maillon registration remove CLIENT_ID'],
    [['forget'], 'expected: maillon registration token'],
  ])('%j: not understood', async (argv, said) => {
    const { code, err } = await maillon('registration', ...argv);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});
