/** Modules on userinfo: how it is asked for, and what each scope and the `claims` parameter release. */
import { expect } from 'vitest';
import { postForm, send } from '../../replay/support/relying-party.ts';
import { checkedUserinfo } from '../support/check-userinfo.ts';
import type { Claims } from '../support/check-userinfo.ts';
import type { BasicModule } from '../support/plans.ts';
import type { Module, Run } from '../support/run-plan.ts';
import { claimsOfScope } from '../support/standard-claims.ts';

/** Claims of a scope, in a word: those that the scopes of the request release and no other standard one. */
async function claimsFor(scope: string, { browser, party }: Run): Promise<Claims> {
  const { userinfo, tokens } = await party('first').signIn(browser, { scope });
  expect(new Set((tokens.scope ?? scope).split(' '))).toEqual(new Set(scope.split(' ')));
  const asked = scope.split(' ');
  const others = Object.keys(claimsOfScope).filter((name) => !asked.includes(name));
  const foreign = others.flatMap((name) => claimsOfScope[name] ?? []);
  expect(Object.keys(userinfo).filter((claim) => foreign.includes(claim))).toEqual([]);
  return userinfo;
}

const expectAll = (userinfo: Claims, claims: readonly string[] = []): void => {
  expect(claims).not.toEqual([]);
  expect(Object.keys(userinfo)).toEqual(expect.arrayContaining([...claims]));
};

/** The suite skips a module whose scope the metadata does not offer; the request succeeds without it all the same. */
async function notOffered(scope: string, missing: string, run: Run): Promise<void> {
  expect(run.certification.metadata.scopes_supported).not.toContain(missing);
  const { tokens, userinfo } = await run.party('first').signIn(run.browser, { scope });
  expect((tokens.scope ?? '').split(' ')).not.toContain(missing);
  expect(userinfo).not.toHaveProperty(missing);
}

export const claimModules = {
  'oidcc-userinfo-get': {
    checks: 'GET with the access token in the header',
    run: async ({ browser, party }) => {
      const { userinfo } = await party('first').signIn(browser);
      expect(userinfo['sub']).toEqual(expect.any(String));
    },
  },
  'oidcc-userinfo-post-header': {
    checks: 'POST with the access token in the header',
    run: async ({ certification: { metadata }, browser, party }) => {
      const { tokens, idToken } = await party('first').signIn(browser);
      const answer = await send(metadata.userinfo_endpoint, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      checkedUserinfo(answer, idToken.claims);
    },
  },
  'oidcc-userinfo-post-body': {
    checks: 'POST with the access token in the form',
    run: async ({ certification: { metadata }, browser, party }) => {
      const { tokens, idToken } = await party('first').signIn(browser);
      const answer = await postForm(metadata.userinfo_endpoint, { access_token: tokens.access_token });
      checkedUserinfo(answer, idToken.claims);
    },
  },
  'oidcc-scope-profile': {
    checks: 'all the claims of `profile`',
    run: async (run) => {
      expectAll(await claimsFor('openid profile', run), claimsOfScope['profile']);
    },
  },
  'oidcc-scope-email': {
    checks: 'email and email_verified',
    run: async (run) => {
      expectAll(await claimsFor('openid email', run), ['email', 'email_verified']);
    },
  },
  'oidcc-scope-address': {
    checks: '`address` is not offered, for which the suite skips this module',
    run: (run) => notOffered('openid address', 'address', run),
  },
  'oidcc-scope-phone': {
    checks: 'phone_number and phone_number_verified',
    run: async (run) => {
      expectAll(await claimsFor('openid phone', run), claimsOfScope['phone']);
    },
  },
  'oidcc-scope-all': {
    checks: 'with `address`, which is not offered, for which the suite skips this module',
    run: (run) => notOffered('openid profile email address phone', 'address', run),
  },
  'oidcc-ensure-other-scope-order-succeeds': {
    checks: '`email openid` is as good as `openid email` (RFC 6749 §3.3)',
    run: async (run) => {
      expectAll(await claimsFor('email openid', run), ['email', 'email_verified']);
    },
  },
  'oidcc-claims-essential': {
    checks: 'the essential claim `name`, asked for in userinfo, is there and not in the ID token',
    run: async ({ browser, party }) => {
      const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
      const { userinfo, idToken } = await party('first').signIn(browser, { claims });
      expect(userinfo['name']).toEqual(expect.stringMatching(/./));
      expect(idToken.claims).not.toHaveProperty('name');
    },
  },
} as const satisfies Partial<Record<BasicModule, Module>>;
