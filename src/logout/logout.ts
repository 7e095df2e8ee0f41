/**
 * logout/: tools are told that somebody signed out (OpenID Connect Back-Channel Logout 1.0).
 *
 * What it does: keeps a durable queue of tools to tell, in SQL, and delivers it beside the requests: the person who
 * signs out never waits for a tool, and a tool that is down is told when it is back.
 *
 * Flow: enqueue() writes one row per tool, in one statement (queue.ts) ──▶ the worker of any process claims rows that are
 * due, for long enough to deliver them (worker.ts) ──▶ a token is signed and posted (deliver.ts) ──▶ delivered, tried again
 * later (attempts.ts) or given up. The row stays for 30 days: what was told, when, and what the tool answered.
 *
 * May import: keys, declarations, http (requests to addresses of others), storage, config, errors. Who signs the token,
 * and for whom, is handed over.
 */
import type { Kysely } from 'kysely';
import type { Clock, Logger } from '../config/config.ts';
import type { GuardedFetch } from '../http/http.ts';
import type { Database } from '../storage/storage.ts';
import type { MessageOf } from './deliver.ts';
import { createQueue } from './queue.ts';
import type { Departure } from './queue.ts';
import { createWorker } from './worker.ts';

export type { Message, MessageOf } from './deliver.ts';
export type { Departure } from './queue.ts';
export { recentDeliveries } from './record.ts';
export type { DeliveryRecord } from './record.ts';

export interface Logouts {
  /** Resolves once the tools to tell are in the database: not before, so that none is forgotten; not later either. */
  enqueue(...departures: readonly Departure[]): Promise<void>;
  /** Looks now for what is due, rather than at the next turn. */
  wake(): void;
  /** Deletes records older than 30 days, at most `limit`. @returns how many */
  purge(limit: number): Promise<number>;
  /** @returns what stops looking, and resolves once the deliveries under way have ended (seconds at most) */
  start(): () => Promise<void>;
}

export interface LogoutNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly randomId: () => string;
  readonly fetch: GuardedFetch;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly messageOf: MessageOf;
}

export function createLogouts(needs: LogoutNeeds): Logouts {
  const queue = createQueue(needs);
  const worker = createWorker({ ...needs, queue });
  return {
    async enqueue(...departures) {
      await queue.add(departures);
      worker.wake();
    },
    wake: () => worker.wake(),
    purge: (limit) => queue.purge(limit),
    start: () => worker.start(),
  };
}
