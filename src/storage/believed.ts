/** What was read from the database, believed for a while by those who decide. */
export interface Believed<T> {
  /** Rejects when the database does not answer; that is not kept. */
  of(key: string): Promise<T>;
  /** What was read just now, on another way. */
  remember(key: string, value: T): void;
  /** After a change that this process has committed, or seen: the next one to ask gets it. */
  forget(key: string): void;
}

/** What ends has to reach every decision within 60 s; other caches and watches on the way take the rest. */
const longestTtlMs = 30_000;

/** One reading for each key and 30 s at most, shared by those who ask meanwhile. */
export function believed<T>({
  load,
  clock,
  ttlMs = longestTtlMs,
  maximum = 10_000,
}: {
  readonly load: (key: string) => Promise<T>;
  readonly clock: () => Date;
  /** Milliseconds an answer is believed; never more than 30 000, whatever is asked. */
  readonly ttlMs?: number | undefined;
  /** Keys kept at once. */
  readonly maximum?: number | undefined;
}): Believed<T> {
  const ttl = Math.min(ttlMs, longestTtlMs);
  // Insertion order is age: the oldest goes first when the cache is full.
  const cache = new Map<string, { readonly answer: Promise<T>; readonly until: number }>();

  function keep(key: string, now: number, answer: Promise<T>): Promise<T> {
    const entry = { answer, until: now + ttl };
    cache.delete(key);
    cache.set(key, entry);
    const [oldest] = cache.keys();
    if (cache.size > maximum && oldest !== undefined) cache.delete(oldest);
    answer.catch(() => {
      if (cache.get(key) === entry) cache.delete(key);
    });
    return answer;
  }

  return {
    of(key) {
      // Counted from before the statement leaves: a change committed while it runs is not believed any longer.
      const now = clock().getTime();
      const known = cache.get(key);
      return known !== undefined && now < known.until ? known.answer : keep(key, now, load(key));
    },
    remember: (key, value) => void keep(key, clock().getTime(), Promise.resolve(value)),
    forget: (key) => void cache.delete(key),
  };
}
