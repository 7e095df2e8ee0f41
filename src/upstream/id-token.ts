import { createHash } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import type { IDToken } from 'openid-client';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import type { SealedAttempt } from './attempt.ts';
import { clockTolerance } from './connection.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

export interface ReceivedIdToken {
  readonly claims: IDToken;
  /** Compact JWS, its signature verified. */
  readonly jwt: string;
  readonly accessToken: string;
  readonly attempt: SealedAttempt;
  readonly idp: IdentityProvider;
  readonly now: Date;
}

/** Seconds that `iat` may be ahead of our clock. */
const iatAhead = 60;

/**
 * What openid-client leaves unchecked in OpenID Connect Core §3.1.3.7. (It checks signature, alg, iss, aud, azp with
 * several audiences, exp, nbf, nonce, and that iat and auth_time are numbers.)
 */
const rules: readonly {
  readonly rule: string;
  readonly code: ErrorCode;
  readonly broken: (token: ReceivedIdToken) => boolean;
}[] = [
  {
    rule: 'azp, when present, is us (point 5)',
    code: 'M-UPST-021',
    broken: ({ claims, idp }) => claims.azp !== undefined && claims.azp !== idp.client_id,
  },
  {
    rule: 'iat is not in the future (point 10)',
    code: 'M-UPST-022',
    broken: ({ claims, now }) => claims.iat > now.getTime() / 1000 + iatAhead,
  },
  {
    rule: 'at_hash, when present, is of this access token (§3.1.3.8)',
    code: 'M-UPST-023',
    broken: ({ claims, jwt, accessToken }) =>
      claims.at_hash !== undefined && claims.at_hash !== atHash(accessToken, jwt),
  },
  {
    rule: 'sub is at most 255 printable ASCII characters (§2)',
    code: 'M-UPST-010',
    broken: ({ claims }) => !/^[\x20-\x7e]{1,255}$/.test(claims.sub),
  },
  {
    rule: 'auth_time is not in the future',
    code: 'M-UPST-022',
    broken: ({ claims, now }) =>
      claims.auth_time !== undefined && claims.auth_time > now.getTime() / 1000 + iatAhead,
  },
  {
    rule: 'auth_time says that the person was asked again, if we wanted that: many IdPs ignore prompt=login',
    code: 'M-UPST-017',
    broken: ({ claims, attempt }) =>
      attempt.forceLogin && (claims.auth_time ?? 0) < attempt.startedAt.getTime() / 1000 - clockTolerance,
  },
  {
    rule: 'auth_time says that the person was asked within max_age (point 13)',
    code: 'M-UPST-017',
    broken: ({ claims, attempt, now }) =>
      attempt.maxAge !== undefined &&
      (claims.auth_time ?? 0) + attempt.maxAge < now.getTime() / 1000 - clockTolerance,
  },
];

/** @throws BrokerError M-UPST-010, M-UPST-017, M-UPST-021 to M-UPST-023 */
export function checkIdToken(token: ReceivedIdToken): void {
  for (const { rule, code, broken } of rules) {
    if (broken(token))
      throw new BrokerError(code, { detail: `broken: ${rule}`, values: { idp: token.idp.name } });
  }
}

/** Left half of the hash of the access token, by the hash of the signature (OpenID Connect Core §3.1.3.6). */
export function atHash(accessToken: string, jwt: string): string {
  const { alg = '' } = decodeProtectedHeader(jwt);
  const bits = /(\d{3})$/.exec(alg)?.[1];
  // EdDSA on Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
  const hash = createHash(bits === undefined || alg.startsWith('Ed') ? 'sha512' : `sha${bits}`)
    .update(accessToken)
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
