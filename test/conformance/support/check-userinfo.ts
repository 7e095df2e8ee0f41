import { expect } from 'vitest';
import type { Answer } from '../../replay/support/relying-party.ts';
import { checkStandardClaims } from './standard-claims.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** OpenID Connect Core §5.3.2: JSON, about the very person of the ID token. */
export function checkedUserinfo(answer: Answer, idToken: { readonly sub: string }): Claims {
  expect(answer.status, answer.body).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  expect(answer.json['sub']).toBe(idToken.sub);
  checkStandardClaims(answer.json);
  // §5.6.2: a source that a claim points to is there. We have none.
  expect(answer.json).not.toHaveProperty('_claim_names');
  return answer.json;
}

/** RFC 6750 §3.1: a token that serves no more. */
export function checkRefusedToken(answer: Answer): void {
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b.*error="invalid_token"/);
}
