import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import type { Source, StatedFacts } from '../organizations/organizations.ts';
import { parseSiren } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { emptyRegister, openRegister } from './testing/register-database.ts';
import { registerTables, siret } from './testing/samples.ts';
import { undoImport } from './undo-import.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openRegister();
});
afterAll(() => stores.close());
beforeEach(() => emptyRegister(stores.db));

const now = new Date('2026-11-22T10:00:00Z');
const seat = siret('00000010900009');
const siren = parseSiren('000000109');

let lastImport = 0;
async function started(source: Source, asOf: string) {
  lastImport += 1;
  await sql`
    insert into register_import (id, source, file_name, file_sha256, source_date, state, started_at, updated_at)
    overriding system value
    values (${lastImport}, ${source}, 'f', ${'0'.repeat(64)}, ${asOf}, 'finished', ${now}, ${now})`.execute(
    stores.db,
  );
  return { source, asOf, now, importId: lastImport };
}

async function importUnit(facts: StatedFacts, { source = 'sirene', asOf = '2026-11-01' } = {}) {
  const applying = await started(source === 'sirene' ? 'sirene' : 'administrations', asOf);
  await applyOrganizations(stores.db, [{ siren, facts }], applying);
  return applying.importId;
}

async function importEstablishment(): Promise<number> {
  const applying = await started('sirene', '2026-11-01');
  const record = { siret: seat, state: 'A', headOffice: true, communeCode: '56260' } as const;
  await applyEstablishments(stores.db, [record], applying);
  return applying.importId;
}

/** Kept for its establishment. */
async function undoWithEstablishment(facts: StatedFacts, asOf = '2026-11-01'): Promise<void> {
  const units = await importUnit(facts, { asOf });
  await importEstablishment();
  await undo(units);
}

const undo = (id: number) => undoImport(stores.db, id, now);
const nothing = { organizations: [], establishments: [], records: [] };
const nobody = {
  removed: 0,
  restored: 0,
  keptBecauseChangedSince: 0,
  keptForEstablishments: 0,
  keptForDecisions: 0,
};

describe('a legal unit whose import is undone', () => {
  test('stays while an establishment of another import is there, and goes with it', async () => {
    const units = await importUnit({ name: 'AMD' });
    const establishments = await importEstablishment();
    expect(await undo(units)).toEqual({ ...nobody, keptForEstablishments: 1 });
    expect((await registerTables(stores.db)).organizations).toMatchObject([{ name: 'AMD' }]);
    expect(await undo(establishments)).toEqual({ ...nobody, removed: 2 });
    expect(await registerTables(stores.db)).toEqual(nothing);
  });

  test('goes at once when its establishments went before', async () => {
    const units = await importUnit({ name: 'AMD' });
    const establishments = await importEstablishment();
    expect(await undo(establishments)).toEqual({ ...nobody, removed: 1 });
    expect(await undo(units)).toEqual({ ...nobody, removed: 1 });
    expect(await registerTables(stores.db)).toEqual(nothing);
  });

  test('goes with the next undoing when an earlier version left it without establishments', async () => {
    const units = await importUnit({ name: 'AMD' });
    await importEstablishment();
    await undo(units);
    await stores.db.deleteFrom('establishment').execute();
    const again = await started('rna', '2026-11-01');
    expect(await undo(again.importId)).toEqual({ ...nobody, removed: 1 });
    expect(await registerTables(stores.db)).toEqual(nothing);
  });

  test('says what it said before, when another import came and was undone; it counts once', async () => {
    const units = await importUnit({ name: 'AMD' });
    await importEstablishment();
    await undo(units);
    const kept = await registerTables(stores.db);
    for (const name of ['AMD', 'AMD 56']) {
      const again = await importUnit({ name }, { asOf: '2026-11-20' });
      expect(await undo(again)).toEqual({ ...nobody, keptForEstablishments: 1 });
      expect(await registerTables(stores.db)).toEqual(kept);
    }
  });

  test('is the word of the import that said the same again: no undoing of another one takes it', async () => {
    await undoWithEstablishment({ name: 'AMD', legalCategory: '9220' });
    await importUnit({ name: 'AMD', legalCategory: '9220' });
    await importUnit({ name: 'Association des maires' }, { source: 'administrations' });
    const said = await registerTables(stores.db);
    expect(said.organizations).toMatchObject([{ legal_category: '9220' }]);
    const other = await started('rna', '2026-11-01');
    expect(await undo(other.importId)).toEqual(nobody);
    expect((await registerTables(stores.db)).organizations).toEqual(said.organizations);
  });

  test('does not hold off the right file by a date that was taken back', async () => {
    await undoWithEstablishment({ name: 'AMD' }, '2026-11-30');
    await importUnit({ name: 'AMD 56' }, { asOf: '2026-11-01' });
    expect((await registerTables(stores.db)).organizations).toMatchObject([{ name: 'AMD 56' }]);
  });

  test.each(['before', 'after'])('keeps its name beside a correction made %s the undoing', async (when) => {
    const correct = () =>
      applyOrganizations(
        stores.db,
        [{ siren, facts: { publicService: { public: true, facets: ['spa'] } } }],
        {
          source: 'operator',
          asOf: '2026-11-10',
          now,
        },
      );
    const units = await importUnit({ name: 'AMD', legalCategory: '9220' });
    await importEstablishment();
    if (when === 'before') await correct();
    expect(await undo(units)).toEqual({ ...nobody, keptForEstablishments: 1 });
    if (when === 'after') await correct();
    const other = await started('rna', '2026-11-01');
    await undo(other.importId);
    expect((await registerTables(stores.db)).organizations).toMatchObject([
      { name: 'AMD', legal_category: '9220' },
    ]);
  });

  test('leaves the word to another source that speaks of it since', async () => {
    const units = await importUnit({ name: 'AMD' });
    const establishments = await importEstablishment();
    await undo(units);
    await importUnit({ name: 'Association des maires' }, { source: 'administrations' });
    expect(await undo(establishments)).toEqual({ ...nobody, removed: 1, restored: 1 });
    expect((await registerTables(stores.db)).organizations).toMatchObject([
      { siren, name: 'Association des maires' },
    ]);
  });
});
