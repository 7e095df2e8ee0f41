/**
 * `prompt`, and what a tool may say about the screens (OpenID Connect Core §3.1.2.1): what is asked of the person is asked,
 * once, and a silent request is answered without a page whatever stands in its way.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { Attempt, Parameters, ToolClient } from '../support/tool-client.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Email, Visitor } from './visitor.ts';

const nantes = '21440109300015';
const mayors = '00000010900009';
const accountsPage = 'Avec quel compte continuer ?';
const organizationsPage = 'Pour quelle organisation agissez-vous ?';

let world: World;
let operator: Operator;
let visitor: Visitor;
let docs: ToolClient;
let tchap: ToolClient;

beforeAll(async () => {
  world = await startWorld();
  operator = await createOperator(world);
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
  tchap = createToolClient(world, 'tchap');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await operator.restore();
  await visitor.browser.close();
});

const text = (page: Page) => visitor.browser.text(page);
async function asked(parameters: Parameters, tool = docs): Promise<{ attempt: Attempt; page: Page }> {
  const attempt = tool.attempt(parameters);
  return { attempt, page: await visitor.follow(tool, attempt) };
}
const press = (page: Page, account: 'same' | 'other', tool = docs) =>
  visitor.browser.submitForm(page, { account }, { redirects: tool.isCallback });
const identify = (page: Page, email: Email, tool = docs) =>
  visitor.identify(page, email, { redirects: tool.isCallback });
const subjectOf = async (attempt: Attempt, page: Page, tool = docs) =>
  (await tool.tokens(attempt, tool.answer(attempt, page))).claims['sub'];

describe('prompt=select_account', () => {
  test('with nobody signed in is a sign-in, and no more', async () => {
    const { attempt, page } = await asked({ prompt: 'select_account' });
    expect(text(page)).toContain('Se connecter à Docs');
    expect(docs.answer(attempt, await identify(page, people.state))).toEqual(aCode);
    expect(visitor.browser.history.join(' ')).not.toContain('/account');
  });

  test('names the person of this browser, who goes on with one button', async () => {
    const before = await visitor.enter(docs, people.state);
    const { attempt, page } = await asked({ prompt: 'select_account' });
    expect(page.status).toBe(200);
    expect(text(page)).toContain(accountsPage);
    expect(text(page)).toContain('agent@etat.example');
    expect(text(page)).toContain('Continuer avec Camille Renaud');
    expect(await subjectOf(attempt, await press(page, 'same'))).toBe(before.claims['sub']);
  });

  test('lets another person sign in, who is asked by the identity provider, and leaves the first', async () => {
    const before = await visitor.enter(docs, people.state);
    const { attempt, page } = await asked({ prompt: 'select_account', login_hint: people.state });
    const email = await press(page, 'other');
    expect(text(email)).toContain('Se connecter à Docs');
    const after = await subjectOf(attempt, await identify(email, people.commune));
    expect(after).not.toBe(before.claims['sub']);
    const upstream = visitor.browser.history.filter((url) => url.startsWith(`${world.idp}/authorize?`));
    expect(new URL(upstream.at(-1) ?? '').searchParams.get('prompt')).toBe('login');
    expect(await subjectOf(...(await silent()))).toBe(after);
  });

  const silent = async (): Promise<[Attempt, Page]> => {
    const { attempt, page } = await asked({ prompt: 'none' });
    return [attempt, page];
  };

  test('a button that is not there chooses nobody', async () => {
    await visitor.enter(docs, people.state);
    const { page } = await asked({ prompt: 'select_account' });
    const again = await visitor.browser.post(page.url.replace(/\?.*$/, '') + '/account', {
      account: 'admin',
    });
    expect(again.status).toBe(422);
    expect(text(again)).toContain(accountsPage);
  });

  test('select_account login: the account, then the sign-in again', async () => {
    await visitor.enter(docs, people.state);
    const { attempt, page } = await asked({ prompt: 'login select_account' });
    expect(text(page)).toContain(accountsPage);
    const email = await press(page, 'same');
    expect(text(email)).toContain('Se connecter à Docs');
    expect(docs.answer(attempt, await identify(email, people.state))).toEqual(aCode);
  });

  test('select_account select_organization: both, in this order, each once', async () => {
    await visitor.enter(docs, people.elected, {}, mayors);
    const { attempt, page } = await asked({ prompt: 'select_account select_organization' });
    expect(text(page)).toContain(accountsPage);
    const choice = await press(page, 'same');
    expect(text(choice)).toContain(organizationsPage);
    const end = await visitor.choose(choice, nantes, { redirects: docs.isCallback });
    const tokens = await docs.tokens(attempt, docs.answer(attempt, end));
    expect((await docs.userinfo(tokens.accessToken)).claims['siret']).toBe(nantes);
  });
});

describe('prompt=login, consent, select_organization', () => {
  test('login asks again, at the identity provider too, and auth_time says so', async () => {
    await visitor.enter(docs, people.state);
    const { attempt, page } = await asked({ prompt: 'login' });
    expect(text(page)).toContain('Se connecter à Docs');
    const end = await identify(page, people.state);
    const { claims } = await docs.tokens(attempt, docs.answer(attempt, end));
    expect(claims['auth_time']).toBeTypeOf('number');
    const upstream = visitor.browser.history.findLast((url) => url.startsWith(`${world.idp}/authorize?`));
    expect(new URL(upstream ?? '').searchParams.get('prompt')).toBe('login');
  });

  test('consent is answered at once: the tools are first parties', async () => {
    await visitor.enter(docs, people.state);
    expect(await visitor.ask(docs, { prompt: 'consent' })).toEqual(aCode);
  });

  test('login consent: the sign-in, and nothing more', async () => {
    const { attempt, page } = await asked({ prompt: 'login consent' });
    expect(docs.answer(attempt, await identify(page, people.state))).toEqual(aCode);
  });

  test('select_organization shows the page even when there is one organization', async () => {
    await visitor.enter(docs, people.state);
    const { attempt, page } = await asked({ prompt: 'select_organization' });
    expect(text(page)).toContain(organizationsPage);
    const end = await visitor.choose(page, '13002526500013', { redirects: docs.isCallback });
    expect(docs.answer(attempt, end)).toEqual(aCode);
  });
});

describe('prompt=none never shows a page', () => {
  const none = (parameters: Parameters = {}, tool = docs) =>
    visitor.ask(tool, { prompt: 'none', ...parameters });

  test('somebody signed in gets a code', async () => {
    await visitor.enter(docs, people.state);
    expect(await none()).toEqual(aCode);
  });

  test('nobody signed in: login_required, whatever else is asked', async () => {
    const essential = JSON.stringify({ id_token: { acr: { essential: true, values: ['eidas1-mfa'] } } });
    for (const parameters of [{}, { max_age: '0' }, { login_hint: people.state }, { claims: essential }])
      expect((await none(parameters)).error).toBe('login_required');
  });

  test.each(['login', 'consent', 'select_account', 'select_organization'])(
    'none %s contradicts itself: invalid_request',
    async (other) => {
      await visitor.enter(docs, people.state);
      expect((await none({ prompt: `none ${other}` })).error).toBe('invalid_request');
    },
  );

  test('an unknown value: invalid_request', async () => {
    for (const prompt of ['organization_kind', 'eligibility', 'NONE', 'create'])
      expect((await none({ prompt })).error).toBe('invalid_request');
  });

  test('an organization that was not chosen: interaction_required', async () => {
    await visitor.enter(docs, people.elected, {}, mayors);
    expect((await none({}, tchap)).error).toBe('interaction_required');
  });

  test('a level that was not reached: unmet_authentication_requirements', async () => {
    await visitor.enter(docs, people.state);
    const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['eidas1-mfa'] } } });
    expect((await none({ claims })).error).toBe('unmet_authentication_requirements');
  });

  test('an organization without right: access_denied', async () => {
    await visitor.enter(createToolClient(world, 'visio'), people.association);
    expect((await none()).error).toBe('access_denied');
  });

  test('an identity provider closed since: login_required; named by idp_hint: temporarily_unavailable', async () => {
    await visitor.enter(docs, people.state);
    await operator.declare('identity_provider', 'demo', (idp) => ({ ...idp, enabled: false }));
    expect((await none()).error).toBe('login_required');
    expect((await none({ idp_hint: 'demo' })).error).toBe('temporarily_unavailable');
  });

  test('a store that cannot be read: server_error, with state and iss', async () => {
    await visitor.enter(docs, people.state);
    const { ephemeral } = world.broker.stores;
    vi.spyOn(ephemeral, 'get').mockRejectedValue(new Error('the store is gone'));
    expect((await none()).error).toBe('server_error');
    const form = await asked({ prompt: 'none', response_mode: 'form_post' });
    expect(form.page.body).toContain('name="error" value="server_error"');
  });

  test('a store that loses what is written: server_error too', async () => {
    await visitor.enter(docs, people.state);
    vi.spyOn(world.broker.stores.ephemeral, 'pipeline').mockRejectedValue(new Error('the store is gone'));
    expect((await none()).error).toBe('server_error');
  });

  test('but an address that the tool did not declare is never answered', async () => {
    vi.spyOn(world.broker.stores.ephemeral, 'pipeline').mockRejectedValue(new Error('the store is gone'));
    vi.spyOn(world.broker.stores.ephemeral, 'get').mockRejectedValue(new Error('the store is gone'));
    const { url } = docs.attempt({ prompt: 'none', redirect_uri: 'https://evil.example/cb' });
    const page = await visitor.browser.get(url, { redirects: 'manual' });
    expect(page.location).toBeUndefined();
    expect(page.status).toBeGreaterThanOrEqual(400);
  });
});

describe('what a tool says about the screens', () => {
  test.each(['page', 'popup', 'touch', 'wap', 'hologram'])('display=%s: the same pages', async (display) => {
    const { page } = await asked({ display });
    expect(page.status).toBe(200);
    expect(text(page)).toContain('Se connecter à Docs');
  });

  test('ui_locales chooses the language, and goes to the identity provider', async () => {
    const { page } = await asked({ ui_locales: 'en-GB fr', login_hint: people.state });
    expect(new URL(page.url).origin).toBe(world.idp);
    const upstream = visitor.browser.history.findLast((url) => url.startsWith(`${world.idp}/authorize?`));
    expect(new URL(upstream ?? '').searchParams.get('ui_locales')).toBe('en-GB fr');
    const email = await asked({ ui_locales: 'en' });
    expect(email.page.body).toContain('<html lang="en"');
  });

  test('login_hint goes to the identity provider of the address, and fills the field when there is none', async () => {
    const straight = await asked({ login_hint: people.state });
    expect(new URL(straight.page.url).origin).toBe(world.idp);
    const unknown = await asked({ login_hint: 'quelquun@inconnu.example' });
    expect(unknown.page.body).toContain('value="quelquun@inconnu.example"');
    const garbage = await asked({ login_hint: '"><script>alert(1)</script>' });
    expect(garbage.page.status).toBe(200);
    expect(garbage.page.body).not.toContain('<script>alert');
  });

  test('acr_values is a wish: nobody is stopped', async () => {
    await visitor.enter(docs, people.state, { acr_values: 'eidas3' });
    expect(await visitor.ask(docs, { acr_values: 'eidas3 nonsense', prompt: 'none' })).toEqual(aCode);
  });

  test('unknown parameters are ignored (RFC 6749 §3.1)', async () => {
    await visitor.enter(docs, people.state);
    expect(await visitor.ask(docs, { utm_source: 'lettre', audience: 'x', prompt: 'none' })).toEqual(aCode);
  });
});
