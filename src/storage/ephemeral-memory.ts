import type { Clock } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { readEntry } from './entry.ts';
import { toleranceSeconds, wholeSeconds } from './ephemeral.ts';
import type { EphemeralConnection, EphemeralStore, FoundSession, Write } from './ephemeral.ts';
import { hashId, interactionPrefix, replayPrefix, sessionPrefix, uidPrefix } from './keys.ts';

interface Kept<T> {
  content: T;
  /** Epoch milliseconds. */
  expiresAt: number;
}

const sweepEveryMs = 30_000;

/**
 * The ephemeral store of a single process. Values are strings, so that nothing is shared by reference. Every kind of key
 * (`o:At:`, `o:Se:`…) has its own limit: when it is reached, the oldest logins under way give way, anything else is
 * refused, because to forget a session, a code or a replay mark would be worse.
 */
export function openMemoryStore(needs: {
  readonly clock: Clock;
  readonly maxPerKind?: number;
}): EphemeralConnection {
  const { clock, maxPerKind = 100_000 } = needs;
  const kinds = new Map<string, Map<string, Kept<string>>>();
  const indexes = new Map<string, Kept<Map<string, number>>>();
  const now = () => clock().getTime();

  function kindOf(key: string): Map<string, Kept<string>> {
    const kind = key.slice(0, key.indexOf(':', 2) + 1);
    let entries = kinds.get(kind);
    if (entries === undefined) kinds.set(kind, (entries = new Map<string, Kept<string>>()));
    return entries;
  }

  function read(key: string): string | undefined {
    const kept = kindOf(key).get(key);
    return kept === undefined || kept.expiresAt <= now() ? undefined : kept.content;
  }

  function makeRoom(key: string, entries: Map<string, Kept<string>>): void {
    if (entries.size < maxPerKind || entries.has(key)) return;
    sweep();
    if (entries.size < maxPerKind) return;
    const [oldest] = entries.keys();
    if (oldest === undefined || !key.startsWith(interactionPrefix)) {
      throw new BrokerError('M-STOR-002', {
        detail: `the in-process store is full (${maxPerKind} entries of a kind)`,
      });
    }
    entries.delete(oldest);
  }

  function write(key: string, content: string, ttlSeconds: number): void {
    const entries = kindOf(key);
    makeRoom(key, entries);
    entries.set(key, { content, expiresAt: now() + wholeSeconds(ttlSeconds) * 1000 });
  }

  function remove(key: string): void {
    kindOf(key).delete(key);
  }

  function note(key: string, member: string, ttlSeconds: number): void {
    const expiresAt = now() + wholeSeconds(ttlSeconds) * 1000;
    const kept = indexes.get(key);
    const index =
      kept === undefined || kept.expiresAt <= now()
        ? { content: new Map<string, number>(), expiresAt }
        : kept;
    // Oldest first: enough to keep the index from growing, at no cost for one that is long.
    for (const [each, until] of index.content) {
      if (until > now()) break;
      index.content.delete(each);
    }
    index.content.delete(member);
    index.content.set(member, expiresAt);
    index.expiresAt = Math.max(index.expiresAt, expiresAt);
    indexes.set(key, index);
  }

  /** @returns false when it was not carried out */
  function apply(each: Write): boolean {
    const { provided } = each;
    const found = provided === undefined ? undefined : read(provided.key);
    if (provided !== undefined && (found === undefined || found !== (provided.held ?? found))) return false;
    switch (each.kind) {
      case 'set':
        write(each.key, each.value, each.ttl);
        return true;
      case 'delete':
        remove(each.key);
        return true;
      case 'index':
        note(each.key, each.member, each.ttl);
        return true;
    }
  }

  /** Room is made first, so that a full store refuses all of them. */
  function applyAll(writes: readonly Write[]): readonly number[] {
    for (const each of writes) if (each.kind === 'set') makeRoom(each.key, kindOf(each.key));
    return writes.flatMap((each, place) => (apply(each) ? [] : [place]));
  }

  function count(key: string, ttlSeconds: number): { count: number; secondsLeft: number } {
    const kept = kindOf(key).get(key);
    if (kept === undefined || kept.expiresAt <= now()) {
      write(key, '1', ttlSeconds);
      return { count: 1, secondsLeft: wholeSeconds(ttlSeconds) };
    }
    kept.content = String(Number(kept.content) + 1);
    return { count: Number(kept.content), secondsLeft: wholeSeconds((kept.expiresAt - now()) / 1000) };
  }

  function sweep(): void {
    for (const entries of [...kinds.values(), indexes]) {
      for (const [key, kept] of entries) if (kept.expiresAt <= now()) entries.delete(key);
    }
  }

  function session(uid: string): FoundSession | undefined {
    const sid = read(uidPrefix + uid);
    const value = sid === undefined ? undefined : read(sessionPrefix + sid);
    return sid === undefined || value === undefined ? undefined : { sid, value };
  }

  function setIfAbsent(key: string, value: string, ttlSeconds: number): boolean {
    if (read(key) !== undefined) return false;
    write(key, value, ttlSeconds);
    return true;
  }

  const store: EphemeralStore = {
    get: async (key) => read(key),
    getMany: async (keys) => keys.map(read),
    set: async (key, value, ttlSeconds) => write(key, value, ttlSeconds),
    setIfAbsent: async (key, value, ttlSeconds) => setIfAbsent(key, value, ttlSeconds),
    async take(key) {
      const value = read(key);
      remove(key);
      return value;
    },
    async delete(...keys) {
      keys.forEach(remove);
    },
    count: async (key, ttlSeconds) => count(key, ttlSeconds),
    async countUntilExceeded(counters) {
      for (const [index, { key, times, seconds }] of counters.entries()) {
        const counted = count(key, seconds);
        if (counted.count > times) return { index, ...counted };
      }
      return undefined;
    },
    pipeline: async (writes) => applyAll(writes),
    replayOnce: async (key, expiresAt) =>
      setIfAbsent(replayPrefix + hashId(key), '1', expiresAt + toleranceSeconds - now() / 1000),
    async consume(key, at, writes = []) {
      const kept = kindOf(key).get(key);
      if (kept === undefined || kept.expiresAt <= now())
        return { outcome: 'missing', grant: '', refused: [] };
      const { consumed, grant } = readEntry(kept.content);
      if (consumed !== undefined) return { outcome: 'already', grant, refused: [] };
      const refused = applyAll(writes);
      kept.content = `C${at}${kept.content.slice(1)}`;
      return { outcome: 'consumed', grant, refused };
    },
    async getWithSession(key) {
      const value = read(key);
      const uid = value === undefined ? '' : readEntry(value).session;
      return { value, session: uid === '' ? undefined : session(uid) };
    },
    sessionByUid: async (uid) => session(uid),
    async members(index) {
      const noted = indexes.get(index)?.content ?? [];
      return [...noted].filter(([, until]) => until > now()).map(([member]) => member);
    },
    async deleteIndexed(index) {
      indexes.get(index)?.content.forEach((_, member) => remove(member));
      indexes.delete(index);
    },
  };

  const sweeping = setInterval(sweep, sweepEveryMs).unref();
  return {
    store,
    roundTrips: () => 0,
    ping: async () => undefined,
    close: async () => clearInterval(sweeping),
  };
}
