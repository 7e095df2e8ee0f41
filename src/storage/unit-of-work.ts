import { AsyncLocalStorage } from 'node:async_hooks';
import type { EphemeralStore, FoundSession, Write } from './ephemeral.ts';

/** A grant as it is stored; `payload` still lacks its id (entry.ts). */
export interface GrantRow {
  readonly payload: string;
  readonly snapshot: string | null;
  readonly expiresAt: Date;
}

/** A session that `Session.save()` has just destroyed under its old id, and is about to store under the new one. */
export interface Rotation {
  readonly oldId: string;
  readonly accountId: string | undefined;
  readonly acr: string | undefined;
}

/** One request. Maps are keyed by hashed ids; `undefined` in a map means: looked for, not there. */
export interface Unit {
  readonly queue: Map<EphemeralStore, Write[]>;
  readonly sessions: Map<string, FoundSession | undefined>;
  readonly grants: Map<string, GrantRow | undefined>;
  readonly pendingSnapshots: Map<string, string>;
  /** By session uid. */
  readonly rotations: Map<string, Rotation>;
  readonly revoked: Set<string>;
  /** The first flush that failed: the request has lost writes, it must not look as if it had succeeded. */
  failure: { readonly error: unknown } | undefined;
  closed: boolean;
}

const units = new AsyncLocalStorage<Unit>();

/** The unit of this request; none outside `unitOfWork`, nor for what runs on after its end. */
export function currentUnit(): Unit | undefined {
  const unit = units.getStore();
  return unit === undefined || unit.closed ? undefined : unit;
}

/**
 * Runs one request. Ephemeral writes of the adapter are queued and leave in one batch at the end, before the promise
 * resolves, hence before the answer leaves if this wraps the whole middleware. When `work` rejects, what is still queued
 * is dropped: nothing was promised to anybody. Rejects when a batch cannot be written. A unit inside a unit joins it.
 */
export async function unitOfWork<T>(work: () => Promise<T>): Promise<T> {
  if (currentUnit() !== undefined) return work();
  const unit: Unit = {
    queue: new Map(),
    sessions: new Map(),
    grants: new Map(),
    pendingSnapshots: new Map(),
    rotations: new Map(),
    revoked: new Set(),
    failure: undefined,
    closed: false,
  };
  try {
    const result = await units.run(unit, work);
    for (const store of unit.queue.keys()) await flush(store, unit);
    return result;
  } finally {
    unit.closed = true;
  }
}

/** Queues writes of this request, or carries them out at once outside a unit. */
export async function write(store: EphemeralStore, ...writes: readonly Write[]): Promise<void> {
  const unit = currentUnit();
  if (unit === undefined) return store.pipeline(writes);
  const queued = unit.queue.get(store);
  if (queued === undefined) unit.queue.set(store, [...writes]);
  else queued.push(...writes);
}

/** To call before anything that reads: a request sees its own writes. */
export async function flush(store: EphemeralStore, unit = currentUnit()): Promise<void> {
  if (unit === undefined) return;
  if (unit.failure !== undefined) throw unit.failure.error;
  const writes = unit.queue.get(store)?.splice(0) ?? [];
  if (writes.length === 0) return;
  try {
    await store.pipeline(writes);
  } catch (error) {
    unit.failure = { error };
    throw error;
  }
}
