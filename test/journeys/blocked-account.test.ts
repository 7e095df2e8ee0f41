/** An account that is blocked in the middle of a session: nothing of it works any more, and only a new sign-in does afterwards. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeBlock } from '../../src/blocking/blocking.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

let world: World;
let docs: ToolClient;
let person: Visitor;
let admin: Visitor;

/** Milliseconds that the clock of the broker is ahead. */
let ahead = 0;
const clock = () => new Date(Date.now() + ahead);

beforeAll(async () => {
  world = await startWorld({ clock });
  docs = createToolClient(world, 'docs');
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  ahead = 0;
  person = createVisitor(world);
  admin = createVisitor(world);
});
afterEach(async () => {
  await person.browser.close();
  await admin.browser.close();
});

const at = (path: string): string => `${world.issuer}${path}`;
const text = (page: Page): string => person.browser.text(page);
const accountOf = async (subject: string): Promise<string> => {
  const { db } = world.broker.stores;
  const row = await db
    .selectFrom('identity')
    .select('account_id')
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  return row.account_id;
};
const lastEntry = async () => {
  const entries = await world.broker.stores.db
    .selectFrom('audit_entry')
    .select(['act', 'subject', 'actor', 'detail'])
    .where('act', 'like', 'account.%')
    .orderBy('seq', 'desc')
    .limit(1)
    .execute();
  return entries[0];
};

/** The page of a person in the console. */
async function personPage(account: string): Promise<Page> {
  const gate = await admin.browser.get(at('/operateur/personnes'));
  const search = await admin.identify(gate, people.operator);
  return admin.browser.submitForm(search, { qui: account, motif: 'Appel de la mairie.' });
}

/** What was open before works nowhere. */
async function expectEnded({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }) {
  expect((await docs.userinfo(accessToken)).status).toBe(401);
  expect(await docs.refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
  expect(await docs.introspect(accessToken)).toEqual({ active: false });
  expect(text(await person.browser.get(at('/compte')))).toContain('Vous n’êtes pas connecté');
  expect((await person.ask(docs, { prompt: 'none' })).error).toBe('login_required');
}

describe('by an administrator in the console', () => {
  test('next page, refresh, userinfo and introspection refuse; unblocked, only a new sign-in opens anything', async () => {
    const scope = 'openid email siret offline_access';
    const tokens = await person.enter(docs, people.commune, { scope, prompt: 'consent' });
    const account = await accountOf('agent-commune');
    const page = await personPage(account);
    expect(text(page)).toContain('Bloquer ce compte');

    const unread = await admin.browser.submitForm(page, { blocage: ' ' }, { form: '/bloquer' });
    expect(unread.status).toBe(422);
    const foreign = { compte: account, acte: 'bloquer', blocage: 'x', motif: 'x' };
    const bad = await admin.browser.post(at('/operateur/personnes/bloquer'), foreign, {
      initiator: world.tools,
    });
    expect(bad.status).toBe(403);
    expect((await docs.userinfo(tokens.accessToken)).status).toBe(200);

    const done = await admin.browser.submitForm(
      unread,
      { blocage: 'Téléphone volé\nde l’agent' },
      { form: '/bloquer' },
    );
    expect(text(done)).toContain('Le compte est bloqué');
    expect(await lastEntry()).toMatchObject({ act: 'account.block', subject: `account:${account}` });
    expect((await lastEntry())?.detail).toContain('Téléphone volé de l’agent');
    await expectEnded(tokens);
    const refused = await person.signIn('docs', people.commune);
    expect(text(refused)).toContain('M-UPST-016');

    // A second click, and a page that was read before.
    const again = await admin.browser.submitForm(page, { blocage: 'encore' }, { form: '/bloquer' });
    expect([again.status, text(again)]).toEqual([409, expect.stringContaining('M-ACCT-004')]);

    ahead = 61_000;
    const blocked = await personPage(account);
    expect(text(blocked)).toContain('Téléphone volé de l’agent');
    const back = await admin.browser.submitForm(blocked, { blocage: 'Retrouvé' }, { form: '/bloquer' });
    expect(text(back)).toContain('Le compte est débloqué');
    expect(await lastEntry()).toMatchObject({ act: 'account.unblock' });
    await expectEnded(tokens);
    const fresh = await person.enter(docs, people.commune);
    expect((await docs.userinfo(fresh.accessToken)).status).toBe(200);
  });

  test('nobody blocks themselves, nor somebody who is in charge', async () => {
    await admin.identify(await admin.browser.get(at('/operateur/moi')), people.operator);
    const page = await personPage(await accountOf('operateur'));
    const refused = await admin.browser.submitForm(page, { blocage: 'x' }, { form: '/bloquer' });
    expect([refused.status, text(refused)]).toEqual([403, expect.stringContaining('M-ACCT-005')]);
    expect((await admin.browser.get(at('/operateur/moi'))).status).toBe(200);
  });
});

test('on the server: each decision refuses at once, a sign-in that was under way too', async () => {
  const tokens = await person.enter(docs, people.state);
  const other = createVisitor(world);
  const account = await accountOf('agent-etat');
  const { db } = world.broker.stores;
  const change = (act: 'block' | 'unblock') =>
    changeBlock(
      { db, clock },
      { act, accountId: account, reason: 'Usurpation', actor: { kind: 'command_line', user: 'root' } },
    );
  await change('block');
  // No watch has looked: grants are gone by the hand of the command, and the session opens nothing.
  expect((await docs.userinfo(tokens.accessToken)).status).toBe(401);
  expect(await docs.refresh(tokens.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
  expect(await docs.introspect(tokens.accessToken)).toEqual({ active: false });
  expect((await person.browser.get(at('/compte/historique'), { redirects: 'manual' })).location).toContain(
    '/entrer',
  );
  expect((await person.ask(docs, { prompt: 'none' })).code).toBeUndefined();
  expect(text(await other.signIn('docs', people.state))).toContain('M-UPST-016');
  await other.browser.close();
  ahead = 61_000;
  await change('unblock');
}, 30_000);

test('who was choosing an organization when the account was blocked gets nowhere with it, then or later', async () => {
  const attempt = docs.attempt();
  const options = { redirects: docs.isCallback };
  const choice = await person.identify(await person.follow(docs, attempt), people.elected, options);
  expect(text(choice)).toContain('AMD-FICTIF');
  const account = await accountOf('elu-commune');
  const change = (act: 'block' | 'unblock') =>
    changeBlock(
      { db: world.broker.stores.db, clock },
      { act, accountId: account, reason: 'Usurpation', actor: { kind: 'command_line' } },
    );
  await change('block');
  const end = await person.choose(choice, '00000010900009', options);
  expect(end.location).toBeUndefined();
  expect(text(await person.browser.get(at('/compte')))).toContain('Vous n’êtes pas connecté');
  // What any process does every twenty seconds: the session that was open ends, and comes back with nothing.
  await world.broker.blocking.watch();
  ahead = 61_000;
  await change('unblock');
  expect((await person.ask(docs, { prompt: 'none' })).error).toBe('login_required');
  expect((await person.enter(docs, people.elected, {}, '00000010900009')).accessToken).not.toBe('');
});

test('who was on the way back from the identity provider when the account was blocked gets no session', async () => {
  await person.enter(docs, people.approved);
  const account = await accountOf('membre-amd-fictif');
  const other = createVisitor(world);
  const attempt = docs.attempt({ prompt: 'login' });
  // The answer of the identity provider was accepted; its session here is about to begin.
  const resumed = (url: URL) => url.origin === world.issuer && /\/authorize\/[\w-]+$/u.test(url.pathname);
  const page = await other.identify(await other.follow(docs, attempt), people.approved, {
    redirects: resumed,
  });
  expect(page.location).toMatch(/\/authorize\/[\w-]+$/u);
  await changeBlock(
    { db: world.broker.stores.db, clock },
    { act: 'block', accountId: account, reason: 'x', actor: { kind: 'command_line' } },
  );
  const after = await other.browser.follow(page, { redirects: docs.isCallback });
  expect(after.location).toBeUndefined();
  expect(text(await other.browser.get(at('/compte')))).toContain('Vous n’êtes pas connecté');
  ahead = 61_000;
  await changeBlock(
    { db: world.broker.stores.db, clock },
    { act: 'unblock', accountId: account, reason: 'x', actor: { kind: 'command_line' } },
  );
  expect((await other.ask(docs, { prompt: 'none' })).error).toBe('login_required');
  await other.browser.close();
});
