import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMigratedDataDir } from '../../test/support/migrated-data-dir.ts';
import { startPostgres } from '../../test/support/services.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { createMailer, queueMail } from './mail.ts';
import { aMail, bouncesOfTests } from './testing/a-mail.ts';

const postgres = await startPostgres('Mails that wait, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(databases)('without a mail server, on %s', (_name, databaseUrl) => {
  let stores: Stores;
  let dataDir: string;
  let now = new Date('2026-11-22T10:00:00Z').getTime();
  const clock = () => new Date(now);
  beforeAll(async () => {
    dataDir = await newMigratedDataDir();
    stores = await openStores({ databaseUrl: await databaseUrl(), dataDir, clock });
    await migrate(stores, 'migrations');
  }, 180_000);
  afterAll(async () => {
    await stores.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('mails wait 30 days, and no longer: they name people', async () => {
    const log: object[] = [];
    const note = (fields: object) => void log.push(fields);
    const mailer = createMailer({
      bounces: bouncesOfTests,
      db: stores.db,
      clock,
      logger: { info: note, warn: note, error: note },
      smtpUrl: undefined,
      from: 'ne-pas-repondre@connexion.example.fr',
      issuer: new URL('https://connexion.example.fr'),
      production: true,
    });
    const queue = (subject: string) => queueMail(stores.db, clock(), [aMail({ subject })], randomUUID);
    await queue('Premier');
    await queue('Deuxième');
    now += 30 * 24 * 3600 * 1000 - 1;
    expect(await mailer.purge(10)).toBe(0);
    await queue('En attente');
    now += 1;
    expect(await mailer.purge(1)).toBe(1);
    expect(await mailer.purge(10)).toBe(1);
    expect(log).toMatchObject([{ event: 'mail.given_up' }, { event: 'mail.given_up' }]);
    expect(JSON.stringify(log)).not.toContain('amd-fictif');
    expect(await stores.db.selectFrom('mail').select('subject').execute()).toEqual([
      { subject: 'En attente' },
    ]);
  });
});
