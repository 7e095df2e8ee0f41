import type { Redis, Result } from 'ioredis';
import { sessionPrefix, uidPrefix } from './keys.ts';

declare module 'ioredis' {
  // The parameter is ioredis's own: module augmentation must repeat it.
  interface RedisCommander<Context> {
    maillonBatch(keys: number, ...keysAndArguments: (string | number)[]): Result<number[], Context>;
    maillonCount(key: string, ttl: number): Result<[number, number], Context>;
    maillonCountUntilExceeded(
      keys: number,
      ...keysAndArguments: (string | number)[]
    ): Result<[number, number, number], Context>;
    maillonConsume(
      keys: number,
      ...keysAndArguments: (string | number)[]
    ): Result<[number, string, number[]], Context>;
    maillonGetWithSession(key: string): Result<(string | null)[], Context>;
    maillonSessionByUid(uid: string): Result<(string | null)[], Context>;
    maillonMembers(index: string): Result<string[], Context>;
    maillonDeleteIndexed(index: string): Result<number, Context>;
  }
}

/** `uid` holds a hashed session uid; sets `sid` and `session`. */
const followUid = `
  local sid = uid ~= '' and redis.call('GET', '${uidPrefix}' .. uid)
  local session = sid and redis.call('GET', '${sessionPrefix}' .. sid)`;

/**
 * Each write takes one key, and its condition and its arguments, in order. One script: one trip, and nothing in between.
 * Sets `refused`.
 */
const carryOut = (first: { readonly key: number; readonly argument: number }) => `
  local now = tonumber(redis.call('TIME')[1])
  local a = ${first.argument}
  local refused = {}
  for k = ${first.key}, #KEYS do
    local condition, met = ARGV[a], true
    a = a + 1
    if condition == 'exists' then
      met = redis.call('EXISTS', ARGV[a]) == 1
      a = a + 1
    elseif condition == 'holds' then
      met = redis.call('GET', ARGV[a]) == ARGV[a + 1]
      a = a + 2
    end
    if not met then refused[#refused + 1] = k - ${first.key} end
    local key, kind = KEYS[k], ARGV[a]
    if kind == 'set' then
      if met then redis.call('SET', key, ARGV[a + 1], 'EX', ARGV[a + 2]) end
      a = a + 3
    elseif kind == 'delete' then
      if met then redis.call('UNLINK', key) end
      a = a + 1
    else
      if met then
        local ttl = tonumber(ARGV[a + 2])
        redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
        redis.call('ZADD', key, now + ttl, ARGV[a + 1])
        if redis.call('TTL', key) < ttl then redis.call('EXPIRE', key, ttl) end
      end
      a = a + 3
    end
  end`;

const batch = `
  ${carryOut({ key: 1, argument: 1 })}
  return refused`;

/** The first count sets the expiry, in the same step: a counter without one would limit for ever. */
const count = `
  local count = redis.call('INCR', KEYS[1])
  if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
  return {count, redis.call('PTTL', KEYS[1])}`;

/** Each counter takes one key, its seconds and its times. The place of the one that passed them, 0 when none did. */
const countUntilExceeded = `
  for k = 1, #KEYS do
    local count = redis.call('INCR', KEYS[k])
    if count == 1 then redis.call('EXPIRE', KEYS[k], ARGV[2 * k - 1]) end
    if count > tonumber(ARGV[2 * k]) then return {k, count, redis.call('PTTL', KEYS[k])} end
  end
  return {0, 0, 0}`;

/**
 * Compare-and-set: 1 consumed, 0 already, -1 missing. A missing key is never created: it would have no expiry. The other
 * keys are those of the writes that follow.
 */
const consume = `
  local value = redis.call('GET', KEYS[1])
  if not value then return {-1, '', {}} end
  local grant = string.match(value, '^[^|]*|([^|]*)|') or ''
  if string.sub(value, 1, 1) ~= 'L' then return {0, grant, {}} end
  redis.call('SET', KEYS[1], 'C' .. ARGV[1] .. string.sub(value, 2), 'KEEPTTL')
  ${carryOut({ key: 2, argument: 2 })}
  return {1, grant, refused}`;

const getWithSession = `
  local value = redis.call('GET', KEYS[1])
  if not value then return {false, false, false} end
  local uid = string.match(value, '^[^|]*|[^|]*|([^|]*)|') or ''
  ${followUid}
  return {value, sid, session}`;

const sessionByUid = `
  local uid = ARGV[1]
  ${followUid}
  return {sid, session}`;

/** By the clock of Redis, which gave the members their expiry. */
const members = `return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. redis.call('TIME')[1], '+inf')`;

/** UNLINK takes a thousand keys at a time: Lua has no room for more arguments than that. */
const deleteIndexed = `
  local members = redis.call('ZRANGE', KEYS[1], 0, -1)
  for i = 1, #members, 1000 do
    redis.call('UNLINK', unpack(members, i, math.min(i + 999, #members)))
  end
  return redis.call('UNLINK', KEYS[1])`;

/**
 * Scripts read keys that they compute (a uid leads to a session id), which one Redis or a Sentinel set serves, and a
 * Redis Cluster does not.
 */
export function defineScripts(redis: Redis): void {
  redis.defineCommand('maillonBatch', { lua: batch });
  redis.defineCommand('maillonCount', { lua: count, numberOfKeys: 1 });
  redis.defineCommand('maillonCountUntilExceeded', { lua: countUntilExceeded });
  redis.defineCommand('maillonConsume', { lua: consume });
  redis.defineCommand('maillonGetWithSession', { lua: getWithSession, numberOfKeys: 1 });
  redis.defineCommand('maillonSessionByUid', { lua: sessionByUid, numberOfKeys: 0 });
  redis.defineCommand('maillonMembers', { lua: members, numberOfKeys: 1 });
  redis.defineCommand('maillonDeleteIndexed', { lua: deleteIndexed, numberOfKeys: 1 });
}
