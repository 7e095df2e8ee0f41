import { createHmac } from 'node:crypto';
import { SignJWT, exportSPKI, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../errors/errors.ts';
import { createBench } from './testing/bench.ts';
import { accessToken, createSmallIdp, person } from './testing/small-idp.ts';
import type { Deviation } from './testing/small-idp.ts';
import { atHash } from './id-token.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const stranger = await generateKeyPair('ES256');
const rsa = await generateKeyPair('RS256', { extractable: true });
const html = () => new Response('<h1>Maintenance</h1>', { headers: { 'content-type': 'text/html' } });

/** One line per way of being wrong, in the order in which the answer is read. */
const deviations: readonly (readonly [name: string, code: ErrorCode, deviation: Deviation])[] = [
  // Authorization response
  ['state missing', 'M-UPST-004', { callback: (query) => query.delete('state') }],
  ['state empty', 'M-UPST-004', { callback: (query) => query.set('state', '') }],
  ['state of nobody', 'M-UPST-004', { callback: (query) => query.set('state', 'another') }],
  ['state twice', 'M-UPST-004', { callback: (query) => query.append('state', query.get('state') ?? '') }],
  ['iss missing although promised', 'M-UPST-007', { callback: (query) => query.delete('iss') }],
  ['iss of another', 'M-UPST-007', { callback: (query) => query.set('iss', 'https://evil.example') }],
  ['iss/', 'M-UPST-007', { callback: (query) => query.set('iss', `${query.get('iss') ?? ''}/`) }],
  ['iss twice', 'M-UPST-007', { callback: (query) => query.append('iss', query.get('iss') ?? '') }],
  ['code missing', 'M-UPST-002', { callback: (query) => query.delete('code') }],
  ['code empty', 'M-UPST-002', { callback: (query) => query.set('code', '') }],
  ['code twice', 'M-UPST-002', { callback: (query) => query.append('code', 'x') }],
  ['code of nobody', 'M-UPST-029', { callback: (query) => query.set('code', 'x') }],
  ['code and error', 'M-UPST-002', { callback: (query) => query.set('error', 'server_error') }],
  ['error=login_required', 'M-UPST-002', { callback: error('login_required') }],
  ['error: level not reached', 'M-UPST-015', { callback: error('unmet_authentication_requirements') }],
  ['error=access_denied: the person cancelled', 'M-UPST-003', { callback: error('access_denied') }],
  [
    'JWT response that nobody asked for',
    'M-UPST-002',
    { callback: (query) => query.set('response', 'a.b.c') },
  ],
  ['ID token in the front channel', 'M-UPST-002', { callback: (query) => query.set('id_token', 'a.b.c') }],
  // Token endpoint
  ['token endpoint: 503', 'M-UPST-001', { token: () => new Response(null, { status: 503 }) }],
  [
    'token endpoint: redirection',
    'M-UPST-027',
    { token: () => Response.redirect('https://evil.example', 307) },
  ],
  ['token endpoint: HTML', 'M-UPST-029', { token: html }],
  ['token endpoint: garbled JSON', 'M-UPST-029', { token: () => json('{"access_token":') }],
  ['token endpoint: a list', 'M-UPST-029', { token: () => json('[]') }],
  [
    'token endpoint: 300 kB',
    'M-UPST-026',
    { token: (right) => ({ ...right, padding: 'x'.repeat(300_000) }) },
  ],
  ['access token missing', 'M-UPST-029', { token: (right) => without(right, 'access_token') }],
  ['token type unknown', 'M-UPST-029', { token: (right) => ({ ...right, token_type: 'mac' }) }],
  ['ID token missing', 'M-UPST-008', { token: (right) => without(right, 'id_token') }],
  ['ID token not a JWT', 'M-UPST-008', { token: (right) => ({ ...right, id_token: 'token' }) }],
  [
    'ID token of a million dots',
    'M-UPST-008',
    { token: (right) => ({ ...right, id_token: '.'.repeat(200_000) }) },
  ],
  ['ID token encrypted', 'M-UPST-024', { token: (right) => ({ ...right, id_token: 'a.b.c.d.e' }) }],
  // ID token: header and signature
  ['alg none', 'M-UPST-019', { sign: async (_h, claims) => `${part({ alg: 'none' })}.${part(claims)}.` }],
  ['signature empty', 'M-UPST-018', { sign: async (header, claims) => `${part(header)}.${part(claims)}.` }],
  [
    'HS256 with the public key as secret',
    'M-UPST-019',
    {
      sign: async (_header, claims) => {
        const text = `${part({ alg: 'HS256', kid: 'k1' })}.${part(claims)}`;
        const secret = await exportSPKI(rsa.publicKey);
        return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
      },
    },
  ],
  ['RS256 instead of the declared ES256', 'M-UPST-019', { sign: signedBy(rsa.privateKey, { alg: 'RS256' }) }],
  ['key of somebody else', 'M-UPST-018', { sign: signedBy(stranger.privateKey) }],
  ['key id unknown', 'M-UPST-018', { header: (header) => ({ ...header, kid: 'k2' }) }],
  ['critical extension', 'M-UPST-019', { header: (header) => ({ ...header, crit: ['b64'], b64: true }) }],
  ['JWKS: 404', 'M-UPST-018', { jwks: () => new Response(null, { status: 404 }) }],
  ['JWKS: 502', 'M-UPST-001', { jwks: () => new Response(null, { status: 502 }) }],
  ['JWKS empty', 'M-UPST-018', { jwks: () => ({ keys: [] }) }],
  // ID token: claims (OpenID Connect Core §3.1.3.7)
  ['iss of another', 'M-UPST-020', claims({ iss: 'https://evil.example' })],
  ['iss/', 'M-UPST-020', { claims: (right) => ({ ...right, iss: `${String(right.iss)}/` }) }],
  ['iss missing', 'M-UPST-020', claims({ iss: undefined })],
  ['aud of another', 'M-UPST-021', claims({ aud: 'another' })],
  ['aud missing', 'M-UPST-021', claims({ aud: undefined })],
  [
    'several aud without azp',
    'M-UPST-021',
    { claims: (right) => ({ ...right, aud: [right.aud, 'another'] }) },
  ],
  [
    'several aud, azp of another',
    'M-UPST-021',
    { claims: (right) => ({ ...right, aud: [right.aud, 'b'], azp: 'b' }) },
  ],
  ['one aud, azp of another', 'M-UPST-021', claims({ azp: 'another' })],
  ['expired', 'M-UPST-022', claims({ exp: now() - 60 })],
  ['exp missing', 'M-UPST-022', claims({ exp: undefined })],
  ['exp a text', 'M-UPST-022', claims({ exp: '9999999999' })],
  ['issued in ten minutes', 'M-UPST-022', claims({ iat: now() + 600 })],
  ['iat missing', 'M-UPST-022', claims({ iat: undefined })],
  ['not valid yet', 'M-UPST-022', claims({ nbf: now() + 600 })],
  ['nonce missing', 'M-UPST-006', claims({ nonce: undefined })],
  ['nonce empty', 'M-UPST-006', claims({ nonce: '' })],
  ['nonce of another attempt', 'M-UPST-006', claims({ nonce: 'another' })],
  ['nonce a list', 'M-UPST-006', { claims: (right) => ({ ...right, nonce: [right.nonce] }) }],
  ['sub missing', 'M-UPST-008', claims({ sub: undefined })],
  ['sub a number', 'M-UPST-008', claims({ sub: 1 })],
  ['sub empty', 'M-UPST-010', claims({ sub: '' })],
  ['sub of 256 characters', 'M-UPST-010', claims({ sub: 'a'.repeat(256) })],
  ['sub not ASCII', 'M-UPST-010', claims({ sub: 'agent-é' })],
  ['sub with NUL', 'M-UPST-010', claims({ sub: 'agent\u0000' })],
  ['at_hash of another access token', 'M-UPST-023', claims({ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })],
  ['auth_time a text', 'M-UPST-022', claims({ auth_time: 'today' })],
  ['auth_time in an hour', 'M-UPST-022', claims({ auth_time: now() + 3600 })],
  // Userinfo
  ['userinfo of another person', 'M-UPST-025', userinfo({ sub: 'agent-2' })],
  ['userinfo without sub', 'M-UPST-009', userinfo({ sub: undefined })],
  ['userinfo: 401', 'M-UPST-009', { userinfo: () => new Response(null, { status: 401 }) }],
  ['userinfo: 503', 'M-UPST-001', { userinfo: () => new Response(null, { status: 503 }) }],
  ['userinfo: HTML', 'M-UPST-009', { userinfo: html }],
  ['userinfo: a list', 'M-UPST-009', { userinfo: () => json('[]') }],
  [
    'userinfo: JWT unsigned',
    'M-UPST-009',
    { userinfo: (right) => jwt(`${part({ alg: 'none' })}.${part(right)}.`) },
  ],
  ['userinfo: email_verified a text', 'M-UPST-009', userinfo({ email_verified: 'true' })],
  // Who the person is
  ['given_name missing', 'M-UPST-010', userinfo({ given_name: undefined })],
  ['given_name blank', 'M-UPST-010', userinfo({ given_name: ' ' })],
  ['given_name a number', 'M-UPST-010', userinfo({ given_name: 3 })],
  ['given_name that reverses the page', 'M-UPST-010', userinfo({ given_name: 'Camille\u202Egpj' })],
  ['given_name of 257 characters', 'M-UPST-010', userinfo({ given_name: 'a'.repeat(257) })],
  ['usual_name and family_name missing', 'M-UPST-010', userinfo({ usual_name: undefined })],
  ['email missing', 'M-UPST-010', userinfo({ email: undefined })],
  ['email of another domain', 'M-UPST-011', userinfo({ email: 'agent@commune.example' })],
  ['email of a sub-domain', 'M-UPST-011', userinfo({ email: 'agent@sub.etat.example' })],
  ['email of a look-alike domain', 'M-UPST-011', userinfo({ email: 'agent@etаt.example' })],
  ['email with two @', 'M-UPST-011', userinfo({ email: 'a@etat.example@evil.example' })],
  ['email with a line break', 'M-UPST-011', userinfo({ email: 'agent@etat.example\r\n' })],
  ['email fullwidth', 'M-UPST-011', userinfo({ email: 'agent@\uFF45tat.example' })],
  ['email a list', 'M-UPST-011', userinfo({ email: ['agent@etat.example'] })],
  ['email other than in the ID token', 'M-UPST-011', claims({ email: 'other@etat.example' })],
  ['SIRET missing, no default', 'M-UPST-012', userinfo({ siret: undefined })],
  ['SIRET with a wrong digit', 'M-UPST-012', userinfo({ siret: '13002526500014' })],
  ['SIRET of zeros', 'M-UPST-012', userinfo({ siret: '00000000000000' })],
  ['SIRET 1e13', 'M-UPST-012', userinfo({ siret: '1e13' })],
  ['SIRET a number', 'M-UPST-012', userinfo({ siret: 13002526500013 })],
  ['SIREN instead of SIRET', 'M-UPST-012', userinfo({ siret: '130025265' })],
  ['SIRET other than in the ID token', 'M-UPST-012', claims({ siret: '21440109300015' })],
];

describe('an answer that deviates is refused with its own code', () => {
  it.each(deviations)('%s → %s', async (_name, code, deviation) => {
    const idp = await createSmallIdp();
    const bench = createBench(idp);
    const url = await bench.begin(idp);
    idp.deviation = deviation;
    const result = await bench.end(idp, idp.answer(url));
    expect(result).toMatchObject({ ok: false, error: { code } });
    // Unless the attempt itself is unknown, the person can go back to the tool, and the cookie goes.
    const known = code !== 'M-UPST-004';
    expect(result.attempt?.interactionUid).toBe(known ? 'uid-1' : undefined);
    expect(result.clearCookie).toBe(known ? [...bench.cookies.keys()][0] : undefined);
    // What the person did, and who does not answer, is no deviation: only the page says it.
    const traces = known && code !== 'M-UPST-001' && code !== 'M-UPST-003' ? [code] : [];
    expect(bench.recorded).toMatchObject(
      traces.map((one) => ({ subject: 'upstream:etat', after: { code: one } })),
    );
    const events = bench.warnings.map((fields) => JSON.stringify(fields));
    expect(events.filter((text) => text.includes('"upstream.refused"'))).toHaveLength(traces.length);
  });

  it('and what is logged of it names no token and no code', async () => {
    for (const [, , deviation] of deviations) {
      const idp = await createSmallIdp();
      const bench = createBench(idp);
      const url = await bench.begin(idp);
      idp.deviation = deviation;
      const callback = idp.answer(url);
      const result = await bench.end(idp, callback);
      if (result.ok) throw new Error('accepted');
      const { message, cause, detail } = result.error;
      expect(String(cause)).toMatch(/^(undefined|AnsweredStatus: HTTP \d+|CodeRefused: invalid_grant)$/);
      expect(`${message} ${detail ?? ''}`).not.toContain(accessToken);
      expect(`${message} ${detail ?? ''}`).not.toContain(callback.searchParams.get('code') || accessToken);
    }
  });
});

describe('what is unusual and right is accepted', () => {
  it.each<readonly [string, Deviation]>([
    [
      'iss absent when not promised',
      {
        metadata: (right) => without(right, 'authorization_response_iss_parameter_supported'),
        callback: (query) => query.delete('iss'),
      },
    ],
    ['aud as a list of one', { claims: (right) => ({ ...right, aud: [right.aud] }) }],
    [
      'several aud, azp is us',
      { claims: (right) => ({ ...right, aud: [right.aud, 'another'], azp: right.aud }) },
    ],
    ['expired ten seconds ago by its clock', claims({ exp: now() - 10 })],
    [
      'at_hash of this access token',
      claims({ at_hash: atHash(accessToken, `${part({ alg: 'ES256' })}.e30.x`) }),
    ],
    ['auth_time absent when nobody asked', claims({ auth_time: undefined })],
    ['family_name instead of usual_name', userinfo({ usual_name: undefined, family_name: 'Martin' })],
    [
      'claims in the ID token only, no userinfo endpoint',
      {
        metadata: (right) => without(right, 'userinfo_endpoint'),
        claims: (right) => ({ ...right, ...person }),
      },
    ],
    ['the same address in other letter case', claims({ email: 'AGENT@Etat.example' })],
    ['the same SIRET with spaces', claims({ siret: '130 025 265 00013' })],
    ['null for what it does not know', userinfo({ phone_number: null, uid: null, email_verified: null })],
  ])('%s', async (_name, deviation) => {
    const idp = await createSmallIdp();
    idp.deviation = deviation;
    const result = await createBench(idp).login(idp);
    expect(result).toMatchObject({
      ok: true,
      identity: { subject: 'agent-1', claims: { usual_name: 'Martin' } },
    });
  });

  it('userinfo as a JWT that the IdP signed', async () => {
    const idp = await createSmallIdp();
    const signed = await idp.signed({
      ...person,
      given_name: 'Dominique',
      iss: idp.record.issuer,
      aud: idp.record.client_id,
    });
    idp.deviation = { userinfo: () => jwt(signed) };
    const result = await createBench(idp).login(idp);
    expect(result).toMatchObject({ ok: true, identity: { claims: { given_name: 'Dominique' } } });
  });

  it.each([
    ['another audience', 'M-UPST-009', { aud: 'another' }],
    ['another issuer', 'M-UPST-009', { iss: 'https://evil.example' }],
    ['another subject', 'M-UPST-025', { sub: 'agent-2' }],
  ])('but a userinfo JWT for %s is refused: %s', async (_name, code, wrong) => {
    const idp = await createSmallIdp();
    const signed = await idp.signed({ ...person, ...wrong });
    idp.deviation = { userinfo: () => jwt(signed) };
    expect(await createBench(idp).login(idp)).toMatchObject({ ok: false, error: { code } });
  });

  it.each(['RS256', 'PS256', 'ES384', 'EdDSA'] as const)(
    'ID tokens in %s, when the record declares it',
    async (alg) => {
      const idp = await createSmallIdp({ alg });
      const probe = await idp.signed({});
      idp.deviation = claims({ at_hash: atHash(accessToken, probe) });
      expect(await createBench(idp).login(idp)).toMatchObject({ ok: true });
    },
  );
});

function claims(bent: object): Deviation {
  return { claims: (right) => ({ ...right, ...bent }) };
}
function userinfo(bent: object): Deviation {
  return { userinfo: (right) => ({ ...right, ...bent }) };
}
function error(code: string): (query: URLSearchParams) => void {
  return (query) => {
    query.delete('code');
    query.set('error', code);
    query.set('error_description', 'no\r\nthanks');
  };
}
function without(right: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(right).filter(([name]) => name !== key));
}
function json(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}
function jwt(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'application/jwt' } });
}
function signedBy(key: Parameters<SignJWT['sign']>[0], more: object = {}): NonNullable<Deviation['sign']> {
  return (header, payload) =>
    new SignJWT({ ...payload }).setProtectedHeader({ ...header, ...more }).sign(key);
}
