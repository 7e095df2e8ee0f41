/** Two administrators appoint somebody, who enters; one of them removes somebody who works, who is out at the next request. */
import { afterAll, expect, test } from 'vitest';
import type { Page } from '../support/browser-session.ts';
import { file } from './console-world.ts';
import type { Console } from './console-world.ts';
import { createVisitor, people } from './visitor.ts';

const list = '/operateur/operateurs';
const written = {
  idp: 'demo',
  sujet: 'agent-commune',
  prenom: 'Yann',
  nom: 'Bihan-Morel',
  qualite: 'Chargé de l’examen',
  siren: '214 401 093',
  organisme: '',
  adresse: 'agent@commune.example',
  roles: 'reviewer',
  departements: '56 2a',
  federations: '',
  du: '2026-01-01',
  au: '2030-12-31',
  motif: 'Arrêté du 3 novembre.',
} as const;

/** The account of this identity has signed in with an address for which its identity provider does not answer. */
async function saysTheirAddress(world: Console['world'], subject: string, email: string) {
  const { db } = world().broker.stores;
  const { account_id: account } = await db
    .selectFrom('identity')
    .select('account_id')
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  const at = new Date();
  const row = { account_id: account, siren: '000000406', siret: '00000040600000', idp_id: 'demo', email };
  const proof = { origin: 'idp', level: 'declared', method: 'none', email_verified: false } as const;
  const { id } = await db
    .insertInto('membership')
    .values({ ...row, ...proof, first_seen_at: at, last_seen_at: at })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { account, forget: () => db.deleteFrom('membership').where('id', '=', id).execute() };
}

export function operators({
  as,
  at,
  get,
  post,
  said,
  submitted,
  take,
  moveClock,
  operator,
  world,
}: Console): void {
  afterAll(async () => {
    const { db } = world().broker.stores;
    await db.deleteFrom('operator_removal').execute();
    await operator().restore();
  });
  const pathOf = (page: Page): string =>
    new URL(page.url).pathname.replace(new URL(world().issuer).pathname, '/');

  test('they are found, appointed by two, and enter', async () => {
    const page = await get('administrator', list);
    for (const name of ['Hélène Marchand', 'Olivier Garnier', 'Déclaré dans les fichiers'])
      expect(said(page)).toContain(name);
    expect(said(page)).not.toContain('Aucun autre administrateur');

    const stranger = createVisitor(world());
    const refused = await stranger.identify(await stranger.browser.get(at('/operateur/moi')), people.commune);
    expect(refused.body).toContain('M-FILE-035');

    // Found by the address of that sign-in, or by nothing else that one could guess; nor is somebody who has only said it.
    const liar = await saysTheirAddress(world, 'operateur-administration', people.commune);
    const found = await post('administrator', `${list}/nommer/chercher`, { qui: 'AGENT@commune.example' });
    expect(said(found)).toContain('agent-commune');
    expect(said(found)).not.toContain('operateur-administration');
    const byNumber = await post('administrator', `${list}/nommer/chercher`, { qui: liar.account });
    expect(said(byNumber)).toContain('operateur-administration');
    await liar.forget();
    const link = /<a href="[^"]*compte=[^"]*">([^<]*)<\/a>/u.exec(found.body)?.[1] ?? '';
    const form = await (await as('administrator')).browser.click(found, link);
    expect(form.body).toContain('name="trouve" value="oui"');
    const shown = world().broker.stores.db.selectFrom('audit_entry').where('act', '=', 'person.find');
    expect(await shown.select('subject').execute()).toHaveLength(3);
    for (const qui of ['agent@commune', '%', "' or 1=1 --", ''])
      expect(said(await post('administrator', `${list}/nommer/chercher`, { qui }))).toContain(
        'Personne n’est connu',
      );

    const sent = await post('administrator', `${list}/nommer`, written);
    expect(said(sent)).toContain('Corse-du-Sud (2A)');
    expect(sent.body).not.toContain('/confirmer');
    const proposal = pathOf(sent);
    const own = await post('administrator', `${proposal}/confirmer`, {});
    expect([own.status, own.body.includes('M-OPER-004')]).toEqual([403, true]);

    // The second one reads it, is asked for the factors again, and confirms.
    const read = await get('decider', proposal);
    expect(said(read)).toContain('Arrêté du 3 novembre.');
    moveClock(20 * 60_000);
    const late = await post('decider', `${proposal}/confirmer`, {});
    expect([late.status, late.body.includes('M-FILE-037')]).toEqual([403, true]);
    moveClock(0);
    const nothing = await post('decider', `${proposal}/decliner`, { motif: ' ' });
    expect(nothing.status).toBe(422);
    const confirmed = await (await as('decider')).browser.submitForm(read, {}, { form: '/confirmer' });
    expect(said(confirmed)).toContain('La personne est nommée.');
    const twice = await post('decider', `${proposal}/confirmer`, {});
    expect([twice.status, twice.body.includes('M-OPER-003')]).toEqual([409, true]);

    const inside = await stranger.browser.get(at('/operateur/moi'));
    expect([inside.status, stranger.browser.text(inside)]).toEqual([
      200,
      expect.stringContaining('Morbihan (56)'),
    ]);
    await stranger.browser.close();
  });

  test('a form that cannot be read says what is wrong, and one written on another page keeps what was typed', async () => {
    const wrong: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ roles: 'god' }, 'un rôle au moins'],
      [{ roles: 'administrator' }, 'Administrer ne se limite pas'],
      [{ siren: '784523318' }, 'SIREN'],
      [{ siren: '552100554' }, 'pas au registre'],
      [{ adresse: 'a@b\r\nBcc: c@d' }, 'adresse électronique'],
      [{ departements: "'; drop" }, 'numéros de département'],
      [{ au: '2025-12-31' }, 'Le dernier jour'],
      [{ prenom: '\u202enna' }, 'le prénom'],
      [{ sujet: 'é' }, 'l’identifiant'],
      [{ idp: 'nothing' }, 'fournisseur'],
      [{ motif: '' }, 'le motif'],
      [{}, 'déjà opérateur'],
    ];
    for (const [fields, words] of wrong) {
      const page = await post('administrator', `${list}/nommer`, { ...written, ...fields });
      expect([fields, page.status, said(page)]).toEqual([fields, 422, expect.stringContaining(words)]);
    }
    const card = `${list}/fiches/yann-bihan-morel`;
    const fields = { ...written, departements: '', qualite: 'Autre qualité' };
    const stale = await post('administrator', `${card}/modifier`, { ...fields, vu: 'old' });
    expect([stale.status, stale.body.includes('value="Autre qualité"')]).toEqual([409, true]);
    const form = await get('administrator', `${card}/modifier`);
    const vu = /name="vu" value="([0-9a-f]+)"/u.exec(form.body)?.[1] ?? '';
    const sent = await post('administrator', `${card}/modifier`, { ...fields, vu });
    expect(said(sent)).toMatch(/Qualité change.*Chargé de l’examen.*Autre qualité/su);
    const taken = await post('administrator', `${card}/modifier`, { ...fields, vu });
    expect([taken.status, taken.body.includes('M-OPER-008')]).toEqual([409, true]);
    await post('administrator', `${pathOf(sent)}/reprendre`, {});

    // What somebody may not do, and what is not there.
    const self = await post('administrator', `${list}/nommer`, {
      ...written,
      sujet: 'operateur-administration',
    });
    expect(self.status).toBe(422);
    const other = { ...written, sujet: 'somebody-else', adresse: 'administration@operateur.example' };
    const alias = await post('administrator', `${list}/nommer`, other);
    expect([alias.status, alias.body.includes('M-OPER-005')]).toEqual([403, true]);
    const inFiles = await get('administrator', `${list}/fiches/olivier-garnier/modifier`);
    expect([inFiles.status, inFiles.body.includes('M-OPER-007')]).toEqual([409, true]);
    for (const path of [
      'fiches/nobody',
      'fiches/nobody/modifier',
      'propositions/nobody',
      'nommer?compte=x',
      'nommer?ancien=x',
    ])
      expect([path, (await get('administrator', `${list}/${path}`)).status]).toEqual([path, 404]);
    for (const path of [
      'fiches/nobody/retirer',
      'fiches/olivier-garnier/lever',
      'propositions/nobody/confirmer',
    ])
      expect([path, (await post('administrator', `${list}/${path}`, { motif: 'x' })).status]).toEqual([
        path,
        404,
      ]);
    for (const who of ['second', 'auditor'] as const)
      expect((await get(who, list)).body).toContain('M-FILE-006');
  });

  test('one administrator removes at once somebody whom files declare: out at the next request, their files free', async () => {
    const id = await submitted();
    await take('second', id);
    const card = `${list}/fiches/olivier-garnier`;
    const nothing = await post('administrator', `${card}/retirer`, { motif: '' });
    expect(nothing.status).toBe(422);
    const removed = await post('administrator', `${card}/retirer`, { motif: 'Compte compromis.' });
    expect(said(removed)).toContain('La personne est retirée.');
    const out = await get('second', file(id));
    expect([out.status, out.body.includes('M-FILE-035')]).toEqual([403, true]);
    expect((await world().broker.registrations.forOperator(id))?.file.taken).toBeUndefined();
    await take('decider', id);
    expect((await world().broker.registrations.forOperator(id))?.file.taken?.by.id).toBe('helene-marchand');

    const page = await get('decider', card);
    expect(said(page)).toContain('Compte compromis.');
    const lift = await (
      await as('decider')
    ).browser.submitForm(page, { motif: 'Erreur.' }, { form: '/lever' });
    expect(said(lift)).toContain('Lever le retrait : Olivier Garnier');
    const declined = await post('administrator', `${pathOf(lift)}/decliner`, { motif: 'Pas encore.' });
    expect(said(declined)).toContain('La proposition est refusée.');
    const self = await post('administrator', `${list}/fiches/julien-masson/retirer`, { motif: 'x' });
    expect([self.status, self.body.includes('M-OPER-005')]).toEqual([403, true]);
  });
}
