/**
 * What the discovery document advertises works. These tests read the document and try each of its values: whoever
 * switches something on gets a test for it here, and a failure when it was switched on without working.
 */
import {
  SignJWT,
  compactDecrypt,
  compactVerify,
  createRemoteJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose';
import type { JWK } from 'jose';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { Parameters } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import { createOperator } from './operator.ts';
import { createVisitor, people } from './visitor.ts';

const world = await startWorld();
const { issuer } = world;
const operator = await createOperator(world);
const visitor = createVisitor(world);
const docs = createToolClient(world, 'docs');
const secret = 'docs-demo-secret-not-for-production-0123456789';
const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));

const { body: document } = await request(`${issuer}/.well-known/openid-configuration`);
const metadata = z.record(z.string(), z.unknown()).parse(await document.json());
const list = (name: string): readonly string[] => z.array(z.string()).default([]).parse(metadata[name]);
const url = (name: string): string => z.string().parse(metadata[name]);
const members = (pattern: RegExp): string[] => Object.keys(metadata).filter((name) => pattern.test(name));

beforeAll(async () => {
  await visitor.enter(docs, people.state);
});
afterEach(() => operator.restore());
afterAll(async () => {
  await visitor.browser.close();
  await world.close();
});

/** Changes what the tool declares, until the end of the test. */
const declare = (change: Readonly<Record<string, unknown>>) =>
  operator.declare('client', 'docs', (client) => ({ ...client, ...change }));
/** A request of the tool in a browser that is signed in. */
async function authorize(parameters: Parameters = {}) {
  const attempt = docs.attempt(parameters);
  return { attempt, page: await visitor.follow(docs, attempt) };
}
async function code(parameters: Parameters = {}) {
  const { attempt, page } = await authorize(parameters);
  return { attempt, code: docs.answer(attempt, page).code ?? '' };
}
async function post(endpoint: string, form: Parameters, headers: Readonly<Record<string, string>> = {}) {
  const fields = Object.entries(form).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const { statusCode, body } = await request(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
  const text = await body.text();
  return { status: statusCode, text, json: (): unknown => JSON.parse(text) };
}
const asDocs = { client_id: 'docs', client_secret: secret };
const redirectUri = `${new URL(world.tools).origin}/docs/callback`;
const errorOf = (answer: { readonly json: () => unknown }) =>
  z.object({ error: z.string().optional() }).parse(answer.json()).error;

/** Key pairs of the tool, one a name; `jwks` publishes them. */
const pairs = new Map<string, Awaited<ReturnType<typeof generateKeyPair>>>();
async function pairOf(alg: string) {
  const pair = pairs.get(alg) ?? (await generateKeyPair(alg, { extractable: true }));
  pairs.set(alg, pair);
  return pair;
}
async function jwksOf(alg: string, use: 'sig' | 'enc'): Promise<{ readonly keys: readonly JWK[] }> {
  const jwk = await exportJWK((await pairOf(alg)).publicKey);
  return { keys: [{ ...jwk, kid: `${use}-${alg}`, use, alg }] };
}
async function signed(alg: string, payload: Readonly<Record<string, unknown>>): Promise<string> {
  const claims = { iss: 'docs', aud: issuer, jti: crypto.randomUUID(), ...payload };
  return new SignJWT(claims)
    .setProtectedHeader({ alg, kid: `sig-${alg}` })
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime('60s')
    .sign((await pairOf(alg)).privateKey);
}

describe('every address', () => {
  test.each(members(/_endpoint$/))('%s is there, under the issuer', async (name) => {
    expect(url(name).startsWith(`${issuer}/`)).toBe(true);
    const get = await request(url(name));
    const text = await get.body.text();
    const answer = [404, 405].includes(get.statusCode)
      ? await post(url(name), {})
      : { status: get.statusCode, text };
    expect([400, 401, 200, 302, 303]).toContain(answer.status);
  });

  test.each(['jwks_uri', 'service_documentation', 'op_policy_uri', 'op_tos_uri'])('%s', async (name) => {
    expect(url(name).startsWith(`${issuer}/`)).toBe(true);
    expect((await visitor.browser.get(url(name))).status).toBe(200);
  });
});

/** What is signed for a tool: how the tool declares it, and how it gets one. */
const products: Readonly<Record<string, () => Promise<string>>> = {
  id_token: async () => {
    const { attempt, code: redeemable } = await code();
    return (await docs.redeem(attempt, redeemable)).id_token ?? '';
  },
  userinfo: async () => {
    const { attempt, code: redeemable } = await code();
    const { access_token: token } = await docs.redeem(attempt, redeemable);
    const { body } = await request(url('userinfo_endpoint'), {
      headers: { authorization: `Bearer ${token ?? ''}` },
    });
    return body.text();
  },
  authorization: async () => {
    const { page } = await authorize({ response_mode: 'query.jwt' });
    return new URL(page.location ?? '').searchParams.get('response') ?? '';
  },
  introspection: async () => {
    const { attempt, code: redeemable } = await code();
    const { access_token: token } = await docs.redeem(attempt, redeemable);
    const accept = { accept: 'application/token-introspection+jwt' };
    return (await post(url('introspection_endpoint'), { ...asDocs, token }, accept)).text;
  },
};
const obtain = (product: string): Promise<string> => {
  const way = products[product];
  if (way === undefined) throw new Error(`no test obtains what is signed as ${product}`);
  return way();
};

describe('what is signed for tools', () => {
  const advertised = members(
    /^(?:id_token|userinfo|authorization|introspection)_signing_alg_values_supported$/,
  )
    .map((name) => name.replace('_signing_alg_values_supported', ''))
    .flatMap((product) =>
      list(`${product}_signing_alg_values_supported`).map((alg) => [product, alg] as const),
    );

  test.each(advertised)('%s with %s', async (product, alg) => {
    await declare({ [`${product}_signed_response_alg`]: alg });
    const jwt = await obtain(product);
    expect(decodeProtectedHeader(jwt).alg).toBe(alg);
    expect(decodeProtectedHeader(jwt).kid).toBeTypeOf('string');
    const { payload } = await jwtVerify(jwt, keys, { issuer, audience: 'docs' });
    expect(payload).toBeDefined();
  });
});

describe('what is encrypted for tools', () => {
  const advertised = Object.keys(products).flatMap((product) => {
    const algs = list(`${product}_encryption_alg_values_supported`);
    const encs = list(`${product}_encryption_enc_values_supported`);
    const [anAlg = '', anEnc = ''] = [algs[0], encs[0]];
    return [
      ...algs.map((alg) => [product, alg, anEnc] as const),
      ...encs.slice(1).map((enc) => [product, anAlg, enc] as const),
    ];
  });

  test.each(advertised)('%s to %s with %s', async (product, alg, enc) => {
    await declare({
      jwks: await jwksOf(alg, 'enc'),
      [`${product}_signed_response_alg`]: 'ES256',
      [`${product}_encrypted_response_alg`]: alg,
      [`${product}_encrypted_response_enc`]: enc,
    });
    const jwe = await obtain(product);
    expect(decodeProtectedHeader(jwe)).toMatchObject({ alg, enc });
    const { plaintext } = await compactDecrypt(jwe, (await pairOf(alg)).privateKey);
    await expect(compactVerify(plaintext, keys)).resolves.toBeDefined();
  });
});

describe('clients authenticate', () => {
  const grant = { grant_type: 'authorization_code', code: 'x'.repeat(43), redirect_uri: redirectUri };
  const assertion = async (alg: string) => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await signed(alg, { sub: 'docs' }),
  });
  type Way = () => Promise<{
    readonly form: Parameters;
    readonly headers?: Readonly<Record<string, string>>;
  }>;
  const ways: Readonly<Record<string, Way>> = {
    client_secret_basic: async () => ({
      form: {},
      headers: { authorization: `Basic ${Buffer.from(`docs:${secret}`).toString('base64')}` },
    }),
    client_secret_post: async () => ({ form: asDocs }),
    private_key_jwt: async () => ({ form: await assertion('ES256') }),
    none: async () => ({ form: { client_id: 'docs' } }),
  };
  const advertised = members(/_endpoint_auth_methods_supported$/).flatMap((name) =>
    list(name).map((method) => [name.replace('_auth_methods_supported', ''), method] as const),
  );

  test.each(advertised)('at %s with %s', async (endpoint, method) => {
    const way = ways[method];
    if (way === undefined) throw new Error(`no test shows that ${method} works`);
    await declare({ token_endpoint_auth_method: method, jwks: await jwksOf('ES256', 'sig') });
    const { form, headers = {} } = await way();
    const answer = await post(url(endpoint), { ...grant, token: 'x'.repeat(43), ...form }, headers);
    if (endpoint === 'token_endpoint')
      expect([answer.status, errorOf(answer)]).toEqual([400, 'invalid_grant']);
    else expect(answer.status).toBe(200);
  });

  const algorithms = members(/_endpoint_auth_signing_alg_values_supported$/).flatMap((name) =>
    list(name).map((alg) => [name.replace('_auth_signing_alg_values_supported', ''), alg] as const),
  );
  test.each(algorithms)('at %s with an assertion signed %s', async (endpoint, alg) => {
    await declare({ token_endpoint_auth_method: 'private_key_jwt', jwks: await jwksOf(alg, 'sig') });
    const form = { ...grant, token: 'x'.repeat(43), ...(await assertion(alg)) };
    const answer = await post(url(endpoint), form);
    expect(answer.status).toBe(endpoint === 'token_endpoint' ? 400 : 200);
    expect(answer.text).not.toContain('invalid_client');
  });
});

describe('requests', () => {
  const fields = (page: Page, name: string) => new RegExp(`name="${name}"`).test(page.body);
  const answers: Readonly<Record<string, (page: Page) => boolean>> = {
    query: ({ location = '' }) => new URL(location).searchParams.has('code'),
    fragment: ({ location = '' }) => new URL(location).hash.includes('code='),
    form_post: (page) => fields(page, 'code'),
    jwt: ({ location = '' }) => new URL(location).searchParams.has('response'),
    'query.jwt': ({ location = '' }) => new URL(location).searchParams.has('response'),
    'fragment.jwt': ({ location = '' }) => new URL(location).hash.includes('response='),
    'form_post.jwt': (page) => fields(page, 'response'),
  };
  test.each(list('response_modes_supported'))('are answered in response_mode %s', async (mode) => {
    const { page } = await authorize({ response_mode: mode });
    expect(answers[mode]?.(page)).toBe(true);
  });

  test.each(list('prompt_values_supported'))('may say prompt=%s', async (prompt) => {
    const { page } = await authorize({ prompt });
    expect(page.location ?? '').not.toContain('error=');
    expect(page.status).toBeLessThan(400);
  });

  test.each([
    ...list('display_values_supported').map((value) => ['display', value] as const),
    ...list('acr_values_supported').map((value) => ['acr_values', value] as const),
  ])('may say %s=%s', async (name, value) => {
    expect((await code({ [name]: value })).code).not.toBe('');
  });

  test.each(list('ui_locales_supported'))('get pages in %s', async (locale) => {
    const { page } = await authorize({ prompt: 'login', ui_locales: locale });
    expect(page.body).toMatch(new RegExp(`<html[^>]* lang="${locale}"`));
  });

  test('may ask for every scope', async () => {
    const scope = list('scopes_supported').join(' ');
    await declare({ scope });
    const { attempt, code: redeemable } = await code({ scope, prompt: 'consent' });
    const { scope: granted = '' } = await docs.redeem(attempt, redeemable);
    expect(granted.split(' ').sort()).toEqual([...list('scopes_supported')].sort());
  });

  test.each(list('request_object_signing_alg_values_supported'))('may come signed %s', async (alg) => {
    expect(metadata['request_parameter_supported']).toBe(true);
    await declare({ request_object_signing_alg: alg, jwks: await jwksOf(alg, 'sig') });
    const plain = docs.attempt();
    const parameters = Object.fromEntries(new URL(plain.url).searchParams);
    const query = { client_id: 'docs', response_type: 'code', scope: 'openid' };
    const asked = new URLSearchParams({ ...query, request: await signed(alg, parameters) });
    const attempt = { ...plain, url: `${url('authorization_endpoint')}?${asked.toString()}` };
    expect(docs.answer(attempt, await visitor.follow(docs, attempt)).code).toBeDefined();
  });

  test('may be pushed; by another address they are not fetched', async () => {
    const plain = docs.attempt();
    const parameters = Object.fromEntries(new URL(plain.url).searchParams);
    const pushed = await post(url('pushed_authorization_request_endpoint'), { ...parameters, ...asDocs });
    const { request_uri: uri } = z.object({ request_uri: z.string() }).parse(pushed.json());
    const of = (requestUri: string) => {
      const query = new URLSearchParams({ client_id: 'docs', request_uri: requestUri });
      return { ...plain, url: `${url('authorization_endpoint')}?${query.toString()}` };
    };
    expect(docs.answer(plain, await visitor.follow(docs, of(uri))).code).toBeDefined();
    expect(metadata['request_uri_parameter_supported']).toBe(false);
    const foreign = await visitor.follow(docs, of('https://docs.example/request.jwt'));
    expect(foreign.location ?? '').not.toContain('code=');
    expect(foreign.status === 400 || foreign.location?.includes('error=')).toBe(true);
  });

  test('may carry `claims`', async () => {
    expect(metadata['claims_parameter_supported']).toBe(true);
    const claims = JSON.stringify({ id_token: { siret: null } });
    const { attempt, code: redeemable } = await code({ claims });
    const { id_token: idToken = '' } = await docs.redeem(attempt, redeemable);
    expect((await jwtVerify(idToken, keys)).payload['siret']).toBeDefined();
  });
});

describe('tokens', () => {
  test.each(list('grant_types_supported'))('are given for %s', async (grantType) => {
    const answer = await post(url('token_endpoint'), { ...asDocs, grant_type: grantType });
    expect(errorOf(answer)).not.toBe('unsupported_grant_type');
    expect(errorOf(answer)).not.toBe('unauthorized_client');
  });

  test.each(['password', 'client_credentials', 'implicit'])('are not given for %s', async (grantType) => {
    expect(list('grant_types_supported')).not.toContain(grantType);
    const answer = await post(url('token_endpoint'), { ...asDocs, grant_type: grantType });
    expect(errorOf(answer)).toMatch(/^(?:unsupported_grant_type|unauthorized_client)$/);
  });

  test.each(list('dpop_signing_alg_values_supported'))('are bound to a DPoP key of %s', async (alg) => {
    const { publicKey, privateKey } = await pairOf(alg);
    const { attempt, code: redeemable } = await code();
    const proof = await new SignJWT({ htm: 'POST', htu: url('token_endpoint'), jti: crypto.randomUUID() })
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
      .setIssuedAt()
      .sign(privateKey);
    const answer = await post(
      url('token_endpoint'),
      {
        ...asDocs,
        grant_type: 'authorization_code',
        code: redeemable,
        redirect_uri: redirectUri,
        code_verifier: attempt.verifier,
      },
      { dpop: proof },
    );
    expect(answer.json()).toMatchObject({ token_type: 'DPoP' });
  });

  test.each(list('subject_types_supported'))('name people by a %s subject', async (type) => {
    await declare({ subject_type: type });
    const { attempt, code: redeemable } = await code();
    const { id_token: idToken = '' } = await docs.redeem(attempt, redeemable);
    expect((await jwtVerify(idToken, keys)).payload.sub).toEqual(expect.any(String));
  });
});
