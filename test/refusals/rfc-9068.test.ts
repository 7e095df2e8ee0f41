/**
 * Access tokens that are JWTs: what one holds, and where it opens nothing (RFC 9068, RFC 8707). What it says of the person
 * is in test/journeys/tokens-resource-servers.test.ts.
 */
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import { aNumber, aText, codeForResources, redeemFor, verifiedBy } from '../journeys/tokens-support.ts';
import {
  authorizationRequest,
  basic,
  claimsOf,
  postAs,
  queryOf,
  send,
  toolAnswer,
  tokensOf,
  untilTool,
  userinfo,
} from '../replay/support/relying-party.ts';
import type { Tokens } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let tokens: Tokens;

const granted = async () => {
  const browser = createBrowser();
  const code = await codeForResources(all.world, browser, all.tiers, [all.resource], {
    scope: 'openid email read',
  });
  await browser.close();
  return code;
};

beforeAll(async () => {
  all = await startRefusalWorld();
  tokens = tokensOf(await redeemFor(all.world, await granted(), all.resource));
}, startUp);
afterAll(() => all.world.close());

describe('§2 what it is', () => {
  test('RFC 9068 §2.1: signed, and typed so that nobody takes it for another JWT', async () => {
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
    await verifiedBy(all.world, all.resource)(tokens.access_token, 'at+jwt');
  });

  test('RFC 9068 §2.2: each claim that it needs, and none that names the person', () => {
    const claims = claimsOf(tokens.access_token);
    expect(claims).toMatchObject({
      iss: all.world.issuer,
      aud: all.resource,
      sub: aText,
      client_id: 'tiers',
      iat: aNumber,
      exp: aNumber,
      jti: aText,
    });
    for (const name of ['email', 'given_name', 'usual_name', 'siret', 'nonce', 'sid'])
      expect(claims).not.toHaveProperty(name);
  });

  test('RFC 9068 §2.2.3: its scopes are those of the API, not those of userinfo', () => {
    expect(claimsOf(tokens.access_token)['scope']).toBe('read');
  });
});

describe('§3 how it is asked for', () => {
  test('RFC 9068 §3, RFC 8707 §2.2: for two APIs at once', async () => {
    const { attempt, code } = await granted();
    const fields = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: attempt.tool.redirectUri,
      code_verifier: attempt.verifier,
      resource: all.resource,
    };
    const answer = await send(`${all.world.issuer}/token`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...basic('tiers', all.tiers.secret),
      },
      body: `${queryOf(fields)}&${queryOf({ resource: 'https://elsewhere.example/' })}`,
    });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_target']);
  });

  test.each([
    ['RFC 8707 §2: relative', 'archives'],
    ['RFC 8707 §2: with a fragment', 'https://archives.example/#a'],
    ['RFC 8707 §2: of nobody', 'https://elsewhere.example/'],
    ['RFC 8707 §2: empty of meaning', 'https://'],
  ])('%s', async (_name, resource) => {
    const browser = createBrowser();
    const { url } = authorizationRequest(all.world.issuer, all.tiers, { resource, prompt: 'none' });
    const page = await browser.get(url, { redirects: untilTool(all.tiers) });
    expect(toolAnswer(page.location).error).toBe('invalid_target');
    const pushed = await postAs(all.tiers, `${all.world.issuer}/par`, {
      ...Object.fromEntries(new URL(url).searchParams),
    });
    expect([pushed.status, pushed.json['error']]).toEqual([400, 'invalid_target']);
    await browser.close();
  });
});

describe('§4 where it is shown', () => {
  test('RFC 9068 §4: at userinfo, which is not its audience', async () => {
    const answer = await userinfo(all.world.issuer, tokens.access_token);
    expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_token']);
    expect(answer.json['sub']).toBeUndefined();
  });

  test('RFC 9068 §4: at another API, and without its type', async () => {
    await expect(verifiedBy(all.world, 'https://other.example/')(tokens.access_token)).rejects.toThrow(/aud/);
    const idToken = verifiedBy(all.world, 'tiers');
    await expect(idToken(tokens.id_token, 'at+jwt')).rejects.toThrow(/typ/);
    await expect(idToken(tokens.access_token)).rejects.toThrow(/aud/);
  });

  test('RFC 9068 §4: changed, it does not verify', async () => {
    const [header = '', payload = '', signature = ''] = tokens.access_token.split('.');
    const verify = verifiedBy(all.world, all.resource);
    const more = Buffer.from(
      JSON.stringify({ ...claimsOf(tokens.access_token), scope: 'read write' }),
    ).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    await expect(verify(`${header}.${more}.${signature}`)).rejects.toThrow();
    await expect(verify(`${unsigned}.${payload}.`)).rejects.toThrow();
  });

  test.each(['/token/introspection', '/token/revocation'])(
    'RFC 9068 §6: at %s it is of a type that is not served: the API reads it, and it ends by itself',
    async (path) => {
      const answer = await postAs(all.tiers, `${all.world.issuer}${path}`, { token: tokens.access_token });
      expect([answer.status, answer.json['error']]).toEqual([400, 'unsupported_token_type']);
      expect(answer.json['active']).toBeUndefined();
    },
  );

  test('RFC 9068 §5: it is neither a hint of who signed in nor a refresh token', async () => {
    const browser = createBrowser();
    const { url } = authorizationRequest(all.world.issuer, all.tiers, {
      prompt: 'none',
      id_token_hint: tokens.access_token,
    });
    const page = await browser.get(url, { redirects: untilTool(all.tiers) });
    expect(toolAnswer(page.location).error).toBe('invalid_request');
    await browser.close();
    const answer = await postAs(all.tiers, `${all.world.issuer}/token`, {
      grant_type: 'refresh_token',
      refresh_token: tokens.access_token,
    });
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
  });

  test('RFC 9068 §5: an ID token is no access token', async () => {
    expect((await userinfo(all.world.issuer, tokens.id_token)).status).toBe(401);
  });
});
