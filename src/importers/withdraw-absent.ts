import type { Kysely } from 'kysely';
import { organizationsUnnamed, withdrawStatements } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { statingSource } from './apply-items.ts';
import type { ImportSource } from './importer.ts';

/** What became of the organizations that a complete list no longer names. */
export interface Withdrawal {
  /** How many they are. */
  readonly absent: number;
  /** They are too many to be believed: nothing was withdrawn. */
  readonly isRefused: boolean;
}

/** More than this part of what the source holds, and the file is likelier cut short than right. */
const mostAtOnce = 1 / 5;

/**
 * Ends what a source said of the organizations that its newer list leaves out. All lines of the file are read by then,
 * those that an interrupted import had committed included.
 *
 * @param named SIREN, RNA number or entry in a local register of each line, wrong ones included where it could be read
 * @param withdrawing.importId undefined: a dry run, which only counts
 * @param withdrawing.isConfirmed the operator knows that many are gone
 */
export async function withdrawAbsent(
  db: Kysely<Database>,
  named: ReadonlySet<string>,
  withdrawing: {
    readonly source: ImportSource;
    readonly asOf: string;
    readonly now: Date;
    readonly importId: number | undefined;
    readonly isConfirmed: boolean;
  },
): Promise<Withdrawal> {
  const { asOf, now, importId, isConfirmed } = withdrawing;
  const source = statingSource(withdrawing.source);
  const absent = await organizationsUnnamed(db, { source, asOf }, (identifier) => named.has(identifier));
  const isRefused = !isConfirmed && absent.length > (absent.length + named.size) * mostAtOnce;
  if (isRefused || importId === undefined) return { absent: absent.length, isRefused };
  const withdrawn = await withdrawStatements(db, absent, { source, asOf, now, importId });
  return { absent: withdrawn, isRefused };
}
