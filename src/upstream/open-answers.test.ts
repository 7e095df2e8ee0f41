import { CompactEncrypt, generateKeyPair, generateSecret, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { createBench, keys } from './testing/bench.ts';
import { createSmallIdp, person } from './testing/small-idp.ts';
import type { Deviation, SmallIdp } from './testing/small-idp.ts';

/** What the records declare and how right it is, tried with tokens that the IdP signed rightly (OpenID Connect Core §16.14). */
const idTokens = {
  id_token_encrypted_response_alg: 'ECDH-ES',
  id_token_encrypted_response_enc: 'A256GCM',
} as const;
const stranger = await generateKeyPair('ECDH-ES');
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

type Header = Readonly<{ alg: string; enc: string }> & Readonly<Record<string, unknown>>;

async function encrypt(
  text: string,
  header: Header,
  key?: Parameters<CompactEncrypt['encrypt']>[0],
): Promise<string> {
  const ours = header.alg === 'RSA-OAEP-256' ? keys.published['RSA-OAEP-256'] : keys.published['ECDH-ES'];
  return new CompactEncrypt(new TextEncoder().encode(text))
    .setProtectedHeader(header)
    .encrypt(key ?? (await importJWK(ours, header.alg)));
}

const plain = { alg: 'ECDH-ES', enc: 'A256GCM', kid: 'our-ECDH-ES', cty: 'JWT' };

/** Replaces the ID token by what comes out of it. */
const tokenAs = (idp: SmallIdp, change: (signed: string) => Promise<string> | string): Deviation => ({
  sign: async (header, claims) => change(await idp.signed(claims, { ...header })),
});

async function login(
  record: Partial<IdentityProvider>,
  bend: (idp: SmallIdp) => Deviation | Promise<Deviation>,
) {
  const idp = await createSmallIdp({ record });
  idp.deviation = await bend(idp);
  return createBench(idp).login(idp);
}

describe('an encrypted ID token', () => {
  it.each<readonly [string, Partial<IdentityProvider>, Header]>([
    ['ECDH-ES', idTokens, plain],
    [
      'ECDH-ES, A128CBC-HS256',
      { ...idTokens, id_token_encrypted_response_enc: 'A128CBC-HS256' },
      { ...plain, enc: 'A128CBC-HS256' },
    ],
    [
      'RSA-OAEP-256',
      { ...idTokens, id_token_encrypted_response_alg: 'RSA-OAEP-256' },
      { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'our-RSA-OAEP-256' },
    ],
    ['without the name of our key', idTokens, { alg: 'ECDH-ES', enc: 'A256GCM' }],
  ])('%s is opened, and what is inside is verified', async (_name, record, header) => {
    expect(await login(record, (idp) => tokenAs(idp, (jwt) => encrypt(jwt, header)))).toMatchObject({
      ok: true,
      identity: { subject: 'agent-1' },
    });
    // Signed by nobody, by somebody else, for somebody else: encryption proves nothing, our key is public.
    const refusals = [
      [
        'M-UPST-019',
        (jwt: string) => encrypt(`${part({ alg: 'none' })}.${jwt.split('.')[1] ?? ''}.`, header),
      ],
      ['M-UPST-018', (jwt: string) => encrypt(`${jwt.slice(0, -8)}AAAAAAAA`, header)],
      ['M-UPST-008', () => encrypt('{"sub":"agent-1"}', header)],
    ] as const;
    for (const [code, change] of refusals)
      expect(await login(record, (idp) => tokenAs(idp, change))).toMatchObject({
        ok: false,
        error: { code },
      });
    expect(
      await login(record, (idp) => ({
        sign: async (head, claims) =>
          encrypt(await idp.signed({ ...claims, aud: 'another' }, { ...head }), header),
      })),
    ).toMatchObject({ ok: false, error: { code: 'M-UPST-021' } });
  });

  it('leaves the signed token for the day the person signs out (OpenID Connect Core §3.1.2.1)', async () => {
    const idp = await createSmallIdp({ record: idTokens });
    let inside = '';
    idp.deviation = {
      ...tokenAs(idp, (jwt) => encrypt((inside = jwt), plain)),
      metadata: (right) => ({ ...right, end_session_endpoint: 'https://etat.idp.example/end' }),
      at: (path) => (path === '/end' ? Promise.resolve(new Response()) : undefined),
    };
    const bench = createBench(idp);
    const result = await bench.login(idp);
    if (!result.ok) throw result.error;
    const url = await bench.upstream.signOut.leave(
      idp.record,
      result.signOutHint,
      new URL('https://tool.example/'),
    );
    expect(url?.searchParams.get('id_token_hint')).toBe(inside);
  });

  it.each<readonly [string, Partial<IdentityProvider>, (signed: string) => Promise<string> | string]>([
    ['plain although declared encrypted', idTokens, (jwt) => jwt],
    ['encrypted although declared plain', {}, (jwt) => encrypt(jwt, plain)],
    ['another algorithm of keys', idTokens, (jwt) => encrypt(jwt, { ...plain, alg: 'ECDH-ES+A256KW' })],
    ['another algorithm of content', idTokens, (jwt) => encrypt(jwt, { ...plain, enc: 'A128GCM' })],
    ['to the key of somebody else', idTokens, (jwt) => encrypt(jwt, plain, stranger.publicKey)],
    ['to a key that we never had', idTokens, (jwt) => encrypt(jwt, { ...plain, kid: 'other' })],
    ['twice', idTokens, async (jwt) => encrypt(await encrypt(jwt, plain), plain)],
    [
      'with a shared secret',
      idTokens,
      async (jwt) => encrypt(jwt, { alg: 'dir', enc: 'A256GCM' }, await generateSecret('A256GCM')),
    ],
    [
      'CVE-2022-36083: two thousand million PBES2 rounds',
      idTokens,
      () => `${part({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 2 ** 31, p2s: 'AAAA' })}.AA.AA.AA.AA`,
    ],
    [
      'CVE-2024-28180: compressed',
      idTokens,
      async (jwt) => {
        const [, ...rest] = (await encrypt(jwt, plain)).split('.');
        return [part({ ...plain, zip: 'DEF' }), ...rest].join('.');
      },
    ],
    ['CVE-2025-27144: two hundred thousand dots', idTokens, () => '.'.repeat(200_000)],
    ['one bit changed', idTokens, async (jwt) => `${(await encrypt(jwt, plain)).slice(0, -2)}AA`],
    ['no header', idTokens, () => 'AA.AA.AA.AA.AA'],
    ['a header that is no object', idTokens, () => `${part(['x'])}.AA.AA.AA.AA`],
  ])('%s → M-UPST-024, at once', async (_name, record, change) => {
    const started = performance.now();
    expect(await login(record, (idp) => tokenAs(idp, change))).toMatchObject({
      ok: false,
      error: { code: 'M-UPST-024' },
    });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('encrypted userinfo', () => {
  const declared = {
    userinfo_signed_response_alg: 'ES256',
    userinfo_encrypted_response_alg: 'ECDH-ES',
    userinfo_encrypted_response_enc: 'A256GCM',
  } as const;
  const jwt = (body: string) => new Response(body, { headers: { 'content-type': 'application/jwt' } });
  const signed = (idp: SmallIdp, changes: object = {}) =>
    idp.signed({ ...person, ...changes, iss: idp.record.issuer, aud: idp.record.client_id });

  async function answer(record: Partial<IdentityProvider>, body: (idp: SmallIdp) => Promise<string>) {
    return login(record, async (idp) => {
      const text = await body(idp);
      return { userinfo: () => jwt(text) };
    });
  }

  it('is opened, then verified as any signed userinfo', async () => {
    expect(
      await answer(declared, async (idp) => encrypt(await signed(idp, { given_name: 'Dominique' }), plain)),
    ).toMatchObject({ ok: true, identity: { claims: { given_name: 'Dominique' } } });
  });

  it.each<readonly [string, string, Partial<IdentityProvider>, (idp: SmallIdp) => Promise<string>]>([
    ['signed and not encrypted', 'M-UPST-024', declared, (idp) => signed(idp)],
    [
      'encrypted although declared signed only',
      'M-UPST-024',
      { userinfo_signed_response_alg: 'ES256' },
      async (idp) => encrypt(await signed(idp), plain),
    ],
    ['encrypted and not signed', 'M-UPST-009', declared, () => encrypt(JSON.stringify(person), plain)],
    [
      'of another person',
      'M-UPST-025',
      declared,
      async (idp) => encrypt(await signed(idp, { sub: 'agent-2' }), plain),
    ],
  ])('%s → %s', async (_name, code, record, body) => {
    expect(await answer(record, body)).toMatchObject({ ok: false, error: { code } });
  });

  it('plain JSON where an encrypted one is declared → M-UPST-024', async () => {
    expect(await login(declared, () => ({}))).toMatchObject({ ok: false, error: { code: 'M-UPST-024' } });
  });
});
