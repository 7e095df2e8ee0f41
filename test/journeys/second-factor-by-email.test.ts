// Issue C.3: a code sent by e-mail as the second factor, where the rules of the service accept it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page, VisitOptions } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

let world: World;
let operator: Operator;
let visitor: Visitor;
let tchap: ToolClient;
let docs: ToolClient;

afterEach(() => visitor.browser.close());

const accepts = (email_code: boolean) =>
  operator.declare('policy', 'tchap@1', (policy) => ({ ...policy, email_code }));

beforeAll(async () => {
  world = await startWorld();
  operator = await createOperator(world);
  await operator.approve({ id: 'mayors-tchap', siren: '000000109', service_id: 'tchap' });
}, startTimeout);
afterAll(() => world.close());

beforeEach(async () => {
  await accepts(true);
  visitor = createVisitor(world);
  tchap = createToolClient(world, 'tchap');
  docs = createToolClient(world, 'docs');
  await world.broker.stores.db.deleteFrom('mail').execute();
});

const mails = () =>
  world.broker.stores.db.selectFrom('mail').select(['recipient', 'subject', 'text']).execute();
const sentCode = async (): Promise<string> => {
  const found = (await mails()).map(({ text }) => /\b\d{4} ?\d{4}\b/.exec(text)?.[0]);
  return found.findLast((code) => code !== undefined) ?? 'no code was sent';
};
const ask = (page: Page) => visitor.browser.submitForm(page, {}, { form: 'email-code' });
const offered = (page: Page) => page.body.includes('/email-code/send');
const typed = (page: Page, code: string, options: VisitOptions = {}) =>
  visitor.browser.submitForm(page, { code }, options);

describe('a member of an approved association, whose provider has no second factor', () => {
  test('is offered a code by e-mail, and enters with it', async () => {
    const page = await visitor.signIn('tchap', people.approved);
    expect(visitor.browser.text(page)).toContain(`un code à usage unique, envoyé à ${people.approved}`);
    const form = await ask(page);
    expect(visitor.browser.text(form)).toContain('Recopiez le code reçu par courriel');
    expect((await mails()).map(({ recipient }) => recipient)).toEqual([people.approved]);
    await typed(form, await sentCode());
    const { id_token: idToken, userinfo } = await visitor.session('tchap');
    expect(idToken).toMatchObject({ acr: 'eidas1-mfa' });
    expect(userinfo).toMatchObject({ siret: '00000010900009', guest: false });
  });

  test('has more nowhere else: neither in another tool nor on our own pages', async () => {
    const form = await ask(await visitor.signIn('tchap', people.approved));
    await typed(form, await sentCode());
    const attempt = docs.attempt({ scope: 'openid amr' });
    const tokens = await docs.tokens(attempt, docs.answer(attempt, await visitor.follow(docs, attempt)));
    expect(tokens.claims['acr']).toBe('eidas1');
    expect((await docs.userinfo(tokens.accessToken)).claims['amr']).toEqual(['pwd']);
    const page = await visitor.browser.get(`${world.issuer}/entrer?vers=/operateur&renforce=1`);
    expect(page.url).not.toContain('/operateur');
  });

  test('is no sign-in: whoever is asked to sign in again is sent no code', async () => {
    await visitor.signIn('tchap', people.approved);
    const login = await visitor.open('tchap', { prompt: 'login' });
    const { uid } = /interaction\/(?<uid>[\w-]+)/.exec(login.url)?.groups ?? {};
    await visitor.browser.post(`${world.issuer}/interaction/${uid}/email-code/send`, {});
    expect(await mails()).toEqual([]);
  });

  test('is let in no longer once the rules stop accepting it, tokens included', async () => {
    const attempt = tchap.attempt({ scope: 'openid offline_access', prompt: 'consent' });
    const page = await visitor.identify(await visitor.follow(tchap, attempt), people.approved);
    const end = await typed(await ask(page), await sentCode(), { redirects: tchap.isCallback });
    const tokens = await tchap.tokens(attempt, tchap.answer(attempt, end));
    await accepts(false);
    expect((await tchap.refresh(tokens.refreshToken)).status).toBe(400);
  });

  test('is asked once for a session, and by no refresh', async () => {
    const attempt = tchap.attempt({ scope: 'openid amr offline_access', prompt: 'consent' });
    const page = await visitor.identify(await visitor.follow(tchap, attempt), people.approved);
    const end = await typed(await ask(page), await sentCode(), { redirects: tchap.isCallback });
    const tokens = await tchap.tokens(attempt, tchap.answer(attempt, end));
    expect((await tchap.userinfo(tokens.accessToken)).claims['amr']).toContain('mail');
    await world.broker.stores.db.deleteFrom('mail').execute();
    expect(await tchap.refresh(tokens.refreshToken)).toMatchObject({ status: 200 });
    expect(await visitor.ask(tchap, { prompt: 'none' })).toEqual(expect.objectContaining(aCode));
    expect(await mails()).toEqual([]);
  });

  test('is told what is wrong with a code, and may not have another one at once', async () => {
    const form = await ask(await visitor.signIn('tchap', people.approved));
    const right = await sentCode();
    const wrong = await typed(form, right === '0000 0000' ? '0000 0001' : '0000 0000');
    expect(wrong.status).toBe(422);
    expect(visitor.browser.text(wrong)).toContain('Ce code n’est pas le bon');
    expect(visitor.browser.text(await typed(form, ' '))).toContain('Recopiez le code du courriel');
    const soon = await visitor.browser.submitForm(form, {}, { form: 'send' });
    expect(visitor.browser.text(soon)).toContain('Un code est déjà en route');
    expect(await mails()).toHaveLength(1);
    await typed(form, right);
    expect((await visitor.session('tchap')).signed_in).toBe(true);
  });

  test('cannot use the code that another browser of theirs was sent', async () => {
    await ask(await visitor.signIn('tchap', people.approved));
    const first = await sentCode();
    const elsewhere = createVisitor(world);
    const form = await elsewhere.browser.submitForm(
      await elsewhere.signIn('tchap', people.approved),
      {},
      { form: 'email-code' },
    );
    const answer = await elsewhere.browser.submitForm(form, { code: first });
    expect(answer.status).toBe(422);
    expect((await elsewhere.session('tchap')).signed_in).toBe(false);
    await elsewhere.browser.close();
  });

  test('is offered none where the rules do not accept it, whatever page was open', async () => {
    const page = await visitor.signIn('tchap', people.approved);
    const form = await ask(page);
    await accepts(false);
    expect(offered(await visitor.signIn('tchap', people.approved))).toBe(false);
    const refused = await typed(form, await sentCode());
    expect(visitor.browser.text(refused)).toContain('demande une connexion plus sûre');
    expect((await visitor.session('tchap')).signed_in).toBe(false);
  });
});

describe('a level that the tool itself demands (essential acr), of somebody whose provider gives no second factor', () => {
  const demand = {
    claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['eidas1-mfa'] } } }),
  };
  const takesCode = (email_code: boolean) =>
    operator.declare('policy', 'docs@1', (policy) => ({ ...policy, email_code }));
  beforeEach(() => takesCode(true));
  afterEach(() => takesCode(false));
  const unmet = { error: 'unmet_authentication_requirements' };
  const arrive = async (attempt = docs.attempt({ ...demand, scope: 'openid amr' })) => ({
    attempt,
    page: await visitor.identify(await visitor.follow(docs, attempt), people.approved),
  });

  test('is reached with the code, and said so: acr, amr', async () => {
    const { attempt, page } = await arrive();
    expect(visitor.browser.text(page)).toContain('Docs demande une connexion plus sûre');
    const end = await typed(await ask(page), await sentCode(), { redirects: docs.isCallback });
    const tokens = await docs.tokens(attempt, docs.answer(attempt, end));
    expect(tokens.claims['acr']).toBe('eidas1-mfa');
    expect((await docs.userinfo(tokens.accessToken)).claims['amr']).toEqual(['pwd', 'mail']);
    expect(await visitor.ask(docs, { ...demand, prompt: 'none' })).toEqual(aCode);
  });

  test('is reached from a session that is too weak', async () => {
    await visitor.enter(docs, people.approved);
    const attempt = docs.attempt(demand);
    const page = await visitor.follow(docs, attempt);
    const end = await typed(await ask(page), await sentCode(), { redirects: docs.isCallback });
    expect((await docs.tokens(attempt, docs.answer(attempt, end))).claims['acr']).toBe('eidas1-mfa');
  });

  test('ends in unmet_authentication_requirements for whoever turns back, and silently', async () => {
    const { attempt, page } = await arrive();
    const end = await visitor.browser.click(page, 'Revenir à', { redirects: docs.isCallback });
    expect(docs.answer(attempt, end)).toMatchObject(unmet);
    await visitor.enter(docs, people.approved);
    expect(await visitor.ask(docs, { ...demand, prompt: 'none' })).toMatchObject(unmet);
  });

  test('is not reached by it where the rules of the tool take no code, nor above', async () => {
    const eidas2 = JSON.stringify({ id_token: { acr: { essential: true, values: ['eidas2'] } } });
    expect(offered((await arrive(docs.attempt({ claims: eidas2 }))).page)).toBe(false);
    await takesCode(false);
    await visitor.browser.close();
    visitor = createVisitor(world);
    const { page } = await arrive();
    expect(offered(page)).toBe(false);
    expect(page.status).toBe(403);
  });
});
