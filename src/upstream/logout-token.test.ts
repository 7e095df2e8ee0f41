import { CompactEncrypt, SignJWT, UnsecuredJWT, exportJWK, generateKeyPair, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../errors/errors.ts';
import { BrokerError } from '../errors/errors.ts';
import { createBench, keys } from './testing/bench.ts';
import { createSmallIdp, person } from './testing/small-idp.ts';
import type { SmallIdp } from './testing/small-idp.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
let idp: SmallIdp;
let stranger: SmallIdp;
beforeAll(async () => {
  idp = await createSmallIdp();
  stranger = await createSmallIdp({ id: 'commune' });
});

type Claims = Readonly<Record<string, unknown>>;
let number = 0;
const right = (now = Date.now()): Claims => ({
  iss: idp.record.issuer,
  aud: idp.record.client_id,
  iat: Math.floor(now / 1000),
  exp: Math.floor(now / 1000) + 120,
  jti: `jti-${(number += 1)}`,
  sub: person.sub,
  sid: 'there-1',
  events: { [event]: {} },
});
const typed = { typ: 'logout+jwt' };
/** `undefined` leaves a claim out. */
const token = (changes: Claims = {}, header: Claims = typed) =>
  idp.signed({ ...right(), ...changes }, header);

const outcome = async (bench: ReturnType<typeof createBench>, posted: string): Promise<unknown> => {
  try {
    return await bench.upstream.loggedOut.read(idp.record, posted);
  } catch (error) {
    if (error instanceof BrokerError) return error.code;
    throw error;
  }
};
const read = async (posted: string) => outcome(createBench(idp), posted);
const seconds = (offset: number) => Math.floor(Date.now() / 1000) + offset;

describe('a logout token that is right names whose sessions end', () => {
  const both = { subject: person.sub, sid: 'there-1' };
  it.each<[string, Claims, Claims, object]>([
    ['both', {}, typed, both],
    ['the person', { sid: undefined }, typed, { subject: person.sub, sid: undefined }],
    ['the session', { sub: undefined }, typed, { subject: undefined, sid: 'there-1' }],
    ['without a type (§2.4 only recommends it)', {}, {}, both],
    ['of the type written in full', {}, { typ: 'application/logout+jwt' }, both],
    ['for us, in a list', { aud: ['broker-at-etat'] }, typed, both],
    ['azp is us', { azp: 'broker-at-etat' }, typed, both],
    ['as Keycloak writes events', { events: { [event]: {}, revoke_offline_access: false } }, typed, both],
    ['without exp', { exp: undefined }, typed, both],
    ['two minutes old', { iat: seconds(-120) }, typed, both],
    ['of a clock that is a little ahead', { iat: seconds(20) }, typed, both],
  ])('%s', async (_name, changes, header, loggedOut) => {
    expect(await read(await token(changes, header))).toEqual(loggedOut);
  });
});

it('keys are waited for whole milliseconds, whatever part of a second the record says', async () => {
  const odd = await createSmallIdp({ record: { timeout_s: 1.0005 } });
  const bench = createBench(odd);
  expect(await bench.login(odd)).toMatchObject({ ok: true });
  const posted = await odd.signed({ ...right(), iss: odd.record.issuer, aud: odd.record.client_id }, typed);
  expect(await bench.upstream.loggedOut.read(odd.record, posted)).toMatchObject({ subject: person.sub });
});

describe('a logout token that deviates is refused with the code of its deviation (CVE-2026-18569)', () => {
  const other = generateKeyPair('ES256');
  const deviations: readonly (readonly [string, ErrorCode, () => Promise<string>])[] = [
    ['nothing', 'M-UPST-042', async () => ''],
    ['no token', 'M-UPST-042', async () => 'a.b.c'],
    ['too long', 'M-UPST-042', () => token({ padding: 'x'.repeat(9_000) })],
    ['alg none', 'M-UPST-042', async () => new UnsecuredJWT({ ...right() }).encode()],
    [
      'HS256 with our secret',
      'M-UPST-042',
      () =>
        new SignJWT({ ...right() })
          .setProtectedHeader({ alg: 'HS256', ...typed })
          .sign(new TextEncoder().encode(idp.secret.padEnd(32))),
    ],
    [
      'another algorithm than declared',
      'M-UPST-042',
      async () =>
        new SignJWT({ ...right() })
          .setProtectedHeader({ alg: 'PS256', kid: 'k1', ...typed })
          .sign((await generateKeyPair('PS256')).privateKey),
    ],
    [
      'the key of somebody else under the right name',
      'M-UPST-042',
      async () =>
        new SignJWT({ ...right() })
          .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...typed })
          .sign((await other).privateKey),
    ],
    ['a key that is not published', 'M-UPST-042', () => token({}, { ...typed, kid: 'k9' })],
    ['payload changed', 'M-UPST-042', async () => withPayload(await token(), { ...right(), sub: 'agent-2' })],
    ['signature cut', 'M-UPST-042', async () => (await token()).replace(/\.[^.]*$/, '.')],
    ['of another provider: mix-up', 'M-UPST-042', () => stranger.signed(right(), typed)],
    ['typ JWT', 'M-UPST-042', () => token({}, { typ: 'JWT' })],
    ['typ at+jwt', 'M-UPST-042', () => token({}, { typ: 'at+jwt' })],
    ['typ secevent+jwt', 'M-UPST-042', () => token({}, { typ: 'secevent+jwt' })],
    ['an extension', 'M-UPST-042', () => token({}, { ...typed, crit: ['b64'], b64: true })],
    ['encrypted, which is not declared', 'M-UPST-042', async () => encrypted(await token())],
    ['a list instead of claims', 'M-UPST-042', async () => withPayload(await token(), [])],

    ['iss missing', 'M-UPST-043', () => token({ iss: undefined })],
    ['iss with a slash', 'M-UPST-043', () => token({ iss: `${idp.record.issuer}/` })],
    ['iss of another provider', 'M-UPST-043', () => token({ iss: stranger.record.issuer })],
    ['aud missing', 'M-UPST-043', () => token({ aud: undefined })],
    ['aud another', 'M-UPST-043', () => token({ aud: 'another' })],
    ['aud us and another', 'M-UPST-043', () => token({ aud: [idp.record.client_id, 'another'] })],
    ['aud nobody', 'M-UPST-043', () => token({ aud: [] })],
    ['azp another', 'M-UPST-043', () => token({ azp: 'another' })],
    ['no events: an ID token', 'M-UPST-043', () => token({ events: undefined })],
    ['another event', 'M-UPST-043', () => token({ events: { 'https://other.example/': {} } })],
    ['events a list', 'M-UPST-043', () => token({ events: [event] })],
    ['event true', 'M-UPST-043', () => token({ events: { [event]: true } })],
    ['event null', 'M-UPST-043', () => token({ events: { [event]: null } })],
    ['event a list', 'M-UPST-043', () => token({ events: { [event]: [] } })],
    ['event with a member', 'M-UPST-043', () => token({ events: { [event]: { a: 1 } } })],
    ['nonce', 'M-UPST-043', () => token({ nonce: 'n' })],
    ['nonce null', 'M-UPST-043', () => token({ nonce: null })],
    ['neither sub nor sid', 'M-UPST-043', () => token({ sub: undefined, sid: undefined })],
    ['sub empty', 'M-UPST-043', () => token({ sub: '' })],
    ['sub a number', 'M-UPST-043', () => token({ sub: 1 })],
    ['sub null beside sid', 'M-UPST-043', () => token({ sub: null })],
    ['sub too long', 'M-UPST-043', () => token({ sub: 's'.repeat(256) })],
    ['sid a list', 'M-UPST-043', () => token({ sid: ['there-1'] })],
    ['sid not ASCII', 'M-UPST-043', () => token({ sid: 'là' })],
    ['jti missing', 'M-UPST-043', () => token({ jti: undefined })],
    ['jti empty', 'M-UPST-043', () => token({ jti: '' })],
    ['jti too long', 'M-UPST-043', () => token({ jti: 'j'.repeat(256) })],

    ['iat missing', 'M-UPST-044', () => token({ iat: undefined })],
    ['iat text', 'M-UPST-044', () => token({ iat: String(seconds(0)) })],
    ['iat three minutes ago', 'M-UPST-044', () => token({ iat: seconds(-180) })],
    ['iat in ten minutes', 'M-UPST-044', () => token({ iat: seconds(600) })],
    ['iat in a minute', 'M-UPST-044', () => token({ iat: seconds(60) })],
    ['exp past', 'M-UPST-044', () => token({ exp: seconds(-60) })],
    ['exp text', 'M-UPST-044', () => token({ exp: 'never' })],
    ['nbf to come', 'M-UPST-044', () => token({ nbf: seconds(60) })],
  ];

  it.each(deviations)('%s → %s', async (_name, code, make) => {
    const bench = createBench(idp);
    expect(await outcome(bench, await make())).toBe(code);
    expect(bench.recorded).toMatchObject([
      { act: 'upstream.refuse', subject: 'upstream:etat', after: { code } },
    ]);
    // A refused token burns no jti.
    expect([...bench.marks].filter((mark) => mark.startsWith('upstream-logout:'))).toEqual([]);
  });

  it('and the log holds nothing of it', async () => {
    for (const [, , make] of deviations) {
      const bench = createBench(idp);
      const posted = await make();
      await outcome(bench, posted);
      const log = JSON.stringify(bench.warnings) + JSON.stringify(bench.recorded);
      if (posted !== '') expect(log).not.toContain(posted);
      expect(log).not.toContain(person.sub);
    }
  });
});

describe('a logout token serves once', () => {
  it('the second time is refused: M-UPST-045', async () => {
    const bench = createBench(idp);
    const posted = await token();
    expect(await outcome(bench, posted)).toMatchObject({ subject: person.sub });
    expect(await outcome(bench, posted)).toBe('M-UPST-045');
  });

  it('also of twenty at once', async () => {
    const bench = createBench(idp);
    const posted = await token();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(bench, posted)));
    expect(outcomes.filter((each) => each !== 'M-UPST-045')).toHaveLength(1);
  });

  it('one that was signed again with the same jti is the same', async () => {
    const bench = createBench(idp);
    await outcome(bench, await token({ jti: 'the-same' }));
    expect(await outcome(bench, await token({ jti: 'the-same', sub: 'agent-2' }))).toBe('M-UPST-045');
  });
});

describe('what is kept of it', () => {
  it('a few entries in an hour, the rest counted, and no person in them', async () => {
    const bench = createBench(idp);
    for (let time = 0; time < 10; time += 1) await outcome(bench, await token());
    for (let time = 0; time < 10; time += 1) await outcome(bench, 'forged');
    expect(bench.recorded.map(({ act }) => act)).toEqual([
      ...Array.from({ length: 3 }, () => 'upstream.log_out'),
      ...Array.from({ length: 3 }, () => 'upstream.refuse'),
    ]);
    bench.clock.now = new Date(Date.now() + 3_600_000);
    await outcome(bench, 'forged');
    expect(bench.recorded.at(-1)?.after).toMatchObject({ code: 'M-UPST-042', unrecorded_before: 7 });
    expect(JSON.stringify(bench.recorded)).not.toContain(person.sub);
  });

  it('its keys are asked for once for a crowd of forged tokens', async () => {
    const bench = createBench(idp);
    const before = idp.requests.length;
    for (let time = 0; time < 20; time += 1)
      await outcome(bench, await token({}, { ...typed, kid: `forged-${String(time)}` }));
    expect(idp.requests.slice(before).filter((path) => path === '/jwks')).toHaveLength(1);
  });
});

it('a key that is published for any algorithm serves for the declared one only', async () => {
  const rsa = await createSmallIdp({ alg: 'RS256' });
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' };
  rsa.deviation = { jwks: () => ({ keys: [jwk] }) };
  const signed = async (alg: string) =>
    new SignJWT({ ...right(), aud: rsa.record.client_id })
      .setProtectedHeader({ alg, kid: 'k1', ...typed })
      .sign(await importJWK({ ...(await exportJWK(privateKey)), alg }, alg));
  const { loggedOut } = createBench(rsa).upstream;
  expect(await loggedOut.read(rsa.record, await signed('RS256'))).toMatchObject({ subject: person.sub });
  for (const alg of ['PS256', 'RS512'])
    await expect(loggedOut.read(rsa.record, await signed(alg))).rejects.toMatchObject({ code: 'M-UPST-042' });
});

describe('keys that cannot be read', () => {
  it('refuse nothing for good: the same token serves later', async () => {
    const bench = createBench(idp);
    const posted = await token();
    idp.deviation = { at: (path) => (path === '/jwks' ? Promise.reject(new TypeError('down')) : undefined) };
    expect(await outcome(bench, posted)).toBe('M-UPST-001');
    idp.deviation = {};
    expect(await outcome(bench, posted)).toMatchObject({ subject: person.sub });
  });
});

describe('a provider that encrypts its ID tokens to us encrypts its logout tokens', () => {
  const declared = {
    id_token_encrypted_response_alg: 'ECDH-ES',
    id_token_encrypted_response_enc: 'A256GCM',
  } as const;

  it('opened, then verified; a plain one is refused', async () => {
    const strict = { ...idp, record: { ...idp.record, ...declared } };
    const bench = createBench(strict);
    const { loggedOut } = bench.upstream;
    expect(await loggedOut.read(strict.record, await encrypted(await token()))).toMatchObject({
      sid: 'there-1',
    });
    await expect(loggedOut.read(strict.record, await token())).rejects.toMatchObject({ code: 'M-UPST-042' });
  });
});

describe('what a sign-in leaves', () => {
  it('names the session of the provider, sealed with its subject', async () => {
    const bench = createBench(idp);
    idp.deviation = { claims: (claims) => ({ ...claims, sid: 'there-1' }) };
    const result = await bench.login(idp);
    idp.deviation = {};
    if (!result.ok) throw result.error;
    expect(result.idpSession).toBe('there-1');
    expect(await bench.upstream.signOut.whose(result.signOutHint)).toEqual({
      issuer: idp.record.issuer,
      subject: person.sub,
      sid: 'there-1',
    });
    expect(await bench.upstream.signOut.whose('nothing of ours')).toBeUndefined();
  });

  it.each([undefined, 7, '', 'x'.repeat(256)])('no session for a sid that is %j', async (sid) => {
    const bench = createBench(idp);
    idp.deviation = { claims: (claims) => ({ ...claims, sid }) };
    const result = await bench.login(idp);
    idp.deviation = {};
    expect(result).toMatchObject({ ok: true, idpSession: undefined });
  });
});

function withPayload(jwt: string, payload: unknown): string {
  const [header = '', , signature = ''] = jwt.split('.');
  return `${header}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.${signature}`;
}

async function encrypted(jwt: string): Promise<string> {
  const jwk = keys.published['ECDH-ES'];
  return new CompactEncrypt(new TextEncoder().encode(jwt))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: jwk.kid ?? '', cty: 'JWT' })
    .encrypt(await importJWK(jwk, 'ECDH-ES'));
}
