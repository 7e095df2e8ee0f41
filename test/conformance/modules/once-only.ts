/** Modules on codes and refresh tokens, and on request objects, which are refused unless they are signed. */
import { UnsecuredJWT } from 'jose';
import { expect } from 'vitest';
import { checkErrorPage } from '../support/check-page.ts';
import { checkTokenError } from '../support/check-error.ts';
import { checkedUserinfo, checkRefusedToken } from '../support/check-userinfo.ts';
import type { Completed, Party } from '../support/party.ts';
import { randomText } from '../support/party.ts';
import type { BasicModule } from '../support/plans.ts';
import type { Module, Run } from '../support/run-plan.ts';

/** The code once more, after so many seconds. */
async function redeemedAgain(run: Run, seconds: number): Promise<void> {
  const party = run.party('first');
  const { code, tokens } = await party.signIn(run.browser);
  run.time.pass(seconds);
  checkTokenError(await party.redeem(code), 'invalid_grant');
  // RFC 6749 §4.1.2: what the code gave is taken back.
  checkRefusedToken(await party.userinfo(tokens.access_token));
}

const offline = { scope: 'openid offline_access', prompt: 'consent' };

/** OpenID Connect Core §12.2. @param changes to the refresh request */
async function refreshed(run: Run, party: Party, changes: Readonly<Record<string, string>>): Promise<string> {
  const nonce = randomText(43);
  const first = await party.signIn(run.browser, { ...offline, nonce });
  run.time.pass(1);
  const answer = await party.refresh(refreshTokenOf(first), changes);
  const { tokens, idToken } = await party.verify(answer, { scope: offline.scope, nonce });
  expect(tokens.access_token).not.toBe(first.tokens.access_token);
  const { iss, sub, aud, azp, auth_time: authTime, iat } = first.idToken.claims;
  expect(idToken.claims).toMatchObject({ iss, sub, aud });
  expect(idToken.claims.azp).toBe(azp);
  expect(idToken.claims.auth_time).toBe(authTime);
  expect(idToken.claims.iat).toBeGreaterThan(iat);
  checkedUserinfo(await party.userinfo(tokens.access_token), idToken.claims);
  return tokens.refresh_token ?? refreshTokenOf(first);
}

function refreshTokenOf({ tokens }: Completed): string {
  const { refresh_token: token } = tokens;
  if (token === undefined) throw new Error('no refresh token');
  return token;
}

/** The plain request as an unsigned object; around it, what OpenID Connect Core §6.1 wants outside as well. */
function unsigned(party: Party, issuer: string, state: string): string {
  return new UnsecuredJWT({
    response_type: 'code',
    client_id: party.client.id,
    redirect_uri: party.client.redirectUri,
    scope: 'openid',
    state,
    nonce: randomText(),
  })
    .setIssuer(party.client.id)
    .setAudience(issuer)
    .encode();
}

export const onceOnlyModules = {
  'oidcc-codereuse': {
    checks: 'a code a second time, at once: invalid_grant',
    run: (run) => redeemedAgain(run, 0),
  },
  'oidcc-codereuse-30seconds': {
    checks: 'a code a second time, after thirty seconds: invalid_grant, and the access token serves no more',
    run: (run) => redeemedAgain(run, 30),
  },
  'oidcc-refresh-token': {
    checks: 'a refresh token gives new tokens about the same sign-in, and serves its own client only',
    run: async (run) => {
      const [first, second] = [run.party('first'), run.party('second')];
      expect(run.certification.metadata.grant_types_supported).toContain('refresh_token');
      expect(run.certification.metadata.scopes_supported).toContain('offline_access');
      await refreshed(run, first, { scope: offline.scope });
      const ofSecond = await refreshed(run, second, {});
      checkTokenError(await first.refresh(ofSecond), 'invalid_grant');
    },
  },
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported': {
    checks:
      'objects by reference are not offered and answered request_uri_not_supported, which the suite accepts',
    run: async ({ certification: { metadata, receiver }, browser, party }) => {
      expect(metadata.request_object_signing_alg_values_supported).not.toContain('none');
      expect(metadata.request_uri_parameter_supported).toBe(false);
      const path = '/certification/request.jwt';
      const visit = await party('first').authorize(browser, { request_uri: receiver.origin + path });
      expect(party('first').errorOf(visit).error).toBe('request_uri_not_supported');
      expect(receiver.take(path)).toEqual([]);
    },
  },
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported': {
    checks: 'unsigned objects are not offered, for which the suite skips this module, and are refused',
    run: async ({ certification: { metadata, issuer }, browser, party }) => {
      expect(metadata.request_object_signing_alg_values_supported).not.toContain('none');
      const state = randomText();
      const request = unsigned(party('first'), issuer, state);
      const visit = await party('first').authorize(browser, { request, state });
      expect(party('first').errorOf(visit).error).toBe('invalid_request_object');
    },
  },
  'oidcc-ensure-request-object-with-redirect-uri': {
    checks: 'an unregistered redirect_uri beside an unsigned object, which is not offered: an error page',
    run: async ({ certification: { metadata, issuer, receiver }, browser, party }) => {
      expect(metadata.request_object_signing_alg_values_supported).not.toContain('none');
      const path = `/certification/${randomText()}`;
      const visit = await party('first').authorize(browser, {
        request: unsigned(party('first'), issuer, randomText()),
        redirect_uri: receiver.origin + path,
      });
      checkErrorPage(visit.page);
      expect([...visit.received, ...receiver.take(path)]).toEqual([]);
    },
  },
} as const satisfies Partial<Record<BasicModule, Module>>;
