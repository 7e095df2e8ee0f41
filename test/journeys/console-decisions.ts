/** A file, from its examination to its end: who examines, who decides, who confirms; what becomes of the access. */
import { beforeEach, expect, test } from 'vitest';
import { applicantOf } from '../../src/registrations/testing/room.ts';
import { createToolClient } from '../support/tool-client.ts';
import { applicant, approval, digest, file, reason, version } from './console-world.ts';
import type { Console } from './console-world.ts';
import { aCode, createVisitor, people } from './visitor.ts';

export function decisions({
  as,
  at,
  decide,
  desk,
  get,
  post,
  release,
  said,
  stateOf,
  submitted,
  take,
  world,
}: Console): void {
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
    expect(page.body).not.toContain('/apercu/agreer');
    expect(page.body).toContain('/actes/noter');
    page = await post('reviewer', `${file(id)}/actes/noter`, {
      vu: version(page),
      texte: 'Statuts lus, rien à redire.',
    });
    expect(said(page)).toContain('Statuts lus, rien à redire.');
    expect(
      (await world().broker.registrations.forApplicant(id, applicant.accountId))?.file.events.map(
        ({ act }) => act.act,
      ),
    ).toEqual(['submit']);
    const asked = await (await as('reviewer')).browser.get(at(`${file(id)}?acte=demander`));
    expect(said(asked)).toContain('Pièces attendues');
    await release('reviewer', id);

    const member = createVisitor(world());
    const docs = createToolClient(world(), 'docs');
    const before = await member.identify(await member.follow(docs, docs.attempt()), people.association);
    expect(before.status).toBe(403);

    await take('decider', id);
    const form = await get('decider', `${file(id)}?service=docs&acte=agreer`);
    expect(form.body).toContain('/apercu/agreer');
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
    const letters = (await world().broker.registrations.forOperator(id))?.letters.map(({ kind }) => kind);
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
    expect(said(proposed)).toContain('En attente d’une deuxième personne');
    expect(proposed.body).not.toContain('acte=confirmer');
    expect(await stateOf(id)).toBe('under_review');
    expect((await world().broker.registrations.forOperator(id))?.letters.map(({ kind }) => kind)).toEqual([
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
    const letter = (await world().broker.registrations.forOperator(id))?.letters.at(-1)?.document;
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

  test('whoever decides on the mandate of a new board reads who represents the association until when', async () => {
    const { db } = world().broker.stores;
    const created_at = new Date();
    await db.insertInto('account').values({ id: applicant.accountId, created_at }).execute();
    await take('decider', id);
    const first = await get('decider', `${file(id)}?service=docs&acte=agreer`);
    const alone = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu: version(first) });
    expect(said(alone)).toContain('représentera cette organisation');
    expect(said(alone)).not.toContain('Aujourd’hui,');
    await decide('decider', id, 'agreer', approval);

    const yann = { ...applicantOf('Yann'), sirets: [], idp: 'demo' };
    const next = await desk().draft(yann, ['tchap']);
    await desk().submit(next, yann);
    await take('decider', next);
    const form = await get('decider', `${file(next)}?service=tchap&acte=agreer`);
    const preview = await post('decider', `${file(next)}/apercu/agreer`, {
      ...approval,
      service: 'tchap',
      vu: version(form),
    });
    const words = said(preview).replaceAll(/\s/gu, ' ');
    expect(words).toContain('Yann Fictive (présidente) représentera cette organisation');
    expect(words).toContain(
      `Aujourd’hui, Ada Fictive (présidente) représente cette organisation, jusqu’au 31 décembre ${approval.au.slice(0, 4)}.`,
    );
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
}
