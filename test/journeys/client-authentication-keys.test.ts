/**
 * Clients that sign assertions (RFC 7523) with keys that they publish at `jwks_uri`: a real server gives them, changes
 * them, is slow, is down, and lies. Whom an assertion is for is the issuer, unless the client is declared otherwise.
 */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient } from '../replay/support/extra-clients.ts';
import { postForm } from '../replay/support/relying-party.ts';
import type { Answer } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { freePort } from '../support/services.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

interface Key {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

let world: World;
let token: string;
let offset = 0;
let asked: string[] = [];
let keys: readonly JWK[] = [];
const give: RequestListener = (_request, answer) =>
  answer
    .writeHead(200, { 'content-type': 'application/jwk-set+json', 'cache-control': 'max-age=3600' })
    .end(JSON.stringify({ keys }));
let listener: RequestListener = give;
const server = createServer((request, answer) => {
  asked.push(request.url ?? '');
  listener(request, answer);
});

async function newKey(kid: string, alg = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg } };
}

/** Each test has a client of its own: what is known of the keys of one says nothing of another. */
const names = [
  'neuf',
  'tourne',
  'panne',
  'coupe',
  'lent',
  'renvoie',
  'lourd',
  'page',
  'prive',
  'retire',
  'curieux',
  'jamais',
];
const signed = { token_endpoint_auth_method: 'private_key_jwt' };
let old: Key;
let young: Key;

beforeAll(async () => {
  [old, young] = [await newKey('old'), await newKey('young')];
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { dir, remove } = await demoAnd({
    clients: [
      ...names.map((name) => extraClient(name, { ...signed, jwks_uri: `http://localhost:${port}/${name}` })),
      extraClient('interne', { ...signed, jwks_uri: 'https://169.254.169.254/latest/meta-data' }),
      extraClient('ancien', { ...signed, jwks: { keys: [old.jwk] }, assertion_audience: 'endpoint' }),
      extraClient('neuf2', { ...signed, jwks: { keys: [old.jwk] } }),
      extraClient('fapi', { ...signed, jwks: { keys: [old.jwk] }, profile: 'fapi2' }),
      extraClient('fixe', { ...signed, jwks: { keys: [old.jwk] }, token_endpoint_auth_signing_alg: 'PS256' }),
    ],
  });
  world = await startWorld({ configDir: dir, clock: () => new Date(Date.now() + offset) });
  await remove();
  token = `${world.issuer}/token`;
}, startUp);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await world.close();
});
beforeEach(() => {
  [offset, asked, keys, listener] = [0, [], [old.jwk], give];
});

const now = () => Math.floor(Date.now() / 1000);
async function show(
  clientId: string,
  key: Key = old,
  changes: JWTPayload = {},
  url = token,
): Promise<Answer> {
  const claims: JWTPayload = {
    iss: clientId,
    sub: clientId,
    aud: world.issuer,
    jti: crypto.randomUUID(),
    iat: now(),
    exp: now() + 60,
    ...changes,
  };
  return postForm(url, {
    client_assertion: await new SignJWT(claims)
      .setProtectedHeader({ alg: key.jwk.alg ?? 'ES256', kid: key.jwk.kid ?? '' })
      .sign(key.privateKey),
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    grant_type: 'authorization_code',
    code: 'a'.repeat(43),
    redirect_uri: 'https://rp.example/cb',
  });
}
const heard = (answer: Answer) =>
  expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_grant']);
const refused = (answer: Answer) =>
  expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client']);

const minute = 60_000;
const day = 24 * 60 * minute;

describe('keys that a client publishes', () => {
  test('are asked once, however many assertions come, and not again while they are fresh', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => show('neuf')));
    answers.forEach(heard);
    offset = 59 * minute;
    heard(await show('neuf'));
    expect(asked).toEqual(['/neuf']);
    offset = 61 * minute;
    heard(await show('neuf'));
    expect(asked).toEqual(['/neuf', '/neuf']);
  });

  test('that are changed are asked again, for an unknown key', async () => {
    heard(await show('tourne'));
    keys = [old.jwk, young.jwk];
    offset = minute + 1000;
    heard(await show('tourne', young));
    heard(await show('tourne', old));
    expect(asked).toHaveLength(2);
  });

  test('are not asked for more than once a minute, whatever is shown', async () => {
    const stranger = await newKey('stranger');
    heard(await show('curieux'));
    for (const key of [stranger, stranger, { ...stranger, jwk: old.jwk }])
      refused(await show('curieux', key));
    expect(asked).toHaveLength(1);
    offset = minute + 1000;
    for (let count = 0; count < 5; count += 1) refused(await show('curieux', stranger));
    expect(asked).toHaveLength(2);
  });

  test('that were withdrawn end with what the client said of their age', async () => {
    heard(await show('retire'));
    keys = [young.jwk];
    offset = 61 * minute;
    refused(await show('retire', old));
    heard(await show('retire', young));
  });

  test.each<readonly [string, string, RequestListener]>([
    ['down', 'panne', (_request, answer) => answer.writeHead(503).end()],
    ['closed', 'coupe', (request) => request.socket.destroy()],
  ])(
    'serve for a day while their address is %s, which is asked once a minute',
    async (_name, client, failing) => {
      offset = 10 * day;
      heard(await show(client));
      listener = failing;
      offset += 61 * minute;
      asked = [];
      for (let count = 0; count < 5; count += 1) heard(await show(client));
      expect(asked).toHaveLength(1);
      offset += 12 * 60 * minute;
      heard(await show(client));
      offset += day;
      refused(await show(client));
      listener = give;
      offset += minute + 1000;
      heard(await show(client));
      offset = 0;
    },
  );

  test.each<readonly [string, string, RequestListener]>([
    ['slow', 'lent', () => undefined],
    ['elsewhere', 'renvoie', (_request, answer) => answer.writeHead(302, { location: '/neuf' }).end()],
    [
      'huge',
      'lourd',
      (_request, answer) =>
        answer
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ keys, more: 'x'.repeat(65_536) })),
    ],
    [
      'a page',
      'page',
      (_request, answer) =>
        answer.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify({ keys })),
    ],
    [
      'a private key',
      'prive',
      (_request, answer) =>
        answer
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ keys: keys.map((key) => ({ ...key, d: 'secret' })) })),
    ],
  ])(
    'are not had where the answer is %s: nobody waits long, nobody comes in',
    async (_name, client, bad) => {
      listener = bad;
      const started = performance.now();
      const answer = await show(client);
      refused(answer);
      expect(answer.body).not.toMatch(/jwks|localhost|redirect|bytes/);
      expect(performance.now() - started).toBeLessThan(4_000);
      expect(asked).toEqual([`/${client}`]);
      // Asked a moment ago: the next one does not wait.
      refused(await show(client));
      expect(asked).toHaveLength(1);
      expect(world.log.some((line) => line.includes('client_keys_unavailable'))).toBe(true);
    },
    10_000,
  );

  test('are not asked of an address inside (CVE-2026-56739, CVE-2020-10770)', async () => {
    refused(await show('interne'));
    expect(world.log.join('\n')).toContain('169.254.169.254: not an address of the public Internet');
  });
});

describe('whom an assertion is for (RFC 7523 §3, CVE-2025-27370)', () => {
  test('the issuer alone', async () => {
    heard(await show('neuf2'));
    heard(await show('neuf2', old, { aud: [world.issuer] }));
    for (const aud of [
      token,
      [world.issuer, token],
      [world.issuer, 'https://evil.example'],
      `${world.issuer}/`,
    ])
      refused(await show('neuf2', old, { aud }));
  });

  test('for an older tool, also the endpoint', async () => {
    heard(await show('ancien', old, { aud: token }));
    heard(await show('ancien', old, { aud: [world.issuer, token] }));
    heard(await show('ancien'));
    refused(await show('ancien', old, { aud: [token, 'https://evil.example'] }));
    refused(await show('ancien', old, { aud: `${world.issuer}/userinfo` }));
  });

  test('FAPI 2.0: the issuer as a text', async () => {
    const par = `${world.issuer}/par`;
    refused(await show('fapi', old, { aud: [world.issuer] }, par));
    refused(await show('fapi', old, { aud: par }, par));
    const answer = await show('fapi', old, {}, par);
    expect([answer.status, answer.json['error']]).not.toEqual([401, 'invalid_client']);
  });

  test('signed in the way that the client registered, and no other', async () => {
    refused(await show('fixe', old));
  });
});
