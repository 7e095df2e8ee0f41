/**
 * A domain whose mailboxes others may read: nobody is sent a code there, what had been sent is worth nothing, nobody signs in
 * with one of its addresses, by whatever way, and what was open is refused at once and ends. Until it is given back.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { giveBackDomain, holdDomain } from '../../src/blocking/blocking.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createPartnerPerson, joinOrganization, mailsTo } from './partner-person.ts';
import type { PartnerPerson } from './partner-person.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const dinum = '13002526500013';
const named = { given_name: 'Camille', usual_name: 'Le Marchand' };

let world: World;
let docs: ToolClient;
let person: Visitor;
let ahead = 0;
const clock = () => new Date(Date.now() + ahead);

beforeAll(async () => {
  world = await startWorld({ clock });
  docs = createToolClient(world, 'docs');
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  person = createVisitor(world);
});
afterEach(() => person.browser.close());

const at = (path: string): string => `${world.issuer}${path}`;
const text = (page: Page): string => person.browser.text(page);
const request = (domain: string) => ({
  domain,
  reason: 'Messagerie piratée, signalée par le CERT-FR',
  actor: { kind: 'command_line', user: 'root' } as const,
});
const hold = async (domain: string): Promise<void> => {
  await holdDomain({ db: world.broker.stores.db, clock }, request(domain));
  await world.broker.refresh();
};
const giveBack = async (domain: string): Promise<void> => {
  ahead += 61_000;
  await giveBackDomain({ db: world.broker.stores.db, clock }, request(domain));
  await world.broker.refresh();
};

/** As if they had proven it at `/compte/identite`. */
async function addAddress(partner: PartnerPerson, address: string): Promise<void> {
  const { db } = world.broker.stores;
  const { partner_id: id } = await db
    .selectFrom('partner_address')
    .select('partner_id')
    .where('address', '=', partner.email)
    .executeTakeFirstOrThrow();
  const row = { id: randomUUID(), partner_id: id, proven_at: clock(), is_primary: false };
  await db
    .insertInto('partner_address')
    .values({ ...row, address, spelling: address, comparable: address })
    .execute();
}

test('whoever an identity provider knows: refused at each use and at each way in, by a page that says why and what to do', async () => {
  const scope = 'openid email siret offline_access';
  const tokens = await person.enter(docs, people.commune, { scope, prompt: 'consent' });
  await hold('commune.example');

  expect((await docs.userinfo(tokens.accessToken)).status).toBe(401);
  expect(await docs.refresh(tokens.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
  expect(await docs.introspect(tokens.accessToken)).toEqual({ active: false });
  expect((await person.browser.get(at('/compte/historique'), { redirects: 'manual' })).location).toContain(
    '/entrer',
  );
  expect((await person.ask(docs, { prompt: 'none' })).error).toBe('login_required');

  const other = createVisitor(world);
  const attempt = docs.attempt();
  const page = await other.browser.submitForm(await other.follow(docs, attempt), {
    email: 'Agent@Commune.example',
  });
  expect(page.status).toBe(403);
  const said = text(page);
  expect(said).toContain('Les connexions en commune.example sont suspendues');
  expect(said).toContain('M-ROUT-004');
  expect(said).toContain('Prévenez');
  // Another address, which may be theirs too; and the way back to the tool.
  const [another = ''] = other.browser
    .links(page)
    .map(({ href }) => href)
    .filter((href) => href.endsWith('?change'));
  expect(text(await other.browser.get(another))).toContain('Se connecter à Docs');
  const end = await other.browser.click(page, 'Revenir à Docs', { redirects: docs.isCallback });
  expect(docs.answer(attempt, end)).toEqual({ error: 'access_denied', description: 'M-ROUT-004' });
  // A tool that names the address, and one that names the provider.
  const hinted = await other.browser.get(docs.attempt({ login_hint: people.commune }).url);
  expect(text(hinted)).toContain('M-ROUT-004');
  const chosen = await other.browser.get(docs.attempt({ idp_hint: 'demo' }).url);
  const back = await other.browser.submitForm(chosen, { person: 'agent-commune' });
  expect(text(back)).toContain('M-ROUT-004');
  await other.browser.close();

  // Others go on.
  const stranger = createVisitor(world);
  expect((await stranger.enter(docs, people.state)).accessToken).not.toBe('');
  await stranger.browser.close();

  // What any process does every twenty seconds.
  await world.broker.blocking.watch();
  await giveBack('commune.example');
  expect((await person.ask(docs, { prompt: 'none' })).error).toBe('login_required');
  expect((await docs.userinfo(tokens.accessToken)).status).toBe(401);
  const fresh = await person.enter(docs, people.commune);
  expect((await docs.userinfo(fresh.accessToken)).status).toBe(200);
}, 30_000);

test('whoever has an account here: no code leaves, and one that had left is worth nothing', async () => {
  const domain = `atelier-${randomUUID().slice(0, 8)}.example`;
  const partner = createPartnerPerson(world, `camille@mail.${domain}`, clock);
  const { browser } = partner;
  const codes = async () => (await mailsTo(world, partner.email)).length;
  const page = await partner.typeAddress(await browser.get(docs.attempt().url));
  expect(await codes()).toBe(1);
  await hold(domain);

  const typed = await partner.typeCode(page);
  expect([typed.status, text(typed)]).toEqual([403, expect.stringContaining('M-ROUT-004')]);
  ahead += 601_000;
  const late = await browser.get(page.url);
  expect(text(late)).toContain('M-ROUT-004');
  const resent = await browser.post(`${page.url}/resend`, {});
  expect(text(resent)).toContain('M-ROUT-004');
  const anew = await partner.typeAddress(await browser.get(docs.attempt().url));
  expect(text(anew)).toContain('M-ROUT-004');
  expect(await codes()).toBe(1);

  await giveBack(domain);
  const name = await partner.typeCode(page);
  expect(text(name)).toContain('Comment vous appelez-vous');
  await browser.close();
});

test('another address of theirs was at that domain: no code goes there, and what the mailbox may have opened ends', async () => {
  const domain = `asso-${randomUUID().slice(0, 8)}.example`;
  const partner = createPartnerPerson(world, `camille@libre-${randomUUID().slice(0, 8)}.example`, clock);
  const { browser } = partner;
  const name = await partner.typeCode(await partner.typeAddress(await browser.get(docs.attempt().url)));
  await browser.submitForm(name, named);
  await joinOrganization(world, partner.email, { siret: dinum, level: 'moderated' });
  const second = `tresorier@${domain}`;
  await addAddress(partner, second);
  expect(text(await browser.get(at('/compte')))).toContain(partner.email);
  await hold(domain);
  await world.broker.blocking.watch();
  expect(text(await browser.get(at('/compte')))).toContain('Vous n’êtes pas connecté');
  const stranger = createPartnerPerson(world, second, clock);
  expect(text(await stranger.typeAddress(await stranger.browser.get(docs.attempt().url)))).toContain(
    'M-ROUT-004',
  );
  // By the address that nobody else reads they go on.
  const again = createPartnerPerson(world, partner.email, clock);
  const code = await again.typeAddress(await again.browser.get(docs.attempt().url));
  expect(text(code)).toContain('Nous avons écrit à');
  await browser.close();
  await stranger.browser.close();
  await again.browser.close();
  await giveBack(domain);
});

test('what rests on a mailbox there ties nobody to an organization meanwhile', async () => {
  const domain = `mairie-${randomUUID().slice(0, 8)}.example`;
  const partner = createPartnerPerson(world, `camille@libre-${randomUUID().slice(0, 8)}.example`, clock);
  const enter = async (): Promise<Page> => {
    const { browser } = partner.inAnotherBrowser();
    const page = await partner.typeAddress(await partner.browser.get(docs.attempt({ prompt: 'login' }).url));
    await browser.close();
    return partner.typeCode(page, undefined, { redirects: docs.isCallback });
  };
  const name = await partner.typeCode(
    await partner.typeAddress(await partner.browser.get(docs.attempt().url)),
  );
  await partner.browser.submitForm(name, named);
  await joinOrganization(world, partner.email, { siret: dinum, level: 'moderated' });
  const { db } = world.broker.stores;
  await db
    .updateTable('joined_membership')
    .set({ method: 'official_contact_code', contact: `contact@${domain}` })
    .where('method', '=', 'test')
    .execute();
  await hold(domain);
  ahead += 31_000;
  expect(text(await enter())).toContain('M-PART-023');
  await giveBack(domain);
  ahead += 601_000;
  expect((await enter()).location).toContain('code=');
  await partner.browser.close();
});

test('whoever had read a mailbox there and waits on the next page gets no further, and adds nothing to the account', async () => {
  const domain = `asso-${randomUUID().slice(0, 8)}.example`;
  const partner = createPartnerPerson(world, `camille@libre-${randomUUID().slice(0, 8)}.example`, clock);
  const name = await partner.typeCode(
    await partner.typeAddress(await partner.browser.get(docs.attempt().url)),
  );
  await partner.browser.submitForm(name, named);
  const second = `tresorier@${domain}`;
  await addAddress(partner, second);
  const stranger = createPartnerPerson(world, second, clock);
  const first = await stranger.browser.get(at('/entrer?vers=/compte&renforce=1'));
  const enrol = await stranger.typeCode(await stranger.typeAddress(first));
  const form = await stranger.browser.click(enrol, 'application de codes');
  await hold(domain);
  const refused = await stranger.browser.submitForm(form, { totp: '000000' });
  expect([refused.status, text(refused)]).toEqual([403, expect.stringContaining('M-ROUT-004')]);
  expect(text(await stranger.browser.get(enrol.url))).toContain('M-ROUT-004');
  await stranger.browser.close();
  await partner.browser.close();
  await giveBack(domain);
});
