import type { Clock } from '../config/config.ts';
import { describeArtifacts } from './conformance-artifacts.ts';
import { describeEphemeralStore } from './conformance-ephemeral.ts';
import { describeSessionRaces } from './conformance-session-races.ts';
import { describeSessions } from './conformance-sessions.ts';
import { describeSql } from './conformance-sql.ts';
import { describeUnitOfWork } from './conformance-unit-of-work.ts';
import type { Stores } from './storage.ts';

/** A pair of stores under test, empty and migrated. */
export interface Backend {
  readonly stores: Stores;
  readonly clock: Clock;
  /** Moves our clock forward, which is all that SQL knows of time. */
  moveClock(seconds: number): void;
  /** Lets so many seconds pass for both stores, by waiting if need be. */
  pass(seconds: number): Promise<void>;
  /** Everything in both stores, keys and values, as text. */
  dump(): Promise<string>;
}

/**
 * The contract of the two stores and of the adapter over them. Every back end passes all of it.
 *
 * @param virtualTime whether the ephemeral store goes by `Backend.clock`; Redis goes by its own
 */
export function describeStores(backend: () => Backend, { virtualTime }: { virtualTime: boolean }): void {
  describeEphemeralStore(backend);
  describeArtifacts(backend, virtualTime);
  describeSessions(backend, virtualTime);
  describeSessionRaces(backend);
  describeUnitOfWork(backend);
  describeSql(backend);
}
