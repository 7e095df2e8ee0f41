// The program and the records of docs/identity-providers/oidc-provider.md: a bare `oidc-provider` in a process of its own,
// with its own pages, and the running broker.
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { shownCode } from '../replay/support/pages.ts';
import { createVisitor } from '../journeys/visitor.ts';
import type { Visitor } from '../journeys/visitor.ts';
import { startProgram } from '../relying-parties/support/program.ts';
import type { Program } from '../relying-parties/support/program.ts';
import type { Page } from '../support/browser-session.ts';
import { formsOf } from '../support/html-form.ts';
import { freePort } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAndPage, pagesFolder } from './support/page.ts';

const clientSecret = 'oidc-provider:secret/of+the tests%';
const siret = '21440109300015';

let world: World;
let provider: Program;
let providerUrl: string;
let visitor: Visitor;

beforeAll(async () => {
  const port = await freePort();
  providerUrl = `http://localhost:${port}`;
  const { dir, remove } = await demoAndPage('oidc-provider', { 'https://id.agence.example': providerUrl });
  world = await startWorld({ configDir: dir, variables: { OIDC_PROVIDER_CLIENT_SECRET: clientSecret } });
  await remove();
  // Keys that are wanted are made at the next look.
  await world.broker.refresh();
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'tests-1', use: 'sig', alg: 'ES256' };
  provider = await startProgram(join(pagesFolder, 'oidc-provider/server.js'), {
    ISSUER: providerUrl,
    PORT: String(port),
    MAILLON: world.issuer,
    MAILLON_SECRET: clientSecret,
    SIRET: siret,
    JWKS: JSON.stringify({ keys: [key] }),
    COOKIE_KEY: 'cookie-key-of-the-tests-0123456789abcdef',
  });
}, 180_000);
afterAll(async () => {
  await provider.stop();
  await world.close();
});
beforeEach(() => {
  visitor = createVisitor(world);
});
afterEach(() => visitor.browser.close());

const isProvider = ({ url }: Page): boolean => url.startsWith(`${providerUrl}/`);

/** By its pages: who one is, then what it may tell us; then the form that it posts, if that is its way. */
async function signIn(page: Page, email: string): Promise<Page> {
  const login = await visitor.browser.submitForm(page, { email });
  expect(isProvider(login)).toBe(true);
  return identify(login, email, 'anything');
}

/** There, as far as its form leads. */
async function identify(login: Page, email: string, password: string): Promise<Page> {
  const { browser } = visitor;
  let page = await browser.submitForm(login, { login: email, password });
  // What it may tell us, the first time; then the form that it posts, if that is its way.
  for (let forms = 0; forms < 2 && isProvider(page); forms += 1) page = await browser.submitForm(page);
  return page;
}

/** Its page « sign out? », whose button is outside of the form. */
async function confirmLogout(page: Page): Promise<Page> {
  const [form] = formsOf(page.body, page.url);
  if (form === undefined) throw new Error(`no form on ${page.url}`);
  return visitor.browser.post(form.action, { ...Object.fromEntries(form.fields), logout: 'yes' });
}

const docs = () => createToolClient(world, 'docs');
const isSignedInHere = async () => (await visitor.ask(docs(), { prompt: 'none' })).code !== undefined;
/** What a browser was given at its authorization endpoint. */
const askedOfProvider = () =>
  new URL(visitor.browser.history.find((url) => url.startsWith(`${providerUrl}/auth?`)) ?? '').searchParams;

describe.each([
  { record: 'bare', email: 'maud.kerautret@agence.example' },
  { record: 'bare-strict', email: 'maud.kerautret@strict.agence.example' },
])('the record $record', ({ record, email }) => {
  test('somebody signs in: the tool learns who they are and for whom they act', async () => {
    const end = await signIn(await visitor.open('docs'), email);
    expect(end).toMatchObject({ url: `${world.tools}/docs/`, status: 200 });
    const session = await visitor.session('docs');
    expect(session).toMatchObject({
      signed_in: true,
      userinfo: {
        given_name: 'maud',
        usual_name: 'kerautret',
        email,
        // The domain is its own, and it says nothing else.
        email_verified: true,
        siret,
        organization_label: 'Commune de Nantes',
        organization_link: { level: 'moderated', method: 'directory' },
        eligibility: { decision: 'allow' },
        idp_id: record,
      },
    });
    expect(session.id_token?.['acr']).toBe('eidas1');
  });

  const withTwoFactors = {
    claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'eidas1-mfa' } } }),
  };

  test('a level that it does not assert is refused', async () => {
    const page = await signIn(await visitor.follow(docs(), docs().attempt(withTwoFactors)), email);
    expect(shownCode(page)).toBe('M-UPST-015');
  });

  test('a session that is too weak for a tool is made stronger there, and what it opened goes on', async () => {
    await signIn(await visitor.open('docs'), email);
    expect((await visitor.ask(docs(), { ...withTwoFactors, prompt: 'none' })).error).toBe(
      'unmet_authentication_requirements',
    );
    const attempt = docs().attempt({ ...withTwoFactors, login_hint: email });
    // It has a session of its own, and asks again: a weaker sign-in would come back at once.
    const login = await visitor.follow(docs(), attempt);
    expect(isProvider(login)).toBe(true);
    await identify(login, email, '123456');
    expect((await visitor.ask(docs(), { ...withTwoFactors, prompt: 'none' })).code).toBeDefined();
    expect((await visitor.session('docs')).signed_in).toBe(true);
  });

  test('who says no on its page comes back to ours, and may go back to the tool', async () => {
    const login = await visitor.browser.submitForm(await visitor.open('docs'), { email });
    const no = await visitor.browser.click(login, 'Cancel');
    const page = isProvider(no) ? await visitor.browser.submitForm(no) : no;
    expect(shownCode(page)).toBe('M-UPST-003');
    await visitor.browser.click(page, 'Revenir à Docs');
    expect(await visitor.session('docs')).toMatchObject({
      signed_in: false,
      error: { error: 'access_denied' },
    });
  });

  test('signing out here signs out there, once it has asked, and comes back', async () => {
    await signIn(await visitor.open('docs'), email);
    const leaving = await visitor.browser.get(docs().endSessionUrl({}));
    const there = await visitor.browser.submitForm(leaving, { logout: 'yes' });
    expect(isProvider(there)).toBe(true);
    expect(await isSignedInHere()).toBe(false);
    const end = await confirmLogout(there);
    expect(end.url).toBe(`${world.issuer}/session/end/success`);
    const again = await visitor.browser.submitForm(await visitor.open('docs'), { email });
    expect(visitor.browser.text(again)).toContain('Sign-in');
  });

  test('signing out there signs out here: it tells us behind the browser', async () => {
    await signIn(await visitor.open('docs'), email);
    expect(await isSignedInHere()).toBe(true);
    await confirmLogout(await visitor.browser.get(`${providerUrl}/session/end`));
    await vi.waitFor(async () => expect(await isSignedInHere()).toBe(false), { timeout: 10_000 });
    const told = world.log.filter((line) => line.includes(`"event":"upstream.logged_out","idp":"${record}"`));
    expect(told.at(-1)).toContain('"sessions":1');
  });
});

test('plain: the request is in the address, with PKCE, and the answer too', async () => {
  await signIn(await visitor.open('docs'), 'maud.kerautret@agence.example');
  expect(Object.fromEntries(askedOfProvider())).toMatchObject({
    client_id: 'maillon',
    code_challenge_method: 'S256',
    login_hint: 'maud.kerautret@agence.example',
    scope: 'openid profile email siret',
  });
  const answer =
    visitor.browser.history.find((url) => url.startsWith(`${world.issuer}/callback/bare?`)) ?? '';
  expect(new URL(answer).searchParams.get('iss')).toBe(providerUrl);
});

test('strict: the address has a reference only, and the answer is posted by a form', async () => {
  await signIn(await visitor.open('docs'), 'maud.kerautret@strict.agence.example');
  expect([...askedOfProvider().keys()].sort()).toEqual(['client_id', 'request_uri']);
  expect(visitor.browser.history).toContain(`${world.issuer}/callback/bare-strict`);
});
