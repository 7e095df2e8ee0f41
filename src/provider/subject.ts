import { createHmac } from 'node:crypto';

/**
 * Pairwise subject (OpenID Connect Core §8.1): the same account gets another `sub` in each sector. HMAC-SHA256 with a
 * secret of its own, base64url: 43 ASCII characters. The secret never rotates, since tools store the `sub`.
 */
export function pairwiseSubject(salt: Uint8Array, sector: string, accountId: string): string {
  return createHmac('sha256', salt).update(`${sector}\u0000${accountId}`).digest('base64url');
}
