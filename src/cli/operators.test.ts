import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { somebody } from '../appointments/testing/somebody.ts';
import { auditPage } from '../audit/audit.ts';
import { writeAppointed } from '../declarations/declarations.ts';
import type { Stores } from '../storage/storage.ts';
import { storesOf, type } from './testing/terminal.ts';

describe('maillon operators, when the console cannot', () => {
  const clock = () => new Date('2026-11-22T10:00:00Z');
  let env: Readonly<Record<string, string>>;
  const told = (...argv: readonly string[]) => type(['operators', ...argv], env, { clock });
  async function inStores<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    const stores = await storesOf(env, clock);
    try {
      return await work(stores);
    } finally {
      await stores.close();
    }
  }

  beforeAll(async () => {
    env = { ...(await newMigratedSettings()), SUDO_USER: 'root' };
    await inStores(({ db }) =>
      db.transaction().execute((trx) => writeAppointed(trx, somebody('zoe'), clock())),
    );
  }, 60_000);
  afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

  it('lists, removes even the last administrator, and takes it back, recorded', async () => {
    expect((await told('remove', 'zoe')).err).toContain('--reason says why');
    expect((await told('remove', 'zoe', '--reason', 'Compte compromis,\ninjoignable')).code).toBe(0);
    expect((await told('list')).out).toMatch(
      /zoe .*administrator +in the console +2026-11-22T10:00:00\.000Z +command_line +Compte compromis, injoignable/u,
    );
    expect((await told('readmit', 'zoe', '--reason', 'Compte rendu')).out).toContain('operator again');
    expect(await inStores(({ db }) => auditPage(db, { subject: 'operator:zoe' }))).toMatchObject({
      entries: [
        { act: 'operator.readmit', actor: 'command_line:root' },
        { act: 'operator.remove', actor: 'command_line:root' },
      ],
    });
  });
});
