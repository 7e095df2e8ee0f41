/** A key of DPoP (RFC 9449) and what it signs, right or wrong. */
import { createHash, randomUUID } from 'node:crypto';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';

type Changes = Readonly<Record<string, unknown>>;

export interface ProofChanges {
  /** `undefined` leaves a member out. */
  readonly claims?: Changes;
  readonly header?: Changes;
  /** Signs instead of the key that the header holds. */
  readonly key?: CryptoKey;
}

export interface DpopKey {
  readonly thumbprint: string;
  readonly privateKey: CryptoKey;
  readonly privateJwk: JWK;
  /** @param token the access token that the proof goes with, at a resource */
  proof(method: string, url: string, token?: string, changes?: ProofChanges): Promise<string>;
}

export const epoch = (): number => Math.floor(Date.now() / 1000);

const present = (members: Changes): Changes =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export async function newDpopKey(alg = 'ES256'): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    privateKey,
    privateJwk: await exportJWK(privateKey),
    proof: (htm, htu, token, { claims = {}, header = {}, key = privateKey } = {}) =>
      new SignJWT(
        present({
          htm,
          htu,
          jti: randomUUID(),
          iat: epoch(),
          ...(token !== undefined && { ath: hashOf(token) }),
          ...claims,
        }),
      )
        .setProtectedHeader({ alg, ...present({ typ: 'dpop+jwt', jwk, ...header }) })
        .sign(key),
  };
}
