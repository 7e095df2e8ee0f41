/** The queue: typed filters kept in the address, saved views, the next file, ages against the target. */
import { expect, test } from 'vitest';
import { association, mayors, operatorCalled } from '../../src/registrations/testing/room.ts';
import { applicant, approval, file, version } from './console-world.ts';
import type { Page } from '../support/browser-session.ts';
import type { Console } from './console-world.ts';
import { parisDay } from '../support/days.ts';

export function queue({
  as,
  decide,
  desk,
  get,
  moveClock,
  post,
  release,
  said,
  submitted,
  take,
  world,
}: Console): void {
  test('filters by words kept in the address, says what it does not understand, keeps views', async () => {
    const first = await submitted(['docs', 'tchap']);
    const second = await desk().draft(applicant, ['tchap'], mayors);
    await desk().submit(second, applicant);
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

  test('the next file is neither one that was passed over nor one that a colleague holds', async () => {
    const held = await submitted(['docs']);
    await desk().act(held, operatorCalled('nadia-lefort'), { act: 'take' });
    const [one, two] = [await desk().draft(applicant, ['tchap']), await desk().draft(applicant, ['visio'])];
    await desk().submit(one, applicant);
    await desk().submit(two, applicant);
    const first = new URL((await get('decider', '/operateur/suivant')).url).pathname.split('/').at(-1) ?? '';
    const second =
      new URL((await get('decider', `/operateur/suivant?apres=${first}`)).url).pathname.split('/').at(-1) ??
      '';
    expect([first, second].toSorted()).toEqual([one, two].toSorted());
    expect(said(await get('decider', `/operateur/suivant?apres=${second}`))).toContain(
      'Il ne reste pas d’autre dossier',
    );
  });

  test('an age stands against the target: in words, as a filter, as a count, in the statistics', async () => {
    const young = await submitted(['docs']);
    // At noon: near midnight, a change of hour in between would make it thirty days.
    moveClock(Date.parse(`${parisDay(-31)}T12:00:00Z`) - Date.now());
    const old = await desk().draft(applicant, ['tchap'], mayors);
    await desk().submit(old, applicant);
    moveClock(0);
    const lines = async (query: string) => {
      const page = await get('decider', `/operateur?q=${query}`);
      return [young, old].filter((id) => page.body.includes(`/dossiers/${id}`));
    };
    expect(await lines('objectif:depasse')).toEqual([old]);
    expect(await lines('objectif:tenu')).toEqual([young]);
    const page = said(await get('decider', '/operateur'));
    expect(page).toMatch(/1\s*au-delà de 30 jours/u);
    expect(page).toContain('Reçu aujourd’hui, objectif 30 jours');
    expect(page).toContain('31 jours, objectif 30 dépassé');
    expect(said(await get('decider', `/operateur/dossiers/${old}`))).toContain(
      '31 jours, objectif 30 dépassé',
    );
    await take('decider', young);
    await decide('decider', young, 'agreer', approval);
    expect(said(await get('decider', `/operateur/dossiers/${young}`))).not.toContain('objectif');
    expect(said(await get('auditor', '/operateur/statistiques'))).toContain(
      'Décisions dans l’objectif de 30 jours : 100 %',
    );
  });

  test('what has moved in the register since the decision is a count, a filter, and said on the file', async () => {
    const id = await submitted(['docs']);
    await take('decider', id);
    await decide('decider', id, 'agreer', approval);
    const at = new Date();
    await world()
      .broker.stores.db.insertInto('register_review')
      .values({
        approval_id: `${id.toLowerCase()}-docs`,
        organization: association,
        reason: 'renamed',
        detail: 'Association A → Association B',
        found_at: at,
        seen_again_at: at,
        settled_at: null,
      })
      .execute();
    expect(said(await get('decider', '/operateur'))).toMatch(/1\s*à revoir : registre modifié/u);
    expect((await get('decider', '/operateur?q=revoir:oui')).body).toContain(`/dossiers/${id}`);
    expect(said(await get('decider', `/operateur/dossiers/${id}`))).toContain(
      'Depuis la décision, elle a changé de nom.\nAssociation A → Association B\nConstaté le',
    );

    // A colleague looks and says why nothing is decided. The register moves meanwhile: it is looked at again.
    await release('decider', id);
    const { db } = world().broker.stores;
    const texte = 'Nouveau nom, mêmes statuts.';
    const mark = async (from: Page, written = texte) =>
      (await as('reviewer')).browser.submitForm(from, { texte: written }, { form: '/actes/marquer-vu' });
    const read = await get('reviewer', `${file(id)}?acte=marquer-vu`);
    const unwritten = await mark(read, ' ');
    expect([unwritten.status, said(unwritten)]).toEqual([
      422,
      expect.stringContaining('Explication écrite : à remplir'),
    ]);
    await db
      .updateTable('register_review')
      .set({ detail: 'Association A → Association C' })
      .where('approval_id', '=', `${id.toLowerCase()}-docs`)
      .execute();
    let page = await mark(read);
    expect([page.status, said(page)]).toEqual([
      409,
      expect.stringContaining('Le registre dit autre chose que ce que vous avez lu'),
    ]);
    expect(page.body).toContain(texte);
    expect(said(page)).toContain('Association A → Association C');
    const forged = { vu: version(read), constats: '[]', texte };
    expect((await post('auditor', `${file(id)}/actes/marquer-vu`, forged)).status).toBe(403);
    page = await mark(page);
    for (const words of [
      'Le changement du registre est marqué comme vu.',
      'Changement du registre vu',
      texte,
      'par Nadia Lefort.',
    ])
      expect(said(page)).toContain(words);
    expect(page.body).not.toContain('acte=marquer-vu');
    expect((await get('decider', '/operateur?q=revoir:oui')).body).not.toContain(`/dossiers/${id}`);
    // Somebody who still had the page has nothing left to mark; their words are not lost.
    page = await post('reviewer', `${file(id)}/actes/marquer-vu`, { ...forged, vu: version(page) });
    expect([page.status, said(page)]).toEqual([
      409,
      expect.stringContaining('Voici ce que vous aviez écrit'),
    ]);
    expect(page.body).toContain(texte);
  });
}
