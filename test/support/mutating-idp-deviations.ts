import type { ErrorCode } from '../../src/errors/errors.ts';

export type Claims = Readonly<Record<string, unknown>>;

/**
 * How an endpoint fails. `unavailable`: 503 · `error_500`: 500 with a JSON error · `timeout`: never answers ·
 * `garbage`: 200 with HTML · `cut_json`: 200 with half a document · `huge`: the right answer, padded to 2 MB ·
 * `cut`: the connection is closed · `redirect`: 302 to another address of its own.
 */
export type Fault =
  'unavailable' | 'error_500' | 'timeout' | 'garbage' | 'cut_json' | 'huge' | 'cut' | 'redirect';

/** How the ID token is signed, when it is not by the published key. */
export type SignatureDeviation =
  | 'none'
  | 'hs256_public_key'
  | 'flipped'
  | 'empty'
  | 'payload_changed'
  | 'unknown_kid'
  | 'other_key'
  | 'critical'
  | 'encrypted';

/** What the deviations may need to know of the sign-in. */
export interface DeviationContext {
  readonly issuer: string;
  readonly clientId: string;
  /** Epoch seconds. */
  readonly now: number;
}

/** One thing that the identity provider does wrong. Everything else stays right, so a refusal has one cause. */
export interface Deviation {
  /** The code that the broker shows. Empty: the sign-in goes through all the same. */
  readonly expected: readonly [ErrorCode] | readonly [];
  /** What has to be configured, asked, or looked at for the deviation to mean something. */
  readonly note?: string;
  /** `private_address`: names a token endpoint in a private network. */
  readonly discovery?: Fault | 'other_issuer' | 'private_address';
  readonly jwks?: Fault;
  readonly token?: Fault;
  readonly userinfo?: Fault;
  readonly endSession?: Fault;
  /** Changes the parameters of the redirect back. */
  readonly authorization?: (answer: URLSearchParams, context: DeviationContext) => void;
  readonly idToken?: (payload: Claims, context: DeviationContext) => Claims;
  readonly signature?: SignatureDeviation;
  readonly tokenResponse?: (body: Claims) => Claims;
  readonly userinfoClaims?: (claims: Claims) => Claims;
}

const without = (claims: Claims, name: string): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

const userinfo = (name: string, value: unknown): Pick<Deviation, 'userinfoClaims'> => ({
  userinfoClaims: (claims) => ({ ...claims, [name]: value }),
});
const userinfoWithout = (name: string): Pick<Deviation, 'userinfoClaims'> => ({
  userinfoClaims: (claims) => without(claims, name),
});
const inIdToken = (name: string, value: unknown): Pick<Deviation, 'idToken'> => ({
  idToken: (payload) => ({ ...payload, [name]: value }),
});
const email = (change: (address: string) => string): Pick<Deviation, 'userinfoClaims'> => ({
  userinfoClaims: (claims) => ({ ...claims, email: change(String(claims['email'])) }),
});
const answer = (name: string, value: string): Pick<Deviation, 'authorization'> => ({
  authorization: (parameters) => parameters.set(name, value),
});
const answerWithout = (name: string): Pick<Deviation, 'authorization'> => ({
  authorization: (parameters) => parameters.delete(name),
});
const failure = (error: string): Pick<Deviation, 'authorization'> => ({
  authorization: (parameters) => {
    parameters.delete('code');
    parameters.set('error', error);
  },
});

const silent = ['M-UPST-001'] as const;
const badAnswer = ['M-UPST-002'] as const;

/** Every deviation, by name: iterate over it, or pick one. */
export const deviations = {
  // The address: only in the domains of the identity provider, one @, nothing hidden.
  email_other_domain: { expected: ['M-UPST-011'], ...email(() => 'victime@autre-domaine.example') },
  email_subdomain: { expected: ['M-UPST-011'], ...email((address) => address.replace('@', '@sous.')) },
  email_two_at: { expected: ['M-UPST-011'], ...email((address) => `${address}@evil.example`) },
  email_two_at_ours_last: {
    expected: ['M-UPST-011'],
    ...email((address) => `evil@evil.example@${address.split('@')[1] ?? ''}`),
  },
  email_quoted_at: { expected: ['M-UPST-011'], ...email((address) => `"${address}"@evil.example`) },
  email_line_break: {
    expected: ['M-UPST-011'],
    ...email((address) => `${address}\r\nBcc: evil@evil.example`),
  },
  email_null_character: {
    expected: ['M-UPST-011'],
    ...email((address) => `evil@evil.example\u0000${address}`),
  },
  email_fullwidth: { expected: ['M-UPST-011'], ...email((address) => address.replace('@', '\uFF20')) },
  email_fullwidth_domain: {
    expected: ['M-UPST-011'],
    ...email((address) => address.replace('.example', '\uFF0Eexample')),
  },
  email_homograph_domain: {
    expected: ['M-UPST-011'],
    ...email((address) => address.replace(/e(?=xample)/, '\u0435')),
  },
  email_trailing_dot: { expected: ['M-UPST-011'], ...email((address) => `${address}.`) },
  email_missing: { expected: ['M-UPST-010'], ...userinfoWithout('email') },
  email_not_text: { expected: ['M-UPST-011'], ...userinfo('email', ['agent@etat.example']) },
  given_name_missing: { expected: ['M-UPST-010'], ...userinfoWithout('given_name') },
  usual_name_missing: { expected: ['M-UPST-010'], ...userinfoWithout('usual_name') },

  // The ID token: OpenID Connect Core §3.1.3.7, step by step.
  nonce_missing: { expected: ['M-UPST-006'], idToken: (payload) => without(payload, 'nonce') },
  nonce_wrong: { expected: ['M-UPST-006'], ...inIdToken('nonce', 'another-nonce') },
  alg_none: { expected: ['M-UPST-019'], signature: 'none' },
  hs256_public_key: { expected: ['M-UPST-019'], signature: 'hs256_public_key' },
  signature_flipped: { expected: ['M-UPST-018'], signature: 'flipped' },
  signature_empty: { expected: ['M-UPST-018'], signature: 'empty' },
  payload_changed: { expected: ['M-UPST-018'], signature: 'payload_changed' },
  unknown_kid: { expected: ['M-UPST-018'], signature: 'unknown_kid' },
  critical_extension: { expected: ['M-UPST-019'], signature: 'critical' },
  encrypted: { expected: ['M-UPST-024'], note: 'the record declares no encryption', signature: 'encrypted' },
  other_key: { expected: ['M-UPST-018'], signature: 'other_key' },
  expired: {
    expected: ['M-UPST-022'],
    idToken: (payload, { now }) => ({ ...payload, iat: now - 7200, exp: now - 3600 }),
  },
  exp_missing: { expected: ['M-UPST-022'], idToken: (payload) => without(payload, 'exp') },
  iat_future: {
    expected: ['M-UPST-022'],
    idToken: (payload, { now }) => ({ ...payload, iat: now + 600, exp: now + 4200 }),
  },
  nbf_future: {
    expected: ['M-UPST-022'],
    idToken: (payload, { now }) => ({ ...payload, nbf: now + 600 }),
  },
  auth_time_future: {
    expected: ['M-UPST-022'],
    idToken: (payload, { now }) => ({ ...payload, auth_time: now + 3600 }),
  },
  iat_missing: { expected: ['M-UPST-022'], idToken: (payload) => without(payload, 'iat') },
  audience_other: { expected: ['M-UPST-021'], ...inIdToken('aud', 'another-client') },
  audience_without_azp: {
    expected: ['M-UPST-021'],
    idToken: (payload, { clientId }) => ({ ...payload, aud: [clientId, 'another-client'] }),
  },
  azp_other: {
    expected: ['M-UPST-021'],
    idToken: (payload, { clientId }) => ({
      ...payload,
      aud: [clientId, 'another-client'],
      azp: 'another-client',
    }),
  },
  issuer_other: { expected: ['M-UPST-020'], ...inIdToken('iss', 'https://evil.example') },
  issuer_trailing_slash: {
    expected: ['M-UPST-020'],
    idToken: (payload, { issuer }) => ({ ...payload, iss: `${issuer}/` }),
  },
  at_hash_wrong: { expected: ['M-UPST-023'], ...inIdToken('at_hash', 'AAAAAAAAAAAAAAAAAAAAAA') },
  subject_missing: { expected: ['M-UPST-008'], idToken: (payload) => without(payload, 'sub') },
  subject_not_text: { expected: ['M-UPST-008'], ...inIdToken('sub', 42) },
  auth_time_stale: {
    expected: ['M-UPST-017'],
    note: 'only when the request asked for prompt=login or max_age',
    idToken: (payload, { now }) => ({ ...payload, auth_time: now - 86_400 }),
  },
  auth_time_missing: {
    expected: ['M-UPST-017'],
    note: 'only when the request asked for prompt=login or max_age',
    idToken: (payload) => without(payload, 'auth_time'),
  },

  // The redirect back.
  iss_wrong: { expected: ['M-UPST-007'], ...answer('iss', 'https://evil.example') },
  iss_missing: {
    expected: ['M-UPST-007'],
    note: 'the metadata announce it (RFC 9207 §2.4)',
    ...answerWithout('iss'),
  },
  state_missing: { expected: ['M-UPST-004'], ...answerWithout('state') },
  state_wrong: { expected: ['M-UPST-004'], ...answer('state', 'another-state') },
  code_missing: { expected: badAnswer, ...answerWithout('code') },
  code_unknown: { expected: ['M-UPST-029'], ...answer('code', 'another-code') },
  code_doubled: {
    expected: badAnswer,
    authorization: (parameters) => parameters.append('code', 'another-code'),
  },
  error_access_denied: { expected: ['M-UPST-003'], ...failure('access_denied') },
  error_server_error: { expected: badAnswer, ...failure('server_error') },
  error_unavailable: { expected: ['M-UPST-002'], ...failure('temporarily_unavailable') },

  // The token endpoint.
  token_error_500: { expected: ['M-UPST-001'], token: 'error_500' },
  token_unavailable: { expected: ['M-UPST-001'], token: 'unavailable' },
  token_timeout: { expected: silent, token: 'timeout' },
  token_garbage: { expected: ['M-UPST-029'], token: 'garbage' },
  token_cut_json: { expected: ['M-UPST-029'], token: 'cut_json' },
  token_huge: { expected: ['M-UPST-026'], token: 'huge' },
  token_redirect: { expected: ['M-UPST-027'], token: 'redirect' },
  token_cut: { expected: silent, token: 'cut' },
  token_without_id_token: {
    expected: ['M-UPST-008'],
    tokenResponse: (body) => without(body, 'id_token'),
  },
  token_without_access_token: {
    expected: ['M-UPST-029'],
    tokenResponse: (body) => without(body, 'access_token'),
  },

  // Userinfo: OpenID Connect Core §5.3.
  userinfo_other_sub: { expected: ['M-UPST-025'], ...userinfo('sub', 'somebody-else') },
  userinfo_without_sub: { expected: ['M-UPST-009'], ...userinfoWithout('sub') },
  userinfo_error_500: { expected: ['M-UPST-001'], userinfo: 'error_500' },
  userinfo_garbage: { expected: ['M-UPST-009'], userinfo: 'garbage' },
  userinfo_cut_json: { expected: ['M-UPST-009'], userinfo: 'cut_json' },
  userinfo_huge: { expected: ['M-UPST-026'], userinfo: 'huge' },
  userinfo_redirect: { expected: ['M-UPST-027'], userinfo: 'redirect' },
  userinfo_timeout: { expected: silent, userinfo: 'timeout' },

  // The organization.
  siret_missing: { expected: ['M-UPST-012'], note: 'without default_siret', ...userinfoWithout('siret') },
  siret_wrong_digit: {
    expected: ['M-UPST-012'],
    note: 'without default_siret',
    ...userinfo('siret', '21440109300016'),
  },
  siret_zeros: { expected: ['M-UPST-012'], note: 'without default_siret', ...userinfo('siret', '000000000') },
  siret_scientific: { expected: ['M-UPST-012'], note: 'without default_siret', ...userinfo('siret', '1e13') },
  siret_number: {
    expected: ['M-UPST-012'],
    note: 'without default_siret',
    ...userinfo('siret', 1e13),
  },
  siret_other: {
    expected: ['M-UPST-013'],
    note: 'the identity provider has a list of SIRETs without this one, which is valid (DINUM)',
    ...userinfo('siret', '13002526500013'),
  },

  // Levels: unknown is the least, and nobody asserts more than their maximum.
  acr_unknown: {
    expected: [],
    note: 'counts as the lowest level',
    ...inIdToken('acr', 'https://example.com/best-ever'),
  },
  acr_missing: {
    expected: [],
    note: 'counts as the lowest level',
    idToken: (payload) => without(payload, 'acr'),
  },
  acr_too_high: {
    expected: [],
    note: 'lowered to the maximum of the identity provider',
    ...inIdToken('acr', 'eidas3'),
  },

  // Metadata and keys.
  discovery_unavailable: { expected: silent, note: 'with nothing in the cache', discovery: 'unavailable' },
  discovery_timeout: { expected: silent, note: 'with nothing in the cache', discovery: 'timeout' },
  discovery_garbage: {
    expected: ['M-UPST-001'],
    note: 'with nothing in the cache',
    discovery: 'garbage',
  },
  discovery_other_issuer: {
    expected: ['M-UPST-020'],
    note: 'with nothing in the cache',
    discovery: 'other_issuer',
  },
  discovery_redirect: { expected: ['M-UPST-027'], note: 'with nothing in the cache', discovery: 'redirect' },
  discovery_huge: { expected: ['M-UPST-026'], note: 'with nothing in the cache', discovery: 'huge' },
  discovery_private_address: {
    expected: ['M-UPST-028'],
    note: 'with nothing in the cache; without private_addresses',
    discovery: 'private_address',
  },
  jwks_garbage: { expected: ['M-UPST-018'], note: 'with nothing in the cache', jwks: 'garbage' },
  jwks_huge: { expected: ['M-UPST-026'], note: 'with nothing in the cache', jwks: 'huge' },
  jwks_redirect: { expected: ['M-UPST-027'], note: 'with nothing in the cache', jwks: 'redirect' },
  jwks_unavailable: {
    expected: ['M-UPST-001'],
    note: 'with nothing in the cache',
    jwks: 'unavailable',
  },
} as const satisfies Readonly<Record<string, Deviation>>;

export type DeviationName = keyof typeof deviations;

const isName = (name: string): name is DeviationName => Object.hasOwn(deviations, name);

export const deviationNames: readonly DeviationName[] = Object.keys(deviations).filter(isName);
