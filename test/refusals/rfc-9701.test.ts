/**
 * Introspection that answers with a JWT: who gets one, what stands where in it, and what it is not good for (RFC 9701).
 * Signature and encryption are in test/journeys/tokens-introspection.test.ts.
 */
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import { refresh, tokensFor } from '../replay/support/granted.ts';
import {
  authorizationRequest,
  basic,
  claimsOf,
  postForm,
  toolAnswer,
  untilTool,
  userinfo,
} from '../replay/support/relying-party.ts';
import type { Answer, Tokens, Tool } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

const jwt = 'application/token-introspection+jwt';
let all: RefusalWorld;
let tokens: Tokens;

beforeAll(async () => {
  all = await startRefusalWorld();
  const browser = createBrowser();
  tokens = await tokensFor(all.world, browser, all.tiers);
  await browser.close();
}, startUp);
afterAll(() => all.world.close());

const ask = (tool: Tool, token: string, accept = jwt, secret = tool.secret): Promise<Answer> =>
  postForm(`${all.world.issuer}/token/introspection`, { token }, { ...basic(tool.clientId, secret), accept });
const told = (answer: Answer): unknown => claimsOf(answer.body)['token_introspection'];

describe('§4 who asks for a JWT', () => {
  test('RFC 9701 §4: says so in Accept, and gets JSON otherwise', async () => {
    expect((await ask(all.api, tokens.access_token)).headers['content-type']).toContain(jwt);
    for (const accept of ['application/json', '*/*', 'text/html', 'application/jwt']) {
      const answer = await ask(all.api, tokens.access_token, accept);
      expect(answer.headers['content-type'], accept).toMatch(/^application\/json/);
    }
  });

  test('RFC 9701 §4: says who it is; an error is JSON and nothing is signed for nobody', async () => {
    const wrong = await ask(all.api, tokens.access_token, jwt, 'x'.repeat(43));
    expect([wrong.status, wrong.json['error']]).toEqual([401, 'invalid_client']);
    expect(wrong.headers['content-type']).toMatch(/^application\/json/);
    const unnamed = await postForm(
      `${all.world.issuer}/token/introspection`,
      { token: tokens.access_token },
      { accept: jwt },
    );
    expect([unnamed.status, unnamed.json['error']]).toEqual([400, 'invalid_request']);
  });
});

describe('§5 the answer', () => {
  test('RFC 9701 §5: signed, typed, for who asks; neither sub nor exp of the token beside', async () => {
    const answer = await ask(all.api, tokens.access_token);
    expect(decodeProtectedHeader(answer.body).typ).toBe('token-introspection+jwt');
    const claims = claimsOf(answer.body);
    expect(Object.keys(claims).sort()).toEqual(['aud', 'iat', 'iss', 'token_introspection']);
    expect(claims).toMatchObject({ iss: all.world.issuer, aud: 'api' });
    expect(told(answer)).toMatchObject({ active: true, client_id: 'tiers' });
  });

  test('RFC 9701 §5: who is not entitled reads `active: false` and not a word more', async () => {
    for (const token of [tokens.access_token, tokens.refresh_token ?? '', 'x'.repeat(43)])
      expect(told(await ask(all.voisin, token))).toEqual({ active: false });
  });

  test('RFC 9701 §6: signed with RS256 when the API registered nothing, and never unsigned', async () => {
    expect(decodeProtectedHeader((await ask(all.api, tokens.access_token)).body).alg).toBe('RS256');
  });
});

describe('§8 what it is not', () => {
  test('RFC 9701 §8.1: it is no access token, no refresh token, no ID token', async () => {
    const { body } = await ask(all.tiers, tokens.access_token);
    expect((await userinfo(all.world.issuer, body)).status).toBe(401);
    expect((await refresh(all.world, all.tiers, body)).json['error']).toBe('invalid_grant');
    const browser = createBrowser();
    const { url } = authorizationRequest(all.world.issuer, all.tiers, {
      prompt: 'none',
      id_token_hint: body,
    });
    const page = await browser.get(url, { redirects: untilTool(all.tiers) });
    expect(toolAnswer(page.location).error).toBe('invalid_request');
    await browser.close();
  });

  test('RFC 9701 §8.2: no personal data is told to who introspects', async () => {
    const answer = await ask(all.api, tokens.access_token);
    const text = JSON.stringify(told(answer));
    expect(text).toContain('"active":true');
    expect(text).not.toMatch(/@|given_name|usual_name|siret/);
  });
});
