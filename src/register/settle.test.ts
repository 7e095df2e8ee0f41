import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readStatements, sirenOf } from '../organizations/organizations.ts';
import type { Rna, StatedFacts } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyOrganizations } from './apply-organizations.ts';
import type { OrganizationRecord } from './applying.ts';
import { emptyRegister, openRegister } from './testing/register-database.ts';
import { rna, siret } from './testing/samples.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openRegister();
});
afterAll(() => stores.close());

const units = [siret('00000010900009'), siret('21440109300015')];
const numbers = [rna('W000000101'), rna('W000000102'), rna('W000000103')];
const dates = ['2026-01-01', '2026-02-01'];
const maybe = <const T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

interface Line {
  readonly source: 'sirene' | 'rna' | 'rna_import';
  readonly asOf: string;
  readonly record: OrganizationRecord;
}

const unitLine = fc
  .record({
    unit: fc.constantFrom(...units),
    asOf: fc.constantFrom(...dates),
    legalCategory: fc.constantFrom('9220', '9220', '9220', '5710'),
    // Mostly none: then the SIRET that the RNA gives counts.
    names: fc.constantFrom<(Rna | undefined)[]>(undefined, undefined, undefined, ...numbers),
  })
  .map(({ unit, asOf, legalCategory, names }): Line => {
    const facts: StatedFacts = { name: `Unit ${unit}`, legalCategory };
    const record = { siren: sirenOf(unit), facts: names === undefined ? facts : { ...facts, rna: names } };
    return { source: 'sirene', asOf, record };
  });

const numberLine = fc
  .record({
    source: fc.constantFrom('rna' as const, 'rna' as const, 'rna_import' as const),
    number: fc.constantFrom(...numbers),
    asOf: fc.constantFrom(...dates),
    headOffice: maybe(units),
  })
  .map(({ source, number, asOf, headOffice }): Line => {
    const facts: StatedFacts = { name: `Association ${number}` };
    return {
      source,
      asOf,
      record: { rna: number, facts: headOffice === undefined ? facts : { ...facts, headOffice } },
    };
  });

/** Of each date of a source one line about each subject: two would contradict each other. */
const lines = fc.uniqueArray(fc.oneof(unitLine, numberLine, numberLine), {
  minLength: 3,
  maxLength: 9,
  selector: ({ source, asOf, record }) => `${source} ${asOf} ${record.siren ?? record.rna ?? ''}`,
});

/** The same lines in another order, and where one batch ends. */
const orders = lines.chain((all) =>
  fc.record({
    all: fc.constant(all),
    shuffled: fc.shuffledSubarray(all, { minLength: all.length }),
    ends: fc.array(fc.boolean(), { minLength: all.length, maxLength: all.length }),
  }),
);

function batchesOf(all: readonly Line[], endsAfter: (index: number) => boolean): Line[][] {
  const batches: Line[][] = [];
  for (const [index, line] of all.entries()) {
    const batch = batches.at(-1);
    const [head] = batch ?? [];
    const isOfBatch = head?.source === line.source && head.asOf === line.asOf && !endsAfter(index - 1);
    if (batch !== undefined && isOfBatch) batch.push(line);
    else batches.push([line]);
  }
  return batches;
}

const now = new Date('2026-11-22T10:00:00Z');

async function register(batches: readonly Line[][]) {
  await emptyRegister(stores.db);
  for (const batch of batches) {
    const [head] = batch;
    if (head === undefined) continue;
    const { source, asOf } = head;
    await applyOrganizations(
      stores.db,
      batch.map(({ record }) => record),
      { source, asOf, now },
    );
  }
  const rows = await stores.db.selectFrom('organization').selectAll().orderBy('id').execute();
  return rows.map((row) => ({ ...row, statements: readStatements(row.statements) }));
}

const grouped = ({ source, asOf }: Line): string => `${source} ${asOf}`;

test('the order and the batches in which registers are read play no part, and no number is lost', async () => {
  await fc.assert(
    fc.asyncProperty(orders, async ({ all, shuffled, ends }) => {
      const sorted = all.toSorted((left, right) => grouped(left).localeCompare(grouped(right)));
      const expected = await register(batchesOf(sorted, () => false));
      expect(await register(batchesOf(shuffled, (index) => ends[index] === true))).toEqual(expected);
      const held = expected.flatMap(({ statements }) => [
        statements.rna?.facts.rna,
        statements.rna_import?.facts.rna,
      ]);
      for (const { record } of all) if (record.rna !== undefined) expect(held).toContain(record.rna);
    }),
    { numRuns: 60 },
  );
}, 300_000);

test('a legal unit that the RNA gives for several numbers gets none, and gets the one that is left', async () => {
  const mayors = siret('00000010900009');
  const unit: Line = {
    ...{ source: 'sirene', asOf: '2026-01-01' },
    record: { siren: sirenOf(mayors), facts: { name: 'AMD', legalCategory: '9220' } },
  };
  const says = (number: string, asOf: string, facts: StatedFacts): Line => ({
    ...{ source: 'rna', asOf },
    record: { rna: rna(number), facts: { name: number, ...facts } },
  });
  const first = says('W000000101', '2026-01-01', { headOffice: mayors });
  const second = says('W000000102', '2026-01-01', { headOffice: mayors });
  const flagged = (rows: Awaited<ReturnType<typeof register>>) =>
    rows.map(({ id, name, flags }) => [id, name, flags.includes('siren_shared')]);
  for (const batches of [
    [[unit], [first, second]],
    [[unit], [second], [first]],
    [[first, second], [unit]],
  ])
    expect(flagged(await register(batches))).toEqual([
      ['000000109', 'AMD', true],
      ['W000000101', 'W000000101', true],
      ['W000000102', 'W000000102', true],
    ]);
  const elsewhere = says('W000000102', '2026-02-01', {});
  expect(flagged(await register([[unit], [first, second], [elsewhere]]))).toEqual([
    ['000000109', 'AMD', false],
    ['W000000102', 'W000000102', false],
  ]);
});
