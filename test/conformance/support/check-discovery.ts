import { expect } from 'vitest';
import type { KeySet, Metadata } from './metadata.ts';

const member = (metadata: Metadata, name: string): unknown => metadata[name];

const listOf = (metadata: Metadata, name: string): readonly unknown[] => {
  const value = member(metadata, name);
  expect(Array.isArray(value), name).toBe(true);
  return Array.isArray(value) ? value : [];
};

/** Every member that is an address, the aliases of RFC 8705 §5 included. */
function addressesOf(metadata: Metadata): readonly (readonly [string, string])[] {
  const aliases = member(metadata, 'mtls_endpoint_aliases');
  const all = { ...metadata, ...(typeof aliases === 'object' ? aliases : {}) };
  return Object.entries(all).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && (name.endsWith('_endpoint') || name.endsWith('_uri') || name === 'issuer')
      ? [[name, value]]
      : [],
  );
}

const isLoopback = ({ hostname }: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/**
 * What every plan looks at. Addresses are https, but for an issuer on this machine: a browser trusts loopback, and the
 * tests have no certificate. Config OP runs against an https issuer.
 */
export function checkMetadata(metadata: Metadata, issuer: string): void {
  expect(metadata.issuer).toBe(issuer);
  for (const [name, address] of addressesOf(metadata)) {
    const url = new URL(address);
    expect(url.protocol === 'https:' || isLoopback(url), `${name} ${address}`).toBe(true);
    expect(url.hash, name).toBe('');
  }
}

/** OpenID Connect Discovery §3, RFC 8414 §2: `oidcc-discovery-endpoint-verification`, condition by condition. */
export function checkDiscovery(metadata: Metadata, issuer: string): void {
  checkMetadata(metadata, issuer);
  // RFC 8414 §2: what has no element is left out.
  expect(Object.entries(metadata).filter(([, value]) => Array.isArray(value) && value.length === 0)).toEqual(
    [],
  );
  const { search } = new URL(metadata.issuer);
  expect(search).toBe('');
  for (const [name, address] of addressesOf(metadata)) expect(new URL(address).protocol, name).toBe('https:');
  for (const name of [
    'authorization_endpoint',
    'token_endpoint',
    'userinfo_endpoint',
    'jwks_uri',
    'end_session_endpoint',
  ])
    expect(member(metadata, name), name).toEqual(expect.stringMatching(/^https:\/\/\S+$/));

  expect(listOf(metadata, 'response_types_supported')).toContain('code');
  const subjects = listOf(metadata, 'subject_types_supported');
  expect(subjects.length).toBeGreaterThan(0);
  expect(subjects.filter((type) => type !== 'public' && type !== 'pairwise')).toEqual([]);
  expect(listOf(metadata, 'id_token_signing_alg_values_supported')).toContain('RS256');
  const userinfoAlgs = listOf(metadata, 'userinfo_signing_alg_values_supported');
  expect(userinfoAlgs.length).toBeGreaterThan(0);
  expect(userinfoAlgs).not.toContain('none');
  // Warnings of the suite, when they fail: RS256 among the algorithms of request objects, and the claims.
  expect(listOf(metadata, 'request_object_signing_alg_values_supported')).toContain('RS256');
  expect(listOf(metadata, 'claims_supported').length).toBeGreaterThan(0);
  expect(member(metadata, 'claims_parameter_supported')).toBe(true);
  expect(member(metadata, 'request_parameter_supported')).toBe(true);
  expect(member(metadata, 'request_uri_parameter_supported')).toBe(false);
  expect(listOf(metadata, 'grant_types_supported')).toContain('authorization_code');

  const scopes = listOf(metadata, 'scopes_supported');
  expect(scopes).toContain('openid');
  expect(scopes.filter((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(String(scope)))).toEqual([]);
  for (const name of ['ui_locales_supported', 'claims_locales_supported']) {
    const locales = member(metadata, name);
    // BCP 47 as canonical casing writes it: a warning otherwise.
    if (Array.isArray(locales))
      expect(locales.map(String)).toEqual(Intl.getCanonicalLocales(locales.map(String)));
  }
  expect(listOf(metadata, 'code_challenge_methods_supported')).toEqual(['S256']);
  expect(member(metadata, 'authorization_response_iss_parameter_supported')).toBe(true);
  // RFC 7523: an algorithm list comes with methods that sign, and never with `none`.
  const signing = member(metadata, 'token_endpoint_auth_signing_alg_values_supported');
  if (Array.isArray(signing)) expect(signing).not.toContain('none');
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** RFC 7517 §4.5, RFC 7518 §3.3 and §6: keys that are told apart, are strong enough, and are public. */
export function checkKeySet({ keys }: KeySet): void {
  const ids = keys.map(({ kid }) => kid);
  expect(ids.filter((kid) => kid === undefined || kid === '')).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const key of keys) {
    expect(Object.keys(key).filter((name) => privateMembers.includes(name))).toEqual([]);
    expect(['RSA', 'EC', 'OKP']).toContain(key.kty);
    // Some clients fail on a key that does not say what it serves for.
    expect(key.use).toBe('sig');
    expect(key.alg).toMatch(/./);
    for (const name of ['n', 'e', 'x', 'y'] as const)
      if (key[name] !== undefined) expect(key[name], name).toMatch(/^[A-Za-z0-9_-]+$/);
    if (key.kty === 'RSA') expect(bytesOf(key.n) * 8).toBeGreaterThanOrEqual(2048);
    if (key.kty === 'EC') expect(['P-256', 'P-384', 'P-521']).toContain(key.crv);
    if (key.kty === 'OKP') expect(key.crv).toBe('Ed25519');
  }
}

const bytesOf = (value: string | undefined): number => Buffer.from(value ?? '', 'base64url').length;
