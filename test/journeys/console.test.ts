/** Operators examine, decide and check in the console: what they see, what they may do, what becomes of the access. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parisDate } from '../../src/eligibility/eligibility.ts';
import { applicantOf, association, createDesk, mayors } from '../../src/registrations/testing/room.ts';
import type { Desk } from '../../src/registrations/testing/room.ts';
import { demoPeople } from '../../demo/people.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const staff = {
  decider: 'operateur@operateur.example',
  second: 'second@operateur.example',
  reviewer: 'examen@operateur.example',
  rules: 'regles@operateur.example',
  auditor: 'controle@operateur.example',
} as const;
type Staff = keyof typeof staff;

let world: World;
let operator: Operator;
let desk: Desk;
const applicant = applicantOf('Ada');
let shiftMs = 0;
const visitors = new Map<Staff, Visitor>();

beforeAll(async () => {
  const clock = () => new Date(Date.now() + shiftMs);
  world = await startWorld({ clock });
  operator = await createOperator(world);
  desk = createDesk(world.broker.registrations, clock);
}, startTimeout);
afterAll(async () => {
  for (const { browser } of visitors.values()) await browser.close();
  await world.close();
});

const at = (path: string) => `${world.issuer}${path}`;

/** Signed in once, and then again and again. */
async function as(who: Staff): Promise<Visitor> {
  const known = visitors.get(who);
  if (known !== undefined) return known;
  const visitor = createVisitor(world);
  visitors.set(who, visitor);
  const { browser } = visitor;
  let page = await browser.get(at('/operateur/moi'));
  if (page.body.includes('name="email"')) page = await browser.submitForm(page, { email: staff[who] });
  const { sub = '' } = demoPeople.find(({ email }) => email === staff[who]) ?? {};
  page = await browser.submitForm(page, { person: sub });
  expect([page.status, page.url]).toEqual([200, at('/operateur/moi')]);
  return visitor;
}
const get = async (who: Staff, path: string) => (await as(who)).browser.get(at(path));
const post = async (who: Staff, path: string, fields: Readonly<Record<string, string>>) =>
  (await as(who)).browser.post(at(path), fields);
const said = (page: Page) => [...visitors.values()][0]?.browser.text(page) ?? '';

/** A file of the association, as it was sent. */
const submitted = async (
  services: readonly string[] = ['docs'],
  organization = association,
): Promise<string> => {
  await world.broker.stores.db
    .updateTable('registration_request')
    .set({ state: 'withdrawn', proposed: false, due_on: null })
    .execute();
  await world.broker.stores.db.deleteFrom('approval').where('siren', '=', association).execute();
  await world.broker.stores.db.updateTable('registration').set({ stage: 'ended' }).execute();
  const id = await desk.draft(applicant, services, organization);
  await desk.submit(id, applicant);
  return id;
};
const file = (id: string) => `/operateur/dossiers/${id}`;
const fields = (page: Page): string => page.body;
const version = (page: Page): string => /name="vu" value="(\d+)"/u.exec(page.body)?.[1] ?? '';
const digest = (page: Page): string => /name="lettre" value="([0-9a-f]{64})"/u.exec(page.body)?.[1] ?? '';

const today = parisDate(new Date());
const approval = {
  service: 'docs',
  niveau: 'member',
  fondement: 'public_service_mission',
  conditions: 'Rester une association déclarée.',
  du: today,
  au: `${Number(today.slice(0, 4)) + 1}-12-31`,
  texte: 'L’association remplit les conditions.',
} as const;
const reason = {
  service: 'docs',
  motif: 'security_incident',
  texte: 'Un compte envoie des messages frauduleux.',
} as const;

/** Opens the file, sees the letter, sends it. */
async function decide(
  who: Staff,
  id: string,
  slug: string,
  sent: Readonly<Record<string, string>>,
): Promise<Page> {
  const visitor = await as(who);
  const vu = version(await get(who, file(id)));
  const preview = await post(who, `${file(id)}/apercu/${slug}`, { ...sent, vu });
  expect([slug, preview.status]).toEqual([slug, 200]);
  return visitor.browser.submitForm(preview, {}, { form: `/actes/${slug}` });
}
const take = async (who: Staff, id: string) =>
  post(who, `${file(id)}/actes/prendre`, { vu: version(await get(who, file(id))) });
const release = async (who: Staff, id: string) =>
  post(who, `${file(id)}/actes/liberer`, { vu: version(await get(who, file(id))) });
const stateOf = async (id: string, service = 'docs') =>
  (await world.broker.registrations.forOperator(id))?.file.requests.find((one) => one.service === service)
    ?.state;

describe('a file, from its examination to its end', () => {
  let id: string;
  beforeEach(async () => {
    id = await submitted();
  });

  test('is examined by one, approved by another after its letter was read, and opens the tool', async () => {
    const queue = await get('reviewer', '/operateur?q=suivi:personne');
    expect(queue.status).toBe(200);
    expect(said(queue)).toContain('À faire');
    const opened = await (
      await as('reviewer')
    ).browser.submitForm(queue, {}, { form: `${id}/actes/prendre` });
    expect(opened.url).toContain('ligne=');
    let page = await get('reviewer', file(id));
    expect(said(page)).toContain('En examen');
    expect(fields(page)).not.toContain('/apercu/agreer');
    expect(fields(page)).toContain('/actes/noter');
    page = await post('reviewer', `${file(id)}/actes/noter`, {
      vu: version(page),
      texte: 'Statuts lus, rien à redire.',
    });
    expect(said(page)).toContain('Statuts lus, rien à redire.');
    expect(
      (await world.broker.registrations.forApplicant(id, applicant.accountId))?.file.events.map(
        ({ act }) => act.act,
      ),
    ).toEqual(['submit']);
    const asked = await (await as('reviewer')).browser.get(at(`${file(id)}?acte=demander`));
    expect(said(asked)).toContain('Pièces attendues');
    await release('reviewer', id);

    const member = createVisitor(world);
    const docs = createToolClient(world, 'docs');
    const before = await member.identify(await member.follow(docs, docs.attempt()), people.association);
    expect(before.status).toBe(403);

    await take('decider', id);
    const form = await get('decider', `${file(id)}?service=docs&acte=agreer`);
    expect(fields(form)).toContain('/apercu/agreer');
    const preview = await (
      await as('decider')
    ).browser.submitForm(form, { ...approval, service: 'docs' }, { form: '/apercu/agreer' });
    expect(preview.status).toBe(200);
    const words = said(preview);
    for (const part of [
      'Rien n’est encore envoyé',
      'L’association remplit les conditions.',
      'Hélène Marchand',
      'Rester une association déclarée.',
    ])
      expect(words).toContain(part);
    expect(preview.body).toContain('&quot;decision&quot;: &quot;allow&quot;');
    expect(preview.body).toContain('&quot;ground&quot;: &quot;public_service_mission&quot;');
    expect(await stateOf(id)).toBe('under_review');

    const done = await (await as('decider')).browser.submitForm(preview, {}, { form: '/actes/agreer' });
    expect(done.url).toContain('fait=agreer');
    expect(said(done)).toContain('Dossier suivant');
    expect(await stateOf(id)).toBe('approved');
    const letters = (await world.broker.registrations.forOperator(id))?.letters.map(({ kind }) => kind);
    expect(letters).toEqual(['receipt', 'approval']);
    const letter = await (await as('decider')).browser.click(done, 'Lire le courrier');
    expect(said(letter)).toContain('Rester une association déclarée.');
    const pdf = await (await as('decider')).browser.get(`${letter.url}/pdf`);
    expect(pdf.headers['content-type']).toBe('application/pdf');

    const tokens = await member.enter(docs, people.association);
    expect((await docs.userinfo(tokens.accessToken)).status).toBe(200);

    // Before anything is closed, whom it concerns is shown; then the door closes, and what was open with it.
    const closing = await post('decider', `${file(id)}/apercu/suspendre-urgence`, {
      ...reason,
      vu: version(await get('decider', file(id))),
    });
    expect(said(closing)).toContain('1 personne perd son accès');
    expect(said(closing)).toContain('Outils concernés : docs');
    expect(closing.body).toContain('&quot;reason&quot;: &quot;approval_suspended&quot;');
    await (await as('decider')).browser.submitForm(closing, {}, { form: '/actes/suspendre-urgence' });
    expect(await stateOf(id)).toBe('suspended_urgent');
    await expect
      .poll(async () => (await docs.userinfo(tokens.accessToken)).status, { timeout: 10_000 })
      .toBe(401);
    expect(await member.ask(docs, { prompt: 'none' })).not.toEqual(aCode);
    await decide('decider', id, 'retablir', { service: 'docs', texte: 'L’incident est réglé.' });
    expect(await member.ask(docs, { prompt: 'none' })).toEqual(aCode);
    await member.browser.close();
  });

  test('a refusal waits for a second person, and only for a second person', async () => {
    await take('decider', id);
    const proposed = await decide('decider', id, 'refuser', reason);
    expect(said(proposed)).toContain('En attente d’une seconde personne');
    expect(fields(proposed)).not.toContain('acte=confirmer');
    expect(await stateOf(id)).toBe('under_review');
    expect((await world.broker.registrations.forOperator(id))?.letters.map(({ kind }) => kind)).toEqual([
      'receipt',
    ]);
    // The same person, with a form of their own making.
    const same = await post('decider', `${file(id)}/apercu/confirmer`, {
      service: 'docs',
      vu: version(proposed),
    });
    expect([same.status, said(same)]).toEqual([403, expect.stringContaining('M-FILE-004')]);
    const count = await get('second', '/operateur');
    expect(said(count)).toMatch(/1\s*à confirmer/u);
    const page = await get('second', file(id));
    expect(said(page)).toContain('Hélène Marchand propose un refus');
    const read = await (await as('second')).browser.click(page, 'Relire et confirmer');
    expect(read.status).toBe(200);
    const done = await decide('second', id, 'confirmer', { service: 'docs' });
    expect(said(done)).toContain('Refusé');
    expect(await stateOf(id)).toBe('refused');
    const letter = (await world.broker.registrations.forOperator(id))?.letters.at(-1)?.document;
    expect(JSON.stringify(letter)).toContain('Garnier');
    expect(JSON.stringify(letter)).toContain('Marchand');
  });

  test('a second person may say no', async () => {
    await take('decider', id);
    await decide('decider', id, 'refuser', reason);
    const page = await get('second', `${file(id)}?service=docs&acte=decliner`);
    await (
      await as('second')
    ).browser.submitForm(page, { texte: 'Le fait n’est pas établi.' }, { form: '/actes/decliner' });
    expect(said(await get('decider', file(id)))).toContain('Proposition écartée');
    expect(await stateOf(id)).toBe('under_review');
  });

  test('what is wrong in a form is said beside its field, with what was typed', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    const page = await post('decider', `${file(id)}/apercu/agreer`, {
      ...approval,
      au: '2020-01-01',
      texte: ' ',
      vu,
    });
    expect(page.status).toBe(422);
    expect(page.body).toContain('href="#texte"');
    expect(page.body).toMatch(/id="texte"[^>]*aria-invalid="true"/u);
    expect(page.body).toContain('Rester une association déclarée.');
    const again = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, au: '2020-01-01', vu });
    expect(again.body).toMatch(/id="au"[^>]*aria-invalid="true"/u);
    // Back from the preview, nothing is lost.
    const preview = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu });
    const back = await (
      await as('decider')
    ).browser.post(at(`${file(id)}/reprendre/agreer`), {
      ...approval,
      vu,
    });
    expect(preview.status).toBe(200);
    expect(back.body).toContain(approval.texte);
    expect(back.body).toMatch(/value="member" selected/u);
  });

  test('nothing is sent that was not read, nor from a page that is not true any more', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    const unread = await post('decider', `${file(id)}/actes/agreer`, { ...approval, vu });
    expect([unread.status, said(unread)]).toEqual([409, expect.stringContaining('M-FILE-010')]);
    const preview = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu });
    const lettre = digest(preview);
    const other = await post('decider', `${file(id)}/actes/agreer`, {
      ...approval,
      texte: 'Autre chose.',
      vu,
      lettre,
    });
    expect([other.status, said(other)]).toEqual([409, expect.stringContaining('M-FILE-010')]);
    // One's own note changes nothing to what one is deciding; what a colleague wrote is read first.
    await post('decider', `${file(id)}/actes/noter`, { texte: 'Une note.', vu });
    expect((await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu })).status).toBe(200);
    await post('reviewer', `${file(id)}/actes/noter`, { texte: 'Attention : statuts modifiés.', vu });
    for (const path of ['apercu', 'actes']) {
      const stale = await post('decider', `${file(id)}/${path}/agreer`, { ...approval, vu, lettre });
      expect(stale.status).toBe(409);
      expect(said(stale)).toContain('Le dossier a changé pendant que vous le lisiez');
      expect(said(stale)).toContain('Attention : statuts modifiés.');
      expect(stale.body).toContain(approval.texte);
      expect(stale.body).toMatch(/value="member" selected/u);
    }
    expect(await stateOf(id)).toBe('under_review');
  });

  test('of two who decide at once, one does', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    const lettre = digest(await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu }));
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => post('decider', `${file(id)}/actes/agreer`, { ...approval, vu, lettre })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    const own = await (await as('second')).browser.post(at(`${file(id)}/apercu/refuser`), { ...reason, vu });
    expect(own.status).toBe(409);
  });

  test('an act that the console does not offer is not there; one that the state forbids is refused', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    for (const slug of [
      'submit',
      'silence',
      'expire',
      'close',
      'propose',
      'approve',
      '../agreer',
      'constructor',
    ])
      expect([
        slug,
        (await post('decider', `${file(id)}/actes/${slug}`, { ...approval, vu })).status,
      ]).toEqual([slug, 404]);
    const early = await post('decider', `${file(id)}/apercu/suspendre`, { ...reason, vu });
    expect(early.status).toBe(409);
    const strange = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, service: 'visio', vu });
    expect(strange.status).toBe(409);
    const elsewhere = await post('decider', `${file('D-26-00000000')}/actes/prendre`, { vu });
    expect(elsewhere.status).toBe(404);
    expect(await stateOf(id)).toBe('under_review');
  });

  test('who reads a piece leaves a trace of it, and gets it as a file', async () => {
    const { registrations, stores } = world.broker;
    const piece = await registrations.addPiece(id, applicant.accountId, {
      kind: 'statutes',
      file: { name: 'statuts.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.4 <script>') },
    });
    const path = `${file(id)}/pieces/${piece.id}`;
    expect((await get('reviewer', file(id))).body).toContain(path);
    const got = await get('reviewer', path);
    expect([got.status, got.headers['content-type'], got.body]).toEqual([
      200,
      'application/pdf',
      '%PDF-1.4 <script>',
    ]);
    expect(got.headers['content-disposition']).toMatch(/^attachment/u);
    expect(got.headers['content-security-policy']).toContain('sandbox');
    const traces = await stores.db
      .selectFrom('audit_entry')
      .select('actor')
      .where('act', '=', 'evidence.read')
      .where('subject', '=', `registration:${id}`)
      .execute();
    expect(traces).toEqual([{ actor: 'operator:nadia-lefort' }]);
    const other = await submitted(['tchap']);
    expect((await get('reviewer', `${file(other)}/pieces/${piece.id}`)).status).toBe(404);
    expect((await get('rules', path)).status).toBe(403);
  });

  test('a verdict on a piece is shown beside it', async () => {
    const piece = await world.broker.registrations.addPiece(id, applicant.accountId, {
      kind: 'statutes',
      file: { name: 'statuts.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.4') },
    });
    await take('reviewer', id);
    const page = await get('reviewer', file(id));
    const done = await (
      await as('reviewer')
    ).browser.submitForm(
      page,
      { verdict: 'rejected', texte: 'Non signés.', piece: piece.id },
      { form: '/actes/verifier' },
    );
    expect(said(done)).toMatch(/Statuts\s*écartée/u);
    expect(said(done)).toContain('Nadia Lefort : Non signés.');
  });

  test('a decision asks for a recent sign-in, and what was typed is there afterwards', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    shiftMs = 20 * 60_000;
    try {
      const page = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, acte: 'agreer', vu });
      expect([page.status, said(page)]).toEqual([403, expect.stringContaining('M-FILE-037')]);
      const link = (await as('decider')).browser.links(page).find(({ href }) => href.includes('/entrer'));
      const back = new URL(link?.href ?? '').searchParams.get('vers') ?? '';
      expect(back).toContain('acte=agreer');
      const kept = await get('decider', back);
      expect(kept.body).toContain(approval.texte);
      expect(kept.body).toContain(`value="${approval.au}"`);
      // What decides nothing does not ask for it.
      expect((await post('decider', `${file(id)}/actes/noter`, { texte: 'Une note.', vu })).status).toBe(200);
    } finally {
      shiftMs = 0;
    }
  });

  test('a long explanation passes whole', async () => {
    await take('decider', id);
    const vu = version(await get('decider', file(id)));
    const texte = 'é'.repeat(9_900);
    const preview = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, texte, vu });
    expect(preview.status).toBe(200);
    expect(preview.body).toContain(texte);
  });

  test('a form from another site does nothing', async () => {
    const vu = version(await get('decider', file(id)));
    const page = await (
      await as('decider')
    ).browser.post(at(`${file(id)}/actes/prendre`), { vu }, { initiator: 'https://elsewhere.example' });
    expect(page.status).toBe(403);
    expect((await world.broker.registrations.forOperator(id))?.file.taken).toBeUndefined();
  });
});

describe('who may', () => {
  afterEach(() => operator.restore());

  test('a reviewer decides nothing, an auditor changes nothing, who writes rules sees no file', async () => {
    const id = await submitted();
    await take('reviewer', id);
    const vu = version(await get('reviewer', file(id)));
    for (const path of ['apercu/agreer', 'actes/agreer', 'apercu/confirmer']) {
      const page = await post('reviewer', `${file(id)}/${path}`, { ...approval, vu });
      expect([path, page.status, said(page)]).toEqual([path, 403, expect.stringContaining('M-FILE-006')]);
    }
    const read = await get('auditor', file(id));
    expect(read.status).toBe(200);
    for (const part of ['/actes/', '/apercu/']) expect(read.body).not.toContain(part);
    expect((await post('auditor', `${file(id)}/actes/noter`, { texte: 'x', vu })).status).toBe(403);
    expect((await get('rules', file(id))).status).toBe(403);
    expect((await get('rules', '/operateur/journal')).status).toBe(403);
    expect((await get('rules', '/operateur')).url).toBe(at('/operateur/organisations'));
    expect((await get('decider', '/operateur/journal')).status).toBe(403);
    expect(await stateOf(id)).toBe('under_review');
  });

  test('out of the perimeter, nothing is there: neither file, nor piece, nor organization, nor line', async () => {
    const id = await submitted();
    await operator.declare('operator', 'nadia-lefort', (document) => ({
      ...document,
      perimeter: { departments: ['2A'] },
    }));
    for (const path of [
      file(id),
      `${file(id)}/pieces/00000000-0000-4000-8000-000000000000`,
      `/operateur/organisations/${association}`,
    ]) {
      const page = await get('reviewer', path);
      expect([path, page.status]).toEqual([path, 404]);
    }
    expect((await post('reviewer', `${file(id)}/actes/prendre`, { vu: '1' })).status).toBe(404);
    expect(said(await get('reviewer', '/operateur'))).not.toContain(id);
    expect(said(await get('reviewer', `/operateur?q=${id}`))).not.toContain('Association sportive');
    // With another service of the same file, the file is there, and that service is not theirs to decide.
    const both = await submitted(['docs', 'tchap']);
    await operator.declare('operator', 'olivier-garnier', (document) => ({
      ...document,
      perimeter: { services: ['docs'] },
    }));
    const page = await get('second', file(both));
    expect(page.status).toBe(200);
    await take('second', both);
    const vu = version(await get('second', file(both)));
    expect(
      (await post('second', `${file(both)}/apercu/agreer`, { ...approval, service: 'tchap', vu })).status,
    ).toBe(404);
    expect((await post('second', `${file(both)}/apercu/agreer`, { ...approval, vu })).status).toBe(200);
  });

  test('nobody decides for their own organization', async () => {
    const id = await submitted();
    await operator.declare('operator', 'olivier-garnier', (document) => ({
      ...document,
      organization_siren: association,
    }));
    const page = await get('second', file(id));
    expect(said(page)).toContain('Vous agissez pour cette organisation');
    expect(page.body).not.toContain('/actes/prendre');
    const forced = await post('second', `${file(id)}/actes/prendre`, { vu: version(page) });
    expect([forced.status, said(forced)]).toEqual([403, expect.stringContaining('M-FILE-005')]);
  });
});

describe('the queue', () => {
  test('filters by words kept in the address, says what it does not understand, keeps views', async () => {
    const first = await submitted(['docs', 'tchap']);
    const second = await desk.draft(applicant, ['tchap'], mayors);
    await desk.submit(second, applicant);
    const lines = async (query: string) => {
      const page = await get('decider', `/operateur?q=${encodeURIComponent(query)}`);
      return [first, second].filter((id) => page.body.includes(`/dossiers/${id}`));
    };
    expect(await lines('etape:examen')).toEqual([first, second]);
    expect(await lines('service:docs etat:recu')).toEqual([first]);
    expect(await lines('-service:docs etape:examen')).toEqual([second]);
    expect(await lines('-etat:recu')).not.toContain(first);
    expect(await lines('etat:recu type:association -retard:oui -accord:oui -revoir:oui -expire:oui')).toEqual(
      [first, second],
    );
    expect(await lines('etat:recu -type:association')).toEqual([]);
    expect(await lines('departement:56 etat:recu')).toEqual([second]);
    expect(await lines('-departement:56 etat:recu')).toEqual([first]);
    expect(await lines(`"${first}"`)).toEqual([first]);

    const wrong = await get('decider', '/operateur?q=licorne:oui+type:x');
    expect(wrong.status).toBe(422);
    expect(said(wrong)).toContain(
      '« licorne » n’est pas un mot du filtre. Mots connus : type, service, departement',
    );
    const sorted = await get('decider', '/operateur?tri=nom&ordre=fin');
    expect(sorted.body).toContain('aria-sort="descending"');
    expect(sorted.body.match(/aria-current="true"/gu)).toHaveLength(1);

    const page = await get('decider', '/operateur?q=type:association');
    const saved = await (
      await as('decider')
    ).browser.submitForm(page, { nom: 'Associations <b>' }, { form: '/operateur/vues' });
    expect(said(saved)).toContain('Associations <b>');
    expect(saved.body).not.toContain('<b>Assoc');
    expect(said(await get('second', '/operateur'))).not.toContain('Associations <b>');
    const gone = await (
      await as('decider')
    ).browser.submitForm(saved, {}, { form: '/operateur/vues/supprimer' });
    expect(said(gone)).not.toContain('Associations <b>');
    const following = await get('decider', `/operateur/suivant?q=etat:recu&apres=${first}`);
    expect(following.url).toContain(`/operateur/dossiers/${second}`);
    const only = await get('decider', `/operateur/suivant?q=${first}&apres=${first}`);
    expect(said(only)).toContain('Il ne reste pas d’autre dossier');
  });
});

describe('what else the console shows', () => {
  test('an organization, what it may use and why', async () => {
    const found = await get('reviewer', '/operateur/organisations?q=AMD-FICTIF');
    const page = await (await as('reviewer')).browser.click(found, 'AMD-FICTIF');
    expect(page.status).toBe(200);
    const words = said(page);
    for (const part of [
      '000 000 109',
      'Ce qu’elle peut utiliser',
      'Docs',
      'org.active',
      'Agréments',
      'Changements au registre',
    ])
      expect(words).toContain(part);
    expect((await get('reviewer', '/operateur/organisations/999999999')).status).toBe(404);
    expect((await get('reviewer', '/operateur/organisations?q=12345678')).status).toBe(422);
  });

  test('services and their rules; statistics of a period', async () => {
    const rules = await get('rules', '/operateur/services');
    expect(rules.status).toBe(200);
    expect(said(rules)).toContain('Tchap');
    expect(said(rules)).toContain(
      'D’après le registre officiel, l’organisation ou son établissement est fermé.',
    );
    const statistics = await get('auditor', '/operateur/statistiques');
    expect(statistics.status).toBe(200);
    expect(said(statistics)).toContain('Par service');
    expect((await get('auditor', '/operateur/statistiques?du=2030-01-01&au=2020-01-01')).status).toBe(422);
    expect((await get('auditor', '/operateur/statistiques?du=x')).status).toBe(422);
  });

  test('the auditor reads the record and takes it away, and both are in it', async () => {
    const id = await submitted();
    await take('reviewer', id);
    const page = await get('auditor', `/operateur/journal?objet=registration:${id}`);
    expect(page.status).toBe(200);
    expect(said(page)).toContain('registration.take');
    expect(said(page)).toContain('Nadia Lefort');
    expect((await get('auditor', '/operateur/journal?du=hier')).status).toBe(422);
    const csv = await post('auditor', '/operateur/journal/export', {
      format: 'csv',
      objet: `registration:${id}`,
    });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toContain('attachment');
    expect(csv.body.split('\n')[0]).toContain('seq,at,act,subject');
    expect(csv.body).toContain('registration.submit');
    const lines = await post('auditor', '/operateur/journal/export', { format: 'jsonl' });
    expect(lines.body).toContain('"act":"audit.read"');
    expect(lines.body).toContain('"act":"audit.export"');
    expect((await post('auditor', '/operateur/journal/export', { format: 'xml' })).status).toBe(422);
    expect((await post('reviewer', '/operateur/journal/export', { format: 'csv' })).status).toBe(403);
  });
});
