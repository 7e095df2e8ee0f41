interface Conditional {
  /** Carried out only if this key holds this value by then; without `held`, if it holds any. */
  readonly provided?: { readonly key: string; readonly held?: string };
  /** What is done, in JavaScript and after its batch, when the write was not carried out. */
  readonly otherwise?: (() => Promise<void>) | undefined;
}

/** One write of a batch. Times to live are in seconds, at least 1. */
export type Write = Conditional &
  (
    | { readonly kind: 'set'; readonly key: string; readonly value: string; readonly ttl: number }
    | { readonly kind: 'delete'; readonly key: string }
    /** Notes `member` in the index `key` for `ttl` seconds, and drops the members that have expired. */
    | { readonly kind: 'index'; readonly key: string; readonly member: string; readonly ttl: number }
  );

/** A counter, and what it may come to. */
export interface Counter {
  readonly key: string;
  readonly times: number;
  /** Seconds from its first count to its end. */
  readonly seconds: number;
}

/** A counter that came to more than it may. */
export interface Exceeded {
  /** Its place among those that were counted. */
  readonly index: number;
  /** How often it was counted, this time included. */
  readonly count: number;
  /** Whole seconds until it ends, 1 at least. */
  readonly secondsLeft: number;
}

/** A session and the hash of its id: what its uid leads to. */
export interface FoundSession {
  readonly sid: string;
  readonly value: string;
}

/**
 * What may expire: strings under string keys, always with a time to live. Two back ends (Redis, this process) pass the
 * same conformance suite. Each method is one round trip. Failures are BrokerError M-STOR-002.
 *
 * The last four methods know the layout of keys.ts and entry.ts: they spare the adapter a round trip each.
 */
export interface EphemeralStore {
  readonly get: (key: string) => Promise<string | undefined>;
  readonly getMany: (keys: readonly string[]) => Promise<(string | undefined)[]>;
  readonly set: (key: string, value: string, ttlSeconds: number) => Promise<void>;
  /** True for exactly one of all callers until the key expires. */
  readonly setIfAbsent: (key: string, value: string, ttlSeconds: number) => Promise<boolean>;
  /** Reads and deletes in one step. */
  readonly take: (key: string) => Promise<string | undefined>;
  readonly delete: (...keys: string[]) => Promise<void>;
  /**
   * Adds one to a counter that begins, and begins to end, with the first count: later ones do not prolong it.
   *
   * @returns how often it was counted, this time included, and in how many whole seconds (1 at least) it ends
   */
  readonly count: (key: string, ttlSeconds: number) => Promise<{ count: number; secondsLeft: number }>;
  /**
   * Counts once on each counter, in order, as `count` does, and no further than the first that comes to more than it may:
   * those after it are left as they were.
   *
   * @returns that one; undefined when none did
   */
  readonly countUntilExceeded: (counters: readonly Counter[]) => Promise<Exceeded | undefined>;
  /**
   * Every write, in order, with nothing of others in between.
   *
   * @returns places of the writes that were not carried out, for what they were `provided` was not so
   */
  readonly pipeline: (writes: readonly Write[]) => Promise<readonly number[]>;
  /** Marks `key` as seen; false when it was already. `expiresAt` is in epoch seconds (NumericDate, RFC 7519 §2). */
  readonly replayOnce: (key: string, expiresAt: number) => Promise<boolean>;
  /**
   * Marks an entry as consumed at `at` (epoch seconds) unless it is already; its time to live is kept. When it is the one
   * that consumes it, the writes follow, with nothing of others in between; otherwise none is carried out.
   */
  readonly consume: (key: string, at: number, writes?: readonly Write[]) => Promise<Consumption>;
  /** An entry, and the session that it is bound to, if it is. */
  readonly getWithSession: (
    key: string,
  ) => Promise<{ value: string | undefined; session: FoundSession | undefined }>;
  /** A session by the hash of its uid. */
  readonly sessionByUid: (uid: string) => Promise<FoundSession | undefined>;
  /** The members of an index that have not expired. */
  readonly members: (index: string) => Promise<readonly string[]>;
  /** Deletes an index and every key that it names. */
  readonly deleteIndexed: (index: string) => Promise<void>;
}

export interface Consumption {
  readonly outcome: 'consumed' | 'already' | 'missing';
  /** The hash of the entry's grant, when it was consumed already. */
  readonly grant: string;
  /** Of the writes that followed, as `pipeline` returns it. */
  readonly refused: readonly number[];
}

/** What `openStores` holds of an ephemeral store beyond what rooms may use. */
export interface EphemeralConnection {
  readonly store: EphemeralStore;
  readonly roundTrips: () => number;
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * The library accepts what expired up to `clockTolerance` ago (10 to 15 s between machines), so that entries, grants,
 * refresh tokens and replay marks outlive their own expiry by as much.
 */
export const toleranceSeconds = 15;

/** Redis refuses 0; an entry that is to live less than a second lives one. */
export const wholeSeconds = (ttl: number): number => Math.max(1, Math.ceil(ttl));
