/** What people without an identity provider change of their own account, and what keeps others from doing it. */
import { randomUUID } from 'node:crypto';
import { TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { redeclare } from '../replay/support/declarations.ts';
import { secondRecord } from '../replay/support/second-idp.ts';
import { startTimeout } from './each-backend.ts';
import { createPartnerPerson, joinOrganization, mailsTo } from './partner-person.ts';
import type { PartnerPerson } from './partner-person.ts';
import { createVisitor, people } from './visitor.ts';

const dinum = '13002526500013';
const minutes = 60_000;

let world: World;
let docs: ToolClient;
let person: PartnerPerson;
/** Milliseconds that the clock of the broker is ahead. */
let ahead = 0;
const clock = () => new Date(Date.now() + ahead);

beforeAll(async () => {
  world = await startWorld({ clock });
  docs = createToolClient(world, 'docs');
}, startTimeout);
afterAll(() => world.close());
beforeEach(async () => {
  ahead = 0;
  person = createPartnerPerson(world, `camille@atelier-${randomUUID().slice(0, 8)}.example`, clock);
});
afterEach(() => person.browser.close());

const at = (path: string): string => `${world.issuer}${path}`;
const text = (page: Page): string => person.browser.text(page);
const pathOf = (page: Page): string => new URL(page.url).pathname;
const get = (path: string): Promise<Page> => person.browser.get(at(path));
const post = (path: string, fields: Readonly<Record<string, string>>, options = {}): Promise<Page> =>
  person.browser.post(at(path), fields, options);

/** Signs up on the way to a page of the account. */
async function signUp(path = '/compte', who = person): Promise<Page> {
  const email = await who.browser.get(at(`/entrer?vers=${path}`));
  const name = await who.typeCode(await who.typeAddress(email));
  return who.browser.submitForm(name, { given_name: 'Camille', usual_name: 'Le Marchand' });
}

async function codeTo(address: string, purpose: 'new_address' | 'second_factor'): Promise<string> {
  const mail = (await mailsTo(world, address)).find(({ about }) => about === `code:${purpose}`);
  const [code = ''] = /\b\d{4}\s?\d{4}\b/.exec(mail?.text ?? '') ?? [];
  return code;
}
const subjectsTo = async (address: string) =>
  (await mailsTo(world, address))
    .filter(({ about }) => !about.startsWith('code:'))
    .map(({ subject }) => subject);

/** The tokens of a sign-in at the tool, in a session that is open. */
async function enterDocs() {
  const attempt = docs.attempt();
  const end = await person.browser.get(attempt.url, { redirects: docs.isCallback });
  return docs.tokens(attempt, docs.answer(attempt, end));
}

/** Connects an application on the page of the account. */
async function addApplication(): Promise<{ readonly page: Page; readonly application: TOTP }> {
  const form = await get('/compte/securite/application');
  const [, secret = ''] = /<code>([A-Z2-7 ]+)<\/code>/.exec(form.body) ?? [];
  const application = new TOTP({ secret: secret.replaceAll(' ', '') });
  const totp = application.generate({ timestamp: clock().getTime() });
  return { page: await person.browser.submitForm(form, { totp, nom: 'Téléphone' }), application };
}

describe('the front page', () => {
  test('leads to every part, and to none for nobody', async () => {
    const page = await signUp();
    const links = person.browser.links(page).map(({ href }) => new URL(href).pathname);
    for (const part of ['identite', 'securite', 'historique', 'mes-donnees', 'supprimer'])
      expect(links).toContain(`/compte/${part}`);
    expect(pathOf(await get('/compte/supprimer'))).toBe('/compte/mes-donnees/effacement');
    const nobody = createPartnerPerson(world, person.email, clock);
    for (const part of ['identite', 'securite', 'historique', 'securite/cle', 'securite/application']) {
      const sent = await nobody.browser.get(at(`/compte/${part}`), { redirects: 'manual' });
      expect([part, new URL(sent.location ?? '').pathname]).toEqual([part, '/entrer']);
    }
    await nobody.browser.close();
  });

  test('people of an identity provider read what it says, and where to have it changed', async () => {
    const agent = createVisitor(world);
    await agent.signIn('docs', people.commune);
    const identity = await agent.browser.get(at('/compte/identite'));
    expect(text(identity)).toContain(
      'viennent de votre page de connexion : Fournisseur d’identité de démonstration',
    );
    expect(identity.body).not.toContain('<form');
    expect(text(await agent.browser.get(at('/compte/securite')))).toContain('se changent là-bas');
    const refused = await agent.browser.post(at('/compte/identite/noms'), {
      given_name: 'X',
      usual_name: 'Y',
    });
    expect([refused.status, text(refused)]).toEqual([404, expect.stringContaining('M-PART-002')]);
    const history = text(await agent.browser.get(at('/compte/historique')));
    for (const words of ['Docs', 'siret', 'email']) expect(history).toContain(words);
    await agent.browser.close();
  });
});

describe('names and addresses', () => {
  test('another name is checked, and kept', async () => {
    const page = await signUp('/compte/identite');
    const wrong = await person.browser.submitForm(page, { given_name: 'www.x.example', usual_name: 'B' });
    expect([wrong.status, text(wrong)]).toEqual([400, expect.stringContaining('M-PART-003')]);
    const done = await person.browser.submitForm(page, { given_name: 'Camille', usual_name: 'Durand' });
    expect(text(done)).toContain('Votre nom est enregistré');
    expect(done.body).toContain('value="Durand"');
  });

  test('proof of both mailboxes moves the primary address; every tool keeps the same sub', async () => {
    await signUp();
    await joinOrganization(world, person.email, { siret: dinum, level: 'moderated' });
    await person.browser.close();
    person = person.inAnotherBrowser();
    await person.typeCode(await person.typeAddress(await get('/entrer?vers=/compte/identite')));
    const before = (await docs.userinfo((await enterDocs()).accessToken)).claims;
    expect(before['email']).toBe(person.email);

    const added = `bureau-${randomUUID().slice(0, 8)}@comite.example`;
    const asked = await post('/compte/identite/adresses', { email: added });
    expect(text(asked)).toContain(`Nous avons écrit à ${added}`);
    const wrong = await person.browser.submitForm(asked, { code: '0000 0000' });
    expect(text(wrong)).toContain('Ce code n’est pas le bon');
    const code = await codeTo(added, 'new_address');
    // The code is this browser's: whoever reads the mail elsewhere has nothing of it.
    const thief = createPartnerPerson(world, `m@x-${randomUUID().slice(0, 8)}.example`, clock);
    await signUp('/compte', thief);
    expect(pathOf(await thief.browser.post(at('/compte/code'), { code }))).toBe('/compte');
    await thief.browser.close();
    const done = await person.browser.submitForm(wrong, { code });
    expect(text(done)).toContain('L’adresse est ajoutée');
    expect(await subjectsTo(person.email)).not.toEqual([]);
    // A second click.
    expect(pathOf(await post('/compte/code', { code }))).toBe('/compte');

    const [, handle = ''] = /name="adresse" value="([^"]+)"/.exec(done.body) ?? [];
    const step = await post('/compte/identite/principale', { adresse: handle });
    expect(text(step)).toContain(`Nous avons écrit à ${person.email}, votre adresse principale actuelle`);
    const own = await codeTo(person.email, 'second_factor');
    const moved = await person.browser.submitForm(step, { code: own });
    expect(text(moved)).toContain('L’adresse principale est changée');

    const [, former = ''] = /name="adresse" value="([^"]+)"/.exec(moved.body) ?? [];
    const removed = await post('/compte/identite/retirer', { adresse: former });
    expect(text(removed)).toContain('L’adresse est retirée');
    expect((await subjectsTo(person.email)).length).toBeGreaterThanOrEqual(3);
    const last = await post('/compte/identite/retirer', { adresse: handle });
    expect([last.status, text(last)]).toEqual([409, expect.stringContaining('M-PART-006')]);

    const browser = createPartnerPerson(world, added, clock);
    await person.browser.close();
    person = browser;
    await person.typeCode(await person.typeAddress(await get('/entrer?vers=/compte')));
    const after = (await docs.userinfo((await enterDocs()).accessToken)).claims;
    expect(after).toMatchObject({ sub: before['sub'], email: added });
  });

  test('an address of somebody, of an identity provider, thrown away, or none at all changes nothing', async () => {
    const other = createPartnerPerson(world, `autre@atelier-${randomUUID().slice(0, 8)}.example`, clock);
    await signUp('/compte', other);
    await other.browser.close();
    await signUp();
    // Told once the mailbox is proven, and not before.
    const asked = await post('/compte/identite/adresses', { email: other.email });
    expect(text(asked)).toContain(`Nous avons écrit à ${other.email}`);
    const taken = await person.browser.submitForm(asked, { code: await codeTo(other.email, 'new_address') });
    expect([taken.status, text(taken)]).toEqual([409, expect.stringContaining('M-PART-004')]);
    const tries: readonly (readonly [string, string])[] = [
      ['agent@etat.example', 'M-PART-018'],
      ['x@yopmail.com', 'M-PART-019'],
      ['a\r\nBcc: b@x.example', 'adresse électronique complète'],
      [person.email.toUpperCase(), 'déjà la vôtre'],
    ];
    for (const [email, said] of tries)
      expect(text(await post('/compte/identite/adresses', { email }))).toContain(said);
    for (const adresse of ['', randomUUID(), '../x'])
      for (const act of ['principale', 'retirer'])
        expect((await post(`/compte/identite/${act}`, { adresse })).status).toBe(404);
    expect(text(await get('/compte/identite'))).not.toContain(other.email);
  });
});

describe('a domain for which an identity provider answers since, be it closed', () => {
  const domainOf = (email: string): string => email.split('@')[1] ?? '';
  const declare = (email: string) =>
    redeclare(world, {
      identity_providers: [
        secondRecord('http://127.0.0.1:9', {
          id: domainOf(email).split('.')[0],
          domains: [domainOf(email)],
          enabled: false,
        }),
      ],
    });
  /** Signs up, and proves another mailbox: its address and the page that names both. */
  async function withTwo() {
    await signUp();
    const second = `bureau@comite-${randomUUID().slice(0, 8)}.example`;
    const asked = await post('/compte/identite/adresses', { email: second });
    const page = await person.browser.submitForm(asked, { code: await codeTo(second, 'new_address') });
    expect(text(page)).toContain('L’adresse est ajoutée');
    const [, adresse = ''] = /name="adresse" value="([^"]+)"/.exec(page.body) ?? [];
    return { second, adresse };
  }

  test('the account whose primary address it is is opened by no other address, and the open session is nobody’s', async () => {
    const { second } = await withTwo();
    await declare(person.email);
    expect(pathOf(await get('/compte/identite'))).not.toBe('/compte/identite');
    expect((await post('/compte/identite/noms', {}, { redirects: 'manual' })).location).toContain('/entrer');
    const other = createPartnerPerson(world, second, clock);
    const email = await other.browser.get(at('/entrer?vers=/compte'));
    const refused = await other.typeCode(await other.typeAddress(email));
    expect([refused.status, other.text(refused)]).toEqual([422, expect.stringContaining('M-PART-018')]);
    expect(pathOf(await other.browser.get(at('/compte/identite')))).not.toBe('/compte/identite');
    await other.browser.close();
  });

  test('no such address becomes the primary one, whether it was asked before or after', async () => {
    const { second, adresse } = await withTwo();
    const step = await post('/compte/identite/principale', { adresse });
    const code = await codeTo(person.email, 'second_factor');
    await declare(second);
    const late = await person.browser.submitForm(step, { code });
    expect([late.status, text(late)]).toEqual([422, expect.stringContaining('M-PART-018')]);
    const again = await post('/compte/identite/principale', { adresse });
    expect([again.status, text(again)]).toEqual([422, expect.stringContaining('M-PART-018')]);
    expect(text(await get('/compte/identite'))).toContain(person.email);
  });
});

describe('ways to sign in', () => {
  test('an application is added, renamed; codes are shown once; each change asks for what there is', async () => {
    await signUp();
    const form = await get('/compte/securite/application');
    const wrong = await person.browser.submitForm(form, { totp: '000000' });
    expect(wrong.status).toBe(422);
    const { page, application } = await addApplication();
    expect(text(page)).toContain('L’application est ajoutée');
    expect(text(page)).toContain('Téléphone');
    expect((await subjectsTo(person.email)).join()).toContain('Nouveau moyen de connexion');

    // A session without the second factor takes nothing away any more, and is sent to use it.
    const [, moyen = ''] = /name="moyen" value="([^"]+)"/.exec(page.body) ?? [];
    const acts = [
      ['renommer', { moyen, nom: 'X' }],
      ['retirer', { moyen }],
      ['codes', {}],
    ] as const;
    for (const [act, fields] of acts) {
      const sent = await post(`/compte/securite/${act}`, fields, { redirects: 'manual' });
      expect([act, sent.location]).toEqual([act, expect.stringContaining('renforce=1')]);
    }
    const step = await get('/entrer?vers=/compte/securite&renforce=1&age=900');
    const mail = step.body.includes('name="email"') ? await person.typeAddress(step) : step;
    const second = mail.body.includes('name="code"') ? await person.typeCode(mail) : mail;
    const totp = application.generate({ timestamp: clock().getTime() + 30_000 });
    const strong = await person.browser.submitForm(second, { totp });
    expect(pathOf(strong)).toBe('/compte/securite');

    const bad = await post('/compte/securite/renommer', { moyen, nom: 'https://x.example' });
    expect([bad.status, text(bad)]).toEqual([400, expect.stringContaining('M-PART-003')]);
    expect(text(await post('/compte/securite/renommer', { moyen, nom: 'Tablette' }))).toContain('Tablette');
    const codes = await person.browser.submitForm(await get('/compte/securite/codes'), {});
    const shown = [...codes.body.matchAll(/<li><code>([^<]+)<\/code>/g)];
    expect(shown.length).toBe(10);
    expect(codes.headers['cache-control']).toBe('no-store');
    expect(text(await get('/compte/securite'))).toContain('peuvent encore servir : 10');

    // An operator keeps one; nobody else has to.
    const { db } = world.broker.stores;
    const found = await db
      .selectFrom('identity')
      .innerJoin('account', 'account.id', 'identity.account_id')
      .innerJoin('partner_authenticator', (join) => join.on('partner_authenticator.id', '=', moyen))
      .select(['subject', 'partner_id'])
      .whereRef('identity.subject', '=', (eb) => eb.cast('partner_authenticator.partner_id', 'text'))
      .executeTakeFirstOrThrow();
    const operator = await db
      .selectFrom('declared_object')
      .selectAll()
      .where('kind', '=', 'operator')
      .executeTakeFirstOrThrow();
    const document = JSON.stringify({
      ...JSON.parse(operator.document),
      id: 'camille',
      idp: 'partenaires',
      subject: found.subject,
    });
    await db
      .insertInto('declared_object')
      .values({ ...operator, id: 'camille', document })
      .execute();
    const kept = await post('/compte/securite/retirer', { moyen });
    expect([kept.status, text(kept)]).toEqual([409, expect.stringContaining('M-PART-014')]);
    expect(text(await get('/compte/securite'))).toContain('Ce moyen est le dernier');
    await db.deleteFrom('declared_object').where('id', '=', 'camille').execute();
    expect(text(await post('/compte/securite/retirer', { moyen }))).toContain('Le moyen est retiré');
    expect((await post('/compte/securite/retirer', { moyen })).status).toBe(404);
  });

  test('whoever signed in with a passkey alone proves the mailbox before anything is added', async () => {
    await signUp();
    const { db, ephemeral } = world.broker.stores;
    const { account_id: account } = await db
      .selectFrom('identity')
      .select('account_id')
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow();
    const [uid = ''] = await ephemeral.members(`signins:${account}`);
    const record = (await ephemeral.get(`signin:${uid}`)) ?? '';
    const withPasskey = record.replace('"amr":["mail"]', '"amr":["pop","user","mfa"]');
    expect(withPasskey).not.toBe(record);
    await ephemeral.set(`signin:${uid}`, withPasskey, 600);

    const step = await get('/compte/securite/application');
    expect(pathOf(step)).toBe('/compte/code');
    expect(text(step)).toContain(`prouvez que ${person.email} est à vous`);
    const empty = await person.browser.submitForm(step, { code: '' });
    expect([empty.status, text(empty)]).toEqual([
      422,
      expect.stringContaining('Recopiez le code du courriel'),
    ]);
    const early = await post('/compte/code/renvoyer', {});
    expect([early.status, text(early)]).toEqual([422, expect.stringContaining('déjà en route')]);
    const code = await codeTo(person.email, 'second_factor');
    const form = await person.browser.submitForm(empty, { code });
    expect(pathOf(form)).toBe('/compte/securite/application');
    expect(text((await addApplication()).page)).toContain('L’application est ajoutée');

    // All of it is said to be lost: the page tells, and whoever has a factor calls it off.
    const { id } = await db
      .selectFrom('partner_authenticator')
      .select('partner_id as id')
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow();
    const times = { asked_at: clock(), ready_at: new Date(clock().getTime() + 72 * 60 * minutes) };
    await db
      .insertInto('partner_lost_factors')
      .values({ partner_id: id, ...times })
      .execute();
    const told = await get('/compte/securite');
    expect(text(told)).toContain('Quelqu’un a dit avoir perdu tous vos moyens');
    const cancelled = await person.browser.submitForm(told, {}, { form: '/annuler' });
    expect(text(cancelled)).toContain('La demande est annulée');
    expect(text(cancelled)).not.toContain('Quelqu’un a dit');
  });

  test('a passkey that nobody made, or of another page, is refused and adds nothing', async () => {
    await signUp();
    const page = await get('/compte/securite/cle');
    const [, challenge = ''] = /data-challenge="([^"]+)"/.exec(page.body) ?? [];
    const refused = await post('/compte/securite/cle', { answer: '{"id":"x"}', challenge });
    expect(refused.status).toBe(422);
    for (const sealed of [challenge, '', 'x'.repeat(200)]) {
      const again = await post('/compte/securite/cle', { answer: '{}', challenge: sealed });
      expect([again.status, text(again)]).toEqual([422, expect.stringContaining('pas été acceptée')]);
    }
    expect(text(await get('/compte/securite'))).toContain('Aucun pour l’instant');
  });
});

test('sixteen minutes after the sign-in, and from another site, nothing changes', async () => {
  await signUp();
  const { page } = await addApplication();
  const [, moyen = ''] = /name="moyen" value="([^"]+)"/.exec(page.body) ?? [];
  const forms = [
    ['/compte/identite/noms', { given_name: 'X', usual_name: 'Y' }],
    ['/compte/identite/adresses', { email: 'x@ailleurs.example' }],
    ['/compte/identite/retirer', { adresse: randomUUID() }],
    ['/compte/securite/retirer', { moyen }],
    ['/compte/securite/annuler', {}],
    ['/compte/securite/cle', { answer: '{}', challenge: 'x' }],
    ['/compte/code', { code: '00000000' }],
  ] as const;
  for (const [path, fields] of forms) {
    const foreign = await post(path, fields, { initiator: 'http://evil.example' });
    expect([path, foreign.status]).toEqual([path, 403]);
  }
  ahead = 16 * minutes;
  for (const [path, fields] of forms.slice(0, -1)) {
    const late = await post(path, fields, { redirects: 'manual' });
    expect([path, late.location]).toEqual([path, expect.stringContaining('age=900')]);
  }
  const identity = await get('/compte/identite');
  expect(identity.body).toContain('value="Le Marchand"');
  expect(text(await get('/compte/securite'))).toContain('Téléphone');
});

test('history and copy: what was opened, as whom, which claims; erased with the account, and the address is free', async () => {
  await signUp();
  await joinOrganization(world, person.email, { siret: dinum, level: 'moderated' });
  await person.browser.close();
  person = person.inAnotherBrowser();
  await person.typeCode(await person.typeAddress(await get('/entrer?vers=/compte')));
  const { claims } = await enterDocs();
  await enterDocs();
  const history = await get('/compte/historique');
  for (const words of ['Docs', 'Ouvertures ce jour-là : 2', 'siret']) expect(text(history)).toContain(words);
  const copy = await post('/compte/mes-donnees/copie', {});
  for (const held of ['"uses"', person.email, 'Le Marchand']) expect(copy.body).toContain(held);

  const [, account = ''] = /"account": ?"([^"]+)"/.exec(copy.body) ?? [];
  expect(account).not.toBe('');

  const plan = await get('/compte/supprimer');
  const done = await person.browser.submitForm(plan, { compris: 'oui' });
  expect(text(done)).toContain('Vos données sont effacées');
  const { db } = world.broker.stores;
  const left = await db.selectFrom('sign_in_use').select('id').where('account_id', '=', account).execute();
  expect(left).toEqual([]);
  expect(
    await db.selectFrom('partner_address').select('id').where('address', '=', person.email).execute(),
  ).toEqual([]);
  await person.browser.close();
  person = createPartnerPerson(world, person.email, clock);
  ahead = 11 * minutes;
  expect(text(await signUp())).toContain(person.email);
  await joinOrganization(world, person.email, { siret: dinum, level: 'moderated' });
  await person.browser.close();
  person = person.inAnotherBrowser();
  ahead = 22 * minutes;
  await person.typeCode(await person.typeAddress(await get('/entrer?vers=/compte')));
  expect((await enterDocs()).claims['sub']).not.toBe(claims['sub']);
});
