/** Modules on the logout token that the provider posts to the client while the browser goes back to it. */
import { expect } from 'vitest';
import { queryOf } from '../../replay/support/relying-party.ts';
import { userInterfaceRequired } from '../support/check-authorization-response.ts';
import { checkMetadata } from '../support/check-discovery.ts';
import { checkLogoutRequest } from '../support/check-logout-token.ts';
import { paths } from '../support/clients.ts';
import { randomText } from '../support/party.ts';
import type { BackchannelLogoutModule } from '../support/plans.ts';
import type { Module } from '../support/run-plan.ts';
import { walk } from '../support/walk.ts';

export const backchannelLogoutModules: Readonly<Record<BackchannelLogoutModule, Module>> = {
  'oidcc-backchannel-logout-discovery-endpoint-verification': {
    checks: 'backchannel_logout_supported, backchannel_logout_session_supported and end_session_endpoint',
    run: async ({ certification: { metadata, issuer } }) => {
      checkMetadata(metadata, issuer);
      expect(metadata).toMatchObject({
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
      });
    },
  },
  'oidcc-backchannel-rp-initiated-logout': {
    checks:
      'a logout token that names the session of the ID token, the browser back with its state, signed out',
    run: async ({ certification, browser, party }) => {
      const { metadata, receiver, issuer, keys } = certification;
      const client = party('backchannel');
      const { idToken } = await client.signIn(browser, { state: randomText(128) });
      const state = randomText(128);
      const query = queryOf({
        id_token_hint: idToken.value,
        post_logout_redirect_uri: client.client.postLogoutRedirectUri,
        state,
      });
      const page = await browser.get(`${metadata.end_session_endpoint}?${query}`);
      await walk(browser, page, receiver.origin);

      const returned = await receiver.takeOne(paths.postLogout);
      expect(Object.fromEntries(returned.query)).toEqual({ state });
      const logout = await receiver.takeOne(paths.backchannelLogout);
      await checkLogoutRequest(logout, { issuer, clientId: client.client.id, keys, idToken });

      const visit = await client.authorize(browser, { prompt: 'none' });
      expect(userInterfaceRequired).toContain(client.errorOf(visit).error);
    },
  },
};
