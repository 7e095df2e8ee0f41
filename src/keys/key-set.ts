import type { JWK } from 'jose';
import { BrokerError } from '../errors/errors.ts';
import { decryptionAlgorithms } from '../declarations/declarations.ts';
import type { DecryptionAlgorithm } from '../declarations/declarations.ts';
import { keyAlgorithms } from './generate-key.ts';
import type { SecretName, SigningAlgorithm } from './generate-key.ts';
import { keyRoles } from './key-roles.ts';
import type { KeyTimes } from './key-roles.ts';

export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** Private: `sign()` of jose takes it as it is. */
  readonly jwk: JWK;
}

/** The keys of one instant; never changed, replaced by another set. */
export interface KeySet {
  /** The same for sets of the same keys in the same roles, in every process. No secret. */
  readonly version: string;
  /**
   * Private JWKs as oidc-provider wants them: those that sign first, one of each algorithm that has any, ES256 before
   * all; then next and retired ones, which `key_ops` (RFC 7517 §4.3) keeps from signing.
   */
  readonly jwks: { readonly keys: readonly JWK[] };
  /**
   * What signs now.
   *
   * @throws BrokerError M-CONF-001 when no key of that algorithm is left: better nothing than what a stolen key signs
   */
  readonly signingKey: (alg: SigningAlgorithm) => SigningKey;
  /**
   * What identity providers encrypt to: public JWKs, one of each algorithm that has any. The next one is published when
   * its time comes, since whoever reads two chooses either.
   */
  readonly encryptionJwks: readonly JWK[];
  /** Private JWKs that may open what they sent, the likeliest first: they keep copies of `/jwks`. */
  readonly decryptionKeys: (alg: DecryptionAlgorithm) => readonly JWK[];
  /** What pairwise subjects are derived from. */
  readonly pairwiseSalt: Uint8Array;
  /** What the nonces of DPoP are derived from (RFC 9449 §8): 32 bytes that all processes share. */
  readonly dpopNonceSecret: Buffer;
}

/**
 * @param jwkOf the private JWK of a kid
 * @throws BrokerError M-CONF-001 when a secret has no key
 */
export function keySet(
  keys: readonly KeyTimes[],
  jwkOf: (kid: string) => JWK | undefined,
  now: Date,
): KeySet {
  const jwk = (kid: string): JWK => {
    const found = jwkOf(kid);
    if (found === undefined) throw missing(kid);
    return found;
  };
  const signing = new Map<SigningAlgorithm, SigningKey>();
  const verifying: { readonly kid: string; readonly role: 'next' | 'retired' }[] = [];
  for (const alg of keyAlgorithms) {
    const { current, next, retired } = keyRoles(keys, alg, now);
    if (current === undefined) continue;
    signing.set(alg, { kid: current.kid, alg, jwk: jwk(current.kid) });
    verifying.push(
      ...next.map(({ kid }) => ({ kid, role: 'next' as const })),
      ...retired.map(({ key: { kid } }) => ({ kid, role: 'retired' as const })),
    );
  }
  const decrypting = new Map<DecryptionAlgorithm, readonly JWK[]>();
  for (const alg of decryptionAlgorithms) {
    const { current, next, retired } = keyRoles(keys, alg, now);
    if (current === undefined) continue;
    const kids = [current.kid, ...retired.map(({ key }) => key.kid), ...next.map(({ kid }) => kid)];
    decrypting.set(alg, kids.map(jwk));
  }
  const secret = (name: SecretName): Buffer => {
    const value = jwk(name).k;
    if (value === undefined) throw missing(name);
    return Buffer.from(value, 'base64url');
  };
  return Object.freeze({
    version: [
      ...[...signing.values()].map(({ kid }) => `current ${kid}`),
      ...verifying.map(({ kid, role }) => `${role} ${kid}`),
      ...[...decrypting.values()].flatMap((all) => all.map(({ kid }) => `opens ${String(kid)}`)),
    ].join(', '),
    jwks: {
      keys: [
        ...[...signing.values()].map((key) => key.jwk),
        ...verifying.map(({ kid }) => ({ ...jwk(kid), key_ops: ['verify'] })),
      ],
    },
    signingKey: (alg: SigningAlgorithm) => {
      const key = signing.get(alg);
      if (key === undefined) throw noKeyLeft(alg);
      return key;
    },
    encryptionJwks: [...decrypting.values()].flatMap(([current]) =>
      current === undefined ? [] : [publicOf(current)],
    ),
    decryptionKeys: (alg: DecryptionAlgorithm) => decrypting.get(alg) ?? [],
    pairwiseSalt: secret('pairwise'),
    dpopNonceSecret: secret('dpop-nonce'),
  });
}

/** RFC 7518 §6: everything else is private. */
const publicMembers: ReadonlySet<string> = new Set(['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'use', 'alg']);
const publicOf = (jwk: JWK): JWK =>
  Object.fromEntries(Object.entries(jwk).filter(([member]) => publicMembers.has(member)));

export const noKeyLeft = (alg: SigningAlgorithm): BrokerError =>
  new BrokerError('M-CONF-001', {
    detail:
      `nothing is signed with ${alg}: its keys have left the database, or ENCRYPTION_KEYS cannot open them; ` +
      'start the process again with every encryption key in use',
  });

const missing = (what: string): BrokerError =>
  new BrokerError('M-CONF-001', { detail: `the database has no key ${what}: start one process to make it` });
