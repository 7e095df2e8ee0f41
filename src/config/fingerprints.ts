import { createHmac, hkdfSync } from 'node:crypto';

/** Keyed hashes of a text, one for each key of the house, the newest first: what is found under any of them is that text. */
export type Fingerprints = (text: string) => readonly string[];

/**
 * HMAC-SHA-256 (RFC 2104), base64url, under keys of this purpose alone by HKDF (RFC 5869): whoever reads the database and not the
 * keys learns nothing by trying addresses.
 */
export function createFingerprints(encryptionKeys: readonly string[], purpose: string): Fingerprints {
  const keys = encryptionKeys.map(
    (key) => new Uint8Array(hkdfSync('sha256', key, 'maillon fingerprints', purpose, 32)),
  );
  return (text) => keys.map((key) => createHmac('sha256', key).update(text).digest('base64url'));
}
