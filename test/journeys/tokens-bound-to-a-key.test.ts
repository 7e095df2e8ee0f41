/**
 * DPoP (RFC 9449): a token that only the holder of a key can use. Under an issuer with a path, as behind a proxy: `htu` is
 * our public address, whatever Host says.
 */
import { createHash, randomUUID } from 'node:crypto';
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { agent, codeFor, expectGrantRefused } from '../replay/support/granted.ts';
import {
  authorizationRequest,
  basic,
  claimsOf,
  postForm,
  send,
  signIn,
  tokensOf,
} from '../replay/support/relying-party.ts';
import type { Answer, Attempt, Changes, Tokens, Tool } from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';
import { api, archive, codeForResources } from './tokens-support.ts';

interface Key {
  readonly thumbprint: string;
  /** @param changes claims that differ from a right proof; `undefined` leaves one out */
  proof(method: string, url: string, changes?: Readonly<Record<string, unknown>>): Promise<string>;
}

async function newKey(alg: 'ES256' | 'EdDSA' | 'PS256' = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    proof: (htm, htu, changes = {}) =>
      new SignJWT({ htm, htu, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...changes })
        .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk })
        .sign(privateKey),
  };
}

const may = extraTool('libre');
const must = extraTool('lie');
const spa = extraTool('page', { authentication: 'none' });
let world: World;
let browser: Browser;
let key: Key;
let thief: Key;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('libre', { refresh_token: 'always' }),
      extraClient('lie', { refresh_token: 'always', dpop_bound_access_tokens: true }),
      extraClient('page', { token_endpoint_auth_method: 'none', refresh_token: 'always' }),
    ],
    resource_servers: [api('archive', archive, { clients: ['libre'] })],
  });
  world = await startWorld({ configDir: dir, issuerPath: '/api/v2' });
  await remove();
}, startTimeout);
afterAll(() => world.close());
beforeEach(async () => {
  browser = createBrowser();
  [key, thief] = [await newKey(), await newKey()];
});
afterEach(() => browser.close());

const tokenUrl = () => `${world.issuer}/token`;
const ath = (token: string) => createHash('sha256').update(token).digest('base64url');

function ask(tool: Tool, fields: Changes, proof?: string): Promise<Answer> {
  const headers = {
    ...(tool.authentication === 'none' ? {} : basic(tool.clientId, tool.secret)),
    ...(proof === undefined ? {} : { dpop: proof }),
  };
  const named = tool.authentication === 'none' ? { client_id: tool.clientId } : {};
  return postForm(tokenUrl(), { ...named, ...fields }, headers);
}

const codeFields = ({ attempt, code }: { attempt: Attempt; code: string }): Changes => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: attempt.tool.redirectUri,
  code_verifier: attempt.verifier,
});
const right = () => key.proof('POST', tokenUrl());

async function bound(tool: Tool): Promise<Tokens> {
  const granted = await codeFor(world, browser, tool);
  const answer = await ask(tool, codeFields(granted), await right());
  expect(answer.json['token_type']).toBe('DPoP');
  return tokensOf(answer);
}

async function userinfo(token: string, proof?: string, scheme = 'DPoP'): Promise<Answer> {
  const headers = { authorization: `${scheme} ${token}`, ...(proof === undefined ? {} : { dpop: proof }) };
  return send(`${world.issuer}/userinfo`, { headers });
}
const proofFor = (token: string, by = key, changes = {}) =>
  by.proof('GET', `${world.issuer}/userinfo`, { ath: ath(token), ...changes });

describe('at userinfo (§7)', () => {
  let token: string;
  beforeEach(async () => {
    token = (await bound(may)).access_token;
  });

  test('the holder of the key gets in', async () => {
    expect((await userinfo(token, await proofFor(token))).status).toBe(200);
  });

  test('§7.1: a stolen token without proof is 401, and the challenge names DPoP and its algorithms', async () => {
    const answer = await userinfo(token, undefined, 'Bearer');
    expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_token']);
    expect(answer.headers['www-authenticate']).toMatch(/DPoP .*algs="[^"]*ES256/);
    // Announced and left out, the proof is missing from the request itself (RFC 6750 §3.1).
    const announced = await userinfo(token, undefined, 'DPoP');
    expect([announced.status, announced.json['error']]).toEqual([400, 'invalid_request']);
    expect(announced.headers['www-authenticate']).toMatch(/DPoP .*algs="/);
  });

  test.each<readonly [string, () => Promise<string>]>([
    ['§4.3 of another key', () => proofFor(token, thief)],
    ['§4.3 for another token', () => proofFor(token, key, { ath: ath('another') })],
    ['§4.3 for no token', () => key.proof('GET', `${world.issuer}/userinfo`)],
    ['§4.3 for another method', () => key.proof('POST', `${world.issuer}/userinfo`, { ath: ath(token) })],
    ['§4.3 for another address', () => key.proof('GET', `${world.issuer}/token`, { ath: ath(token) })],
    [
      '§4.3 for the address without our path',
      () => key.proof('GET', `${new URL(world.issuer).origin}/userinfo`, { ath: ath(token) }),
    ],
    [
      '§4.3 for another host',
      () => key.proof('GET', 'https://evil.example/api/v2/userinfo', { ath: ath(token) }),
    ],
    ['§11.1 an hour old', () => proofFor(token, key, { iat: Math.floor(Date.now() / 1000) - 3600 })],
    ['§11.1 of tomorrow', () => proofFor(token, key, { iat: Math.floor(Date.now() / 1000) + 86_400 })],
    ['§4.2 without jti', () => proofFor(token, key, { jti: undefined })],
    ['§4.2 without iat', () => proofFor(token, key, { iat: undefined })],
    ['§8 with a nonce that is not ours', () => proofFor(token, key, { nonce: 'theirs' })],
    ['§4.3 that is no JWT', async () => 'proof'],
  ])('a proof %s is refused', async (_what, proof) => {
    const answer = await userinfo(token, await proof());
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(
      /error="(invalid_dpop_proof|invalid_token|use_dpop_nonce)"/,
    );
  });

  test('§11.1: a proof serves once', async () => {
    const proof = await proofFor(token);
    const answers = await Promise.all(Array.from({ length: 10 }, () => userinfo(token, proof)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9);
  });

  test('§8: with the nonce that we gave, a proof is good; it is ours to give', async () => {
    const refused = await userinfo(token, await proofFor(token, key, { nonce: 'theirs' }));
    const nonce = refused.headers['dpop-nonce'];
    expect(nonce).toEqual(expect.any(String));
    expect((await userinfo(token, await proofFor(token, key, { nonce }))).status).toBe(200);
  });

  test('§7.2: a token that is bound to no key is not dressed up by a proof', async () => {
    const granted = await codeFor(world, browser, may, { prompt: 'login' });
    const { access_token: bearer } = tokensOf(await ask(may, codeFields(granted)));
    expect((await userinfo(bearer, undefined, 'Bearer')).status).toBe(200);
    expect((await userinfo(bearer, await proofFor(bearer))).status).toBe(401);
  });

  test('§6: introspection tells the API which key; so does a JWT', async () => {
    const asked = await postForm(
      `${world.issuer}/token/introspection`,
      { token },
      basic(may.clientId, may.secret),
    );
    expect(asked.json).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: key.thumbprint } });
    const granted = await codeForResources(world, browser, may, [archive], { prompt: 'login' });
    const jwt = tokensOf(await ask(may, { ...codeFields(granted), resource: archive }, await right()));
    expect(claimsOf(jwt.access_token)['cnf']).toEqual({ jkt: key.thumbprint });
  });
});

describe('at the token endpoint (§5)', () => {
  test.each<readonly ['ES256' | 'EdDSA' | 'PS256']>([['ES256'], ['EdDSA'], ['PS256']])(
    'a key for %s will do',
    async (alg) => {
      const other = await newKey(alg);
      const granted = await codeFor(world, browser, may);
      const answer = await ask(may, codeFields(granted), await other.proof('POST', tokenUrl()));
      expect(answer.json['token_type']).toBe('DPoP');
    },
  );

  test('§5.2: a client that must bind its tokens gets none without proof, and its code is not lost', async () => {
    const granted = await codeFor(world, browser, must);
    expectGrantRefused(await ask(must, codeFields(granted)));
    expect((await ask(must, codeFields(granted), await right())).json['token_type']).toBe('DPoP');
  });

  test('a wrong proof is invalid_dpop_proof, and the code is not lost', async () => {
    const granted = await codeFor(world, browser, may);
    const wrong = await key.proof('POST', `${world.issuer}/userinfo`);
    expectGrantRefused(await ask(may, codeFields(granted), wrong), 'invalid_dpop_proof');
    expect((await ask(may, codeFields(granted), await right())).status).toBe(200);
  });

  test('§5: the refresh token of a client without secret is bound to the key', async () => {
    const tokens = await bound(spa);
    const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    expectGrantRefused(await ask(spa, fields));
    expectGrantRefused(await ask(spa, fields, await thief.proof('POST', tokenUrl())));
    const next = await ask(spa, fields, await right());
    expect(next.json['token_type']).toBe('DPoP');
  });

  test('a repeated refresh gets the same answer with the same key only', async () => {
    const { refresh_token: token } = await bound(may);
    const fields = { grant_type: 'refresh_token', refresh_token: token };
    const first = await ask(may, fields, await right());
    expect(first.status).toBe(200);
    const again = await ask(may, fields, await right());
    expect([again.status, again.body]).toEqual([200, first.body]);
    expectGrantRefused(await ask(may, fields, await thief.proof('POST', tokenUrl())));
    expectGrantRefused(await ask(may, fields));
  });

  test('§11.1: the proof of a refresh serves once, grace or not', async () => {
    const { refresh_token: token } = await bound(may);
    const fields = { grant_type: 'refresh_token', refresh_token: token };
    const proof = await right();
    const first = await ask(may, fields, proof);
    expectGrantRefused(await ask(may, fields, proof));
    expect(
      (await ask(may, { ...fields, refresh_token: tokensOf(first).refresh_token }, await right())).status,
    ).toBe(200);
  });
});

describe('a code that is bound to a key (§10)', () => {
  test.each<readonly [string, boolean]>([
    ['at /authorize', false],
    ['at /par', true],
  ])('asked with dpop_jkt %s, it is worth nothing without that key', async (_where, pushed) => {
    const codeBound = async (): Promise<{ attempt: Attempt; code: string }> => {
      if (!pushed) return codeFor(world, browser, may, { dpop_jkt: key.thumbprint, prompt: 'login' });
      const attempt = authorizationRequest(world.issuer, may, { dpop_jkt: key.thumbprint, prompt: 'login' });
      const form = Object.fromEntries(new URL(attempt.url).searchParams);
      const { json } = await postForm(`${world.issuer}/par`, form, basic(may.clientId, may.secret));
      const url = `${world.issuer}/authorize?client_id=${may.clientId}&request_uri=${encodeURIComponent(String(json['request_uri']))}`;
      const { code = '' } = await signIn(browser, { ...attempt, url }, agent);
      return { attempt, code };
    };
    expectGrantRefused(await ask(may, codeFields(await codeBound())));
    expectGrantRefused(await ask(may, codeFields(await codeBound()), await thief.proof('POST', tokenUrl())));
    expect((await ask(may, codeFields(await codeBound()), await right())).status).toBe(200);
  });

  test('a dpop_jkt that is no thumbprint is refused', async () => {
    const form = {
      response_type: 'code',
      client_id: may.clientId,
      redirect_uri: may.redirectUri,
      scope: 'openid',
      dpop_jkt: 'x',
    };
    const answer = await postForm(`${world.issuer}/par`, form, basic(may.clientId, may.secret));
    expect(answer.status).toBe(400);
  });
});
