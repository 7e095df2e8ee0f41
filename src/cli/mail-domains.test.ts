import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { type } from './testing/terminal.ts';

let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  env = { DATA_DIR: await newMigratedDataDir(), SUDO_USER: 'anne' };
}, 60_000);
afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

// One story, told in order.
test('maillon domain hold, held and give-back: with a reason, once, and on record', async () => {
  let now = new Date('2026-11-22T10:00:00Z');
  const say = (...words: string[]) => type(words, env, { clock: () => now });
  const why = ['--reason', 'Messagerie piratée\nsignalée par le CERT-FR'];
  expect((await say('domain', 'held')).out).toContain('No domain is held');
  expect(await say('domain', 'hold', 'mairie.example')).toMatchObject({ code: 2 });
  expect((await say('domain', 'hold', 'mairie', ...why)).err).toContain('is no mail domain');
  const held = await say('domain', 'hold', '@Mairie.Example', ...why);
  expect([held.code, held.out]).toEqual([0, expect.stringContaining('mairie.example is held')]);
  expect((await say('domain', 'hold', 'mairie.example', ...why)).err).toContain('M-ROUT-005');
  expect((await say('domain', 'held')).out).toMatch(
    /mairie\.example +2026-11-22T10:00:00\.000Z +command_line:anne +Messagerie piratée signalée par le CERT-FR/u,
  );
  expect((await say('domain', 'give-back', 'mairie.example', ...why)).err).toContain('M-ROUT-005');
  now = new Date(now.getTime() + 60_000);
  expect((await say('domain', 'give-back', 'mairie.example', '--reason', 'Rétablie')).out).toContain(
    'may sign in again',
  );
  expect((await say('domain', 'give-back', 'mairie.example', ...why)).err).toContain('M-ROUT-005');
  const record = await say('audit', 'export', '--format', 'jsonl', '--act', 'mail_domain.');
  expect(record.out).toMatch(/"mail_domain\.hold"[\s\S]*"mail_domain\.give_back"/u);
}, 60_000);
