import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { aMail } from '../mail/testing/a-mail.ts';
import { aDeliveryStatus } from '../mail/testing/a-delivery-status.ts';
import { openStores } from '../storage/storage.ts';
import { type } from './testing/terminal.ts';

const clock = () => new Date('2026-11-22T10:00:00Z');
const [id, envelope_id] = [randomUUID(), randomUUID()];
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  env = { DATA_DIR: await newMigratedDataDir() };
  const stores = await openStores({ dataDir: env['DATA_DIR'] ?? '', clock });
  const { to: recipient, subject, text, html, about } = aMail();
  await stores.db
    .insertInto('mail')
    .values({
      id,
      envelope_id,
      recipient,
      subject,
      text,
      html,
      about,
      created_at: clock(),
      sent_at: clock(),
      next_attempt_at: null,
    })
    .execute();
  await stores.close();
}, 60_000);
afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

// One story, told in order.
test('maillon mail bounce: what a mail server hands over is noted once, on record, without the address', async () => {
  const say = (message: string, ...words: string[]) =>
    type(words.length === 0 ? ['mail', 'bounce'] : words, env, {
      clock,
      readInput: () => Promise.resolve(message),
    });
  const report = aDeliveryStatus({ envelope: envelope_id, mail: id, recipient: aMail().to });
  const isLeftAlone = async (message: string): Promise<void> => {
    const { code, out } = await say(message);
    expect([code, out]).toEqual([0, expect.stringContaining('left alone')]);
  };
  await isLeftAlone('Subject: Re: code\n\nMerci !');
  await isLeftAlone(report.replaceAll(envelope_id, randomUUID()));
  await isLeftAlone(report.replaceAll(envelope_id, id));
  const noted = await say(report);
  expect([noted.code, noted.out]).toEqual([0, `mail ${id} (${aMail().about}) was not delivered: 550 5.1.1.`]);
  await isLeftAlone(report);
  const record = (await say('', 'audit', 'export', '--format', 'jsonl', '--act', 'mail.bounce')).out;
  expect(record).toContain(`mail:${id}`);
  expect(record).not.toContain('amd-fictif');
}, 60_000);
