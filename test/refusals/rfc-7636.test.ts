/** Proof Key for Code Exchange: what has to be refused, at the request and at the redemption (RFC 7636 §4, §7.2). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { codeFor, expectGrantRefused } from '../replay/support/granted.ts';
import { authorizationRequest, redeem, toolAnswer, untilTool } from '../replay/support/relying-party.ts';
import type { Changes } from '../replay/support/relying-party.ts';
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

describe('§4.4.1 at the authorization endpoint', () => {
  test.each<readonly [string, Changes]>([
    ['RFC 7636 §4.4.1: no challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['RFC 7636 §4.3: no method, which would mean plain', { code_challenge_method: undefined }],
    ['RFC 7636 §7.2: plain', { code_challenge_method: 'plain' }],
    ['RFC 7636 §4.4.1: a method that nobody knows', { code_challenge_method: 'S512' }],
    ['RFC 7636 §4.2: a challenge that is none', { code_challenge: 'x' }],
    ['RFC 7636 §4.3: a method without challenge', { code_challenge: undefined }],
  ])('%s', async (_name, changes) => {
    const attempt = authorizationRequest(all.world.issuer, all.tiers, changes);
    const page = await browser.get(attempt.url, { redirects: untilTool(all.tiers) });
    expect(toolAnswer(page.location).error).toBe('invalid_request');
  });
});

describe('§4.6 at the token endpoint', () => {
  test.each<readonly [string, string | undefined, string]>([
    ['RFC 7636 §4.6: no verifier', undefined, 'invalid_grant'],
    ['RFC 7636 §4.6: another verifier', 'y'.repeat(43), 'invalid_grant'],
    ['RFC 7636 §4.1: a verifier too short', 'y'.repeat(42), 'invalid_request'],
    ['RFC 7636 §4.1: a verifier too long', 'y'.repeat(129), 'invalid_request'],
    ['RFC 7636 §4.1: a verifier with other characters', `${'y'.repeat(42)}é`, 'invalid_request'],
  ])('%s', async (_name, verifier, error) => {
    const { attempt, code } = await codeFor(all.world, browser, all.tiers);
    const answer = await redeem(all.world.issuer, attempt, code, { code_verifier: verifier });
    expectGrantRefused(answer, error);
  });

  test('RFC 7636 §4.6: the challenge, or its upper case, is not the verifier', async () => {
    const { attempt, code } = await codeFor(all.world, browser, all.tiers);
    const challenge = new URL(attempt.url).searchParams.get('code_challenge') ?? '';
    expectGrantRefused(await redeem(all.world.issuer, attempt, code, { code_verifier: challenge }));
    const upper = { code_verifier: attempt.verifier.toUpperCase() };
    expectGrantRefused(await redeem(all.world.issuer, attempt, code, upper));
    expect((await redeem(all.world.issuer, attempt, code)).status).toBe(200);
  });
});
