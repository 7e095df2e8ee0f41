/**
 * Signing out here signs out at the identity provider too, when it can, and never instead of reaching the tool
 * (docs/adr/0005-logout.md). The second identity provider fails when it is told to.
 */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redeclare } from '../replay/support/declarations.ts';
import { secondPerson, secondRecord, startTwoIdps } from '../replay/support/second-idp.ts';
import type { TwoIdps } from '../replay/support/second-idp.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { formsOf } from '../support/html-form.ts';
import { startTimeout } from './each-backend.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

/** Milliseconds from the button to the tool, whatever the identity provider does. */
const soon = 2_000;

let idps: TwoIdps;
let visitor: Visitor;
let docs: ToolClient;

beforeAll(async () => {
  idps = await startTwoIdps(['hangs', 'breaks', 'babbles']);
}, startTimeout);
afterAll(() => idps.close());
beforeEach(() => {
  visitor = createVisitor(idps.world);
  docs = createToolClient(idps.world, 'docs');
  idps.second.restore();
  idps.second.forget();
});
afterEach(() => visitor.browser.close());

const issuer = () => idps.world.issuer;
const returnUri = () => `${idps.world.tools}/docs/logout-callback`;
const isReturn = (url: URL) => url.href.startsWith(returnUri());
const isAway = (url: URL) => url.origin !== issuer();

/** At the identity provider that can fail, under any of its names. */
async function signInAtSecond(id = 'second') {
  idps.second.become({
    ...secondPerson,
    claims: { ...secondPerson.claims, email: `agent@${id}.example` },
  });
  const attempt = docs.attempt();
  const page = await visitor.follow(docs, attempt);
  const end = await visitor.browser.submitForm(
    page,
    { email: `agent@${id}.example` },
    { redirects: docs.isCallback },
  );
  return docs.tokens(attempt, docs.answer(attempt, end));
}

async function leave(idToken: string, redirects: (url: URL) => boolean = isReturn) {
  const page = await visitor.browser.get(
    docs.endSessionUrl({ id_token_hint: idToken, post_logout_redirect_uri: returnUri(), state: 'é&s' }),
  );
  const begun = performance.now();
  const end = await visitor.browser.submitForm(page, { logout: 'yes' }, { redirects });
  return { end, milliseconds: performance.now() - begun };
}

const atTool = (page: Page): void => {
  expect(page.location).toBe(`${returnUri()}?${new URLSearchParams({ state: 'é&s' }).toString()}`);
};
const isSignedIn = async () => (await visitor.ask(docs, { prompt: 'none' })).code !== undefined;

test('the person passes by the identity provider, which is told whom, and reaches the tool', async () => {
  const { idToken } = await signInAtSecond();
  const { end } = await leave(idToken);
  atTool(end);
  const [asked] = idps.second.received.end_session;
  expect([...(asked?.keys() ?? [])].sort()).toEqual(['id_token_hint', 'post_logout_redirect_uri', 'state']);
  expect(asked?.get('post_logout_redirect_uri')).toBe(`${issuer()}/logout-callback`);
  expect(decodeJwt(asked?.get('id_token_hint') ?? '')).toMatchObject({
    iss: idps.second.issuer,
    sub: secondPerson.sub,
    aud: 'maillon',
  });
  // Nothing of the tool's in clear, in the logs of somebody else.
  expect(asked?.get('state')).not.toContain('docs');
  expect(await isSignedIn()).toBe(false);
});

test('the session here has ended before the person goes there', async () => {
  const { idToken } = await signInAtSecond();
  const { end } = await leave(idToken, isAway);
  expect(new URL(end.location ?? '').origin).toBe(idps.second.issuer);
  expect(await isSignedIn()).toBe(false);
});

test('the demo identity provider asks again for who it is', async () => {
  const { idToken } = await visitor.enter(docs, people.state);
  atTool((await leave(idToken)).end);
  const page = await visitor.identify(await visitor.open('docs'), people.state, { redirects: 'manual' });
  const there = await visitor.browser.follow(page);
  expect(there.url).toContain(`${idps.world.idp}/interaction/`);
});

test('without an address of return, our own page is the end', async () => {
  await signInAtSecond();
  const page = await visitor.browser.get(docs.endSessionUrl({}));
  const end = await visitor.browser.submitForm(page, { logout: 'yes' });
  expect(end.url).toBe(`${issuer()}/session/end/success`);
  expect(idps.second.received.end_session).toHaveLength(1);
});

test('who leaves this tool only does not sign out there', async () => {
  await signInAtSecond();
  const page = await visitor.browser.get(docs.endSessionUrl({ client_id: 'docs' }));
  await visitor.browser.submitForm(page);
  expect(idps.second.counts.end_session).toBe(0);
  expect(await isSignedIn()).toBe(true);
});

describe('from one’s own page, /compte', () => {
  const account = () => `${issuer()}/compte`;
  const isAccount = (url: URL) => url.href.startsWith(account());
  /** The buttons of the page: each browser, this one first, then everywhere. */
  const end = async (button: number | 'last', redirects?: (url: URL) => boolean) => {
    const page = await visitor.browser.get(account());
    const sessions = formsOf(page.body, page.url).flatMap(({ choices }) =>
      choices.filter(({ name }) => name === 'session').map(({ value }) => value),
    );
    const session = sessions.at(button === 'last' ? -1 : button) ?? '';
    const options = redirects === undefined ? {} : { redirects };
    return visitor.browser.post(`${account()}/deconnexion`, { session }, options);
  };

  test.each([
    ['this browser', 0, 'this'],
    ['everywhere', 'last', 'all'],
  ] as const)('%s: by the identity provider, and back to the page', async (_what, button, done) => {
    await signInAtSecond();
    const page = await end(button);
    expect(page.url).toBe(`${account()}?fin=${done}`);
    const [asked, ...more] = idps.second.received.end_session;
    expect(more).toEqual([]);
    expect(decodeJwt(asked?.get('id_token_hint') ?? '')).toMatchObject({ sub: secondPerson.sub });
    expect(await isSignedIn()).toBe(false);
  });

  test('the session here has ended before the person goes there', async () => {
    await signInAtSecond();
    const page = await end(0, isAway);
    expect(new URL(page.location ?? '').origin).toBe(idps.second.issuer);
    expect(await isSignedIn()).toBe(false);
  });

  test('straight back when the identity provider does not answer', async () => {
    await signInAtSecond();
    idps.second.mutate({ endSession: 'unavailable' });
    const page = await end(0, isAccount);
    expect(page.location).toBe(`${account()}?fin=this`);
    expect(await isSignedIn()).toBe(false);
  });

  test('another browser: this one stays signed in there', async () => {
    const other = createVisitor(idps.world);
    await signInAtSecond();
    const mine = visitor;
    visitor = other;
    await signInAtSecond();
    visitor = mine;
    const page = await end(1);
    expect(page.url).toBe(`${account()}?fin=one`);
    expect(idps.second.counts.end_session).toBe(0);
    expect(await isSignedIn()).toBe(true);
    await end('last');
    await other.browser.close();
  });
});

describe('straight to the tool, soon, when the identity provider', () => {
  test.each(['unavailable', 'error_500', 'timeout', 'cut'] as const)(
    'does not answer at its end_session_endpoint: %s',
    async (endSession) => {
      const { idToken } = await signInAtSecond();
      idps.second.mutate({ endSession });
      const { end, milliseconds } = await leave(idToken);
      atTool(end);
      expect(milliseconds).toBeLessThan(soon);
      expect(await isSignedIn()).toBe(false);
    },
  );

  test.each([
    ['hangs', 'timeout'],
    ['breaks', 'error_500'],
    ['babbles', 'garbage'],
  ] as const)('has metadata that cannot be read: it %s', async (id, discovery) => {
    const { idToken } = await signInAtSecond(id);
    // Another record: what was read for the former one no longer counts.
    const changed = secondRecord(idps.second.issuer, { id, name: 'Autre nom', domains: [`${id}.example`] });
    await redeclare(idps.world, { identity_providers: [secondRecord(idps.second.issuer), changed] });
    idps.second.mutate({ discovery });
    const { end, milliseconds } = await leave(idToken);
    await redeclare(idps.world, idps.extra);
    atTool(end);
    expect(milliseconds).toBeLessThan(soon);
    expect(idps.second.counts.end_session).toBe(0);
  });

  test.each([
    ['says that it does not want it', { upstream_logout: false }],
    ['is disabled meanwhile', { enabled: false }],
  ])('%s', async (_what, changes) => {
    const { idToken } = await signInAtSecond();
    await redeclare(idps.world, { identity_providers: [secondRecord(idps.second.issuer, changes)] });
    const { end } = await leave(idToken);
    await redeclare(idps.world, idps.extra);
    atTool(end);
    expect(idps.second.counts.end_session).toBe(0);
  });

  test('gave an ID token that fits into no address', async () => {
    idps.second.mutate({ idToken: (claims) => ({ ...claims, groups: 'g'.repeat(6_000) }) });
    const { idToken } = await signInAtSecond();
    const { end } = await leave(idToken);
    atTool(end);
    expect(idps.second.received.end_session).toEqual([]);
    expect(await isSignedIn()).toBe(false);
  });

  test('is no longer declared', async () => {
    const { idToken } = await signInAtSecond();
    await redeclare(idps.world, {});
    const { end } = await leave(idToken);
    await redeclare(idps.world, idps.extra);
    atTool(end);
  });
});

describe('coming back from an identity provider', () => {
  const back = (query: string) =>
    visitor.browser.get(`${issuer()}/logout-callback${query}`, { redirects: isAway });

  test.each([
    '',
    '?state=',
    '?state=https://evil.example/',
    '?state=x.y&state=z',
    '?post_logout_redirect_uri=https://evil.example/',
  ])('with a state that we did not seal leads to our own page: %j', async (query) => {
    const page = await back(query);
    expect(page.location).toBeUndefined();
    expect(page.url).toBe(`${issuer()}/session/end/success`);
  });

  test('with a state that was changed leads to our own page', async () => {
    const { idToken } = await signInAtSecond();
    const { end } = await leave(idToken, isAway);
    const state = new URL(end.location ?? '').searchParams.get('state') ?? '';
    const changed = state.slice(0, -2) + (state.endsWith('AA') ? 'BB' : 'AA');
    expect((await back(`?state=${encodeURIComponent(changed)}`)).location).toBeUndefined();
    expect((await back(`?state=${encodeURIComponent(state)}`)).location).toMatch(returnUri());
  });
});
