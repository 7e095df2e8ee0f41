import { afterEach, beforeEach, expect, test } from 'vitest';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { describeOnEachBackend } from './each-backend.ts';
import { movableTime } from './time.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const time = movableTime();
const encoded = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url');

await describeOnEachBackend('Signing out', (world) => {
  let visitor: Visitor;
  let docs: ToolClient;
  let tchap: ToolClient;

  beforeEach(() => {
    visitor = createVisitor(world());
    docs = createToolClient(world(), 'docs');
    tchap = createToolClient(world(), 'tchap');
  });
  afterEach(() => visitor.browser.close());

  const returnUri = () => `${world().tools}/docs/logout-callback`;
  const isReturn = (url: URL) => url.href.startsWith(returnUri());
  const sessionEnded = async () => (await visitor.ask(tchap, { prompt: 'none' })).error === 'login_required';
  const status = async (token: string) => (await docs.userinfo(token)).status;

  test('the demo tool signs out and says so', async () => {
    const page = await visitor.signIn('docs', people.state);
    const leaving = await visitor.browser.submitForm(page, {}, { form: '/docs/logout' });
    const end = await visitor.browser.submitForm(leaving, { logout: 'yes' });
    expect(visitor.browser.text(end)).toContain('Vous êtes déconnecté.');
    expect(await sessionEnded()).toBe(true);
  });

  test('with the ID token, even expired: back to the tool with its state; session and tokens are over', async () => {
    const { idToken, accessToken, refreshToken } = await visitor.enter(docs, people.state);
    const other = await visitor.enter(tchap, people.state);
    time.pass(900);
    const page = await visitor.browser.get(
      docs.endSessionUrl({
        id_token_hint: idToken,
        post_logout_redirect_uri: returnUri(),
        state: 'état & co',
      }),
    );
    expect(page.body).toContain('data-submit-now');
    expect(await status(accessToken)).toBe(200);

    const end = await visitor.browser.submitForm(page, { logout: 'yes' }, { redirects: isReturn });
    expect(end.location).toBe(`${returnUri()}?${new URLSearchParams({ state: 'état & co' }).toString()}`);
    expect(await sessionEnded()).toBe(true);
    expect(await status(accessToken)).toBe(401);
    expect((await tchap.userinfo(other.accessToken)).status).toBe(401);
    expect(await docs.refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await tchap.refresh(other.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('by POST as by GET (RP-Initiated Logout §2)', async () => {
    const { idToken } = await visitor.enter(docs, people.state);
    const page = await visitor.browser.post(
      `${world().issuer}/session/end`,
      { id_token_hint: idToken, post_logout_redirect_uri: returnUri() },
      { initiator: 'http://docs.example' },
    );
    const end = await visitor.browser.submitForm(page, { logout: 'yes' }, { redirects: isReturn });
    expect(end.location).toBe(returnUri());
    expect(await sessionEnded()).toBe(true);
  });

  test.each(['/', '?x=1', '#top', '/../docs/logout-callback', 'X'])(
    'an address that is not exactly the declared one is refused: %s',
    async (suffix) => {
      const { idToken, accessToken } = await visitor.enter(docs, people.state);
      const page = await visitor.browser.get(
        docs.endSessionUrl({ id_token_hint: idToken, post_logout_redirect_uri: returnUri() + suffix }),
      );
      expect(page.status).toBe(400);
      expect(visitor.browser.text(page)).toContain('M-OIDC-005');
      expect(await status(accessToken)).toBe(200);
    },
  );

  test('without the ID token it asks first: a GET alone ends nothing', async () => {
    const { accessToken } = await visitor.enter(docs, people.state);
    const page = await visitor.browser.get(docs.endSessionUrl({}), { initiator: 'http://evil.example' });
    expect(visitor.browser.text(page)).toContain('Se déconnecter partout');
    expect(page.body).not.toContain('data-submit-now');
    expect(await sessionEnded()).toBe(false);
    expect(await status(accessToken)).toBe(200);

    const end = await visitor.browser.submitForm(page, { logout: 'yes' });
    expect(end.url).toBe(`${world().issuer}/session/end/success`);
    expect(await sessionEnded()).toBe(true);
    expect(await status(accessToken)).toBe(401);
  });

  test('without the ID token, an address of return serves only with the client that declared it', async () => {
    await visitor.enter(docs, people.state);
    const alone = await visitor.browser.get(docs.endSessionUrl({ post_logout_redirect_uri: returnUri() }));
    const end = await visitor.browser.submitForm(alone, { logout: 'yes' }, { redirects: isReturn });
    expect(end.url).toBe(`${world().issuer}/session/end/success`);
  });

  test('the ID token of somebody else proves nothing: it asks', async () => {
    const other = createVisitor(world());
    const { idToken } = await other.enter(docs, people.commune);
    await visitor.enter(docs, people.state);
    const page = await visitor.browser.get(docs.endSessionUrl({ id_token_hint: idToken }));
    expect(visitor.browser.text(page)).toContain('Se déconnecter partout');
    expect(page.body).not.toContain('data-submit-now');
    expect(await sessionEnded()).toBe(false);
  });

  test('a confirmation that does not come from the page ends nothing', async () => {
    await visitor.enter(docs, people.state);
    await visitor.browser.get(docs.endSessionUrl({}));
    const forged = await visitor.browser.post(`${world().issuer}/session/end/confirm`, {
      xsrf: 'x',
      logout: 'yes',
    });
    expect(forged.status).toBe(400);
    expect(await sessionEnded()).toBe(false);
  });

  test('« stay signed in to the other services » detaches this tool only', async () => {
    const first = await visitor.enter(docs, people.state);
    const second = await visitor.enter(docs, people.state, { prompt: 'login' });
    const other = await visitor.enter(tchap, people.state);
    time.pass(1);
    const page = await visitor.browser.get(docs.endSessionUrl({ client_id: 'docs' }));
    const end = await visitor.browser.submitForm(page);
    expect(end.status).toBe(200);
    expect(await status(first.accessToken)).toBe(401);
    expect(await status(second.accessToken)).toBe(401);
    expect((await tchap.userinfo(other.accessToken)).status).toBe(200);
    expect(await sessionEnded()).toBe(false);
    expect(await visitor.ask(docs)).toEqual(aCode);
    expect(await status(second.accessToken)).toBe(401);
  });

  test('with nobody signed in, back to the tool at once, without a page', async () => {
    const { idToken } = await createVisitor(world()).enter(docs, people.state);
    const end = await visitor.browser.get(
      docs.endSessionUrl({ id_token_hint: idToken, post_logout_redirect_uri: returnUri(), state: 's' }),
      { redirects: isReturn },
    );
    expect(end.location).toBe(`${returnUri()}?state=s`);
    const alone = await visitor.browser.get(docs.endSessionUrl({}));
    expect(alone.url).toBe(`${world().issuer}/session/end/success`);
  });

  test.each([
    ['with none', undefined],
    ['with one that opens nothing', 'maillon-session=x; maillon-session.sig=x'],
  ])('a browser without a session, %s, gets no cookie by signing out', async (_what, cookie) => {
    const page = await visitor.browser.get(docs.endSessionUrl({}), {
      redirects: 'manual',
      ...(cookie === undefined ? {} : { headers: { cookie } }),
    });
    expect(page.location).toBe(`${world().issuer}/session/end/success`);
    expect(page.headers['set-cookie']).toBeUndefined();
    const refused = await visitor.browser.get(docs.endSessionUrl({ client_id: 'unknown' }));
    expect(refused.status).toBe(400);
    expect(refused.headers['set-cookie']).toBeUndefined();
  });

  test.each([
    ['alg none', (payload: string) => `${encoded({ alg: 'none' })}.${payload}.`],
    ['a shared secret', (payload: string) => `${encoded({ alg: 'HS256' })}.${payload}.${'A'.repeat(43)}`],
    ['garbage', () => 'not-a-token'],
    ['a list', () => '[]'],
    ['markup', () => '<script>alert(1)</script>'],
  ])('a hint of %s is our 400 page, and ends nothing', async (_what, hint) => {
    const { idToken, accessToken } = await visitor.enter(docs, people.state);
    const [, payload = ''] = idToken.split('.');
    const page = await visitor.browser.get(
      docs.endSessionUrl({ id_token_hint: hint(payload), post_logout_redirect_uri: returnUri() }),
    );
    expect(page.status).toBe(400);
    expect(visitor.browser.text(page)).toMatch(/M-OIDC-00[15]/);
    expect(page.body).not.toContain('alert(1)');
    expect(await status(accessToken)).toBe(200);
    expect(await sessionEnded()).toBe(false);
  });

  test('client_id alone is enough for the address of return; the person is asked', async () => {
    await visitor.enter(docs, people.state);
    const page = await visitor.browser.get(
      docs.endSessionUrl({ client_id: 'docs', post_logout_redirect_uri: returnUri(), state: 's' }),
    );
    expect(page.body).not.toContain('data-submit-now');
    const end = await visitor.browser.submitForm(page, { logout: 'yes' }, { redirects: isReturn });
    expect(end.location).toBe(`${returnUri()}?state=s`);
    expect(await sessionEnded()).toBe(true);
  });

  test('client_id and hint of two clients are refused (RP-Initiated Logout §2)', async () => {
    const { idToken } = await visitor.enter(docs, people.state);
    const page = await visitor.browser.get(
      docs.endSessionUrl({ id_token_hint: idToken, client_id: 'tchap' }),
    );
    expect(page.status).toBe(400);
    expect(visitor.browser.text(page)).toContain('M-OIDC-005');
    expect(await sessionEnded()).toBe(false);
  });

  test('an unknown client_id is refused', async () => {
    await visitor.enter(docs, people.state);
    expect((await visitor.browser.get(docs.endSessionUrl({ client_id: 'unknown' }))).status).toBe(400);
    expect(await sessionEnded()).toBe(false);
  });

  test('ui_locales chooses the language; logout_hint and unknown parameters change nothing', async () => {
    await visitor.enter(docs, people.state);
    const page = await visitor.browser.get(
      docs.endSessionUrl({ ui_locales: 'en', logout_hint: people.commune, extra: '1' }),
    );
    expect(visitor.browser.text(page)).toContain('Sign out everywhere');
    expect(page.body).not.toContain(people.commune);
    expect(await sessionEnded()).toBe(false);
  });

  test('an ID token signed by somebody else is refused', async () => {
    const { idToken } = await visitor.enter(docs, people.state);
    const [header, payload] = idToken.split('.');
    const page = await visitor.browser.get(
      docs.endSessionUrl({ id_token_hint: `${header ?? ''}.${payload ?? ''}.${'A'.repeat(86)}` }),
    );
    expect(page.status).toBe(400);
    expect(await sessionEnded()).toBe(false);
  });
});
