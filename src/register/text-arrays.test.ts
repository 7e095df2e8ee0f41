import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { textArrays } from './text-arrays.ts';

const pglite = await PGlite.create();
afterAll(() => pglite.close());

it('each column comes out of PostgreSQL as it went in, whatever it holds', async () => {
  const cell = fc.option(
    fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      fc.constantFrom(
        '',
        'NULL',
        'null',
        '{}',
        '{"a":"b\\"c"}',
        'a,b',
        ' ',
        '\\',
        '"',
        '\n',
        '"\n\t\u0007\u0085"',
        '"é🚲"',
      ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
      const { rows: read } = await pglite.query(
        'select a, b from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given(a, b, c, n) order by n',
        // A column of nothing has no length: there is always one beside it that has.
        [...textArrays(rows.map(([a, b]) => [a, b, 'x']))],
      );
      expect(read).toEqual(rows.map(([a, b]) => ({ a, b })));
    }),
    { numRuns: 100 },
  );
});
