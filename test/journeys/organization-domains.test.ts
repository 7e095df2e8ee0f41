/** Whoever represents an organization proves its mail domain; another one proves it too, and two operators decide. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookupsOf } from '../../src/domains/testing/domains-room.ts';
import type { Zone } from '../../src/domains/testing/domains-room.ts';
import type { Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { representing } from './representing.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const mayors = '000000109';
const association = '000000406';
const domain = 'domaine-prouve.example';
const zone: Zone = new Map();
const day = 24 * 3600 * 1000;
let world: World;
let shiftMs = 0;
let who: Record<'mayor' | 'member' | 'first' | 'second', Visitor>;

beforeAll(async () => {
  world = await startWorld({ clock: () => new Date(Date.now() + shiftMs), dns: lookupsOf(zone) });
  who = {
    mayor: createVisitor(world),
    member: createVisitor(world),
    first: createVisitor(world),
    second: createVisitor(world),
  };
}, startTimeout);
afterAll(async () => {
  for (const { browser } of Object.values(who)) await browser.close();
  await world.close();
});

const at = (path: string) => `${world.issuer}${path}`;
const text = (page: Page) => who.mayor.browser.text(page);
const list = (siren: string) => `/compte/organisations/${siren}/domaines`;
const console = '/operateur/domaines-verifies';
const enter = async (visitor: Visitor, path: string, email: string, sub?: string): Promise<Page> => {
  let page = await visitor.browser.get(at(path));
  if (page.body.includes('name="email"')) page = await visitor.browser.submitForm(page, { email });
  return sub === undefined || !page.url.startsWith(world.idp)
    ? page
    : visitor.browser.submitForm(page, { person: sub });
};
/** What the page says to put in the DNS is put there, beside what stands there. */
const publish = (page: Page): void => {
  const [value = ''] = /maillon-verification=[\w-]+/u.exec(page.body) ?? [];
  const [name = ''] = /_maillon-verification\.[\w.-]+/u.exec(page.body) ?? [];
  const before = zone.get(name);
  zone.set(name, [...(typeof before === 'object' ? before : []), value]);
};
const press = (visitor: Visitor, page: Page, end: string, fields: Record<string, string> = {}) =>
  visitor.browser.submitForm(page, fields, { form: end });
const subjectsTo = async (recipient: string): Promise<readonly string[]> => {
  const rows = await world.broker.stores.db
    .selectFrom('mail')
    .select('subject')
    .where('recipient', '=', recipient)
    .where('about', '~', '^(domain|handover):')
    .orderBy('created_at')
    .execute();
  return rows.map(({ subject }) => subject.split(' · ')[0] ?? '');
};

test('claimed, refused, proven, lost and mended by whoever represents the organization', async () => {
  const { mayor, member } = who;
  await mayor.signIn('docs', people.approved);
  await member.signIn('visio', people.association);
  expect((await mayor.browser.get(at(list(mayors)))).status).toBe(404);
  await representing(() => world).represent(people.approved, { siren: mayors });

  const members = await mayor.browser.get(at(`/membres/${mayors}`));
  const empty = await mayor.browser.click(members, 'noms de domaine');
  expect([empty.url, text(empty)]).toEqual([
    at(list(mayors)),
    expect.stringContaining('Aucun nom de domaine'),
  ]);
  for (const [typed, words] of [
    ['<script>', 'Écrivez un nom de domaine'],
    ['asso.fr', 'il n’est à personne'],
    ['gmail.com', 'Tout le monde peut ouvrir une boîte'],
    ['commune.example', 'leur propre page de connexion'],
    ['yopmail.com', 'adresses jetables'],
  ] as const) {
    const refused = await mayor.browser.submitForm(empty, { domaine: typed });
    expect([typed, refused.status, text(refused)]).toEqual([typed, 422, expect.stringContaining(words)]);
    expect(refused.body).not.toContain('value="<script>');
  }
  const claimed = await mayor.browser.submitForm(empty, { domaine: `contact@${domain.toUpperCase()}` });
  expect(text(claimed)).toContain('Il reste à le prouver');
  expect(text(await press(mayor, claimed, '/verifier'))).toContain('Nous ne trouvons pas l’enregistrement');
  publish(claimed);
  const verified = await press(mayor, claimed, '/verifier');
  expect(text(verified)).toContain('Le nom de domaine est vérifié.');
  expect(await subjectsTo(people.approved)).toEqual(['Un nom de domaine est vérifié']);

  // Of another organization, from elsewhere, of nothing: nothing changes.
  const path = /action="([^"]+)\/verifier"/u.exec(verified.body)?.[1] ?? '';
  const url = new URL(path, world.issuer).href;
  for (const [end, fields] of [
    ['verifier', {}],
    ['renoncer', { vu: '1' }],
    ['opposer', { motif: 'x' }],
    ['code', { code: '12345678' }],
    ['envoyer-code', {}],
  ] as const) {
    expect([end, (await member.browser.post(`${url}/${end}`, fields)).status]).toEqual([end, 404]);
    const elsewhere = { initiator: 'https://elsewhere.example/' };
    expect((await mayor.browser.post(`${url}/${end}`, fields, elsewhere)).status).toBe(403);
  }
  expect((await mayor.browser.post(`${url}/renoncer`, { vu: '99' })).status).toBe(409);
  expect((await mayor.browser.post(`${url}/opposer`, { motif: 'x' })).status).toBe(409);
  expect(await world.broker.domains.organizationOfDomain(domain)).toMatchObject({ siren: mayors });
});

test('proven by another organization too, it changes hands after a week and by four eyes', async () => {
  const { mayor, member, first, second } = who;
  await representing(() => world).represent(people.association, { siren: association, service: 'docs' });
  const page = await member.browser.get(at(list(association)));
  const claimed = await member.browser.submitForm(page, { domaine: domain });
  publish(claimed);
  const waiting = await press(member, claimed, '/verifier');
  expect(text(waiting)).toContain('Une autre organisation a déjà ce nom de domaine');
  const contested = await mayor.browser.get(at(list(mayors)));
  const missing = await press(mayor, contested, '/opposer', { motif: ' ' });
  expect([missing.status, text(missing)]).toEqual([422, expect.stringContaining('Écrivez pourquoi')]);
  const objected = await press(mayor, missing, '/opposer', { motif: 'Nous l’utilisons depuis dix ans.' });
  expect(text(objected)).toContain('Votre opposition est enregistrée');
  expect((await subjectsTo(people.approved)).at(-1)).toBe(
    'Une autre organisation demande votre nom de domaine',
  );
  expect(await subjectsTo('second@operateur.example')).toEqual(['Un nom de domaine attend une décision']);

  const early = await enter(first, console, people.operator, 'operateur');
  const handover = await first.browser.click(early, domain);
  expect(text(handover)).toContain('peut encore s’y opposer');
  expect(handover.body).not.toContain('/confirmer"');
  expect((await first.browser.post(`${handover.url}/confirmer`, { motif: 'x' })).status).toBe(403);

  // A week later: who may answer when is decided in src/domains/; the identity provider keeps the time of the day.
  await world.broker.stores.db.updateTable('domain_handover').set({ objections_until: new Date() }).execute();
  const ready = await enter(first, new URL(handover.url).pathname, people.operator, 'operateur');
  expect(text(ready)).toContain('Nous l’utilisons depuis dix ans.');
  const unsaid = await press(first, ready, '/confirmer', { motif: ' ' });
  expect(unsaid.status).toBe(422);
  const confirmed = await press(first, unsaid, '/confirmer', { motif: 'Acte de cession.' });
  expect(text(confirmed)).toContain('Une autre personne doit confirmer');
  const again = await first.browser.post(`${handover.url}/confirmer`, { motif: 'Encore.' });
  expect([again.status, text(again)]).toEqual([403, expect.stringContaining('M-DOMN-003')]);
  expect(await world.broker.domains.organizationOfDomain(domain)).toMatchObject({ siren: mayors });

  const other = await enter(
    second,
    new URL(handover.url).pathname,
    'second@operateur.example',
    'operateur-second',
  );
  expect(text(other)).toContain('Acte de cession.');
  const done = await press(second, other, '/confirmer', { motif: 'Vu l’acte.' });
  expect(text(done)).toContain('Le nom de domaine est passé à l’autre organisation.');
  expect(await world.broker.domains.organizationOfDomain(domain)).toMatchObject({ siren: association });
  expect((await subjectsTo(people.approved)).at(-1)).toBe(
    'Votre nom de domaine est passé à une autre organisation',
  );
});

test('lost after days without its record, it is given up', async () => {
  const { member } = who;
  zone.clear();
  for (let looks = 1; looks <= 4; looks += 1) {
    shiftMs = looks * day + 60_000;
    expect(await world.broker.domains.checkDue()).toBe(1);
  }
  shiftMs = 0;
  expect(await world.broker.domains.organizationOfDomain(domain)).toBeUndefined();
  const lost = await member.browser.get(at(list(association)));
  expect(text(lost)).toContain('plus vérifié');
  const gone = await press(member, lost, '/renoncer');
  expect(text(gone)).toContain('Vous avez renoncé');
  expect(text(gone)).toContain('abandonné');
  expect((await subjectsTo(people.association)).slice(-2)).toEqual([
    'Un nom de domaine ne se vérifie plus',
    'Un nom de domaine n’est plus vérifié',
  ]);
});
