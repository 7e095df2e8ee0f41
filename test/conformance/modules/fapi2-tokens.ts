/** FAPI 2.0: the token endpoint, and refresh tokens. */
import { expect } from 'vitest';
import { checkTokenError } from '../support/check-error.ts';
import { checkedUserinfo } from '../support/check-userinfo.ts';
import type { Fapi2Party, Fapi2Visit, How } from '../support/fapi2-party.ts';
import type { Fapi2Module } from '../support/fapi2-plans.ts';
import { epoch } from '../support/fapi2-proof.ts';
import type { Fapi2Check, Fapi2Run } from '../support/fapi2-run.ts';
import { randomText } from '../support/party.ts';
import { refusedToOther } from './fapi2-happy.ts';

/** A code of the first client, shown to the token endpoint in a way that is wrong. */
async function withCode(
  { first, browser }: Fapi2Run,
  show: (code: string, visit: Fapi2Visit) => Promise<unknown>,
): Promise<void> {
  const visit = await first.authorize(browser);
  const code = await first.codeOf(visit);
  await show(code, visit);
  // The code was good: what was refused is what was wrong about the request.
  await first.verify(await first.redeem(code, visit.verifier), visit.sent);
}

const refusedAssertion =
  (assertion: (run: Fapi2Run) => NonNullable<How['assertion']>): Fapi2Check['run'] =>
  (run) =>
    withCode(run, async (code, { verifier }) => {
      const answer = await run.first.redeem(code, verifier, {}, { assertion: assertion(run) });
      checkTokenError(answer, 'invalid_client', 401);
    });

/** What is missing when a client shows no proof or no certificate. */
async function withoutProof(
  run: Fapi2Run,
  show: (how: How) => ReturnType<Fapi2Party['redeem']>,
): Promise<void> {
  const { binding, authentication } = run.variant;
  const answer = await show(binding === 'dpop' ? { proof: 'none' } : { certificate: '' });
  if (binding === 'mtls' && authentication === 'tls_client_auth')
    checkTokenError(answer, 'invalid_client', 401);
  else checkTokenError(answer, 'invalid_grant');
}

async function wrongClientId({ first, second, browser, variant, metadata }: Fapi2Run): Promise<void> {
  const visit = await first.authorize(browser);
  const fields = {
    grant_type: 'authorization_code',
    code: await first.codeOf(visit),
    redirect_uri: first.client.redirectUri,
    code_verifier: visit.verifier,
  };
  const { id } = second.client;
  const claims = { iss: id, sub: id };
  const answer =
    variant.authentication === 'private_key_jwt'
      ? await first.post(metadata.token_endpoint, { client_id: id, ...fields }, { assertion: { claims } })
      : await first.post(metadata.token_endpoint, { ...fields, client_id: id });
  checkTokenError(answer, 'invalid_client', 401);
}

const offline = { scope: 'openid offline_access', prompt: 'consent' };

/** OpenID Connect Core §12.2; and the same refresh token serves on (FAPI 2.0 §5.3.2.1: no rotation). */
async function refreshed(run: Fapi2Run, party: Fapi2Party, changes: Readonly<Record<string, string>>) {
  const nonce = randomText(43);
  const first = await party.signIn(run.browser, { ...offline, nonce });
  const { refresh_token: token = '' } = first.tokens;
  expect(token).not.toBe('');
  for (let times = 0; times < 2; times += 1) {
    run.time.pass(30);
    const answer = await party.refresh(token, changes);
    const { tokens, idToken } = await party.verify(answer, { scope: offline.scope, nonce });
    expect(tokens.refresh_token).toBe(token);
    expect(tokens.access_token).not.toBe(first.tokens.access_token);
    const { iss, sub, aud, auth_time: authTime, iat } = first.idToken.claims;
    expect(idToken.claims).toMatchObject({ iss, sub, aud, auth_time: authTime });
    expect(idToken.claims.iat).toBeGreaterThan(iat);
    checkedUserinfo(await party.userinfo(tokens.access_token), idToken.claims);
  }
  return { token, accessToken: first.tokens.access_token };
}

async function refreshTokens(run: Fapi2Run): Promise<void> {
  const { first, second, variant, metadata } = run;
  expect(metadata.grant_types_supported).toContain('refresh_token');
  const one = await refreshed(run, first, { scope: offline.scope });
  // Without saying who asks (RFC 6749 §6).
  const anonymous: How =
    variant.authentication === 'private_key_jwt' ? { assertion: 'none' } : { certificate: '' };
  const answer = await first.refresh(one.token, {}, anonymous);
  if (variant.authentication === 'private_key_jwt') checkTokenError(answer, 'invalid_request');
  else checkTokenError(answer, 'invalid_client', 401);
  await withoutProof(run, (how) => first.refresh(one.token, {}, how));

  const two = await refreshed(run, second, {});
  await refusedToOther(second, first, two.accessToken);
  checkTokenError(await first.refresh(two.token), 'invalid_grant');
}

export const fapi2TokenModules = {
  'ensure-client-id-in-token-endpoint': {
    checks: 'in the name of the second client, with what the first one has: invalid_client',
    run: wrongClientId,
  },
  'ensure-holder-of-key-required': {
    checks: 'no proof, or no certificate: refused',
    run: (run) =>
      withCode(run, (code, { verifier }) =>
        withoutProof(run, (how) => run.first.redeem(code, verifier, {}, how)),
      ),
  },
  'ensure-authorization-code-is-bound-to-client': {
    checks: 'a code of the first client, shown by the second: invalid_grant',
    run: async ({ first, second, browser }) => {
      const visit = await first.authorize(browser);
      const redirect_uri = first.client.redirectUri;
      const answer = await second.redeem(await first.codeOf(visit), visit.verifier, { redirect_uri });
      checkTokenError(answer, 'invalid_grant');
    },
  },
  'attempt-reuse-authorization-code-after-one-second': {
    checks: 'a code a second time: invalid_grant, and the access token serves no more',
    run: async ({ first, browser, time }) => {
      const visit = await first.authorize(browser);
      const { code, tokens } = await first.complete(visit);
      time.pass(1);
      checkTokenError(await first.redeem(code, visit.verifier), 'invalid_grant');
      expect((await first.userinfo(tokens.access_token)).status).toBe(401);
    },
  },
  'ensure-token-endpoint-fails-with-expired-auth-code': {
    checks: 'a code after 62 seconds: invalid_grant',
    run: async ({ first, browser, time }) => {
      const visit = await first.authorize(browser);
      const code = await first.codeOf(visit);
      time.pass(62);
      checkTokenError(await first.redeem(code, visit.verifier), 'invalid_grant');
    },
  },
  'ensure-signed-client-assertion-with-RS256-fails': {
    checks: 'an assertion signed with RS256, by the right key: invalid_client',
    run: refusedAssertion(({ first }) => ({ alg: 'RS256', key: first.client.privateJwk })),
  },
  'ensure-client-assertion-in-token-endpoint': {
    checks: '`client_id` and no assertion: invalid_client',
    run: (run) =>
      withCode(run, async (code, { verifier }) => {
        const named = { client_id: run.first.client.id };
        const answer = await run.first.redeem(code, verifier, named, { assertion: 'none' });
        checkTokenError(answer, 'invalid_client', 401);
      }),
  },
  'ensure-client-assertion-with-exp-is-5-minutes-in-past-fails': {
    checks: 'an assertion that ended five minutes ago: invalid_client',
    run: refusedAssertion(() => ({ claims: { iat: epoch() - 360, exp: epoch() - 300 } })),
  },
  'ensure-client-assertion-with-wrong-aud-fails': {
    checks: 'an assertion for somebody else: invalid_client',
    run: refusedAssertion(() => ({ claims: { aud: 'https://other.example' } })),
  },
  'ensure-client-assertion-with-no-sub-fails': {
    checks: 'an assertion without `sub`, as a request object is: invalid_client',
    run: refusedAssertion(() => ({ claims: { sub: undefined } })),
  },
  'ensure-pkce-code-verifier-required': {
    checks: 'no code_verifier: invalid_grant',
    run: (run) =>
      withCode(run, async (code) =>
        checkTokenError(await run.first.redeem(code, undefined), 'invalid_grant'),
      ),
  },
  'incorrect-pkce-code-verifier-rejected': {
    checks: 'another code_verifier: invalid_grant',
    run: (run) =>
      withCode(run, async (code) =>
        checkTokenError(await run.first.redeem(code, 'v'.repeat(43)), 'invalid_grant'),
      ),
  },
  'refresh-token': {
    checks: 'serves again and again, its own client only, with what it is bound to',
    run: refreshTokens,
  },
} as const satisfies Partial<Record<Fapi2Module, Fapi2Check>>;
