import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

let world: World;
let visitor: Visitor;
let docs: ToolClient;

beforeAll(async () => {
  world = await startWorld({ environment: { PARTNER_ACCOUNTS: 'off' } });
}, startTimeout);
afterAll(() => world.close());

beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
});
afterEach(() => visitor.browser.close());

const stopAt = (client: ToolClient) => ({ redirects: client.isCallback });

describe('turning back', () => {
  const cancelled = { error: 'access_denied', description: 'user_cancelled' };

  test('on the page of the address', async () => {
    const attempt = docs.attempt();
    const page = await visitor.follow(docs, attempt);
    const end = await visitor.browser.click(page, 'Revenir à Docs', stopAt(docs));
    expect(docs.answer(attempt, end)).toEqual(cancelled);
  });

  test('on the page of the organizations', async () => {
    const attempt = docs.attempt();
    const page = await visitor.identify(await visitor.follow(docs, attempt), people.elected, stopAt(docs));
    const end = await visitor.browser.click(page, 'Revenir à Docs', stopAt(docs));
    expect(docs.answer(attempt, end)).toEqual(cancelled);
  });

  test('on the page of the identity providers, when a domain has several', async () => {
    const operator = await createOperator(world);
    await operator.declareCopy('identity_provider', 'demo', { id: 'autre', name: 'Autre fournisseur' });
    try {
      const attempt = docs.attempt();
      const first = await visitor.follow(docs, attempt);
      const page = await visitor.browser.submitForm(first, { email: people.state });
      expect(visitor.browser.text(page)).toContain('Autre fournisseur');
      const end = await visitor.browser.click(page, 'Revenir à Docs', stopAt(docs));
      expect(docs.answer(attempt, end)).toEqual(cancelled);

      const again = docs.attempt();
      const choice = await visitor.browser.submitForm(await visitor.follow(docs, again), {
        email: people.state,
      });
      const atIdp = await visitor.browser.submitForm(choice, { idp: 'demo' });
      expect(docs.answer(again, await visitor.identify(atIdp, people.state, stopAt(docs)))).toEqual(aCode);
    } finally {
      await operator.restore();
    }
  });

  test('at the identity provider: a page says so and leads back', async () => {
    const attempt = docs.attempt();
    const page = await visitor.browser.submitForm(await visitor.follow(docs, attempt), {
      email: people.state,
    });
    const refused = await visitor.browser.submitForm(page, { cancel: 'yes' }, stopAt(docs));
    expect(visitor.browser.text(refused)).toContain('M-UPST-003');
    const end = await visitor.browser.click(refused, 'Revenir à Docs', stopAt(docs));
    expect(docs.answer(attempt, end)).toMatchObject({ error: 'access_denied' });
  });

  test('on the page of an unknown domain, the tool is told why', async () => {
    const attempt = docs.attempt();
    const page = await visitor.browser.submitForm(await visitor.follow(docs, attempt), {
      email: 'quelquun@ailleurs.example',
    });
    expect(visitor.browser.text(page)).toContain('ailleurs.example');
    const end = await visitor.browser.click(page, 'Revenir à Docs', stopAt(docs));
    expect(docs.answer(attempt, end)).toEqual({ error: 'access_denied', description: 'M-ROUT-002' });
  });

  test('from a refusal whose session ended in another tab: our page, and no loop', async () => {
    const refusal = await visitor.signIn('tchap', people.approved);
    const leaving = await visitor.browser.get(docs.endSessionUrl({}));
    await visitor.browser.submitForm(leaving, { logout: 'yes' });
    const end = await visitor.browser.click(refusal, 'Revenir à Tchap');
    expect(end.status).toBe(400);
    expect(visitor.browser.text(end)).toContain('M-OIDC-004');
  });
});

describe('languages', () => {
  const language = { ui_locales: 'en' };

  test('ui_locales=en gives English pages, from the address to the refusal', async () => {
    const page = await visitor.open('tchap', language);
    expect(page.body).toContain('<html lang="en">');
    expect(visitor.browser.text(page)).toContain('Sign in to Tchap');
    const refusal = await visitor.identify(page, people.approved);
    expect(refusal.body).toContain('<html lang="en">');
    const text = visitor.browser.text(refusal);
    expect(text).toContain('Tchap is not open to your association yet');
    expect(text).toContain('declared association');
    expect(text).toContain('Docs, until 31 December 2028');
    expect(text).toContain('Tchap team of the demonstration operator');
  });

  test('an error after the identity provider speaks it too', async () => {
    const page = await visitor.browser.submitForm(await visitor.open('docs', language), {
      email: people.state,
    });
    const refused = await visitor.browser.submitForm(page, { cancel: 'yes' });
    expect(refused.body).toContain('<html lang="en">');
  });

  test('the first of ui_locales that we speak; French when there is none', async () => {
    const page = async (locales: string) => (await visitor.open('docs', { ui_locales: locales })).body;
    expect(await page('de en fr')).toContain('<html lang="en">');
    expect(await page('de')).toContain('<html lang="fr">');
  });
});
