import type { FileFacts, Importer, Reading } from '../importer.ts';

export const fileFacts: FileFacts = {
  asOf: '2026-11-01',
  fileName: 'sample.csv',
  yearOf: () => undefined,
};

/** One line of the file: the cells that the test is about, the others empty. Reads like the frame: declared columns only. */
export function readLine(importer: Importer, cells: Readonly<Record<string, string>>): Reading {
  const unknown = Object.keys(cells).filter((column) => !importer.columns.includes(column));
  if (unknown.length > 0) throw new Error(`${importer.name} has no column ${unknown.join(', ')}`);
  const declared = new Set([...importer.required, ...(importer.optional ?? [])]);
  return importer.read(
    {
      get: (column) => {
        if (!declared.has(column))
          throw new Error(`${importer.name} reads ${column}, which it does not declare`);
        return cells[column] ?? '';
      },
    },
    fileFacts,
  );
}

/** A line of a file whose last columns name a year. */
export function readDated(
  importer: Importer,
  cells: Readonly<Record<string, string>>,
  file: Partial<FileFacts>,
): Reading {
  return importer.read(
    { get: (column) => cells[column] ?? '' },
    { asOf: '2026-01-01', fileName: 'sample.csv', yearOf: () => undefined, ...file },
  );
}
