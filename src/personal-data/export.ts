import { stringify } from 'csv-stringify/sync';
import { inventory, parts } from './inventory.ts';
import { jsonOfItem } from './item.ts';
import type { Item } from './item.ts';
import type { Person, PersonalDataNeeds } from './needs.ts';
import { readPart } from './read.ts';

export const personExportFormats = ['json', 'csv'] as const;
export type PersonExportFormat = (typeof personExportFormats)[number];

/**
 * All that is kept of somebody, piece by piece: what one person did may be longer than memory. The form of the JSON is
 * what GDPR art. 20 asks for (structured, in common use, machine-readable); docs/personal-data.md describes it.
 */
export async function* exportPerson(
  needs: PersonalDataNeeds,
  person: Person,
  format: PersonExportFormat,
): AsyncGenerator<string> {
  yield format === 'csv' ? csv([['part', 'number', 'name', 'value']]) : beginning(needs, person);
  let first = true;
  for (const part of parts) {
    const items = readPart(needs, person, part);
    if (items === undefined) continue;
    if (format === 'json')
      yield `${first ? '' : ','}\n{"part":${JSON.stringify(part)},"basis":${JSON.stringify(inventory[part].basis)},"items":[`;
    first = false;
    let count = 0;
    for await (const item of items) {
      count += 1;
      yield format === 'csv'
        ? csv(cellsOf(item).map(([name, value]) => [part, String(count), name, value]))
        : `${count === 1 ? '' : ','}\n${JSON.stringify(jsonOfItem(item))}`;
    }
    if (format === 'json') yield ']}';
  }
  if (format === 'json') yield '\n]}\n';
}

const beginning = ({ clock }: PersonalDataNeeds, { accountId, address }: Person): string =>
  `{"format":"maillon-personal-data/1","made_at":${JSON.stringify(clock())},"account":${JSON.stringify(
    accountId ?? null,
  )},"address":${JSON.stringify(address ?? null)},"parts":[`;

function cellsOf(item: Item): readonly (readonly [string, string])[] {
  return Object.entries(jsonOfItem(item)).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

/** A cell that a spreadsheet would take for a formula is quoted as text; one of several lines stays one cell. */
const csv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, quoted_match: /[\r\n\t]/ },
  );
