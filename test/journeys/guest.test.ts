/** An agent invites somebody from an association to Tchap; the guest comes in, and is out when the invitation is. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startReceiver } from '../../src/logout/testing/receiver.ts';
import type { Receiver } from '../../src/logout/testing/receiver.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { movableTime } from './time.ts';
import { createVisitor, people } from './visitor.ts';
import type { Email, Visitor } from './visitor.ts';
import { parisDay } from '../support/days.ts';

const time = movableTime();
let world: World;
let receiver: Receiver;
let operator: Operator;
let agent: Visitor;
let guest: Visitor;
let tchap: ToolClient;

beforeAll(async () => {
  receiver = await startReceiver();
  world = await startWorld({ factsTtlMs: 30_000 });
  operator = await createOperator(world);
}, startTimeout);
afterAll(async () => {
  await world.close();
  await receiver.close();
});
beforeEach(() => {
  agent = createVisitor(world);
  guest = createVisitor(world);
  tchap = createToolClient(world, 'tchap');
});
afterEach(async () => {
  await operator.restore();
  const { db } = world.broker.stores;
  await db.deleteFrom('invitation').execute();
  await db.deleteFrom('mail').execute();
  await db.updateTable('account').set({ blocked_at: null }).execute();
  // What is remembered of the invitations that are gone is forgotten.
  time.pass(31);
  await Promise.all([agent.browser.close(), guest.browser.close()]);
});

const at = (path: string) => `${world.issuer}${path}`;
const text = (page: Page) => agent.browser.text(page);
const enter = async (path: string, email: Email = people.state, who = agent) =>
  who.identify(await who.browser.get(at(path)), email);
const answers = (change: Readonly<Record<string, string>> = {}) => ({
  email: people.association,
  service: 'tchap',
  reason: 'Préparer les réunions.',
  until: parisDay(30),
  ...change,
});
const mails = () => world.broker.stores.db.selectFrom('mail').selectAll().orderBy('created_at').execute();
const rows = () => world.broker.stores.db.selectFrom('invitation').selectAll().execute();

/** Fills the form, reads the review, sends. */
async function invite(change: Readonly<Record<string, string>> = {}): Promise<Page> {
  const form = await enter('/invitations/nouvelle');
  const review = await agent.browser.submitForm(form, answers(change));
  expect(review.status).toBe(200);
  expect(text(review)).toContain('Rien n’est encore envoyé');
  return agent.browser.submitForm(review, {}, { form: 0 });
}
/** What Tchap answers, silently, to who is signed in already. */
const silently = () => guest.ask(tchap, { prompt: 'none' });

test('invited, the guest comes in as a guest; the mail says who, what, until when, and how', async () => {
  const before = await guest.signIn('tchap', people.association);
  expect(before.status).toBe(403);

  const sent = await invite();
  expect(sent.url).toBe(at('/invitations?fait=invite'));
  expect(text(sent)).toContain('L’invitation est envoyée.');
  expect(text(sent)).toContain(people.association);
  const [mail] = await mails();
  expect(mail?.recipient).toBe(people.association);
  expect(mail?.text).toContain('Camille Renaud (agent@etat.example)');
  expect(mail?.text).toMatch(/https?:\/\/\S+/);
  // In French, then in English: no other address.
  const service = `${world.tools}/tchap/`;
  expect(mail?.text.match(/https?:\/\/\S+/gu)).toEqual([service, service]);
  time.pass(31);

  const { accessToken } = await guest.enter(tchap, people.association);
  expect((await tchap.userinfo(accessToken)).claims).toMatchObject({
    guest: true,
    entitlements: ['use'],
    eligibility: { decision: 'allow', level: 'guest', basis: 'invitation' },
  });
  const list = await agent.browser.get(at('/invitations'));
  expect(text(list)).toContain('Dernière connexion connue');
});

test('on the day after the last day: guest_expired, on every path', async () => {
  await invite({ until: parisDay(0) });
  time.pass(31);
  const { accessToken, refreshToken } = await guest.enter(tchap, people.association);
  expect((await tchap.refresh(refreshToken)).status).toBe(200);
  time.pass(86_400);
  expect((await tchap.userinfo(accessToken)).status).toBe(401);
  const page = await guest.signIn('tchap', people.association);
  expect(page.status).toBe(403);
  expect(guest.browser.text(page)).toContain('M-ELIG-017');
  expect(await silently()).toEqual({ error: 'access_denied', description: 'guest_expired' });
});

test('taken back: every path is closed within the minute, and the tool is told', async () => {
  await operator.declare('client', 'tchap', (client) => ({
    ...client,
    backchannel_logout_uri: `${receiver.origin}/tchap`,
    backchannel_logout_session_required: true,
  }));
  await invite();
  time.pass(31);
  const { accessToken, refreshToken } = await guest.enter(tchap, people.association);
  expect((await tchap.userinfo(accessToken)).status).toBe(200);

  const list = await agent.browser.get(at('/invitations'));
  const impact = await agent.browser.click(list, 'Retirer l’invitation');
  expect(text(impact)).toMatch(/seront fermés\s*: \d+ au plus/);
  const done = await agent.browser.submitForm(impact);
  expect(done.url).toBe(at('/invitations?fait=retire'));
  expect(text(done)).toContain('Retirée');

  // Nothing to wait for in this process.
  expect((await tchap.userinfo(accessToken)).status).toBe(401);
  expect(await tchap.introspect(accessToken)).toEqual({ active: false });
  expect(await tchap.refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
  expect(await silently()).toMatchObject({ error: 'access_denied' });
  await expect.poll(() => receiver.received.length, { timeout: 10_000 }).toBeGreaterThan(0);

  const again = await agent.browser.post(impact.url, {});
  expect(again.status).toBe(409);
  expect(text(again)).toContain('M-GUES-003');
});

test('by a row that another program changes: closed once memory has faded, 30 s at most', async () => {
  await invite();
  time.pass(31);
  const { accessToken } = await guest.enter(tchap, people.association);
  await world.broker.stores.db
    .updateTable('invitation')
    .set({ revoked_at: new Date(), revoked_by: 'operator:anne' })
    .execute();
  time.pass(31);
  expect((await tchap.userinfo(accessToken)).status).toBe(401);
});

test('a sponsor whose account is blocked carries no guests', async () => {
  await invite();
  time.pass(31);
  const { accessToken } = await guest.enter(tchap, people.association);
  const [row] = await rows();
  await world.broker.stores.db
    .updateTable('account')
    .set({ blocked_at: new Date() })
    .where('id', '=', row?.sponsor_account_id ?? '')
    .execute();
  time.pass(31);
  expect((await tchap.userinfo(accessToken)).status).toBe(401);
});

test('is prolonged', async () => {
  const sent = await invite();
  const form = await agent.browser.click(sent, 'Prolonger');
  const early = await agent.browser.submitForm(form, { until: parisDay(10) });
  expect(early.status).toBe(422);
  expect(text(early)).toContain('après la fin actuelle');
  const done = await agent.browser.submitForm(early, { until: parisDay(60) });
  expect(text(done)).toContain('L’invitation est prolongée.');
  expect(await rows()).toMatchObject([{ ends_on: parisDay(60) }]);
  expect((await mails()).map(({ subject }) => subject)).toEqual([
    'Vous êtes invité à utiliser Tchap · You are invited to use Tchap',
    'Votre accès à Tchap est prolongé · Your access to Tchap is prolonged',
  ]);
});

describe('what is not sent', () => {
  test.each([
    [{ email: 'membre@asso.example\r\nBcc: autre@asso.example' }, 'une seule adresse'],
    [{ email: 'membre@asso.example, autre@asso.example' }, 'une seule adresse'],
    [{ email: 'AGENT@etat.example' }, 'Cette adresse est la vôtre'],
    [{ service: 'visio' }, 'Choisissez un service'],
    [{ reason: ' \u0000 ' }, 'Indiquez pourquoi'],
    [{ until: '2020-01-01' }, 'n’est pas passé'],
    [{ until: '2999-01-01' }, 'dans un an au plus'],
    [{ until: '31/12/2027' }, 'une date qui existe'],
  ])('%j: the form says why', async (change, expected) => {
    await enter('/invitations/nouvelle');
    const page = await agent.browser.post(at('/invitations/nouvelle'), answers(change));
    expect(page.status).toBe(422);
    expect(text(page)).toContain(expected);
    expect(await rows()).toEqual([]);
  });

  test('without a review, what is sent is judged all the same', async () => {
    await enter('/invitations/nouvelle');
    const forged = await agent.browser.post(at('/invitations'), answers({ service: 'visio' }));
    expect(forged.status).toBe(403);
    expect(text(forged)).toContain('M-GUES-002');
    const twice = await agent.browser.post(at('/invitations'), answers());
    expect(twice.url).toBe(at('/invitations?fait=invite'));
    const again = await agent.browser.post(at('/invitations'), answers());
    expect(again.status).toBe(422);
    expect(text(again)).toContain('déjà invitée');
    expect(await rows()).toHaveLength(1);
  });

  test.each([people.association, people.approved])(
    'by %s: nobody may who is no public agent',
    async (email) => {
      await operator.approve({ id: 'amd-tchap', siren: '000000109', service_id: 'tchap' });
      time.pass(31);
      const list = await enter('/invitations', email);
      expect(list.url).toBe(at('/invitations'));
      const own = list.body.includes('Se connecter')
        ? await agent.identify(await agent.browser.click(list, 'Se connecter'), email)
        : list;
      expect(text(own)).toContain('Vous ne pouvez pas inviter avec ce compte');
      for (const page of [
        await agent.browser.get(at('/invitations/nouvelle')),
        await agent.browser.post(at('/invitations'), answers()),
      ]) {
        expect(page.status).toBe(403);
        expect(text(page)).toContain('M-GUES-002');
      }
      expect(await rows()).toEqual([]);
    },
  );

  test('from another site', async () => {
    await enter('/invitations/nouvelle');
    const page = await agent.browser.post(at('/invitations'), answers(), {
      initiator: 'https://elsewhere.example/',
    });
    expect(page.status).toBe(403);
    expect(await rows()).toEqual([]);
  });

  test('once the sign-in has ended: back to it, then to the form', async () => {
    await enter('/invitations/nouvelle');
    await agent.browser.jar.removeAllCookies();
    const page = await agent.browser.post(at('/invitations'), answers());
    expect(page.body).toContain('name="email"');
    expect(await rows()).toEqual([]);
    const form = await agent.identify(page, people.state);
    expect(form.url).toBe(at('/invitations/nouvelle'));
  });
});

test('the invitations of others do not exist', async () => {
  await invite();
  const [row] = await rows();
  await enter('/invitations/nouvelle', people.commune, guest);
  for (const page of ['prolonger', 'retirer']) {
    for (const id of [row?.id ?? '', 'x', "'", '00000000-0000-4000-8000-000000000000']) {
      const path = at(`/invitations/${encodeURIComponent(id)}/${page}`);
      expect((await guest.browser.get(path)).status).toBe(404);
      expect((await guest.browser.post(path, { until: parisDay(90) })).status).toBe(404);
    }
  }
  expect(await rows()).toMatchObject([{ revoked_at: null, renewed_at: null }]);
});
