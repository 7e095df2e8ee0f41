import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** AES-256-GCM with a random nonce of 96 bits and a tag of 128 (NIST SP 800-38D §8.2.2): nonce ‖ ciphertext ‖ tag. */
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a short text, in this thread: for values of a cookie's size the hop to WebCrypto's threads costs a hundred
 * times the encryption, several times a login.
 *
 * @param key 32 bytes
 * @returns base64url
 */
export function encrypt(key: Uint8Array, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/** @returns undefined for anything that this key did not encrypt, and for other spellings of what it did */
export function decrypt(key: Uint8Array, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  // Base64url leaves spare bits: two spellings, one content. Only the one that we write is ours (RFC 4648 §3.5).
  if (bytes.length < nonceBytes + tagBytes || bytes.toString('base64url') !== sealed) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    return text.toString('utf8');
  } catch {
    // The only failure of GCM: the tag does not match.
    return undefined;
  }
}
