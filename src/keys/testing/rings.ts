/** Key rings of one database of their own, under a clock that the test moves; all of it ends with the test file. */
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { newMigratedDataDir } from '../../../test/support/migrated-data-dir.ts';
import { createSeal } from '../../config/config.ts';
import { migrate, openStores } from '../../storage/storage.ts';
import type { Stores } from '../../storage/storage.ts';
import { createKeyRing } from '../key-ring.ts';
import type { KeyRing, KeyRingOptions } from '../key-ring.ts';
import type { KeySet } from '../key-set.ts';

export const encryptionKey = 'encryption-key-of-the-tests-0123456789abcdef';
const seal = createSeal([encryptionKey], 'signing-key');
export const hour = 3600;
export const day = 24 * hour;

export const signs = ({ signingKey }: KeySet) => signingKey('ES256').kid;
export const published = ({ jwks }: KeySet) => jwks.keys.map(({ kid }) => kid);
export const mayOnlyVerify = ({ jwks }: KeySet) =>
  jwks.keys.flatMap(({ kid, key_ops: ops }) => (ops?.join() === 'verify' ? kid : []));

/** To call once, at the top of a test file. */
export function useRings() {
  let stores: Stores;
  let dataDir: string;
  let now: number;
  const clock = () => new Date(now);
  const rings: KeyRing[] = [];
  const store = () => ({ db: stores.db, seal, clock });

  beforeAll(async () => {
    dataDir = await newMigratedDataDir();
    stores = await openStores({ dataDir, clock: () => new Date() });
    await migrate(stores, 'migrations');
  });
  afterAll(async () => {
    await stores.close();
    await rm(dataDir, { recursive: true });
  });
  beforeEach(() => {
    now = Date.UTC(2027, 0, 1);
  });
  afterEach(() => {
    for (const each of rings.splice(0)) each.stop();
  });

  return {
    clock,
    pass: (seconds: number): void => void (now += seconds * 1000),
    store,
    ring: async (options: Partial<KeyRingOptions> = {}): Promise<KeyRing> => {
      const made = await createKeyRing({ ...store(), pollMs: 60_000, ...options });
      rings.push(made);
      return made;
    },
  };
}
