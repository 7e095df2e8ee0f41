import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { storesOf, type } from './testing/terminal.ts';

const clock = () => new Date('2026-11-22T10:00:00Z');
const [partner_id, address] = [randomUUID(), 'Anne@asso.example'];
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  env = await newMigratedSettings();
  const { db, close } = await storesOf(env, clock);
  const times = { created_at: clock() };
  await db
    .insertInto('partner')
    .values({ id: partner_id, given_name: 'Anne', usual_name: 'Le Goff', ...times })
    .execute();
  const spelling = address.toLowerCase();
  await db
    .insertInto('partner_address')
    .values({
      ...{ id: randomUUID(), partner_id, address, spelling, comparable: spelling },
      ...{ proven_at: clock(), is_primary: true },
    })
    .execute();
  await db
    .insertInto('partner_authenticator')
    .values({
      id: randomUUID(),
      partner_id,
      kind: 'totp',
      name: 'Téléphone',
      secret: 'x',
      last_step: 0,
      ...times,
    })
    .execute();
  await close();
}, 60_000);
afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

// One story, told in order.
test('maillon account restore: with a reason, of whoever has such an account, once, on record and with a mail', async () => {
  const say = (...words: string[]) => type(['account', 'restore', ...words], env, { clock });
  expect(await say(address)).toMatchObject({ code: 2 });
  expect((await say(address, '--reason', ' ')).err).toContain('--reason says why');
  expect((await say('nobody', '--reason', 'Vue')).err).toContain('nobody is no address');
  expect((await say('autre@asso.example', '--reason', 'Vue')).err).toContain('M-PART-002');
  const done = await say('anne@ASSO.example', '--reason', 'Vue au guichet\nle 22');
  expect([done.code, done.out]).toEqual([0, expect.stringContaining('1 second factor is off')]);
  expect(done.out).toContain('password of the mailbox');
  expect((await say(address, '--reason', 'Vue')).err).toContain('M-PART-015');
  const { out } = await type(['audit', 'export', '--format', 'jsonl', '--act', 'partner.restore'], env, {
    clock,
  });
  expect(out).toContain('Vue au guichet le 22');
  const { db, close } = await storesOf(env, clock);
  const mails = await db.selectFrom('mail').select(['recipient']).execute();
  await close();
  expect(mails).toEqual([{ recipient: address }]);
}, 60_000);
