/** How long tokens live, and who gets one that outlives the session (OpenID Connect Core §11, RFC 9700 §4.14.2). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { codeFor, expectDead, expectGrantRefused, refresh } from '../replay/support/granted.ts';
import { redeem, silently, tokensOf, userinfo } from '../replay/support/relying-party.ts';
import type { Changes, Tokens, Tool } from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';
import { movableTime } from './time.ts';

const time = movableTime();
const [hour, day] = [3600, 24 * 3600];
const scope = 'openid email offline_access';
const always = extraTool('toujours', { scope: 'openid email' });
const offline = extraTool('hors-ligne', { scope });
const never = extraTool('jamais', { scope: 'openid email' });
let world: World;
let browser: Browser;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('toujours', { refresh_token: 'always', scope }),
      extraClient('hors-ligne', { refresh_token: 'offline_access', scope }),
      extraClient('jamais', { refresh_token: 'never', scope }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

async function given(tool: Tool, changes: Changes = {}): Promise<Tokens> {
  const { attempt, code } = await codeFor(world, browser, tool, changes);
  return tokensOf(await redeem(world.issuer, attempt, code));
}

/** Refreshes after each wait; every one has to succeed. */
async function kept(tool: Tool, first: Tokens, ...waits: readonly number[]): Promise<Tokens> {
  let tokens = first;
  for (const wait of waits) {
    time.pass(wait);
    const answer = await refresh(world, tool, tokens.refresh_token);
    expect(answer.status, `after ${wait} s`).toBe(200);
    tokens = tokensOf(answer);
  }
  return tokens;
}

describe('offline_access', () => {
  const consent = { prompt: 'login consent' };

  test('Core §11: asked with prompt=consent it is granted, and said in the scope', async () => {
    const tokens = await given(offline, consent);
    expect(tokens.scope).toBe(scope);
    expect(tokens.refresh_token).toBeDefined();
  });

  test('Core §11: asked without, it is ignored: no refresh token, no such scope, no error', async () => {
    const tokens = await given(offline);
    expect(tokens.scope).toBe('openid email');
    expect(tokens.refresh_token).toBeUndefined();
  });

  test('ProConnect: a tool with refresh_token: always gets one without asking; it is tied to the session', async () => {
    const tokens = await given(always);
    expect(tokens.scope).toBe('openid email');
    const page = await browser.get(`${world.issuer}/session/end?id_token_hint=${tokens.id_token}`);
    await browser.submitForm(page, { logout: 'yes' });
    expectGrantRefused(await refresh(world, always, tokens.refresh_token));
  });

  test('a tool with refresh_token: never gets none, whatever it asks', async () => {
    const tokens = await given(never, { scope, ...consent });
    expect(tokens.refresh_token).toBeUndefined();
    expect(tokens.scope).toBe('openid email');
  });

  test('ends after 14 days without use', async () => {
    const tokens = await kept(offline, await given(offline, consent), 14 * day - 60);
    time.pass(14 * day);
    await expectDead(world, tokens, offline);
  });

  test('ends 30 days after the sign-in, however often it is used', async () => {
    const tokens = await kept(offline, await given(offline, consent), 10 * day, 10 * day, 10 * day - 60);
    expect((await userinfo(world.issuer, tokens.access_token)).status).toBe(200);
    time.pass(61);
    expectGrantRefused(await refresh(world, offline, tokens.refresh_token));
  });
});

describe('a refresh token of a session', () => {
  test('ends with it: four hours after the browser was last here', async () => {
    const tokens = await kept(always, await given(always), 3 * hour);
    // A session outlives its end by the 15 seconds that clocks may differ.
    time.pass(hour + 16);
    expectGrantRefused(await refresh(world, always, tokens.refresh_token));
  });

  test('ends in any case twelve hours after it was first given, however often both are used', async () => {
    let tokens = await given(always);
    for (const wait of [3 * hour, 3 * hour, 3 * hour, 3 * hour - 60]) {
      tokens = await kept(always, tokens, wait);
      expect((await silently(browser, world.issuer, always)).code).toBeDefined();
    }
    time.pass(61);
    expectGrantRefused(await refresh(world, always, tokens.refresh_token));
  });
});

test('an access token lives an hour, and says so', async () => {
  const { attempt, code } = await codeFor(world, browser, always);
  const answer = await redeem(world.issuer, attempt, code);
  expect(answer.json['expires_in']).toBe(hour);
  const { access_token: token } = tokensOf(answer);
  time.pass(hour - 1);
  expect((await userinfo(world.issuer, token)).status).toBe(200);
  time.pass(1 + 15);
  expect((await userinfo(world.issuer, token)).status).toBe(401);
});

test('a code lives sixty seconds (RFC 9700 §2.1.1)', async () => {
  const { attempt, code } = await codeFor(world, browser, always);
  time.pass(61);
  expectGrantRefused(await redeem(world.issuer, attempt, code));
});
