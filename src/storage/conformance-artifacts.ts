import { randomBytes } from 'node:crypto';
import { errors } from 'oidc-provider';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { describe, expect, test } from 'vitest';
import type { Backend } from './conformance.ts';
import { createOidcAdapter } from './storage.ts';

export const randomId = (): string => randomBytes(32).toString('base64url');

/** Saves artifacts the way the library does. */
export function artifactsOf(backend: Backend, refreshingClient?: () => string | undefined) {
  const { db, ephemeral } = backend.stores;
  const { clock } = backend;
  const adapter = createOidcAdapter({ db, ephemeral, clock, ...(refreshingClient && { refreshingClient }) });
  const now = () => Math.floor(clock().getTime() / 1000);
  async function save(model: string, payload: AdapterPayload, ttl = 60): Promise<string> {
    const id = payload.jti ?? randomId();
    await adapter(model).upsert(id, { iat: now(), exp: now() + ttl, kind: model, ...payload, jti: id }, ttl);
    return id;
  }
  const grant = () => save('Grant', { accountId: 'account', clientId: 'docs', openid: { scope: 'openid' } });
  const token = (model: string, grantId: string) =>
    save(model, { accountId: 'account', clientId: 'docs', grantId, scope: 'openid' });
  return { adapter, save, grant, token };
}

/** How many of fifty concurrent consumptions succeed; every other one must be refused as `refusal`. */
async function consumeFiftyTimes(adapter: Adapter, id: string, refusal: new () => Error): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => adapter.consume(id)));
  const refused = outcomes.filter((each) => each.status === 'rejected');
  for (const { reason } of refused) expect(reason).toBeInstanceOf(refusal);
  return outcomes.length - refused.length;
}

export function describeArtifacts(backend: () => Backend, virtualTime: boolean): void {
  const ephemeralModels = [
    'AuthorizationCode',
    'AccessToken',
    'Interaction',
    'PushedAuthorizationRequest',
    'ClientCredentials',
  ];

  describe('artifacts of the library', () => {
    test('come back as they were saved, each time as a new object', async () => {
      const { adapter, save, grant } = artifactsOf(backend());
      const grantId = await grant();
      for (const model of [...ephemeralModels, 'RefreshToken', 'Grant']) {
        const payload: AdapterPayload = {
          iat: 1_800_000_000,
          exp: 1_900_000_000,
          accountId: 'account',
          clientId: 'docs',
          ...(model === 'Grant' ? {} : { grantId }),
          claims: { id_token: { acr: { essential: true, values: ['eidas2'] } } },
          params: { state: 'é|"\\ \u001a\u2028' },
        };
        const id = await save(model, payload);
        const first = await adapter(model).find(id);
        expect(first, model).toEqual({ kind: model, ...payload, jti: id });
        const second = await adapter(model).find(id);
        expect(second).toEqual(first);
        expect(second).not.toBe(first);
        expect(second?.params).not.toBe(first?.params);
        await adapter(model).destroy(id);
        await adapter(model).destroy(id);
        expect(await adapter(model).find(id), model).toBeFalsy();
      }
    });

    test('are not found under an id that was never given, nor is any client', async () => {
      const { adapter } = artifactsOf(backend());
      for (const model of [
        ...ephemeralModels,
        'RefreshToken',
        'Grant',
        'Session',
        'Client',
        'ReplayDetection',
      ]) {
        expect(await adapter(model).find(randomId()), model).toBeFalsy();
      }
    });

    test('are replaced when saved again', async () => {
      const { adapter, save } = artifactsOf(backend());
      const id = await save('Interaction', { returnTo: '/authorize/x' });
      await save('Interaction', {
        jti: id,
        returnTo: '/authorize/y',
        result: { login: { accountId: 'account' } },
      });
      expect(await adapter('Interaction').find(id)).toMatchObject({
        returnTo: '/authorize/y',
        result: { login: { accountId: 'account' } },
      });
    });

    test('must have an expiry', async () => {
      const { adapter } = artifactsOf(backend());
      await expect(adapter('AccessToken').upsert(randomId(), { grantId: 'g' })).rejects.toThrow('no expiry');
    });

    test('leave no bearer value in any store', async () => {
      const { adapter, save, grant, token } = artifactsOf(backend());
      const grantId = await grant();
      const [cookie, parJti, deviceCode] = [randomId(), randomId(), randomId()];
      const uid = randomId();
      const interaction: AdapterPayload = {
        jti: uid,
        returnTo: `https://broker.example/authorize/${uid}`,
        session: { uid: 'session-uid', accountId: 'account', cookie },
        parJti,
        deviceCode,
      };
      await save('Interaction', interaction);
      const ids = [uid, cookie, parJti, deviceCode];
      for (const model of [
        'AuthorizationCode',
        'AccessToken',
        'RefreshToken',
        'PushedAuthorizationRequest',
      ]) {
        ids.push(await token(model, grantId));
      }
      ids.push(await save('Session', { uid: randomId(), accountId: 'account' }));
      const content = await backend().dump();
      expect(content).toContain('https://broker.example/authorize/');
      for (const id of ids) expect(content).not.toContain(id);
      expect(await adapter('Interaction').find(uid)).toMatchObject(interaction);
    });

    if (virtualTime) {
      test('outlive their expiry by the 15 seconds that clocks may differ, and no longer', async () => {
        const { adapter, grant, token } = artifactsOf(backend());
        for (const model of ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'Grant']) {
          const id = model === 'Grant' ? await grant() : await token(model, await grant());
          await backend().pass(60 + 14);
          expect(await adapter(model).find(id), model).toBeDefined();
          await backend().pass(2);
          expect(await adapter(model).find(id), model).toBeUndefined();
        }
      });
    }

    test('are consumed once, whatever the concurrency', async () => {
      const { adapter, grant, token } = artifactsOf(backend());
      for (const [model, refusal] of [
        ['AuthorizationCode', errors.InvalidGrant],
        ['RefreshToken', errors.InvalidGrant],
        ['PushedAuthorizationRequest', errors.InvalidRequestUri],
      ] as const) {
        const id = await token(model, await grant());
        expect(await consumeFiftyTimes(adapter(model), id, refusal), model).toBe(1);
      }
    });

    test('cannot be consumed when they are unknown', async () => {
      const { adapter } = artifactsOf(backend());
      await expect(adapter('AuthorizationCode').consume(randomId())).rejects.toThrow(errors.InvalidGrant);
      await expect(adapter('RefreshToken').consume(randomId())).rejects.toThrow(errors.InvalidGrant);
    });

    test('show that they were consumed', async () => {
      const { adapter, grant, token } = artifactsOf(backend());
      const grantId = await grant();
      for (const model of ['AuthorizationCode', 'RefreshToken', 'PushedAuthorizationRequest']) {
        const id = await token(model, grantId);
        expect((await adapter(model).find(id))?.consumed, model).toBeUndefined();
        await adapter(model).consume(id);
        const consumed: unknown = (await adapter(model).find(id))?.consumed;
        expect(consumed, model).toBe(Math.floor(backend().clock().getTime() / 1000));
      }
    });

    test('are marked as replayed once', async () => {
      const marks = artifactsOf(backend()).adapter('ReplayDetection');
      const id = randomId();
      expect(await marks.find(id)).toBeUndefined();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, () => marks.upsert(id, { iss: 'client' }, 60)),
      );
      expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
      expect(await marks.find(id)).toMatchObject({ jti: id });
    });
  });

  describe('a family of tokens', () => {
    const models = ['AuthorizationCode', 'AccessToken', 'RefreshToken'];

    test('is revoked whole by whichever model is asked, and no other with it', async () => {
      for (const asked of models) {
        const { adapter, grant, token } = artifactsOf(backend());
        const [grantId, otherGrant] = [await grant(), await grant()];
        const family = await Promise.all(
          [...models, 'AccessToken'].map(async (model) => [model, await token(model, grantId)] as const),
        );
        const others = await Promise.all(
          models.map(async (model) => [model, await token(model, otherGrant)] as const),
        );
        await adapter(asked).revokeByGrantId(grantId);
        for (const [model, id] of family)
          expect(await adapter(model).find(id), `${asked}: ${model}`).toBeUndefined();
        for (const [model, id] of others) expect(await adapter(model).find(id), model).toBeDefined();
      }
    });

    test('does not come back when its grant is saved by a request that had read it before', async () => {
      const { adapter, save, grant } = artifactsOf(backend());
      const grantId = await grant();
      const read = await adapter('Grant').find(grantId);
      await adapter('Grant').destroy(grantId);
      const marker = randomId();
      await save('Grant', { ...read, jti: grantId, openid: { scope: marker } });
      expect(await adapter('Grant').find(grantId)).toBeUndefined();
      expect(await backend().dump()).not.toContain(marker);
    });

    test('goes with a code that two requests redeem at once (RFC 6749 §4.1.2)', async () => {
      const { adapter, grant, token } = artifactsOf(backend());
      const grantId = await grant();
      const [code, access] = [await token('AuthorizationCode', grantId), await token('AccessToken', grantId)];
      await Promise.allSettled([
        adapter('AuthorizationCode').consume(code),
        adapter('AuthorizationCode').consume(code),
      ]);
      expect(await adapter('AccessToken').find(access)).toBeUndefined();
      expect(await adapter('Grant').find(grantId)).toBeUndefined();
    });
  });

  describe('a refresh token that was consumed', () => {
    test('looks fresh to its own client for ten seconds, is refused again, and takes nothing with it', async () => {
      const { adapter, grant, token } = artifactsOf(backend(), () => 'docs');
      const grantId = await grant();
      const id = await token('RefreshToken', grantId);
      const successor = await token('RefreshToken', grantId);
      await adapter('RefreshToken').consume(id);
      backend().moveClock(9);
      expect((await adapter('RefreshToken').find(id))?.consumed).toBeUndefined();
      await expect(adapter('RefreshToken').consume(id)).rejects.toThrow(errors.InvalidGrant);
      expect(await adapter('RefreshToken').find(successor)).toBeDefined();
      expect(await adapter('Grant').find(grantId)).toBeDefined();
    });

    test('shows it afterwards, so that the library revokes the family', async () => {
      const { adapter, grant, token } = artifactsOf(backend(), () => 'docs');
      const id = await token('RefreshToken', await grant());
      await adapter('RefreshToken').consume(id);
      backend().moveClock(11);
      expect((await adapter('RefreshToken').find(id))?.consumed).toEqual(expect.any(Number));
    });

    test('shows it at once to another client, and to anything but a refresh', async () => {
      for (const refreshing of ['tchap', undefined]) {
        const { adapter, grant, token } = artifactsOf(backend(), () => refreshing);
        const id = await token('RefreshToken', await grant());
        await adapter('RefreshToken').consume(id);
        expect((await adapter('RefreshToken').find(id))?.consumed).toEqual(expect.any(Number));
      }
    });
  });
}
