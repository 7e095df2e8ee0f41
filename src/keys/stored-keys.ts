import type { JWK } from 'jose';
import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { Clock, Seal } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { generateKey, generateSecret, keyAlgorithms, secretNames } from './generate-key.ts';
import type { GeneratedKey, RotatingAlgorithm } from './generate-key.ts';
import type { KeyTimes } from './key-roles.ts';

/** Any number will do, as long as every version of Maillon takes the same. */
const lock = 7_264_001;

const sealedSchema = z.object({ jwk: z.looseObject({ kty: z.string() }) });

export interface KeyStore {
  readonly db: Kysely<Database>;
  /** Private parts rest sealed with ENCRYPTION_KEYS. */
  readonly seal: Seal;
  readonly clock: Clock;
}

/** Everything but the keys themselves. */
export async function readKeyTimes(db: Kysely<Database>): Promise<readonly KeyTimes[]> {
  const rows = await db
    .selectFrom('signing_key')
    .select(['kid', 'alg', 'activates_at', 'created_at'])
    .execute();
  return rows.map(({ kid, alg, activates_at: activatesAt, created_at: createdAt }) => ({
    kid,
    alg,
    activatesAt,
    createdAt,
  }));
}

export interface OpenedKeys {
  readonly opened: ReadonlyMap<string, JWK>;
  /** Sealed with an encryption key that we do not have; what is said of each, by kid. */
  readonly unopenable: ReadonlyMap<string, BrokerError>;
}

/** A kid that is no longer stored is in neither. */
export async function openKeys(
  { db, seal }: Omit<KeyStore, 'clock'>,
  kids: readonly string[],
): Promise<OpenedKeys> {
  const opened = new Map<string, JWK>();
  const unopenable = new Map<string, BrokerError>();
  if (kids.length === 0) return { opened, unopenable };
  const rows = await db
    .selectFrom('signing_key')
    .select(['kid', 'sealed_jwk'])
    .where('kid', 'in', [...kids])
    .execute();
  for (const { kid, sealed_jwk: sealed } of rows) {
    const content = sealedSchema.safeParse(await seal.open(sealed));
    if (content.success) opened.set(kid, content.data.jwk);
    else {
      const detail = `ENCRYPTION_KEYS cannot open the signing key ${kid}: give back the key it was sealed with`;
      unopenable.set(kid, new BrokerError('M-CONF-001', { detail }));
    }
  }
  return { opened, unopenable };
}

/** One process at a time changes keys. What it reads inside is what the others left. */
export function changeKeys<T>(
  { db }: Pick<KeyStore, 'db'>,
  change: (trx: Transaction<Database>, keys: readonly KeyTimes[]) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${lock})`.execute(trx);
    return change(trx, await readKeyTimes(trx));
  });
}

/**
 * @param state what the version before reads: it signs with the one `current` key of an algorithm, and overlooks `next`.
 * We read times only, and never change what is written here.
 */
export async function insertKey(
  trx: Transaction<Database>,
  { seal, clock }: Omit<KeyStore, 'db'>,
  { kid, alg, jwk }: GeneratedKey,
  { state, activatesAt }: { readonly state: 'current' | 'next'; readonly activatesAt: Date },
): Promise<void> {
  await trx
    .insertInto('signing_key')
    .values({
      kid,
      alg,
      state,
      sealed_jwk: await seal.seal({ jwk }),
      created_at: clock(),
      activates_at: activatesAt,
    })
    .execute();
}

/** Several processes may start at once on an empty database: each makes a set, the first one's is everybody's. */
export async function createMissingKeys(
  store: KeyStore,
  algs: readonly RotatingAlgorithm[] = keyAlgorithms,
): Promise<void> {
  const known = new Set((await readKeyTimes(store.db)).map(({ alg }) => alg));
  const made = [
    ...(await Promise.all(algs.filter((alg) => !known.has(alg)).map(generateKey))),
    ...secretNames.filter((name) => !known.has(name)).map(generateSecret),
  ];
  if (made.length === 0) return;
  await changeKeys(store, async (trx, keys) => {
    for (const key of made) {
      if (keys.some(({ alg }) => alg === key.alg)) continue;
      await insertKey(trx, store, key, { state: 'current', activatesAt: store.clock() });
    }
  });
}
