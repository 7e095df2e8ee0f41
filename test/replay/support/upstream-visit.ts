/** A login by an identity provider that answers at once, step by step, and what a refusal has to leave behind. */
import { expect } from 'vitest';
import { catalogue } from '../../../src/errors/errors.ts';
import type { ErrorCode } from '../../../src/errors/errors.ts';
import type { Browser, Page } from '../../support/browser-session.ts';
import { visibleText } from '../../support/html-page.ts';
import { shownCode } from './pages.ts';
import { silently, toolAnswer, untilTool } from './relying-party.ts';
import type { Attempt } from './relying-party.ts';
import { secondPerson } from './second-idp.ts';

const ownEmail = secondPerson.claims.email;

/** E-mail page → identity provider → callback, and what the browser shows at the end. */
export async function goThrough(
  browser: Browser,
  attempt: Attempt,
  email: string = ownEmail,
  stop = untilTool(attempt.tool),
): Promise<Page> {
  return browser.submitForm(await browser.get(attempt.url), { email }, { redirects: stop });
}

/** To the callback, which is not opened: the address that the identity provider sends the browser to. */
export async function untilCallback(browser: Browser, attempt: Attempt): Promise<URL> {
  const page = await goThrough(browser, attempt, ownEmail, (url) => url.pathname.startsWith('/callback/'));
  return new URL(page.location ?? '');
}

export async function expectNobodySignedIn(browser: Browser, { issuer, tool }: Attempt): Promise<void> {
  expect((await silently(browser, issuer, tool)).error).toBe('login_required');
}

/** The button of the page leads to the tool, with the error of the code. */
export async function expectWayBack(
  browser: Browser,
  page: Page,
  attempt: Attempt,
  code: ErrorCode,
): Promise<void> {
  const end = await browser.click(page, 'Revenir à', { redirects: untilTool(attempt.tool) });
  const back = toolAnswer(end.location);
  expect(back.error).toBe(catalogue[code].oauthError);
  expect(back.description).toBe(code);
  expect(back.url.searchParams.get('state')).toBe(attempt.state);
  expect(back.url.searchParams.get('iss')).toBe(attempt.issuer);
}

export function codeOf(page: Page): ErrorCode {
  const shown = shownCode(page);
  const code = Object.keys(catalogue).find((one): one is ErrorCode => one === shown);
  if (code === undefined)
    throw new Error(`no code on ${page.url} (${page.status}): ${visibleText(page.body)}`);
  return code;
}
