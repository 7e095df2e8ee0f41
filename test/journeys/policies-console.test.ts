/** Rules of access in the console: written by one person, tried, published by another, in force at the next login. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parisDate } from '../../src/eligibility/eligibility.ts';
import { demoPeople } from '../../demo/people.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const staff = { author: 'regles@operateur.example', second: 'controle@operateur.example' } as const;
type Staff = keyof typeof staff;

const services = '/operateur/services';
const commune = '21440109300015';
let shiftMs = 0;
let world: World;
const visitors = new Map<Staff, Visitor>();

beforeAll(async () => {
  world = await startWorld({ clock: () => new Date(Date.now() + shiftMs) });
  const operator = await createOperator(world);
  await operator.declare('operator', 'claire-vasseur', (document) => ({
    ...document,
    roles: ['policy_editor'],
  }));
}, startTimeout);
afterAll(async () => {
  for (const { browser } of visitors.values()) await browser.close();
  await world.close();
});

const at = (path: string) => `${world.issuer}${path}`;

async function as(who: Staff): Promise<Visitor['browser']> {
  const known = visitors.get(who);
  if (known !== undefined) return known.browser;
  const visitor = createVisitor(world);
  visitors.set(who, visitor);
  const { browser } = visitor;
  let page = await browser.get(at('/operateur/moi'));
  if (page.body.includes('name="email"')) page = await browser.submitForm(page, { email: staff[who] });
  const { sub = '' } = demoPeople.find(({ email }) => email === staff[who]) ?? {};
  page = await browser.submitForm(page, { person: sub });
  expect(page.url).toBe(at('/operateur/moi'));
  return browser;
}
const get = async (who: Staff, path: string): Promise<Page> => (await as(who)).get(at(path));
const text = async (who: Staff, page: Page): Promise<string> =>
  (await as(who)).text(page).replaceAll(/[\u00a0\u202f]/gu, ' ');
const pathOf = (page: Page): string =>
  new URL(page.url).pathname.replace(new URL(world.issuer).pathname, '/');
const versionOf = (page: Page): string => /name="vu" value="(\d+)"/u.exec(page.body)?.[1] ?? '';

/** Begins one from this version of docs. */
async function begin(who: Staff, from: string): Promise<Page> {
  const page = await (await as(who)).post(at(`${services}/docs/brouillons`), { de: from });
  expect(page.status).toBe(200);
  return page;
}
/** Writes and proposes. */
const propose = async (page: Page, document: string): Promise<Page> =>
  (await as('author')).post(`${page.url.split('?')[0] ?? ''}/proposer`, {
    vu: versionOf(page),
    document: document.replaceAll('\n', '\r\n'),
    raison: 'Une adresse de messagerie ne suffit plus.',
  });

const today = parisDate(new Date());
/** Nobody enters any more. */
const closed = (version: number, from = today): string =>
  `service: docs\nversion: ${version}\nvalid_from: '${from}'\nguards: []\nrules: []\ndefault: { deny: not_eligible }\n`;

async function mayEnter(): Promise<boolean> {
  await world.broker.refresh();
  const visitor = createVisitor(world);
  const docs = createToolClient(world, 'docs');
  const attempt = docs.attempt();
  const page = await visitor.identify(await visitor.follow(docs, attempt), people.state, {
    redirects: docs.isCallback,
  });
  await visitor.browser.close();
  return page.location !== undefined;
}

describe('the rules of a service', () => {
  test('are read in words by whoever may read them', async () => {
    const list = await get('author', services);
    expect(await text('author', list)).toContain('Ouvert si');
    const page = await (await as('author')).click(list, 'Docs');
    const said = await text('author', page);
    expect(pathOf(page)).toBe(`${services}/docs`);
    expect(said).toContain('Fichiers de l’opérateur');
    expect(said).toContain('Préparer une nouvelle version');
    expect((await get('author', `${services}/nothing`)).status).toBe(404);
    expect((await get('author', `${services}/docs/comparer?de=1&a=9`)).status).toBe(404);
  });

  test('are tried with one organization, with every test in words', async () => {
    const page = await get('author', `/operateur/simulation?numero=${commune}`);
    const said = await text('author', page);
    expect(page.status).toBe(200);
    expect(said).toContain('Pourquoi');
    expect(said).toContain('l’organisation');
    expect(page.body).toContain('<code lang="en">docs@1</code>');
    for (const wrong of ['12', '784523318', '%27%3E']) {
      const refused = await get('author', `/operateur/simulation?numero=${wrong}`);
      expect([wrong, refused.status]).toEqual([wrong, 422]);
    }
  });

  test('are written with their faults by line, tried, proposed by one, published by another, and decide', async () => {
    expect(await mayEnter()).toBe(true);
    const begun = await begin('author', '1');
    const wrong = await propose(begun, closed(2).replace('rules: []', 'rules: []\ncolour: red'));
    expect(await text('author', wrong)).toMatch(/Ligne 6 Ce mot n’est pas attendu ici : ?colour/u);
    expect(wrong.body).toContain('colour: red');

    const proposed = await propose(wrong, closed(2));
    expect(await text('author', proposed)).toContain('Elle attend une deuxième personne.');
    const path = pathOf(proposed);
    // Whoever may publish it finds it without being told; its author does not have to.
    const waits = 'La version 2 attend que vous la relisiez';
    const read = await get('second', services);
    expect(await text('second', read)).toContain(waits);
    expect(read.body).toContain(`${path}"`);
    expect(await text('author', await get('author', services))).not.toContain(waits);
    // Without files to examine, that is where they begin.
    expect(await text('second', await get('second', '/operateur'))).toContain(waits);
    const preview = await get('author', `${path}/apercu`);
    const effect = await text('author', preview);
    expect([preview.status, effect]).toEqual([200, expect.stringContaining('toutes celles du registre')]);
    expect(effect).toContain('Perdent l’accès');
    expect(effect).not.toContain('Gagnent l’accès Organisations');
    const concerned = /Une personne qui a ce service ouvert perdra l’accès.*Organisations : 1 ;.*outils : 1/u;
    expect(effect).toMatch(concerned);
    const tried = await get(
      'author',
      `/operateur/simulation?numero=13002526500013&brouillon=${path.split('/').at(-1) ?? ''}`,
    );
    expect(await text('author', tried)).toMatch(/aujourd’hui Oui.*avec la version en préparation Non/su);

    // The author has no button for it, and no way around.
    expect(proposed.body).not.toContain('/publier');
    const own = await (await as('author')).post(at(`${path}/publier`), { vu: versionOf(proposed) });
    expect([own.status, own.body.includes('M-POLI-004')]).toEqual([403, true]);

    const seen = await get('second', path);
    expect(await text('second', seen)).toMatch(concerned);
    const stale = await (await as('second')).post(at(`${path}/publier`), { vu: '1' });
    expect([stale.status, stale.body.includes('M-POLI-002')]).toEqual([409, true]);
    shiftMs = 20 * 60_000;
    const late = await (await as('second')).submitForm(seen, {}, { form: '/publier' });
    expect([late.status, late.body.includes('M-FILE-037')]).toEqual([403, true]);
    shiftMs = 0;
    expect(await mayEnter()).toBe(true);

    const published = await (await as('second')).submitForm(seen, {}, { form: '/publier' });
    const said = await text('second', published);
    expect(pathOf(published)).toBe(`${services}/docs`);
    for (const part of ['La version est publiée.', 'Marc Delorme', 'Claire Vasseur', 'en vigueur'])
      expect(said).toContain(part);
    expect(await mayEnter()).toBe(false);
    const compared = await get('author', `${services}/docs/comparer?de=1&a=2`);
    expect(await text('author', compared)).toContain('Supprimé :');
  });

  test('are written in words beside the text, which says the same', async () => {
    const begun = await begin('author', '1');
    const here = begun.url.split('?')[0] ?? '';
    const browser = await as('author');
    const written = (page: Page): string =>
      (/<textarea id="document"[^>]*>\n([^<]*)</u.exec(page.body)?.[1] ?? '')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&gt;', '>');
    const act = (page: Page, gesture: RegExp, document = written(page)): Promise<Page> =>
      browser.post(`${here}/regles`, {
        vu: versionOf(page),
        document,
        raison: 'Les petites communes.',
        geste: gesture.exec(page.body)?.[0] ?? '',
      });

    // What was typed beside comes along; the proof of the link has no fields.
    expect(begun.body).not.toMatch(/modifier\.guards\.2/u);
    const empty = await act(begun, /ajouter\.rules/u, `${written(begun)}# Une note.\n`);
    const wrong = await browser.submitForm(empty, { nom: 'public-service', departements: '1' });
    expect([wrong.status, await text('author', wrong)]).toEqual([
      422,
      expect.stringContaining('qu’aucune autre'),
    ]);
    expect(wrong.body).toContain('href="#departements"');
    const fields = { nom: 'petites-communes', types: 'local_authority.commune', departements: '56' };
    const filled = { ...fields, population: '3 500', droits: 'use', fondement: 'territorial_rule' };
    const added = await browser.submitForm(wrong, filled);
    expect(await text('author', added)).toContain('compte moins de 3 500 habitants');
    for (const part of ['id: petites-communes', 'lt: 3500', '# Une note.', 'lt: email_domain'])
      expect(written(added)).toContain(part);
    const late = await browser.submitForm(wrong, filled);
    expect([late.status, await text('author', late)]).toEqual([
      409,
      expect.stringContaining('Le texte a changé dans un autre onglet'),
    ]);
    // What was typed is still there; it is sent again, and meets what is in the text by now.
    expect(late.body).toContain('value="petites-communes"');
    expect((await browser.submitForm(late, {})).status).toBe(422);

    // The whole text from an older page: it comes back as it was typed, and what is saved is a link away.
    const mine = `${written(begun)}# À moi.\n`;
    const texts = { vu: versionOf(begun), document: mine, raison: 'Relu.' };
    for (const old of [
      await browser.post(`${here}/enregistrer`, texts),
      await act(begun, /ajouter\.rules/u, mine),
    ]) {
      expect([old.status, written(old)]).toEqual([409, mine]);
      expect(await text('author', old)).toContain('Ce texte a changé dans un autre onglet');
    }

    const up = await act(added, /monter\.rules\.3\.\w+/u);
    const order = [...written(up).matchAll(/- id: (\S+)/gu)].map(([, id]) => id);
    expect(order).toEqual(['public-service', 'approved', 'petites-communes', 'guest']);
    // The text says something else there by now: it is kept, and nothing else is moved.
    const other = written(up).replace('petites-communes', 'communes');
    const kept = await act(up, /retirer\.rules\.2\.\w+/u, other);
    expect([written(kept), await text('author', kept)]).toEqual([
      other,
      expect.stringContaining('n’a pas été changée'),
    ]);
    const change = await act(kept, /modifier\.rules\.2\.\w+/u);
    const elsewhere = await browser.submitForm(change, { departements: '35' });
    expect(await text('author', elsewhere)).toContain('Ille-et-Vilaine');
    // The same rule, changed in another tab: both are shown, and what is sent again takes its place.
    const stale = await browser.submitForm(change, { departements: '56 29' });
    expect([stale.status, await text('author', stale)]).toEqual([
      409,
      expect.stringMatching(/Cette règle a changé dans un autre onglet.*Ille-et-Vilaine/su),
    ]);
    expect(stale.body).toContain('value="56 29"');
    const changed = await browser.submitForm(stale, {});
    expect(await text('author', changed)).toContain('Finistère');
    expect(await text('author', changed)).not.toContain('Ille-et-Vilaine');
    const proposed = await propose(changed, written(changed));
    expect(await text('author', proposed)).toContain('Elle attend une deuxième personne.');
    expect(proposed.body).not.toContain('geste');
    const closedTo = await browser.get(`${here}/regles/regle-1`);
    expect([closedTo.status, closedTo.body.includes('M-POLI-003')]).toEqual([409, true]);
  });

  test('are not published on a base that is no longer the last, and a former version comes back', async () => {
    const back = await begin('author', '1');
    const beside = await begin('author', '2');
    const document = /<textarea id="document"[^>]*>\n([^<]*)</u.exec(back.body)?.[1] ?? '';
    expect(document).toContain('version: 3');
    const proposed = await (await as('author')).submitForm(back, {}, { form: '/enregistrer' });
    const sent = await (
      await as('author')
    ).post(at(`${pathOf(proposed)}/proposer`), {
      vu: versionOf(proposed),
      document: document.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&gt;', '>'),
      raison: 'Retour à la version 1.',
    });
    expect(await text('author', sent)).toContain('Elle attend une deuxième personne.');

    // Sent back without a reason, then with one, then proposed again.
    const page = await get('second', pathOf(sent));
    const nothing = await (await as('second')).submitForm(page, { motif: '  ' }, { form: '/renvoyer' });
    expect(nothing.status).toBe(422);
    const returned = await (
      await as('second')
    ).submitForm(page, { motif: 'Précisez.' }, { form: '/renvoyer' });
    expect(await text('second', returned)).toContain('La version est renvoyée');
    const mine = await get('author', pathOf(sent));
    const again = await (
      await as('author')
    ).post(at(`${pathOf(sent)}/proposer`), {
      vu: versionOf(mine),
      document: document.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&gt;', '>'),
      raison: 'Retour à la version 1, comme convenu.',
    });
    const read = await get('second', pathOf(again));
    await (await as('second')).submitForm(read, {}, { form: '/publier' });
    expect(await mayEnter()).toBe(true);

    const overtaken = await propose(beside, closed(3));
    expect([overtaken.status, overtaken.body.includes('M-POLI-007')]).toEqual([409, true]);
    const left = await get('author', pathOf(beside));
    expect(await text('author', left)).toContain('Une autre version a été publiée depuis');
    const dropped = await (await as('author')).submitForm(left, {}, { form: '/abandonner' });
    expect(await text('author', dropped)).toContain('La version en préparation est abandonnée.');
  });

  test('published for a day to come decide from that day on', async () => {
    const tomorrow = parisDate(new Date(Date.now() + 86_400_000));
    const proposed = await propose(await begin('author', '3'), closed(4, tomorrow));
    const read = await get('second', pathOf(proposed));
    const page = await (await as('second')).submitForm(read, {}, { form: '/publier' });
    expect(await text('second', page)).toContain('à venir');
    expect(await mayEnter()).toBe(true);
    shiftMs = 86_400_000;
    expect(await mayEnter()).toBe(false);
    shiftMs = 0;
  });
});
