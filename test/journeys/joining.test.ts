/** Somebody comes to act for another organization: asks, is answered, acts, leaves. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import type { Page } from '../support/browser-session.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import { representing } from './representing.ts';
import { createPartnerPerson, mailsTo } from './partner-person.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const club = '00000040600009';
const nantes = '21440109300015';

let world: World;
/** How far the broker is ahead. */
let shiftMs = 0;
let yann: Visitor;
let helene: Visitor;

beforeAll(async () => {
  world = await startWorld({ clock: () => new Date(Date.now() + shiftMs) });
  yann = createVisitor(world);
  helene = createVisitor(world);
}, startTimeout);
afterAll(async () => {
  await yann.browser.close();
  await helene.browser.close();
  await world.close();
});

const at = (path: string) => `${world.issuer}${path}`;
const text = (page: Page) => yann.browser.text(page);

describe('an agent of Nantes who is also treasurer of an association', () => {
  test('finds it, and is told by which way, and why', async () => {
    const nobody = await yann.browser.get(at('/compte/organisations'));
    const mine = await yann.identify(await yann.browser.click(nobody, 'Se connecter'), people.commune);
    expect(text(mine)).toMatch(/Commune de Nantes[\s\S]*d’après votre page de connexion/u);
    const search = await yann.browser.click(mine, 'Rejoindre une organisation');
    const found = await yann.browser.get(`${search.url}?q=association+sportive`);
    const way = await yann.browser.click(found, 'Association sportive');
    expect(text(way)).toContain('Un opérateur peut accepter votre demande');
    expect(text(way)).toContain('Personne ne représente encore cette organisation ici');
    // Whoever presides it files its pieces there, and starts from this very association.
    expect(text(await yann.browser.click(way, 'Déposer une demande'))).toContain('Association sportive');
    const asked = await yann.browser.submitForm(way, { message: 'Trésorier depuis mars' });
    expect(text(asked)).toContain('Votre demande est envoyée');
    expect(text(asked)).toContain('Attend la réponse d’un opérateur');
  });

  test.each([
    ['21440109300016', 'Ce numéro n’est pas valable'],
    ['73282932000074', 'Aucun registre ne connaît'],
    ['BE0403170701', 'celui d’un autre pays'],
    [nantes, 'Vous agissez déjà'],
  ])('%s: nothing to send, and a sentence that says why', async (number, sentence) => {
    const page = await yann.browser.get(at(`/compte/organisations/rejoindre/${number}`));
    expect(page.status).toBe(200);
    expect(text(page)).toContain(sentence);
    const posted = await yann.browser.post(page.url, { voie: 'operator', message: '' });
    expect(posted.status).toBe(403);
    expect(text(posted)).toContain('M-JOIN-004');
  });

  test('is accepted by an operator, signs in again, and chooses the association in a tool', async () => {
    const open = await helene.browser.get(at('/operateur/rattachements'));
    const console_ = await helene.identify(open, people.operator);
    const shown = helene.browser.text(console_);
    expect(shown).toContain('Yann Bihan-Morel');
    expect(shown).toContain('Personne ne représente encore cette organisation ici');
    expect(shown).toContain('Le premier représentant d’une association dépose une demande');
    expect(shown).toMatch(/Ce qui a été fait[\s\S]*Demande commencée[\s\S]*Demande envoyée à un opérateur/u);
    // What is one's own may be refused with the request; what anybody opens is nobody's.
    expect(console_.body).toContain('name="domaine"');
    const writesFrom = (address: string) =>
      sql`update joined_membership set address = ${address} where state = 'awaiting_operator'`.execute(
        world.broker.stores.db,
      );
    await writesFrom('yann@orange.fr');
    expect((await helene.browser.get(at('/operateur/rattachements'))).body).not.toContain('name="domaine"');
    await writesFrom(people.commune);
    const action = /action="([^"]*rattachements\/[^"]+)"/u.exec(console_.body)?.[1] ?? '';
    const seen = /name="vu" value="(\d+)"/u.exec(console_.body)?.[1] ?? '';
    const answer = (fields: Readonly<Record<string, string>>) =>
      helene.browser.post(new URL(action, world.issuer).href, { vu: seen, ...fields });
    expect((await answer({ decision: 'accept', raison: ' ' })).status).toBe(422);
    // Where the association does not lie, it is not there; a membership opens every tool: it is not for who decides on some.
    const declared = await createOperator(world);
    const within = (perimeter: Readonly<Record<string, readonly string[]>> | undefined) =>
      declared.declare('operator', 'helene-marchand', (document) => ({ ...document, perimeter }));
    const accepted = { decision: 'accept', raison: 'x', preuve: 'proof_received' };
    for (const [perimeter, listed, answered] of [
      [{ departments: ['2A'] }, 200, 404],
      [{ services: ['docs'] }, 403, 403],
    ] as const) {
      await within(perimeter);
      const page = await helene.browser.get(at('/operateur/rattachements'));
      expect([perimeter, page.status]).toEqual([perimeter, listed]);
      expect(helene.browser.text(page)).not.toContain('Yann');
      expect((await answer(accepted)).status).toBe(answered);
    }
    await within({ federations: [club.slice(0, 9)] });
    const near = await helene.browser.get(at('/operateur/rattachements'));
    expect(helene.browser.text(near)).toContain('Yann Bihan-Morel');
    await within(undefined);
    const done = await answer({ decision: 'accept', raison: 'Procès-verbal lu', preuve: 'proof_received' });
    expect(helene.browser.text(done)).toContain('agit maintenant pour l’organisation');
    expect((await answer({ decision: 'refuse', raison: 'Trop tard' })).status).toBe(404);

    const mine = await yann.browser.get(at('/compte/organisations'));
    expect(text(mine)).toContain('Vérifié par une personne');
    const again = await yann.browser.click(mine, 'Se connecter de nouveau');
    const back = await yann.identify(again, people.commune);
    expect(back.url).toBe(at('/compte/organisations'));
    const visio = createToolClient(world, 'visio');
    const tokens = await yann.enter(visio, people.commune, {}, club);
    const { claims } = await visio.userinfo(tokens.accessToken);
    expect(claims).toMatchObject({ siret: club, is_public_service: false });

    const left = await yann.browser.submitForm(await yann.browser.get(at('/compte/organisations')));
    expect(text(left)).toContain('Vous n’agissez plus pour cette organisation');
    expect((await visio.userinfo(tokens.accessToken)).status).toBe(401);
  });

  test('cannot answer, invite or open what is not theirs', async () => {
    for (const path of ['demandes', 'inviter', 'invitation?jeton=abc']) {
      const page = await yann.browser.get(at(`/compte/organisations/${path}`));
      expect(page.status, path).toBe(404);
    }
    const posted = await yann.browser.post(at('/compte/organisations/inviter'), {
      organisation: '000000109',
      email: 'x@exemple.example',
    });
    expect(text(posted)).toContain('M-JOIN-001');
  });
});

test('whoever represents it invites an address; the link is for that address', async () => {
  const rozenn = createVisitor(world);
  const { represent } = representing(() => world);
  await rozenn.identify(await rozenn.browser.get(at('/entrer?vers=/compte')), people.association);
  await represent(people.association, { siren: club.slice(0, 9) });
  const form = await rozenn.browser.get(at('/compte/organisations/inviter'));
  const other = await rozenn.browser.submitForm(form, { email: 'erreur@exemple.example' });
  expect(rozenn.browser.text(other)).toContain('erreur@exemple.example');
  const takenBack = await rozenn.browser.submitForm(other, {}, { form: '/annuler' });
  expect(rozenn.browser.text(takenBack)).toContain('L’invitation est annulée');
  expect(takenBack.body).not.toContain('erreur@exemple.example');
  // What lets others in, or takes them out, is asked of whoever has just signed in.
  shiftMs = 2 * 3600 * 1000;
  for (const path of ['demandes', 'inviter']) {
    const page = await rozenn.browser.get(at(`/compte/organisations/${path}`));
    expect([path, rozenn.browser.text(page)]).toEqual([path, expect.stringContaining('prouver à nouveau')]);
  }
  const posted = await rozenn.browser.post(at('/compte/organisations/inviter'), {
    ...{ organisation: club.slice(0, 9), email: 'plus-tard@exemple.example' },
  });
  expect(rozenn.browser.text(posted)).toContain('prouver à nouveau');
  expect(await mailsTo(world, 'plus-tard@exemple.example')).toEqual([]);
  shiftMs = 0;
  const sent = await rozenn.browser.submitForm(form, { email: people.commune });
  expect(rozenn.browser.text(sent)).toContain('L’invitation est envoyée');
  const { text: mail } = await world.broker.stores.db
    .selectFrom('mail')
    .select('text')
    .where('recipient', '=', people.commune)
    .where('text', 'like', '%jeton=%')
    .executeTakeFirstOrThrow();
  const link = /http\S*jeton=[\w-]+/u.exec(mail)?.[0] ?? '';
  const wrong = await rozenn.browser.get(link);
  expect(rozenn.browser.text(wrong)).toMatch(/M-JOIN-00[39]/u);
  const page = await yann.browser.get(link);
  expect(text(page)).toContain('vous invite');
  const joined = await yann.browser.submitForm(page);
  expect(text(joined)).toContain('vous agissez pour cette organisation');
  expect(text(await yann.browser.get(link))).toContain('M-JOIN-007');
  await rozenn.browser.close();
});

test('an official mailbox is shown only as far as whoever knows it needs', async () => {
  const statement = { dpnt: { facts: { contactEmail: 'bureau@club-officiel.example' }, asOf: '2026-11-01' } };
  await sql`
    update organization set statements = (statements::jsonb || ${JSON.stringify(statement)}::jsonb)::text
    where siren = '000000109'`.execute(world.broker.stores.db);
  const way = await yann.browser.get(at('/compte/organisations/rejoindre/000000109'));
  expect(text(way)).toContain('b•••@club-officiel.example');
  const wrong = await yann.browser.post(way.url, { voie: 'code', contact: 'bureau@club-officiel.example' });
  expect([wrong.status, text(wrong)]).toEqual([422, expect.stringContaining('Choisissez une adresse')]);
  const sent = await yann.browser.submitForm(way, {}, { form: '/rejoindre/000000109' });
  expect(text(sent)).toContain('Un code a été envoyé à b•••@club-officiel.example');
  for (const page of [way, wrong, sent]) expect(page.body).not.toContain('bureau@');
  expect(await mailsTo(world, 'bureau@club-officiel.example')).toHaveLength(1);
  // By whichever number it is called.
  const byRna = await yann.browser.get(at('/compte/organisations/rejoindre/W000000101'));
  const tried = await yann.browser.submitForm(byRna, { code: '0000 0000' }, { form: '/code' });
  expect([tried.status, text(tried)]).toEqual([422, expect.stringContaining('Ce code n’est pas le bon')]);
});

test('U+0000 in an address or a form finds nothing, and breaks nothing', async () => {
  const nul = '\u0000';
  const list = await yann.browser.get(at('/demandes'));
  const draft = await yann.browser.submitForm(list, {}, { form: '/demandes' });
  const pages = ['', 'demandes', 'compte/organisations/rejoindre', 'compte/organisations/demandes', 'entrer'];
  for (const page of [...pages.map((path) => at(`/${path}`)), draft.url]) {
    for (const name of [
      'q',
      'commune',
      'id',
      'siret',
      'type',
      'departement',
      'organisation',
      'service',
      'vers',
    ]) {
      const query = new URLSearchParams({ ...(name === 'q' ? {} : { q: 'club' }), [name]: `club${nul}` });
      const { status } = await yann.browser.get(`${page}?${query.toString()}`);
      expect([page, name, status < 500]).toEqual([page, name, true]);
    }
  }
  const way = at(`/compte/organisations/rejoindre/${club}`);
  for (const [url, fields] of [
    [at('/demandes'), { organisation: nul, service: nul }],
    [draft.url, { organisation: nul, nom: nul }],
    [way, { voie: 'operator', message: nul, contact: nul }],
    [`${way}/code`, { code: nul }],
    [at(`/compte/organisations/${nul}/quitter`), {}],
    [at('/compte/organisations/inviter'), { organisation: nul, email: `a${nul}@exemple.example`, fin: nul }],
    [at(`/membres/${club.slice(0, 9)}`), {}],
    [at(`/compte/organisations/${club.slice(0, 9)}/domaines`), { domaine: nul }],
  ] as const) {
    const { status } = await yann.browser.post(url, fields);
    expect([url, status < 500]).toEqual([url, true]);
  }
});

describe('somebody without an identity provider, who proved a mailbox once', () => {
  const email = 'claire@club-fictif.example';
  const codeMails = async () =>
    (await mailsTo(world, email)).filter(({ about }) => about === 'code:second_factor');
  const lastCode = async () => /\b\d{4}\s?\d{4}\b/.exec((await codeMails())[0]?.text ?? '')?.[0] ?? 'none';

  test('joins by it only once they have read it today', async () => {
    const claire = createPartnerPerson(world, email, () => new Date());
    const { browser } = claire;
    const naming = await claire.typeCode(
      await claire.typeAddress(await browser.get(at('/entrer?vers=/compte/organisations'))),
    );
    await browser.submitForm(naming, { given_name: 'Claire', usual_name: 'Fictive' });
    const now = new Date();
    await world.broker.stores.db
      .insertInto('organization_domain')
      .values({
        ...{
          id: randomUUID(),
          siren: club.slice(0, 9),
          domain: 'club-fictif.example',
          with_subdomains: false,
        },
        ...{ token: 't', state: 'verified', method: 'dns_txt', claimed_at: now, verified_at: now },
      })
      .execute();
    const url = at(`/compte/organisations/rejoindre/${club}`);
    const way = await browser.get(url);
    expect(browser.text(way)).toContain(email);
    const typing = await browser.submitForm(way, {}, { form: `/rejoindre/${club}` });
    expect(browser.text(typing)).toContain('prouvez que claire@club-fictif.example est à vous aujourd’hui');
    expect(await codeMails()).toHaveLength(1);
    // Nothing is joined by asking again, nor by a wrong code.
    await browser.post(url, { voie: 'proof', message: '' });
    expect((await browser.submitForm(typing, { code: '0000 0000' }, { form: '/compte/code' })).status).toBe(
      422,
    );
    const before = await browser.get(at('/compte/organisations'));
    expect(browser.text(before)).not.toContain('Association sportive');
    const back = await browser.submitForm(typing, { code: await lastCode() }, { form: '/compte/code' });
    expect(back.url).toBe(url);
    const joined = await browser.submitForm(back, {}, { form: `/rejoindre/${club}` });
    expect(browser.text(joined)).toContain('vous agissez pour cette organisation');
    const mine = at('/compte/organisations');
    expect(browser.text(await browser.get(mine))).not.toContain('Prouver de nouveau');
    // A month before its end, the list leads to where it is proven again; without such a proof, it says so.
    const until = () =>
      sql<{ until: string }>`select until::text as until from joined_membership where address = ${email}`
        .execute(world.broker.stores.db)
        .then(({ rows }) => rows[0]?.until);
    const year = await until();
    await sql`
      update joined_membership set until = current_date + 20 where address = ${email}`.execute(
      world.broker.stores.db,
    );
    const again = await browser.click(await browser.get(mine), 'Prouver de nouveau');
    expect(again.url).toBe(url);
    const renewed = await browser.submitForm(again, {}, { form: `/rejoindre/${club}` });
    expect(browser.text(renewed)).toContain('vous agissez pour cette organisation');
    expect(await until()).toBe(year);
    await sql`
      update joined_membership set until = current_date + 20, level = 'moderated', method = 'official_address'
      where address = ${email}`.execute(world.broker.stores.db);
    expect(browser.text(await browser.get(mine))).toContain(`L’adresse ${email} ne suffit pas`);
    await browser.close();
  });
});
