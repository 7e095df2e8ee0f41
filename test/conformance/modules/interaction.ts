/** Modules on what a request may say about the person and the page: display, prompt, max_age, hints, locales, levels. */
import { expect } from 'vitest';
import type { Changes } from '../../replay/support/relying-party.ts';
import { userInterfaceRequired } from '../support/check-authorization-response.ts';
import { randomText } from '../support/party.ts';
import type { Completed } from '../support/party.ts';
import type { BasicModule } from '../support/plans.ts';
import type { Module, Run } from '../support/run-plan.ts';
import { person, signedIn } from '../support/walk.ts';

const succeeds = (changes: Changes) => async (run: Run) => {
  await run.party('first').signIn(run.browser, changes);
};

/** A second request in the same browser for which nobody is asked anything, and whose answer is of the same sign-in. */
async function sameSignIn(run: Run, first: Completed, changes: Changes): Promise<Completed> {
  const party = run.party('first');
  run.time.pass(2);
  const visit = await party.authorize(run.browser, changes);
  expect(signedIn(visit)).toBe(false);
  const second = await party.complete(visit);
  expect(second.idToken.claims.sub).toBe(first.idToken.claims.sub);
  expect(second.idToken.claims.auth_time).toBe(first.idToken.claims.auth_time);
  return second;
}

/** A second request in the same browser, two seconds later, for which the person signs in again. */
async function newSignIn(run: Run, changes: Changes): Promise<void> {
  const party = run.party('first');
  const first = await party.signIn(run.browser);
  run.time.pass(2);
  const visit = await party.authorize(run.browser, changes);
  expect(visit.asked).toContain('person');
  const { idToken } = await party.complete(visit);
  expect(idToken.claims.sub).toBe(first.idToken.claims.sub);
  expect(idToken.claims.auth_time).toBeGreaterThan(first.idToken.claims.auth_time ?? Infinity);
  // CheckIdTokenAuthTimeIsRecent: the new sign-in is what is dated, not the old one.
  expect(idToken.claims.iat - (idToken.claims.auth_time ?? 0)).toBeLessThanOrEqual(1);
}

export const interactionModules = {
  'oidcc-display-page': { checks: '`display=page` succeeds', run: succeeds({ display: 'page' }) },
  'oidcc-display-popup': { checks: '`display=popup` succeeds', run: succeeds({ display: 'popup' }) },
  'oidcc-prompt-login': {
    checks: '`prompt=login` has the person sign in again, at a later auth_time',
    run: (run) => newSignIn(run, { prompt: 'login' }),
  },
  'oidcc-prompt-none-not-logged-in': {
    checks:
      '`prompt=none` with nobody signed in: an error of OpenID Connect Core §3.1.2.6, no page, state of 128',
    run: async ({ browser, party }) => {
      const visit = await party('first').authorize(browser, { prompt: 'none', state: randomText(128) });
      expect(signedIn(visit)).toBe(false);
      expect(userInterfaceRequired).toContain(party('first').errorOf(visit).error);
    },
  },
  'oidcc-prompt-none-logged-in': {
    checks: '`prompt=none` with somebody signed in: the same sub and auth_time, no page',
    run: async (run) => {
      await sameSignIn(run, await run.party('first').signIn(run.browser), { prompt: 'none' });
    },
  },
  'oidcc-max-age-1': {
    checks: '`max_age=1` two seconds later has the person sign in again, and auth_time says so',
    run: (run) => newSignIn(run, { max_age: '1' }),
  },
  'oidcc-max-age-10000': {
    checks: '`max_age=15000`, then `max_age=10000`: auth_time both times, the same, and nobody is asked',
    run: async (run) => {
      const first = await run.party('first').signIn(run.browser, { max_age: '15000' });
      expect(first.idToken.claims.auth_time).toEqual(expect.any(Number));
      const second = await sameSignIn(run, first, { max_age: '10000' });
      expect(second.idToken.claims.auth_time).toEqual(expect.any(Number));
    },
  },
  'oidcc-id-token-hint': {
    checks: '`prompt=none` with the ID token of the person who is signed in',
    run: async (run) => {
      const first = await run.party('first').signIn(run.browser);
      await sameSignIn(run, first, { prompt: 'none', id_token_hint: first.idToken.value });
    },
  },
  'oidcc-login-hint': {
    checks: '`login_hint` succeeds: an address that nobody knows, and the address of the person',
    run: async (run) => {
      const { hostname } = new URL(run.certification.issuer);
      const party = run.party('first');
      const stranger = await party.authorize(run.browser, {
        login_hint: `buffy@${hostname}`,
        prompt: 'login',
      });
      await party.complete(stranger);
      const known = await party.authorize(run.browser, { login_hint: person.email, prompt: 'login' });
      await party.complete(known);
    },
  },
  'oidcc-ui-locales': { checks: '`ui_locales=se` succeeds', run: succeeds({ ui_locales: 'se' }) },
  'oidcc-claims-locales': { checks: '`claims_locales=se` succeeds', run: succeeds({ claims_locales: 'se' }) },
  'oidcc-ensure-request-with-acr-values-succeeds': {
    checks: 'every level of the metadata as `acr_values`, and the ID token says one of them',
    run: async ({ certification: { metadata }, browser, party }) => {
      const levels = metadata.acr_values_supported ?? [];
      expect(levels).not.toEqual([]);
      const { idToken } = await party('first').signIn(browser, { acr_values: levels.join(' ') });
      expect(levels).toContain(idToken.claims.acr);
    },
  },
} as const satisfies Partial<Record<BasicModule, Module>>;
