/**
 * What clients verify and decrypt: ID token and userinfo in each algorithm that a client may register, signed first and
 * then encrypted to its key (OpenID Connect Core §2, §5.3.2, §10.2, §16.14), subjects by sector (§8.1), and `sid` beside
 * the tokens for those that will be told of a logout.
 */
import { createHash } from 'node:crypto';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { codeFor, refresh, tokensFor } from '../replay/support/granted.ts';
import { claimsOf, redeem, tokensOf, userinfo } from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';
import { verifiedBy } from './tokens-support.ts';

const signing = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
/** Key management, content encryption, and the kind of key. */
const encryption = [
  ['RSA-OAEP', 'A128CBC-HS256', 'RSA'],
  ['RSA-OAEP-256', 'A256GCM', 'RSA'],
  ['ECDH-ES', 'A128GCM', 'EC'],
  ['ECDH-ES+A256KW', 'A256CBC-HS512', 'EC'],
] as const;
const signer = (alg: string) => `signe-${alg.toLowerCase()}`;
const sealer = (alg: string) => `chiffre-${alg.toLowerCase().replace('+', '-')}`;
const back = { backchannel_logout_uri: 'https://rp.example/backchannel' };

let world: World;
let browser: Browser;
const privateKeys = new Map<string, CryptoKey>();

beforeAll(async () => {
  const encrypted = [];
  for (const [alg, enc] of encryption) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    privateKeys.set(alg, privateKey);
    const { kty = '', ...members } = await exportJWK(publicKey);
    // A key for signatures comes first: it is not the one to encrypt to.
    const decoy = await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey);
    encrypted.push(
      extraClient(sealer(alg), {
        id_token_signed_response_alg: 'ES256',
        id_token_encrypted_response_alg: alg,
        id_token_encrypted_response_enc: enc,
        userinfo_signed_response_alg: 'ES256',
        userinfo_encrypted_response_alg: alg,
        userinfo_encrypted_response_enc: enc,
        jwks: {
          keys: [
            { ...decoy, kid: 'signatures', use: 'sig' },
            { kty, ...members, kid: `key-${alg}`, use: 'enc' },
          ],
        },
      }),
    );
  }
  const wrong = await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey);
  const { dir, remove } = await demoAnd({
    clients: [
      ...signing.map((alg) =>
        extraClient(signer(alg), { id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg }),
      ),
      ...encrypted,
      extraClient('mauvaise-cle', {
        id_token_encrypted_response_alg: 'RSA-OAEP-256',
        jwks: { keys: [{ ...wrong, kid: 'ec', use: 'enc' }] },
      }),
      extraClient('secteur-a', { sector_identifier: 'suite.example' }),
      extraClient('secteur-b', { sector_identifier: 'suite.example' }),
      extraClient('ailleurs', { sector_identifier: 'ailleurs.example' }),
      extraClient('public-a', { subject_type: 'public' }),
      extraClient('public-b', { subject_type: 'public' }),
      extraClient('dans-le-jeton', { claims_in_id_token: true }),
      extraClient('prevenu', { refresh_token: 'always', ...back }),
      extraClient('prevenu-sans-sid', { ...back, backchannel_logout_session_required: false }),
      extraClient('non-prevenu', { refresh_token: 'always' }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

describe.each(signing)('signed with %s', (alg) => {
  test('the ID token is verified by the published keys; nonce, times and audience are right', async () => {
    const tool = extraTool(signer(alg));
    const { attempt, code } = await codeFor(world, browser, tool);
    const answer = await redeem(world.issuer, attempt, code);
    const tokens = tokensOf(answer);
    const { payload, protectedHeader } = await verifiedBy(world, tool.clientId)(tokens.id_token);
    expect(protectedHeader).toMatchObject({ alg });
    expect(payload).toMatchObject({ iss: world.issuer, aud: tool.clientId, nonce: attempt.nonce });
    expect(payload['auth_time']).toEqual(expect.any(Number));
    // PyJWT refuses an `iat` one second ahead: it is floored, never rounded.
    expect(payload.iat ?? Infinity).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
    // Not required in the code flow (§3.1.3.6), and left out; wrong it would be refused.
    const half = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256')
      .update(tokens.access_token)
      .digest();
    expect([undefined, half.subarray(0, half.length / 2).toString('base64url')]).toContain(
      payload['at_hash'],
    );
  });

  test('userinfo is a JWT for this client, and says what the ID token says of the person', async () => {
    const tool = extraTool(signer(alg));
    const tokens = await tokensFor(world, browser, tool);
    const answer = await userinfo(world.issuer, tokens.access_token);
    expect(answer.headers['content-type']).toContain('application/jwt');
    const { payload, protectedHeader } = await verifiedBy(world, tool.clientId)(answer.body);
    expect(protectedHeader.alg).toBe(alg);
    expect(payload).toMatchObject({ sub: claimsOf(tokens.id_token)['sub'], email: 'agent@etat.example' });
    // A signed userinfo must not pass for an ID token (django-lasuite refuses one with a nonce).
    expect(payload).not.toHaveProperty('nonce');
  });
});

describe.each(encryption)('encrypted with %s, %s', (alg, enc) => {
  const opened = async (jwe: string) => {
    const privateKey = privateKeys.get(alg);
    if (privateKey === undefined) throw new Error('no key');
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, privateKey);
    expect(protectedHeader).toMatchObject({ alg, enc, kid: `key-${alg}`, cty: 'JWT' });
    return new TextDecoder().decode(plaintext);
  };

  test('ID token and userinfo are signed first, then encrypted to the key for it', async () => {
    const tool = extraTool(sealer(alg));
    const tokens = await tokensFor(world, browser, tool);
    const idToken = await verifiedBy(world, tool.clientId)(await opened(tokens.id_token));
    expect(idToken.protectedHeader.alg).toBe('ES256');
    const { body } = await userinfo(world.issuer, tokens.access_token);
    const claims = await verifiedBy(world, tool.clientId)(await opened(body));
    expect(claims.payload).toMatchObject({ sub: idToken.payload.sub, email: 'agent@etat.example' });
  });
});

test('a client whose keys do not fit its encryption is told so: no tokens, and no 500', async () => {
  const tool = extraTool('mauvaise-cle');
  const { attempt, code } = await codeFor(world, browser, tool);
  const answer = await redeem(world.issuer, attempt, code);
  expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_client_metadata']);
  expect(answer.json['error_description']).toContain('encryption key');
  expect(answer.json).not.toHaveProperty('access_token');
});

test('§8.1: one subject a sector, another in another; public ones are the same everywhere', async () => {
  const subjects = new Map<string, unknown>();
  for (const id of ['secteur-a', 'secteur-b', 'ailleurs', 'public-a', 'public-b']) {
    const tokens = await tokensFor(world, browser, extraTool(id), { prompt: 'login' });
    subjects.set(id, claimsOf(tokens.id_token)['sub']);
    expect((await userinfo(world.issuer, tokens.access_token)).json['sub']).toBe(subjects.get(id));
  }
  expect(subjects.get('secteur-a')).toBe(subjects.get('secteur-b'));
  expect(subjects.get('public-a')).toBe(subjects.get('public-b'));
  expect(new Set(subjects.values()).size).toBe(3);
});

test('claims stay in userinfo, unless the client wants them in the ID token too', async () => {
  const lean = await tokensFor(world, browser, extraTool('non-prevenu'));
  expect(claimsOf(lean.id_token)).not.toHaveProperty('email');
  const full = await tokensFor(world, browser, extraTool('dans-le-jeton'), { prompt: 'login' });
  expect(claimsOf(full.id_token)).toMatchObject({ email: 'agent@etat.example' });
});

describe('sid beside the tokens (django-lasuite reads it there)', () => {
  const answered = async (id: string) => {
    const { attempt, code } = await codeFor(world, browser, extraTool(id));
    return redeem(world.issuer, attempt, code);
  };

  test('is that of the ID token, and stays at refresh', async () => {
    const first = await answered('prevenu');
    const tokens = tokensOf(first);
    const sid = claimsOf(tokens.id_token)['sid'];
    expect(sid).toEqual(expect.any(String));
    expect(first.json['sid']).toBe(sid);
    const next = await refresh(world, extraTool('prevenu'), tokens.refresh_token);
    expect(next.json['sid']).toBe(sid);
    const repeated = await refresh(world, extraTool('prevenu'), tokens.refresh_token);
    expect(repeated.body).toBe(next.body);
  });

  test.each(['prevenu-sans-sid', 'non-prevenu'])('is not there for « %s »', async (id) => {
    expect((await answered(id)).json).not.toHaveProperty('sid');
  });
});
