import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { describeOnEachBackend } from './each-backend.ts';
import { createOperator } from './operator.ts';
import { movableTime } from './time.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const time = movableTime();

await describeOnEachBackend('Single sign-on', (world) => {
  let visitor: Visitor;
  let docs: ToolClient;
  let tchap: ToolClient;

  beforeEach(() => {
    visitor = createVisitor(world());
    docs = createToolClient(world(), 'docs');
    tchap = createToolClient(world(), 'tchap');
  });
  afterEach(async () => {
    await visitor.browser.close();
  });

  /** Addresses that the browser asked since, without their query. */
  const addressesSince = (count: number) =>
    visitor.browser.history.slice(count).map((url) => url.replace(/\?.*$/, ''));

  const isAtIdentityProvider = (url: string) => url.startsWith(`${world().idp}/interaction/`);

  describe('a second tool', () => {
    test('opens without any page', async () => {
      await visitor.signIn('docs', people.state);
      const seen = visitor.browser.history.length;
      await visitor.open('tchap');
      const { tools, issuer } = world();
      expect(addressesSince(seen)).toEqual([
        `${tools}/tchap/login`,
        `${issuer}/authorize`,
        `${tools}/tchap/callback`,
        `${tools}/tchap/`,
      ]);
      expect(await visitor.session('tchap')).toMatchObject({ signed_in: true });
    });

    test('is refused on our page all the same, without signing in again', async () => {
      await visitor.signIn('docs', people.approved);
      const seen = visitor.browser.history.length;
      const page = await visitor.open('tchap');
      expect(page.status).toBe(403);
      expect(visitor.browser.text(page)).toContain('Tchap n’est pas encore ouvert à votre association');
      expect(addressesSince(seen).some(isAtIdentityProvider)).toBe(false);
      expect((await visitor.session('docs')).signed_in).toBe(true);
    });

    test('gets the identity of that sign-in: same acr, same auth_time', async () => {
      const first = await visitor.enter(docs, people.state);
      time.pass(600);
      const attempt = tchap.attempt();
      const second = await tchap.tokens(attempt, tchap.answer(attempt, await visitor.follow(tchap, attempt)));
      expect(second.claims['auth_time']).toBe(first.claims['auth_time']);
      expect(second.claims['acr']).toBe('eidas1');
      expect(second.claims['amr']).toEqual(['pwd']);
    });
  });

  test('two tools opened at the same moment both get tokens, and keep them', async () => {
    await visitor.enter(docs, people.state);
    const visio = createToolClient(world(), 'visio');
    const opened = await Promise.all(
      [tchap, visio].map(async (client) => {
        const attempt = client.attempt();
        return { client, attempt, page: await visitor.follow(client, attempt) };
      }),
    );
    for (const { client, attempt, page } of opened) {
      const { accessToken, refreshToken } = await client.tokens(attempt, client.answer(attempt, page));
      expect((await client.userinfo(accessToken)).status).toBe(200);
      expect((await client.refresh(refreshToken)).status).toBe(200);
    }
  });

  describe('prompt=none shows nothing and answers', () => {
    const silently = { prompt: 'none' };

    test('a code when the tool is open', async () => {
      await visitor.enter(docs, people.state);
      expect(await visitor.ask(tchap, silently)).toEqual(aCode);
    });

    test('login_required without a session', async () => {
      expect(await visitor.ask(docs, silently)).toMatchObject({ error: 'login_required' });
    });

    test('access_denied with the exact reason when refused', async () => {
      await visitor.enter(docs, people.approved);
      expect(await visitor.ask(tchap, silently)).toEqual({
        error: 'access_denied',
        description: 'service_not_covered',
      });
    });

    test('interaction_required when an organization has to be chosen', async () => {
      await visitor.enter(docs, people.elected, {}, '21440109300015');
      expect(await visitor.ask(tchap, silently)).toMatchObject({ error: 'interaction_required' });
      expect(await visitor.ask(docs, silently)).toEqual(aCode);
    });

    test('login_required when the sign-in is older than max_age', async () => {
      await visitor.enter(docs, people.state);
      time.pass(120);
      expect(await visitor.ask(docs, { ...silently, max_age: '60' })).toMatchObject({
        error: 'login_required',
      });
      expect(await visitor.ask(docs, { ...silently, max_age: '600' })).toEqual(aCode);
    });

    test('login_required for the ID token of somebody else', async () => {
      const other = createVisitor(world());
      const { idToken } = await other.enter(docs, people.commune);
      await visitor.enter(docs, people.state);
      expect(await visitor.ask(docs, { ...silently, id_token_hint: idToken })).toMatchObject({
        error: 'login_required',
      });
    });
  });

  describe('signing in again', () => {
    test('prompt=login asks the identity provider for it, and auth_time says so', async () => {
      const first = await visitor.enter(docs, people.state);
      time.pass(120);
      const attempt = docs.attempt({ prompt: 'login', login_hint: people.state });
      const page = await visitor.follow(docs, attempt);
      expect(isAtIdentityProvider(page.url)).toBe(true);
      const end = await visitor.identify(page, people.state, { redirects: docs.isCallback });
      const second = await docs.tokens(attempt, docs.answer(attempt, end));
      expect(Number(second.claims['auth_time'])).toBeGreaterThanOrEqual(
        Number(first.claims['auth_time']) + 120,
      );
      expect(second.claims['sub']).toBe(first.claims['sub']);
    });

    test('max_age: only when the sign-in is older', async () => {
      const first = await visitor.enter(docs, people.state);
      time.pass(120);
      expect(await visitor.ask(docs, { max_age: '600' })).toEqual(aCode);
      const again = await visitor.enter(docs, people.state, { max_age: '60' });
      expect(Number(again.claims['auth_time'])).toBeGreaterThanOrEqual(
        Number(first.claims['auth_time']) + 120,
      );
    });

    test('max_age=0 is the same as prompt=login', async () => {
      await visitor.enter(docs, people.state);
      const page = await visitor.follow(docs, docs.attempt({ max_age: '0', login_hint: people.state }));
      expect(isAtIdentityProvider(page.url)).toBe(true);
    });

    test('the tokens of before stay what they were: the second sign-in is another grant', async () => {
      const first = await visitor.enter(docs, people.state);
      time.pass(120);
      await visitor.enter(docs, people.state, { prompt: 'login' });
      expect((await docs.userinfo(first.accessToken)).status).toBe(200);
      const { status, id_token: idToken = '' } = await docs.refresh(first.refreshToken);
      expect(status).toBe(200);
      expect(decodeJwt(idToken)['auth_time']).toBe(first.claims['auth_time']);
    });
  });

  describe('login_hint', () => {
    test('of a domain with one identity provider goes straight there, and is passed on', async () => {
      const page = await visitor.open('docs', { login_hint: people.commune });
      expect(isAtIdentityProvider(page.url)).toBe(true);
      expect(visitor.browser.text(page)).toContain('Adresse que vous avez saisie');
    });

    test('of an unknown domain is the first value of the field', async () => {
      const page = await visitor.open('docs', { login_hint: 'quelquun@ailleurs.example' });
      expect(page.url).toContain('/interaction/');
      expect(page.body).toContain('value="quelquun@ailleurs.example"');
    });

    test('that is no address changes nothing', async () => {
      const page = await visitor.open('docs', { login_hint: 'a@etat.example@evil.example' });
      expect(page.status).toBe(200);
      expect(page.body).not.toContain('evil.example');
    });
  });

  describe('the grant', () => {
    const grants = () =>
      world()
        .broker.stores.db.selectFrom('oidc_grant')
        .select(['id', 'payload'])
        .where('client_id', '=', 'docs')
        .execute();
    const wide = 'openid email siret eligibility';

    test('is reused, whatever the number of requests', async () => {
      const before = (await grants()).length;
      await visitor.enter(docs, people.state);
      for (let count = 0; count < 3; count += 1) await visitor.ask(docs);
      expect((await grants()).length).toBe(before + 1);
    });

    test('is never narrowed: a narrower request gets a narrower token, the wider token keeps its claims', async () => {
      const claims = async (token: string) => Object.keys((await docs.userinfo(token)).claims);
      const first = await visitor.enter(docs, people.state, { scope: wide });
      const attempt = docs.attempt({ scope: 'openid' });
      const narrow = await docs.tokens(attempt, docs.answer(attempt, await visitor.follow(docs, attempt)));

      expect(narrow.scope).toBe('openid');
      expect(await claims(narrow.accessToken)).toEqual(['sub', 'amr']);
      expect(await claims(first.accessToken)).toEqual(
        expect.arrayContaining(['sub', 'email', 'siret', 'eligibility', 'guest']),
      );
      const refreshed = await docs.refresh(first.refreshToken);
      expect(refreshed.scope).toBe(wide);
    });

    test('is widened by a wider request, and the narrower token gains nothing', async () => {
      const narrow = await visitor.enter(docs, people.state, { scope: 'openid' });
      expect(await visitor.ask(docs, { scope: wide })).toEqual(aCode);
      expect(Object.keys((await docs.userinfo(narrow.accessToken)).claims)).toEqual(['sub', 'amr']);
    });
  });

  test('an identity provider that is disabled signs nobody on: the person is asked again', async () => {
    const operator = await createOperator(world());
    await visitor.enter(docs, people.state);
    await operator.declare('identity_provider', 'demo', (idp) => ({ ...idp, enabled: false }));
    try {
      expect(await visitor.ask(tchap, { prompt: 'none' })).toMatchObject({ error: 'login_required' });
      const page = await visitor.follow(tchap, tchap.attempt());
      expect(page.url).toContain('/interaction/');
      expect(page.body).toContain('name="email"');
    } finally {
      await operator.restore();
    }
  });
});
