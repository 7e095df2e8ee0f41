import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect } from 'vitest';
import { z } from 'zod';
import { redirectQuery } from './fapi2-clients.ts';
import type { KeySet } from './metadata.ts';
import type { Received } from './receiver.ts';

/** The query of the redirect URI came back as it is; what is left is the answer (RFC 6749 §3.1.2). */
export function withoutRedirectQuery(received: Received, redirectUri: string): Received {
  const query = new URLSearchParams(received.query);
  if (redirectUri.includes('?')) {
    for (const [name, value] of Object.entries(redirectQuery)) {
      expect(query.getAll(name)).toEqual([value]);
      query.delete(name);
    }
  }
  return { ...received, query };
}

const claimsSchema = z.looseObject({ iss: z.string(), aud: z.string(), exp: z.number() });
const textSchema = z.string();

/** JARM §2.1 to §2.4: one parameter, a JWT of the issuer for this client, good for ten minutes at most; and its content. */
export async function unwrapped(
  received: Received,
  expected: {
    readonly issuer: string;
    readonly clientId: string;
    readonly algorithm: string;
    readonly keys: KeySet;
  },
): Promise<Received> {
  expect([...received.query.keys()]).toEqual(['response']);
  const response = received.query.get('response') ?? '';
  const { alg, kid } = decodeProtectedHeader(response);
  expect(alg).toBe(expected.algorithm);
  expect(expected.keys.keys.filter((key) => key.kid === kid)).toHaveLength(1);
  const { payload } = await jwtVerify(response, createLocalJWKSet({ keys: [...expected.keys.keys] }));
  const { iss, aud, exp, ...rest } = claimsSchema.parse(payload);
  expect([iss, aud]).toEqual([expected.issuer, expected.clientId]);
  const now = Date.now() / 1000;
  expect(exp).toBeGreaterThan(now);
  expect(exp).toBeLessThanOrEqual(now + 600);
  const members = Object.entries(rest).map(([name, value]): [string, string] => [
    name,
    textSchema.parse(value),
  ]);
  return { ...received, query: new URLSearchParams([...members, ['iss', iss]]) };
}
