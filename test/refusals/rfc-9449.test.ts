/** DPoP: each check of a proof (RFC 9449 §4.3), and what a token without its key is worth (§5, §7). */
import { createHash, randomUUID } from 'node:crypto';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import { codeFor } from '../replay/support/granted.ts';
import { basic, postForm, send } from '../replay/support/relying-party.ts';
import type { Answer } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

interface Pair {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

let all: RefusalWorld;
let key: Pair;
let token: string;
let userinfoUrl: string;

const newKey = async (): Promise<Pair> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { privateKey, jwk: await exportJWK(publicKey) };
};

beforeAll(async () => {
  all = await startRefusalWorld();
  token = `${all.world.issuer}/token`;
  userinfoUrl = `${all.world.issuer}/userinfo`;
  key = await newKey();
}, startUp);
afterAll(() => all.world.close());
interface ProofChanges {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly signedWith?: Pair;
}

const seconds = (): number => Math.floor(Date.now() / 1000);
const hashOf = (value: string): string => createHash('sha256').update(value).digest('base64url');

/** A right proof, or the same with changes. */
async function proof(method: string, url: string, changes: ProofChanges = {}): Promise<string> {
  return new SignJWT({ htm: method, htu: url, iat: seconds(), jti: randomUUID(), ...changes.payload })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: key.jwk, ...changes.header })
    .sign((changes.signedWith ?? key).privateKey);
}

async function redeemWith(dpop: string | undefined): Promise<Answer> {
  const fresh = createBrowser();
  const { attempt, code } = await codeFor(all.world, fresh, all.lie);
  await fresh.close();
  return postForm(
    token,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: all.lie.redirectUri,
      code_verifier: attempt.verifier,
    },
    { ...basic(all.lie.clientId, all.lie.secret), ...(dpop === undefined ? {} : { dpop }) },
  );
}

const ask = (accessToken: string, dpop: string | undefined, scheme = 'DPoP'): Promise<Answer> =>
  send(userinfoUrl, {
    headers: { authorization: `${scheme} ${accessToken}`, ...(dpop === undefined ? {} : { dpop }) },
  });

async function boundToken(): Promise<string> {
  const answer = await redeemWith(await proof('POST', token));
  expect(answer.json['token_type']).toBe('DPoP');
  return String(answer.json['access_token']);
}

describe('§4.3 a proof', () => {
  test.each<readonly [string, () => Promise<ProofChanges>]>([
    ['RFC 9449 §4.3 4: of another type', async () => ({ header: { typ: 'JWT' } })],
    ['RFC 9449 §4.3 5: without key', async () => ({ header: { jwk: undefined } })],
    ['RFC 9449 §4.3 6: signed with another key', async () => ({ signedWith: await newKey() })],
    [
      'RFC 9449 §4.3 7: that shows its private key',
      async () => ({ header: { jwk: { ...key.jwk, d: 'x' } } }),
    ],
    ['RFC 9449 §4.3 3: without jti', async () => ({ payload: { jti: undefined } })],
    ['RFC 9449 §4.3 3: without iat', async () => ({ payload: { iat: undefined } })],
    ['RFC 9449 §4.3 8: for another method', async () => ({ payload: { htm: 'GET' } })],
    ['RFC 9449 §4.3 9: for another address', async () => ({ payload: { htu: userinfoUrl } })],
    ['RFC 9449 §4.3 9: for another host', async () => ({ payload: { htu: 'https://evil.example/token' } })],
    ['RFC 9449 §4.3 11: of an hour ago', async () => ({ payload: { iat: seconds() - 3600 } })],
    ['RFC 9449 §4.3 11: of tomorrow', async () => ({ payload: { iat: seconds() + 86_400 } })],
    ['RFC 9449 §4.3 10: with a nonce that is not ours', async () => ({ payload: { nonce: 'invented' } })],
  ])('%s', async (_name, changes) => {
    const answer = await redeemWith(await proof('POST', token, await changes()));
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toMatch(/^(?:invalid_dpop_proof|use_dpop_nonce)$/);
    expect(answer.json['access_token']).toBeUndefined();
  });

  test.each(['', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', '.'.repeat(5000)])(
    'RFC 9449 §4.3 2: %j is no proof',
    async (dpop) => {
      expect((await redeemWith(dpop)).json['access_token']).toBeUndefined();
    },
  );

  test('RFC 9449 §5: none, from a client whose tokens are bound', async () => {
    const answer = await redeemWith(undefined);
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toMatch(/^invalid_(?:dpop_proof|grant|request)$/);
    expect(answer.json['access_token']).toBeUndefined();
  });

  test('RFC 9449 §11.1: the same proof twice', async () => {
    const once = await proof('POST', token);
    expect((await redeemWith(once)).status).toBe(200);
    expect((await redeemWith(once)).json['access_token']).toBeUndefined();
  });
});

describe('§7 a bound token', () => {
  const ath = (accessToken: string) => ({ payload: { ath: hashOf(accessToken) } });

  test('RFC 9449 §7.1: is good with a proof of its key', async () => {
    const held = await boundToken();
    expect((await ask(held, await proof('GET', userinfoUrl, ath(held)))).status).toBe(200);
  });

  test('RFC 9449 §7.2: is no bearer token', async () => {
    const held = await boundToken();
    const bearer = await ask(held, undefined, 'Bearer');
    expect(bearer.status).toBe(401);
    const both = await ask(held, await proof('GET', userinfoUrl, ath(held)), 'Bearer');
    expect(both.status).toBeGreaterThanOrEqual(400);
    expect(both.json['sub']).toBeUndefined();
  });

  test('RFC 9449 §7.1: without proof, with the proof of another key, without the hash of the token', async () => {
    const held = await boundToken();
    const thief = await newKey();
    const stolen = { ...ath(held), header: { jwk: thief.jwk }, signedWith: thief };
    for (const dpop of [
      undefined,
      await proof('GET', userinfoUrl, stolen),
      await proof('GET', userinfoUrl),
      await proof('GET', userinfoUrl, ath('another')),
    ]) {
      const answer = await ask(held, dpop);
      expect([400, 401]).toContain(answer.status);
      expect(answer.json['sub']).toBeUndefined();
      expect([answer.headers['www-authenticate'] ?? []].flat().join(' ')).toContain('DPoP');
    }
  });
});
