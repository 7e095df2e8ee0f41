import { expect } from 'vitest';
import type { Page } from '../../support/browser-session.ts';
import { checkErrorText } from './check-error.ts';
import { bitsIn } from './entropy.ts';
import type { SentRequest } from './party.ts';
import type { Received } from './receiver.ts';

export interface AuthorizationError {
  readonly error: string;
  readonly description: string | undefined;
}

/** Which codes a request that may show no page is refused with (OpenID Connect Core §3.1.2.6). */
export const userInterfaceRequired: readonly string[] = [
  'interaction_required',
  'login_required',
  'account_selection_required',
  'consent_required',
];

/** OpenID Connect Core §3.1.2.5: the answer to the one request, where it was asked for, with its `state` and `iss`. */
export function checkedCode(sent: SentRequest, page: Page, received: readonly Received[]): string {
  const answer = responseOf(sent, page, received);
  expect(answer.get('error'), answer.toString()).toBeNull();
  const code = answer.get('code') ?? '';
  expect(code).toMatch(/^[\x20-\x7e]+$/);
  // RFC 6749 §10.10, RFC 6819 §5.1.4.2.2: 128 bits at least.
  expect(bitsIn(code)).toBeGreaterThanOrEqual(128);
  expect(onlyNames(answer, ['code', 'state', 'iss', 'session_state'])).toEqual([]);
  return code;
}

/** OpenID Connect Core §3.1.2.6, RFC 6749 §4.1.2.1. */
export function checkedError(
  sent: SentRequest,
  page: Page,
  received: readonly Received[],
): AuthorizationError {
  const answer = responseOf(sent, page, received);
  expect(answer.get('code')).toBeNull();
  const error = answer.get('error') ?? '';
  const description = answer.get('error_description') ?? undefined;
  checkErrorText({ error, description, uri: answer.get('error_uri') ?? undefined });
  expect(
    onlyNames(answer, ['error', 'error_description', 'error_uri', 'state', 'session_state', 'iss']),
  ).toEqual([]);
  return { error, description };
}

/** The parameters of the answer, after the checks that do not depend on what it says. */
function responseOf(sent: SentRequest, page: Page, received: readonly Received[]): URLSearchParams {
  const [one, ...more] = received;
  if (one === undefined) throw new Error(`not sent back, but on ${page.url} (${page.status})`);
  expect(more).toEqual([]);
  if (sent.mode === 'form_post') {
    // OAuth 2.0 Form Post Response Mode §2: nothing of the answer is in the address.
    expect(one.method).toBe('POST');
    expect(one.contentType).toMatch(/^application\/x-www-form-urlencoded\b/);
    expect([...one.query.keys()]).toEqual([]);
  } else {
    expect(one.method).toBe('GET');
  }
  const answer = sent.mode === 'form_post' ? one.form : one.query;
  expect(new Set(answer.keys()).size, 'a parameter comes twice').toBe([...answer.keys()].length);
  expect(answer.get('state') ?? undefined).toBe(sent.state);
  // RFC 9207 §2: our metadata says that it is always there.
  expect(answer.get('iss')).toBe(sent.issuer);
  return answer;
}

const onlyNames = (answer: URLSearchParams, known: readonly string[]): readonly string[] =>
  [...answer.keys()].filter((name) => !known.includes(name));
