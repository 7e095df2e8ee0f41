import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { storesOf, type } from './testing/terminal.ts';

describe('maillon logouts', () => {
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    env = await newMigratedSettings();
  }, 60_000);
  afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

  it('says so when there is none', async () => {
    expect((await type(['logouts'], env)).out).toContain('Nobody has signed out');
    expect((await type(['logouts', '--failed'], env)).out).toBe('Every tool could be told.');
  });

  it('lists them, the newest first; --failed those that no tool accepted', async () => {
    const clock = () => new Date();
    const stores = await storesOf(env, clock);
    const row = {
      uri: 'https://tool.example/logout',
      account_id: 'a',
      sid: null,
      reason: 'signed_out',
      next_attempt_at: null,
      delivered_at: null,
      given_up_at: null,
      last_status: null,
      last_problem: null,
    } as const;
    const at = (time: string) => new Date(`2026-11-22T${time}Z`);
    await stores.db
      .insertInto('logout_delivery')
      .values([
        {
          ...row,
          id: randomUUID(),
          client_id: 'docs',
          created_at: at('10:00:00'),
          attempts: 1,
          delivered_at: at('10:00:01'),
          last_status: 204,
        },
        {
          ...row,
          id: randomUUID(),
          client_id: 'tchap',
          created_at: at('10:00:02'),
          attempts: 3,
          reason: 'session_ended',
          next_attempt_at: at('10:05:00'),
          last_problem: 'tool.example: ECONNREFUSED',
        },
        {
          ...row,
          id: randomUUID(),
          client_id: 'visio',
          created_at: at('10:00:03'),
          next_attempt_at: at('10:00:03'),
        },
      ])
      .execute();
    await stores.close();
    const { code, out } = await type(['logouts'], env);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'WHEN                      CLIENT  REASON         STATE      ATTEMPTS  LAST ANSWER',
      '2026-11-22T10:00:03.000Z  visio   signed out     waiting    0',
      '2026-11-22T10:00:02.000Z  tchap   session ended  waiting    3         tool.example: ECONNREFUSED',
      '2026-11-22T10:00:00.000Z  docs    signed out     delivered  1         HTTP 204',
    ]);
    const failed = (await type(['logouts', '--failed'], env)).out;
    expect(failed).toContain('tchap');
    expect(failed).not.toMatch(/docs|visio/);
  });
});
