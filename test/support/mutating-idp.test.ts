import { readFileSync } from 'node:fs';
import * as openid from 'openid-client';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { deviationsDocument } from '../../scripts/deviations-doc.ts';
import { deviationNames, startMutatingIdp } from './mutating-idp.ts';
import type { DeviationName, MutatingIdp } from './mutating-idp.ts';

const clientId = 'maillon';
const clientSecret = 'a-secret:for tests+only-0123456789';
const callback = 'http://localhost:3000/callback/mutating';
const claims = {
  email: 'agent@etat.example',
  given_name: 'Camille',
  usual_name: 'Renaud',
  siret: '21440109300015',
};

let idp: MutatingIdp;

beforeAll(async () => {
  idp = await startMutatingIdp({ clientId, clientSecret, person: { sub: 'agent-etat', claims } });
});
afterEach(() => {
  idp.restore();
  idp.forget();
});
afterAll(() => idp.close());

const discover = (target: MutatingIdp): Promise<openid.Configuration> =>
  openid.discovery(new URL(target.issuer), clientId, undefined, openid.ClientSecretBasic(clientSecret), {
    timeout: 1,
    execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
  });

/** One sign-in, as a careful client does it. */
const signIn = async (target: MutatingIdp = idp) => {
  const config = await discover(target);
  const codeVerifier = openid.randomPKCECodeVerifier();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid email siret',
    state: 'the-state',
    nonce: 'the-nonce',
    code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  const answer = await request(url);
  await answer.body.dump();
  const location = new URL(String(answer.headers['location']));
  const tokens = await openid.authorizationCodeGrant(config, location, {
    pkceCodeVerifier: codeVerifier,
    expectedState: 'the-state',
    expectedNonce: 'the-nonce',
    idTokenExpected: true,
    maxAge: 3600,
  });
  const idToken = tokens.claims();
  const userinfo = await openid.fetchUserInfo(config, tokens.access_token, idToken?.sub ?? '');
  return { idToken, userinfo };
};

/** What openid-client lets through: only the broker's own rules can refuse it, or lower it. */
const leftToTheBroker = (name: DeviationName): boolean =>
  /^(email|siret|acr)_|^(given|usual)_name_missing$|_huge$|^iat_future$|^auth_time_future$|^at_hash_wrong$/.test(
    name,
  );

/** What was said, with times as distances so that two answers compare. */
const answerOf = ({ idToken, userinfo }: Awaited<ReturnType<typeof signIn>>) => {
  const { iat = 0, exp = 0, auth_time = 0, ...stable } = idToken ?? {};
  return {
    ...stable,
    userinfo,
    authenticated: auth_time - iat,
    ahead: iat > Date.now() / 1000 + 60,
    exp: exp - iat,
  };
};

test('without deviation, openid-client is content', async () => {
  const { idToken, userinfo } = await signIn();
  expect(idToken).toMatchObject({ sub: 'agent-etat', acr: 'eidas1', amr: ['pwd'], iss: idp.issuer });
  expect(userinfo).toEqual({ sub: 'agent-etat', ...claims });
  expect(idp.counts).toMatchObject({ discovery: 1, authorize: 1, token: 1, userinfo: 1, jwks: 1 });
  expect(idp.received.authorize[0]?.get('nonce')).toBe('the-nonce');
  expect(idp.received.token[0]?.get('grant_type')).toBe('authorization_code');
});

describe('each deviation is really emitted', () => {
  test.each(deviationNames.filter((name) => !leftToTheBroker(name)))('%s is refused', async (name) => {
    idp.mutate(name);
    await expect(signIn()).rejects.toThrow();
    idp.restore();
    await expect(signIn()).resolves.toBeDefined();
  });

  test.each(deviationNames.filter(leftToTheBroker))(
    '%s passes, but is not the plain answer',
    async (name) => {
      const usual = answerOf(await signIn());
      idp.mutate(name);
      const mutated = answerOf(await signIn());
      // A huge answer says the same, at length.
      if (name !== 'userinfo_huge' && name.endsWith('_huge')) expect(mutated).toEqual(usual);
      else expect(mutated).not.toEqual(usual);
    },
  );
});

describe('the refusal has the cause that the name says', () => {
  test.each<[DeviationName, RegExp]>([
    ['nonce_wrong', /nonce/],
    ['alg_none', /alg/],
    ['hs256_public_key', /alg/],
    ['signature_flipped', /signature/],
    ['payload_changed', /signature/],
    ['expired', /exp/],
    ['audience_other', /aud/],
    ['azp_other', /azp/],
    ['iss_wrong', /iss/],
    ['iss_missing', /iss/],
    ['state_wrong', /state/],
    ['code_missing', /code/],
    ['error_access_denied', /access_denied/],
    ['userinfo_other_sub', /sub/],
    ['discovery_other_issuer', /issuer/],
  ])('%s: %s', async (name, cause) => {
    idp.mutate(name);
    const error: unknown = await signIn().catch((caught: unknown) => caught);
    const said =
      error instanceof Error ? [error.message, error.cause, JSON.stringify(error)].map(String).join(' ') : '';
    expect(
      `${said} ${error instanceof Error && error.cause instanceof Error ? error.cause.message : ''}`,
    ).toMatch(cause);
  });
});

test('a mutation of its own, for one test', async () => {
  idp.mutate({ userinfoClaims: (right) => ({ ...right, phone_number: '+33199000000' }) });
  expect((await signIn()).userinfo).toMatchObject({ phone_number: '+33199000000' });
});

test('keys rotate: the former one is withdrawn', async () => {
  const jwks = async () => (await request(`${idp.issuer}/jwks`)).body.text();
  const before = await jwks();
  await idp.rotateKeys();
  expect(await jwks()).not.toBe(before);
  await expect(signIn()).resolves.toBeDefined();
});

test('somebody else signs in', async () => {
  idp.become({ sub: 'other', acr: 'eidas2', amr: ['hwk'], claims: { ...claims, email: 'b@etat.example' } });
  expect(await signIn()).toMatchObject({
    idToken: { sub: 'other', acr: 'eidas2' },
    userinfo: { email: 'b@etat.example' },
  });
  idp.become({ sub: 'agent-etat', claims });
});

describe('what a real provider checks, this one checks', () => {
  const redeem = async (changes: Readonly<Record<string, string>>) => {
    const authorization = new URL('/authorize', idp.issuer);
    authorization.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: callback,
      code_challenge: await openid.calculatePKCECodeChallenge('v'.repeat(43)),
    }).toString();
    const answer = await request(authorization);
    await answer.body.dump();
    const code = new URL(String(answer.headers['location'])).searchParams.get('code') ?? '';
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: 'v'.repeat(43),
      client_id: clientId,
      client_secret: clientSecret,
      ...changes,
    }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const post = async () => {
      const response = await request(`${idp.issuer}/token`, { method: 'POST', headers, body });
      await response.body.dump();
      return response.statusCode;
    };
    return [await post(), await post()];
  };

  test.each([
    ['nothing wrong, then a replay', {}, [200, 400]],
    ['another verifier', { code_verifier: 'w'.repeat(43) }, [400, 400]],
    ['another redirect URI', { redirect_uri: 'https://evil.example' }, [400, 400]],
    ['another secret', { client_secret: 'x' }, [401, 401]],
    ['another grant type', { grant_type: 'password' }, [400, 400]],
  ])('%s', async (_name, changes, statuses) => {
    expect(await redeem(changes)).toEqual(statuses);
  });
});

test('userinfo as a signed JWT', async () => {
  const other = await startMutatingIdp({
    clientId,
    clientSecret,
    person: { sub: 's', claims },
    userinfo: 'jwt',
  });
  expect((await signIn(other)).userinfo).toMatchObject({
    ...claims,
    sub: 's',
    iss: other.issuer,
    aud: clientId,
  });
  await other.close();
});

test('the clock is that of the test', async () => {
  const clock = () => new Date(Date.now() - 7_200_000);
  const other = await startMutatingIdp({ clientId, clientSecret, person: { sub: 's', claims }, clock });
  await expect(signIn(other)).rejects.toThrow();
  await other.close();
});

test('docs/identity-providers/refusals.md is up to date (node scripts/deviations-doc.ts)', async () => {
  const file = new URL('../../docs/identity-providers/refusals.md', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(await deviationsDocument());
});
