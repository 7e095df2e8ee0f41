/**
 * Signed authorization requests: what RFC 9101 wants refused beyond test/journeys/requests-signed.test.ts, which has
 * signature, audience, issuer and times. Each refusal is an error, never a request read without its signature.
 */
import { createServer } from 'node:http';
import { CompactEncrypt, SignJWT, importJWK } from 'jose';
import { z } from 'zod';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { freePort } from '../support/services.ts';
import { expectRefusalPage } from '../replay/support/pages.ts';
import {
  authorizationRequest,
  postForm,
  queryOf,
  send,
  toolAnswer,
  untilTool,
} from '../replay/support/relying-party.ts';
import type { Changes } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

type Members = Readonly<Record<string, unknown>>;

let all: RefusalWorld;
let browser: Browser;
let outside: Changes;

beforeAll(async () => {
  all = await startRefusalWorld();
  outside = {
    client_id: 'signe',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: all.signe.redirectUri,
  };
}, startUp);
afterAll(() => all.world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const now = (): number => Math.floor(Date.now() / 1000);
function claims(changes: Members = {}): Members {
  const { url } = authorizationRequest(all.world.issuer, all.signe, { prompt: 'none' });
  const written: Members = {
    ...Object.fromEntries(new URL(url).searchParams),
    iss: 'signe',
    aud: all.world.issuer,
    exp: now() + 300,
    ...changes,
  };
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
}
const object = (changes: Members = {}, header: Members = {}): Promise<string> =>
  new SignJWT(claims(changes))
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'oauth-authz-req+jwt', ...header })
    .sign(all.key);
const ask = (parameters: Changes): Promise<Page> =>
  browser.get(`${all.world.issuer}/authorize?${queryOf(parameters)}`, { redirects: untilTool(all.signe) });
const errorOf = async (parameters: Changes): Promise<string | undefined> =>
  toolAnswer((await ask(parameters)).location).error;

test('RFC 9101 §6.3: a right request is heard', async () => {
  // Nobody is signed in, and `prompt=none` stands inside only: it was read.
  expect(await errorOf({ ...outside, request: await object() })).toBe('login_required');
});

describe('§4 what it holds', () => {
  test('RFC 9101 §4: no request and no request_uri of its own', async () => {
    for (const nested of [{ request: 'a.b.c' }, { request_uri: 'https://rp.example/r' }])
      expect(await errorOf({ ...outside, request: await object(nested) })).toBe('invalid_request_object');
  });

  test('RFC 9101 §4: whom it is for, and from whom', async () => {
    for (const wrong of [
      { aud: 'https://evil.example' },
      { aud: undefined },
      { iss: 'tiers' },
      { iss: undefined },
    ])
      expect(await errorOf({ ...outside, request: await object(wrong) })).toBe('invalid_request_object');
  });
});

describe('§5 how it is sent', () => {
  test('RFC 9101 §5: the client is named outside, and is the one inside', async () => {
    const request = await object();
    expectRefusalPage(await ask({ ...outside, client_id: undefined, request }), { code: /M-OIDC-/ });
    expectRefusalPage(await ask({ ...outside, client_id: 'personne', request }), { code: /M-OIDC-/ });
    expect(await errorOf({ ...outside, client_id: 'tiers', request })).toMatch(/^invalid_request/);
  });

  test('RFC 9101 §5: not request and request_uri together', async () => {
    const request = await object();
    expect(await errorOf({ ...outside, request, request_uri: 'https://rp.example/r' })).toMatch(
      /^(?:invalid_request|request_uri_not_supported)$/,
    );
  });

  test('RFC 9101 §5.2: by reference it is not supported, and nothing is fetched', async () => {
    const fetched: string[] = [];
    const server = createServer((request, answer) => {
      fetched.push(request.url ?? '');
      answer.end();
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const request_uri = `http://localhost:${port}/request.jwt`;
    expect(await errorOf({ ...outside, request_uri })).toBe('request_uri_not_supported');
    expect(fetched).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('§6 how it is protected', () => {
  test('RFC 9101 §6.1: encrypted, it is not read', async () => {
    const { json } = await send(`${all.world.issuer}/jwks`);
    const { keys } = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }).parse(json);
    const rsa = keys.find(({ kty }) => kty === 'RSA');
    const key = await importJWK({ ...rsa }, 'RSA-OAEP');
    const request = await new CompactEncrypt(new TextEncoder().encode(await object()))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A256GCM', cty: 'oauth-authz-req+jwt' })
      .encrypt(key);
    expect(await errorOf({ ...outside, request })).toBe('invalid_request_object');
  });

  test.each(['none', 'None', 'NONE', 'HS256', 'ES384', ''])(
    'RFC 9101 §6.2: signed with %j, it is none of a client of ours',
    async (alg) => {
      const [, payload = '', signature = ''] = (await object()).split('.');
      const header = Buffer.from(JSON.stringify({ alg, kid: 'k1' })).toString('base64url');
      for (const end of ['', signature]) {
        const request = `${header}.${payload}.${end}`;
        expect(await errorOf({ ...outside, request })).toBe('invalid_request_object');
      }
    },
  );

  test('RFC 9101 §6.2: signed with our public key of the client as a secret', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(all.publicJwk));
    const request = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
    expect(await errorOf({ ...outside, request })).toBe('invalid_request_object');
  });

  test('RFC 9101 §6.3: a client without keys has no signed requests', async () => {
    const request = await object({ iss: 'tiers', client_id: 'tiers' });
    expect(await errorOf({ ...outside, client_id: 'tiers', request })).toBe('invalid_request_object');
  });

  test('RFC 9101 §6.3: what stands outside only is not read', async () => {
    const request = await object({ code_challenge: undefined, code_challenge_method: undefined });
    const beside = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' };
    expect(await errorOf({ ...outside, ...beside, request })).toBe('invalid_request');
  });
});

describe('§10 one kind of JWT is not another', () => {
  const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

  test('RFC 9101 §10.8: a request whose subject is the client could be its assertion', async () => {
    expect(await errorOf({ ...outside, request: await object({ sub: 'signe' }) })).toBe(
      'invalid_request_object',
    );
  });

  test('RFC 9101 §10.8: a request is no assertion of the client', async () => {
    const answer = await postForm(`${all.world.issuer}/token`, {
      client_assertion: await object({ jti: crypto.randomUUID() }),
      client_assertion_type: assertionType,
      grant_type: 'authorization_code',
      code: 'a'.repeat(43),
    });
    expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client']);
  });

  test('RFC 9101 §10.8: an assertion of the client is no request', async () => {
    const held = { iss: 'signe', sub: 'signe', aud: all.world.issuer, jti: 'j', exp: now() + 60 };
    const request = await new SignJWT(held).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(all.key);
    const page = await ask({ ...outside, request });
    expect(page.status).toBeGreaterThanOrEqual(page.location === undefined ? 400 : 302);
    if (page.location !== undefined) expect(toolAnswer(page.location).code).toBeUndefined();
  });
});
