/**
 * Introspection (RFC 7662, RFC 9701): who learns what about a token. Everybody who is not entitled reads that it is not
 * active, whatever it is: the answer must not tell one that exists from one that does not.
 */
import { compactDecrypt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { tokensFor } from '../replay/support/granted.ts';
import {
  authorizationRequest,
  basic,
  claimsOf,
  postAs,
  postForm,
  tokensOf,
} from '../replay/support/relying-party.ts';
import type { Answer, Tokens, Tool } from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { aNumber, api, codeForResources, mailbox, redeemFor, verifiedBy } from './tokens-support.ts';

const jwt = 'application/token-introspection+jwt';
const front = extraTool('lecteur');
const neighbour = extraTool('voisin');
const spa = extraTool('page', { authentication: 'none' });
/** The API of another team: django-lasuite's `ResourceServerBackend` (JSON) and `JWTResourceServerBackend` (the others). */
const apiJson = extraTool('api-json');
const apiSigned = extraTool('api-signe');
const apiSealed = extraTool('api-chiffre');
const mailboxApi = extraTool('boite-api');
let world: World;
let browser: Browser;
let operator: Operator;
let tokens: Tokens;
let sealedKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('RSA-OAEP', { extractable: true });
  sealedKey = pair.privateKey;
  const { kty = '', n = '', e = '' } = await exportJWK(pair.publicKey);
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('lecteur', { refresh_token: 'always', service: 'docs', enforcement: 'gate' }),
      extraClient('voisin', { service: 'docs', enforcement: 'gate' }),
      extraClient('page', { token_endpoint_auth_method: 'none' }),
      extraClient('api-json', { redirect_uris: [], introspects: ['lecteur', 'page'] }),
      extraClient('api-signe', {
        redirect_uris: [],
        introspects: ['lecteur'],
        introspection_signed_response_alg: 'ES256',
      }),
      extraClient('api-chiffre', {
        redirect_uris: [],
        introspects: ['lecteur'],
        introspection_signed_response_alg: 'ES256',
        introspection_encrypted_response_alg: 'RSA-OAEP',
        introspection_encrypted_response_enc: 'A256GCM',
        jwks: { keys: [{ kty, n, e, kid: 'api', use: 'enc' }] },
      }),
      extraClient('boite-api', { redirect_uris: [], introspects: ['voisin'] }),
    ],
    resource_servers: [
      api('boite', mailbox, { access_token_format: 'opaque', introspected_by: ['boite-api'] }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  operator = await createOperator(world);
}, startTimeout);
afterAll(() => world.close());
beforeEach(async () => {
  browser = createBrowser();
  tokens = await tokensFor(world, browser, front);
});
afterEach(async () => {
  await operator.restore();
  await browser.close();
});

const url = () => `${world.issuer}/token/introspection`;
const ask = (tool: Tool, token: string, accept = 'application/json'): Promise<Answer> =>
  postForm(url(), { token }, { ...basic(tool.clientId, tool.secret), accept });
const inactive = { active: false };

describe('as JSON (RFC 7662 §2.2)', () => {
  test('an API learns whose token it is, for which tool and scopes, until when; and nothing personal', async () => {
    const answer = await ask(apiJson, tokens.access_token);
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json).toEqual({
      active: true,
      iss: world.issuer,
      // The tool's own, pairwise one: the API and the tool speak of the same person.
      sub: claimsOf(tokens.id_token)['sub'],
      client_id: 'lecteur',
      scope: 'openid email',
      token_type: 'Bearer',
      iat: aNumber,
      exp: aNumber,
    });
  });

  test('a tool learns the same about its own access token, and that its refresh token stands', async () => {
    expect((await ask(front, tokens.access_token)).json).toMatchObject({
      active: true,
      client_id: 'lecteur',
    });
    expect((await ask(front, tokens.refresh_token ?? '')).json).toMatchObject({ active: true });
  });

  test.each(['access_token', 'refresh_token', 'id_token', 'nonsense'])(
    'a hint « %s » is only a hint',
    async (hint) => {
      const fields = { token: tokens.access_token, token_type_hint: hint };
      expect((await postAs(front, url(), fields)).json).toMatchObject({ active: true });
    },
  );

  test.each<readonly [string, Tool, (each: Tokens) => string | undefined]>([
    ['another tool, an access token', neighbour, (each) => each.access_token],
    ['another tool, a refresh token', neighbour, (each) => each.refresh_token],
    ['an API, a refresh token', apiJson, (each) => each.refresh_token],
    ['an API that this tool does not call', mailboxApi, (each) => each.access_token],
    ['an API, a token cut short', apiJson, (each) => each.access_token.slice(0, -1)],
    ['an API, a token of nobody', apiJson, () => 'a'.repeat(43)],
  ])('%s: not active, and not a word more', async (_what, tool, choose) => {
    const answer = await ask(tool, choose(tokens) ?? '');
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual(inactive);
  });

  test('§2.1: who has no secret cannot ask, even about its own token: anybody could say its name', async () => {
    const own = await tokensFor(world, browser, spa, { prompt: 'login' });
    expect((await postAs(spa, url(), { token: own.access_token })).json).toEqual(inactive);
    expect((await ask(apiJson, own.access_token)).json).toMatchObject({ active: true, client_id: 'page' });
  });

  test.each([
    ['no client', {}],
    ['a wrong secret', basic('api-json', 'x'.repeat(43))],
    ['an unknown client', basic('personne', 'x'.repeat(43))],
  ])('§2.3: %s is 401 or 400, and the token is not looked at', async (_what, headers) => {
    const answer = await postForm(url(), { token: tokens.access_token }, headers);
    expect([400, 401]).toContain(answer.status);
    expect(answer.json['active']).toBeUndefined();
  });

  test('§2.1: without token it is invalid_request', async () => {
    const answer = await postForm(url(), {}, basic(apiJson.clientId, apiJson.secret));
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
  });

  test('the decision is that of the tool that holds the token: lost access is not active, for the API too', async () => {
    await operator.organization('130025265', { suspended_at: new Date() });
    expect((await ask(apiJson, tokens.access_token)).json).toEqual(inactive);
    expect((await ask(front, tokens.access_token)).json).toEqual(inactive);
    await operator.restore();
    await operator.declare('client', 'lecteur', () => undefined);
    expect((await ask(apiJson, tokens.access_token)).json).toEqual(inactive);
  });
});

describe('an opaque token for an API', () => {
  test('is read by the client that introspects for that API, and by no API that introspects its tool', async () => {
    const granted = await codeForResources(world, browser, front, [mailbox], { prompt: 'login' });
    const { access_token: token } = tokensOf(await redeemFor(world, granted, mailbox));
    expect((await ask(mailboxApi, token)).json).toMatchObject({
      active: true,
      aud: mailbox,
      client_id: 'lecteur',
      scope: 'files:read',
    });
    expect((await ask(apiJson, token)).json).toEqual(inactive);
    expect((await ask(neighbour, token)).json).toEqual(inactive);
  });
});

describe('as a JWT (RFC 9701 §5)', () => {
  test('§5: signed, typed, for the one who asks; the token’s claims stay in their own member', async () => {
    const answer = await ask(apiSigned, tokens.access_token, jwt);
    expect(answer.headers['content-type']).toContain(jwt);
    const { payload, protectedHeader } = await verifiedBy(world, 'api-signe')(
      answer.body,
      'token-introspection+jwt',
    );
    expect(protectedHeader.alg).toBe('ES256');
    expect(Object.keys(payload).sort()).toEqual(['aud', 'iat', 'iss', 'token_introspection']);
    expect(payload['token_introspection']).toMatchObject({
      active: true,
      client_id: 'lecteur',
      sub: claimsOf(tokens.id_token)['sub'],
    });
  });

  test('§5: its audience is the asking API even when the token has one of its own', async () => {
    const granted = await codeForResources(world, browser, front, [mailbox], { prompt: 'login' });
    const { access_token: token } = tokensOf(await redeemFor(world, granted, mailbox));
    const answer = await ask(mailboxApi, token, jwt);
    // Nothing said: RS256 (RFC 9701 §6).
    const { payload, protectedHeader } = await verifiedBy(world, 'boite-api')(answer.body);
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({ aud: 'boite-api', token_introspection: { aud: mailbox } });
  });

  test('not active is said in the same envelope', async () => {
    const answer = await ask(apiSigned, 'a'.repeat(43), jwt);
    const { payload } = await verifiedBy(world, 'api-signe')(answer.body);
    expect(payload['token_introspection']).toEqual(inactive);
  });

  test('an API that asks for JSON gets JSON; one whose answers are encrypted gets nothing else (§5, §8.3)', async () => {
    expect((await ask(apiSigned, tokens.access_token)).json).toMatchObject({ active: true });
    for (const accept of ['application/json', '*/*']) {
      const answer = await ask(apiSealed, tokens.access_token, accept);
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
    }
  });

  test('signed then encrypted, as the resource servers of django-lasuite read it', async () => {
    const answer = await ask(apiSealed, tokens.access_token, jwt);
    const header = decodeProtectedHeader(answer.body);
    expect(header).toMatchObject({ alg: 'RSA-OAEP', enc: 'A256GCM', kid: 'api' });
    const { plaintext } = await compactDecrypt(answer.body, sealedKey);
    const verified = await verifiedBy(world, 'api-chiffre')(
      new TextDecoder().decode(plaintext),
      'token-introspection+jwt',
    );
    expect(verified.protectedHeader.alg).toBe('ES256');
    expect(verified.payload['token_introspection']).toMatchObject({ active: true, client_id: 'lecteur' });
  });
});

describe('a client that only introspects', () => {
  test('signs nobody in, redeems nothing, revokes nothing of others', async () => {
    const { url: authorize } = authorizationRequest(world.issuer, apiJson);
    const page = await browser.get(authorize, { redirects: 'manual' });
    expect([page.status, page.location]).toEqual([400, undefined]);
    const token = `${world.issuer}/token`;
    for (const fields of [
      { grant_type: 'authorization_code', code: 'a'.repeat(43), redirect_uri: apiJson.redirectUri },
      { grant_type: 'refresh_token', refresh_token: tokens.refresh_token },
      { grant_type: 'client_credentials' },
    ]) {
      const answer = await postAs(apiJson, token, fields);
      expect(answer.status, fields.grant_type).toBe(400);
      expect(answer.json['error']).toMatch(/^(unauthorized_client|invalid_request|unsupported_grant_type)$/);
    }
    const pushed = await postAs(apiJson, `${world.issuer}/par`, {
      response_type: 'code',
      client_id: 'api-json',
    });
    expect(pushed.status).toBe(400);
    await postAs(apiJson, `${world.issuer}/token/revocation`, { token: tokens.access_token });
    expect((await ask(apiJson, tokens.access_token)).json).toMatchObject({ active: true });
  });
});
