/** Token revocation: who may end which token, and what is answered to the others (RFC 7009 §2). */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { expectDead, refresh, revoke, tokensFor } from '../replay/support/granted.ts';
import { basic, postAs, postForm, send, userinfo } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let browser: Browser;
let endpoint: string;

beforeAll(async () => {
  all = await startRefusalWorld();
  endpoint = `${all.world.issuer}/token/revocation`;
}, startUp);
afterAll(() => all.world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

test('RFC 7009 §2.1: nobody revokes without saying who asks', async () => {
  const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
  expect((await postForm(endpoint, { token })).json['error']).toBe('invalid_request');
  const wrong = await postForm(endpoint, { token }, basic('tiers', 'x'.repeat(43)));
  expect([wrong.status, wrong.json['error']]).toEqual([401, 'invalid_client']);
  expect((await userinfo(all.world.issuer, token)).status).toBe(200);
});

test('RFC 7009 §2.1: a client does not revoke what belongs to another', async () => {
  const tokens = await tokensFor(all.world, browser, all.tiers);
  for (const token of [tokens.access_token, tokens.refresh_token ?? ''])
    expect((await revoke(all.world, all.voisin, token)).json['error']).not.toBe('server_error');
  expect((await userinfo(all.world.issuer, tokens.access_token)).status).toBe(200);
  expect((await refresh(all.world, all.tiers, tokens.refresh_token)).status).toBe(200);
});

test('RFC 7009 §2.1: without token', async () => {
  const answer = await postAs(all.tiers, endpoint, {});
  expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
});

test('RFC 7009 §2.2: a token of nobody is as good as revoked', async () => {
  for (const token of ['x'.repeat(43), 'a.b.c', '<script>'])
    expect((await revoke(all.world, all.tiers, token)).status).toBeLessThan(500);
  expect((await revoke(all.world, all.tiers, 'x'.repeat(43))).status).toBe(200);
});

test('RFC 7009 §2.1: a hint that is wrong, or unknown, changes nothing of the outcome', async () => {
  for (const hint of ['refresh_token', 'carrier-pigeon']) {
    const tokens = await tokensFor(all.world, createBrowser(), all.tiers);
    const answer = await postAs(all.tiers, endpoint, { token: tokens.access_token, token_type_hint: hint });
    expect(answer.status).toBe(200);
    await expectDead(all.world, tokens, all.tiers);
  }
});

test('RFC 7009 §2.1: whichever token is revoked, the other goes with it', async () => {
  const first = await tokensFor(all.world, browser, all.tiers);
  await revoke(all.world, all.tiers, first.access_token);
  await expectDead(all.world, first, all.tiers);
});

test('RFC 7009 §2: GET revokes nothing', async () => {
  const { access_token: token } = await tokensFor(all.world, browser, all.tiers);
  const answer = await send(`${endpoint}?token=${token}`, {
    headers: basic(all.tiers.clientId, all.tiers.secret),
  });
  expect(answer.status).toBe(405);
  expect((await userinfo(all.world.issuer, token)).status).toBe(200);
});
