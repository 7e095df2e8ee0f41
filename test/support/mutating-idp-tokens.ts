import { randomBytes } from 'node:crypto';
import { CompactEncrypt, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import type { Claims, SignatureDeviation } from './mutating-idp-deviations.ts';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

export const makeSigningKey = async (): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = `key-${randomBytes(4).toString('hex')}`;
  return {
    kid,
    privateKey,
    publicKey,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' },
  };
};

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signWith = (key: CryptoKey | Uint8Array, alg: string, kid: string, payload: Claims): Promise<string> =>
  new SignJWT({ ...payload }).setProtectedHeader({ alg, kid }).sign(key);

const split = (jwt: string): readonly [header: string, payload: string, signature: string] => {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  return [header, payload, signature];
};

/** Changes one bit in the middle of the signature: still the right length, still base64url. */
const flip = (jwt: string): string => {
  const [header, payload, signature] = split(jwt);
  const bytes = Buffer.from(signature, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  return `${header}.${payload}.${bytes.toString('base64url')}`;
};

/** @param deviation undefined: signed as it should be, with ES256 and the published key */
export const signIdToken = async (
  key: SigningKey,
  payload: Claims,
  deviation: SignatureDeviation | undefined,
): Promise<string> => {
  const right = await signWith(key.privateKey, 'ES256', key.kid, payload);
  const [header, body, signature] = split(right);
  switch (deviation) {
    case undefined:
      return right;
    case 'none':
      return `${encode({ alg: 'none', kid: key.kid })}.${body}.`;
    case 'hs256_public_key': {
      // The confusion of CVE-2024-37568 and its kin: the public key taken for a shared secret.
      const secret = new TextEncoder().encode(await exportSPKI(key.publicKey));
      return signWith(secret, 'HS256', key.kid, payload);
    }
    case 'flipped':
      return flip(right);
    case 'empty':
      return `${header}.${body}.`;
    case 'payload_changed':
      return `${header}.${encode({ ...payload, acr: 'eidas3' })}.${signature}`;
    case 'critical':
      return new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, crit: ['b64'], b64: true })
        .sign(key.privateKey);
    case 'encrypted':
      return new CompactEncrypt(new TextEncoder().encode(right))
        .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', cty: 'JWT' })
        .encrypt((await generateKeyPair('ECDH-ES')).publicKey);
    case 'unknown_kid':
      return signWith(key.privateKey, 'ES256', 'unpublished', payload);
    case 'other_key':
      return signWith((await makeSigningKey()).privateKey, 'ES256', key.kid, payload);
  }
};
