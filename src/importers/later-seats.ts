import type { Kysely } from 'kysely';
import { asOnlyWriter, followSeats, followSeatsBeside, followSeatsOfImport } from '../register/register.ts';
import type { LaterSeats } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';

/**
 * Of an import of establishments: half of what the database has to do is to give legal units the commune of their head
 * office, with all indexes that hold it. A second connection does it for one batch while the first one writes the next,
 * under its lock. What is left undone when the import ends too early is done when it goes on, or by `registry check`; an
 * undoing makes the legal units anew in any case.
 */
export interface SeatsOfImport extends LaterSeats {
  /** What the last batches left; to call outside a transaction. */
  rest(): Promise<void>;
}

/**
 * @param held connection of the import
 * @param beside the same database, by other connections
 */
export function createLaterSeats(held: Kysely<Database>, beside: Kysely<Database>): SeatsOfImport {
  let left: string[] = [];
  let under: Promise<void> = Promise.resolve();
  const taken = (): readonly string[] => {
    const due = left;
    left = [];
    return due;
  };
  return {
    later: (sirets) => {
      left.push(...sirets);
    },
    begin: () => {
      if (left.length === 0) return;
      under = followSeatsBeside(beside, taken());
      // Its failure is met by who awaits it.
      under.catch(() => undefined);
    },
    done: () => under,
    rest: () =>
      left.length === 0
        ? Promise.resolve()
        : asOnlyWriter(held, (transaction) => followSeats(transaction, taken())),
  };
}

/** What an interrupted import may have left undone. */
export const mendSeats = (held: Kysely<Database>, importId: number): Promise<void> =>
  asOnlyWriter(held, (transaction) => followSeatsOfImport(transaction, importId));
