import { errors } from 'oidc-provider';
import type { Adapter } from 'oidc-provider';
import { toleranceSeconds } from './ephemeral.ts';
import type { EphemeralStore } from './ephemeral.ts';
import { hashId, replayPrefix } from './keys.ts';
import { unsupported } from './unsupported.ts';

/**
 * The library looks for a mark, then makes it: two at once would both pass. Here the making itself is refused the second
 * time. `EphemeralStore.replayOnce` does the same in one trip, for who replaces `ReplayDetection.unique`.
 */
export function createReplayMarks(needs: { readonly ephemeral: EphemeralStore }): Adapter {
  const { ephemeral } = needs;
  const keyOf = (id: string) => replayPrefix + hashId(id);
  return {
    ...unsupported('ReplayDetection'),

    async upsert(id, _payload, expiresIn) {
      const first = await ephemeral.setIfAbsent(keyOf(id), '1', (expiresIn ?? 0) + toleranceSeconds);
      if (!first) throw new errors.InvalidRequest('this assertion or proof was already used');
    },

    async find(id) {
      return (await ephemeral.get(keyOf(id))) === undefined
        ? undefined
        : { jti: id, kind: 'ReplayDetection' };
    },

    async destroy(id) {
      await ephemeral.delete(keyOf(id));
    },
  };
}
