// The library of La Suite numérique is Python, and is not run here: these are the requests that it makes, from the
// settings of its guide, and the checks that it does on the answers.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { compactDecrypt, createRemoteJWKSet, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  authorizationRequest,
  claimsOf,
  postForm,
  redeem,
  send,
  signIn,
  tokensOf,
  userinfo,
} from '../replay/support/relying-party.ts';
import type { Answer, Tokens, Tool } from '../replay/support/relying-party.ts';
import { createBrowser } from '../support/browser-session.ts';
import { freePort } from '../support/services.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAndGuides, exampleIssuer, guideFile, secretOf, variablesOf } from './support/guides.ts';
import { readEnvironment } from './support/readers.ts';
import type { Settings } from './support/readers.ts';

const agent = { email: 'agent@commune.example', sub: 'agent-commune' };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let world: World;
let settings: Settings;
let api: Settings;
let keysOfTheApi: Server;
let signedIn: Answer;
let tokens: Tokens;

const tool = (): Tool => ({
  clientId: settings['OIDC_RP_CLIENT_ID'] ?? '',
  secret: secretOf('DOCS_LASUITE_SECRET'),
  authentication: 'client_secret_post',
  redirectUri: 'https://docs.example.org/api/v1.0/callback/',
  scope: settings['OIDC_RP_SCOPES'] ?? '',
});
const verified = async (jwt: string, alg: string | undefined, audience: string | undefined) =>
  jwtVerify(jwt, createRemoteJWKSet(new URL(settings['OIDC_OP_JWKS_ENDPOINT'] ?? '')), {
    issuer: settings['OIDC_OP_URL'] ?? '',
    audience: audience ?? '',
    algorithms: [alg ?? ''],
  });

beforeAll(async () => {
  const port = await freePort();
  // What the API publishes at /jwks: the public half of OIDC_RS_PRIVATE_KEY_STR.
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'docs-api', use: 'enc', alg: 'RSA-OAEP' };
  keysOfTheApi = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => keysOfTheApi.listen(port, 'localhost', resolve));
  const { dir, remove } = await demoAndGuides(['django-lasuite'], {
    'https://docs.example.org/api/v1.0/jwks': `http://localhost:${port}/api/v1.0/jwks`,
  });
  world = await startWorld({ configDir: dir, variables: await variablesOf(['django-lasuite']) });
  await remove();
  const addresses = { [exampleIssuer]: world.issuer };
  settings = readEnvironment(await guideFile('django-lasuite/docs.env', addresses));
  api = readEnvironment(await guideFile('django-lasuite/resource-server.env', addresses));

  const browser = createBrowser();
  const attempt = authorizationRequest(world.issuer, tool(), {
    code_challenge: undefined,
    code_challenge_method: undefined,
    acr_values: 'eidas1',
  });
  const { code } = await signIn(browser, attempt, agent);
  signedIn = await redeem(world.issuer, attempt, code ?? '', { code_verifier: undefined });
  tokens = tokensOf(signedIn);
  await browser.close();
}, 180_000);
afterAll(async () => {
  await world.close();
  await new Promise((resolve) => keysOfTheApi.close(resolve));
});

describe('as a tool', () => {
  test('it gets, without PKCE, an ID token and a userinfo signed with its one algorithm', async () => {
    const alg = settings['OIDC_RP_SIGN_ALGO'];
    const { payload } = await verified(tokens.id_token, alg, tool().clientId);
    expect(payload['nonce']).toEqual(expect.any(String));
    const answer = await userinfo(world.issuer, tokens.access_token);
    expect(answer.headers['content-type']).toMatch(/^application\/jwt/);
    const { payload: claims } = await verified(answer.body, alg, tool().clientId);
    expect(claims).toMatchObject({
      sub: payload.sub,
      email: agent.email,
      given_name: 'Yann',
      usual_name: 'Bihan-Morel',
      siret: '21440109300015',
    });
    expect(claims).not.toHaveProperty('nonce');
  });

  test('each key has kid, alg and use, which it reads without asking whether they are there', async () => {
    const { json } = await send(settings['OIDC_OP_JWKS_ENDPOINT'] ?? '');
    const keys = z.array(z.record(z.string(), z.unknown())).min(1).parse(json['keys']);
    const text: unknown = expect.any(String);
    for (const key of keys) expect(key).toMatchObject({ kid: text, alg: text, use: 'sig' });
  });

  test('the answer of the token endpoint has `sid`, by which it knows whom a logout token is about', () => {
    expect(signedIn.json['sid']).toEqual(expect.any(String));
    expect(signedIn.json['sid']).toBe(claimsOf(tokens.id_token)['sid']);
  });

  test('it refreshes with its secret in the form, without offline_access', async () => {
    const answer = await postForm(settings['OIDC_OP_TOKEN_ENDPOINT'] ?? '', {
      grant_type: 'refresh_token',
      client_id: tool().clientId,
      client_secret: tool().secret,
      refresh_token: tokens.refresh_token,
    });
    expect(answer.status).toBe(200);
    expect(answer.json['expires_in']).toEqual(expect.any(Number));
    tokens = { ...tokens, ...tokensOf(answer) };
  });
});

describe('as an API (RFC 7662, RFC 9701)', () => {
  const introspect = (accept: string, changes: Readonly<Record<string, string>> = {}) =>
    postForm(
      api['OIDC_OP_INTROSPECTION_ENDPOINT'] ?? '',
      {
        client_id: api['OIDC_RS_CLIENT_ID'],
        client_secret: secretOf('DOCS_API_SECRET'),
        token: tokens.access_token,
        ...changes,
      },
      { accept },
    );
  const opened = async (answer: Answer) => {
    expect(answer.status, answer.body).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/token-introspection\+jwt/);
    expect(decodeProtectedHeader(answer.body)).toMatchObject({
      alg: api['OIDC_RS_ENCRYPTION_ALGO'],
      enc: api['OIDC_RS_ENCRYPTION_ENCODING'],
    });
    const key = await importJWK({ ...privateKey.export({ format: 'jwk' }), alg: 'RSA-OAEP' });
    const { plaintext } = await compactDecrypt(answer.body, key);
    const { payload } = await verified(
      new TextDecoder().decode(plaintext),
      api['OIDC_RS_SIGNING_ALGO'],
      api['OIDC_RS_CLIENT_ID'],
    );
    return z.record(z.string(), z.unknown()).parse(payload['token_introspection']);
  };

  test('it alone can read what the token of a person is worth, and Maillon signed it', async () => {
    const told = await opened(await introspect('application/token-introspection+jwt'));
    expect(told['active']).toBe(true);
    expect(told['sub']).toBe(claimsOf(tokens.id_token)['sub']);
    // What JWTResourceServerBackend checks besides: the audience, and that scopes meet.
    expect((api['OIDC_RS_ALLOWED_AUDIENCES'] ?? '').split(',')).toContain(
      told[api['OIDC_RS_AUDIENCE_CLAIM'] ?? ''],
    );
    expect(z.string().parse(told['scope']).split(' ')).toContain(api['OIDC_RS_SCOPES']);
  });

  test('a token that is none is not active', async () => {
    const answer = await introspect('application/token-introspection+jwt', { token: 'x'.repeat(43) });
    expect(await opened(answer)).toEqual({ active: false });
  });

  test('with another secret it is told nothing', async () => {
    const answer = await introspect('application/token-introspection+jwt', { client_secret: 'x'.repeat(43) });
    expect(answer.status).toBe(401);
    expect(answer.json['error']).toBe('invalid_client');
  });
});
