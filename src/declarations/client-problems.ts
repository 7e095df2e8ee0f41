import { fapiSigningAlgorithms } from './client-algorithms.ts';
import type { Client } from './client.ts';

interface WrittenClient extends Client {
  readonly client_secret?: string | undefined;
  readonly former_client_secret?: string | undefined;
}

/** Field, and what is wrong with it. */
type Problem = readonly [string, string];

type Rule = (client: WrittenClient) => readonly Problem[];

const secretMethods: readonly string[] = ['client_secret_basic', 'client_secret_post'];
const countOf = (...values: readonly unknown[]): number =>
  values.filter((value) => value !== undefined).length;

/** With a secret, one way of giving it; without, none at all. */
const secretMatchesMethod: Rule = (client) => {
  const method = client.token_endpoint_auth_method;
  const given = countOf(client.client_secret, client.client_secret_sha256);
  const former = countOf(client.former_client_secret, client.former_client_secret_sha256);
  const problems: Problem[] = [];
  if (secretMethods.includes(method)) {
    if (given !== 1) {
      problems.push([
        'client_secret',
        'or client_secret_sha256 must be given, and not both, for this token_endpoint_auth_method',
      ]);
    }
    if (former > 1)
      problems.push(['former_client_secret', 'or former_client_secret_sha256 may be given, not both']);
  } else if (given + former > 0) {
    problems.push(['client_secret', `has no use with token_endpoint_auth_method ${method}`]);
  }
  return problems;
};

const encryptedResponses = ['id_token', 'userinfo', 'authorization', 'introspection'] as const;

/** Keys are given once, by value or by reference, when something asks for them. */
const keysAreGivenWhereNeeded: Rule = (client) => {
  const method = client.token_endpoint_auth_method;
  const reasons = [
    ...(method === 'private_key_jwt' || method === 'self_signed_tls_client_auth'
      ? [`token_endpoint_auth_method ${method}`]
      : []),
    ...(client.require_signed_request_object ? ['require_signed_request_object'] : []),
    ...(client.request_object_signing_alg === undefined ? [] : ['request_object_signing_alg']),
    ...encryptedResponses.flatMap((response) =>
      client[`${response}_encrypted_response_alg`] === undefined
        ? []
        : [`${response}_encrypted_response_alg`],
    ),
  ];
  const given = countOf(client.jwks, client.jwks_uri);
  if (given > 1) return [['jwks', 'or jwks_uri must be given, not both (RFC 7591 §2)']];
  if (
    method === 'self_signed_tls_client_auth' &&
    client.jwks?.keys.every(({ x5c }) => x5c === undefined) === true
  )
    return [['jwks', 'must hold a certificate (x5c) with self_signed_tls_client_auth (RFC 8705 §2.2.2)']];
  const [first] = reasons;
  if (first !== undefined && given === 0) return [['jwks', `or jwks_uri must be given with ${first}`]];
  if (first === undefined && given > 0)
    return [
      [
        client.jwks === undefined ? 'jwks_uri' : 'jwks',
        'has no use: nothing of this client is signed or encrypted',
      ],
    ];
  return [];
};

const certificateNames = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const;

/** RFC 8705 §2.1.2: exactly one name of the certificate. */
const certificateHasOneName: Rule = (client) => {
  const given = countOf(...certificateNames.map((name) => client[name]));
  const wanted = client.token_endpoint_auth_method === 'tls_client_auth' ? 1 : 0;
  if (given === wanted) return [];
  return [
    [
      'tls_client_auth_subject_dn',
      wanted === 1
        ? 'or one tls_client_auth_san_… must be given, and only one, with tls_client_auth'
        : 'and tls_client_auth_san_… have a use with token_endpoint_auth_method tls_client_auth only',
    ],
  ];
};

/** An API that only introspects has no redirect URI; everybody else signs people in. */
const redirectsUnlessItOnlyIntrospects: Rule = (client) =>
  client.redirect_uris.length === 0 && client.introspects.length === 0
    ? [['redirect_uris', 'must hold at least one address']]
    : [];

/** Without a secret, PKCE alone ties the code to the one who asked for it (RFC 9700 §2.1.1). */
const publicClientsUsePkce: Rule = (client) =>
  client.token_endpoint_auth_method === 'none' && client.pkce === 'optional'
    ? [['pkce', 'must be required for a client without secret']]
    : [];

const sectorIsKnown: Rule = (client) => {
  const hosts = new Set(client.redirect_uris.map((uri) => new URL(uri).host));
  return client.subject_type === 'pairwise' && hosts.size > 1 && client.sector_identifier === undefined
    ? [['sector_identifier', 'must be given: redirect_uris are on several hosts (OpenID Connect Core §8.1)']]
    : [];
};

const offlineAccessIsAsked: Rule = (client) =>
  client.refresh_token === 'offline_access' && !client.scope.split(' ').includes('offline_access')
    ? [['scope', 'must contain offline_access with refresh_token: offline_access']]
    : [];

/** An encrypted answer is signed first (OpenID Connect Core §16.14); how it is encrypted goes with that it is. */
const encryptionIsWhole: Rule = (client) =>
  encryptedResponses.flatMap((response): readonly Problem[] => {
    const alg = client[`${response}_encrypted_response_alg`];
    const enc = client[`${response}_encrypted_response_enc`];
    const signed = client[`${response}_signed_response_alg`];
    if (alg === undefined && enc !== undefined)
      return [
        [`${response}_encrypted_response_enc`, `has no use without ${response}_encrypted_response_alg`],
      ];
    if (alg !== undefined && signed === undefined)
      return [[`${response}_signed_response_alg`, `must be given with ${response}_encrypted_response_alg`]];
    return [];
  });

/** FAPI 2.0 Security Profile §5.3.2.1, §5.4.1. */
const fapiClientsAreStrict: Rule = (client) => {
  if (client.profile !== 'fapi2') return [];
  const problems: Problem[] = [];
  if (
    !['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'].includes(
      client.token_endpoint_auth_method,
    )
  )
    problems.push(['token_endpoint_auth_method', 'must be private_key_jwt or a certificate with fapi2']);
  if (!client.require_pushed_authorization_requests)
    problems.push(['require_pushed_authorization_requests', 'must be true with fapi2']);
  if (!client.dpop_bound_access_tokens && !client.tls_client_certificate_bound_access_tokens)
    problems.push(['dpop_bound_access_tokens', 'or tls_client_certificate_bound_access_tokens must be true']);
  if (client.pkce !== 'required') problems.push(['pkce', 'must be required with fapi2']);
  if (client.assertion_audience !== 'issuer')
    problems.push(['assertion_audience', 'must be issuer with fapi2']);
  const algorithms = [
    'id_token_signed_response_alg',
    'userinfo_signed_response_alg',
    'authorization_signed_response_alg',
    'introspection_signed_response_alg',
    'request_object_signing_alg',
    'token_endpoint_auth_signing_alg',
  ] as const;
  for (const field of algorithms) {
    const alg = client[field];
    if (alg !== undefined && !fapiSigningAlgorithms.includes(alg))
      problems.push([field, `must be one of ${fapiSigningAlgorithms.join(', ')} with fapi2`]);
  }
  return problems;
};

const rules: readonly Rule[] = [
  secretMatchesMethod,
  keysAreGivenWhereNeeded,
  certificateHasOneName,
  redirectsUnlessItOnlyIntrospects,
  publicClientsUsePkce,
  sectorIsKnown,
  offlineAccessIsAsked,
  encryptionIsWhole,
  fapiClientsAreStrict,
];

/** What no field of a client can know alone. */
export function clientProblems(client: WrittenClient): readonly Problem[] {
  return rules.flatMap((rule) => rule(client));
}
