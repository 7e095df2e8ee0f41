import { AsyncLocalStorage } from 'node:async_hooks';
import type { AdapterPayload } from 'oidc-provider';
import { describe, expect, test } from 'vitest';
import { artifactsOf, randomId } from './conformance-artifacts.ts';
import type { Backend } from './conformance.ts';
import { hashId } from './keys.ts';
import { unitOfWork } from './storage.ts';

/** Runs as another request would: outside the unit of work of its caller. */
export const elsewhere = AsyncLocalStorage.snapshot();

export const newSession = (): AdapterPayload => ({
  uid: randomId(),
  accountId: 'account',
  acr: 'eidas1',
  loginTs: 1_800_000_000,
});

/** What Session.save() does after resetIdentifier(). */
export const rotating =
  (backend: () => Backend) =>
  async (from: string, to: string, payload: AdapterPayload): Promise<void> => {
    const { adapter, save } = artifactsOf(backend());
    await adapter('Session').destroy(from);
    await save('Session', { ...payload, jti: to });
  };

/** Two requests that read one session, and both change or end it. */
export function describeSessionRaces(backend: () => Backend): void {
  const rotate = rotating(backend);

  describe('sessions', () => {
    describe('whose id changes while another request', () => {
      /** Two requests read a session under its id; `other` ends before `late` writes anything. */
      async function race(
        late: (session: AdapterPayload, id: string) => Promise<unknown>,
        other: (session: AdapterPayload, id: string) => Promise<unknown>,
        session = newSession(),
      ) {
        const { adapter, save } = artifactsOf(backend());
        const id = await save('Session', session);
        await unitOfWork(async () => {
          await adapter('Session').find(id);
          await elsewhere(() =>
            unitOfWork(async () => {
              await adapter('Session').find(id);
              await other(session, id);
            }),
          );
          await late(session, id);
        });
        const found = async (under: string) => adapter('Session').find(under);
        const byUid = async () => adapter('Session').findByUid(session.uid ?? '');
        return { found, byUid, former: id };
      }
      const rotateTo =
        (next: string, changes: AdapterPayload = {}) =>
        (session: AdapterPayload, id: string) =>
          rotate(id, next, { ...session, ...changes });
      const signOut = (_session: AdapterPayload, id: string) =>
        artifactsOf(backend()).adapter('Session').destroy(id);
      const at = (tool: string) => ({ [tool]: { sid: `sid-${tool}`, grantId: `grant-${tool}` } });

      test('signs out: it stays ended, under every id', async () => {
        const next = randomId();
        const { found, byUid, former } = await race(rotateTo(next), signOut);
        expect(await byUid()).toBeUndefined();
        expect(await found(next)).toBeUndefined();
        expect(await found(former)).toBeUndefined();
      });

      test('signs out from afar: it stays ended as well', async () => {
        const next = randomId();
        const { found, byUid } = await race(rotateTo(next), async ({ uid }) => {
          const { adapter } = artifactsOf(backend());
          await adapter('Session').destroy((await adapter('Session').findByUid(uid ?? ''))?.jti ?? '');
        });
        expect(await byUid()).toBeUndefined();
        expect(await found(next)).toBeUndefined();
      });

      test('has signed out knowing the former id only: it ends under the new one', async () => {
        const next = randomId();
        const { found, byUid } = await race(signOut, rotateTo(next));
        expect(await byUid()).toBeUndefined();
        expect(await found(next)).toBeUndefined();
      });

      test('ends it from afar, having read the former id: it ends under the new one', async () => {
        const { adapter, save } = artifactsOf(backend());
        const [session, next] = [newSession(), randomId()];
        const id = await save('Session', session);
        await unitOfWork(async () => {
          const handle = (await adapter('Session').findByUid(session.uid ?? ''))?.jti ?? '';
          await elsewhere(() => unitOfWork(() => rotate(id, next, session)));
          await adapter('Session').destroy(handle);
        });
        expect(await adapter('Session').find(next)).toBeUndefined();
        expect(await adapter('Session').findByUid(session.uid ?? '')).toBeUndefined();
      });

      test('signs out a session in which a tool has just been opened: it ends, and the grant with it', async () => {
        const { adapter, save, grant } = artifactsOf(backend());
        const grantId = await grant();
        const { found, byUid, former } = await race(signOut, (session, id) =>
          save('Session', { ...session, jti: id, authorizations: { docs: { sid: 'sid-docs', grantId } } }),
        );
        expect(await byUid()).toBeUndefined();
        expect(await found(former)).toBeUndefined();
        expect(await adapter('Grant').find(grantId)).toBeUndefined();
      });

      test('changes it too: one id is left, which its uid leads to, with the tools of both', async () => {
        const [first, last] = [randomId(), randomId()];
        const { found, byUid, former } = await race(
          rotateTo(last, { authorizations: at('docs') }),
          rotateTo(first, { authorizations: at('visio') }),
        );
        expect(await found(last)).toMatchObject({ jti: last });
        for (const id of [former, first]) expect(await found(id)).toMatchObject({ jti: last });
        expect((await byUid())?.authorizations).toEqual({ ...at('docs'), ...at('visio') });
        expect(await backend().stores.ephemeral.get(`o:Se:${hashId(first)}`)).toBeUndefined();
      });

      test('proves more: the former cookie does not gain what was proven', async () => {
        const [raised, next] = [randomId(), randomId()];
        const { found, byUid, former } = await race(rotateTo(next), rotateTo(raised, { acr: 'eidas2' }));
        expect(await found(raised)).toMatchObject({ acr: 'eidas2' });
        for (const id of [former, next]) expect(await found(id)).toBeUndefined();
        expect(await byUid()).toMatchObject({ acr: 'eidas2' });
      });

      test('changes it too, before this one proves more: only the new id is left', async () => {
        const [first, raised] = [randomId(), randomId()];
        const { found, byUid, former } = await race(
          rotateTo(raised, { acr: 'eidas2' }),
          rotateTo(first, { authorizations: at('docs') }),
        );
        for (const id of [former, first]) expect(await found(id)).toBeUndefined();
        expect(await found(raised)).toMatchObject({ acr: 'eidas2', authorizations: at('docs') });
        expect(await byUid()).toMatchObject({ acr: 'eidas2' });
      });

      test('signs in as well, from one anonymous session: the last has it when they are the same person', async () => {
        for (const [accountId, same] of [
          ['account', true],
          ['somebody else', false],
        ] as const) {
          const [first, last] = [randomId(), randomId()];
          const { found, byUid } = await race(
            rotateTo(last, { accountId: 'account' }),
            rotateTo(first, { accountId }),
            { uid: randomId() },
          );
          expect(await found(same ? last : first)).toMatchObject({ accountId });
          expect(await found(same ? first : last)).toBeUndefined();
          expect(await byUid()).toMatchObject({ accountId });
        }
      });

      test('changes it too, twenty at a time: one is left', async () => {
        const { adapter, save } = artifactsOf(backend());
        const session = newSession();
        const id = await save('Session', session);
        const next = Array.from({ length: 20 }, randomId);
        await Promise.all(
          next.map((each, index) =>
            unitOfWork(async () => {
              await adapter('Session').find(id);
              await rotate(id, each, { ...session, authorizations: at(`tool-${index}`) });
            }),
          ),
        );
        const stored = await backend().stores.ephemeral.getMany(next.map((each) => `o:Se:${hashId(each)}`));
        expect(stored.filter((value) => value !== undefined)).toHaveLength(1);
        const { authorizations = {} } = (await adapter('Session').findByUid(session.uid ?? '')) ?? {};
        expect(Object.keys(authorizations)).toHaveLength(20);
      });
    });

    test('that two requests prepare to end keep the form of the last whole', async () => {
      const { adapter, save } = artifactsOf(backend());
      const session = newSession();
      const id = await save('Session', session);
      const form = (clientId: string, state?: string): AdapterPayload => ({
        ...session,
        jti: id,
        state: { secret: `of ${clientId}`, clientId, ...(state === undefined ? {} : { state }) },
      });
      await unitOfWork(async () => {
        await adapter('Session').find(id);
        await elsewhere(() => unitOfWork(async () => save('Session', form('docs', 'of docs'))));
        await save('Session', form('visio'));
      });
      expect((await adapter('Session').find(id))?.state).toEqual({ secret: 'of visio', clientId: 'visio' });
    });

    test('that a request looks at twice keep what another has changed in between', async () => {
      const { adapter, save } = artifactsOf(backend());
      const session = newSession();
      const id = await save('Session', session);
      await unitOfWork(async () => {
        const first = await adapter('Session').find(id);
        await elsewhere(() =>
          unitOfWork(async () =>
            save('Session', { ...session, jti: id, authorizations: { docs: { sid: '1' } } }),
          ),
        );
        await adapter('Session').find(id);
        await save('Session', { ...first, jti: id, authorizations: { visio: { sid: '2' } } });
      });
      expect((await adapter('Session').find(id))?.authorizations).toEqual({
        docs: { sid: '1' },
        visio: { sid: '2' },
      });
    });

    test('that are changed without end say so, and no answer leaves', async () => {
      const { ephemeral } = backend().stores;
      const { adapter, save } = artifactsOf({
        ...backend(),
        stores: {
          ...backend().stores,
          ephemeral: {
            ...ephemeral,
            pipeline: async (writes) => {
              for (const { provided } of writes.filter((each) => each.provided?.held !== undefined)) {
                if (provided?.key.startsWith('o:Se:') === true)
                  await ephemeral.set(provided.key, `L|||${JSON.stringify({ ...session, nth: nth++ })}`, 60);
              }
              return ephemeral.pipeline(writes);
            },
          },
        },
      });
      let nth = 0;
      const session = newSession();
      const id = await save('Session', session);
      const contested = unitOfWork(async () => {
        await adapter('Session').find(id);
        await save('Session', { ...session, jti: id, amr: ['pwd'] });
      });
      await expect(contested).rejects.toMatchObject({ code: 'M-STOR-002' });
    });
  });
}
