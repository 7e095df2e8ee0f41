/** `/compte`: the person sees where they are signed in, and ends it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import type { Page } from '../support/browser-session.ts';
import { formsOf } from '../support/html-form.ts';
import { describeOnEachBackend } from './each-backend.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';

await describeOnEachBackend('One’s own sessions', (world) => {
  let here: Visitor;
  let there: Visitor;
  let docs: ToolClient;
  let tchap: ToolClient;

  beforeEach(() => {
    here = createVisitor(world());
    there = createVisitor(world());
    docs = createToolClient(world(), 'docs');
    tchap = createToolClient(world(), 'tchap');
  });
  afterEach(async () => {
    await here.browser.close();
    await there.browser.close();
  });

  const account = () => `${world().issuer}/compte`;
  const text = (visitor: Visitor, page: Page) => visitor.browser.text(page);
  /** Handles of the buttons, in the order of the page: this browser first. */
  const handles = (page: Page): readonly string[] =>
    formsOf(page.body, page.url).flatMap(({ choices }) =>
      choices.filter(({ name, value }) => name === 'session' && value !== 'all').map(({ value }) => value),
    );
  const end = (visitor: Visitor, session: string, options = {}) =>
    visitor.browser.post(`${account()}/deconnexion`, { session }, options);
  const isSignedIn = async (visitor: Visitor) =>
    (await visitor.ask(tchap, { prompt: 'none' })).code !== undefined;

  test('without a session here, the page says so and where to begin', async () => {
    const page = await here.browser.get(account());
    expect(page.status).toBe(200);
    expect(text(here, page)).toContain('Vous n’êtes pas connecté dans ce navigateur');
    expect(here.browser.links(page).map(({ text: name }) => name)).toContain('Docs');
    expect(handles(page)).toEqual([]);
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
  });

  test('shows each browser: which one, by whom, into what', async () => {
    await here.enter(docs, people.commune);
    await here.enter(tchap, people.commune);
    await there.enter(docs, people.commune);
    const page = await here.browser.get(account());
    expect(page.status).toBe(200);
    const said = text(here, page);
    expect(said).toContain('agent@commune.example');
    expect(said).toContain('Ce navigateur');
    expect(said).toContain('Docs, Tchap');
    expect(said).toContain('Fournisseur d’identité de démonstration');
    expect(said).toContain('Navigateur inconnu');
    expect(handles(page).length).toBeGreaterThanOrEqual(2);
    expect(page.headers['cache-control']).toBe('no-store');
    // Its forms may end at an identity provider, and Chrome holds a page to `form-action` along all redirects.
    expect(page.headers['content-security-policy']).not.toContain('form-action');
    await end(here, 'all');
  });

  test('nothing of the page opens a session: neither cookie nor uid is in it', async () => {
    await here.enter(docs, people.state);
    const page = await here.browser.get(account());
    for (const cookie of await here.browser.cookies(account())) {
      const value = cookie.split('=')[1] ?? '';
      if (value.length > 10) expect(page.body).not.toContain(value);
    }
    await end(here, 'all');
  });

  test('ends another browser: its tools lose their tokens, this one keeps its own', async () => {
    const mine = await here.enter(docs, people.state);
    const theirs = await there.enter(docs, people.state);
    const page = await here.browser.get(account());
    const [, other = ''] = handles(page);
    const after = await end(here, other);
    expect(text(here, after)).toContain('La connexion est fermée');
    expect((await docs.userinfo(theirs.accessToken)).status).toBe(401);
    expect(await docs.refresh(theirs.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await isSignedIn(there)).toBe(false);
    expect((await docs.userinfo(mine.accessToken)).status).toBe(200);
    expect(await isSignedIn(here)).toBe(true);
    expect(handles(await here.browser.get(account()))).not.toContain(other);
    await end(here, 'all');
  });

  test('ends this browser', async () => {
    await here.enter(docs, people.state);
    const [mine = ''] = handles(await here.browser.get(account()));
    const after = await end(here, mine);
    expect(text(here, after)).toContain('Vous êtes déconnecté de ce navigateur');
    expect(text(here, after)).toContain('Vous n’êtes pas connecté');
    expect(await isSignedIn(here)).toBe(false);
    const cookies = await here.browser.cookies(account());
    expect(cookies.filter((cookie) => cookie.startsWith('maillon-session'))).toEqual([]);
  });

  describe('what was given in a session ends with it, offline access included', () => {
    const scope = 'openid email siret offline_access';
    const nantes = '21440109300015';
    const mayors = '00000010900009';
    const isAlive = async (refreshToken: string) => (await docs.refresh(refreshToken)).status === 200;

    test('for every organization chosen there, whatever sign-in it was, and nothing of another session', async () => {
      const enter = (visitor: Visitor, prompt: string, siret: string) =>
        visitor.enter(docs, people.elected, { scope, prompt }, siret);
      const before = await enter(here, 'consent', mayors);
      const after = await enter(here, 'consent select_organization', nantes);
      const again = await enter(here, 'login consent', mayors);
      const elsewhere = await enter(there, 'consent', mayors);
      const [mine = ''] = handles(await here.browser.get(account()));
      await end(here, mine);
      expect(await isAlive(before.refreshToken)).toBe(false);
      expect(await isAlive(after.refreshToken)).toBe(false);
      expect(await isAlive(again.refreshToken)).toBe(false);
      expect(await isAlive(elsewhere.refreshToken)).toBe(true);
      await end(there, 'all');
    });

    test('when somebody else signs in in this browser', async () => {
      const before = await here.enter(docs, people.elected, { scope, prompt: 'consent' }, mayors);
      const after = await here.enter(
        docs,
        people.elected,
        { scope, prompt: 'consent select_organization' },
        nantes,
      );
      await here.enter(docs, people.state, { prompt: 'login' });
      expect(await isAlive(before.refreshToken)).toBe(false);
      expect(await isAlive(after.refreshToken)).toBe(false);
      await end(here, 'all');
    });
  });

  test('« everywhere » ends every browser, and offline access too', async () => {
    const scope = 'openid email offline_access';
    const offline = await here.enter(docs, people.state, { scope, prompt: 'consent' });
    await there.enter(tchap, people.state);
    const page = await there.browser.get(account());
    const after = await there.browser.submitForm(page, { session: 'all' }, { form: 2 });
    expect(text(there, after)).toContain('Vous êtes déconnecté partout');
    expect(await isSignedIn(here)).toBe(false);
    expect(await isSignedIn(there)).toBe(false);
    expect(await docs.refresh(offline.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('a sign-out forgets who it was: the index leads nowhere', async () => {
    await here.enter(docs, people.approved);
    await there.enter(docs, people.approved);
    const leaving = await there.browser.get(`${world().issuer}/session/end`);
    await there.browser.submitForm(leaving, { logout: 'yes' });
    expect(handles(await here.browser.get(account()))).toHaveLength(1);
    await end(here, 'all');
  });

  describe('changes nothing', () => {
    test.each(['', 'x', 'a'.repeat(43), '../../x'])('for a session that is not one: %j', async (session) => {
      await here.enter(docs, people.state);
      const page = await end(here, session);
      expect(page.status).toBe(404);
      expect(text(here, page)).toContain('M-ACCT-001');
      expect(await isSignedIn(here)).toBe(true);
      await end(here, 'all');
    });

    test('for the session of somebody else', async () => {
      await here.enter(docs, people.state);
      const { accessToken } = await there.enter(docs, people.commune);
      const [theirs = ''] = handles(await there.browser.get(account()));
      expect((await end(here, theirs)).status).toBe(404);
      expect((await docs.userinfo(accessToken)).status).toBe(200);
      expect(await isSignedIn(there)).toBe(true);
      await end(here, 'all');
      expect(await isSignedIn(there)).toBe(true);
      await end(there, 'all');
    });

    test('for a form of another site, whatever its fields', async () => {
      await here.enter(docs, people.state);
      for (const initiator of ['http://evil.example', 'http://localhost:1']) {
        expect((await end(here, 'all', { initiator })).status).toBe(403);
      }
      expect(await isSignedIn(here)).toBe(true);
      await end(here, 'all');
    });

    test('for nobody', async () => {
      expect((await end(here, 'all')).status).toBe(404);
    });

    test('by GET', async () => {
      await here.enter(docs, people.state);
      await here.browser.get(`${account()}/deconnexion?session=all`);
      await here.browser.get(`${account()}?fin=all&session=all`);
      expect(await here.ask(docs, { prompt: 'none' })).toEqual(aCode);
      await end(here, 'all');
    });
  });

  test('the device is told in words that its owner knows', async () => {
    const attempt = docs.attempt();
    const headers = { 'user-agent': firefox };
    const first = await here.browser.get(attempt.url, { headers });
    await here.identify(first, people.state, { headers, redirects: docs.isCallback });
    expect(text(here, await here.browser.get(account()))).toContain('Firefox sur Windows');
    await end(here, 'all');
  });
});
