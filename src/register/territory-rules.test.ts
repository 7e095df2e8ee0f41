import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { territoryRules } from './territory-rules.ts';

const strange = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 0, -1, 1.5, 2 ** 53, Number.NaN, true, [], {}),
  fc.string(),
);
const code = fc.constantFrom('56058', '2A004', '97611', '20004', '5605');
const siren = fc.constantFrom('215600586', '215600587', '000000000', '21560058');
const field = (likely: fc.Arbitrary<unknown>) => fc.oneof({ weight: 6, arbitrary: likely }, strange);
const kind = fc.constantFrom('commune', 'arrondissement', 'delegated', 'associated', 'other');

/** Every field of every shelf, each mostly as it should be: a record of one shelf is a strange one of another. */
const record = fc.record(
  {
    name: field(fc.constant('Férel')),
    kind: field(kind),
    nature: field(fc.constant('CC')),
    department: field(fc.constant('56')),
    region: field(fc.constant('53')),
    siren: field(siren),
    current: field(code),
    commune: field(code),
    municipal: field(fc.nat()),
    total: field(fc.nat()),
  },
  { requiredKeys: [] },
);

const samples = {
  commune: { name: 'Férel', kind: 'delegated', department: '56', region: '53', current: '56030' },
  grouping: { name: 'CC fictive', nature: 'CC', department: '56' },
  grouping_member: { name: 'Férel', siren: '215600586', commune: '56058' },
  population: { municipal: 3_512, total: 3_590 },
};

describe.each(['commune', 'grouping', 'grouping_member', 'population'] as const)('shelf %s', (shelf) => {
  const { schema, plain } = territoryRules[shelf];
  const { shape } = schema;

  test('what is written every day needs no schema', () => expect(plain(samples[shelf])).toBe(true));

  test('the guard lets through nothing that the schema refuses, and what it would give', () => {
    const own = record.map((all) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => name in shape)),
    );
    fc.assert(
      fc.property(fc.oneof({ weight: 8, arbitrary: own }, record, strange), (value) => {
        if (!plain(value)) return;
        expect(z.safeParse<z.ZodType>(schema, value)).toEqual({ success: true, data: value });
      }),
      { numRuns: 1_000 },
    );
  });
});
