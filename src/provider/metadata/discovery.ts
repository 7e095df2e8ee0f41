import { organizationTypes } from '../../organizations/organizations.ts';

type Metadata = Readonly<Record<string, unknown>>;

/**
 * What the discovery document says beside what the library knows (OpenID Connect Discovery §3, RFC 8414 §2).
 *
 * @param issuer without a trailing slash
 * @param dynamicRegistration whether tools may register themselves
 */
export const discoveryExtension = (issuer: string, dynamicRegistration: boolean) => ({
  // An extension (domain reference §6.3): the closed list that `organization_type` is taken from.
  organization_types_supported: [...organizationTypes],
  // Initiating User Registration via OpenID Connect §4; `select_organization` is ProConnect's.
  prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'select_organization'],
  // One page fits them all: it needs 320 pixels, no script, no hover.
  display_values_supported: ['page', 'popup', 'touch'],
  ui_locales_supported: ['fr', 'en'],
  service_documentation: `${issuer}/aide`,
  op_policy_uri: `${issuer}/donnees-personnelles`,
  op_tos_uri: `${issuer}/mentions-legales`,
  // Served by dynamic-clients/.
  ...(dynamicRegistration ? { registration_endpoint: `${issuer}/register` } : {}),
});

/**
 * The document as it leaves: says of the endpoints beside `/token` how clients authenticate there, which the library
 * leaves to the defaults of RFC 8414 §2, and leaves out what has no element (RFC 8414 §3.2).
 *
 * @param metadata what the library answers
 */
export function completeMetadata(metadata: Metadata): Metadata {
  const methods = strings(metadata['token_endpoint_auth_methods_supported']);
  const algorithms = metadata['token_endpoint_auth_signing_alg_values_supported'];
  const of = (endpoint: 'introspection' | 'revocation', accepted: readonly string[]): Metadata =>
    metadata[`${endpoint}_endpoint`] === undefined
      ? {}
      : {
          [`${endpoint}_endpoint_auth_methods_supported`]: accepted,
          [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: algorithms,
        };
  const complete: Metadata = {
    ...metadata,
    // Who asks what a token is worth has to say who they are (RFC 7662 §2.1); who gives one up need not (RFC 7009 §2.1).
    ...of(
      'introspection',
      methods.filter((method) => method !== 'none'),
    ),
    ...of('revocation', methods),
  };
  return Object.fromEntries(
    Object.entries(complete).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  );
}

const strings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
