import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Rna, Siren, StatedFacts } from '../organizations/organizations.ts';
import { sirenOf } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { applyRecords } from './apply-records.ts';
import type { Applying, EstablishmentRecord, OrganizationRecord, Outcome } from './applying.ts';
import { emptyRegister, openRegister } from './testing/register-database.ts';
import { registerTables, rna, siret } from './testing/samples.ts';
import { undoImport } from './undo-import.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openRegister();
});
afterAll(() => stores.close());
beforeEach(() => emptyRegister(stores.db));

const now = new Date('2026-11-22T10:00:00Z');
const units = [siret('00000010900009'), siret('21440109300015'), siret('13002526500013')];
const sirens = units.map(sirenOf);
const numbers = [rna('W000000101'), rna('W000000102'), rna('W000000103')];

interface File {
  readonly source: 'sirene' | 'rna' | 'organizations' | 'api_sirene';
  readonly asOf: string;
  readonly organizations: readonly OrganizationRecord[];
  readonly establishments: readonly EstablishmentRecord[];
  readonly records: readonly { readonly key: string; readonly record: object }[];
}

const maybe = <const T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const facts: fc.Arbitrary<StatedFacts> = fc.record({
  name: maybe(['AMD', 'NANTES']),
  legalCategory: maybe(['9220', '5710', '9230', '0000']),
  unitState: maybe(['A', 'C']),
  headOffice: maybe(units),
});

const numbersOf = { number: fc.constantFrom(...numbers), unit: fc.constantFrom(...sirens) };
const file = fc
  .record({
    source: fc.constantFrom(
      'sirene' as const,
      'rna' as const,
      'organizations' as const,
      'api_sirene' as const,
    ),
    asOf: fc.constantFrom('2026-01-01', '2026-02-01', '2026-03-01'),
    said: fc.array(fc.record({ ...numbersOf, names: maybe<Rna>(numbers), facts }), { maxLength: 5 }),
    establishments: fc.array(
      fc.record({
        siret: fc.constantFrom(...units, siret('21440109300023')),
        state: fc.constantFrom('A' as const, 'F' as const),
        headOffice: fc.boolean(),
        communeCode: maybe(['44109', '56260']),
      }),
      { maxLength: 3 },
    ),
    records: fc.array(
      fc.record({
        key: fc.constantFrom('44109', '56260'),
        record: fc.record({ name: fc.constantFrom('a', 'b') }),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ said, ...others }): File => ({
    ...others,
    organizations: said.map((one) => recordOf(others.source, one)),
  }));

/**
 * Files of our own name an association by its SIREN here. One that a file named by its RNA number, and a later one by its
 * SIREN, is one row from then on: undoing the later file leaves it so, under the SIREN.
 */
function recordOf(
  source: File['source'],
  one: { number: Rna; unit: Siren; names: Rna | undefined; facts: StatedFacts },
): OrganizationRecord {
  // Who lives by an RNA number is an association, whatever its category.
  if (source === 'rna') return { rna: one.number, facts: { ...one.facts, legalCategory: '9220' } };
  return { siren: one.unit, facts: one.names === undefined ? one.facts : { ...one.facts, rna: one.names } };
}

let lastImport = 0;
async function importFile({ source, asOf, organizations, establishments, records }: File): Promise<{
  readonly id: number;
  readonly outcomes: readonly Outcome[];
}> {
  lastImport += 1;
  await sql`
    insert into register_import (id, source, file_name, file_sha256, source_date, state, started_at, updated_at)
    overriding system value
    values (${lastImport}, ${source}, 'f', ${'0'.repeat(64)}, ${asOf}, 'finished', ${now}, ${now})`.execute(
    stores.db,
  );
  const applying: Applying & { source: string } = { source, asOf, now, importId: lastImport };
  return {
    id: lastImport,
    outcomes: [
      await applyOrganizations(stores.db, organizations, applying),
      await applyEstablishments(stores.db, establishments, applying),
      await applyRecords(stores.db, 'commune', records, applying),
    ],
  };
}

describe('an import', () => {
  test('undone leaves the register as it was, whatever was there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(file, fc.boolean()), { maxLength: 4 }),
        file,
        async (before, last) => {
          await emptyRegister(stores.db);
          const ids: number[] = [];
          for (const [one, isUndone] of before) {
            const { id } = await importFile(one);
            if (isUndone) ids.push(id);
          }
          for (const id of ids) await undoImport(stores.db, id, now);
          const expected = await registerTables(stores.db);
          const { id } = await importFile(last);
          await undoImport(stores.db, id, now);
          expect(await registerTables(stores.db)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  }, 300_000);

  test('and the others leave nothing behind, in whatever order they are undone', async () => {
    const order = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 2, maxLength: 4 }), order, async (files, places) => {
        await emptyRegister(stores.db);
        const ids: number[] = [];
        for (const one of files) ids.push((await importFile(one)).id);
        for (const [done, place] of places.slice(0, files.length).entries()) {
          const [id] = ids.splice(place % (files.length - done), 1);
          await undoImport(stores.db, id ?? 0, now);
        }
        expect(await registerTables(stores.db)).toEqual({
          organizations: [],
          establishments: [],
          records: [],
        });
      }),
      { numRuns: 60 },
    );
  }, 300_000);

  test('twice says the same the second time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 2 }), file, async (before, last) => {
        await emptyRegister(stores.db);
        for (const one of before) await importFile(one);
        await importFile(last);
        const once = await registerTables(stores.db);
        const { outcomes } = await importFile(last);
        for (const outcome of outcomes) expect(outcome).toMatchObject({ new: 0, changed: 0 });
        expect(await registerTables(stores.db)).toEqual(once);
      }),
      { numRuns: 30 },
    );
  }, 300_000);

  const of = (asOf: string, state: 'A' | 'F'): File => ({
    ...{ source: 'sirene', asOf, organizations: [] },
    establishments: [{ siret: units[0] ?? siret(''), state, headOffice: true }],
    records: [{ key: '44109', record: { state } }],
  });
  const unit: File = {
    ...{ source: 'sirene', asOf: '2026-01-01', establishments: [], records: [] },
    organizations: sirens.slice(0, 1).map((siren) => ({ siren, facts: { name: 'AMD' } })),
  };
  const days = ['2026-01-01', '2026-02-01', '2026-03-01'];
  const orders = [0, 1, 2].flatMap((a) =>
    [0, 1, 2].filter((b) => b !== a).map((b): readonly number[] => [a, b, 3 - a - b]),
  );
  const known = z.object({ import_id: z.int(), state: z.enum(['A', 'F']) });
  const said = async () => {
    const { establishments, records } = await registerTables(stores.db);
    return [
      establishments.map((row) => known.parse(row)),
      records.map((row) => known.parse({ ...row, ...contentOf(row) })),
    ];
  };
  const contentOf = (row: object): object =>
    z.looseObject({}).parse(JSON.parse(z.object({ record: z.string() }).parse(row).record));
  const cases = (['AAA', 'AAF', 'AFF', 'AFA'] as const).flatMap((states) =>
    orders.map((order) => ({ states, order })),
  );

  test.each(cases)(
    'of three that say $states, undone in the order $order, the last that stands speaks',
    async ({ states, order }) => {
      await importFile(unit);
      const standing = new Map<number, { import_id: number; state: string }>();
      for (const [place, day] of days.entries()) {
        const state = states[place] === 'A' ? 'A' : 'F';
        const { id } = await importFile(of(day, state));
        standing.set(place, { import_id: id, state });
      }
      for (const place of order) {
        await undoImport(stores.db, standing.get(place)?.import_id ?? 0, now);
        standing.delete(place);
        const expected = [...standing.values()].slice(-1);
        expect(await said()).toEqual([expected, expected]);
      }
    },
  );

  test('of which two say the same of an organization, the first still stands when the others are undone', async () => {
    const { id: first } = await importFile(unit);
    const { id: second } = await importFile({ ...unit, asOf: '2026-02-01' });
    const { id: third } = await importFile({
      ...{ ...unit, asOf: '2026-03-01' },
      organizations: sirens.slice(0, 1).map((siren) => ({ siren, facts: { name: 'AMD 56' } })),
    });
    await undoImport(stores.db, second, now);
    await undoImport(stores.db, third, now);
    expect((await registerTables(stores.db)).organizations).toMatchObject([{ name: 'AMD' }]);
    await undoImport(stores.db, first, now);
    expect((await registerTables(stores.db)).organizations).toEqual([]);
  });

  test('does not end what an earlier one left for the establishments of a third, though both speak of their unit', async () => {
    const brought = await importFile(unit);
    await importFile(of('2026-01-01', 'A'));
    await undoImport(stores.db, brought.id, now);
    const left = await registerTables(stores.db);
    const { id } = await importFile({
      ...{ ...unit, source: 'organizations' },
      establishments: [{ siret: siret('00000010900017'), state: 'A', headOffice: false }],
    });
    await undoImport(stores.db, id, now);
    expect(await registerTables(stores.db)).toEqual(left);
  });
});
