import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Backend } from './conformance.ts';
import { hashId } from './keys.ts';

const fifty = Array.from({ length: 50 });

export function describeEphemeralStore(backend: () => Backend): void {
  const store = () => backend().stores.ephemeral;
  const key = () => `o:Tt:${randomUUID()}`;
  const session = (text: string) => `L|||${text}`;

  describe('the ephemeral store', () => {
    test('keeps a value until it is deleted or taken', async () => {
      const [a, b] = [key(), key()];
      await store().set(a, 'one', 60);
      await store().set(b, 'é ligne\n|', 60);
      expect(await store().getMany([a, key(), b])).toEqual(['one', undefined, 'é ligne\n|']);
      await store().delete(a);
      expect(await store().get(a)).toBeUndefined();
      expect(await store().take(b)).toBe('é ligne\n|');
      expect(await store().take(b)).toBeUndefined();
    });

    test('forgets a value when its time is up', async () => {
      const a = key();
      await store().set(a, 'short', 1);
      expect(await store().get(a)).toBe('short');
      await backend().pass(1.2);
      expect(await store().get(a)).toBeUndefined();
      expect(await store().setIfAbsent(a, 'again', 60)).toBe(true);
    });

    test('lets one of fifty callers set an absent key, and one of fifty take it', async () => {
      const a = key();
      const set = await Promise.all(fifty.map((_, i) => store().setIfAbsent(a, String(i), 60)));
      expect(set.filter(Boolean)).toHaveLength(1);
      const taken = await Promise.all(fifty.map(() => store().take(a)));
      expect(taken.filter((each) => each !== undefined)).toEqual([String(set.indexOf(true))]);
    });

    test('counts fifty at once, each to a number of its own, and ends with the first', async () => {
      const a = key();
      const counts = await Promise.all(fifty.map(() => store().count(a, 2)));
      expect(counts.map(({ count }) => count).sort((one, other) => one - other)).toEqual(
        fifty.map((_, index) => index + 1),
      );
      for (const { secondsLeft } of counts) expect([1, 2]).toContain(secondsLeft);
      await backend().pass(1.2);
      expect(await store().count(a, 60)).toEqual({ count: 51, secondsLeft: 1 });
      await backend().pass(1);
      expect(await store().count(a, 60)).toEqual({ count: 1, secondsLeft: 60 });
      await store().delete(a);
      expect(await store().count(a, 60)).toEqual({ count: 1, secondsLeft: 60 });
    });

    test('counts on several, in order, and no further than the first that comes to more than it may', async () => {
      const [a, b, c] = [key(), key(), key()];
      const counters = [
        { key: a, times: 3, seconds: 60 },
        { key: b, times: 2, seconds: 600 },
        { key: c, times: 9, seconds: 60 },
      ];
      const turns = await Promise.all(fifty.slice(0, 2).map(() => store().countUntilExceeded(counters)));
      expect(turns).toEqual([undefined, undefined]);
      expect(await store().countUntilExceeded(counters)).toEqual({ index: 1, count: 3, secondsLeft: 600 });
      expect(await store().countUntilExceeded(counters)).toEqual({ index: 0, count: 4, secondsLeft: 60 });
      expect((await store().count(a, 60)).count).toBe(5);
      expect((await store().count(b, 60)).count).toBe(4);
      expect((await store().count(c, 60)).count).toBe(3);
      expect(await store().countUntilExceeded([])).toBeUndefined();
    });

    test('marks a replay key once, fifty at a time', async () => {
      const mark = randomUUID();
      const expiresAt = Math.floor(backend().clock().getTime() / 1000) + 60;
      const marks = await Promise.all(fifty.map(() => store().replayOnce(mark, expiresAt)));
      expect(marks.filter(Boolean)).toHaveLength(1);
      expect(await store().replayOnce(randomUUID(), expiresAt)).toBe(true);
    });

    test('marks a replay key even when the assertion has just expired, for clocks differ', async () => {
      const mark = randomUUID();
      const expiresAt = Math.floor(backend().clock().getTime() / 1000) - 10;
      expect(await store().replayOnce(mark, expiresAt)).toBe(true);
      await backend().pass(1.2);
      expect(await store().replayOnce(mark, expiresAt)).toBe(false);
    });

    test('carries out a batch in order', async () => {
      const [a, b, c, d, e] = [key(), key(), key(), key(), key()];
      await store().set(d, 'mine', 60);
      await store().set(e, 'other', 60);
      const refused = await store().pipeline([
        { kind: 'set', key: a, value: '1', ttl: 60 },
        { kind: 'delete', key: a },
        { kind: 'set', key: b, value: '1', ttl: 60 },
        { kind: 'set', key: b, value: '2', ttl: 60 },
        { kind: 'set', key: b, value: '3', ttl: 60, provided: { key: b, held: '2' } },
        { kind: 'set', key: b, value: '4', ttl: 60, provided: { key: b, held: '2' } },
        { kind: 'set', key: c, value: '1', ttl: 60, provided: { key: c } },
        { kind: 'delete', key: d, provided: { key: d, held: 'mine' } },
        { kind: 'delete', key: e, provided: { key: e, held: 'mine' } },
      ]);
      expect(refused).toEqual([5, 6, 8]);
      expect(await store().getMany([a, b, c, d, e])).toEqual([undefined, '3', undefined, undefined, 'other']);
      expect(await store().pipeline([])).toEqual([]);
    });

    test('lists the members of an index that have not expired, each once', async () => {
      const index = key();
      expect(await store().members(index)).toEqual([]);
      await store().pipeline([
        { kind: 'index', key: index, member: 'short', ttl: 1 },
        { kind: 'index', key: index, member: 'long', ttl: 60 },
        { kind: 'index', key: index, member: 'twice', ttl: 1 },
        { kind: 'index', key: index, member: 'twice', ttl: 60 },
      ]);
      expect([...(await store().members(index))].sort()).toEqual(['long', 'short', 'twice']);
      await backend().pass(2.2);
      expect([...(await store().members(index))].sort()).toEqual(['long', 'twice']);
    });

    test('carries out what depends on another key as that one is by then', async () => {
      const [lead, follows, any, never, index] = [key(), key(), key(), key(), key()];
      await store().set(lead, 'before', 60);
      const when = (held: string) => ({ provided: { key: lead, held } });
      const refused = await store().pipeline([
        { kind: 'set', key: lead, value: 'after', ttl: 60, ...when('before') },
        { kind: 'set', key: never, value: '1', ttl: 60, ...when('before') },
        { kind: 'set', key: follows, value: '2', ttl: 60, ...when('after') },
        { kind: 'set', key: any, value: '3', ttl: 60, provided: { key: lead } },
        { kind: 'index', key: index, member: 'not', ttl: 60, ...when('before') },
        { kind: 'index', key: index, member: 'noted', ttl: 60, ...when('after') },
        { kind: 'delete', key: lead },
        { kind: 'delete', key: any, provided: { key: lead } },
      ]);
      expect(refused).toEqual([1, 4, 7]);
      expect(await store().getMany([lead, follows, any, never])).toEqual([undefined, '2', '3', undefined]);
      expect(await store().members(index)).toEqual(['noted']);
    });

    test('deletes what an index names, except what had expired when another member was noted', async () => {
      const [index, a, b, c] = [`o:g:${randomUUID()}`, key(), key(), key()];
      await store().pipeline([
        { kind: 'set', key: a, value: 'a', ttl: 1 },
        { kind: 'index', key: index, member: a, ttl: 1 },
        { kind: 'index', key: index, member: key(), ttl: 60 },
      ]);
      await backend().pass(1.2);
      await store().pipeline([
        { kind: 'set', key: a, value: 'someone else', ttl: 60 },
        { kind: 'set', key: b, value: 'b', ttl: 60 },
        { kind: 'index', key: index, member: b, ttl: 60 },
        { kind: 'set', key: c, value: 'c', ttl: 60 },
        { kind: 'index', key: index, member: c, ttl: 1 },
      ]);
      await store().deleteIndexed(index);
      expect(await store().getMany([a, b, c])).toEqual(['someone else', undefined, undefined]);
      await store().deleteIndexed(index);
    });

    test('keeps an index as long as its longest member', async () => {
      const [index, a, b] = [`o:g:${randomUUID()}`, key(), key()];
      await store().pipeline([
        { kind: 'set', key: a, value: 'a', ttl: 60 },
        { kind: 'index', key: index, member: a, ttl: 60 },
        { kind: 'index', key: index, member: b, ttl: 1 },
      ]);
      await backend().pass(1.2);
      await store().deleteIndexed(index);
      expect(await store().get(a)).toBeUndefined();
    });

    test('revokes an index of several thousand keys', async () => {
      const index = `o:g:${randomUUID()}`;
      const members = Array.from({ length: 2_500 }, key);
      await store().pipeline(
        members.flatMap((each) => [
          { kind: 'set' as const, key: each, value: 'x', ttl: 60 },
          { kind: 'index' as const, key: index, member: each, ttl: 60 },
        ]),
      );
      await store().deleteIndexed(index);
      expect((await store().getMany(members)).filter((each) => each !== undefined)).toEqual([]);
    });

    test('consumes an entry once, fifty at a time, and says which grant it belongs to', async () => {
      const a = key();
      await store().set(a, 'L|grant|uid|{"x":1}', 60);
      const outcomes = await Promise.all(fifty.map(() => store().consume(a, 1_800_000_000)));
      expect(outcomes.filter(({ outcome }) => outcome === 'consumed')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'already')).toHaveLength(49);
      expect(outcomes.every(({ grant }) => grant === 'grant')).toBe(true);
      expect(await store().get(a)).toBe('C1800000000|grant|uid|{"x":1}');
    });

    test('writes what comes with a consumption when it is the first, and nothing otherwise', async () => {
      const [a, absent, index] = [key(), key(), `o:g:${randomUUID()}`];
      const written = fifty.map(key);
      await store().set(a, 'L|grant||{"x":1}', 60);
      const writes = (each: string) => [
        { kind: 'set' as const, key: each, value: 'token', ttl: 60 },
        { kind: 'index' as const, key: index, member: each, ttl: 60 },
      ];
      const outcomes = await Promise.all(
        written.map((each) => store().consume(a, 1_800_000_000, writes(each))),
      );
      const first = outcomes.findIndex(({ outcome }) => outcome === 'consumed');
      expect(await store().getMany(written)).toEqual(
        written.map((_, at) => (at === first ? 'token' : undefined)),
      );
      expect(await store().members(index)).toEqual([written[first]]);
      expect(await store().get(a)).toBe('C1800000000|grant||{"x":1}');
      const late = key();
      expect((await store().consume(absent, 1_800_000_000, writes(late))).outcome).toBe('missing');
      expect(await store().get(late)).toBeUndefined();
    });

    test('keeps the time to live of a consumed entry, and creates none', async () => {
      const [a, absent] = [key(), key()];
      await store().set(a, 'L|||{}', 1);
      await store().consume(a, 1_800_000_000);
      await backend().pass(1.2);
      expect(await store().get(a)).toBeUndefined();
      expect((await store().consume(a, 1_800_000_000)).outcome).toBe('missing');
      expect((await store().consume(absent, 1_800_000_000)).outcome).toBe('missing');
      expect(await store().get(absent)).toBeUndefined();
    });

    test('finds an entry and its session in one trip', async () => {
      const [bound, free, orphan, uid, sid] = [
        key(),
        key(),
        key(),
        hashId(randomUUID()),
        hashId(randomUUID()),
      ];
      await store().set(bound, `L|g|${uid}|{}`, 60);
      await store().set(free, 'L|g||{}', 60);
      await store().set(orphan, `L|g|${hashId('nobody')}|{}`, 60);
      await store().set(`o:u:${uid}`, sid, 60);
      await store().set(`o:Se:${sid}`, session('{"uid":"x"}'), 60);
      const found = { sid, value: session('{"uid":"x"}') };
      expect(await store().getWithSession(bound)).toEqual({ value: `L|g|${uid}|{}`, session: found });
      expect(await store().getWithSession(free)).toEqual({ value: 'L|g||{}', session: undefined });
      expect((await store().getWithSession(orphan)).session).toBeUndefined();
      expect(await store().getWithSession(key())).toEqual({ value: undefined, session: undefined });
      expect(await store().sessionByUid(uid)).toEqual(found);
      expect(await store().sessionByUid(hashId('nobody'))).toBeUndefined();
    });
  });
}
