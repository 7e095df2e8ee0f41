/** What nobody asked for on a page: files that the administration opens, what comes by post, what goes to others. */
import { expect, test } from 'vitest';
import { addDays, parisDate } from '../../src/eligibility/eligibility.ts';
import { association, operatorCalled } from '../../src/registrations/testing/room.ts';
import type { Terms } from '../../src/registrations/registrations.ts';
import { createToolClient } from '../support/tool-client.ts';
import { approval, file, reason, version } from './console-world.ts';
import type { Console } from './console-world.ts';
import { aCode, createVisitor, people } from './visitor.ts';

const today = parisDate(new Date());
const decider = operatorCalled('bruno');
const terms: Terms = {
  level: 'member',
  ground: 'public_service_mission',
  conditions: ['Rester une association déclarée.'],
  startsOn: today,
  endsOn: addDays(today, 60),
};

export function paper({ as, at, decide, get, post, said, stateOf, submitted, take, world }: Console): void {
  test('an association that has asked for nothing enters, reads why, and renews', async () => {
    await submitted(['tchap']);
    const { registrations } = world().broker;
    const { id } = await registrations.grant({
      lot: 'L-26-7K3QXWPB',
      organization: association,
      services: [{ service: 'docs', terms }],
      text: 'Convention du 2 mars 2026.',
      actor: decider,
      decidedAt: new Date(),
    });
    const member = createVisitor(world());
    const docs = createToolClient(world(), 'docs');
    await member.identify(await member.follow(docs, docs.attempt()), people.association);
    expect(await member.ask(docs, { prompt: 'none' })).toEqual(aCode);

    // Sixty days before its end: it is found without a search, read, and renewed; nothing is answered on the page.
    await registrations.turn();
    let page = await member.browser.get(at('/demandes'));
    expect(member.browser.text(page)).toContain(`Dossier ${id}, ouvert par l’administration`);
    page = await member.browser.get(at(`/demandes/${id}`));
    expect(member.browser.text(page)).toContain('la personne qui représente votre organisation écrit');
    expect(page.body).not.toMatch(/\/(?:recours|observations|retirer)/u);
    const letter = await member.browser.click(page, 'Accès à Docs accordé');
    expect(member.browser.text(letter)).toContain('Convention du 2 mars 2026.');
    expect((await member.browser.get(at(`/demandes/${id}/recours/docs`))).status).toBe(404);
    page = await member.browser.submitForm(
      await member.browser.get(at(`/demandes/${id}/renouveler`)),
      {},
      { form: '/renouveler' },
    );
    expect(page.url).toMatch(/\/demandes\/D-[^/]+/u);
    const stranger = createVisitor(world());
    await stranger.identify(
      await stranger.browser.click(await stranger.browser.get(at('/demandes')), 'Se connecter'),
      people.approved,
    );
    expect((await stranger.browser.get(at(`/demandes/${id}`))).status).toBe(404);

    // Without an address its letter is posted, and somebody says so.
    page = await get('reviewer', file(id));
    for (const words of ['L’administration, sans demande', 'L-26-7K3QXWPB', 'Par la poste', 'À poster'])
      expect(said(page)).toContain(words);
    expect(said(await get('reviewer', '/operateur'))).toMatch(/1\s*avec un courrier à poster/u);
    const listed = await get('reviewer', '/operateur?q=poster:oui');
    expect(listed.body).toContain(`/dossiers/${id}`);
    expect(said(listed)).toContain('Courrier à poster');
    page = await (await as('reviewer')).browser.submitForm(page, {}, { form: '/poste' });
    expect(said(page)).toContain('L’envoi par la poste est noté.');
    expect(said(page)).toMatch(/Posté le [^·]* par Nadia Lefort/u);
    // The reminder of its end is to be posted too: until then it is listed.
    expect((await get('reviewer', '/operateur?q=poster:oui')).body).toContain(`/dossiers/${id}`);
    await (await as('reviewer')).browser.submitForm(page, {}, { form: '/poste' });
    expect((await get('reviewer', '/operateur?q=poster:oui')).body).not.toContain(`/dossiers/${id}`);
  });

  test('an organization that writes that it gives up: one person records it, another agrees', async () => {
    await submitted(['tchap']);
    const { id } = await world().broker.registrations.grant({
      lot: 'L-26-7K3QXWPC',
      organization: association,
      services: [{ service: 'docs', terms }],
      text: 'Convention du 2 mars 2026.',
      actor: decider,
      decidedAt: new Date(),
    });
    const member = createVisitor(world());
    const docs = createToolClient(world(), 'docs');
    await member.identify(await member.follow(docs, docs.attempt()), people.association);
    const givesUp = { service: 'docs', recu: today, texte: '' };
    const preview = async (cesse: string) =>
      post('decider', `${file(id)}/apercu/renonciation`, {
        ...givesUp,
        cesse,
        vu: version(await get('decider', file(id))),
      });
    await take('decider', id);
    expect(said(await preview(addDays(today, 61)))).toContain('ce jour vient après la fin de l’accord');
    expect(said(await preview(addDays(today, 1)))).toContain('1 personne perdra son accès le');
    const page = await decide('decider', id, 'renonciation', { ...givesUp, cesse: today });
    expect(said(page)).toContain('La renonciation est notée. Elle attend une deuxième personne.');
    expect(said(page)).toMatch(/Premier jour sans accès : \d/u);
    expect(await stateOf(id)).toBe('approved');
    const confirmed = said(await decide('second', id, 'confirmer', { service: 'docs' }));
    expect(confirmed).toContain('La renonciation est confirmée, la lettre est à poster.');
    expect(confirmed).toContain('Renonciation confirmée : Docs');
    for (const words of ['Décision confirmée', 'le courrier est envoyé'])
      expect(confirmed).not.toContain(words);
    expect(await stateOf(id)).toBe('renounced');
    expect(await member.ask(docs, { prompt: 'none' })).toMatchObject({ error: 'access_denied' });
    await member.browser.close();
  });

  test('observations and an appeal that come by post have their day, and count from it', async () => {
    const id = await submitted();
    await take('decider', id);
    await decide('decider', id, 'agreer', approval);
    const typed = { service: 'docs', texte: 'Reçu par courrier : nous contestons.' };
    // Less than was asked for is contested by post too, as its letter says: the right stays what it is.
    await decide('reviewer', id, 'recours-recu', { ...typed, recu: today });
    expect(await stateOf(id)).toBe('approved');
    const appeals = await get('reviewer', '/operateur?q=etat:recours');
    expect(appeals.body).toContain(`/dossiers/${id}`);
    expect(said(appeals)).toContain('Recours à examiner');
    await decide('decider', id, 'prevenir', { ...reason, jours: '15' });
    let page = await get('reviewer', `${file(id)}?acte=observations&service=docs`);
    page = await post('reviewer', `${file(id)}/actes/observations`, {
      ...typed,
      recu: addDays(today, -1),
      vu: version(page),
    });
    expect(page.status).toBe(422);
    expect(said(page)).toContain('ce jour vient avant ce qui est contesté ou annoncé');
    expect(page.body).toContain(typed.texte);
    page = await decide('reviewer', id, 'observations', { ...typed, recu: today });
    expect(said(page)).toContain('Les observations sont notées, et l’organisation en est informée.');
    // Its days are still its own: only what cannot wait is suspended meanwhile.
    page = await get('decider', file(id));
    expect(page.body).not.toContain('acte=suspendre&');
    expect(page.body).toContain('acte=suspendre-urgence');
    await decide('decider', id, 'suspendre-urgence', reason);
    const recorded = await decide('reviewer', id, 'recours-recu', { ...typed, recu: today });
    expect(said(recorded)).toContain('accusé de réception est envoyé');
    expect(await stateOf(id)).toBe('appealed');
  });

  test('a request goes to whoever has to answer it, and its applicant is told', async () => {
    const id = await submitted();
    await take('reviewer', id);
    const page = await decide('reviewer', id, 'transmettre', {
      autorite: 'Direction fictive\n2 rue de l’Exemple, 75000 Paris',
    });
    expect(said(page)).toContain('La demande est transmise');
    expect(said(page)).toContain('C’est cette administration qui répond au demandeur');
    expect(said(await get('reviewer', `/operateur?q=${id}`))).toContain('Transmise');
    const opened = await world().broker.registrations.forOperator(id);
    expect(opened?.letters.at(-1)?.kind).toBe('transfer');
    expect(opened?.file.taken).toBeUndefined();
  });

  test('a letter that is another one than was read is not sent, and nothing that was typed is lost', async () => {
    const id = await submitted();
    await take('decider', id);
    const texte = 'Une explication longue à écrire.';
    const page = await post('decider', `${file(id)}/actes/demander`, {
      pieces: 'statutes',
      texte,
      jours: '30',
      vu: version(await get('decider', file(id))),
      lettre: '0'.repeat(64),
    });
    expect(page.status).toBe(409);
    expect(said(page)).toContain('Le courrier n’est plus celui que vous avez relu');
    expect(page.body).toContain(texte);
  });
}
