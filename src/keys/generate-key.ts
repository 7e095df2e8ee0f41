import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import { decryptionAlgorithms, signingAlgorithms } from '../declarations/declarations.ts';
import type { DecryptionAlgorithm } from '../declarations/declarations.ts';

/** In order of preference: ES256 is the default, and OpenID Connect Discovery §3 wants RS256. */
export const keyAlgorithms = signingAlgorithms;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** What has a chain of keys: what we sign with, then what others encrypt to. */
export const rotatingAlgorithms = [...keyAlgorithms, ...decryptionAlgorithms] as const;
export type RotatingAlgorithm = SigningAlgorithm | DecryptionAlgorithm;
const isDecryption = (alg: RotatingAlgorithm): boolean => decryptionAlgorithms.some((one) => one === alg);

/**
 * What pairwise subjects and the nonces of DPoP are derived from. They never rotate: with another salt every person
 * would be somebody else in every tool.
 */
export const secretNames = ['pairwise', 'dpop-nonce'] as const;
export type SecretName = (typeof secretNames)[number];

export interface GeneratedKey {
  readonly kid: string;
  readonly alg: RotatingAlgorithm | SecretName;
  /** The private JWK, with `kid`, `alg` and `use`: tools refuse published keys without. */
  readonly jwk: JWK;
}

/** Takes up to a second for RSA: never to be called while a lock is held that requests wait for. */
export async function generateKey(alg: RotatingAlgorithm): Promise<GeneratedKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  // A kid is typed after `maillon keys withdraw`, where a dash would begin an option.
  if (kid.startsWith('-')) return generateKey(alg);
  return { kid, alg, jwk: { ...jwk, kid, use: isDecryption(alg) ? 'enc' : 'sig', alg } };
}

export const generateSecret = (name: SecretName): GeneratedKey => ({
  kid: name,
  alg: name,
  jwk: { kty: 'oct', k: randomBytes(32).toString('base64url'), kid: name },
});
