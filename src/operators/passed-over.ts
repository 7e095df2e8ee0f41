import { z } from 'zod';
import type { EphemeralStore } from '../storage/storage.ts';

/** As long as somebody goes through their queue without a pause. */
const lifetimeSeconds = 30 * 60;
const most = 200;

export interface PassedOver {
  /** @returns the files that this operator has just passed over, this one included */
  add(operatorId: string, file: string | undefined): Promise<readonly string[]>;
}

const idsSchema = z.array(z.string()).catch([]);

/** Files that an operator has seen and left for later: the next one is another one. */
export function createPassedOver(ephemeral: Pick<EphemeralStore, 'get' | 'set'>): PassedOver {
  return {
    async add(operatorId, file) {
      const key = `passed-over:${operatorId}`;
      const stored = await ephemeral.get(key);
      const held = stored === undefined ? [] : idsSchema.parse(JSON.parse(stored));
      if (file === undefined) return held;
      const ids = [...held.filter((id) => id !== file), file].slice(-most);
      await ephemeral.set(key, JSON.stringify(ids), lifetimeSeconds);
      return ids;
    },
  };
}
