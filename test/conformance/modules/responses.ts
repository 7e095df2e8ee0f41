/** Modules on the answers of a plain request: code, tokens, ID token, and the refusals at the authorization endpoint. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { checkKeySet, checkMetadata } from '../support/check-discovery.ts';
import { checkErrorPage } from '../support/check-page.ts';
import { paths } from '../support/clients.ts';
import { randomText } from '../support/party.ts';
import type { BasicModule } from '../support/plans.ts';
import type { Module } from '../support/run-plan.ts';
import { signedIn } from '../support/walk.ts';

export const responseModules = {
  'oidcc-server': {
    checks: 'the plain way: code, tokens, verified ID token without claims of the person, userinfo',
    run: async ({ certification: { metadata, issuer, keys }, browser, party }) => {
      checkMetadata(metadata, issuer);
      checkKeySet(keys);
      const visit = await party('first').authorize(browser);
      expect(visit.asked.includes('email') && visit.asked.includes('person')).toBe(true);
      const { idToken } = await party('first').complete(visit);
      expect(idToken.claims.at_hash === undefined || idToken.claims.at_hash.length === 22).toBe(true);
      expect(idToken.claims).not.toHaveProperty('c_hash');
    },
  },
  'oidcc-response-type-missing': {
    checks: 'without response_type, an error: invalid_request or unsupported_response_type, or a page',
    run: async ({ browser, party }) => {
      const visit = await party('first').authorize(browser, { response_type: undefined });
      const { error } = party('first').errorOf(visit);
      expect(['invalid_request', 'unsupported_response_type']).toContain(error);
      expect(visit.asked.filter((asked) => asked !== 'form_post')).toEqual([]);
    },
  },
  'oidcc-idtoken-signature': {
    checks: 'RS256, and a kid in the header',
    run: async ({ browser, party }) => {
      const { idToken } = await party('first').signIn(browser);
      expect(idToken.header).toMatchObject({ alg: 'RS256' });
      expect(idToken.header['kid']).toEqual(expect.stringMatching(/./));
    },
  },
  'oidcc-idtoken-unsigned': {
    checks: '`none` is not offered, which the suite accepts',
    run: async ({ certification, browser, party }) => {
      expect(certification.metadata.id_token_signing_alg_values_supported).not.toContain('none');
      const { idToken } = await party('first').signIn(browser);
      expect(idToken.value.split('.').every((part) => part !== '')).toBe(true);
    },
  },
  'oidcc-ensure-request-without-nonce-succeeds-for-code-flow': {
    checks: 'a request without nonce succeeds, and the ID token has none',
    run: async ({ browser, party }) => {
      const { idToken } = await party('first').signIn(browser, { nonce: undefined });
      expect(idToken.claims).not.toHaveProperty('nonce');
    },
  },
  'oidcc-ensure-request-with-unknown-parameter-succeeds': {
    checks: '`extra=foobar` is ignored (RFC 6749 §3.1)',
    run: async ({ browser, party }) => {
      await party('first').signIn(browser, { extra: 'foobar' });
    },
  },
  'oidcc-ensure-registered-redirect-uri': {
    checks: 'an unregistered redirect_uri gets an error page, and nobody is sent there',
    run: async ({ certification: { receiver }, browser, party }) => {
      const path = `/certification/${randomText()}`;
      const visit = await party('first').authorize(browser, { redirect_uri: receiver.origin + path });
      checkErrorPage(visit.page);
      expect(visit.asked).toEqual([]);
      expect([...visit.received, ...receiver.take(path), ...receiver.take(paths.callback)]).toEqual([]);
    },
  },
  'oidcc-ensure-post-request-succeeds': {
    checks: 'the request by POST, from a page of another site',
    run: async ({ browser, party }) => {
      const first = party('first');
      const visit = await first.authorize(browser, {}, 'POST');
      await first.complete(visit);
      // The session serves a request by POST too: nobody is asked twice.
      const again = await first.authorize(browser, {}, 'POST');
      expect(signedIn(again)).toBe(false);
      await first.complete(again);
    },
  },
  'oidcc-server-client-secret-post': {
    checks: 'the plain way, the client authenticated in the form',
    run: async ({ certification, browser, party }) => {
      expect(certification.metadata.token_endpoint_auth_methods_supported).toEqual(
        expect.arrayContaining(['client_secret_basic', 'client_secret_post']),
      );
      await party('post').signIn(browser);
    },
  },
  'oidcc-ensure-request-with-valid-pkce-succeeds': {
    checks: 'a challenge of S256, and its verifier',
    run: async ({ browser, party }) => {
      const verifier = randomText(64);
      const visit = await party('first').authorize(browser, {
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      await party('first').complete(visit, { code_verifier: verifier });
    },
  },
} as const satisfies Partial<Record<BasicModule, Module>>;
