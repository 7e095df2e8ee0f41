import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { Attempt, ToolClient } from '../support/tool-client.ts';
import { startTimeout } from './each-backend.ts';
import { movableTime } from './time.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const time = movableTime();
let world: World;
let visitor: Visitor;
let docs: ToolClient;
let tchap: ToolClient;

beforeAll(async () => {
  world = await startWorld();
}, startTimeout);
afterAll(() => world.close());

beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
  tchap = createToolClient(world, 'tchap');
});
afterEach(async () => {
  await visitor.browser.close();
});

const emailOf = async (client: ToolClient, accessToken: string) =>
  (await client.userinfo(accessToken)).claims['email'];
const stopAt = (client: ToolClient) => ({ redirects: client.isCallback });
const isBrokerCallback = (url: URL) => url.href.startsWith(`${world.issuer}/callback/`);
const isOurPage = (page: Page) => page.body.includes('<html lang="fr">') && page.body.includes('Maillon');

describe('two browsers, two people', () => {
  test('interleaved step by step, each gets their own identity', async () => {
    const other = createVisitor(world);
    const [mine, theirs] = [docs.attempt(), docs.attempt()];
    const first = await visitor.follow(docs, mine);
    const second = await other.follow(docs, theirs);
    const atIdp = await visitor.browser.submitForm(first, { email: people.state });
    const atIdpToo = await other.browser.submitForm(second, { email: people.commune });
    const endOfOther = await other.identify(atIdpToo, people.commune, stopAt(docs));
    const end = await visitor.identify(atIdp, people.state, stopAt(docs));
    const tokens = await docs.tokens(mine, docs.answer(mine, end));
    const tokensOfOther = await docs.tokens(theirs, docs.answer(theirs, endOfOther));

    expect(await emailOf(docs, tokens.accessToken)).toBe(people.state);
    expect(await emailOf(docs, tokensOfOther.accessToken)).toBe(people.commune);
    expect(tokens.claims['sub']).not.toBe(tokensOfOther.claims['sub']);
    await other.browser.close();
  });

  test('ten at once', async () => {
    const emails = [...Object.values(people).filter((email) => email !== people.elected)];
    const everybody = [...emails, ...emails].map((email) => ({ email, visitor: createVisitor(world) }));
    const visio = createToolClient(world, 'visio');
    const seen = await Promise.all(
      everybody.map(async ({ email, visitor: someone }) => {
        const { accessToken } = await someone.enter(visio, email);
        return emailOf(visio, accessToken);
      }),
    );
    expect(seen).toEqual(everybody.map(({ email }) => email));
    await Promise.all(everybody.map(({ visitor: { browser } }) => browser.close()));
  });

  test('the same person in two browsers: signing out of one leaves the other', async () => {
    const other = createVisitor(world);
    const here = await visitor.enter(docs, people.state);
    const there = await other.enter(docs, people.state);
    const page = await visitor.browser.get(docs.endSessionUrl({ id_token_hint: here.idToken }));
    await visitor.browser.submitForm(page, { logout: 'yes' });
    expect((await docs.userinfo(here.accessToken)).status).toBe(401);
    expect((await docs.userinfo(there.accessToken)).status).toBe(200);
    await other.browser.close();
  });
});

describe('several tabs of one browser', () => {
  const orders: readonly (readonly number[])[] = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ];

  test.each(orders.map((order) => [order.join(' '), order] as const))(
    'started together, finished in the order %s: each tool gets its answer',
    async (_name, order) => {
      const visio = createToolClient(world, 'visio');
      const tabs = await Promise.all(
        [docs, tchap, visio].map(async (client) => {
          const attempt = client.attempt();
          const page = await visitor.follow(client, attempt);
          const atIdp = await visitor.browser.submitForm(page, { email: people.commune });
          return { client, attempt, atIdp };
        }),
      );
      for (const index of order) {
        const tab = tabs[index];
        if (tab === undefined) throw new Error('no such tab');
        const end = await visitor.identify(tab.atIdp, people.commune, stopAt(tab.client));
        const tokens = await tab.client.tokens(tab.attempt, tab.client.answer(tab.attempt, end));
        expect(await emailOf(tab.client, tokens.accessToken)).toBe(people.commune);
      }
    },
  );

  test('two tabs of the same tool: both sign-ins end well, and the tokens of both live', async () => {
    const open = async (): Promise<{ attempt: Attempt; page: Page }> => {
      const attempt = docs.attempt();
      return { attempt, page: await visitor.follow(docs, attempt) };
    };
    const [one, two] = [await open(), await open()];
    const finish = async ({ attempt, page }: { attempt: Attempt; page: Page }) =>
      docs.tokens(attempt, docs.answer(attempt, await visitor.identify(page, people.state, stopAt(docs))));
    const second = await finish(two);
    const first = await finish(one);
    expect((await docs.userinfo(first.accessToken)).status).toBe(200);
    expect((await docs.userinfo(second.accessToken)).status).toBe(200);
  });

  const signOut = async (idToken: string) => {
    const leaving = await visitor.browser.get(docs.endSessionUrl({ id_token_hint: idToken }));
    await visitor.browser.submitForm(leaving, { logout: 'yes' });
  };

  test('a sign-in page whose session ended in another tab says to start again', async () => {
    const { idToken } = await visitor.enter(docs, people.state);
    const page = await visitor.follow(docs, docs.attempt({ prompt: 'login' }));
    await signOut(idToken);
    const late = await visitor.browser.submitForm(page, { email: people.state });
    expect(late.status).toBe(400);
    expect(visitor.browser.text(late)).toContain('M-OIDC-004');
  });

  test('who was at the identity provider when the session ended in another tab signs in all the same', async () => {
    const { idToken } = await visitor.enter(docs, people.state);
    const attempt = docs.attempt({ prompt: 'login' });
    const atIdp = await visitor.browser.submitForm(await visitor.follow(docs, attempt), {
      email: people.state,
    });
    // Here only: an identity provider that signs the person out forgets what it was asked, too.
    const leaving = await visitor.browser.get(docs.endSessionUrl({ id_token_hint: idToken }));
    await visitor.browser.submitForm(leaving, { logout: 'yes' }, { redirects: 'manual' });
    const end = await visitor.identify(atIdp, people.state, stopAt(docs));
    const tokens = await docs.tokens(attempt, docs.answer(attempt, end));
    expect(await emailOf(docs, tokens.accessToken)).toBe(people.state);
  });
});

describe('another person in the same browser', () => {
  test('the first session ends, its tokens are dead, and nobody sees a page of the library', async () => {
    const first = await visitor.enter(docs, people.state);
    const atTchap = await visitor.enter(tchap, people.state);
    const seen = visitor.browser.history.length;

    const attempt = docs.attempt({ prompt: 'login' });
    const page = await visitor.follow(docs, attempt);
    const end = await visitor.identify(page, people.commune, stopAt(docs));
    const second = await docs.tokens(attempt, docs.answer(attempt, end));

    expect(visitor.browser.history.slice(seen).some((url) => url.includes('/session/end'))).toBe(false);
    expect(await emailOf(docs, second.accessToken)).toBe(people.commune);
    expect((await docs.userinfo(first.accessToken)).status).toBe(401);
    expect((await tchap.userinfo(atTchap.accessToken)).status).toBe(401);
    expect(await docs.refresh(first.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });

    const again = tchap.attempt();
    const silent = await tchap.tokens(again, tchap.answer(again, await visitor.follow(tchap, again)));
    expect(await emailOf(tchap, silent.accessToken)).toBe(people.commune);
  });

  test.each([
    ['the first tab first', [people.state, people.commune]],
    ['the last tab first', [people.commune, people.state]],
  ] as const)('from two tabs opened before anybody signed in, %s', async (_name, order) => {
    const tabs = await Promise.all(
      order.map(async (email) => {
        const attempt = docs.attempt();
        return { email, attempt, page: await visitor.follow(docs, attempt) };
      }),
    );
    const tokens = [];
    for (const { email, attempt, page } of tabs) {
      const end = await visitor.identify(page, email, stopAt(docs));
      tokens.push(await docs.tokens(attempt, docs.answer(attempt, end)));
    }
    const [former, latter] = tokens;
    expect((await docs.userinfo(former?.accessToken ?? '')).status).toBe(401);
    expect(await emailOf(docs, latter?.accessToken ?? '')).toBe(order[1]);
  });

  test('coming back from the identity provider after another person signed in takes the browser over', async () => {
    await visitor.enter(docs, people.state);
    const attempt = docs.attempt({ prompt: 'login' });
    const page = await visitor.follow(docs, attempt);
    const atDoor = await visitor.identify(page, people.state, { redirects: isBrokerCallback });
    // As if the other person came by another identity provider: this one forgets nobody.
    await visitor.browser.jar.store.removeCookie('localhost', '/', 'demo_idp_session');
    const meanwhile = await visitor.enter(tchap, people.commune, { prompt: 'login' });

    const end = await visitor.browser.follow(atDoor, stopAt(docs));
    const tokens = await docs.tokens(attempt, docs.answer(attempt, end));
    expect(await emailOf(docs, tokens.accessToken)).toBe(people.state);
    expect((await tchap.userinfo(meanwhile.accessToken)).status).toBe(401);
  });
});

describe('going back, late, or elsewhere', () => {
  test('the back button after success shows a page that says what to do', async () => {
    const page = await visitor.open('docs');
    await visitor.identify(page, people.state);
    const callback =
      visitor.browser.history.find((url) => url.startsWith(`${world.issuer}/callback/demo`)) ?? '';

    const stale = await visitor.browser.get(page.url);
    expect(stale.status).toBe(400);
    expect(visitor.browser.text(stale)).toContain('Cette page de connexion n’est plus valable');
    expect(visitor.browser.text(stale)).toContain('M-OIDC-004');

    const replayed = await visitor.browser.get(callback);
    expect(replayed.status).toBe(400);
    expect(isOurPage(replayed)).toBe(true);
    expect((await visitor.session('docs')).signed_in).toBe(true);
  });

  test('a sign-in page left open for more than an hour has expired', async () => {
    const page = await visitor.open('docs');
    time.pass(3700);
    const late = await visitor.browser.submitForm(page, { email: people.state });
    expect(late.status).toBe(400);
    expect(visitor.browser.text(late)).toContain('M-OIDC-004');
  });

  test('ten minutes at the identity provider are too long: nobody is signed in', async () => {
    const page = await visitor.browser.submitForm(await visitor.open('docs'), { email: people.state });
    time.pass(601);
    const late = await visitor.identify(page, people.state);
    expect(late.status).toBe(400);
    expect(visitor.browser.text(late)).toContain('M-UPST-004');
    expect((await visitor.session('docs')).signed_in).toBe(false);
  });

  test('a sign-in page opened in another browser is refused there, and goes on here', async () => {
    const other = createVisitor(world);
    const page = await visitor.open('docs');
    const stolen = await other.browser.get(page.url);
    expect(stolen.status).toBe(400);
    expect(visitor.browser.text(stolen)).toContain('M-OIDC-004');
    await visitor.identify(page, people.state);
    expect((await visitor.session('docs')).signed_in).toBe(true);
    await other.browser.close();
  });

  test('a callback opened in another browser signs nobody in, neither there nor here', async () => {
    const other = createVisitor(world);
    const page = await visitor.browser.submitForm(await visitor.open('docs'), { email: people.state });
    const atDoor = await visitor.browser.submitForm(
      page,
      { person: 'agent-etat' },
      { redirects: isBrokerCallback },
    );
    const forced = await other.browser.get(atDoor.location ?? '');
    expect(forced.status).toBe(400);
    expect(other.browser.text(forced)).toContain('M-UPST-004');
    expect((await other.session('docs')).signed_in).toBe(false);
    await other.browser.close();
  });

  test('the end of a sign-in opened in another browser is refused', async () => {
    const other = createVisitor(world);
    const page = await visitor.open('docs');
    const atIdp = await visitor.browser.submitForm(page, { email: people.state });
    const isResumption = (url: URL) => url.href.startsWith(`${world.issuer}/authorize/`);
    const atDoor = await visitor.browser.submitForm(
      atIdp,
      { person: 'agent-etat' },
      { redirects: isResumption },
    );
    const forced = await other.browser.get(atDoor.location ?? '');
    expect(forced.status).toBe(400);
    expect(isOurPage(forced)).toBe(true);
    await visitor.browser.follow(atDoor);
    expect((await visitor.session('docs')).signed_in).toBe(true);
    await other.browser.close();
  });
});
