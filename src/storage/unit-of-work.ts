import { AsyncLocalStorage } from 'node:async_hooks';
import type { Consumption, EphemeralStore, FoundSession, Write } from './ephemeral.ts';

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
  /** Once it is stored again; `ttl` in seconds. */
  next: { readonly id: string; readonly accountId: string | undefined; readonly ttl: number } | undefined;
}

/** An entry to consume together with the next writes of its request. */
export interface Consuming {
  readonly key: string;
  /** Epoch seconds. */
  readonly at: number;
  /** Another request has consumed it, or it is gone: the writes are dropped. @returns what the request is refused with */
  readonly lost: (found: Consumption) => Promise<Error>;
}

/** One request. Maps are keyed by hashed ids; `undefined` in a map means: looked for, not there. */
export interface Unit {
  readonly queue: Map<EphemeralStore, Write[]>;
  readonly consuming: Map<EphemeralStore, Consuming>;
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
    consuming: new Map(),
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
    for (const store of new Set([...unit.queue.keys(), ...unit.consuming.keys()])) await flush(store, unit);
    return result;
  } finally {
    unit.closed = true;
  }
}

/** Consumes an entry with the next writes of this request, or at once outside a unit. */
export async function consume(store: EphemeralStore, consuming: Consuming): Promise<void> {
  const unit = currentUnit();
  if (unit !== undefined) {
    await flush(store);
    unit.consuming.set(store, consuming);
    return;
  }
  const found = await store.consume(consuming.key, consuming.at);
  if (found.outcome !== 'consumed') throw await consuming.lost(found);
}

/** To call once what depends on a consumption is written: whether it was the first is known from then on. */
export async function flushConsumption(store: EphemeralStore): Promise<void> {
  if (currentUnit()?.consuming.has(store) === true) await flush(store);
}

/** Queues writes of this request, or carries them out at once outside a unit. */
export async function write(store: EphemeralStore, ...writes: readonly Write[]): Promise<void> {
  const unit = currentUnit();
  if (unit === undefined) return carryOut(store, writes);
  const queued = unit.queue.get(store);
  if (queued === undefined) unit.queue.set(store, [...writes]);
  else queued.push(...writes);
}

/** To call before anything that reads: a request sees its own writes. Rejects when what it consumes was consumed by another. */
export async function flush(store: EphemeralStore, unit = currentUnit()): Promise<void> {
  const refusal = unit === undefined ? undefined : await leave(store, unit);
  if (refusal !== undefined) throw refusal;
}

/** What waits leaves, in one trip. */
async function leave(store: EphemeralStore, unit: Unit): Promise<Error | undefined> {
  if (unit.failure !== undefined) throw unit.failure.error;
  const consuming = unit.consuming.get(store);
  unit.consuming.delete(store);
  const writes = unit.queue.get(store)?.splice(0) ?? [];
  try {
    if (consuming === undefined) {
      await carryOut(store, writes);
      return undefined;
    }
    const found = await store.consume(consuming.key, consuming.at, writes);
    if (found.outcome !== 'consumed') return await consuming.lost(found);
    await doOtherwise(writes, found.refused);
    return undefined;
  } catch (error) {
    unit.failure = { error };
    throw error;
  }
}

async function carryOut(store: EphemeralStore, writes: readonly Write[]): Promise<void> {
  if (writes.length > 0) await doOtherwise(writes, await store.pipeline(writes));
}

/** One after the other: they may be about one key. */
async function doOtherwise(writes: readonly Write[], refused: readonly number[]): Promise<void> {
  for (const place of refused) {
    const write = writes[place];
    if (write !== undefined && 'otherwise' in write) await write.otherwise();
  }
}
