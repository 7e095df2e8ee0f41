// The configuration and the record of docs/identity-providers/lemonldap-ng.md, with Debian's LemonLDAP::NG and the
// running broker.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { shownCode } from '../replay/support/pages.ts';
import { createVisitor } from '../journeys/visitor.ts';
import type { Visitor } from '../journeys/visitor.ts';
import type { Page } from '../support/browser-session.ts';
import { findLemonldapNg, startLemonldapNg } from '../support/lemonldap-ng.ts';
import type { LemonldapNg } from '../support/lemonldap-ng.ts';
import { freePort } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAndPage, pageFile } from './support/page.ts';

const suite = 'LemonLDAP::NG as an identity provider';
const found = await findLemonldapNg(suite);
const clientSecret = 'lemonldap-ng-secret-of-the-tests';

describe.runIf(found)(suite, () => {
  let world: World;
  let provider: LemonldapNg;
  let portal: string;
  let visitor: Visitor;

  beforeAll(async () => {
    const port = await freePort();
    portal = `http://localhost:${port}/`;
    const { dir, remove } = await demoAndPage('lemonldap-ng', {
      'https://auth.prefecture.example/': portal,
      // That of its demonstration people.
      'prefecture.example': 'badwolf.org',
      // A password is worth one less there when it comes by plain HTTP.
      'loa-2': 'loa-1',
    });
    world = await startWorld({
      configDir: dir,
      variables: { LEMONLDAP_NG_CLIENT_SECRET: clientSecret },
    });
    await remove();
    const guide = await pageFile('lemonldap-ng/maillon.json', {
      'https://connexion.example.org': world.issuer,
      'the-secret-of-maillon': clientSecret,
    });
    provider = await startLemonldapNg({
      port,
      guide: z.record(z.string(), z.unknown()).parse(JSON.parse(guide)),
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

  const isPortal = ({ url }: Page): boolean => url.startsWith(portal);
  const asked = () =>
    new URL(visitor.browser.history.find((url) => url.startsWith(`${portal}oauth2/authorize?`)) ?? '')
      .searchParams;
  /** By its page, with name and password, back with the form that it posts. */
  async function goThrough(page: Page, name: string, password = name): Promise<Page> {
    const there = await visitor.browser.submitForm(page, { email: `${name}@badwolf.org` });
    expect(isPortal(there)).toBe(true);
    const answered = await visitor.browser.submitForm(there, { user: name, password });
    return isPortal(answered) && answered.body.includes('/callback/agents')
      ? visitor.browser.submitForm(answered)
      : answered;
  }

  test('somebody signs in: the tool learns who they are and for whom they act', async () => {
    const end = await goThrough(await visitor.open('docs'), 'rtyler');
    expect(end).toMatchObject({ url: `${world.tools}/docs/`, status: 200 });
    expect(await visitor.session('docs')).toMatchObject({
      signed_in: true,
      id_token: { acr: 'eidas1' },
      userinfo: {
        given_name: 'Rose',
        usual_name: 'Tyler',
        uid: 'rtyler',
        email: 'rtyler@badwolf.org',
        // The domain is its own, and it says nothing else.
        email_verified: true,
        siret: '13002526500013',
        organization_type: 'state.central',
        organization_link: { level: 'moderated', method: 'directory' },
        eligibility: { decision: 'allow' },
        idp_id: 'agents',
      },
    });
  });

  test('who has no establishment of their own there acts for the one of the record', async () => {
    await goThrough(await visitor.open('docs'), 'msmith');
    expect(await visitor.session('docs')).toMatchObject({
      userinfo: { given_name: 'Mickey', siret: '21440109300015', organization_label: 'Commune de Nantes' },
    });
  });

  test('a wrong password brings nobody here', async () => {
    const page = await goThrough(await visitor.open('docs'), 'rtyler', 'another');
    expect(isPortal(page)).toBe(true);
    expect(await visitor.session('docs')).toMatchObject({ signed_in: false });
  });

  test('the request has what the configuration demands, and an answer by form', async () => {
    await visitor.browser.submitForm(await visitor.open('docs'), { email: 'rtyler@badwolf.org' });
    expect(Object.fromEntries(asked())).toMatchObject({
      code_challenge_method: 'S256',
      response_mode: 'form_post',
      scope: 'openid profile email',
    });
  });

  test('a level that it did not reach is refused, although it answers as if nothing had been asked', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'eidas1-mfa' } } });
    const docs = createToolClient(world, 'docs');
    const page = await goThrough(await visitor.follow(docs, docs.attempt({ claims })), 'rtyler');
    expect(asked().get('acr_values')).toBe('loa-5');
    expect(shownCode(page)).toBe('M-UPST-015');
  });

  test('signing out here signs out there: the portal asks again who it is', async () => {
    await goThrough(await visitor.open('docs'), 'rtyler');
    const docs = createToolClient(world, 'docs');
    const isSignedIn = async () => (await visitor.browser.get(portal)).body.includes('logout');
    expect(await isSignedIn()).toBe(true);
    const leaving = await visitor.browser.get(docs.endSessionUrl({}));
    const end = await visitor.browser.submitForm(leaving, { logout: 'yes' });
    expect(end.url).toBe(`${world.issuer}/session/end/success`);
    expect(visitor.browser.history.some((url) => url.startsWith(`${portal}oauth2/logout?`))).toBe(true);
    expect(await isSignedIn()).toBe(false);
  });

  test('it complains of nothing that we send', async () => {
    await goThrough(await visitor.open('docs'), 'rtyler');
    expect(await provider.log()).toContain('User rtyler is authorized to access to maillon');
    expect(await provider.log()).not.toMatch(/\[error\]/);
  });
});
