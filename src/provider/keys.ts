import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Seal } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';

export interface ProviderKeys {
  /** Private JWKs, one of each algorithm: ES256 first (the default); OpenID Connect Discovery §3 wants RS256. */
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly pairwiseSalt: Uint8Array;
  /** What the nonces of DPoP are derived from (RFC 9449 §8): 32 bytes that all processes share. */
  readonly dpopNonceSecret: Buffer;
}

const sealedSchema = z.object({ jwk: z.looseObject({ kty: z.string() }) });

/** Algorithms in order of preference, and the symmetric key that pairwise subjects are derived from. */
const signingAlgorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
const wanted = [...signingAlgorithms, 'pairwise', 'dpop-nonce'] as const;
type Wanted = (typeof wanted)[number];

const lock = 7_264_001;

/**
 * Loads the signing keys, creating what is missing. Several processes may start at once on an empty database: an
 * advisory lock makes them agree on one set. Private parts are sealed with ENCRYPTION_KEYS.
 *
 * @throws BrokerError M-CONF-001 when a stored key was sealed with keys that we no longer have
 */
export async function loadKeys(needs: {
  readonly db: Kysely<Database>;
  readonly seal: Seal;
}): Promise<ProviderKeys> {
  const { db, seal } = needs;
  const rows = await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${lock})`.execute(trx);
    const present = await trx.selectFrom('signing_key').select('alg').execute();
    for (const alg of wanted) {
      if (present.some((row) => row.alg === alg)) continue;
      const jwk = await generate(alg);
      await trx
        .insertInto('signing_key')
        .values({ kid: jwk.kid ?? alg, alg, state: 'current', sealed_jwk: await seal.seal({ jwk }) })
        .execute();
    }
    // Other states (next, retired) belong to rotation; a version that knows them publishes them.
    return trx
      .selectFrom('signing_key')
      .select(['kid', 'alg', 'sealed_jwk'])
      .where('state', '=', 'current')
      .orderBy('created_at')
      .execute();
  });

  const opened = new Map<string, JWK>();
  for (const row of rows) {
    const content = sealedSchema.safeParse(await seal.open(row.sealed_jwk));
    if (!content.success) {
      throw new BrokerError('M-CONF-001', {
        detail: `ENCRYPTION_KEYS cannot open the signing key ${row.kid}: give back the key it was sealed with`,
      });
    }
    opened.set(row.alg, content.data.jwk);
  }
  const symmetric = (name: 'pairwise' | 'dpop-nonce'): Buffer => {
    const value = opened.get(name)?.k;
    if (value === undefined)
      throw new BrokerError('M-CONF-001', { detail: `the ${name} key of the database has no value` });
    return Buffer.from(value, 'base64url');
  };
  return {
    jwks: { keys: signingAlgorithms.flatMap((alg) => opened.get(alg) ?? []) },
    pairwiseSalt: symmetric('pairwise'),
    dpopNonceSecret: symmetric('dpop-nonce'),
  };
}

async function generate(alg: Wanted): Promise<JWK> {
  if (alg === 'pairwise' || alg === 'dpop-nonce') {
    return { kty: 'oct', k: randomBytes(32).toString('base64url'), kid: alg };
  }
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg };
}
