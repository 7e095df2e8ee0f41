/** Introspection: who may ask about which token, and what is told to everybody else (RFC 7662 §2, §4; RFC 9701 §4). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { revoke, tokensFor } from '../replay/support/granted.ts';
import { basic, postAs, postForm, send } from '../replay/support/relying-party.ts';
import type { Answer, Tool } from '../replay/support/relying-party.ts';
import { backToNow, later, startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let browser: Browser;
let endpoint: string;

beforeAll(async () => {
  all = await startRefusalWorld();
  endpoint = `${all.world.issuer}/token/introspection`;
}, startUp);
afterAll(async () => {
  backToNow();
  await all.world.close();
});
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const ask = (tool: Tool, token: string | undefined): Promise<Answer> => postAs(tool, endpoint, { token });

/** RFC 7662 §2.2: not active, and not one word more. */
function expectNothingTold(answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ active: false });
}

describe('§2.1 the request', () => {
  test('RFC 7662 §2.1: who asks has to say who it is', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    const unnamed = await postForm(endpoint, { token });
    expect([unnamed.status, unnamed.json['error']]).toEqual([400, 'invalid_request']);
    const wrong = await postForm(endpoint, { token }, basic('api', 'x'.repeat(43)));
    expect([wrong.status, wrong.json['error']]).toEqual([401, 'invalid_client']);
    expect(wrong.json['active']).toBeUndefined();
  });

  test('RFC 7662 §2.1: without token; by GET', async () => {
    expect((await ask(all.tiers, undefined)).json['error']).toBe('invalid_request');
    const answer = await send(`${endpoint}?token=x`, { headers: basic('tiers', all.tiers.secret) });
    expect(answer.status).toBe(405);
  });
});

describe('§2.2 the answer', () => {
  test('RFC 7662 §2.2: its client and the API that it calls are told, and no personal data', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    for (const tool of [all.tiers, all.api]) {
      const { json } = await ask(tool, token);
      expect(json).toMatchObject({ active: true, client_id: 'tiers', scope: 'openid email' });
      expect(Object.keys(json)).not.toContain('email');
    }
  });

  test('RFC 7662 §4: another client is told nothing, a client without secret neither', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    expectNothingTold(await ask(all.voisin, token));
    expectNothingTold(await ask(all.ouvert, token));
  });

  test('RFC 7662 §4: an API is not told of refresh tokens, nor of tokens of other clients', async () => {
    const mine = await tokensFor(all.world, browser, all.tiers);
    const others = await tokensFor(all.world, createBrowser(), all.voisin);
    expectNothingTold(await ask(all.api, mine.refresh_token));
    expectNothingTold(await ask(all.api, others.access_token));
  });

  test('RFC 7662 §2.2: of nobody, cut, revoked', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    expectNothingTold(await ask(all.tiers, 'x'.repeat(43)));
    expectNothingTold(await ask(all.tiers, token.slice(0, -1)));
    await revoke(all.world, all.tiers, token);
    expectNothingTold(await ask(all.tiers, token));
    expectNothingTold(await ask(all.api, token));
  });

  test('RFC 7662 §2.2: expired', async () => {
    const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
    later(3700);
    expectNothingTold(await ask(all.tiers, token));
  });
});
