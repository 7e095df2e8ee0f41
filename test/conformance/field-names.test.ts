// The suite's browser runs no script and finds its way by the names of fields. They are a contract with whoever runs it.
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { formsOf } from '../support/html-form.ts';
import { queryOf } from '../replay/support/relying-party.ts';
import type { Changes } from '../replay/support/relying-party.ts';
import { startCertification } from './support/certification.ts';
import type { Certification } from './support/certification.ts';
import { person } from './support/walk.ts';

let certification: Certification;
let browser: Browser;

/** A second identity provider for one of the domains: its people have to choose. */
const other = {
  id: 'other',
  name: 'Autre fournisseur d’identité',
  issuer: 'http://localhost:9',
  client_id: 'maillon',
  client_secret: 'maillon-other-secret-not-for-production-0123456789',
  scope: 'openid email',
  domains: ['commune.example'],
  any_siret: true,
  acr: { values: { eidas1: 'eidas1' }, maximum: 'eidas1' },
  organization_link: { level: 'moderated', method: 'proof_received' },
  support: { name: 'Assistance', email: 'assistance@operateur.example' },
};

beforeAll(async () => {
  certification = await startCertification(() => ({ identity_providers: [other] }));
});
afterAll(() => certification.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

/** Each form of a page: its method, the end of its action, the names in it and what its choices offer. */
const formsIn = (page: Page) =>
  formsOf(page.body, page.url).map(({ method, action, fields, choices }) => ({
    method,
    to: new URL(action).pathname.replace(/^\/interaction\/[^/]+/, ''),
    fields: [...fields.keys()].sort(),
    choices: [...new Set(choices.map(({ name }) => name))],
  }));

const ask = (changes: Changes = {}): Promise<Page> => {
  const { client } = certification.party('first');
  const query = queryOf({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: client.redirectUri,
    scope: 'openid',
    state: 'a-state',
    ...changes,
  });
  return browser.get(`${certification.metadata.authorization_endpoint}?${query}`);
};

const signIn = async (email: string, sub: string, changes: Changes = {}): Promise<Page> =>
  browser.submitForm(await browser.submitForm(await ask(changes), { email }), { person: sub });

describe('Names that a browser without script, or a script of the suite, may count on', () => {
  it('`email` on the first page', async () => {
    const page = await ask();
    expect(formsIn(page)).toEqual([{ method: 'POST', to: '/email', fields: ['email'], choices: [] }]);
  });

  it('`code` where an address has no identity provider', async () => {
    const page = await browser.submitForm(await ask(), { email: 'agent@inconnu.example' });
    expect(formsIn(page)).toEqual([{ method: 'POST', to: '/code', fields: ['code'], choices: [] }]);
  });

  it('`idp` where an address has several identity providers', async () => {
    const page = await browser.submitForm(await ask(), { email: 'agent@commune.example' });
    expect(formsIn(page)).toEqual([
      { method: 'POST', to: '/idp', fields: ['email', 'remember_asked'], choices: ['idp', 'remember'] },
    ]);
    const { choices } = formsOf(page.body, page.url)[0] ?? { choices: [] };
    expect(choices.flatMap(({ name, value }) => (name === 'idp' ? [value] : [])).sort()).toEqual([
      'demo',
      'other',
    ]);
  });

  it('`person` at the identity provider of the demonstration', async () => {
    const page = await browser.submitForm(await ask(), { email: person.email });
    expect(formsIn(page)).toMatchObject([{ method: 'POST', choices: ['person', 'cancel'] }]);
    const { choices } = formsOf(page.body, page.url)[0] ?? { choices: [] };
    expect(choices.map(({ value }) => value)).toContain(person.sub);
  });

  it('`siret` where somebody acts for several organizations', async () => {
    const page = await browser.submitForm(await ask(), { email: 'elu@commune.example' });
    const chosen = await browser.submitForm(page, { idp: 'demo' });
    const organizations = await browser.submitForm(chosen, { person: 'elu-commune' });
    expect(formsIn(organizations)).toEqual([
      { method: 'POST', to: '/organization', fields: [], choices: ['siret'] },
    ]);
  });

  it('`account`, `same` or `other`, where the tool has the person choose', async () => {
    await signIn(person.email, person.sub);
    const page = await ask({ prompt: 'select_account' });
    expect(formsIn(page)).toEqual([{ method: 'POST', to: '/account', fields: [], choices: ['account'] }]);
    const { choices } = formsOf(page.body, page.url)[0] ?? { choices: [] };
    expect(choices.map(({ value }) => value)).toEqual(['same', 'other']);
  });

  it('`code`, `state` and `iss` on the page that posts the answer', async () => {
    const page = await signIn(person.email, person.sub, { response_mode: 'form_post' });
    expect(formsIn(page)).toEqual([
      { method: 'POST', to: '/certification/callback', fields: ['code', 'iss', 'state'], choices: [] },
    ]);
  });

  it('`logout` and `xsrf` where somebody signs out', async () => {
    await signIn(person.email, person.sub);
    const page = await browser.get(certification.metadata.end_session_endpoint);
    expect(formsIn(page)).toEqual([
      { method: 'POST', to: '/session/end/confirm', fields: ['xsrf'], choices: ['logout'] },
    ]);
    const { choices } = formsOf(page.body, page.url)[0] ?? { choices: [] };
    expect(choices.map(({ value }) => value)).toEqual(['yes']);
  });
});
