import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Source, StatedFacts } from '../organizations/organizations.ts';
import { parseSiren } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import type { OrganizationRecord } from './applying.ts';
import { withdrawStatement } from './correct.ts';
import { emptyRegister, openRegister } from './testing/register-database.ts';
import { registerTables, rna, siret } from './testing/samples.ts';
import { undoImport } from './undo-import.ts';
import { withdrawStatements } from './withdraw-statements.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openRegister();
});
afterAll(() => stores.close());
beforeEach(() => emptyRegister(stores.db));

const now = new Date('2026-11-22T10:00:00Z');
const siren = parseSiren('000000109');
const number = rna('W000000101');
const unit: OrganizationRecord = { siren, facts: { name: 'AMD', legalCategory: '9220', rna: number } };
const association: OrganizationRecord = { rna: number, facts: { name: 'A. M. D.' } };

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

async function importOne(record: OrganizationRecord, source: Source = 'sirene', asOf = '2026-11-01') {
  const applying = await started(source, asOf);
  await applyOrganizations(stores.db, [record], applying);
  return applying.importId;
}

const undo = (id: number) => undoImport(stores.db, id, now);
const rows = () => stores.db.selectFrom('organization').selectAll().orderBy('id').execute();
const decide = (decision: Partial<typeof decisions> | { readonly suspended_at: null }, id = '%') =>
  stores.db.updateTable('organization').set(decision).where('id', 'like', id).execute();
const decisions = {
  suspended_at: now,
  qualifications: '[{"id":"public_interest_group","startsOn":"2026-01-01"}]',
  declared_population: 1_200,
};
const nobody = {
  removed: 0,
  restored: 0,
  keptBecauseChangedSince: 0,
  keptForEstablishments: 0,
  keptForDecisions: 0,
};

describe('an organization of which an operator decided something', () => {
  test.each([
    { suspended_at: decisions.suspended_at },
    { qualifications: decisions.qualifications },
    { declared_population: decisions.declared_population },
  ])(
    'stays when its import is undone, and is as it was decided when it comes again: %j',
    async (decision) => {
      const first = await importOne(unit);
      await decide(decision);
      expect(await undo(first)).toEqual({ ...nobody, keptForDecisions: 1 });
      expect(await rows()).toMatchObject([{ id: siren, name: 'AMD', ...decision }]);
      const again = await importOne({ siren, facts: { name: 'AMD 56' } }, 'sirene', '2026-10-01');
      expect(await rows()).toMatchObject([{ name: 'AMD 56', ...decision }]);
      expect(await undo(again)).toEqual({ ...nobody, keptForDecisions: 1 });
      expect(await rows()).toMatchObject([{ name: 'AMD', ...decision }]);
    },
  );

  test('stays also where it lives by its RNA number', async () => {
    const first = await importOne(association, 'rna');
    await decide({ suspended_at: now });
    expect(await undo(first)).toEqual({ ...nobody, keptForDecisions: 1 });
    expect(await rows()).toMatchObject([{ id: number, suspended_at: now }]);
  });

  test('goes with the next undoing once nothing is decided of it any more', async () => {
    const first = await importOne(association, 'rna');
    await decide({ suspended_at: now });
    await undo(first);
    await decide({ suspended_at: null });
    expect(await undo((await started('dpnt', '2026-11-02')).importId)).toEqual({ ...nobody, removed: 1 });
    expect(await rows()).toEqual([]);
  });

  test('goes on by its RNA number, when that is how it was decided', async () => {
    await importOne(association, 'rna');
    await decide(decisions);
    const units = await importOne(unit);
    expect(await rows()).toMatchObject([{ id: siren, ...decisions }]);
    expect(await undo(units)).toMatchObject({ removed: 1, keptForDecisions: 0 });
    expect(await rows()).toMatchObject([{ id: number, siren: null, ...decisions }]);
  });

  test('keeps the SIREN under which it was decided', async () => {
    await importOne(association, 'rna');
    const units = await importOne(unit);
    await decide(decisions);
    expect(await undo(units)).toMatchObject({ removed: 0, keptForDecisions: 1 });
    expect(await rows()).toMatchObject([{ id: siren, rna: number, ...decisions }]);
  });

  test('is not suspended again by an undoing, when it was lifted since the rows were joined', async () => {
    await importOne(association, 'rna');
    await decide({ suspended_at: now });
    const units = await importOne(unit);
    await decide({ suspended_at: null });
    await undo(units);
    expect(await rows()).toMatchObject([{ id: number, suspended_at: null }]);
  });

  const nameless: OrganizationRecord = { siren, facts: { name: 'AMD', legalCategory: '9220' } };
  test.each([
    ['while they were one, stays so in both', 'after', now],
    ['before they were one, is the only one that is', 'before', null],
  ])('and that was suspended %s when they are separated', async (_, when, expected) => {
    const suspended_at = when === 'before' ? new Date('2026-11-20T10:00:00Z') : now;
    await importOne(association, 'rna');
    await importOne(nameless);
    if (when === 'before') await decide({ suspended_at }, siren);
    const joining = await importOne(unit, 'administrations');
    if (when === 'after') await decide({ suspended_at }, siren);
    await undo(joining);
    expect(await rows()).toMatchObject([
      { id: siren, suspended_at },
      { id: number, suspended_at: expected },
    ]);
  });

  const facts: fc.Arbitrary<StatedFacts> = fc.record({
    name: fc.constantFrom('AMD', 'AMD 56'),
    legalCategory: fc.constantFrom('9220', '5710'),
  });
  const named = fc.record({ facts, named: fc.boolean() });
  const file = fc.oneof(
    fc.record({
      source: fc.constant<Source>('rna'),
      asOf: fc.constant('2026-11-01'),
      record: fc.constant(association),
    }),
    fc.record({
      source: fc.constantFrom<Source[]>('sirene', 'organizations', 'administrations'),
      asOf: fc.constantFrom('2026-10-01', '2026-11-01'),
      record: named.map((one) => ({
        siren,
        facts: one.named ? { ...one.facts, rna: number } : one.facts,
      })),
    }),
  );

  test('stays suspended whatever is undone, in whatever order, and whatever comes again', async () => {
    const order = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 4 }), order, async (files, places) => {
        await emptyRegister(stores.db);
        const ids: number[] = [];
        for (const { record, source, asOf } of files) ids.push(await importOne(record, source, asOf));
        const suspended = await rows();
        for (const [place, { id }] of suspended.entries())
          await decide({ suspended_at: new Date(now.getTime() + place) }, id);
        for (const [done, place] of places.slice(0, files.length).entries()) {
          const [id = 0] = ids.splice(place % (files.length - done), 1);
          await undo(id);
          const left = await rows();
          expect(left.length).toBeGreaterThanOrEqual(Math.min(1, suspended.length));
          expect(left.filter((row) => row.suspended_at === null)).toEqual([]);
        }
        const left = await rows();
        for (const { record, source, asOf } of files) {
          await importOne(record, source, asOf);
          const again = await rows();
          // One that lived by its number may have a SIREN from now on.
          for (const { id } of left)
            expect(
              (again.find((row) => row.id === id) ?? again.find((row) => row.rna === id))?.suspended_at,
            ).toBeInstanceOf(Date);
        }
      }),
      { numRuns: 60 },
    );
  }, 300_000);
});

describe('a legal unit of which only the RNA speaks besides', () => {
  const seat = siret('00000010900009');
  const asOf = '2026-11-20';
  const withUnit = async (source: Source) => {
    await importOne(association, 'rna');
    const id = await importOne(unit, source);
    const record = { siret: seat, state: 'A', headOffice: true } as const;
    await applyEstablishments(stores.db, [record], await started('sirene', '2026-11-01'));
    return id;
  };
  const establishments = async () => (await registerTables(stores.db)).establishments;

  test('keeps its establishments when its import is undone', async () => {
    expect(await undo(await withUnit('sirene'))).toMatchObject({ removed: 0, keptForEstablishments: 1 });
    expect(await establishments()).toMatchObject([{ siret: seat }]);
    expect(await rows()).toMatchObject([{ id: siren, rna: number }]);
  });

  test('keeps its establishments, and what was decided of it, when a complete list no longer names it', async () => {
    await withUnit('administrations');
    await decide({ suspended_at: now });
    const { importId } = await started('administrations', asOf);
    await withdrawStatements(stores.db, [siren ?? ''], { source: 'administrations', asOf, now, importId });
    expect(await establishments()).toMatchObject([{ siret: seat }]);
    expect(await rows()).toMatchObject([
      { id: siren, name: 'AMD', suspended_at: now },
      { id: number, name: 'A. M. D.', suspended_at: now },
    ]);
  });

  test('keeps both when a connector no longer finds it', async () => {
    await withUnit('api_sirene');
    await decide({ suspended_at: now });
    expect(await withdrawStatement(stores.db, siren ?? '', 'api_sirene', { now })).toBe(false);
    expect(await establishments()).toMatchObject([{ siret: seat }]);
  });
});

test('what an operator decided outlives a connector that no longer finds the organization', async () => {
  await importOne(unit, 'api_sirene');
  await decide({ suspended_at: now });
  expect(await withdrawStatement(stores.db, siren ?? '', 'api_sirene', { now })).toBe(false);
  expect(await rows()).toMatchObject([{ id: siren, suspended_at: now }]);
});
