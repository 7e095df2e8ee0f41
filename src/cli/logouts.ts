import { recentDeliveries } from '../logout/logout.ts';
import type { DeliveryRecord } from '../logout/logout.ts';
import type { Arguments } from './commands.ts';
import { configOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';
import { withStores } from './with-stores.ts';

const shown = 200;

/** The newest deliveries, 200 at most; with `--failed`, those that no tool has accepted after an attempt. */
export async function logouts(surroundings: Surroundings, { flags }: Arguments): Promise<void> {
  const failedOnly = flags.has('failed');
  const records = await withStores(surroundings, configOf(surroundings), ({ db }) =>
    recentDeliveries(db, { failedOnly, limit: shown }),
  );
  if (records.length === 0) {
    surroundings.print(
      failedOnly ? 'Every tool could be told.' : 'Nobody has signed out of a tool that wants to be told.',
    );
    return;
  }
  surroundings.print(
    table([['WHEN', 'CLIENT', 'REASON', 'STATE', 'ATTEMPTS', 'LAST ANSWER'], ...records.map(row)]),
  );
}

function row(record: DeliveryRecord): readonly string[] {
  const { createdAt, clientId, reason, state, attempts, lastStatus, lastProblem } = record;
  const answer = lastProblem ?? (lastStatus === undefined ? '' : `HTTP ${lastStatus}`);
  return [createdAt.toISOString(), clientId, reason.replaceAll('_', ' '), state, String(attempts), answer];
}
