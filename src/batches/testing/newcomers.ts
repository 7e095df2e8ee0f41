import { expect, test, vi } from 'vitest';
import { BrokerError } from '../../errors/errors.ts';
import { enterOwnLine } from '../../importers/importers.ts';
import { parseSiren, parseSiret } from '../../organizations/organizations.ts';
import { applyEstablishments, applyOrganizations, organizationPage } from '../../register/register.ts';
import { applicantOf } from '../../registrations/testing/room.ts';
import { createBatches } from '../batches.ts';
import { anne, associations, batches, begin, charges, ended, marc, needsWith } from './lots-room.ts';
import { problems, refusal, room, seeing, seen } from './lots-room.ts';

const header =
  'Identifiant;Nom;Courriel;Date de fin;siret;legal_category;head_office;establishment_state;commune;local_register;contact_email';
const band = (siret: string, place: string) =>
  `${siret.slice(0, 9)};Musique de ${place};contact@musique.example;;${siret};9260;oui;A;57463;AM-METZ-${siret.slice(4, 9)}-1;accueil@musique.example`;
const [metz, forbach, thionville, sarrebourg, bitche] = [
  '00000701300014',
  '00000702100017',
  '00000703900019',
  '00000704700012',
  '00000708800016',
] as const;

async function listOf(...lines: readonly string[]): Promise<string> {
  const id = await begin();
  const file = { name: 'liste.csv', bytes: Buffer.from([header, ...lines].join('\n')) };
  expect(await batches.saveList({ id, seen: 1, viewer: seeing(anne) }, file)).toBeUndefined();
  return id;
}
async function confirmed(id: string): Promise<void> {
  const mine = await seen(id, seeing(anne));
  await batches.propose(mine.on, mine.digest);
  const theirs = await seen(id, seeing(marc));
  await batches.decide('confirm', theirs.on, theirs.digest);
}
const entriesOf = async (id: string) =>
  (await batches.open(id, seeing(anne))).lines.map(({ outcome, reason, entry, entryAbout }) =>
    [reason ?? outcome, entry, entryAbout].filter((one) => one !== undefined).join(' '),
  );
const inRegister = (siren: string) => organizationPage(room.stores.db, needsWith().territories(), siren);

/** By two people, once the organizations had the time to answer. */
async function takenBack(id: string): Promise<void> {
  const why = { text: 'La règle citée n’est pas en vigueur.', rule: 'CRPA, article L242-1' };
  await batches.proposeUndo((await seen(id, seeing(anne))).on, why);
  await batches.confirmUndo((await seen(id, seeing(marc))).on);
  await ended(id, 'announced');
  room.pass(16);
  await batches.finishUndo((await seen(id, seeing(marc))).on);
  await ended(id, 'undone');
}
const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('not an identifier');
  return value;
};

/** Organizations that no register holds come in through a lot, and go by its way back. */
export function newcomers(): void {
  test('brings an organization that no register holds, by two people, with its source and its author', async () => {
    const known = associations[48];
    const id = await listOf(band(metz, 'Metz'), `${known?.siren ?? ''};;;;;9260;;;57463;`);
    const mine = await seen(id, seeing(anne));
    expect(mine.verdicts).toEqual({ new_organization: 1, new: 1 });
    const [line, other] = mine.opened.run?.judged ?? [];
    expect(line?.organization).toMatchObject({
      type: 'association.local_law',
      department: '57',
      siret: metz,
    });
    expect(other?.differs).toEqual([
      { column: 'legal_category', typed: '9260', held: '9220' },
      { column: 'commune', typed: '57463', held: '56260' },
    ]);
    const { letter } = await batches.letterOf(mine.opened, seeing(anne), 2);
    expect(JSON.stringify(letter)).toContain('Musique de Metz');
    await expect(batches.decide('carry_out', mine.on, mine.digest)).rejects.toEqual(refusal('M-BULK-010'));
    expect(await inRegister(metz.slice(0, 9))).toBeUndefined();

    // Those who may confirm all of it are told, and see it counted; whoever lacks a part of it is not.
    charges.set('zoe', ['56']);
    expect([await batches.waiting(seeing(marc)), await batches.waiting(seeing(anne))]).toEqual([0, 0]);
    await batches.propose(mine.on, mine.digest);
    charges.delete('zoe');
    const { db } = room.stores;
    const mails = await db.selectFrom('mail').selectAll().where('about', '=', `batch:${id}`).execute();
    expect(mails.map(({ recipient }) => recipient)).toEqual(['marc@operateur.example']);
    expect(mails[0]?.text).toContain(`https://maillon.example/operateur/lots/${id}`);
    expect(mails[0]?.text).not.toContain('Musique');
    expect([await batches.waiting(seeing(marc)), await batches.waiting(seeing(anne))]).toEqual([1, 0]);
    expect(await batches.waiting(seeing(marc, ['56']))).toBe(0);

    const theirs = await seen(id, seeing(marc));
    await batches.decide('confirm', theirs.on, theirs.digest);
    expect(await ended(id, 'done')).toEqual({ done: 2 });
    expect(await entriesOf(id)).toEqual(['done entered', 'done']);
    expect(await inRegister(metz.slice(0, 9))).toMatchObject({
      name: 'Musique de Metz',
      siret: metz,
      active: true,
    });
    const changes = await db
      .selectFrom('register_change')
      .select(['shelf', 'source', 'author', 'after'])
      .where('subject', 'in', [metz, metz.slice(0, 9)])
      .orderBy('id')
      .execute();
    expect(changes.map(({ shelf, source }) => `${shelf} ${source}`)).toEqual([
      'organization organizations',
      'establishment organizations',
    ]);
    expect(changes[0]?.author).toContain('"marc"');
    expect(changes[0]?.after).toContain(`lot ${id} de l’opérateur`);
    // The record stays for ever: a mailbox, which may be somebody's, is not copied into it.
    const record = await db.selectFrom('audit_entry').select(['act', 'detail', 'subject']).execute();
    const ofLot = record.filter(({ subject }) =>
      [`batch:${id}`, `organization:${metz.slice(0, 9)}`].includes(subject),
    );
    expect(ofLot.map(({ act }) => act)).toContain('register.enter');
    expect(JSON.stringify(ofLot)).toContain('Musique de Metz');
    expect(JSON.stringify(ofLot)).not.toContain('@musique.example');
    const held = await inRegister(known?.siren ?? '');
    expect([held?.type, held?.communeCode]).toEqual(['association.declared', '56260']);
  });

  test('takes them out again with its way back, but where something else has come to depend on them', async () => {
    const id = await listOf(band(forbach, 'Forbach'), band(thionville, 'Thionville'));
    await confirmed(id);
    await ended(id, 'done');
    await room.draft(applicantOf('Zoé'), ['tchap'], thionville.slice(0, 9));
    const why = { text: 'La règle citée n’est pas en vigueur.', rule: 'CRPA, article L242-1' };
    await batches.proposeUndo((await seen(id, seeing(anne))).on, why);
    const asked = await room.stores.db
      .selectFrom('mail')
      .select('subject')
      .where('about', '=', `batch:${id}`)
      .execute();
    expect(asked.map(({ subject }) => subject)).toContain('Le retrait d’un lot attend votre confirmation');
    expect(await batches.waiting(seeing(marc))).toBe(1);
    await batches.confirmUndo((await seen(id, seeing(marc))).on);
    await ended(id, 'announced');
    // Nothing leaves the register before its right does.
    expect(await inRegister(forbach.slice(0, 9))).toBeDefined();
    room.pass(16);
    await batches.finishUndo((await seen(id, seeing(marc))).on);
    await ended(id, 'undone');
    expect(await entriesOf(id)).toEqual(['undone withdrawn', 'undone kept file']);
    expect(await inRegister(forbach.slice(0, 9))).toBeUndefined();
    expect(await inRegister(thionville.slice(0, 9))).toBeDefined();
    // The file that it opened still names it.
    const [file] = (await batches.open(id, seeing(anne))).lines;
    expect((await room.registrations.forOperator(file?.registration ?? ''))?.held.organizationName).toBe(
      'Musique de Forbach',
    );
  });

  test('enters nobody whom a register has come to hold since, nor keeps whom the right is refused', async () => {
    const { db } = room.stores;
    const id = await listOf(band(bitche, 'Bitche'), band(sarrebourg, 'Sarrebourg'));
    await confirmed(id);
    const now = room.needs.clock();
    const siren = sarrebourg.slice(0, 9);
    await db
      .transaction()
      .execute((trx) =>
        enterOwnLine(
          trx,
          { siren, name: 'Une tout autre association', legal_category: '9220' },
          { asOf: '2026-11-22', now },
        ),
      );
    const some = createBatches(
      needsWith({
        grant: () => Promise.reject(new BrokerError('M-FILE-074', { detail: 'decided since' })),
      }),
    );
    const end = some.carryingOut.start();
    await end();
    expect(await ended(id, 'done')).toEqual({ failed: 2 });
    expect(await entriesOf(id)).toEqual(['M-FILE-074 withdrawn', 'M-BULK-011 asked']);
    expect(await inRegister(bitche.slice(0, 9))).toBeUndefined();
    expect((await inRegister(siren))?.name).toBe('Une tout autre association');
  });

  test('does not keep whom the machine could not give the right, five times', async () => {
    const siret = '00000709600019';
    const id = await listOf(band(siret, 'Morhange'));
    await confirmed(id);
    const some = createBatches(needsWith({ grant: () => Promise.reject(new Error('out of order')) }));
    for (let tried = 1; tried <= 5; tried += 1) {
      problems.length = 0;
      const end = some.carryingOut.start();
      await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 30_000, interval: 20 });
      await end();
      if (tried === 1) expect(await inRegister(siret.slice(0, 9))).toBeDefined();
      room.pass(0.01);
    }
    expect(await ended(id, 'done')).toEqual({ failed: 1 });
    expect(await entriesOf(id)).toEqual(['gave_up withdrawn']);
    expect(await inRegister(siret.slice(0, 9))).toBeUndefined();
  });

  test('yields to the registers as soon as one of them speaks, and leaves no word behind', async () => {
    const { db } = room.stores;
    const [other, closed] = ['00000710400011', '00000712000017'] as const;
    const [otherSiren, closedSiren] = [other.slice(0, 9), closed.slice(0, 9)] as const;
    const line = (siret: string) => `${siret.slice(0, 9)};Faux nom;;;${siret};5710;oui;A;57463;;`;
    const id = await listOf(line(other), line(closed));
    await confirmed(id);
    expect(await ended(id, 'done')).toEqual({ done: 2 });
    for (const siren of [otherSiren, closedSiren])
      expect(await inRegister(siren)).toMatchObject({ name: 'Faux nom', active: true });

    // Of a day before the lot: what it said was true as long as no register spoke.
    const sirene = { source: 'sirene', asOf: '2026-11-01', now: room.needs.clock() } as const;
    const facts = { name: 'VRAI NOM', legalCategory: '9220' } as const;
    const units = [
      { siren: given(parseSiren(otherSiren)), facts: { ...facts, unitState: 'A' } },
      { siren: given(parseSiren(closedSiren)), facts: { ...facts, unitState: 'C' } },
    ] as const;
    await applyOrganizations(db, units, sirene);
    const office = { siret: given(parseSiret(closed)), state: 'F', headOffice: true } as const;
    expect(await applyEstablishments(db, [office], sirene)).toMatchObject({ changed: 1, refused: [] });
    const now = { name: 'VRAI NOM', type: 'association.declared' };
    expect(await inRegister(otherSiren)).toMatchObject({ ...now, siret: other, active: true });
    expect(await inRegister(closedSiren)).toMatchObject({ ...now, active: false });

    // The right for the one that is closed has ended: there is nothing to take back from it.
    await takenBack(id);
    expect(await entriesOf(id)).toEqual(['undone kept register', 'M-FILE-003 entered']);
    const row = await db
      .selectFrom('organization')
      .select('statements')
      .where('siren', '=', otherSiren)
      .executeTakeFirstOrThrow();
    expect(row.statements).not.toContain(id);
    expect(row.statements).toContain('VRAI NOM');
    const withdrawn = await db
      .selectFrom('register_change')
      .select(['shelf', 'source'])
      .where('subject', 'in', [other, otherSiren])
      .where('before', 'like', '%Faux nom%')
      .execute();
    expect(withdrawn).toEqual([{ shelf: 'organization', source: 'organizations' }]);
  });

  test('leaves the register again when its lot is stopped before its right', async () => {
    const siret = '00000711200014';
    const id = await listOf(band(siret, 'Dieuze'));
    await confirmed(id);
    const some = createBatches(needsWith({ grant: () => Promise.reject(new Error('out of order')) }));
    problems.length = 0;
    const end = some.carryingOut.start();
    await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 30_000, interval: 20 });
    await end();
    expect(await inRegister(siret.slice(0, 9))).toBeDefined();
    await batches.stop((await seen(id, seeing(marc))).on, 'La convention est dénoncée.');
    // Whoever is writing that line at this moment has the time to end.
    const stop = batches.carryingOut.start();
    await stop();
    expect(await entriesOf(id)).toEqual(['stopped entered']);
    room.pass(0.01);
    const again = batches.carryingOut.start();
    await vi.waitFor(async () => expect(await entriesOf(id)).toEqual(['stopped withdrawn']), {
      timeout: 30_000,
      interval: 20,
    });
    await again();
    expect(await inRegister(siret.slice(0, 9))).toBeUndefined();
  });
}
