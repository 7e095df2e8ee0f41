/**
 * keys/: what Maillon signs with, and what others encrypt to.
 *
 * What it does: keeps a chain of keys for each signing algorithm (ES256, RS256, PS256, EdDSA), and two secrets that never
 * change. A key is published before it signs (next), signs (current), then verifies for as long as anything that it
 * signed lives (retired). Which it is follows from times alone (key-roles.ts): nobody flips a state, processes agree
 * without talking, and a change of roles needs neither a restart nor the database.
 *
 * Flow: table signing_key ──▶ stored-keys.ts (made when missing, opened) ──▶ key-ring.ts: `ring.current()`, one immutable
 * `KeySet` for as long as nothing changes. compose builds a provider upon each set (per-key-set.ts). Whoever signs something else asks at
 * the moment of signing: `ring.current().signingKey('ES256')` gives { kid, alg, jwk } for `new SignJWT(…)
 * .setProtectedHeader({ kid, alg }).sign(jwk)`. The commands rotate-keys.ts, withdraw-key.ts, list-keys.ts write and
 * read the table only: every process sees it within 5 s.
 * Keys that identity providers encrypt to live in the same chains, and are made when a record first needs them: `encryptionJwks`
 * is published, `decryptionKeys(alg)` opens what comes back.
 *
 * May import: declarations (the list of algorithms), audit, storage, config, errors.
 */
export { keyAlgorithms, rotatingAlgorithms } from './generate-key.ts';
export type { RotatingAlgorithm, SigningAlgorithm } from './generate-key.ts';
export { createKeyRing } from './key-ring.ts';
export type { KeyRing, KeyRingOptions } from './key-ring.ts';
export type { KeySet, SigningKey } from './key-set.ts';
export {
  longestLifeSeconds,
  metadataMaxAgeSeconds,
  shortestPublicationSeconds,
  usualPublicationSeconds,
} from './key-times.ts';
export { listKeys } from './list-keys.ts';
export type { ListedKey } from './list-keys.ts';
export { perKeySet } from './per-key-set.ts';
export { purgeRetiredKeys } from './purge-retired-keys.ts';
export { rotateKeys } from './rotate-keys.ts';
export type { Rotation } from './rotate-keys.ts';
export type { KeyStore } from './stored-keys.ts';
export { withdrawKey } from './withdraw-key.ts';
export type { Withdrawal } from './withdraw-key.ts';
