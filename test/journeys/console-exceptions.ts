/** Exceptions to the register: one proposes, another confirms, and what they open is read before. */
import { afterAll, expect, test } from 'vitest';
import { association } from '../../src/registrations/testing/room.ts';
import type { Console, Staff } from './console-world.ts';

const organization = `/operateur/organisations/${association}`;
const form = `${organization}/corriger/service-public`;
const reason = 'Arrêté du 3 novembre 2026.';
const isPublic = { valeur: 'oui', nature: 'local', motif: reason } as const;

export function exceptions({ as, at, get, operator, post, said, world }: Console): void {
  // Not after each: what one test has confirmed, the next one ends.
  afterAll(() => operator().restore());

  const idIn = (url: string): string => /\/exceptions\/([\w-]+)/u.exec(url)?.[1] ?? '';
  const mine = async (who: Staff): Promise<number> => {
    const page = said(await get(who, '/operateur'));
    return Number(/(\d+)\s*exceptions? à confirmer/u.exec(page)?.[1] ?? '-1');
  };
  const mailsTo = async (recipient: string) =>
    (
      await world()
        .broker.stores.db.selectFrom('mail')
        .select('subject')
        .where('recipient', '=', recipient)
        .where('subject', 'like', '%exception%')
        .execute()
    ).length;

  test('one person makes an association no public service; two do, who read what it opens', async () => {
    const decider = await as('decider');
    const page = await decider.browser.click(await get('decider', organization), 'Service public');
    expect(page.url).toBe(at(form));
    expect(said(page)).toContain('pas un service public');
    const sent = await decider.browser.submitForm(page, { ...isPublic });
    const path = new URL(sent.url).pathname;
    expect([sent.status, idIn(path)]).toEqual([200, expect.stringMatching(/^[\w-]{36}$/u)]);
    const words = said(sent);
    for (const part of ['Rien n’a encore changé', 'Docs', 's’ouvre', 'Aujourd’hui', 'Proposé', reason])
      expect(words).toContain(part);
    expect(sent.body).not.toContain('/confirmer"');
    expect((await post('decider', `${path}/confirmer`, { vu: 'x' })).status).toBe(403);
    // Whoever may confirm finds it, and was written to; whoever may not sees none of it.
    expect([await mine('decider'), await mine('second'), await mine('reviewer')]).toEqual([0, 1, -1]);
    expect(await mailsTo('second@operateur.example')).toBeGreaterThan(0);
    expect(await mailsTo('operateur@operateur.example')).toBe(0);
    for (const who of ['reviewer', 'auditor', 'rules', 'administrator'] as const)
      for (const address of ['/operateur/exceptions', path, form])
        expect([who, address, (await get(who, address)).status]).toEqual([who, address, 403]);

    const second = await as('second');
    const read = await second.browser.click(await get('second', '/operateur/exceptions'), 'Exception');
    expect(said(await get('second', organization))).not.toContain('Correction d’un opérateur');
    expect((await post('second', `${path}/confirmer`, { vu: 'another page' })).status).toBe(409);
    const done = await second.browser.submitForm(read, {}, { form: '/confirmer' });
    expect([done.status, said(done)]).toEqual([200, expect.stringContaining('L’exception est confirmée')]);
    expect(done.body).toContain(`href="${new URL(at(organization)).pathname}"`);
    // What follows from it is read at once: facts of a moment ago would say no.
    const after = said(await get('second', organization));
    for (const part of [
      'En vigueur',
      'Service public : service public, d’une collectivité',
      'Proposée par Hélène Marchand, confirmée par',
      reason,
    ])
      expect(after).toContain(part);
    expect(after).toMatch(/Docs\s*Oui/u);
    expect((await post('second', `${path}/confirmer`, { vu: 'x' })).status).toBe(409);
  });

  test('one person ends it at once, since that only closes, and reads so before', async () => {
    const decider = await as('decider');
    const page = await decider.browser.click(await get('decider', organization), 'Lever');
    for (const part of ['sans deuxième personne', 'se ferme', 'Docs']) expect(said(page)).toContain(part);
    const missing = await decider.browser.submitForm(page, { motif: '' });
    expect([missing.status, said(missing)]).toEqual([422, expect.stringContaining('Écrivez le motif')]);
    const done = await decider.browser.submitForm(missing, { motif: 'L’arrêté est retiré.' });
    expect(said(done)).toContain('L’exception est levée');
    expect(said(done)).toContain('Aucune exception n’est en vigueur');
    const again = await get('decider', `${organization}/lever/service-public`);
    expect([again.status, said(again)]).toEqual([409, expect.stringContaining('déjà été levée')]);
  });

  test('what is no value, no fact, one’s own organization or out of the perimeter is refused', async () => {
    const wrong = await post('decider', form, { motif: reason });
    expect([wrong.status, said(wrong)]).toEqual([
      422,
      expect.stringContaining('Dites si c’est un service public'),
    ]);
    const commune = await post('decider', `${organization}/corriger/commune`, {
      valeur: '56',
      motif: reason,
    });
    expect([commune.status, commune.body.includes('value="56"')]).toEqual([422, true]);
    const unknown = await get('decider', `${organization}/corriger/siren`);
    expect([unknown.status, said(unknown)]).toEqual([
      404,
      expect.stringContaining('hors de votre périmètre'),
    ]);
    expect(said(unknown)).not.toContain('vos dossiers');
    expect((await get('decider', '/operateur/exceptions/nobody')).status).toBe(404);
    const own = await post('decider', '/operateur/organisations/130025265/corriger/service-public', isPublic);
    expect([own.status, own.body.includes('M-FILE-005')]).toEqual([403, true]);
    const bounded = async (perimeter: object) => {
      await operator().declare('operator', 'helene-marchand', (document) => ({ ...document, perimeter }));
      return [(await get('decider', form)).status, (await post('decider', form, isPublic)).status];
    };
    expect(await bounded({ departments: ['2A'] })).toEqual([404, 404]);
    expect(await bounded({ services: ['docs'] })).toEqual([403, 403]);
    await operator().restore();
    const open = await world()
      .broker.stores.db.selectFrom('correction_proposal')
      .select('id')
      .where('state', '=', 'proposed')
      .execute();
    expect(open).toEqual([]);
  });

  test('declined with a reason, it changes nothing; a proposal of whoever left is confirmed by nobody', async () => {
    const proposed = await post('decider', form, isPublic);
    const path = new URL(proposed.url).pathname;
    const twice = await post('decider', form, isPublic);
    expect([twice.status, twice.body.includes(`href="${path}"`)]).toEqual([409, true]);
    await operator().declare('operator', 'helene-marchand', (document) => ({
      ...document,
      roles: ['reader'],
    }));
    const read = await get('second', path);
    expect(said(read)).toContain('ne peut plus décider ici');
    expect(read.body).not.toContain(`${path}/confirmer`);
    const vu = /name="vu" value="(\w+)"/u.exec((await get('appeals', path)).body)?.[1] ?? '';
    expect((await post('second', `${path}/confirmer`, { vu })).status).toBe(403);
    const { browser } = await as('second');
    expect((await browser.submitForm(read, { motif: '' }, { form: '/decliner' })).status).toBe(422);
    const declined = await browser.submitForm(read, { motif: 'Sans pièce.' }, { form: '/decliner' });
    expect(said(declined)).toContain('La proposition est refusée');
    expect(said(await get('second', path))).toContain('Sans pièce.');
    const acts = await world()
      .broker.stores.db.selectFrom('audit_entry')
      .select('act')
      .where('act', 'like', 'register.%')
      .orderBy('seq')
      .execute();
    expect(acts.map(({ act }) => act)).toEqual([
      'register.propose_correction',
      'register.correct',
      'register.confirm_correction',
      'register.end_correction',
      'register.propose_correction',
      'register.decline_correction',
    ]);
  });
}
