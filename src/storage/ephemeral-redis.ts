import { Redis } from 'ioredis';
import type { Clock } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { toleranceSeconds, wholeSeconds } from './ephemeral.ts';
import type { EphemeralConnection, EphemeralStore, FoundSession, Write } from './ephemeral.ts';
import { hashId, replayPrefix } from './keys.ts';
import { defineScripts } from './redis-scripts.ts';
import { failureText, peerOf, within } from './peer.ts';

const openWithinMs = 4_500;
const answerWithinMs = 3_000;

/**
 * Connects to Redis (`redis:` or `rediss:`).
 *
 * @throws BrokerError M-STOR-002 when it does not answer within 5 seconds; the detail names host and port
 */
export async function openRedisStore(needs: {
  readonly redisUrl: string;
  readonly clock: Clock;
}): Promise<EphemeralConnection> {
  const peer = peerOf(needs.redisUrl, 6379);
  let opened = false;
  let lastError: unknown;
  let trips = 0;
  const redis = new Redis(needs.redisUrl, {
    lazyConnect: true,
    connectTimeout: openWithinMs,
    commandTimeout: answerWithinMs,
    maxRetriesPerRequest: 2,
    // A command whose answer was lost may have been carried out: `consume` must fail rather than be sent twice.
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => (opened ? Math.min(50 * 2 ** attempt, 2_000) : null),
  });
  redis.on('error', (error: unknown) => (lastError = error));
  defineScripts(redis);
  try {
    await within(openWithinMs, redis.connect());
    opened = true;
  } catch (cause) {
    redis.disconnect();
    const reason = lastError ?? cause;
    throw new BrokerError('M-STOR-002', {
      cause: reason,
      detail: `Redis at ${peer}: ${failureText(reason)}`,
    });
  }

  async function trip<T>(command: () => Promise<T>): Promise<T> {
    trips += 1;
    try {
      return await command();
    } catch (cause) {
      throw new BrokerError('M-STOR-002', { cause, detail: `Redis at ${peer}: ${failureText(cause)}` });
    }
  }

  const send = async (command: () => Promise<unknown>): Promise<void> => {
    await trip(command);
  };

  const store: EphemeralStore = {
    get: (key) => trip(async () => (await redis.get(key)) ?? undefined),
    getMany: (keys) => trip(async () => (await redis.mget([...keys])).map((value) => value ?? undefined)),
    set: (key, value, ttlSeconds) => send(() => redis.set(key, value, 'EX', wholeSeconds(ttlSeconds))),
    setIfAbsent: (key, value, ttlSeconds) => trip(() => mark(key, value, ttlSeconds)),
    take: (key) => trip(async () => (await redis.getdel(key)) ?? undefined),
    delete: (...keys) => send(() => redis.unlink(...keys)),
    count: (key, ttlSeconds) =>
      trip(async () => {
        const [count, leftMs] = await redis.maillonCount(key, wholeSeconds(ttlSeconds));
        return { count, secondsLeft: wholeSeconds(leftMs / 1000) };
      }),
    countUntilExceeded: (counters) =>
      trip(async () => {
        const [place, count, leftMs] = await redis.maillonCountUntilExceeded(
          counters.length,
          ...counters.map(({ key }) => key),
          ...counters.flatMap(({ seconds, times }) => [wholeSeconds(seconds), times]),
        );
        if (place === 0) return undefined;
        return { index: place - 1, count, secondsLeft: wholeSeconds(leftMs / 1000) };
      }),
    async pipeline(writes) {
      if (writes.length === 0) return [];
      return trip(() => redis.maillonBatch(writes.length, ...keysOf(writes), ...writes.flatMap(argumentsOf)));
    },
    replayOnce: (key, expiresAt) =>
      trip(() =>
        mark(replayPrefix + hashId(key), '1', expiresAt + toleranceSeconds - needs.clock().getTime() / 1000),
      ),
    consume: (key, at, writes = []) =>
      trip(async () => {
        const [state, grant, refused] = await redis.maillonConsume(
          writes.length + 1,
          key,
          ...keysOf(writes),
          at,
          ...writes.flatMap(argumentsOf),
        );
        return { outcome: state === 1 ? 'consumed' : state === 0 ? 'already' : 'missing', grant, refused };
      }),
    getWithSession: (key) =>
      trip(async () => {
        const [value, sid, session] = await redis.maillonGetWithSession(key);
        return { value: value ?? undefined, session: found(sid, session) };
      }),
    sessionByUid: (uid) => trip(async () => found(...(await redis.maillonSessionByUid(uid)))),
    members: (index) => trip(() => redis.maillonMembers(index)),
    deleteIndexed: (index) => send(() => redis.maillonDeleteIndexed(index)),
  };

  async function mark(key: string, value: string, ttlSeconds: number): Promise<boolean> {
    return (await redis.set(key, value, 'EX', wholeSeconds(ttlSeconds), 'NX')) === 'OK';
  }

  return {
    store,
    roundTrips: () => trips,
    ping: async () => {
      await redis.ping();
    },
    close: async () => redis.disconnect(),
  };
}

const found = (sid?: string | null, value?: string | null): FoundSession | undefined =>
  typeof sid === 'string' && typeof value === 'string' ? { sid, value } : undefined;

const keysOf = (writes: readonly Write[]): readonly string[] => writes.map(({ key }) => key);

function argumentsOf(write: Write): (string | number)[] {
  return [...conditionOf(write), ...effectOf(write)];
}

function conditionOf({ provided }: Write): string[] {
  if (provided === undefined) return ['always'];
  const { key, held } = provided;
  return held === undefined ? ['exists', key] : ['holds', key, held];
}

function effectOf(write: Write): (string | number)[] {
  switch (write.kind) {
    case 'set':
      return [write.kind, write.value, wholeSeconds(write.ttl)];
    case 'delete':
      return [write.kind];
    case 'index':
      return [write.kind, write.member, wholeSeconds(write.ttl)];
  }
}
