import type { Kysely } from 'kysely';
import type { Applying } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { applyItems } from './apply-items.ts';
import type { Reading } from './importer.ts';
import { ownOrganizations } from './own-organizations.ts';
import type { OwnColumn } from './own-organizations.ts';

/** One line of our own form, as it was typed. */
export type OwnCells = Readonly<Partial<Record<OwnColumn, string>>>;

/** Read as `maillon import organizations` reads it, whichever way it came. */
export function readOwnLine(cells: OwnCells): Reading {
  const typed = new Map(Object.entries(cells));
  return ownOrganizations.read(
    { get: (column) => typed.get(column) ?? '' },
    { asOf: '', fileName: '', yearOf: () => undefined },
  );
}

/**
 * Enters an organization that the register does not hold, and its establishment.
 *
 * @param trx of the caller, who takes it back when the answer is no
 * @returns whether all of it was new: what the register holds by now is not ours to say
 * @throws TypeError for cells that do not read
 */
export async function enterOwnLine(
  trx: Kysely<Database>,
  cells: OwnCells,
  applying: Pick<Applying, 'asOf' | 'now' | 'label' | 'author' | 'reason'>,
): Promise<boolean> {
  const reading = readOwnLine(cells);
  if (!('items' in reading)) throw new TypeError('a line that does not read cannot be entered');
  const items = reading.items.map((item) => ({ line: 1, item }));
  const applied = await applyItems(trx, items, { ...applying, source: ownOrganizations.source });
  return applied.new === items.length;
}
