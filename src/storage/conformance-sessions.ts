import type { AdapterPayload } from 'oidc-provider';
import { describe, expect, test } from 'vitest';
import { artifactsOf, randomId } from './conformance-artifacts.ts';
import { elsewhere, newSession, rotating } from './conformance-session-races.ts';
import type { Backend } from './conformance.ts';
import { unitOfWork } from './storage.ts';

export function describeSessions(backend: () => Backend, virtualTime: boolean): void {
  const rotate = rotating(backend);

  describe('sessions', () => {
    test('are found by their id and by their uid', async () => {
      const { adapter, save } = artifactsOf(backend());
      const session = newSession();
      const id = await save('Session', { ...session, authorizations: { docs: { sid: 's', grantId: 'g' } } });
      const byId = await adapter('Session').find(id);
      expect(byId).toMatchObject({
        ...session,
        jti: id,
        authorizations: { docs: { sid: 's', grantId: 'g' } },
      });
      const byUid = await adapter('Session').findByUid(session.uid ?? '');
      expect(byUid).toMatchObject({ ...session, authorizations: { docs: { sid: 's', grantId: 'g' } } });
      expect(byUid?.jti).not.toBe(id);
      expect(await adapter('Session').findByUid(randomId())).toBeUndefined();
    });

    test('found by their uid can be saved and ended, but what they are found with opens nothing', async () => {
      const { adapter, save } = artifactsOf(backend());
      const session = newSession();
      const id = await save('Session', session);
      const handle = (await adapter('Session').findByUid(session.uid ?? ''))?.jti ?? '';
      expect(await adapter('Session').find(handle)).toBeUndefined();
      await save('Session', { ...session, jti: handle, acr: 'eidas2' });
      expect(await adapter('Session').find(id)).toMatchObject({ acr: 'eidas2', jti: id });
      await adapter('Session').destroy(handle);
      expect(await adapter('Session').find(id)).toBeUndefined();
      await save('Session', { ...session, jti: handle });
      expect(await adapter('Session').find(id)).toBeUndefined();
      expect(await adapter('Session').findByUid(session.uid ?? '')).toBeUndefined();
    });

    test('are gone once destroyed, by id and by uid', async () => {
      const { adapter, save } = artifactsOf(backend());
      const session = newSession();
      const id = await save('Session', session);
      await adapter('Session').destroy(id);
      await adapter('Session').destroy(id);
      expect(await adapter('Session').find(id)).toBeUndefined();
      expect(await adapter('Session').findByUid(session.uid ?? '')).toBeUndefined();
    });

    for (const within of ['a unit of work', 'no unit of work']) {
      const scope: typeof unitOfWork = within === 'a unit of work' ? unitOfWork : (work) => work();

      test(`whose id rotates are found under the former id as well, with the new one (in ${within})`, async () => {
        const { adapter, save } = artifactsOf(backend());
        const session = newSession();
        const [former, next, last] = [await save('Session', session), randomId(), randomId()];
        await scope(() => rotate(former, next, session));
        expect(await adapter('Session').find(former)).toMatchObject({ uid: session.uid, jti: next });
        await scope(() => rotate(next, last, session));
        expect(await adapter('Session').find(former)).toMatchObject({ uid: session.uid, jti: last });
        expect(await adapter('Session').findByUid(session.uid ?? '')).toMatchObject({ uid: session.uid });
        expect(await backend().dump()).not.toContain(next);
      });
    }

    // What Redis does with its own time is told by its time to live: storage.test.ts.
    if (virtualTime)
      test('lose their former id after 15 seconds', async () => {
        const { adapter, save } = artifactsOf(backend());
        const session = newSession();
        const [former, next] = [await save('Session', session), randomId()];
        await rotate(former, next, session);
        await backend().pass(14);
        expect(await adapter('Session').find(former)).toMatchObject({ jti: next });
        await backend().pass(2);
        expect(await adapter('Session').find(former)).toBeUndefined();
        expect(await adapter('Session').find(next)).toMatchObject({ jti: next });
      });

    test('lose their former id at once when somebody signs in, or proves more (session fixation)', async () => {
      const signedIn = newSession();
      const anonymous: AdapterPayload = { uid: signedIn.uid };
      for (const [before, after] of [
        [anonymous, signedIn],
        [signedIn, { ...signedIn, accountId: 'somebody else' }],
        [signedIn, { ...signedIn, acr: 'eidas2' }],
      ] as const) {
        const { adapter, save } = artifactsOf(backend());
        const [former, next] = [await save('Session', before), randomId()];
        await rotate(former, next, after);
        expect(await adapter('Session').find(former)).toBeUndefined();
        expect(await adapter('Session').find(next)).toMatchObject({ jti: next });
      }
    });

    test('that ended are not found through a former id', async () => {
      const { adapter, save } = artifactsOf(backend());
      const session = newSession();
      const [former, next] = [await save('Session', session), randomId()];
      await rotate(former, next, session);
      await adapter('Session').destroy(next);
      expect(await adapter('Session').find(former)).toBeUndefined();
    });

    test('that ended while a request was under way are not brought back by it', async () => {
      const { adapter, save } = artifactsOf(backend());
      const session = newSession();
      const id = await save('Session', session);
      await unitOfWork(async () => {
        const found = await adapter('Session').find(id);
        await elsewhere(() => adapter('Session').destroy(id));
        await save('Session', { ...found, jti: id });
      });
      expect(await adapter('Session').find(id)).toBeUndefined();
    });

    test('that rotate while a request with the former id is under way keep what was written last under the new id', async () => {
      const { adapter, save } = artifactsOf(backend());
      const session = newSession();
      const [former, next] = [await save('Session', session), randomId()];
      await unitOfWork(async () => {
        const found = await adapter('Session').find(former);
        await elsewhere(() =>
          rotate(former, next, { ...session, authorizations: { docs: { grantId: 'new' } } }),
        );
        await save('Session', { ...found, jti: former });
      });
      expect(await adapter('Session').findByUid(session.uid ?? '')).toMatchObject({
        authorizations: { docs: { grantId: 'new' } },
      });
      expect(await adapter('Session').find(former)).toMatchObject({ jti: next });
    });

    describe('of which two requests know a former state', () => {
      const opened = (...tools: readonly string[]) => ({
        authorizations: Object.fromEntries(
          tools.map((tool) => [tool, { sid: `sid-${tool}`, grantId: `grant-${tool}` }]),
        ),
      });
      async function aSession(...tools: readonly string[]) {
        const { adapter, save } = artifactsOf(backend());
        const session = { ...newSession(), ...opened(...tools) };
        const id = await save('Session', session);
        const authorizations = async () =>
          (await adapter('Session').findByUid(session.uid ?? ''))?.authorizations ?? {};
        return { adapter, save, session, id, authorizations };
      }

      test('keep every tool that was opened, and what was done at each', async () => {
        const { adapter, save, session, id, authorizations } = await aSession('docs', 'resana');
        await unitOfWork(async () => {
          const found = await adapter('Session').find(id);
          await elsewhere(() =>
            unitOfWork(async () => {
              await adapter('Session').find(id);
              await save('Session', { ...session, jti: id, ...opened('docs', 'resana', 'visio') });
            }),
          );
          const { docs } = opened('docs').authorizations;
          const authorized = { docs: { ...docs, grantId: 'wider' }, ...opened('tchap').authorizations };
          await save('Session', { ...found, jti: id, authorizations: authorized });
        });
        expect(await authorizations()).toEqual({
          ...opened('visio', 'tchap').authorizations,
          docs: { sid: 'sid-docs', grantId: 'wider' },
        });
      });

      test('keep all of twenty tools that are opened at once', async () => {
        const { adapter, save, session, id, authorizations } = await aSession();
        const tools = Array.from({ length: 20 }, (_, index) => `tool-${index}`);
        await Promise.all(
          tools.map((tool) =>
            unitOfWork(async () => {
              await adapter('Session').find(id);
              await save('Session', { ...session, jti: id, ...opened(tool) });
            }),
          ),
        );
        expect(Object.keys(await authorizations()).toSorted()).toEqual(tools.toSorted());
      });

      test('keep a tool that was opened with the former id, under the new one', async () => {
        const { adapter, save, session, id, authorizations } = await aSession('docs');
        const next = randomId();
        await unitOfWork(async () => {
          const found = await adapter('Session').find(id);
          await elsewhere(() =>
            unitOfWork(async () => {
              await adapter('Session').find(id);
              await rotate(id, next, { ...session, authorizations: {} });
            }),
          );
          await save('Session', { ...found, jti: id, ...opened('docs', 'tchap') });
        });
        expect(await authorizations()).toEqual(opened('tchap').authorizations);
        expect(await adapter('Session').find(id)).toMatchObject({ jti: next });
      });

      test('keep a tool that was opened while their id changed', async () => {
        const { adapter, save, session, id, authorizations } = await aSession('docs');
        const next = randomId();
        await unitOfWork(async () => {
          await adapter('Session').find(id);
          await elsewhere(() =>
            unitOfWork(async () => {
              await adapter('Session').find(id);
              await save('Session', { ...session, jti: id, ...opened('docs', 'tchap') });
            }),
          );
          await rotate(id, next, { ...session, authorizations: {} });
        });
        expect(await authorizations()).toEqual(opened('tchap').authorizations);
        expect(await adapter('Session').find(id)).toMatchObject({ jti: next });
      });
    });
  });
}
