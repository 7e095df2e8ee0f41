import { afterAll, describe, expect, test } from 'vitest';
import { startDemoIdp } from '../identity-provider/identity-provider.ts';
import { demoPeople } from '../people.ts';
import { freePort, startTogether } from './testing/together.ts';
import { demoToolDefinitions, startDemoTools } from './tools.ts';

const { tools, idp, newBrowser, signIn, session, close } = await startTogether();
afterAll(close);

describe('what the address of the sign-in passes on', () => {
  test('prompt=none without a session is answered login_required', async () => {
    const browser = newBrowser();
    const page = await browser.get(`${tools.url}/docs/login?prompt=none`);
    expect(page.url).toBe(`${tools.url}/docs/`);
    expect(browser.text(page)).toContain('Vous n’étiez pas connecté au portail');
    expect(await session(browser, 'docs')).toMatchObject({
      status: 403,
      body: { error: { error: 'login_required', from: 'broker' } },
    });
  });

  test('login_hint puts the person first', async () => {
    const browser = newBrowser();
    const list = await browser.get(`${tools.url}/docs/login?login_hint=membre%40asso.example`);
    expect(browser.text(list)).toMatch(
      /Samir Benali[\s\S]*Adresse que vous avez saisie[\s\S]*Camille Renaud/,
    );
  });

  test('a level out of reach is an error, a level within reach is reached', async () => {
    const browser = newBrowser();
    await signIn(browser, 'docs', 'membre-asso', '?acr=eidas1-mfa');
    expect((await session(browser, 'docs')).body.error?.error).toBe('unmet_authentication_requirements');
    const other = newBrowser();
    await signIn(other, 'docs', 'agent-etat', '?acr=eidas1-mfa');
    expect((await session(other, 'docs')).body.id_token).toMatchObject({
      acr: 'eidas1-mfa',
      amr: ['pwd', 'otp', 'mfa'],
    });
  });

  test('max_age=0 asks again', async () => {
    const browser = newBrowser();
    await signIn(browser, 'docs', 'agent-etat');
    const list = await browser.get(`${tools.url}/docs/login?max_age=0`);
    expect(browser.text(list)).toContain('est déjà connecté ici');
  });

  test('a wish that the tool does not know is refused', async () => {
    const page = await newBrowser().get(`${tools.url}/docs/login?redirect_uri=https://evil.example`);
    expect(page.status).toBe(400);
  });
});

describe('when the sign-in does not succeed', () => {
  test('« Annuler » is said in French, and the tool stays closed', async () => {
    const browser = newBrowser();
    const list = await browser.get(`${tools.url}/docs/login`);
    const page = await browser.submitForm(list, { cancel: 'yes' });
    expect(browser.text(page)).toContain('n’a pas donné l’accès, ou vous avez annulé');
    expect((await session(browser, 'docs')).body.error).toMatchObject({
      error: 'access_denied',
      from: 'broker',
    });
  });

  test('an error closes what was open', async () => {
    const browser = newBrowser();
    await signIn(browser, 'docs', 'agent-etat');
    const list = await browser.get(`${tools.url}/docs/login?prompt=login`);
    await browser.submitForm(list, { cancel: 'yes' });
    expect((await session(browser, 'docs')).status).toBe(403);
  });

  test.each([
    ['an unknown state', 'code=x&state=unknown'],
    ['no state', 'code=x'],
    ['two states', 'code=x&state=a&state=b'],
  ])('a callback with %s is refused', async (_name, query) => {
    const page = await newBrowser().get(`${tools.url}/docs/callback?${query}`);
    expect(page.status).toBe(400);
  });

  test('a callback serves once, and only in the browser that began', async () => {
    const browser = newBrowser();
    const list = await browser.get(`${tools.url}/docs/login`);
    const stopped = await browser.submitForm(
      list,
      { person: 'agent-etat' },
      { redirects: (url) => url.pathname === '/docs/callback' },
    );
    expect((await newBrowser().get(stopped.location ?? '')).status).toBe(400);
    expect((await browser.follow(stopped)).status).toBe(200);
    expect((await browser.follow(stopped)).status).toBe(400);
    expect((await session(browser, 'docs')).status).toBe(200);
  });

  test('an answer of another issuer is set aside', async () => {
    const browser = newBrowser();
    const list = await browser.get(`${tools.url}/docs/login`);
    const stopped = await browser.submitForm(
      list,
      { person: 'agent-etat' },
      { redirects: (url) => url.pathname === '/docs/callback' },
    );
    const forged = new URL(stopped.location ?? '');
    forged.searchParams.set('iss', 'https://evil.example');
    const page = await browser.get(forged.href);
    expect(browser.text(page)).toContain('n’a pas passé nos vérifications');
    expect((await session(browser, 'docs')).body.error?.from).toBe('invalid_answer');
  });
});

describe('starting', () => {
  test('a tool whose broker does not answer says so, and works once it answers', async () => {
    const port = await freePort();
    const alone = await startDemoTools({ port: 0, issuer: `http://localhost:${port}` });
    const browser = newBrowser();
    const page = await browser.get(`${alone.url}/docs/login`);
    expect(browser.text(page)).toContain('ne répond pas pour le moment');
    expect((await browser.get(`${alone.url}/docs/session.json`)).body).toContain('"from":"unreachable"');
    const late = await startDemoIdp({
      port,
      name: 'Identité tardive',
      people: demoPeople,
      clients: [
        {
          client_id: 'docs',
          client_secret: demoToolDefinitions[0].secret,
          redirect_uris: [`${alone.url}/docs/callback`],
        },
      ],
    });
    const list = await browser.get(`${alone.url}/docs/login`);
    expect(browser.text(await browser.submitForm(list, { person: 'agent-etat' }))).toContain(
      'Camille Renaud',
    );
    await late.close();
    // A broker that is down takes nothing away.
    const home = await browser.get(`${alone.url}/docs/`);
    const refreshed = await browser.submitForm(home, {}, { form: '/refresh' });
    expect(browser.text(refreshed)).toMatch(/ne répond pas pour le moment[\s\S]*Camille Renaud/);
    await alone.close();
  });

  test('a busy port is one error that names it', async () => {
    const port = Number(new URL(tools.url).port);
    await expect(startDemoTools({ port, issuer: idp.url })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
    await expect(startDemoIdp({ port, clients: [], people: demoPeople, name: 'x' })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
  });
});
