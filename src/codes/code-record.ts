import { z } from 'zod';
import { hashId } from '../storage/storage.ts';
import type { EphemeralStore } from '../storage/storage.ts';
import { holderText } from './code-holder.ts';
import type { CodeHolder } from './code-holder.ts';

const recordSchema = z.strictObject({
  /** Names this code among those of its holder; tells nothing of it. */
  id: z.string(),
  /** HMAC-SHA-256, base64url. */
  hash: z.string(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
  /** Epoch milliseconds. */
  resendAt: z.number(),
});

/** What is kept of a code. */
export type CodeRecord = z.output<typeof recordSchema>;

/** Kept as long again after its end, so that whoever types it late is told so. */
export const recordSeconds = 2 * 3600;

const recordKey = (holder: CodeHolder): string => `o:Oc:${hashId(holderText(holder))}`;

/** @throws ZodError when something else stands there */
export async function readRecord(store: EphemeralStore, holder: CodeHolder): Promise<CodeRecord | undefined> {
  const found = await store.get(recordKey(holder));
  return found === undefined ? undefined : recordSchema.parse(JSON.parse(found));
}

export const writeRecord = (store: EphemeralStore, holder: CodeHolder, record: CodeRecord): Promise<void> =>
  store.set(recordKey(holder), JSON.stringify(record), recordSeconds);

/** Marks of what happens once to a code. They outlive it. */
export const usedKey = ({ id }: CodeRecord): string => `o:Ou:${id}`;

/** Where the tries of a code are counted. */
export const triesKey = ({ id }: CodeRecord): string => `o:Oy:${id}`;

/** Whoever asks 51 times at once is sent one code: the first to mark who comes after the code that everybody read. */
export const turnKey = (holder: CodeHolder, former: CodeRecord | undefined): string =>
  `o:Ot:${hashId(`${holderText(holder)}${former?.id ?? ''}`)}`;

export const forgetCode = (store: EphemeralStore, holder: CodeHolder): Promise<void> =>
  store.delete(recordKey(holder), turnKey(holder, undefined));
