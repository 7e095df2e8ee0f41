/**
 * People without an identity provider: a code sent to their mailbox, their name once, a second factor when it is asked for,
 * and nothing that a tool can ask of a sign-in that is not answered here as it is by any identity provider.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { Parameters, ToolClient } from '../support/tool-client.ts';
import { formsOf } from '../support/html-form.ts';
import { redeclare } from '../replay/support/declarations.ts';
import { startTimeout } from './each-backend.ts';
import { createPartnerPerson, joinOrganization, mailsTo } from './partner-person.ts';
import type { PartnerPerson } from './partner-person.ts';
import { aCode } from './visitor.ts';

const dinum = '13002526500013';

let world: World;
let docs: ToolClient;
/** Milliseconds that the clock of the broker is ahead. */
let ahead = 0;
const clock = () => new Date(Date.now() + ahead);
const minutes = 60_000;

beforeAll(async () => {
  world = await startWorld({ clock });
  docs = createToolClient(world, 'docs');
}, startTimeout);
afterAll(() => world.close());

let person: PartnerPerson;
const newcomer = () =>
  createPartnerPerson(world, `camille@atelier-${randomUUID().slice(0, 8)}.example`, clock);
beforeEach(() => {
  ahead = 0;
  person = newcomer();
});
afterEach(() => person.browser.close());

const named = { given_name: 'Camille', usual_name: 'Le Marchand' };
const text = (page: Page) => person.text(page);
const toTool = { redirects: (url: URL) => docs.isCallback(url) };
const essential = (...values: string[]): Parameters => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});

const ask = async (wishes: Parameters = {}) => {
  const attempt = docs.attempt(wishes);
  return { attempt, page: await person.browser.get(attempt.url, toTool) };
};

/** From the first page to the page that says that nothing ties them to an organization yet. */
async function signUp(): Promise<Page> {
  const { page } = await ask();
  const name = await person.typeCode(await person.typeAddress(page));
  return person.browser.submitForm(name, named, toTool);
}

/** The same, and an operator vouched for them since. */
async function member(level: 'declared' | 'moderated' = 'moderated'): Promise<void> {
  await signUp();
  await joinOrganization(world, person.email, { siret: dinum, level });
}

/** A new browser of the same person, at the page that asks for their address. */
async function elsewhere(wishes: Parameters = {}) {
  await person.browser.close();
  person = person.inAnotherBrowser();
  return ask(wishes);
}

describe('the first sign-in', () => {
  test('an address of no provider is sent a code; the code and a name make an account, which has no organization yet', async () => {
    const { page } = await ask();
    const code = await person.typeAddress(page);
    expect(code.url).toMatch(/\/interaction\/[\w-]+\/code$/);
    expect(text(code)).toContain(`Nous avons écrit à ${person.email}`);
    const name = await person.typeCode(code);
    expect(text(name)).toContain('Comment vous appelez-vous ?');
    const end = await person.browser.submitForm(name, named);
    expect(text(end)).toContain('M-PART-023');
    const links = person.browser.links(end).map(({ href }) => new URL(href).pathname);
    expect(links).toEqual(expect.arrayContaining(['/compte/organisations', '/demandes']));
  });

  test('an open mail service leads there at once, a slip of the keyboard by a button, and a provider’s domain never', async () => {
    const { page } = await ask();
    const free = await person.browser.submitForm(page, { email: `${randomUUID()}@gmail.com` });
    expect(text(free)).toContain('Recopiez le code reçu');
    const slip = await person.browser.submitForm(page, { email: 'camille@etta.example' });
    expect(slip.status).toBe(422);
    expect(text(slip)).toContain('M-ROUT-002');
    const mails = await mailsTo(world, 'camille@etta.example');
    expect(mails).toEqual([]);
    const sent = await person.browser.submitForm(
      slip,
      { email: 'camille@etta.example' },
      { form: '/code/new' },
    );
    expect(text(sent)).toContain('Nous avons écrit à camille@etta.example');
    const owned = await person.browser.post(page.url + '/code/new', { email: 'agent@etat.example' });
    expect([owned.status, text(owned)]).toEqual([422, expect.stringContaining('M-PART-018')]);
    expect(await mailsTo(world, 'agent@etat.example')).toEqual([]);
  });

  test('a mailbox that everybody reads is refused, and nothing is sent there', async () => {
    const { page } = await ask();
    const refused = await person.browser.submitForm(page, { email: 'camille@sub.yopmail.com' });
    expect([refused.status, text(refused)]).toEqual([422, expect.stringContaining('M-PART-019')]);
    expect(await mailsTo(world, 'camille@sub.yopmail.com')).toEqual([]);
  });

  test('names that are no names are asked for again, and make nobody', async () => {
    const { page } = await ask();
    const name = await person.typeCode(await person.typeAddress(page));
    const again = await person.browser.submitForm(name, {
      given_name: 'Camille',
      usual_name: 'https://x.example',
    });
    expect([again.status, text(again)]).toEqual([422, expect.stringContaining('Écrivez votre nom')]);
    expect(text(await person.browser.submitForm(again, named))).toContain('M-PART-023');
  });

  test('a tool that names an address has nobody written to', async () => {
    const { page } = await ask({ login_hint: person.email });
    expect(formsOf(page.body, page.url)[0]?.fields.get('email')).toBe(person.email);
    expect(await mailsTo(world, person.email)).toEqual([]);
    const { page: hinted } = await ask({ idp_hint: 'partenaires', login_hint: person.email });
    expect(formsOf(hinted.body, hinted.url)[0]?.fields.get('email')).toBe(person.email);
    expect(await mailsTo(world, person.email)).toEqual([]);
  });
});

describe('a code', () => {
  test('that is wrong, missing or used says so; the right one counts once', async () => {
    const { page } = await ask();
    const form = await person.typeAddress(page);
    expect(text(await person.typeCode(form, ''))).toContain('Recopiez le code du courriel');
    const code = await person.code();
    const wrong = await person.typeCode(form, code === '00000000' ? '11111111' : '00000000');
    expect([wrong.status, text(wrong)]).toEqual([422, expect.stringContaining('pas le bon')]);
    const right = await person.typeCode(form, ` ${code.slice(0, 4)}-${code.slice(4)} `);
    expect(text(right)).toContain('Comment vous appelez-vous');
    const replayed = await person.typeCode(form, code);
    expect([replayed.status, text(replayed)]).toEqual([409, expect.stringContaining('M-PART-020')]);
  });

  test('ends with the sign-in that asked for it, after an hour', async () => {
    const { page } = await ask();
    const form = await person.typeAddress(page);
    const code = await person.code();
    ahead = 61 * minutes;
    const late = await person.typeCode(form, code);
    expect([late.status, text(late)]).toEqual([400, expect.stringContaining('M-OIDC-004')]);
  });

  test('serves in the browser that asked for it, and in no other', async () => {
    const { page } = await ask();
    const form = await person.typeAddress(page);
    const code = await person.code();
    const thief = createBrowser();
    expect((await thief.post(form.url, { code })).status).toBe(400);
    // Nor in a login that the other browser began with the same address: that one has a code of its own.
    const own = await thief.submitForm(await thief.get(docs.attempt().url), { email: person.email });
    const tried = await thief.submitForm(own, { code });
    expect([tried.status, thief.text(tried)]).toEqual([422, expect.stringContaining('pas le bon')]);
    expect(text(await person.typeCode(form, code))).toContain('Comment vous appelez-vous');
    await thief.close();
  });

  test('is sent again after ten minutes, not before, and then the former one is worth nothing', async () => {
    const { page } = await ask();
    const form = await person.typeAddress(page);
    const first = await person.code();
    expect(
      formsOf(form.body, form.url).map(({ action }) => new URL(action).pathname.split('/').at(-1)),
    ).toEqual(['code']);
    const early = await person.browser.post(`${form.url}/resend`, {});
    expect([early.status, text(early)]).toEqual([422, expect.stringContaining('déjà en route')]);
    ahead = 10 * minutes;
    const late = await person.browser.submitForm(await person.browser.get(form.url), {}, { form: '/resend' });
    expect(text(late)).toContain('Un nouveau code est parti');
    expect(await mailsTo(world, person.email)).toHaveLength(2);
    expect((await person.typeCode(form, first)).status).toBe(422);
    expect(text(await person.typeCode(late))).toContain('Comment vous appelez-vous');
  });

  test('another address has another one; two windows do not meet', async () => {
    const { page } = await ask();
    const { page: other } = await ask();
    const form = await person.typeAddress(page);
    const changed = await person.browser.click(form, 'Utiliser une autre adresse');
    expect(text(changed)).toContain('Se connecter à Docs');
    const second = await person.typeAddress(other);
    const code = await person.code();
    expect((await person.typeCode(form, code)).status).toBe(422);
    expect(text(await person.typeCode(second, code))).toContain('Comment vous appelez-vous');
  });
});

describe('somebody who has an account', () => {
  test('signs in again by a code alone, is the same for the tool, and is told of a new browser', async () => {
    await member();
    const { attempt, page } = await elsewhere();
    const end = await person.typeCode(await person.typeAddress(page), undefined, toTool);
    const first = await docs.tokens(attempt, docs.answer(attempt, end));
    expect(first.claims).toMatchObject({ acr: 'eidas1', amr: ['mail'] });
    expect((await docs.userinfo(first.accessToken)).claims).toMatchObject({
      email: person.email,
      siret: dinum,
    });
    expect((await mailsTo(world, person.email)).map(({ about }) => about)).toContainEqual(
      expect.stringMatching(/^partner:/),
    );
    // Silently, and for another request of the same browser.
    const again = await ask({ prompt: 'none' });
    expect(docs.answer(again.attempt, again.page)).toEqual(aCode);
  });

  test('and came to act for an organization since they signed in is told so, and goes on with the same address', async () => {
    await member();
    const { attempt, page } = await ask();
    expect(text(page)).toContain('Depuis votre connexion, vous pouvez agir pour une organisation');
    const end = await person.browser.submitForm(page, {}, toTool);
    const { claims, accessToken } = await docs.tokens(attempt, docs.answer(attempt, end));
    expect(claims).toMatchObject({ acr: 'eidas1', amr: ['mail'] });
    expect((await docs.userinfo(accessToken)).claims).toMatchObject({ siret: dinum });
  });

  test('whose organization nobody has confirmed is told at the lower level, in the token as in the decision', async () => {
    await member('declared');
    const visio = createToolClient(world, 'visio');
    await person.browser.close();
    person = person.inAnotherBrowser();
    const attempt = visio.attempt();
    const until = { redirects: (url: URL) => visio.isCallback(url) };
    const code = await person.typeAddress(await person.browser.get(attempt.url));
    const end = await person.typeCode(code, undefined, until);
    expect((await visio.tokens(attempt, visio.answer(attempt, end))).claims['acr']).toBe('eidas0');
  });

  test('turns back from any step: the tool is told', async () => {
    const { attempt, page } = await ask();
    const form = await person.typeAddress(page);
    const end = await person.browser.click(form, 'Revenir', toTool);
    expect(docs.answer(attempt, end)).toEqual({ error: 'access_denied', description: 'user_cancelled' });
  });

  test('nobody signed in: prompt=none asks nothing', async () => {
    const { attempt, page } = await ask({ prompt: 'none', idp_hint: 'partenaires' });
    expect(docs.answer(attempt, page)).toMatchObject({ error: 'login_required' });
  });
});

describe('a provider like any other, and none', () => {
  test('nobody talks to it: it is in no figure of providers, nor does anything come back from it', async () => {
    expect(await world.broker.metrics()).not.toContain('partenaires');
    const lost = await person.browser.get(`${world.issuer}/callback/partenaires?state=x&code=y`);
    expect([lost.status, text(lost)]).toEqual([400, expect.stringContaining('M-UPST-004')]);
    const logout = await person.browser.post(`${world.issuer}/backchannel-logout/partenaires`, {
      logout_token: 'x',
    });
    expect(logout.status).toBe(404);
  });

  test('a tool that wants it takes no address of another provider', async () => {
    const { page } = await ask({ idp_hint: 'partenaires' });
    const owned = await person.browser.submitForm(page, { email: 'agent@etat.example' });
    expect([owned.status, text(owned)]).toEqual([422, expect.stringContaining('M-PART-018')]);
    const own = await person.typeAddress(page);
    expect(text(own)).toContain('Recopiez le code reçu');
  });

  test('both languages', async () => {
    const { page } = await ask({ ui_locales: 'en' });
    const code = await person.typeAddress(page);
    expect(text(code)).toContain('Copy the code that you received');
    const name = await person.typeCode(await person.browser.get(`${code.url}?lang=fr`));
    expect(text(name)).toContain('Comment vous appelez-vous ?');
  });
});

describe('a policy that demands two factors', () => {
  const policy = {
    service: 'docs',
    version: 2,
    valid_from: '2026-01-02',
    guards: [],
    rules: [
      {
        id: 'strong',
        if: { 'auth.acr': { gte: 'eidas1-mfa' } },
        allow: { level: 'member', entitlements: ['use'] },
        basis: 'public_service',
      },
    ],
    default: { deny: 'not_eligible', next_steps: [] },
  };
  beforeAll(() => redeclare(world, { policies: [policy] }));
  afterAll(() => redeclare(world, {}));

  test('has somebody whose organization confirmed them make a second factor, and lets them in', async () => {
    await signUp();
    await joinOrganization(world, person.email, { siret: dinum, level: 'moderated' });
    const { attempt, page } = await elsewhere();
    const stepUp = await person.typeCode(await person.typeAddress(page));
    expect([stepUp.status, text(stepUp)]).toEqual([403, expect.stringContaining('M-ELIG-022')]);
    // No password, no organization that hands out cards: what they can do themselves.
    expect(text(stepUp)).toContain('Vous l’ajoutez ici');
    expect(text(stepUp)).not.toMatch(/mot de passe|service informatique/u);
    const code = await person.browser.submitForm(stepUp, {}, { form: '/step-up' });
    // Proven in another login: what is added now is added by who reads the mailbox now.
    expect(text(code)).toContain('Recopiez le code reçu');
    const end = await person.connectApplication(await person.typeCode(code), toTool);
    const { claims } = await docs.tokens(attempt, docs.answer(attempt, end));
    expect(claims['acr']).toBe('eidas1-mfa');
  });

  test('says that no factor helps while nobody has confirmed the organization', async () => {
    await signUp();
    await joinOrganization(world, person.email, { siret: dinum, level: 'declared' });
    const { page } = await elsewhere();
    const end = await person.typeCode(await person.typeAddress(page));
    expect([end.status, text(end)]).toEqual([403, expect.stringContaining('M-PART-022')]);
  });
});

describe('a second factor', () => {
  /** A member who has connected an application: their tokens of that sign-in. */
  async function strong() {
    await member();
    const { attempt, page } = await elsewhere(essential('eidas1-mfa'));
    const enrol = await person.typeCode(await person.typeAddress(page));
    expect(text(enrol)).toContain('Ajoutez un deuxième moyen de connexion');
    const end = await person.connectApplication(enrol, toTool);
    return docs.tokens(attempt, docs.answer(attempt, end));
  }

  test('is made when the tool demands the level, counts in the same sign-in, and leaves recovery codes', async () => {
    const tokens = await strong();
    expect(tokens.claims).toMatchObject({ acr: 'eidas1-mfa', amr: ['mail', 'otp', 'mfa'] });
    expect(person.recoveryCodes.length).toBeGreaterThanOrEqual(8);
  });

  test('is asked for from then on, whatever the tool wants; a recovery code replaces it once', async () => {
    await strong();
    const { page } = await elsewhere();
    const second = await person.typeCode(await person.typeAddress(page));
    expect(text(second)).toContain('Confirmez que c’est vous');
    const wrong = await person.browser.submitForm(second, { totp: '000000' });
    expect([wrong.status, text(wrong)]).toEqual([422, expect.stringContaining('pas le bon')]);
    const [recovery = ''] = person.recoveryCodes;
    const end = await person.browser.submitForm(second, { recovery }, toTool);
    expect(docs.isCallback(new URL(end.location ?? ''))).toBe(true);
    const next = await elsewhere();
    const asked = await person.typeCode(await person.typeAddress(next.page));
    const used = await person.browser.submitForm(asked, { recovery });
    expect([used.status, text(used)]).toEqual([422, expect.stringContaining('déjà servi')]);
  });

  test('nobody adds one before the mailbox was proven in this login, nor beside one that is there', async () => {
    const { page } = await ask(essential('eidas1-mfa'));
    const base = page.url;
    const none = await person.browser.post(`${base}/enrol/totp`, { totp: '000000', sealed: 'x' });
    expect([none.status, text(none)]).toEqual([409, expect.stringContaining('M-PART-020')]);
    const code = await person.typeAddress(page);
    const early = await person.browser.get(`${base}/enrol/totp`);
    expect(early.url).toBe(code.url);
    expect((await person.browser.post(`${base}/enrol/totp`, { totp: '000000', sealed: 'x' })).status).toBe(
      409,
    );
  });

  test('a session by mail alone goes up by what is missing; what it opened stays', async () => {
    await strong();
    const back = await elsewhere();
    const second = await person.typeCode(await person.typeAddress(back.page));
    await person.browser.submitForm(second, { totp: person.shown() }, toTool);
    // Two factors in this session: nothing more is asked.
    const more = await ask(essential('eidas1-mfa'));
    expect(docs.answer(more.attempt, more.page)).toEqual(aCode);
  });

  test('a session of one factor whose partner has none yet proves the mailbox again, then makes one', async () => {
    await member();
    const { page } = await elsewhere();
    await person.typeCode(await person.typeAddress(page), undefined, toTool);
    // The address is that of the session, whether the tool names it or not: nobody types it again.
    const named = await ask({ ...essential('eidas1-mfa'), login_hint: person.email });
    expect(text(named.page)).toContain('Recopiez le code reçu');
    const up = await ask(essential('eidas1-mfa'));
    expect(text(up.page)).toContain('Recopiez le code reçu');
    const enrol = await person.typeCode(up.page);
    const end = await person.connectApplication(enrol, toTool);
    const tokens = await docs.tokens(up.attempt, docs.answer(up.attempt, end));
    expect(tokens.claims['acr']).toBe('eidas1-mfa');
    // By the provider alone it is the same; whoever wants another address is asked for one.
    const again = await ask({ idp_hint: 'partenaires', prompt: 'login' });
    expect(text(again.page)).toContain('Recopiez le code reçu');
    const changed = await person.browser.click(again.page, 'Utiliser une autre adresse');
    expect(text(changed)).toContain('Se connecter à Docs');
  });

  test('prompt=login and max_age: all of it again, and auth_time says when', async () => {
    const before = await strong();
    for (const wish of [{ prompt: 'login' }, { max_age: '0' }]) {
      ahead += 31_000;
      const { attempt, page } = await ask({ ...wish, login_hint: person.email });
      expect(text(page)).toContain('Recopiez le code reçu');
      const second = await person.typeCode(page);
      const end = await person.browser.submitForm(second, { totp: person.shown() }, toTool);
      const { claims } = await docs.tokens(attempt, docs.answer(attempt, end));
      expect(claims['sub']).toBe(before.claims['sub']);
      expect(Number(claims['auth_time'])).toBeGreaterThan(Number(before.claims['auth_time']));
    }
  });

  test('lost: asked for with the mailbox, waited for, told to the address', async () => {
    await strong();
    const { page } = await elsewhere();
    const second = await person.typeCode(await person.typeAddress(page));
    const lost = await person.browser.click(second, 'perdu tous ces moyens');
    const asked = await person.browser.submitForm(lost, {});
    expect(text(asked)).toContain('Votre demande est enregistrée');
    // Not before its time, whatever is posted.
    expect(text(await person.browser.post(lost.url, {}))).toContain('Votre demande est enregistrée');
    expect((await mailsTo(world, person.email)).map(({ about }) => about)).toContainEqual(
      expect.stringMatching(/^partner:/),
    );
    const end = await person.browser.submitForm(second, { totp: person.shown() }, toTool);
    expect(docs.isCallback(new URL(end.location ?? ''))).toBe(true);
  });
});
