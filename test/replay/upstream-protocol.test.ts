/**
 * What identity providers may demand, with one that demands it all and is not ours (`oidc-provider`): requests pushed
 * before, a client known by its published keys, an answer that a form posts, tokens that are encrypted to us (RFC 9126,
 * RFC 7523, OAuth 2.0 Form Post Response Mode, OpenID Connect Core §16.14).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startStrictIdp, strictPerson, strictRecord } from '../support/strict-idp.ts';
import type { StrictIdp } from '../support/strict-idp.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  claimsOf,
  demoTool,
  redeem,
  toolAnswer,
  tokensOf,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { startUp } from './support/timing.ts';
import { codeOf, goThrough } from './support/upstream-visit.ts';

let idp: StrictIdp;
let world: World;
let tchap: Tool;
let browser: Browser;

beforeAll(async () => {
  idp = await startStrictIdp();
  const { dir, remove } = await demoAnd({ identity_providers: [strictRecord(idp.issuer)] });
  world = await startWorld({ configDir: dir });
  await remove();
  // Keys that are wanted are made at the next look.
  await world.broker.refresh();
  idp.expectClient(world.issuer);
  tchap = demoTool(world, 'visio');
}, startUp);
afterAll(async () => {
  await world.close();
  await idp.close();
});
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const begin = () =>
  authorizationRequest(world.issuer, tchap, { scope: 'openid given_name usual_name email siret' });

/** The page of the identity provider with the form that it posts to us by script. */
const untilForm = (attempt = begin()) => goThrough(browser, attempt, strictPerson.email);

test('a person signs in: everything that it demands, we do', async () => {
  const attempt = begin();
  const form = await untilForm(attempt);
  expect(idp.requests).toContain('POST /request');
  const asked = browser.history.find((url) => url.startsWith(`${idp.issuer}/auth`)) ?? '';
  expect([...new URL(asked).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
  const end = await browser.submitForm(
    form,
    {},
    { redirects: (url) => url.origin === new URL(world.tools).origin },
  );
  const tokens = tokensOf(await redeem(world.issuer, attempt, toolAnswer(end.location).code ?? ''));
  expect(claimsOf(tokens.id_token)['sub']).toBeDefined();
  expect(world.log.join('\n')).toContain('"event":"sign_in","idp":"strict"');
});

describe('what we publish for it', () => {
  const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) });
  const published = async () => jwksSchema.parse(await (await fetch(`${world.issuer}/jwks`)).json()).keys;

  test('one key for each encryption that a record declares, and nothing private', async () => {
    const keys = (await published()).filter(({ use }) => use === 'enc');
    expect(keys.map(({ alg, kty }) => [alg, kty])).toEqual([
      ['ECDH-ES', 'EC'],
      ['RSA-OAEP-256', 'RSA'],
    ]);
    for (const key of keys)
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'key_ops'])
        expect(key).not.toHaveProperty(member);
  });

  test('tools may not encrypt their requests to them: the metadata say nothing of it', async () => {
    const metadata = await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).text();
    expect(metadata).not.toContain('request_object_encryption');
  });
});

describe('the answer that a form posts', () => {
  const callback = () => `${world.issuer}/callback/strict`;

  test('brings no cookie from elsewhere: it becomes a GET to the same address, and nothing else', async () => {
    const form = await untilForm();
    const answer = await browser.submitForm(form, {}, { redirects: 'manual' });
    expect(answer.status).toBe(303);
    const target = new URL(answer.location ?? '');
    expect(target.origin + target.pathname).toBe(callback());
    expect([...target.searchParams.keys()].sort()).toEqual(['code', 'iss', 'state']);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('says nothing but what an answer may say', async () => {
    const answer = await browser.post(
      callback(),
      { code: 'a', state: 'b', id_token: 'x.y.z', lang: 'en', 'a b': '"><script>', __proto__: 'c' },
      { initiator: idp.issuer, redirects: 'manual' },
    );
    expect(new URL(answer.location ?? '').search).toBe('?code=a&state=b');
  });

  test('of somebody who has no attempt signs nobody in', async () => {
    const page = await browser.post(
      callback(),
      { code: 'a', state: 'b' },
      { initiator: 'https://evil.example' },
    );
    expectRefusalPage(page, { status: 400, code: 'M-UPST-004' });
  });

  test.each([
    ['too long', { code: 'a'.repeat(9_000), state: 'b' }],
    ['far too long', { code: 'a'.repeat(100_000), state: 'b' }],
  ])('%s is refused', async (_name, fields) => {
    const page = await browser.post(callback(), fields, { initiator: idp.issuer });
    expectRefusalPage(page, { status: 400, code: 'M-HTTP-003' });
  });

  test.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain'])(
    'as %s is refused',
    async (type) => {
      const page = await browser.post(callback(), { code: 'a' }, { headers: { 'content-type': type } });
      expectRefusalPage(page, { status: 400, code: 'M-HTTP-003' });
    },
  );

  test.each(['demo', 'nobody', '__proto__'])(
    'answers for %s as for anybody without an attempt',
    async (id) => {
      const page = await browser.post(`${world.issuer}/callback/${id}`, { code: 'a', state: 'b' });
      expectRefusalPage(page, { status: 400, code: 'M-UPST-004' });
    },
  );
});

describe('one thing less than agreed', () => {
  afterEach(() => idp.expectClient(world.issuer));

  test.each<readonly [string, string, object]>([
    [
      'an ID token that is not encrypted',
      'M-UPST-024',
      { id_token_encrypted_response_alg: undefined, id_token_encrypted_response_enc: undefined },
    ],
    ['one encrypted in another way', 'M-UPST-024', { id_token_encrypted_response_enc: 'A128GCM' }],
    [
      'userinfo that is not encrypted',
      'M-UPST-024',
      { userinfo_encrypted_response_alg: undefined, userinfo_encrypted_response_enc: undefined },
    ],
    ['an assertion that it does not take', 'M-UPST-029', { token_endpoint_auth_signing_alg: 'ES256' }],
  ])('%s → %s', async (_name, code, changes) => {
    idp.expectClient(world.issuer, changes);
    const page = await untilForm();
    const end = codeShown(page) ?? codeOf(await browser.submitForm(page, {}));
    expect(end).toBe(code);
  });

  /** A request that it refuses when pushed ends on our page, before anybody is sent there. */
  const codeShown = (page: Parameters<typeof codeOf>[0]) =>
    page.url.startsWith(world.issuer) ? codeOf(page) : undefined;
});
