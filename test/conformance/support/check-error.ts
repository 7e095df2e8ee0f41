import { expect } from 'vitest';
import type { Answer } from '../../replay/support/relying-party.ts';

/** Characters that RFC 6749 §4.1.2.1 and §5.2 allow in `error` and `error_description`. */
const allowed = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

export function checkErrorText(said: {
  readonly error: string;
  readonly description: string | undefined;
  readonly uri: string | undefined;
}): void {
  expect(said.error).toMatch(allowed);
  if (said.description !== undefined) expect(said.description).toMatch(allowed);
  if (said.uri !== undefined) {
    expect(said.uri).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(URL.canParse(said.uri)).toBe(true);
  }
}

/** RFC 6749 §5.2, OpenID Connect Core §3.1.3.4. */
export function checkTokenError(answer: Answer, expected: string, status = 400): void {
  checkJsonError(answer, expected, status);
  expect(answer.headers['pragma']).toBe('no-cache');
}

/** The same at the other endpoints of clients, such as RFC 9126 §2.3. */
export function checkJsonError(answer: Answer, expected: string, status = 400): void {
  expect(answer.status, answer.body).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  expect(answer.headers['cache-control']).toContain('no-store');
  const { error, error_description: description, error_uri: uri, ...rest } = answer.json;
  checkErrorText({
    error: typeof error === 'string' ? error : '',
    description: typeof description === 'string' ? description : undefined,
    uri: typeof uri === 'string' ? uri : undefined,
  });
  expect(error).toBe(expected);
  expect(rest).toEqual({});
}
