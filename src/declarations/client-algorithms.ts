import { z } from 'zod';

/**
 * The algorithms of JOSE that clients may name (RFC 7518 §3.1, §4.1, §5.1; RFC 8037 §3.1). Asymmetric only: secrets of
 * clients are kept as hashes, so that nothing can be keyed with them; no RSA1_5, no PBES2, no compression.
 */
export const signingAlgorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
export const keyManagementAlgorithms = [
  'RSA-OAEP',
  'RSA-OAEP-256',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A256KW',
] as const;
export const contentEncryptionAlgorithms = ['A128GCM', 'A256GCM', 'A128CBC-HS256', 'A256CBC-HS512'] as const;

/** FAPI 2.0 Security Profile §5.4.1. */
export const fapiSigningAlgorithms: readonly string[] = ['ES256', 'PS256', 'EdDSA'];

export const signingAlg = z.enum(signingAlgorithms);
export const keyManagementAlg = z.enum(keyManagementAlgorithms);
export const contentEncryptionAlg = z.enum(contentEncryptionAlgorithms);
