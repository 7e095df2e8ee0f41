/** An association asks for a service, from nothing to its receipt and beyond; and what it cannot do. */
import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDays, parisDate } from '../../src/eligibility/eligibility.ts';
import { parseRna } from '../../src/organizations/organizations.ts';
import { applyOrganizations } from '../../src/register/register.ts';
import { alice, bob } from '../../src/registrations/testing/people.ts';
import { pdf, zip } from '../../src/registrations/evidence/testing/sample-files.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { applying, numberIn } from './applying.ts';
import { startTimeout } from './each-backend.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

let world: World;
let visitor: Visitor;
let neighbor: Visitor;
beforeAll(async () => {
  world = await startWorld({ issuerPath: '/api/v2' });
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  visitor = createVisitor(world);
  neighbor = createVisitor(world);
});
afterEach(async () => {
  const { db } = world.broker.stores;
  await db.deleteFrom('approval').where('origin', '=', 'registration').execute();
  await db.deleteFrom('registration').execute();
  await visitor.browser.close();
  await neighbor.browser.close();
});

const { at, enter, upload, fillIn, sendIn, operate } = applying(() => world);
const text = (page: Page) => visitor.browser.text(page);

/** The button of one organization, among those that the page offers. */
async function choose(page: Page, organization: string): Promise<Page> {
  expect(page.body).toContain(`name="organization" value="${organization}"`);
  return visitor.browser.post(page.url.replace(/\?.*$/, ''), { organization });
}

describe('from nothing to the receipt', () => {
  test('says what a request is before anybody signs in, and whom to ask when one cannot', async () => {
    const page = await visitor.browser.get(at());
    expect(page.status).toBe(200);
    expect(text(page)).toContain('La réponse vient en deux mois au plus');
    expect(text(page)).toContain('ou avec la vôtre si elle n’en donne pas');
    expect(page.body).toContain('mailto:docs@operateur.example');
  });

  test('leads through each step, keeps the draft, shows everything, and gives a receipt', async () => {
    const { browser } = visitor;
    const review = await fillIn(visitor);
    for (const said of [
      'Association sportive fictive',
      'trésorier',
      '12',
      'Le sport pour tous',
      'samir@asso.example',
    ])
      expect(text(review)).toContain(said);
    const id = numberIn(review);

    // Another day: the list says what is left to do, and leads there.
    const list = await browser.get(at());
    expect(text(list)).toContain('À terminer, puis à envoyer');
    expect((await browser.click(list, 'Association sportive fictive')).url).toBe(at(`/${id}/relire`));

    const undeclared = await browser.submitForm(review, {}, { form: '/relire' });
    expect(undeclared.status).toBe(422);
    expect(undeclared.body).toMatch(/<title>Erreur – /);
    expect(undeclared.body).toContain('href="#declaredAt"');

    const receipt = await browser.submitForm(undeclared, { declaredAt: 'oui' });
    expect(receipt.url).toBe(at(`/${id}/envoyee`));
    expect(text(receipt)).toContain('Un courriel vous a été envoyé à l’adresse membre@asso.example');
    expect(text(receipt)).toContain('Accusé de réception');
    expect(text(receipt)).toContain('réputée rejetée');
    const letter = browser.links(receipt).find(({ text: words }) => words.includes('(PDF)'));
    const answer = await fetch(letter?.href ?? '', {
      headers: { cookie: (await browser.cookies(at())).join('; ') },
    });
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(0, 5)
        .toString('latin1'),
    ).toBe('%PDF-');

    const file = await browser.get(at(`/${id}`));
    expect(text(file)).toContain('Docs Reçue');
    expect(text(file)).toMatch(/Nous vous répondrons au plus tard le \d/);
    expect(text(file)).toContain('considérée comme refusée');
    const { db } = world.broker.stores;
    const mails = await db.selectFrom('mail').select('recipient').execute();
    expect(mails.map(({ recipient }) => recipient)).toContain('membre@asso.example');
  });

  test('begins with the organization and the service that another page named', async () => {
    const page = await enter(visitor, people.association, '?organisation=000000406&service=visio');
    expect(text(page)).toContain('Association sportive fictive');
    const step = await visitor.browser.submitForm(page, {}, { form: '/demandes' });
    expect(text(step)).toContain('Continuer avec cette organisation');
    const services = await visitor.browser.get(at(`/${numberIn(step)}/services`));
    expect(services.body).toMatch(/id="services-visio"[^>]* checked/);
    expect(services.body).not.toMatch(/id="services-docs"[^>]* checked/);
  });

  test.each([
    ['fictive transparente', 'Association fictive transparente communale'],
    ['000 000 505', 'Association fictive transparente communale'],
    ['00000050500008', 'Association fictive transparente communale'],
    ['W000000105', 'Association fictive transparente communale'],
  ])('finds an organization by « %s »', async (typed, name) => {
    const start = await enter(visitor, people.association);
    const step = await visitor.browser.submitForm(start, {}, { form: '/demandes' });
    const found = await visitor.browser.submitForm(step, { q: typed });
    expect(text(found)).toContain(name);
    expect(text(await choose(found, '000000505'))).toContain('Continuer avec cette organisation');
  });

  test('takes the request of an association without SIREN, and says what it lacks', async () => {
    const rna = parseRna('W561009999');
    if (rna === undefined) throw new Error('not an RNA number');
    const { db } = world.broker.stores;
    const facts = { name: 'Les amis du phare inventé', unitState: 'A' } as const;
    await applyOrganizations(db, [{ rna, facts }], { source: 'rna', asOf: '2026-11-01', now: new Date() });
    const start = await enter(visitor, people.association);
    const step = await visitor.browser.submitForm(start, {}, { form: '/demandes' });
    const found = await visitor.browser.submitForm(step, { q: 'phare inventé' });
    const chosen = await choose(found, 'W561009999');
    expect(text(chosen)).toContain('pas encore de numéro SIREN');
    expect(text(chosen)).toContain('Vous pouvez déposer la demande dès maintenant');
  });

  test('shows what is open or asked for already, and does not let it be chosen, even by a forged form', async () => {
    const { browser } = visitor;
    await sendIn(visitor);
    const start = await browser.get(at());
    const page = await browser.submitForm(start, {}, { form: '/demandes' });
    const id = numberIn(page);
    await browser.submitForm(page, { organization: '000000406' });
    const services = await browser.get(at(`/${id}/services`));
    expect(services.body).not.toContain('id="services-docs"');
    expect(text(services)).toContain('déjà demandé pour votre organisation');
    const forged = await browser.post(at(`/${id}/services`), { services: 'docs', 'services-docs-why': 'x' });
    expect(forged.status).toBe(422);
    expect(text(forged)).toContain('Docs est déjà demandé pour cette organisation');
    await browser.post(at(`/${id}/organisation`), { organization: '000000109' });
    const open = await browser.get(at(`/${id}/services`));
    expect(text(open)).toMatch(/déjà ouvert à votre organisation, jusqu’au 31 décembre 2028/);
    const unknown = await browser.post(at(`/${id}/services`), { services: 'nothing"><b>' });
    expect(unknown.status).toBe(422);
    expect(unknown.body).not.toContain('"><b>');
  });
});

describe('what is typed', () => {
  test('is kept with its errors, each linked to its field, and escaped', async () => {
    const { browser } = visitor;
    const start = await enter(visitor, people.association);
    const step = await browser.submitForm(start, {}, { form: '/demandes' });
    const id = numberIn(step);
    const hostile = '<img src=x onerror=alert(1)>';
    const wrong = await browser.post(at(`/${id}/contacts`), {
      'dataProtection-name': hostile,
      'dataProtection-email': 'samir',
      domains: 'asso.example pas_un_domaine',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toMatch(/<title>Erreur – Qui contacter/);
    expect(wrong.body).toContain('href="#dataProtection-email"');
    expect(wrong.body).toContain('href="#security-name"');
    expect(wrong.body).toContain('« pas_un_domaine »'.replaceAll(' ', '\u00a0'));
    expect(wrong.body).not.toContain(hostile);
    const back = await browser.get(at(`/${id}/contacts`));
    expect(back.body).toContain('value="&lt;img src=x onerror=alert(1)&gt;"');
    expect(back.body).toContain('value="samir"');
  });

  test('as a day of no calendar is shown as it stands, and stops nothing but the sending', async () => {
    const { browser } = visitor;
    const start = await enter(visitor, people.association);
    const id = numberIn(await browser.submitForm(start, {}, { form: '/demandes' }));
    for (const day of ['30/02/2027', 'demain', '9'.repeat(500)]) {
      const wrong = await browser.post(at(`/${id}/vous`), {
        'acting-mandateUntil': day,
        'acting-capacity': 'x',
      });
      expect(wrong.status).toBe(422);
      const review = await browser.get(at(`/${id}/relire`));
      expect(review.status).toBe(200);
      expect(text(review)).toContain(day);
    }
  });

  test('a mandate without an end is asked again of an association, beside its field', async () => {
    const { browser } = visitor;
    const start = await enter(visitor, people.association);
    const id = numberIn(await browser.submitForm(start, {}, { form: '/demandes' }));
    const page = await browser.submitForm(await browser.get(at(`/${id}/organisation`)), {
      organization: '000000406',
    });
    await browser.click(page, 'Continuer avec cette organisation');
    const again = await browser.post(at(`/${id}/vous`), { 'acting-capacity': 'présidente' });
    expect(again.status).toBe(422);
    expect(again.body).toContain('href="#acting-mandateUntil"');
    expect(text(again)).toContain('Donnez la fin de votre mandat');
    const day = { 'acting-capacity': 'présidente', 'acting-mandateUntil': '31/12/2035' };
    expect((await browser.post(at(`/${id}/vous`), day)).url).toBe(at(`/${id}/services`));
  });

  test('beyond what fits is shown again with the limit, and nothing is lost', async () => {
    const { browser } = visitor;
    const start = await enter(visitor, people.association);
    const id = numberIn(await browser.submitForm(start, {}, { form: '/demandes' }));
    for (const length of [4_100, 30_000]) {
      const long = `${'é'.repeat(length)}fin`;
      const page = await browser.post(at(`/${id}/motif`), { purpose: long });
      expect(page.status).toBe(422);
      expect(text(page)).toContain('4 000 caractères au plus');
      expect(page.body).toContain(long);
    }
    expect((await browser.post(at(`/${id}/motif`), { purpose: 'x'.repeat(600_000) })).status).toBe(400);
  });

  test('with NUL and marks that turn the writing is cleaned, and addresses with them lead nowhere', async () => {
    const { browser } = visitor;
    const start = await enter(visitor, people.association);
    const id = numberIn(await browser.submitForm(start, {}, { form: '/demandes' }));
    await browser.post(at(`/${id}/vous`), { 'acting-capacity': 'tré\u0000sor\u202eier' });
    expect((await browser.get(at(`/${id}/vous`))).body).toContain('value="tré sor ier"');
    for (const path of ['/%00', `/${id}/pieces/%00`, `/${id}/courriers/%00`, `/${id}/recours/%00`])
      expect((await browser.get(at(path))).status).toBeGreaterThanOrEqual(404);
    expect((await browser.get(at(`?organisation=%00&service=%00`))).status).toBe(200);
    const choice = await browser.post(at(`/${id}/organisation`), { organization: '\u0000' });
    expect(choice.status).toBe(422);
  });
});

describe('documents', () => {
  let id: string;
  beforeEach(async () => {
    const start = await enter(visitor, people.association);
    id = numberIn(await visitor.browser.submitForm(start, {}, { form: '/demandes' }));
  });

  test('are kept, listed, given back as downloads only, and removed', async () => {
    const { browser } = visitor;
    const name = 'statuts <b>2024</b>.pdf';
    const sent = await upload(visitor, at(`/${id}/pieces`), { kind: 'statutes' }, [
      { field: 'piece', name, bytes: pdf() },
    ]);
    expect([sent.status, sent.location]).toEqual([303, `/api/v2/demandes/${id}/pieces`]);
    const page = await browser.get(at(`/${id}/pieces`));
    expect(page.body).not.toContain('<b>2024');
    const link = browser.links(page).find(({ href }) => href.includes('/pieces/'));
    const piece = await browser.get(link?.href ?? '');
    expect(piece.headers['content-disposition']).toMatch(/^attachment; /);
    expect(piece.headers['content-security-policy']).toContain('sandbox');
    await enter(neighbor, people.approved);
    expect((await neighbor.browser.get(link?.href ?? '')).status).toBe(404);
    await browser.submitForm(page, {}, { form: '/retirer' });
    expect((await browser.get(link?.href ?? '')).status).toBe(404);
  });

  test.each([
    ['a zip named PDF', zip([{ name: 'a', data: Buffer.from('b') }]), 415],
    ['a script named PDF', Buffer.from('<script>alert(1)</script>'), 415],
    ['nothing', Buffer.alloc(0), 422],
    ['over ten million bytes', Buffer.alloc(10_000_001, 'a'), 413],
  ])('%s is refused beside its field', async (_what, bytes, status) => {
    const answer = await upload(visitor, at(`/${id}/pieces`), { kind: 'statutes' }, [
      { field: 'piece', name: 'statuts.pdf', bytes },
    ]).catch(() => undefined);
    // Whoever sends on after the answer may see the connection end before it.
    if (answer !== undefined) {
      expect(answer.status).toBe(status);
      expect(answer.body).toContain('id="piece-error"');
    }
    expect(text(await visitor.browser.get(at(`/${id}/pieces`)))).not.toContain('statuts.pdf');
  });

  test('three gigabytes are not listened to', async () => {
    const cookie = (await visitor.browser.cookies(at())).join('; ');
    const status = await new Promise<number>((resolve, reject) => {
      const sending = httpRequest(at(`/${id}/pieces`), {
        method: 'POST',
        headers: {
          cookie,
          'sec-fetch-site': 'same-origin',
          'content-type': 'multipart/form-data; boundary=x',
          'content-length': String(3 * 1024 ** 3),
        },
      });
      sending.on('response', (answer) => resolve(answer.statusCode ?? 0));
      sending.on('error', reject);
      sending.write('--x\r\n');
    });
    expect(status).toBe(413);
  });

  test('a list of members is read: what it shows is computed, and lines that show nothing are numbered', async () => {
    const { browser } = visitor;
    await browser.post(at(`/${id}/organisation`), { organization: '000000109' });
    const list = Buffer.from('Nom;SIREN;Code\r\nVannes;;56260\r\nAmicale;;\r\n=cmd();;56999\r\n');
    const files = [{ field: 'membres', name: 'membres.csv', bytes: list }];
    expect((await upload(visitor, at(`/${id}/membres`), {}, files)).status).toBe(303);
    const page = await browser.get(at(`/${id}/pieces`));
    expect(text(page)).toMatch(/Lignes à vérifier : \d/);
    expect(text(page)).toContain('Ligne 3, « Amicale');
    expect(text(page)).toContain('liste-des-membres.csv');
    const template = await browser.click(page, 'Télécharger un modèle');
    expect(template.headers['content-type']).toContain('text/csv');
    const broken = await upload(visitor, at(`/${id}/membres`), {}, [
      { field: 'membres', name: 'membres.csv', bytes: Buffer.from([0, 1, 2, 3]) },
    ]);
    expect(broken.status).toBe(422);
    expect(broken.body).toContain('id="membres-error"');
  });
});

describe('what is not theirs', () => {
  test('does not exist, for reading as for writing: the same page as for what nobody has', async () => {
    const id = numberIn(await fillIn(visitor));
    await enter(neighbor, people.approved);
    const reads = [
      '',
      '/relire',
      '/services',
      '/pieces',
      '/envoyee',
      '/repondre',
      '/retirer',
      '/recours/docs',
    ];
    for (const path of reads) {
      const [foreign, none] = [
        await neighbor.browser.get(at(`/${id}${path}`)),
        await neighbor.browser.get(at(`/D-26-00000000${path}`)),
      ];
      expect([path, foreign.status]).toEqual([path, 404]);
      const same = (page: Page) =>
        page.body
          .replace(/[0-9A-F]{4}-[0-9A-F]{4}/g, '')
          .replaceAll(id, '')
          .replaceAll('D-26-00000000', '');
      expect(same(foreign)).toBe(same(none));
    }
    for (const path of [
      '/vous',
      '/relire',
      '/supprimer',
      '/retirer',
      '/recours/docs',
      '/renouveler',
      '/repondre',
    ])
      expect((await neighbor.browser.post(at(`/${id}${path}`), { seen: '0', text: 'x' })).status).toBe(404);
    expect((await visitor.browser.get(at(`/${id}/relire`))).status).toBe(200);
  });

  test('nothing is posted from another site, nor by nobody', async () => {
    const id = numberIn(await fillIn(visitor));
    const { browser } = visitor;
    const elsewhere = { headers: { 'sec-fetch-site': 'cross-site' }, initiator: 'https://elsewhere.example' };
    for (const path of ['', `/${id}/vous`, `/${id}/relire`, `/${id}/pieces`, `/${id}/supprimer`])
      expect([path, (await browser.post(at(path), {}, elsewhere)).status]).toEqual([path, 403]);
    const nobody = await neighbor.browser.post(
      at(`/${id}/vous`),
      { 'acting-capacity': 'x' },
      { redirects: 'manual' },
    );
    expect(nobody.status).toBe(303);
    expect(nobody.location).toContain('/entrer?vers=');
    expect(text(await browser.get(at(`/${id}/vous`)))).not.toContain('x'.repeat(2));
  });
});

describe('once it is sent', () => {
  test('nothing of it is changed, and no act out of place is taken', async () => {
    const id = await sendIn(visitor);
    const { browser } = visitor;
    for (const path of ['/vous', '/services', '/relire', '/supprimer', '/organisation'])
      expect((await browser.post(at(`/${id}${path}`), { 'acting-capacity': 'roi' })).url).toBe(at(`/${id}`));
    for (const path of [
      '/recours/docs',
      '/motifs/docs',
      '/observations/docs',
      '/recours/nothing',
      '/repondre',
    ])
      expect([path, (await browser.post(at(`/${id}${path}`), { seen: '1', text: 'x' })).status]).toEqual([
        path,
        409,
      ]);
    expect((await browser.post(at(`/${id}/approuver/docs`), { seen: '1' })).status).toBe(404);
    expect((await browser.post(at(`/${id}/renouveler`), {})).status).toBe(409);
    const sent = await upload(visitor, at(`/${id}/pieces`), { kind: 'statutes' }, [
      { field: 'piece', name: 'a.pdf', bytes: pdf() },
    ]);
    expect(sent.location).toBe(`/api/v2/demandes/${id}`);
  });

  test('a question is answered with a document and a few words; what happened meanwhile is told', async () => {
    const id = await sendIn(visitor);
    const { browser } = visitor;
    await operate(id, { act: 'take' });
    await operate(id, {
      act: 'ask_pieces',
      pieces: ['directors'],
      text: 'La liste des dirigeants, s’il vous plaît.',
      days: 15,
      blocking: true,
    });
    const file = await browser.get(at(`/${id}`));
    expect(text(file)).toContain('La liste des dirigeants, s’il vous plaît.');
    expect(text(file)).not.toContain('alice');
    const reply = await browser.click(file, 'Répondre');
    const empty = await browser.submitForm(reply, {}, { form: 2 });
    expect(empty.status).toBe(422);
    const zipped = await upload(visitor, at(`/${id}/repondre/pieces`), { kind: 'directors' }, [
      { field: 'piece', name: 'a.pdf', bytes: zip([]) },
    ]);
    expect(zipped.status).toBe(415);
    const sent = await upload(visitor, at(`/${id}/repondre/pieces`), { kind: 'directors' }, [
      { field: 'piece', name: 'dirigeants.pdf', bytes: pdf() },
    ]);
    expect(sent.status).toBe(303);
    // A note of the operator is none of the applicant's business: it stops nothing.
    await operate(id, { act: 'note', text: 'à revoir' });
    const withPiece = await browser.get(at(`/${id}/repondre`));
    expect(text(withPiece)).toContain('dirigeants.pdf');
    const stale = await browser.post(at(`/${id}/repondre`), { seen: '1', text: 'Voici <b>la liste</b>.' });
    expect(stale.status).toBe(409);
    expect(text(stale)).toContain('Votre dossier a changé entre-temps');
    expect(text(stale)).toContain('Des documents ou des précisions vous sont demandés');
    expect(stale.body).toContain('Voici &lt;b&gt;la liste&lt;/b&gt;.');
    await operate(id, { act: 'note', text: 'encore' });
    const done = await browser.submitForm(stale, {}, { form: 3 });
    expect(done.url).toBe(at(`/${id}?fait=reponse`));
    expect(text(done)).toContain('Votre réponse est envoyée');
    expect(text(done)).not.toContain('à revoir');
    const opened = await world.broker.registrations.forOperator(id);
    const supplied = opened?.file.events.at(-1)?.act;
    expect(supplied).toMatchObject({ act: 'supply', text: 'Voici <b>la liste</b>.' });
    expect(supplied?.act === 'supply' ? supplied.evidence : []).toHaveLength(1);
  });

  test('a refusal is read, and contested; the appeal has its receipt', async () => {
    const id = await sendIn(visitor);
    const { browser } = visitor;
    // Whoever proposes is still in charge when it is confirmed: somebody whom the demonstration declares.
    const decider = { ...alice, id: 'helene-marchand' };
    await operate(id, { act: 'take' }, decider);
    const proposal = {
      decision: 'refuse',
      motive: 'no_public_mission',
      text: 'L’association <i>n’exerce</i> pas de mission publique.',
      rule: 'La règle publiée.',
    } as const;
    await operate(id, { act: 'propose', service: 'docs', proposal }, decider);
    expect(text(await browser.get(at(`/${id}`)))).not.toContain('mission publique');
    await operate(id, { act: 'confirm', service: 'docs' }, bob);
    const file = await browser.get(at(`/${id}`));
    expect(text(file)).toContain('Docs Refusée');
    expect(text(file)).toContain('Demande refusée');
    expect(text(file)).toMatch(/Vous pouvez contester cette décision jusqu’au \d/);
    expect(file.body).not.toContain('<i>n’exerce</i>');
    const letter = await browser.get(
      browser.links(file).find(({ text: words }) => words === 'Lire le courrier')?.href ?? '',
    );
    expect(text(letter)).toContain('Refus');
    const appeal = await browser.click(file, 'Contester la décision');
    expect((await browser.submitForm(appeal, { text: ' ' })).status).toBe(422);
    const long = await browser.submitForm(appeal, { text: 'x'.repeat(10_001) });
    expect(long.status).toBe(422);
    const done = await browser.submitForm(appeal, { text: 'Nous exerçons bien une mission publique.' });
    expect(text(done)).toContain('Votre recours est envoyé');
    expect(text(done)).toContain('Docs Recours en cours');
    // Twice is once.
    expect((await browser.submitForm(appeal, { text: 'Encore.' })).status).toBe(409);
  });

  test('a right is given up after a page that says who loses it: nobody is let in any more, and it can be asked for anew', async () => {
    const id = await sendIn(visitor);
    const { browser } = visitor;
    const today = parisDate(new Date());
    await operate(id, { act: 'take' });
    await operate(id, {
      act: 'approve',
      service: 'docs',
      terms: {
        level: 'member',
        ground: 'public_service_mission',
        conditions: [],
        startsOn: today,
        endsOn: addDays(today, 200),
      },
      text: 'Accordé.',
    });
    const docs = createToolClient(world, 'docs');
    const { accessToken, refreshToken } = await neighbor.enter(docs, people.association);
    expect((await docs.userinfo(accessToken)).status).toBe(200);

    const ask = await browser.click(await browser.get(at(`/${id}`)), 'Renoncer à cet accès');
    expect(text(ask)).toContain('1 personne utilise ce service pour votre organisation');
    const early = await browser.submitForm(ask, { from: '01/01/2020', text: 'Un <b>mot</b>.' });
    expect([early.status, text(early).includes('Ce jour est passé')]).toEqual([422, true]);
    const stale = await browser.post(early.url, { seen: '1', from: '01/01/2020', text: 'Un <b>mot</b>.' });
    expect(stale.status).toBe(409);
    expect(stale.body).toContain('Un &lt;b&gt;mot&lt;/b&gt;.');
    const [day = '', month = '', year = ''] = today.split('-').toReversed();
    const done = await browser.submitForm(stale, { from: `${day}/${month}/${year}` });
    expect(text(done)).toContain('Votre renonciation est enregistrée');
    expect(text(done)).toContain('Terminée : vous y avez renoncé');
    expect(text(done)).toContain('Vous renoncez à l’accès à Docs');

    await expect.poll(async () => (await docs.userinfo(accessToken)).status).toBe(401);
    expect((await docs.refresh(refreshToken)).error).toBe('invalid_grant');
    expect(await neighbor.ask(docs, { prompt: 'none' })).toMatchObject({ error: 'access_denied' });
    // Twice is once, and what is over is not given up again.
    expect((await browser.submitForm(ask, { from: `${day}/${month}/${year}` })).status).toBe(409);
    const again = await browser.submitForm(await browser.get(at()), {}, { form: '/demandes' });
    await browser.submitForm(again, { organization: '000000406' });
    expect((await browser.get(at(`/${numberIn(again)}/services`))).body).toContain('id="services-docs"');
  });

  test('a request is withdrawn after a question, and another one may be made', async () => {
    const id = await sendIn(visitor);
    const { browser } = visitor;
    const ask = await browser.click(await browser.get(at(`/${id}`)), 'Retirer la demande');
    expect(text(ask)).toContain('L’examen s’arrête');
    const done = await browser.submitForm(ask);
    expect(text(done)).toContain('Votre demande est retirée');
    expect(text(done)).toContain('Docs Retirée');
  });

  test('what changed in another tab is shown before anything is sent; a second click sends nothing twice', async () => {
    const review = await fillIn(visitor);
    const { browser } = visitor;
    const id = numberIn(review);
    await browser.post(at(`/${id}/vous`), {
      'acting-capacity': 'présidente',
      'acting-mandateUntil': '31/12/2035',
    });
    const stale = await browser.submitForm(review, { declaredAt: 'oui' });
    expect(stale.status).toBe(409);
    expect(text(stale)).toContain('a changé dans un autre onglet');
    expect(text(stale)).toContain('présidente');
    const [one, other] = await Promise.all([
      browser.submitForm(stale, { declaredAt: 'oui' }),
      browser.submitForm(stale, { declaredAt: 'oui' }),
    ]);
    expect([one.status, other.status].filter((status) => status === 200).length).toBeGreaterThanOrEqual(1);
    const opened = await world.broker.registrations.forOperator(id);
    expect(opened?.file.events.map(({ act }) => act.act)).toEqual(['submit']);
  });

  test('a draft is deleted after a question', async () => {
    const review = await fillIn(visitor);
    const { browser } = visitor;
    const ask = await browser.click(review, 'Supprimer cette demande');
    expect(text(await browser.submitForm(ask))).toContain('La demande et ses documents sont supprimés');
    expect((await browser.get(at(`/${numberIn(review)}`))).status).toBe(404);
  });
});

test('the page that refuses a tool leads to the request, with the organization and the service', async () => {
  const page = await visitor.signIn('docs', people.association);
  expect(page.status).toBe(403);
  const request = await visitor.browser.click(page, 'Demander l’accès');
  expect(request.url).toBe(at('?organisation=000000406&service=docs'));
  // Signed in already.
  expect(text(request)).toContain('Pour l’organisation : Association sportive fictive');
});
