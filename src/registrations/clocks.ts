import { BrokerError } from '../errors/errors.ts';
import type { RegistrationsNeeds } from './needs.ts';

/** What two clocks that are right may differ by. */
const mostApartMs = 5 * 60_000;

export const isAhead = (instant: Date, now: Date): boolean => instant.getTime() - now.getTime() > mostApartMs;

/**
 * Time acts for itself, and what it does cannot be undone: silence decides, rights end. So the clock of this process has
 * to agree with the one of the database, which is another machine's as a rule.
 *
 * @throws BrokerError M-FILE-007
 */
export async function checkClock({
  clock,
  databaseClock,
}: Pick<RegistrationsNeeds, 'clock' | 'databaseClock'>): Promise<void> {
  if (databaseClock === undefined) return;
  const theirs = await databaseClock();
  const now = clock();
  if (!isAhead(theirs, now) && !isAhead(now, theirs)) return;
  throw new BrokerError('M-FILE-007', {
    detail: `it is ${now.toISOString()} here, ${theirs.toISOString()} in the database`,
  });
}
