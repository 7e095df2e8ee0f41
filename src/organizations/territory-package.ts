import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { z } from 'zod';

import { listIn } from './territory-json.ts';

export const PACKAGE = '@etalab/decoupage-administratif';

/** Bytes of a file that are read as one JSON text: 12 MB of JSON never stand in memory as objects. */
const PIECE = 128 * 1024;

/**
 * The entries of a file, which holds one object a line, a comma after each, between two brackets.
 *
 * @param plain tells at less cost what the schema would take as it is; the schema decides about all others
 */
export function* packageEntries<T>(
  file: string,
  schema: z.ZodType<T>,
  plain?: (entry: unknown) => entry is T,
): Generator<T> {
  const path = createRequire(import.meta.url).resolve(`${PACKAGE}/data/${file}.json`);
  const bytes = readFileSync(path);
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf('\n', start + PIECE);
    const end = newline === -1 ? bytes.length : newline + 1;
    const lines = bytes.toString('utf8', start, end);
    start = end;
    const objects = lines.slice(lines.indexOf('{'), lines.lastIndexOf('}') + 1);
    for (const entry of listIn(`[${objects}]`))
      yield plain !== undefined && plain(entry) ? entry : schema.parse(entry);
  }
}
