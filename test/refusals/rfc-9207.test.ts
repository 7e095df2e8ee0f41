/** The issuer in each authorization response, good or bad (RFC 9207 §2), and details that we do not know (RFC 9396). */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { agent, codeFor } from '../replay/support/granted.ts';
import {
  authorizationRequest,
  redeem,
  send,
  signIn,
  silently,
  toolAnswer,
  untilTool,
} from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let browser: Browser;

beforeAll(async () => {
  all = await startRefusalWorld();
}, startUp);
afterAll(() => all.world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

test('RFC 9207 §2: a code comes with the issuer', async () => {
  const { url } = await signIn(browser, authorizationRequest(all.world.issuer, all.tiers), agent);
  expect(url.searchParams.getAll('iss')).toEqual([all.world.issuer]);
});

test('RFC 9207 §2: so does an error', async () => {
  const silent = await silently(browser, all.world.issuer, all.tiers);
  expect(silent.error).toBe('login_required');
  expect(silent.url.searchParams.getAll('iss')).toEqual([all.world.issuer]);
  const wrong = authorizationRequest(all.world.issuer, all.tiers, { response_type: 'pigeon' });
  const { url } = toolAnswer((await browser.get(wrong.url, { redirects: untilTool(all.tiers) })).location);
  expect(url.searchParams.getAll('iss')).toEqual([all.world.issuer]);
});

test('RFC 9207 §3: the metadata says that it always does', async () => {
  const { json } = await send(`${all.world.issuer}/.well-known/openid-configuration`);
  expect(json['authorization_response_iss_parameter_supported']).toBe(true);
});

test('RFC 9396 §10: authorization details are not supported, are not advertised, and grant nothing', async () => {
  const { json } = await send(`${all.world.issuer}/.well-known/openid-configuration`);
  expect(json['authorization_details_types_supported']).toBeUndefined();
  const { attempt, code } = await codeFor(all.world, browser, all.tiers, {
    authorization_details: '[{"type":"payment_initiation"}]',
  });
  const answer = await redeem(all.world.issuer, attempt, code);
  expect(answer.json['authorization_details']).toBeUndefined();
  expect(answer.json['scope']).toBe('openid email');
});
