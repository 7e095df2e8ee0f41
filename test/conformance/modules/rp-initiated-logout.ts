/**
 * Modules on logout asked for by the client. Each starts with a sign-in whose state is long; the modules that end it go
 * on to a silent request, which has to fail.
 */
import { SignJWT, generateKeyPair } from 'jose';
import { expect } from 'vitest';
import type { Changes } from '../../replay/support/relying-party.ts';
import { queryOf } from '../../replay/support/relying-party.ts';
import { userInterfaceRequired } from '../support/check-authorization-response.ts';
import { checkMetadata } from '../support/check-discovery.ts';
import { checkErrorPage, checkPage } from '../support/check-page.ts';
import { paths } from '../support/clients.ts';
import type { Completed } from '../support/party.ts';
import { randomText } from '../support/party.ts';
import type { RpInitiatedLogoutModule } from '../support/plans.ts';
import type { Module, Run } from '../support/run-plan.ts';
import { walk } from '../support/walk.ts';
import type { Walk } from '../support/walk.ts';

const longState = 128;

interface Leaving extends Walk {
  readonly state: string;
  readonly before: Completed;
}

/** Signs in, then sends the browser to the end session endpoint and says yes wherever it is asked. */
async function signInAndLeave(
  run: Run,
  changes: (signedIn: Completed) => Changes | Promise<Changes>,
): Promise<Leaving> {
  const { metadata, receiver } = run.certification;
  const party = run.party('first');
  const before = await party.signIn(run.browser, { state: randomText(longState) });
  receiver.take(paths.postLogout);
  const state = randomText(longState);
  const query = queryOf({
    id_token_hint: before.idToken.value,
    post_logout_redirect_uri: party.client.postLogoutRedirectUri,
    state,
    ...(await changes(before)),
  });
  const page = await run.browser.get(`${metadata.end_session_endpoint}?${query}`, {
    initiator: `${receiver.origin}/`,
  });
  return { ...(await walk(run.browser, page, receiver.origin)), state, before };
}

/** Back at the client, with these parameters and no other. */
async function expectReturned(run: Run, parameters: Readonly<Record<string, string>>): Promise<void> {
  const received = await run.certification.receiver.takeOne(paths.postLogout);
  expect(received.method).toBe('GET');
  expect(Object.fromEntries(received.query)).toEqual(parameters);
}

/** Whether the person is signed in still, as a silent request finds it. */
async function silently(run: Run): Promise<string> {
  const party = run.party('first');
  const visit = await party.authorize(run.browser, { prompt: 'none', state: randomText(longState) });
  return party.errorOf(visit).error;
}

const expectSignedOut = async (run: Run): Promise<void> => {
  expect(userInterfaceRequired).toContain(await silently(run));
};

const expectSignedIn = async (run: Run): Promise<void> => {
  await run.party('first').complete(await run.party('first').authorize(run.browser, { prompt: 'none' }));
};

const expectNotReturned = ({ certification }: Run): void => {
  expect(certification.receiver.take(paths.postLogout)).toEqual([]);
};

/** Says who asks, ends the session once the person agrees, and shows our own page: nobody is sent anywhere. */
const endsHere = (changes: Changes) => async (run: Run) => {
  const { end } = await signInAndLeave(run, () => changes);
  checkPage(end, 200);
  expect(end.url.startsWith(run.certification.issuer)).toBe(true);
  expectNotReturned(run);
  await expectSignedOut(run);
};

/** An error page: nobody is sent anywhere, and nothing is ended by an address that somebody else may have made. */
const refuses = (changes: (signedIn: Completed) => Changes | Promise<Changes>) => async (run: Run) => {
  const { end, asked } = await signInAndLeave(run, changes);
  checkErrorPage(end);
  expect(asked).toEqual([]);
  expectNotReturned(run);
  await expectSignedIn(run);
};

/** The same claims without a signature. */
function withAlgNone({ idToken }: Completed): string {
  const [, claims = ''] = idToken.value.split('.');
  return `${Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')}.${claims}.`;
}

/** The same claims, signed by a key that is not ours. */
async function signedElsewhere({ idToken }: Completed): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256');
  return new SignJWT({ ...idToken.claims })
    .setProtectedHeader({ alg: 'RS256', kid: String(idToken.header['kid']) })
    .sign(privateKey);
}

export const rpInitiatedLogoutModules: Readonly<Record<RpInitiatedLogoutModule, Module>> = {
  'oidcc-rp-initiated-logout-discovery-endpoint-verification': {
    checks: 'end_session_endpoint in the metadata',
    run: async ({ certification: { metadata, issuer } }) => {
      checkMetadata(metadata, issuer);
      expect(metadata.end_session_endpoint.startsWith(`${issuer}/`)).toBe(true);
    },
  },
  'oidcc-rp-initiated-logout': {
    checks: 'back at post_logout_redirect_uri with the state, and signed out',
    run: async (run) => {
      const { state } = await signInAndLeave(run, () => ({}));
      await expectReturned(run, { state });
      await expectSignedOut(run);
    },
  },
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri': {
    checks: 'an unregistered post_logout_redirect_uri gets an error page',
    run: async (run) => {
      const path = `/certification/${randomText()}`;
      const bad = run.certification.receiver.origin + path;
      await refuses(() => ({ post_logout_redirect_uri: bad }))(run);
      expect(run.certification.receiver.take(path)).toEqual([]);
    },
  },
  'oidcc-rp-initiated-logout-modified-id-token-hint': {
    checks: 'an id_token_hint changed to alg `none` gets an error page',
    run: refuses((signedIn) => ({ id_token_hint: withAlgNone(signedIn) })),
  },
  'oidcc-rp-initiated-logout-no-id-token-hint': {
    checks: 'post_logout_redirect_uri without id_token_hint: the person is asked, and not sent back',
    run: endsHere({ id_token_hint: undefined }),
  },
  'oidcc-rp-initiated-logout-no-params': {
    checks: 'without any parameter: the person is asked, signed out, and told so',
    run: endsHere({ id_token_hint: undefined, post_logout_redirect_uri: undefined, state: undefined }),
  },
  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri': {
    checks: 'without post_logout_redirect_uri: signed out, and told so',
    run: endsHere({ post_logout_redirect_uri: undefined }),
  },
  'oidcc-rp-initiated-logout-no-state': {
    checks: 'without state: back at post_logout_redirect_uri without one, and signed out',
    run: async (run) => {
      await signInAndLeave(run, () => ({ state: undefined }));
      await expectReturned(run, {});
      await expectSignedOut(run);
    },
  },
  'oidcc-rp-initiated-logout-only-state': {
    checks: 'with state alone: the person is asked, signed out, and told so',
    run: endsHere({ id_token_hint: undefined, post_logout_redirect_uri: undefined }),
  },
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri': {
    checks: '`?foo=bar` added to post_logout_redirect_uri gets an error page',
    run: async (run) => {
      const { postLogoutRedirectUri } = run.party('first').client;
      await refuses(() => ({ post_logout_redirect_uri: `${postLogoutRedirectUri}?foo=bar` }))(run);
    },
  },
  'oidcc-rp-initiated-logout-bad-id-token-hint': {
    checks: 'an id_token_hint signed by another key gets an error page',
    run: refuses(async (signedIn) => ({ id_token_hint: await signedElsewhere(signedIn) })),
  },
};
