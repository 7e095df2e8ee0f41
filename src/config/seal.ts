import { createHash, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import { decrypt, encrypt } from './authenticated-encryption.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';

/** Sealed values: what leaves our hands (cookies) or rests in the database (secrets of others) and must come back intact. */
export interface Seal {
  /**
   * @param value JSON-safe object.
   * @param ttlSeconds after which `open` answers undefined; absent: no end.
   * @returns `<key id>.<base64url>`, URL- and cookie-safe.
   */
  seal(value: object, ttlSeconds?: number): Promise<string>;
  /** The value, or undefined when the token is expired, foreign, garbled, or of another purpose. Never throws on a token. */
  open(token: string): Promise<unknown>;
}

interface SealKey {
  readonly kid: string;
  readonly key: Uint8Array;
}

const contents = z.object({ value: z.unknown(), exp: z.number().optional() });

/**
 * One key per (encryption key, purpose) by HKDF-SHA256 (RFC 5869), so that a token sealed for one use never opens in
 * another. The newest key, the first, seals; all open, so that keys are replaced without losing what is sealed.
 */
export function createSeal(
  encryptionKeys: readonly string[],
  purpose: string,
  clock: Clock = systemClock,
): Seal {
  const keys = encryptionKeys.map((key) => deriveKey(key, purpose));
  const [newest] = keys;
  if (newest === undefined) throw new Error('createSeal needs at least one encryption key');
  const byKid = new Map(keys.map((key) => [key.kid, key]));

  return {
    async seal(value, ttlSeconds) {
      const exp = ttlSeconds === undefined ? undefined : Math.floor(clock().getTime() / 1000) + ttlSeconds;
      return `${newest.kid}.${encrypt(newest.key, JSON.stringify({ value, exp }))}`;
    },

    async open(token) {
      const [kid = '', sealed = '', ...rest] = token.split('.');
      const key = byKid.get(kid);
      if (key === undefined || rest.length > 0) return undefined;
      const text = decrypt(key.key, sealed);
      if (text === undefined) return undefined;
      const { value, exp } = contents.parse(JSON.parse(text));
      return exp !== undefined && exp * 1000 <= clock().getTime() ? undefined : value;
    },
  };
}

function deriveKey(encryptionKey: string, purpose: string): SealKey {
  const bytes = new Uint8Array(hkdfSync('sha256', encryptionKey, 'maillon seal', purpose, 32));
  return {
    kid: createHash('sha256').update('kid').update(bytes).digest('base64url').slice(0, 8),
    key: bytes,
  };
}
