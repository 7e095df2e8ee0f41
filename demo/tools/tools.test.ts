import { afterAll, describe, expect, test } from 'vitest';
import { startTogether } from './testing/together.ts';
import { demoToolDefinitions } from './tools.ts';

const { tools, idp, newBrowser, signIn, session, close } = await startTogether();
afterAll(close);

describe('a person signs in to a tool', () => {
  test('the home says what the tool is, and where to sign in', async () => {
    const browser = newBrowser();
    const list = await browser.get(`${tools.url}/`);
    const home = await browser.click(list, 'Docs');
    expect(home.url).toBe(`${tools.url}/docs/`);
    expect(browser.text(home)).toContain('Écrire à plusieurs');
    expect(browser.links(home)).toContainEqual({ href: `${tools.url}/docs/login`, text: 'Se connecter' });
    expect(await session(browser, 'docs')).toMatchObject({ status: 401, body: { signed_in: false } });
  });

  test.each(demoToolDefinitions.map((tool) => tool.id))(
    '%s shows the claims, and gives them as JSON',
    async (tool) => {
      const browser = newBrowser();
      const page = await signIn(browser, tool, 'agent-commune');
      expect(page.url).toBe(`${tools.url}/${tool}/`);
      expect(browser.text(page)).toContain('Yann Bihan-Morel');
      expect(browser.text(page)).toContain('21440109300015');
      const { status, body, raw } = await session(browser, tool);
      expect(status).toBe(200);
      expect(body.id_token).toMatchObject({
        sub: 'agent-commune',
        aud: tool,
        iss: idp.url,
        acr: 'eidas1',
        amr: ['pwd'],
      });
      expect(body.userinfo).toMatchObject({ email: 'agent@commune.example', siret: '21440109300015' });
      expect(body.tokens).toMatchObject({
        id_token_header: { alg: 'ES256' },
        has_refresh_token: tool === 'tchap',
      });
      expect(body.tokens?.userinfo_format).toBe(tool === 'visio' ? 'jwt' : 'json');
      expect(raw).not.toMatch(/eyJ|access_token"/);
    },
  );

  test('without a word about eligibility, the tool does not claim to be open', async () => {
    const browser = newBrowser();
    const page = await signIn(browser, 'docs', 'membre-asso');
    expect(browser.text(page)).toContain('Le portail ne dit pas si Docs vous est ouvert.');
  });

  test('two browsers do not mix, nor do two tools of one browser', async () => {
    const [one, two] = [newBrowser(), newBrowser()];
    await signIn(one, 'docs', 'agent-etat');
    await signIn(two, 'docs', 'membre-amd-fictif');
    expect((await session(one, 'docs')).body.userinfo?.['email']).toBe('agent@etat.example');
    expect((await session(two, 'docs')).body.userinfo?.['email']).toBe('membre@amd-fictif.example');
    expect((await session(one, 'tchap')).status).toBe(401);
    expect(await one.cookies(`${tools.url}/tchap/`)).not.toContainEqual(expect.stringMatching(/^demo_docs=/));
  });

  test('two tabs may sign in at once, the first finishing last', async () => {
    const browser = newBrowser();
    const first = await browser.get(`${tools.url}/docs/login`);
    const second = await browser.get(`${tools.url}/docs/login`);
    expect((await browser.submitForm(second, { person: 'agent-etat' })).status).toBe(200);
    const back = await browser.submitForm(first, { person: 'agent-etat' });
    expect(browser.text(back)).toContain('Camille Renaud');
  });

  test('a second visit needs no page: the session at the identity provider answers', async () => {
    const browser = newBrowser();
    await signIn(browser, 'docs', 'agent-etat');
    const page = await browser.get(`${tools.url}/tchap/login`);
    expect(page.url).toBe(`${tools.url}/tchap/`);
    expect(browser.text(page)).toContain('Camille Renaud');
  });

  test('the cookie changes at sign-in', async () => {
    const browser = newBrowser();
    const list = await browser.get(`${tools.url}/docs/login`);
    const before = await browser.cookies(`${tools.url}/docs/`);
    await browser.submitForm(list, { person: 'agent-etat' });
    const after = await browser.cookies(`${tools.url}/docs/`);
    expect(before.filter((cookie) => cookie.startsWith('demo_docs='))).toHaveLength(1);
    expect(after.filter((cookie) => before.includes(cookie) && cookie.startsWith('demo_docs='))).toHaveLength(
      0,
    );
  });
});

describe('afterwards', () => {
  test('without refresh token, the information is read again', async () => {
    const browser = newBrowser();
    const home = await signIn(browser, 'docs', 'agent-etat');
    const page = await browser.submitForm(home, {}, { form: '/refresh' });
    expect(browser.text(page)).toContain('Informations relues');
    expect((await session(browser, 'docs')).body.tokens?.refreshed_by).toBe('userinfo');
  });

  test('with a refresh token, the tokens are renewed, until the session ends elsewhere', async () => {
    const browser = newBrowser();
    const home = await signIn(browser, 'tchap', 'agent-etat');
    const page = await browser.submitForm(home, {}, { form: '/refresh' });
    expect(browser.text(page)).toContain('Informations renouvelées');
    expect((await session(browser, 'tchap')).body.tokens?.refreshed_by).toBe('refresh_token');
    await browser.submitForm(await browser.get(`${idp.url}/session/end`), { logout: 'yes' });
    const refused = await browser.submitForm(page, {}, { form: '/refresh' });
    expect(browser.text(refused)).toContain('Votre connexion a pris fin');
    expect(await session(browser, 'tchap')).toMatchObject({
      status: 403,
      body: { error: { error: 'invalid_grant', from: 'broker' } },
    });
  });

  test('signing out ends both sessions and comes back, without a page in between', async () => {
    const browser = newBrowser();
    const home = await signIn(browser, 'docs', 'agent-etat');
    const page = await browser.submitForm(home, {}, { form: '/logout' });
    expect(page.url).toBe(`${tools.url}/docs/`);
    expect(browser.text(page)).toContain('Vous êtes déconnecté.');
    expect((await session(browser, 'docs')).status).toBe(401);
    const list = await browser.get(`${tools.url}/docs/login`);
    expect(browser.text(list)).toContain('Qui êtes-vous ?');
  });

  test('nobody signs out or refreshes by a link', async () => {
    const browser = newBrowser();
    await signIn(browser, 'docs', 'agent-etat');
    for (const action of ['logout', 'refresh']) {
      const page = await browser.get(`${tools.url}/docs/${action}`);
      expect([page.status, page.headers['allow']]).toEqual([405, 'POST']);
    }
    const forged = await browser.post(`${tools.url}/docs/logout`, {}, { initiator: 'https://evil.example/' });
    expect(forged.status).toBe(200);
    expect((await session(browser, 'docs')).status).toBe(200);
  });
});

describe('the pages', () => {
  test('each is one French document with one h1, no script, nothing from elsewhere', async () => {
    const browser = newBrowser();
    const list = await browser.get(`${tools.url}/docs/login`);
    const pages = [
      list,
      await browser.submitForm(list, { person: 'elu-commune' }),
      await browser.get(`${tools.url}/`),
      await browser.get(`${tools.url}/visio/`),
      await browser.get(`${tools.url}/absent`),
      await browser.get(`${tools.url}/docs/absent`),
      await browser.get(`${idp.url}/`),
      await browser.get(`${idp.url}/authorize`),
      await browser.get(`${idp.url}/absent`),
      await browser.get(`${idp.url}/interaction/absent`),
    ];
    for (const page of pages) {
      expect(page.body, page.url).toMatch(/^<!doctype html>\s*<html lang="fr">/);
      expect(page.body.match(/<h1[ >]/g), page.url).toHaveLength(1);
      expect(page.body, page.url).not.toMatch(/<script|style="|src=|\son\w+=/);
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      for (const link of browser.links(page)) expect(link.href).toMatch(/^http:\/\/localhost:/);
    }
    expect(pages.map((page) => page.status)).toEqual([200, 200, 200, 200, 404, 404, 200, 400, 404, 400]);
  });
});
