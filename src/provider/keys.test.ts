import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSeal } from '../config/config.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Stores } from '../storage/storage.ts';
import { loadKeys } from './keys.ts';
import { newDataDir } from '../../test/support/services.ts';

const key = 'encryption-key-of-the-tests-0123456789abcdef';

describe('signing keys', () => {
  let stores: Stores;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await newDataDir();
    stores = await openStores({ dataDir, clock: () => new Date() });
    await migrate(stores, 'migrations');
  });
  afterAll(async () => {
    await stores.close();
    await rm(dataDir, { recursive: true });
  });

  test('processes that start at once on an empty database agree on one set', async () => {
    const seal = createSeal([key], 'signing-key');
    const sets = await Promise.all(Array.from({ length: 8 }, () => loadKeys({ db: stores.db, seal })));
    expect(new Set(sets.map((set) => JSON.stringify(set.jwks))).size).toBe(1);
    expect(new Set(sets.map((set) => Buffer.from(set.pairwiseSalt).toString('hex'))).size).toBe(1);
    expect(sets[0]?.pairwiseSalt.length).toBe(32);
  });

  test('ES256 comes first, RS256 is there; each has kid, alg and use (tools refuse keys without)', async () => {
    const { jwks } = await loadKeys({ db: stores.db, seal: createSeal([key], 'signing-key') });
    expect(jwks.keys.map(({ alg, use }) => ({ alg, use }))).toEqual([
      { alg: 'ES256', use: 'sig' },
      { alg: 'RS256', use: 'sig' },
      { alg: 'PS256', use: 'sig' },
      { alg: 'EdDSA', use: 'sig' },
    ]);
    expect(jwks.keys.every(({ kid }) => typeof kid === 'string' && kid.length > 20)).toBe(true);
  });

  test('private parts rest sealed', async () => {
    const rows = await stores.db.selectFrom('signing_key').select('sealed_jwk').execute();
    const { jwks } = await loadKeys({ db: stores.db, seal: createSeal([key], 'signing-key') });
    for (const { d } of jwks.keys) {
      expect(d).toBeDefined();
      expect(JSON.stringify(rows)).not.toContain(String(d));
    }
  });

  test('without the key that sealed them, the start fails and says which variable', async () => {
    const foreign = createSeal(['another-encryption-key-0123456789abcdefgh'], 'signing-key');
    await expect(loadKeys({ db: stores.db, seal: foreign })).rejects.toThrow(/^M-CONF-001: ENCRYPTION_KEYS/);
  });
});
