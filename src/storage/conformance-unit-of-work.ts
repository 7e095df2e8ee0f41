import { describe, expect, test } from 'vitest';
import { artifactsOf, randomId } from './conformance-artifacts.ts';
import type { Backend } from './conformance.ts';
import type { EphemeralStore, Write } from './ephemeral.ts';
import { createOidcAdapter, unitOfWork } from './storage.ts';

/** The store, with a record of its calls, and with batches that can be made to fail. */
function observed(store: EphemeralStore) {
  const calls: string[] = [];
  const batches: (readonly Write[])[] = [];
  let broken = false;
  const noted = <Arguments extends unknown[], Result>(
    name: string,
    call: (...values: Arguments) => Result,
  ) => {
    return (...values: Arguments): Result => {
      calls.push(name);
      return call(...values);
    };
  };
  const watched: EphemeralStore = {
    get: noted('get', store.get),
    getMany: noted('getMany', store.getMany),
    set: noted('set', store.set),
    setIfAbsent: noted('setIfAbsent', store.setIfAbsent),
    take: noted('take', store.take),
    count: noted('count', store.count),
    countUntilExceeded: noted('countUntilExceeded', store.countUntilExceeded),
    delete: noted('delete', store.delete),
    replayOnce: noted('replayOnce', store.replayOnce),
    consume: noted('consume', store.consume),
    getWithSession: noted('getWithSession', store.getWithSession),
    sessionByUid: noted('sessionByUid', store.sessionByUid),
    members: noted('members', store.members),
    deleteIndexed: noted('deleteIndexed', store.deleteIndexed),
    pipeline: noted('pipeline', async (writes) => {
      batches.push(writes);
      if (broken) throw new Error('the store went away');
      return store.pipeline(writes);
    }),
  };
  return { watched, calls, batches, breakDown: () => (broken = true) };
}

export function describeUnitOfWork(backend: () => Backend): void {
  function setUp() {
    const { db, ephemeral } = backend().stores;
    const { clock } = backend();
    const observation = observed(ephemeral);
    const adapter = createOidcAdapter({ db, ephemeral: observation.watched, clock });
    return { ...observation, adapter, ephemeral };
  }

  describe('a unit of work', () => {
    test('writes everything in one batch at its end, in order', async () => {
      const { adapter, calls, batches } = setUp();
      const [a, b] = [randomId(), randomId()];
      const result = await unitOfWork(async () => {
        await adapter('Interaction').upsert(a, { returnTo: '1' }, 60);
        await adapter('Interaction').upsert(b, { returnTo: '2' }, 60);
        await adapter('Interaction').destroy(a);
        expect(calls).toEqual([]);
        return 'result';
      });
      expect(result).toBe('result');
      expect(calls).toEqual(['pipeline']);
      expect(batches[0]?.map(({ kind }) => kind)).toEqual(['set', 'set', 'delete']);
      expect(await adapter('Interaction').find(a)).toBeUndefined();
      expect(await adapter('Interaction').find(b)).toMatchObject({ returnTo: '2' });
    });

    test('reads what it has written', async () => {
      const { adapter, calls } = setUp();
      const id = randomId();
      await unitOfWork(async () => {
        await adapter('Interaction').upsert(id, { returnTo: '1' }, 60);
        expect(await adapter('Interaction').find(id)).toMatchObject({ returnTo: '1' });
      });
      expect(calls).toEqual(['pipeline', 'get']);
    });

    test('consumes a pushed request at once', async () => {
      const { adapter, calls } = setUp();
      const id = randomId();
      await adapter('PushedAuthorizationRequest').upsert(id, { request: 'x' }, 60);
      calls.length = 0;
      await unitOfWork(async () => {
        await adapter('PushedAuthorizationRequest').consume(id);
        expect(calls).toEqual(['consume']);
      });
    });

    describe('consumes a code with the access token that it gives', () => {
      const redeem = async (adapter: ReturnType<typeof setUp>['adapter'], code: string, token: string) => {
        await adapter('AuthorizationCode').consume(code);
        await adapter('AccessToken').upsert(token, { grantId: 'g' }, 60);
      };
      async function aCode() {
        const world = setUp();
        const code = randomId();
        await world.adapter('AuthorizationCode').upsert(code, { grantId: randomId() }, 60);
        world.calls.length = 0;
        return { ...world, code };
      }

      test('in one trip, before anything else is done', async () => {
        const { adapter, calls, code } = await aCode();
        const token = randomId();
        await unitOfWork(async () => {
          await redeem(adapter, code, token);
          expect(calls).toEqual(['consume']);
        });
        expect(calls).toEqual(['consume']);
        expect(await adapter('AuthorizationCode').find(code)).toMatchObject({
          consumed: expect.any(Number) as unknown,
        });
        expect(await adapter('AccessToken').find(token)).toMatchObject({ jti: token });
      });

      test('once, twenty at a time: the others are refused before they write a token', async () => {
        const { adapter, code } = await aCode();
        const tokens = Array.from({ length: 20 }, randomId);
        const ends = await Promise.allSettled(
          tokens.map((token) => unitOfWork(() => redeem(adapter, code, token))),
        );
        expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const end of ends)
          if (end.status === 'rejected') expect(end.reason).toMatchObject({ error: 'invalid_grant' });
        const found = await Promise.all(tokens.map((token) => adapter('AccessToken').find(token)));
        // That of the first is gone with its family (RFC 6749 §4.1.2), or was written after the others were told.
        expect(found.filter((token) => token !== undefined).length).toBeLessThanOrEqual(1);
      });

      test('and is refused again at every step after, if the first refusal was caught', async () => {
        const { adapter, code } = await aCode();
        await unitOfWork(() => redeem(adapter, code, randomId()));
        const [token, later] = [randomId(), randomId()];
        await unitOfWork(async () => {
          await Promise.allSettled([redeem(adapter, code, token)]);
          for (const step of [
            () => adapter('AccessToken').upsert(later, { grantId: 'g' }, 60),
            () => adapter('AccessToken').find(later),
          ])
            await expect(step()).rejects.toMatchObject({ error: 'invalid_grant' });
        });
        for (const each of [token, later]) expect(await adapter('AccessToken').find(each)).toBeUndefined();
      });

      test('and when it gives none, all the same', async () => {
        const { adapter, calls, code } = await aCode();
        const consumed = () => Promise.resolve(adapter('AuthorizationCode').consume(code));
        await unitOfWork(consumed);
        expect(calls).toEqual(['consume']);
        for (const again of [consumed, () => redeem(adapter, code, randomId())])
          await expect(unitOfWork(again)).rejects.toMatchObject({ error: 'invalid_grant' });
      });
    });

    test('rejects when its writes are lost, and again at every step after', async () => {
      const { adapter, breakDown } = setUp();
      breakDown();
      const id = randomId();
      await expect(unitOfWork(() => adapter('Interaction').upsert(id, {}, 60))).rejects.toThrow(
        'the store went away',
      );
      const afterRead = unitOfWork(async () => {
        await adapter('Interaction').upsert(id, {}, 60);
        await Promise.allSettled([adapter('Interaction').find(id)]);
        return 'as if nothing had happened';
      });
      await expect(afterRead).rejects.toThrow('the store went away');
    });

    test('writes nothing when its work fails', async () => {
      const { adapter, calls } = setUp();
      const failing = unitOfWork(async () => {
        await adapter('Interaction').upsert(randomId(), {}, 60);
        throw new Error('work failed');
      });
      await expect(failing).rejects.toThrow('work failed');
      expect(calls).toEqual([]);
    });

    test('joins the unit that it runs in, and is over at its end', async () => {
      const { adapter, calls } = setUp();
      let later: (() => Promise<unknown>) | undefined;
      await unitOfWork(async () => {
        await unitOfWork(() => adapter('Interaction').upsert(randomId(), {}, 60));
        expect(calls).toEqual([]);
        const id = randomId();
        const start = Promise.withResolvers<undefined>();
        const running = start.promise.then(() => adapter('Interaction').upsert(id, {}, 60));
        later = async () => {
          start.resolve(undefined);
          await running;
        };
      });
      expect(calls).toEqual(['pipeline']);
      await later?.();
      expect(calls).toEqual(['pipeline', 'pipeline']);
    });

    test('reads a token with its session in one trip', async () => {
      const { adapter, calls } = setUp();
      const [session, uid, access] = [randomId(), randomId(), randomId()];
      await adapter('Session').upsert(session, { uid, accountId: 'account' }, 60);
      await adapter('AccessToken').upsert(
        access,
        { grantId: 'g', sessionUid: uid, expiresWithSession: true },
        60,
      );
      calls.length = 0;
      await unitOfWork(async () => {
        expect(await adapter('AccessToken').find(access)).toMatchObject({ sessionUid: uid });
        expect(await adapter('Session').findByUid(uid)).toMatchObject({ uid, accountId: 'account' });
      });
      expect(calls).toEqual(['getWithSession']);
      await adapter('Session').destroy(session);
      await unitOfWork(async () => {
        expect(await adapter('AccessToken').find(access)).toMatchObject({ sessionUid: uid });
        expect(await adapter('Session').findByUid(uid)).toBeUndefined();
      });
    });

    test('gives a session that it remembers as a new object each time, and as it was last saved', async () => {
      const { adapter } = setUp();
      const [session, uid] = [randomId(), randomId()];
      await adapter('Session').upsert(session, { uid, authorizations: { docs: { sid: '1' } } }, 60);
      await unitOfWork(async () => {
        const first = await adapter('Session').find(session);
        const second = await adapter('Session').findByUid(uid);
        expect(second?.authorizations).toEqual(first?.authorizations);
        expect(second?.authorizations).not.toBe(first?.authorizations);
        await adapter('Session').upsert(session, { uid, authorizations: { docs: { sid: '2' } } }, 60);
        expect(await adapter('Session').findByUid(uid)).toMatchObject({
          authorizations: { docs: { sid: '2' } },
        });
        await adapter('Session').destroy(session);
        expect(await adapter('Session').findByUid(uid)).toBeUndefined();
      });
    });

    test('rotates a session with one write, and no read beyond the first', async () => {
      const { adapter, calls, batches } = setUp();
      const [former, next, uid] = [randomId(), randomId(), randomId()];
      const payload = { uid, accountId: 'account' };
      await adapter('Session').upsert(former, payload, 60);
      calls.length = batches.length = 0;
      await unitOfWork(async () => {
        await adapter('Session').find(former);
        await adapter('Session').destroy(former);
        await adapter('Session').upsert(next, payload, 60);
      });
      expect(calls).toEqual(['getMany', 'pipeline']);
      expect(await adapter('Session').findByUid(uid)).toMatchObject({ uid });
    });

    test('revokes a family once, however many models are asked', async () => {
      const { adapter, calls } = setUp();
      const { grant } = artifactsOf(backend());
      const grantId = await grant();
      await unitOfWork(() =>
        Promise.all(
          ['AccessToken', 'RefreshToken', 'AuthorizationCode'].map((model) =>
            adapter(model).revokeByGrantId(grantId),
          ),
        ),
      );
      expect(calls).toEqual(['deleteIndexed']);
    });
  });
}
