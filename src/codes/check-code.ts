import type { CodeNeeds } from './codes.ts';
import { typedDigits } from './code-digits.ts';
import { codeHash, sameHash } from './code-hash.ts';
import type { CodeHolder } from './code-holder.ts';
import { readRecord, recordSeconds, triesKey, usedKey } from './code-record.ts';

/** Tries of one code, the right one included, in one window that begins with the first of them. */
export const maximumTries = 10;
export const triesWindowSeconds = 300;

/** 'none': there is no code for this holder, or it was used. 'too_many': nothing was compared. */
export type Checked = 'right' | 'wrong' | 'expired' | 'none' | 'too_many';

/**
 * A code is expired from the very second it was to end. Each try counts before it is compared, so that fifty at
 * once are ten; and whoever is right marks the code as used, which one alone can do.
 */
export async function checkCode(
  { ephemeral, clock, pepper }: CodeNeeds,
  holder: CodeHolder,
  typed: string,
): Promise<Checked> {
  const record = await readRecord(ephemeral, holder);
  if (record === undefined) return 'none';
  if (clock().getTime() >= record.expiresAt) return 'expired';
  const { count } = await ephemeral.count(triesKey(record), triesWindowSeconds);
  if (count > maximumTries) return 'too_many';
  if (!sameHash(record.hash, codeHash(pepper, holder, typedDigits(typed)))) return 'wrong';
  return (await ephemeral.setIfAbsent(usedKey(record), '1', recordSeconds)) ? 'right' : 'none';
}
