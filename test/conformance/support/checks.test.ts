// The checks have to find what is wrong: each gets a good answer with one thing changed.
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../support/browser-session.ts';
import type { Answer } from '../../replay/support/relying-party.ts';
import { checkedCode, checkedError } from './check-authorization-response.ts';
import { checkKeySet } from './check-discovery.ts';
import { checkTokenError } from './check-error.ts';
import { checkedIdToken } from './check-id-token.ts';
import { checkLogoutRequest } from './check-logout-token.ts';
import { checkedTokens } from './check-token-response.ts';
import { checkedUserinfo } from './check-userinfo.ts';
import { readKeySet } from './metadata.ts';
import type { KeySet } from './metadata.ts';
import type { SentRequest } from './party.ts';
import type { Received } from './receiver.ts';

const issuer = 'https://op.example';
const clientId = 'client';
const long = 'fPq3vYz0sJk8LmWx1RtBn6CdEh2GiKoUa5Qy7TjVwXe';
type Change = Readonly<Record<string, unknown>>;

const sent: SentRequest = {
  clientId,
  redirectUri: 'https://rp.example/callback',
  mode: 'default',
  issuer,
  state: 'a-state',
  nonce: 'a-nonce',
  scope: 'openid',
};
const page: Page = { url: sent.redirectUri, status: 200, headers: {}, body: '', location: undefined };
const got = (query: Readonly<Record<string, string>>, changes: Partial<Received> = {}): Received => ({
  method: 'GET',
  path: '/callback',
  contentType: undefined,
  query: new URLSearchParams(query),
  form: new URLSearchParams(),
  ...changes,
});
const success = { code: long, state: 'a-state', iss: issuer };

const answer = (json: Change, changes: Partial<Answer> = {}): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache' },
  body: JSON.stringify(json),
  json,
  ...changes,
});

describe('Authorization responses', () => {
  it('passes a good one', () => {
    expect(checkedCode(sent, page, [got(success)])).toBe(long);
  });

  it.each([
    ['another state', { ...success, state: 'another' }],
    ['no iss', { code: long, state: 'a-state' }],
    ['a code that can be guessed', { ...success, code: '1234567890' }],
    ['an access token in the address', { ...success, access_token: 'abc' }],
  ])('fails %s', (_name, query) => {
    expect(() => checkedCode(sent, page, [got(query)])).toThrow();
  });

  it.each([
    ['a GET', got(success)],
    [
      'the code in the address too',
      got({ code: long }, { method: 'POST', form: new URLSearchParams(success) }),
    ],
  ])('fails %s for form_post', (_name, received) => {
    expect(() => checkedCode({ ...sent, mode: 'form_post' }, page, [received])).toThrow();
  });

  it('fails an error whose description breaks a line', () => {
    const error = { error: 'login_required', error_description: 'a\nb', state: 'a-state', iss: issuer };
    expect(() => checkedError(sent, page, [got(error)])).toThrow();
    expect(checkedError(sent, page, [got({ ...error, error_description: 'a b' })]).error).toBe(
      'login_required',
    );
  });
});

describe('Answers of endpoints', () => {
  const tokens = {
    access_token: long,
    token_type: 'Bearer',
    id_token: 'a.b.c',
    expires_in: 60,
    scope: 'openid',
  };

  it('passes good ones', () => {
    expect(checkedTokens(answer(tokens), 'openid', 'Bearer').expires_in).toBe(60);
    checkTokenError(answer({ error: 'invalid_grant' }, { status: 400 }), 'invalid_grant');
    expect(checkedUserinfo(answer({ sub: 'me' }), { sub: 'me' })).toEqual({ sub: 'me' });
  });

  it.each([
    ['a short access token', answer({ ...tokens, access_token: 'short' })],
    ['another type', answer({ ...tokens, token_type: 'DPoP' })],
    ['expires_in as text', answer({ ...tokens, expires_in: '60' })],
    ['a scope that nobody asked for', answer({ ...tokens, scope: 'openid admin' })],
    ['an answer that caches may keep', answer(tokens, { headers: { 'content-type': 'application/json' } })],
  ])('fails tokens with %s', (_name, response) => {
    expect(() => checkedTokens(response, 'openid', 'Bearer')).toThrow();
  });

  it('fails a token beside an error, another sub, an empty claim', () => {
    const both = answer({ error: 'invalid_grant', access_token: long }, { status: 400 });
    expect(() => checkTokenError(both, 'invalid_grant')).toThrow();
    expect(() => checkedUserinfo(answer({ sub: 'you' }), { sub: 'me' })).toThrow();
    expect(() => checkedUserinfo(answer({ sub: 'me', name: '' }), { sub: 'me' })).toThrow();
  });
});

describe('Tokens', () => {
  let keys: KeySet;
  let sign: (claims: Change, header?: Change) => Promise<string>;
  const now = Math.floor(Date.now() / 1000);
  const common = { iss: issuer, sub: 'me', aud: clientId, exp: now + 60, iat: now, sid: 's' };
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
    keys = readKeySet({ keys: [jwk] });
    sign = (payload, header = {}) =>
      new SignJWT({ ...payload })
        .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
        .sign(pair.privateKey);
  });
  const idToken = async (changes: Change, header: Change = {}) =>
    checkedIdToken(
      {
        access_token: long,
        token_type: 'Bearer',
        expires_in: 60,
        id_token: await sign({ ...common, nonce: 'a-nonce', ...changes }, header),
      },
      { issuer, clientId, nonce: 'a-nonce', keys, algorithm: 'RS256' },
    );

  it('passes a good ID token', async () => {
    expect((await idToken({})).claims.sub).toBe('me');
  });

  it.each<[string, Change, Change?]>([
    ['another audience', { aud: ['client', 'other'] }],
    ['another nonce', { nonce: 'b' }],
    ['an iat of the future', { iat: now + 30 }],
    ['a wrong at_hash', { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['claims of the person', { name: 'Me' }],
    ['a sub that is no ASCII', { sub: 'é' }],
    ['a key that is not published', {}, { kid: 'two' }],
  ])('fails an ID token with %s', async (_name, changes, header) => {
    await expect(idToken(changes, header)).rejects.toThrow();
  });

  const logout = async (changes: Change, header: Change = { typ: 'logout+jwt' }) => {
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const form = new URLSearchParams({
      logout_token: await sign({ ...common, jti: 'j', events, ...changes }, header),
    });
    const contentType = 'application/x-www-form-urlencoded';
    await checkLogoutRequest(got({}, { method: 'POST', contentType, form }), {
      issuer,
      clientId,
      keys,
      idToken: await idToken({}),
    });
  };

  it('passes a good logout token', async () => {
    await expect(logout({})).resolves.toBeUndefined();
  });

  it.each<[string, Change, Change?]>([
    ['a nonce', { nonce: 'a-nonce' }],
    ['another session', { sid: 'other' }],
    ['another event', { events: {} }],
    ['a life of an hour', { exp: now + 3600 }],
    ['no type', {}, {}],
  ])('fails a logout token with %s', async (_name, changes, header) => {
    await expect(logout(changes, header)).rejects.toThrow();
  });

  it('fails keys that are private, short or not told apart', () => {
    const [key] = keys.keys;
    if (key === undefined) throw new Error('no key');
    checkKeySet(keys);
    expect(() => checkKeySet({ keys: [{ ...key, d: 'AQAB' }] })).toThrow();
    expect(() => checkKeySet({ keys: [{ ...key, n: 'AQAB' }] })).toThrow();
    expect(() => checkKeySet({ keys: [key, key] })).toThrow();
  });
});
