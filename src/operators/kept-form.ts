import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { EphemeralStore } from '../storage/storage.ts';

/** Long enough to find one's second factor. */
const lifetimeSeconds = 1800;
/** The largest form of the console. */
const largest = 96 * 1024;

const keptSchema = z.object({ accountId: z.string(), form: z.string() });

export interface KeptForms {
  /** @returns the name to ask for it by; undefined when it is too large */
  keep(accountId: string, form: URLSearchParams): Promise<string | undefined>;
  /** What this very person had written. */
  read(accountId: string, name: string): Promise<URLSearchParams | undefined>;
}

/** What somebody wrote in a form, while they sign in again: it is given back to them and to nobody else. */
export function createKeptForms(ephemeral: Pick<EphemeralStore, 'get' | 'set'>): KeptForms {
  const key = (name: string): string => `kept-form:${name}`;
  return {
    async keep(accountId, form) {
      const text = form.toString();
      if (text.length > largest) return undefined;
      const name = randomBytes(16).toString('base64url');
      await ephemeral.set(key(name), JSON.stringify({ accountId, form: text }), lifetimeSeconds);
      return name;
    },
    async read(accountId, name) {
      if (!/^[\w-]{22}$/.test(name)) return undefined;
      const stored = await ephemeral.get(key(name));
      const kept = stored === undefined ? undefined : keptSchema.safeParse(JSON.parse(stored)).data;
      if (kept?.accountId !== accountId) return undefined;
      return new URLSearchParams(kept.form);
    },
  };
}
