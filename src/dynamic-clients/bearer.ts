import { hash } from 'node:crypto';
import { RegistrationError, TokenMissing } from './registration-error.ts';

/** Bytes from a good source: `crypto.randomBytes`. */
export type Random = (size: number) => Buffer;

/** 256 bits as base64url: a token or a secret. */
export const newSecret = (random: Random): string => random(32).toString('base64url');

/** What is kept of a token: 256 random bits need no salt (storage/keys.ts keeps the same). */
export const tokenDigest = (token: string): string => hash('sha256', token, 'base64url');

/**
 * The token of the `Authorization` header, which is the only place for it (RFC 7591 §3.1, RFC 6750 §2.1).
 * @throws TokenMissing, or RegistrationError invalid_token when what is there cannot be one
 */
export function bearerToken(authorization: string | undefined): string {
  const [scheme, ...rest] = (authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer') throw new TokenMissing();
  const token = rest.join(' ');
  if (!/^[A-Za-z0-9._~+/-]{1,200}=*$/.test(token))
    throw new RegistrationError('invalid_token', 'the access token is malformed');
  return token;
}
