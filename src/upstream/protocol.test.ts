import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { createBench, keys } from './testing/bench.ts';
import { createSmallIdp, person } from './testing/small-idp.ts';
import type { Deviation } from './testing/small-idp.ts';

const jwks = createLocalJWKSet({ keys: Object.values(keys.published) });
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Verifies an assertion as RFC 7523 §3 and OpenID Connect Core §9 have it, and takes each `jti` once. */
async function createVerifyingIdp(record: Partial<IdentityProvider> = {}) {
  const taken = new Set<string>();
  const verified = async (form: URLSearchParams): Promise<boolean> => {
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', jwks, {
      issuer: 'broker-at-etat',
      subject: 'broker-at-etat',
      requiredClaims: ['jti', 'exp', 'iat'],
    });
    const { jti = '', exp = Infinity, iat = 0, aud } = payload;
    const isFresh = !taken.has(jti) && Boolean(taken.add(jti));
    // Not a list either: one audience, one meaning (CVE-2025-27370).
    const isForUs = aud === 'https://etat.idp.example' && exp - iat <= 60;
    return (
      isFresh &&
      isForUs &&
      form.get('client_assertion_type') === jwtBearer &&
      form.get('client_id') === 'broker-at-etat' &&
      form.get('client_secret') === null
    );
  };
  const idp = await createSmallIdp({
    record: { token_endpoint_auth_method: 'private_key_jwt', ...record },
    authenticates: (form) => verified(form).catch(() => false),
  });
  return { idp, taken };
}

describe('private_key_jwt (RFC 7523)', () => {
  it('says who we are with an assertion for the issuer alone, once, for a minute', async () => {
    const { idp, taken } = await createVerifyingIdp();
    const bench = createBench(idp);
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    expect(taken.size).toBe(2);
  });

  it('signs with our current key of the algorithm of the record, named as /jwks names it', async () => {
    for (const [alg, record] of [
      ['ES256', {}],
      ['PS256', { token_endpoint_auth_signing_alg: 'PS256' as const }],
    ] as const) {
      const { idp } = await createVerifyingIdp(record);
      expect(await createBench(idp).login(idp)).toMatchObject({ ok: true });
      const assertion = idp.forms.at(-1)?.get('client_assertion') ?? '';
      expect(decodeProtectedHeader(assertion)).toEqual({ alg, kid: `our-${alg}` });
    }
  });

  it('refused by the IdP is an error of its own, which names no assertion', async () => {
    const { idp } = await createVerifyingIdp({ client_id: 'somebody-else' });
    const result = await createBench(idp).login(idp);
    expect(result).toMatchObject({ ok: false, error: { code: 'M-UPST-029' } });
    expect(JSON.stringify(result)).not.toContain(idp.forms.at(-1)?.get('client_assertion'));
  });

  it('sends no secret', async () => {
    const { idp } = await createVerifyingIdp();
    expect(await createBench(idp).login(idp)).toMatchObject({ ok: true });
    expect([...(idp.forms[0]?.keys() ?? [])]).not.toContain('client_secret');
  });
});

describe('requests that are pushed (RFC 9126)', () => {
  const endpoint = 'https://etat.idp.example/par';
  const pushing = {
    metadata: (right: object) => ({ ...right, pushed_authorization_request_endpoint: endpoint }),
  };

  it.each<readonly [string, Partial<IdentityProvider>, object]>([
    ['when the record says so', { require_pushed_authorization_requests: true }, {}],
    ['when the metadata demand it', {}, { require_pushed_authorization_requests: true }],
  ])('%s: the browser carries a reference only', async (_name, record, metadata) => {
    const { idp } = await createVerifyingIdp(record);
    idp.deviation = { metadata: (right) => ({ ...pushing.metadata(right), ...metadata }) };
    const bench = createBench(idp);
    const url = await bench.begin(idp, { loginHint: 'agent@etat.example' });
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'broker-at-etat',
      request_uri: 'urn:ietf:params:oauth:request_uri:0',
    });
    const [form] = idp.forms;
    expect(form?.get('login_hint')).toBe('agent@etat.example');
    expect(form?.get('code_challenge_method')).toBe('S256');
    expect(form?.get('client_assertion_type')).toBe(jwtBearer);
    expect(await bench.end(idp, idp.answer(url))).toMatchObject({ ok: true });
  });

  it('not when nobody asks for it', async () => {
    const idp = await createSmallIdp();
    idp.deviation = pushing;
    expect((await createBench(idp).begin(idp)).searchParams.get('request_uri')).toBeNull();
    expect(idp.requests).not.toContain('/par');
  });

  it.each<readonly [string, string, Deviation]>([
    [
      'refused',
      'M-UPST-029',
      { at: (path) => (path === '/par' ? json({ error: 'invalid_request' }, 400) : undefined) },
    ],
    ['without a reference', 'M-UPST-029', { at: (path) => (path === '/par' ? json({}, 201) : undefined) }],
    [
      'not a JSON answer',
      'M-UPST-029',
      { at: (path) => (path === '/par' ? Promise.resolve(new Response('<p>')) : undefined) },
    ],
    ['unavailable', 'M-UPST-001', { at: (path) => (path === '/par' ? json({}, 503) : undefined) }],
  ])('%s → %s, and nobody is sent there', async (_name, code, deviation) => {
    const idp = await createSmallIdp({ record: { require_pushed_authorization_requests: true } });
    idp.deviation = { ...pushing, ...deviation };
    await expect(createBench(idp).begin(idp)).rejects.toMatchObject({ code });
  });

  it('without an endpoint for it → M-UPST-002', async () => {
    const idp = await createSmallIdp({ record: { require_pushed_authorization_requests: true } });
    await expect(createBench(idp).begin(idp)).rejects.toMatchObject({ code: 'M-UPST-002' });
  });
});

describe('metadata that the record spells out', () => {
  const metadata = {
    authorization_endpoint: 'https://etat.idp.example/authorize',
    token_endpoint: 'https://etat.idp.example/token',
    jwks_uri: 'https://etat.idp.example/jwks',
    userinfo_endpoint: 'https://etat.idp.example/userinfo',
    authorization_response_iss_parameter_supported: true,
  };

  it('are all that is known of the IdP: nothing is discovered, everything is checked', async () => {
    const idp = await createSmallIdp({ record: { metadata } });
    const bench = createBench(idp);
    expect(await bench.login(idp)).toMatchObject({ ok: true });
    expect(idp.requests).toEqual(['/token', '/jwks', '/userinfo']);
    idp.deviation = { callback: (query) => query.delete('iss') };
    expect(await bench.login(idp)).toMatchObject({ ok: false, error: { code: 'M-UPST-007' } });
    idp.deviation = { claims: (right) => ({ ...right, iss: 'https://evil.example' }) };
    expect(await bench.login(idp)).toMatchObject({ ok: false, error: { code: 'M-UPST-020' } });
  });

  it('without userinfo, the ID token has to say it all', async () => {
    const idp = await createSmallIdp({ record: { metadata: { ...metadata, userinfo_endpoint: undefined } } });
    idp.deviation = { claims: (right) => ({ ...right, ...person }) };
    expect(await createBench(idp).login(idp)).toMatchObject({ ok: true });
    expect(idp.requests).toEqual(['/token', '/jwks']);
  });
});

describe('what else the record says of the request', () => {
  it('response_mode and parameters of its own, beside ours', async () => {
    const idp = await createSmallIdp({
      record: {
        response_mode: 'form_post',
        authorization_parameters: { kc_idp_hint: 'agents', 'x.y': 'a b' },
      },
    });
    const { searchParams } = await createBench(idp).begin(idp);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_mode: 'form_post',
      kc_idp_hint: 'agents',
      'x.y': 'a b',
      response_type: 'code',
    });
  });

  it('claims_parameter: false sends none, even for a level that has to be reached', async () => {
    const idp = await createSmallIdp({ record: { claims_parameter: false } });
    const bench = createBench(idp);
    for (const request of [{}, { acrValues: ['eidas1-mfa'] }]) {
      expect((await bench.begin(idp, request)).searchParams.get('claims')).toBeNull();
    }
  });
});

function json(body: object, status: number): Promise<Response> {
  return Promise.resolve(Response.json(body, { status }));
}
