import { expect } from 'vitest';
import { z } from 'zod';
import type { Answer } from '../../replay/support/relying-party.ts';
import { bitsIn } from './entropy.ts';

/** VSCHAR of RFC 6749 appendices A.12 and A.17. */
const visible = /^[\x20-\x7e]+$/;

const tokenResponseSchema = z.looseObject({
  access_token: z.string().regex(visible),
  token_type: z.string(),
  id_token: z.string(),
  expires_in: z.int().positive(),
  refresh_token: z.string().regex(visible).optional(),
  scope: z.string().optional(),
});
export type TokenResponse = z.output<typeof tokenResponseSchema>;

/** RFC 6749 §5.1, OpenID Connect Core §3.1.3.3. @param asked the scopes of the request */
export function checkedTokens(answer: Answer, asked: string, tokenType: 'Bearer' | 'DPoP'): TokenResponse {
  expect(answer.status, answer.body).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  expect(answer.headers['cache-control']).toContain('no-store');
  expect(answer.headers['pragma']).toBe('no-cache');
  const tokens = tokenResponseSchema.parse(answer.json);
  // The case of it does not matter (RFC 6749 §5.1), but some clients compare strings.
  expect(tokens.token_type).toBe(tokenType);
  expect(bitsIn(tokens.access_token)).toBeGreaterThanOrEqual(128);
  if (tokens.refresh_token !== undefined) {
    expect(bitsIn(tokens.refresh_token)).toBeGreaterThanOrEqual(128);
    expect(tokens.refresh_token).not.toBe(tokens.access_token);
  }
  const wanted = new Set(asked.split(' '));
  const given = (tokens.scope ?? asked).split(' ');
  expect(given.filter((scope) => !wanted.has(scope))).toEqual([]);
  expect(given).toContain('openid');
  return tokens;
}
