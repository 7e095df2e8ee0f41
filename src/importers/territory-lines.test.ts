import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isShelf, shelfSchemas } from '../register/register.ts';
import { banatic } from './banatic.ts';
import { communes } from './communes.ts';
import { dpnt } from './dpnt.ts';
import { populations } from './populations.ts';
import { readDated } from './testing/line.ts';

it('what any line says is what the shelves hold', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      '0',
      '56260',
      '2A004',
      '97611',
      '245600465',
      '214401093',
      'COM',
      'COMD',
      'CC',
      'commune',
    ),
    fc.string({ maxLength: 12 }),
  );
  for (const importer of [communes, populations, banatic, dpnt]) {
    const columns = fc.record(Object.fromEntries(importer.columns.map((column) => [column, cell])));
    fc.assert(
      fc.property(columns, (cells) => {
        const reading = readDated(importer, cells, { yearOf: () => '2025' });
        for (const item of 'items' in reading ? reading.items : []) {
          if (item.kind !== 'record' || !isShelf(item.shelf)) continue;
          expect(shelfSchemas[item.shelf].safeParse(item.record).success).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  }
});
