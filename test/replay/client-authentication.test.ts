/**
 * Who a client says it is, at the token endpoint (RFC 6749 §2.3, RFC 7523 §3; advisories of other brokers, replayed).
 * Each way of being wrong is refused before anything is read of the code, and changes no table.
 */
import { hash } from 'node:crypto';
import { SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { extraClient, extraTool } from './support/extra-clients.ts';
import { basic, demoTool, postAs, postForm } from './support/relying-party.ts';
import type { Answer, Changes, Tool } from './support/relying-party.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';

let world: World;
let docs: Tool;
let tchap: Tool;
let token: string;
let privateKey: CryptoKey;
let publicPem: string;
let before: Awaited<ReturnType<typeof storeState>>;
const open = extraTool('ouvert', { authentication: 'none' });

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  privateKey = pair.privateKey;
  publicPem = await exportSPKI(pair.publicKey);
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('signe', {
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1' }] },
      }),
      extraClient('ouvert', { token_endpoint_auth_method: 'none' }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  docs = demoTool(world, 'docs');
  tchap = demoTool(world, 'tchap');
  token = `${world.issuer}/token`;
}, startUp);
afterAll(() => world.close());
beforeEach(async () => {
  before = await storeState(world.broker.stores.db);
});
afterEach(async () => {
  expect(await storeState(world.broker.stores.db)).toEqual(before);
});

/** A request that goes as far as the code once the client is known: what tells one refusal from the other. */
const code = {
  grant_type: 'authorization_code',
  code: 'a'.repeat(43),
  redirect_uri: 'https://rp.example/cb',
};
const accepted = (answer: Answer): void => {
  expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
};
const refused = (answer: Answer, status = 401, error = 'invalid_client'): void => {
  expect([answer.status, answer.json['error']]).toEqual([status, error]);
  // Never why: a secret is not guessed from answers.
  expect(answer.body).not.toMatch(/secret|mismatch|not found|alg|jti/i);
};

describe('a client with a secret (RFC 6749 §2.3.1)', () => {
  test('with the right secret it is heard, in the way that it registered', async () => {
    accepted(await postAs(docs, token, code));
    accepted(await postAs(tchap, token, code));
  });

  test.each<readonly [string, Changes]>([
    ['of another client', { client_secret: 'tchap-demo-secret-not-for-production-0123456789' }],
    ['with a letter less', { client_secret: 'docs-demo-secret-not-for-production-012345678' }],
    ['with a line break more', { client_secret: 'docs-demo-secret-not-for-production-0123456789\n' }],
    ['in capitals', { client_secret: 'DOCS-DEMO-SECRET-NOT-FOR-PRODUCTION-0123456789' }],
    [
      'that is the hash that we keep',
      { client_secret: hash('sha256', 'docs-demo-secret-not-for-production-0123456789', 'hex') },
    ],
    ['of 10 000 letters', { client_secret: 'x'.repeat(10_000) }],
  ])('a secret %s', async (_name, changes) => {
    refused(await postForm(token, { client_id: 'docs', ...code, ...changes }));
  });

  test('no secret at all', async () => {
    refused(await postForm(token, { client_id: 'docs', ...code }));
    refused(await postForm(token, { client_id: 'docs', client_secret: '', ...code }));
    refused(await postForm(token, code), 400, 'invalid_request');
  });

  test('where it registered a key, a secret is not read', async () => {
    refused(await postForm(token, { client_id: 'signe', client_secret: docs.secret, ...code }));
    refused(await postForm(token, code, basic('signe', docs.secret)));
    refused(await postForm(token, { client_id: 'signe', ...code }));
  });

  test('RFC 6749 §2.3: in two ways at once', async () => {
    const both = await postForm(
      token,
      { client_id: 'tchap', client_secret: tchap.secret, ...code },
      basic('tchap', tchap.secret),
    );
    expect([both.status, both.json['error']]).toEqual([400, 'invalid_request']);
    const assertion = {
      client_assertion: 'a.b.c',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    };
    const three = await postForm(token, {
      client_id: 'docs',
      client_secret: docs.secret,
      ...assertion,
      ...code,
    });
    expect([three.status, three.json['error']]).toEqual([400, 'invalid_request']);
  });

  test('under two names', async () => {
    const answer = await postForm(token, { client_id: 'docs', ...code }, basic('tchap', tchap.secret));
    expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
  });

  test.each([
    '',
    'Basic',
    'Basic !!!',
    `Basic ${Buffer.from('tchap').toString('base64')}`,
    'Bearer abc',
    `Basic ${Buffer.from('%E0%A4%A:x').toString('base64')}`,
  ])('Authorization: %j', async (authorization) => {
    const answer = await postForm(token, code, { authorization });
    expect([400, 401]).toContain(answer.status);
    expect(answer.json['error']).toMatch(/^invalid_(request|client)$/);
  });

  test.each(['personne', '', '__proto__', 'docs\u0000', 'DOCS', '*', "' or 1=1 --"])(
    'client %j is nobody',
    async (id) => {
      const answer = await postForm(token, { client_id: id, client_secret: docs.secret, ...code });
      expect([400, 401]).toContain(answer.status);
      expect(answer.json['error']).toMatch(/^invalid_(request|client)$/);
    },
  );
});

describe('a client without secret', () => {
  test('is heard by its name', async () => accepted(await postAs(open, token, code)));
  test('is not heard with a secret', async () => {
    refused(await postForm(token, { client_id: 'ouvert', client_secret: 'x'.repeat(40), ...code }));
    refused(await postForm(token, code, basic('ouvert', 'x'.repeat(40))));
  });
});

describe('a client that signs assertions (private_key_jwt, RFC 7523 §3)', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const claims = (changes: Readonly<Record<string, unknown>> = {}): JWTPayload => ({
    iss: 'signe',
    sub: 'signe',
    aud: world.issuer,
    jti: crypto.randomUUID(),
    iat: now(),
    exp: now() + 60,
    ...changes,
  });
  const signed = (payload: JWTPayload, key: CryptoKey | Uint8Array = privateKey, alg = 'ES256') =>
    new SignJWT(payload).setProtectedHeader({ alg, kid: 'k1' }).sign(key);
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const send = (assertion: string): Promise<Answer> =>
    postForm(token, { client_assertion: assertion, client_assertion_type: type, ...code });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  test('a right assertion is heard', async () => {
    accepted(await send(await signed(claims())));
  });

  test('CVE-2020-5300: the same assertion twice, and fifty times at once', async () => {
    const once = await signed(claims());
    accepted(await send(once));
    refused(await send(once));
    const many = await signed(claims());
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(many)));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
  });

  test('CVE-2020-15222: another assertion with the same jti', async () => {
    const jti = crypto.randomUUID();
    accepted(await send(await signed(claims({ jti }))));
    refused(await send(await signed(claims({ jti, iat: now() - 1 }))));
  });

  test('CVE-2026-11800, CVE-2024-37568: unsigned, signed with our public key, signed by another, cut', async () => {
    const right = await signed(claims());
    const [header = '', payload = '', signature = ''] = right.split('.');
    const stranger = await generateKeyPair('ES256');
    const confused = await signed(claims(), new TextEncoder().encode(publicPem), 'HS256');
    refused(await send(confused));
    refused(await send(await signed(claims(), stranger.privateKey)));
    refused(await send(`${encode({ alg: 'none' })}.${encode(claims())}.`));
    refused(await send(`${encode({ alg: 'nOnE' })}.${encode(claims())}.`));
    refused(await send(`${header}.${payload}.`));
    refused(await send(`${header}.${encode(claims({ iss: 'docs', sub: 'docs' }))}.${signature}`));
    refused(await send(`${header}.${encode(claims({ exp: now() + 120 }))}.${signature}`));
  });

  test.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['CVE-2025-27370: for another server', { aud: 'https://evil.example' }],
    ['CVE-2025-27370: for nobody', { aud: '' }],
    ['CVE-2025-27371: for our host only', { aud: 'localhost' }],
    ['expired', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['without exp', { exp: undefined }],
    ['without jti', { jti: undefined }],
    ['in the name of another', { iss: 'docs' }],
    ['Keycloak #38576: good for a day', { exp: Math.floor(Date.now() / 1000) + 86_400 }],
    [
      'Keycloak #38576: issued in an hour',
      { iat: Math.floor(Date.now() / 1000) + 3_600, exp: Math.floor(Date.now() / 1000) + 3_660 },
    ],
    [
      'Keycloak #38576: good for a day, in its last minute',
      { iat: Math.floor(Date.now() / 1000) - 86_340, exp: Math.floor(Date.now() / 1000) + 60 },
    ],
    ['not valid yet', { nbf: Math.floor(Date.now() / 1000) + 3_600 }],
  ])('%s', async (_name, changes) => {
    refused(await send(await signed(claims(changes))));
  });

  test('CVE-2025-27370: for the token endpoint, or for others beside us', async () => {
    for (const aud of [token, [world.issuer, token], [world.issuer, 'https://evil.example']])
      refused(await send(await signed(claims({ aud }))));
  });

  test('CVE-2025-27144: a giant or senseless assertion is refused quickly', async () => {
    const started = Date.now();
    for (const assertion of [
      '.'.repeat(40_000),
      'a.b.c',
      '..',
      `${encode({ alg: 'ES256' })}.e30.`,
      `${'a'.repeat(30_000)}.e30.x`,
    ]) {
      const answer = await send(assertion);
      expect([400, 401]).toContain(answer.status);
      expect(answer.json['error']).toMatch(/^invalid_(request|client)$/);
    }
    expect(Date.now() - started).toBeLessThan(5_000);
  });
});
