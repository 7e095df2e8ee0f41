import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newMigratedSettings } from '../../test/support/migrated-data-dir.ts';
import { recordSecretUse } from '../storage/storage.ts';
import { root, storesOf, type } from './testing/terminal.ts';

describe('maillon secret', () => {
  it('gives 256 random bits and their hash, others each time', async () => {
    const { code, out } = await type(['secret']);
    const value = /\n {2}([\w-]{43})\n/.exec(out)?.[1] ?? '';
    expect(code).toBe(0);
    expect(out).toContain(`client_secret_sha256: ${hash('sha256', value, 'hex')}`);
    expect((await type(['secret'])).out).not.toContain(value);
  });
});

describe('maillon clients', () => {
  let env: Readonly<Record<string, string>>;
  const clock = () => new Date('2026-06-01T12:00:00Z');
  beforeAll(async () => {
    env = await newMigratedSettings();
  });
  afterAll(() => rm(env['DATA_DIR'] ?? '', { recursive: true, force: true }));

  it('says what to do first when there is none', async () => {
    expect((await type(['clients'], env)).out).toContain('maillon apply DIR');
  });

  it('lists them, with the last use of their secret', async () => {
    await type(['apply', `${root}/config/demo`], env, { clock });
    const stores = await storesOf(env, clock);
    const digest = hash('sha256', 'docs-demo-secret-not-for-production-0123456789', 'hex');
    const former = 'f'.repeat(64);
    await recordSecretUse(stores.db, { clientId: 'docs', digest, at: new Date('2026-05-31T08:30:00Z') });
    await recordSecretUse(stores.db, { clientId: 'docs', digest, at: new Date('2026-05-30T08:30:00Z') });
    await recordSecretUse(stores.db, {
      clientId: 'docs',
      digest: former,
      at: new Date('2026-04-01T08:30:00Z'),
    });
    await stores.db
      .updateTable('declared_object')
      .set((update) => ({
        document: update.fn<string>('replace', [
          'document',
          update.val('"client_id":"docs"'),
          update.val(`"client_id":"docs","former_client_secret_sha256":"${former}"`),
        ]),
      }))
      .where('id', '=', 'docs')
      .where('kind', '=', 'client')
      .execute();
    await stores.close();
    const { code, out } = await type(['clients'], env, { clock });
    expect(code).toBe(0);
    expect(out).toMatch(/^CLIENT +SERVICE +PROFILE +AUTHENTICATION +SECRET LAST USED\n/);
    expect(out).toMatch(/\ndocs +docs +standard +client_secret_post +2026-05-31 08:30 UTC\n/);
    expect(out).toMatch(
      /\n +former secret +2026-04-01 08:30 UTC: former secret unused for 30 days: it can go\n/,
    );
    expect(out).toMatch(/\ntchap +tchap +standard +client_secret_basic +never\n/);
  });
});
