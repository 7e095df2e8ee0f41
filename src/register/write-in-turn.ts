import { setImmediate } from 'node:timers/promises';
import { textArrays } from './text-arrays.ts';

/** Rows of one SQL statement. */
const rowsAtOnce = 250;

/**
 * Writes rows, some at a time: while PostgreSQL writes them, the next ones are made.
 *
 * @param write one SQL statement; `lists` is one array of texts for each column
 * @param whileWriting called when a statement has left and the next one, if any, is made
 */
export async function writeInTurn<T>(
  all: readonly T[],
  columnsOf: (one: T) => readonly (string | null)[],
  write: (lists: readonly string[]) => Promise<unknown>,
  whileWriting?: () => void,
): Promise<void> {
  let writing: Promise<unknown> = Promise.resolve();
  for (let from = 0; from < all.length; from += rowsAtOnce) {
    const lists = textArrays(all.slice(from, from + rowsAtOnce).map(columnsOf));
    if (from > 0) whileWriting?.();
    await writing;
    writing = write(lists);
    // Its failure is met above or below, when its turn comes.
    writing.catch(() => undefined);
    // It leaves before the next rows are made.
    await setImmediate();
  }
  if (all.length > 0) whileWriting?.();
  await writing;
}
