import { hash } from 'node:crypto';
import { decrypt, encrypt } from '../config/config.ts';

/** The holder is an id of 256 random bits, so that one hash makes a key of it; the store knows another hash of it. */
const keyOf = (holder: string): Buffer => hash('sha256', `maillon sealed under\0${holder}`, 'buffer');

/**
 * Encrypts a bearer value under the id of the entry that holds it: who reads the store, but does not hold that id,
 * learns nothing.
 */
export function sealUnder(holder: string, value: string): string {
  return encrypt(keyOf(holder), value);
}

/** @throws when the value was not sealed under this holder */
export function openUnder(holder: string, sealed: string): string {
  const value = decrypt(keyOf(holder), sealed);
  if (value === undefined) throw new Error('a stored value was not sealed under the entry that holds it');
  return value;
}
