/** Who may, and where: roles, perimeters, one’s own organization. What lies outside does not exist. */
import { afterEach, expect, test } from 'vitest';
import { association, mayors } from '../../src/registrations/testing/room.ts';
import { applicant, approval, digest, file, reason, version } from './console-world.ts';
import type { Console, Staff } from './console-world.ts';

export function bounds({
  as,
  at,
  decide,
  desk,
  get,
  operator,
  post,
  said,
  stateOf,
  submitted,
  take,
  world,
}: Console): void {
  afterEach(() => operator().restore());

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
    expect((await get('rules', '/operateur')).url).toBe(at('/operateur/services'));
    expect((await get('decider', '/operateur/journal')).status).toBe(403);
    expect(await stateOf(id)).toBe('under_review');
  });

  test('out of the perimeter, nothing is there: neither file, nor piece, nor organization, nor line', async () => {
    const id = await submitted();
    await operator().declare('operator', 'nadia-lefort', (document) => ({
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
    await operator().declare('operator', 'olivier-garnier', (document) => ({
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
    // Nor to mark as seen what the register says of it.
    const constats = (service: string) => JSON.stringify([{ service, reason: 'renamed', detail: 'A → B' }]);
    const seen = (service: string) =>
      post('second', `${file(both)}/actes/marquer-vu`, { vu, texte: 'Vu.', constats: constats(service) });
    expect([(await seen('tchap')).status, (await seen('docs')).status]).toEqual([404, 409]);
  });

  test('nobody decides for their own organization', async () => {
    const id = await submitted();
    await operator().declare('operator', 'olivier-garnier', (document) => ({
      ...document,
      organization_siren: association,
    }));
    const page = await get('second', file(id));
    expect(said(page)).toContain('Vous agissez pour cette organisation');
    expect(page.body).not.toContain('/actes/prendre');
    const forced = await post('second', `${file(id)}/actes/prendre`, { vu: version(page) });
    expect([forced.status, said(forced)]).toEqual([403, expect.stringContaining('M-FILE-005')]);
  });

  test('out of a perimeter of services, no page tells of the other services', async () => {
    const other = await submitted(['tchap'], { organization: mayors });
    const mine = await desk().draft(applicant, ['visio'], mayors);
    await desk().submit(mine, applicant);
    const organization = `/operateur/organisations/${mayors}`;
    expect(said(await get('decider', organization))).toContain(other);
    expect((await get('decider', `/operateur/dossiers/${mine}`)).body).toContain(`/dossiers/${other}`);
    expect(said(await get('decider', '/operateur/statistiques'))).toContain('Tchap');
    await operator().declare('operator', 'helene-marchand', (document) => ({
      ...document,
      perimeter: { services: ['visio'] },
    }));
    const bounded = said(await get('decider', organization));
    expect(bounded).toContain(mine);
    expect(bounded).not.toContain(other);
    expect(bounded).not.toContain('Tchap');
    expect((await get('decider', `/operateur/dossiers/${mine}`)).body).not.toContain(`/dossiers/${other}`);
    expect(said(await get('decider', '/operateur/statistiques'))).not.toContain('Tchap');
  });

  test('whoever may read no file is told the same of one that exists and of an invented one', async () => {
    const id = await submitted();
    const asked: readonly (readonly [Staff, string, string])[] = [
      ['administrator', file(id), file('D-26-00000000')],
      ['rules', file(id), file('D-26-00000000')],
      [
        'rules',
        `/operateur/organisations/${association}/personnes`,
        '/operateur/organisations/123/personnes',
      ],
    ];
    for (const [who, there, invented] of asked)
      for (const path of [there, invented]) {
        const page = await get(who, path);
        expect([who, path, page.status, said(page)]).toEqual([
          who,
          path,
          403,
          expect.stringContaining('M-FILE-006'),
        ]);
      }
    for (const path of [file(id), file('D-26-00000000')])
      expect((await post('rules', `${path}/actes/prendre`, { vu: '1' })).status).toBe(403);
  });

  /** A refusal that the second person proposes. */
  const refusal = async () => {
    const id = await submitted();
    await take('second', id);
    await decide('second', id, 'refuser', reason);
    return id;
  };

  test.each([
    ['was removed', () => undefined],
    ['has no delegation any more', { delegation: { from: '2026-01-01', to: '2026-01-02' } }],
    ['decides no more', { roles: ['reviewer'] }],
  ])('nobody confirms what was proposed by somebody who %s', async (_name, change) => {
    const id = await refusal();
    await operator().declare('operator', 'olivier-garnier', (document) =>
      typeof change === 'function' ? change() : { ...document, ...change },
    );
    const page = await get('decider', file(id));
    expect(said(page)).toContain('Olivier Garnier n’est plus en charge de ce dossier');
    expect(page.body).not.toContain('acte=confirmer');
    const vu = version(page);
    for (const path of ['apercu', 'actes']) {
      const forced = await post('decider', `${file(id)}/${path}/confirmer`, { service: 'docs', vu });
      expect([forced.status, said(forced)]).toEqual([409, expect.stringContaining('M-FILE-076')]);
    }
    expect(await stateOf(id)).toBe('under_review');
    const texte = 'À proposer de nouveau.';
    await post('decider', `${file(id)}/actes/decliner`, { service: 'docs', vu, texte });
    expect(said(await get('decider', file(id)))).toContain('Proposition écartée');
  });

  test('nor rules that somebody proposed who writes no rules any more', async () => {
    await operator().declare('operator', 'claire-vasseur', (document) => ({
      ...document,
      roles: ['policy_editor'],
    }));
    const begun = await post('rules', '/operateur/services/docs/brouillons', { de: '1' });
    const path = new URL(begun.url).pathname;
    const document = (await world().broker.stores.db.selectFrom('policy_draft').selectAll().execute()).at(-1);
    const proposed = await post('rules', `${path}/proposer`, {
      vu: version(begun),
      document: document?.document ?? '',
      raison: 'Même texte.',
    });
    expect((await get('auditor', path)).body).toContain(`${path}/publier`);
    await operator().declare('operator', 'marc-delorme', (one) => ({ ...one, roles: ['reader'] }));
    const page = await get('auditor', path);
    expect(said(page)).toContain('Marc Delorme n’écrit plus les règles de ce service');
    expect(page.body).not.toContain(`${path}/publier`);
    const forced = await post('auditor', `${path}/publier`, { vu: version(proposed) });
    expect([forced.status, said(forced)]).toEqual([409, expect.stringContaining('M-POLI-009')]);
    const back = await post('auditor', `${path}/renvoyer`, { vu: version(page), motif: 'À reprendre.' });
    // Nobody is left to go on with it: somebody else puts it away.
    expect([back.status, said(back)]).toEqual([
      200,
      expect.stringContaining('Personne ne peut reprendre ce brouillon'),
    ]);
    expect(back.body).not.toContain(`${path}/enregistrer`);
    const put = await post('auditor', `${path}/abandonner`, { vu: version(back) });
    expect(said(put)).toContain('abandonnée');
    await operator().restore();
  });

  test('nobody decides for an organization for which they have ever acted, whatever this sign-in is for', async () => {
    const id = await submitted();
    await take('decider', id);
    const { db } = world().broker.stores;
    const { account_id } = await db
      .selectFrom('identity')
      .select('account_id')
      .where('subject', '=', 'operateur')
      .executeTakeFirstOrThrow();
    const seen = new Date();
    await db
      .insertInto('membership')
      .values({
        account_id,
        siren: association,
        siret: `${association}00000`,
        idp_id: 'demo',
        origin: 'idp',
        level: 'moderated',
        method: 'proof_received',
        first_seen_at: seen,
        last_seen_at: seen,
      })
      .execute();
    const page = await get('decider', file(id));
    expect(said(page)).toContain('Vous agissez pour cette organisation');
    expect(page.body).not.toContain('acte=agreer');
    const forced = await post('decider', `${file(id)}/apercu/agreer`, { ...approval, vu: version(page) });
    await db
      .deleteFrom('membership')
      .where('account_id', '=', account_id)
      .where('siren', '=', association)
      .execute();
    expect([forced.status, said(forced)]).toEqual([403, expect.stringContaining('M-FILE-005')]);
    expect((await get('decider', file(id))).body).toContain('acte=agreer');
  });

  test('of two people who confirm and decline the same proposal at once, one does', async () => {
    const id = await submitted();
    await take('decider', id);
    await decide('decider', id, 'refuser', reason);
    const vu = version(await get('second', file(id)));
    await as('appeals');
    const service = 'docs';
    const lettre = digest(await post('second', `${file(id)}/apercu/confirmer`, { service, vu }));
    const answers = await Promise.all([
      post('second', `${file(id)}/actes/confirmer`, { service, vu, lettre }),
      post('appeals', `${file(id)}/actes/decliner`, { service, vu, texte: 'Le fait n’est pas établi.' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const isConfirmed = answers[0].status === 200;
    expect(await stateOf(id)).toBe(isConfirmed ? 'refused' : 'under_review');
    const { file: now, letters } = (await world().broker.registrations.forOperator(id)) ?? {};
    const ends = now?.events
      .map(({ act }) => act.act)
      .filter((act) => act === 'confirm' || act === 'decline');
    expect(ends).toEqual([isConfirmed ? 'confirm' : 'decline']);
    expect(letters?.map(({ kind }) => kind)).toEqual(isConfirmed ? ['receipt', 'refusal'] : ['receipt']);
  });
}
