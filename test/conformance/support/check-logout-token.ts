import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect } from 'vitest';
import { z } from 'zod';
import type { IdToken } from './check-id-token.ts';
import type { KeySet } from './metadata.ts';
import type { Received } from './receiver.ts';

/** Exactly this event, with an empty object. */
const event = 'http://schemas.openid.net/event/backchannel-logout';

/** Back-Channel Logout §2.4. */
const logoutTokenSchema = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().min(1),
  sub: z.string().optional(),
  sid: z.string().optional(),
  events: z.strictObject({ [event]: z.strictObject({}) }),
});

/** Back-Channel Logout §2.4 to §2.6. @param idToken of the sign-in that is over */
export async function checkLogoutRequest(
  received: Received,
  expected: {
    readonly issuer: string;
    readonly clientId: string;
    readonly keys: KeySet;
    readonly idToken: IdToken;
  },
): Promise<void> {
  expect(received.method).toBe('POST');
  expect(received.contentType).toMatch(/^application\/x-www-form-urlencoded\b/);
  expect([...received.form.keys()]).toEqual(['logout_token']);
  expect([...received.query.keys()]).toEqual([]);
  const token = received.form.get('logout_token') ?? '';

  const { alg, typ, kid } = decodeProtectedHeader(token);
  expect(alg).toBe(expected.idToken.header['alg']);
  // §2.4 recommends the type; receivers that check it know no other.
  expect(typ).toBe('logout+jwt');
  expect(expected.keys.keys.some((key) => key.kid === kid)).toBe(true);
  const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...expected.keys.keys] }));
  const claims = logoutTokenSchema.parse(payload);
  const now = Math.floor(Date.now() / 1000);

  expect(claims.iss).toBe(expected.issuer);
  expect([claims.aud].flat()).toEqual([expected.clientId]);
  expect(claims.iat).toBeLessThanOrEqual(now);
  expect(claims.exp).toBeGreaterThan(now);
  // §4: not longer than two minutes, so that a copy is soon worth nothing.
  expect(claims.exp - claims.iat).toBeLessThanOrEqual(120);
  expect(claims).not.toHaveProperty('nonce');
  // Certification asks for both: the session is named in the ID token, and here.
  expect(claims.sub).toBe(expected.idToken.claims.sub);
  expect(expected.idToken.claims.sid).toEqual(expect.stringMatching(/./));
  expect(claims.sid).toBe(expected.idToken.claims.sid);
}
