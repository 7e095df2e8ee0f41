/** FAPI 2.0: what has to succeed, and what the server says of itself. */
import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect } from 'vitest';
import { send } from '../../replay/support/relying-party.ts';
import { checkKeySet, checkMetadata } from '../support/check-discovery.ts';
import { checkedTokens } from '../support/check-token-response.ts';
import { checkedUserinfo } from '../support/check-userinfo.ts';
import type { Fapi2Party } from '../support/fapi2-party.ts';
import type { Fapi2Module } from '../support/fapi2-plans.ts';
import type { Fapi2Check, Fapi2Run } from '../support/fapi2-run.ts';
import type { Completed } from '../support/party.ts';
import { randomText } from '../support/party.ts';
import { checkStandardClaims, claimsOfScope } from '../support/standard-claims.ts';

const fapiAlgorithms = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];

async function discovered({ metadata, keys, world, variant }: Fapi2Run): Promise<void> {
  checkMetadata(metadata, world.issuer);
  checkKeySet(keys);
  expect(metadata['response_types_supported']).toContain('code');
  expect(metadata.scopes_supported).toContain('openid');
  expect(metadata['code_challenge_methods_supported']).toContain('S256');
  expect(metadata.token_endpoint_auth_methods_supported).toContain(variant.authentication);
  expect(metadata).toMatchObject({
    authorization_response_iss_parameter_supported: true,
    pushed_authorization_request_endpoint: `${world.issuer}/par`,
  });
  expect(['boolean', 'undefined']).toContain(typeof metadata['require_pushed_authorization_requests']);
  for (const name of [
    'id_token_signing_alg_values_supported',
    'userinfo_signing_alg_values_supported',
    'token_endpoint_auth_signing_alg_values_supported',
    'request_object_signing_alg_values_supported',
    'authorization_signing_alg_values_supported',
    'introspection_signing_alg_values_supported',
  ]) {
    const values = metadata[name];
    expect(Array.isArray(values) && values.some((alg) => fapiAlgorithms.includes(String(alg))), name).toBe(
      true,
    );
  }
  // Proofs are young enough to have nothing else.
  expect(metadata['dpop_signing_alg_values_supported']).toEqual(['ES256', 'PS256', 'EdDSA']);
  expect(metadata['tls_client_certificate_bound_access_tokens']).toBe(true);
  expect(metadata['response_modes_supported']).toEqual(expect.arrayContaining(['query', 'jwt']));
}

/** Another's key or certificate with a token: refused (RFC 9449 §7.1, RFC 8705 §3). */
export async function refusedToOther(mine: Fapi2Party, theirs: Fapi2Party, token: string): Promise<void> {
  const answer = await mine.userinfo(token, { dpop: theirs.dpop, certificate: theirs.client.certificate });
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
}

async function happy({ first, second, browser, variant, metadata }: Fapi2Run): Promise<void> {
  const one = await first.signIn(browser);
  const { access_token: token } = one.tokens;
  // EnsureIdTokenDoesNotContainNonRequestedClaims.
  const known = ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce', 'acr', 'amr', 'auth_time', 'at_hash', 'sid'];
  expect(Object.keys(one.idToken.claims).filter((name) => !known.includes(name))).toEqual([]);
  // DisallowAccessTokenInQuery.
  const bare = await send(`${metadata.userinfo_endpoint}?access_token=${token}`);
  expect([400, 401]).toContain(bare.status);
  const both = await first.userinfo(token, { query: `?access_token=${token}` });
  expect([400, 401]).toContain(both.status);
  checkedUserinfo(await first.userinfo(token), one.idToken.claims);

  // The second client: longer values, a query in its redirect URI, the key of its proofs named in advance.
  const dpop = variant.binding === 'dpop' ? { dpop_jkt: second.dpop.thumbprint } : {};
  const visit = await second.authorize(
    browser,
    { state: randomText(128), nonce: randomText(43), ...dpop },
    variant.request === 'signed'
      ? { object: { typ: 'oauth-authz-req+jwt', claims: { iat: Math.floor(Date.now() / 1000) } } }
      : {},
  );
  const two = await second.complete(visit);
  await refusedToOther(second, first, two.tokens.access_token);
}

/** The person turns back on the page of the address; what the client is told is `access_denied`. */
async function turnsBack({ browser, receiver }: Fapi2Run, party: Fapi2Party): Promise<void> {
  const pushed = await party.push({ state: randomText(128) });
  const page = await browser.get(party.addressOf(pushed), { initiator: 'https://certification.example/' });
  const back = browser.links(page).find(({ href }) => new URL(href).pathname.endsWith('/cancel'));
  if (back === undefined) throw new Error(`no way back on ${page.url}`);
  receiver.take('/certification/callback');
  const start = await browser.get(back.href, { initiator: page.url });
  const visit = await party.arrived(browser, pushed, start);
  expect((await party.errorOf(visit)).error).toBe('access_denied');
}

const succeeds =
  (changes: () => Readonly<Record<string, string | undefined>>) =>
  async ({ first, browser }: Fapi2Run): Promise<Completed> =>
    first.signIn(browser, changes());

/** Every standard claim that the metadata names, each asked in another form, where it can be found, beside unknown ones. */
async function identityClaims({ first, browser, metadata, keys, world }: Fapi2Run): Promise<void> {
  expect(metadata['claims_parameter_supported']).toBe(true);
  const standard = ['profile', 'email', 'phone'].flatMap((scope) => claimsOfScope[scope] ?? []);
  expect(metadata['claims_supported']).toEqual(expect.arrayContaining(standard));
  const forms = [null, { essential: true }, { essential: false }];
  const asked = Object.fromEntries(standard.map((name, rank) => [name, forms[rank % forms.length] ?? null]));
  const unknown = {
    [`https://certification.example/${randomText()}`]: null,
    [randomText()]: { essential: true },
  };
  const claims = JSON.stringify({ id_token: { ...asked, ...unknown }, userinfo: { ...asked, ...unknown } });
  const visit = await first.authorize(browser, { claims });
  const answer = await first.redeem(await first.codeOf(visit), visit.verifier);
  const tokens = checkedTokens(
    answer,
    visit.sent.scope,
    answer.json['token_type'] === 'DPoP' ? 'DPoP' : 'Bearer',
  );
  const { payload } = await jwtVerify(tokens.id_token, createLocalJWKSet({ keys: [...keys.keys] }), {
    issuer: world.issuer,
    audience: first.client.id,
  });
  const { sub } = payload;
  if (sub === undefined) throw new Error('no sub');
  const userinfo = checkedUserinfo(await first.userinfo(tokens.access_token), { sub });
  checkStandardClaims({ ...payload });
  // EnsureIdentityClaimsContainRequestedClaims: in one place or the other; this person has them all.
  const got = { ...payload, ...userinfo };
  for (const name of standard) expect(got).toHaveProperty([name]);
  for (const name of Object.keys(unknown)) expect(got).not.toHaveProperty([name]);
}

export const fapi2HappyModules = {
  'discovery-end-point-verification': {
    checks: 'the metadata, with what FAPI needs among what is offered, and the keys',
    run: discovered,
  },
  'happy-flow': {
    checks: 'two clients, every check on every answer, and no token serves the other, nor in an address',
    run: happy,
  },
  'user-rejects-authentication': {
    checks: 'the person turns back: access_denied, with a state of 128 and the query of the redirect URI',
    run: async (run) => {
      await turnsBack(run, run.first);
      await turnsBack(run, run.second);
    },
  },
  'ensure-request-object-with-multiple-aud-succeeds': {
    checks: 'an object for us and for somebody else',
    run: async ({ first, browser, world }) => {
      const aud = ['https://other1.example', world.issuer, 'https://other2.example'];
      const pushed = await first.push({}, { object: { claims: { aud } } });
      await first.complete(await first.visit(browser, pushed, {}));
    },
  },
  'ensure-authorization-request-without-state-success': {
    checks: 'no state asked, none given',
    run: async (run) => {
      await succeeds(() => ({ state: undefined }))(run);
    },
  },
  'ensure-authorization-request-without-nonce-success': {
    checks: 'no nonce asked, none given',
    run: async (run) => {
      const { idToken } = await succeeds(() => ({ nonce: undefined }))(run);
      expect(idToken.claims).not.toHaveProperty('nonce');
    },
  },
  'ensure-request-object-with-64-char-nonce-success': {
    checks: 'a nonce of 64 comes back whole',
    run: async (run) => {
      await succeeds(() => ({ nonce: randomText(64) }))(run);
    },
  },
  'ensure-other-scope-order-succeeds': {
    checks: 'scopes the other way round',
    run: async (run) => {
      const { userinfo } = await succeeds(() => ({ scope: 'email profile openid' }))(run);
      expect(userinfo['email']).toBe('agent@etat.example');
      expect(typeof userinfo['given_name']).toBe('string');
    },
  },
  'test-claims-parameter-identity-claims': {
    checks: 'the standard claims one by one, and unknown ones are ignored',
    run: identityClaims,
  },
  'access-token-type-header-case-sensitivity': {
    checks: 'the scheme of the Authorization header in any case (RFC 9110 §11.1)',
    run: async ({ first, browser, variant }) => {
      const { tokens, idToken } = await first.signIn(browser);
      const scheme = variant.binding === 'dpop' ? 'dPOp' : 'bEARER';
      checkedUserinfo(await first.userinfo(tokens.access_token, { scheme }), idToken.claims);
    },
  },
  'ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted': {
    checks: 'a clock eight seconds ahead',
    run: async ({ first, browser }) => {
      const nbf = Math.floor(Date.now() / 1000) + 8;
      await first.signIn(browser, {}, { object: { claims: { nbf } } });
    },
  },
  'ensure-different-nonce-inside-and-outside-request-object': {
    checks: 'the nonce that was pushed counts, not the one in the address',
    run: async ({ first, browser }) => {
      const beside = { response_type: 'code', scope: 'openid', nonce: randomText() };
      await first.complete(await first.visit(browser, await first.push(), beside));
    },
  },
  'ensure-different-state-inside-and-outside-request-object': {
    checks: 'the state that was pushed counts, not the one in the address',
    run: async ({ first, browser }) => {
      const beside = { response_type: 'code', scope: 'openid', state: randomText() };
      await first.complete(await first.visit(browser, await first.push(), beside));
    },
  },
  'ensure-request-object-with-long-nonce': {
    checks: 'a nonce of 384 comes back whole',
    run: async (run) => {
      await succeeds(() => ({ nonce: randomText(384) }))(run);
    },
  },
  'ensure-request-object-with-long-state': {
    checks: 'a state of 384 comes back whole',
    run: async (run) => {
      await succeeds(() => ({ state: randomText(384) }))(run);
    },
  },
  'state-only-outside-request-object-not-used': {
    checks: 'a state in the address alone does not come back',
    run: async ({ first, browser }) => {
      const beside = { response_type: 'code', scope: 'openid', state: randomText() };
      const pushed = await first.push({ state: undefined });
      await first.complete(await first.visit(browser, pushed, beside));
    },
  },
} as const satisfies Partial<Record<Fapi2Module, Fapi2Check>>;
