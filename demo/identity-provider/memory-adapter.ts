import { errors } from 'oidc-provider';
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  readonly expiresAt: number;
}

/**
 * Artifacts of the demo identity provider, in memory, lost at each restart. Consuming is a compare-and-set that throws,
 * so that a code redeemed twice at once succeeds once (RFC 6749 §4.1.2), unlike with the library's own example.
 */
export const createMemoryAdapter = (now: () => number = Date.now): ((model: string) => Adapter) => {
  const entries = new Map<string, Entry>();

  const sweep = (): void => {
    for (const [key, entry] of entries) if (entry.expiresAt <= now()) entries.delete(key);
  };

  const live = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key);
    return entry !== undefined && entry.expiresAt > now() ? entry.payload : undefined;
  };

  return (model) => {
    const keyOf = (id: string): string => `${model}:${id}`;
    const search = (test: (payload: AdapterPayload) => boolean): AdapterPayload | undefined => {
      for (const key of entries.keys()) {
        const payload = key.startsWith(`${model}:`) ? live(key) : undefined;
        if (payload !== undefined && test(payload)) return payload;
      }
      return undefined;
    };
    return {
      upsert: async (id, payload, expiresIn) => {
        if (entries.size % 100 === 99) sweep();
        const expiresAt = expiresIn === undefined ? Infinity : now() + expiresIn * 1000;
        entries.set(keyOf(id), { payload, expiresAt });
      },
      find: async (id) => live(keyOf(id)),
      findByUid: async (uid) => search((payload) => payload.uid === uid),
      findByUserCode: async (code) => search((payload) => payload.userCode === code),
      destroy: async (id) => {
        entries.delete(keyOf(id));
      },
      consume: async (id) => {
        const entry = entries.get(keyOf(id));
        if (entry === undefined || entry.payload.consumed !== undefined) {
          throw new errors.InvalidGrant('already consumed');
        }
        entry.payload = { ...entry.payload, consumed: Math.floor(now() / 1000) };
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(key);
      },
    };
  };
};
