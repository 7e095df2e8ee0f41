import type { CodeNeeds } from './codes.ts';
import { drawCode } from './code-digits.ts';
import { codeHash } from './code-hash.ts';
import type { CodeHolder } from './code-holder.ts';
import { readRecord, turnKey, usedKey, writeRecord } from './code-record.ts';

/** An hour: long enough for a slow mail server with greylisting. */
export const codeSeconds = 3600;
/** Whoever asks again earlier only fills a mailbox: mails of the first code may still be under way. */
export const resendSeconds = 600;

/** Longer than the two trips between a turn and its code; whoever died in between only delays the next one. */
const turnSeconds = 10;

export type Issued =
  | { readonly outcome: 'sent'; readonly code: string; readonly expiresAt: Date; readonly resendAt: Date }
  | { readonly outcome: 'wait'; readonly resendAt: Date; readonly expiresAt: Date };

/**
 * A new code when there is none, when the last one was used, and 10 minutes after it was made. The former one is no
 * longer right from then on.
 */
export async function issueCode(
  { ephemeral, clock, random, pepper }: CodeNeeds,
  holder: CodeHolder,
  permit?: () => Promise<void>,
): Promise<Issued> {
  const now = clock().getTime();
  const former = await readRecord(ephemeral, holder);
  if (former !== undefined && now < former.resendAt && (await ephemeral.get(usedKey(former))) === undefined) {
    return { outcome: 'wait', resendAt: new Date(former.resendAt), expiresAt: new Date(former.expiresAt) };
  }
  await permit?.();
  const times = { expiresAt: now + codeSeconds * 1000, resendAt: now + resendSeconds * 1000 };
  const dates = { expiresAt: new Date(times.expiresAt), resendAt: new Date(times.resendAt) };
  const first = await ephemeral.setIfAbsent(turnKey(holder, former), '1', turnSeconds);
  if (!first) return { outcome: 'wait', ...dates };
  const code = drawCode(random);
  const id = random(16).toString('base64url');
  await writeRecord(ephemeral, holder, { id, hash: codeHash(pepper, holder, code), ...times });
  return { outcome: 'sent', code, ...dates };
}
