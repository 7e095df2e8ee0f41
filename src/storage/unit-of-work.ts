import { AsyncLocalStorage } from 'node:async_hooks';
import type { AdapterPayload } from 'oidc-provider';
import type { Consumption, EphemeralStore, FoundSession, Write } from './ephemeral.ts';

/** A grant as it is stored; `payload` still lacks its id (entry.ts). */
export interface GrantRow {
  readonly payload: string;
  readonly snapshot: string | null;
  readonly expiresAt: Date;
}

/** A session that was just destroyed: `Session.save()` does so to an old id before it stores the session under a new one. */
export interface Rotation {
  readonly oldId: string;
  readonly former: AdapterPayload;
  readonly found: FoundSession;
  /** The writes that end it. */
  readonly ending: readonly Write[];
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
  /** What it was refused with when another had consumed its entry: it writes nothing more, even if that was caught. */
  refusal: Error | undefined;
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
    refusal: undefined,
    closed: false,
  };
  try {
    const result = await units.run(unit, work);
    // Who catches a refusal has answered it: what was to be written went with it.
    if (unit.refusal !== undefined) return result;
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
    await flush(store, unit);
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
  if (unit.refusal !== undefined) throw unit.refusal;
  const queued = unit.queue.get(store);
  if (queued === undefined) unit.queue.set(store, [...writes]);
  else queued.push(...writes);
}

/** Takes back writes that this request has queued. @returns false when they have left already, or were never queued */
export function withdraw(store: EphemeralStore, writes: readonly Write[]): boolean {
  const queued = currentUnit()?.queue.get(store) ?? [];
  if (!writes.every((each) => queued.includes(each))) return false;
  queued.splice(0, queued.length, ...queued.filter((each) => !writes.includes(each)));
  return true;
}

/** To call before anything that reads: a request sees its own writes. Rejects when what it consumes was consumed by another. */
export async function flush(store: EphemeralStore, unit = currentUnit()): Promise<void> {
  if (unit === undefined) return;
  if (unit.refusal !== undefined) throw unit.refusal;
  const refusal = await leave(store, unit);
  if (refusal === undefined) return;
  unit.refusal = refusal;
  throw refusal;
}

/** What waits leaves, in one trip. @returns what the request is refused with, if another has consumed its entry */
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
    await writes[place]?.otherwise?.();
  }
}
