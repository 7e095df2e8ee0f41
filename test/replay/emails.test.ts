/**
 * What a person, or a program, types where an e-mail address is asked: one address or nothing, and nothing is started
 * for what is not one (advisories of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { addressesOutside, expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  demoTool,
  signIn,
  silently,
  toolAnswer,
  untilTool,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { secondRecord } from './support/second-idp.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';

let world: World;
let docs: Tool;
let browser: Browser;
let emailPage: Page;
let before: Awaited<ReturnType<typeof storeState>>;

beforeAll(async () => {
  // A second way in for the people of `commune.example`; nothing listens at its address.
  const { dir, remove } = await demoAnd({
    identity_providers: [
      secondRecord('http://127.0.0.1:9', { domains: ['commune.example', 'second.example'] }),
      secondRecord('http://127.0.0.1:9', { id: 'troisieme', domains: ['troisieme.example'] }),
    ],
  });
  world = await startWorld({ configDir: dir, environment: { PARTNER_ACCOUNTS: 'off' } });
  await remove();
  docs = demoTool(world, 'docs');
}, startUp);
afterAll(() => world.close());
beforeEach(async () => {
  browser = createBrowser();
  emailPage = await browser.get(authorizationRequest(world.issuer, docs).url);
  before = await storeState(world.broker.stores.db);
});
afterEach(() => browser.close());

const type = (email: string) => browser.submitForm(emailPage, { email }, { redirects: 'manual' });

async function expectNothingStarted(page: Page): Promise<void> {
  expect(page.location).toBeUndefined();
  expect(page.status).toBe(422);
  const cookies = await browser.jar.serialize();
  expect(cookies.cookies.filter(({ key }) => key?.startsWith('maillon-up-'))).toEqual([]);
  expect(addressesOutside(page)).toEqual([]);
  expect(await storeState(world.broker.stores.db)).toEqual(before);
}

/** The e-mail page again, with the summary of what is wrong, the field marked, and what was typed still in it. */
async function expectAskedAgain(page: Page): Promise<void> {
  await expectNothingStarted(page);
  expect(page.body).toMatch(/<input id="email"[^>]*aria-invalid="true"/);
  expect(page.body).toContain('href="#email"');
  expect(page.body).toMatch(/<title>Erreur/);
}

describe('what is not one plain address is asked again', () => {
  test.each<readonly [string, string, string]>([
    ['CVE-2026-40574', 'two @, ours first', 'agent@etat.example@evil.example'],
    ['CVE-2026-40574', 'two @, ours last', 'agent@evil.example@etat.example'],
    ['CVE-2026-40574', 'an @ in quotes', '"agent@etat.example"@evil.example'],
    ['CVE-2026-40574', 'quotes', '"agent"@etat.example'],
    ['CVE-2026-40574', 'angle brackets', '<agent@etat.example>'],
    ['CVE-2026-40574', 'a name before it', 'Agent <agent@etat.example>'],
    ['CVE-2026-40574', 'a comment', 'agent(commentaire)@etat.example'],
    ['CVE-2026-40574', 'two addresses', 'agent@etat.example,membre@asso.example'],
    ['CVE-2026-40574', 'two addresses and a semicolon', 'agent@etat.example;membre@asso.example'],
    ['CVE-2026-40574', 'a final dot', 'agent@etat.example.'],
    ['CVE-2026-40574', 'a space inside', 'agent @etat.example'],
    ['CVE-2026-40574', 'a tab inside', 'agent@etat.\texample'],
    ['CVE-2026-40574', 'a line break and a header', 'agent@etat.example\r\nBcc: tous@evil.example'],
    ['CVE-2026-40574', 'a line feed inside', 'agent\n@etat.example'],
    ['CVE-2026-40574', 'NUL', 'agent@etat.example\u0000.evil.example'],
    ['CVE-2026-40574', 'a backspace', 'agent@evil.example\u0008\u0008etat.example'],
    ['CVE-2026-15617', 'a fullwidth @', 'agent\uFF20etat.example'],
    ['CVE-2026-15617', 'a fullwidth letter', 'agent@\uFF45tat.example'],
    ['CVE-2026-15617', 'a fullwidth dot', 'agent@etat\uFF0Eexample'],
    ['CVE-2026-15617', 'an ideographic full stop', 'agent@etat\u3002example'],
    ['CVE-2026-15617', 'a soft hyphen', 'agent@etat\u00AD.example'],
    ['CVE-2026-15617', 'a zero-width space', 'agent@etat\u200B.example'],
    ['CVE-2026-15617', 'a text that turns round', 'agent@\u202Eelpmaxe.tate'],
    ['CVE-2026-15617', 'a local part with an accent', 'agént@etat.example'],
    ['CVE-2026-15617', 'a decomposed accent', 'agent@e\u0301tat.example'],
    ['CVE-2026-15617', 'half a surrogate pair', 'agent@etat\uD83D.example'],
    ['CVE-2026-15617', 'an invented A-label', 'agent@xn--etat-.example'],
    ['RFC 5321', 'no @', 'agent.etat.example'],
    ['RFC 5321', 'only @', '@'],
    ['RFC 5321', 'no local part', '@etat.example'],
    ['RFC 5321', 'no domain', 'agent@'],
    ['RFC 5321', 'a domain of one label', 'agent@localhost'],
    ['RFC 5321', 'an IPv4 literal', 'agent@[127.0.0.1]'],
    ['RFC 5321', 'an IPv4 address', 'agent@127.0.0.1'],
    ['RFC 5321', 'two dots', 'agent@etat..example'],
    ['RFC 5321', 'a hyphen first', 'agent@-etat.example'],
    ['RFC 5321', 'an underscore', 'agent@etat_.example'],
    ['RFC 5321', 'an address of a web page', 'https://agent@etat.example/'],
    ['RFC 5321', 'mailto', 'mailto:agent@etat.example?cc=a'],
    ['RFC 5321', 'a source route', '@evil.example:agent@etat.example'],
    ['RFC 5321', 'percent routing', 'agent%evil.example@etat.example@'],
    ['RFC 5321', 'ten thousand letters', `${'a'.repeat(10_000)}@etat.example`],
    ['RFC 5321', 'ten thousand dots', `agent@etat${'.a'.repeat(5_000)}.example`],
    ['nothing typed', 'nothing', ''],
    ['nothing typed', 'blanks', ' \t '],
    ['CVE-2026-29191', 'a script', '"><script>alert(1)</script>@etat.example'],
    ['CVE-2026-29191', 'a template', '<%= it.t("x") %>{{constructor}}@etat.example'],
  ])('%s: %s', async (_advisory, _what, email) => {
    const page = await type(email);
    await expectAskedAgain(page);
    expect(page.body).not.toMatch(/<script>|alert\(1\)<\/script>/);
  });

  test('it is shown in the field as it was typed, escaped', async () => {
    const page = await type('a"b\'c<d>&e');
    expect(page.body).toContain('value="a&quot;b&#39;c&lt;d&gt;&amp;e"');
  });

  test('a field sent twice, under another name, or not at all', async () => {
    const action = new URL(`${new URL(emailPage.url).pathname}/email`, world.issuer).href;
    await expectAskedAgain(
      await browser.post(action, { mail: 'agent@etat.example' }, { redirects: 'manual' }),
    );
    await expectAskedAgain(
      await browser.post(action, { 'email[]': 'agent@etat.example' }, { redirects: 'manual' }),
    );
    await expectAskedAgain(await browser.post(action, {}, { redirects: 'manual' }));
  });
});

describe('a domain that nobody declared', () => {
  test.each<readonly [string, string, string]>([
    ['unknown', 'agent@inconnu.example', 'inconnu.example'],
    ['a sub-domain', 'agent@sous.etat.example', 'sous.etat.example'],
    ['a parent domain', 'agent@example.org', 'example.org'],
    ['ours as a prefix', 'agent@etat.example.evil.example', 'etat.example.evil.example'],
    [
      'CVE-2026-15617: a Cyrillic look-alike, shown as it is written in the DNS',
      'agent@\u0435tat.example',
      'xn--tat-qdd.example',
    ],
    ['CVE-2026-15617: a Turkish dotless i', 'agent@ass\u0131.example', 'xn--ass-lua.example'],
    ['a name of JavaScript', 'agent@constructor.prototype', 'constructor.prototype'],
  ])('%s: a page that says what to do', async (_what, email, domain) => {
    const page = await type(email);
    await expectNothingStarted(page);
    expectRefusalPage(page, { status: 422, code: 'M-ROUT-002' });
    expect(browser.text(page)).toContain(domain);
    const back = toolAnswer((await browser.click(page, 'Docs', { redirects: untilTool(docs) })).location);
    expect(back).toMatchObject({ error: 'access_denied', description: 'M-ROUT-002' });
  });
});

describe('the same address, written otherwise, goes the same way', () => {
  test.each([
    'agent@etat.example',
    'AGENT@ETAT.EXAMPLE',
    'agent@Etat.Example',
    '  agent@etat.example ',
    'agent@etat.example\u00a0',
  ])('%j', async (email) => {
    const page = await type(email);
    expect(page.status).toBe(303);
    expect(page.location?.startsWith(`${world.idp}/authorize?`)).toBe(true);
    const hint = new URL(page.location ?? '').searchParams.get('login_hint') ?? '';
    expect(hint.split('@')[1]).toBe('etat.example');
  });

  test('CVE-2026-2366: somebody who exists and somebody who does not are sent the same way', async () => {
    const known = await type('agent@etat.example');
    const stranger = createBrowser();
    const page = await stranger.get(authorizationRequest(world.issuer, docs).url);
    const unknown = await stranger.submitForm(
      page,
      { email: 'personne@etat.example' },
      { redirects: 'manual' },
    );
    await stranger.close();
    expect(unknown.status).toBe(known.status);
    expect(Object.keys(unknown.headers)).toEqual(Object.keys(known.headers));
    const parameters = (location: string | undefined) => [...new URL(location ?? '').searchParams.keys()];
    expect(parameters(unknown.location)).toEqual(parameters(known.location));
  });
});

describe('a form is not believed', () => {
  const post = (step: string, fields: Readonly<Record<string, string>>, from = emailPage) =>
    browser.post(new URL(`${new URL(from.url).pathname}${step}`, world.issuer).href, fields, {
      redirects: 'manual',
    });

  test('CVE-2026-105215: an identity provider that is not one of the address’s', async () => {
    for (const idp of ['second', 'troisieme', 'personne', '__proto__', '']) {
      const page = await post('/idp', { email: 'agent@etat.example', idp });
      expect(page.location?.startsWith(`${world.idp}/authorize?`), idp).toBe(true);
    }
  });

  test('where there are several, one of them has to be chosen', async () => {
    const choice = await type('agent@commune.example');
    expect(choice.status).toBe(200);
    for (const idp of ['', 'personne', 'constructor', 'troisieme']) {
      await expectNothingStarted(await post('/idp', { email: 'agent@commune.example', idp }));
    }
    const chosen = await browser.submitForm(
      choice,
      { idp: 'demo' },
      { redirects: 'manual', initiator: emailPage.url },
    );
    expect(chosen.location?.startsWith(`${world.idp}/authorize?`)).toBe(true);
  });

  test('the address carried by the choice is read again', async () => {
    await expectNothingStarted(await post('/idp', { email: 'agent@evil.example', idp: 'demo' }));
    await expectNothingStarted(await post('/idp', { email: 'a@etat.example@evil.example', idp: 'demo' }));
  });

  test('CVE-2026-49443, CVE-2026-18963: an empty form, or one of another step, moves nothing', async () => {
    for (const step of ['/organization', '/step-up']) {
      const page = await post(step, {});
      expectRefusalPage(page, { status: 400, code: 'M-OIDC-004' });
      expectRefusalPage(await post(step, { siret: '13002526500013' }), { status: 400, code: 'M-OIDC-004' });
    }
    expect((await post('/email', {})).status).toBe(422);
    expect((await post('/idp', {})).status).toBe(422);
    expect((await browser.get(emailPage.url)).status).toBe(200);
    expect((await silently(browser, world.issuer, docs)).error).toBe('login_required');
    expect(await storeState(world.broker.stores.db)).toEqual(before);
  });

  test('CVE-2026-18963: with a session, the choice of an organization does not replace the sign-in that was asked', async () => {
    const elected = { email: 'elu@commune.example', sub: 'elu-commune' };
    const attempt = authorizationRequest(world.issuer, docs);
    const choice = await browser.submitForm(await browser.get(attempt.url), { email: elected.email });
    const people = await browser.submitForm(choice, { idp: 'demo' });
    const organizations = await browser.submitForm(people, { person: elected.sub });
    await browser.submitForm(organizations, { siret: '21440109300015' }, { redirects: untilTool(docs) });

    const again = await browser.get(authorizationRequest(world.issuer, docs, { prompt: 'login' }).url);
    const stays = await browser.post(
      `${again.url}/organization`,
      { siret: '21440109300015' },
      { redirects: untilTool(docs) },
    );
    expect(stays.location).toBeUndefined();
    expect(stays.body).toContain('id="email"');
  });

  test('CVE-2026-1529: an organization that is not one of the person’s', async () => {
    const choice = await browser.submitForm(await browser.get(authorizationRequest(world.issuer, docs).url), {
      email: 'elu@commune.example',
    });
    const people = await browser.submitForm(choice, { idp: 'demo' });
    const organizations = await browser.submitForm(people, { person: 'elu-commune' });
    const action = `${new URL(organizations.url).origin}${new URL(organizations.url).pathname}`;
    for (const siret of ['13002526500013', '', '21440109300015 ', '214401093', '21440109300016', '*']) {
      const page = await browser.post(`${action}/organization`, { siret }, { redirects: untilTool(docs) });
      expect(page.status, siret).toBe(422);
      expect(page.location).toBeUndefined();
    }
  });
});

test('CVE-2026-105207: nobody is signed in by an address alone', async () => {
  await type('agent@etat.example');
  expect((await silently(browser, world.issuer, docs)).error).toBe('login_required');
  const answer = await signIn(browser, authorizationRequest(world.issuer, docs), {
    email: 'agent@etat.example',
    sub: 'agent-etat',
  });
  expect(answer.code).toBeDefined();
});
