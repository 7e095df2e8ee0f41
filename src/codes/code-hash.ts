import { createHmac, timingSafeEqual } from 'node:crypto';
import { holderText } from './code-holder.ts';
import type { CodeHolder } from './code-holder.ts';

/**
 * HMAC-SHA-256 of a code with its purpose, holder and address: what is stored is of no use for another of them, and
 * of none at all without the key.
 */
export const codeHash = (pepper: Uint8Array, holder: CodeHolder, code: string): string =>
  createHmac('sha256', pepper)
    .update(JSON.stringify([holderText(holder), code]))
    .digest('base64url');

/** Compares in a time that does not depend on where they differ. */
export function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
