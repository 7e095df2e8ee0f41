import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isLoopback } from '../config/config.ts';
import { contentEncryptionAlg, keyManagementAlg, signingAlg } from './client-algorithms.ts';
import { certificateName } from './client-certificate.ts';
import { clientJwks, serverUri } from './client-keys.ts';
import { clientProblems } from './client-problems.ts';
import { profiles, withProfileDefaults } from './client-profile.ts';
import { clientScope } from './scope.ts';
import { page, setOf, slug, text } from './scalars.ts';
import { redirectUriProblem } from './redirect-uri.ts';

const redirectUri = z.string().superRefine((uri, context) => {
  const problem = redirectUriProblem(uri);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** Exactly what browsers send in `Origin` (RFC 6454 §6.2). */
const origin = z.string().refine(
  (value) => {
    if (!URL.canParse(value)) return false;
    const url = new URL(value);
    return (
      url.origin === value &&
      (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
    );
  },
  { error: 'must be an origin, like https://tool.example' },
);

const secretHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, { error: 'must be a SHA-256 in lower-case hexadecimal' })
  .optional();

/** 43 characters of base64url hold 256 random bits: a plain SHA-256 is then as good as the secret (RFC 9700 §2.5). */
const secret = z
  .string()
  .min(43, { error: 'must be at least 43 characters: the output of `maillon secret`' })
  .regex(/^[\x20-\x7e]*$/, { error: 'must be printable ASCII (RFC 6749, appendix A.2)' })
  .max(512)
  .optional();

const authenticationMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
] as const;

/** Names and meanings of RFC 7591 §2 and of the specification behind each, unless said otherwise. */
const shape = {
  client_id: slug,
  /** Ours. Id of the service whose policy decides. */
  service: slug,
  /** Ours. What the fields that are not said default to (client-profile.ts). */
  profile: z.enum(profiles).default('standard'),
  /** Ours. `gate`: the refused never reach the tool. `claims`: the tool is told, and enforces by itself. */
  enforcement: z.enum(['gate', 'claims']).default('gate'),
  client_name: text.optional(),
  /** `native`: loopback redirect URIs match whatever their port (RFC 8252 §7.3). */
  application_type: z.enum(['web', 'native']).default('web'),

  /** Ours. Lower-case hexadecimal; the former secret serves beside the new one while the tool changes. */
  client_secret_sha256: secretHash,
  former_client_secret_sha256: secretHash,
  token_endpoint_auth_method: z.enum(authenticationMethods).default('client_secret_basic'),
  token_endpoint_auth_signing_alg: signingAlg.optional(),
  /** Ours. What an assertion may name: the issuer, or also the endpoint that it is sent to, for older tools. */
  assertion_audience: z.enum(['issuer', 'endpoint']).default('issuer'),
  jwks: clientJwks.optional(),
  jwks_uri: serverUri.optional(),
  ...certificateName,

  redirect_uris: setOf(redirectUri).default([]),
  post_logout_redirect_uris: setOf(redirectUri).default([]),
  backchannel_logout_uri: serverUri.optional(),
  backchannel_logout_session_required: z.boolean().default(true),
  initiate_login_uri: page.optional(),
  scope: clientScope,
  /** Absent: all of them. */
  response_modes: setOf(z.enum(['query', 'form_post', 'jwt', 'query.jwt', 'form_post.jwt'])).optional(),
  default_max_age: z.int().nonnegative().optional(),
  require_auth_time: z.boolean().default(false),
  pkce: z.enum(['required', 'optional']).default('required'),
  require_pushed_authorization_requests: z.boolean().default(false),
  require_signed_request_object: z.boolean().default(false),
  request_object_signing_alg: signingAlg.optional(),
  /** Ours. ProConnect's checks: `state` and `nonce` of 32 characters at least, no parameter that it does not know. */
  strict: z.boolean().default(false),

  id_token_signed_response_alg: signingAlg.default('ES256'),
  id_token_encrypted_response_alg: keyManagementAlg.optional(),
  id_token_encrypted_response_enc: contentEncryptionAlg.optional(),
  /** Absent: userinfo is JSON. */
  userinfo_signed_response_alg: signingAlg.optional(),
  userinfo_encrypted_response_alg: keyManagementAlg.optional(),
  userinfo_encrypted_response_enc: contentEncryptionAlg.optional(),
  authorization_signed_response_alg: signingAlg.optional(),
  authorization_encrypted_response_alg: keyManagementAlg.optional(),
  authorization_encrypted_response_enc: contentEncryptionAlg.optional(),
  introspection_signed_response_alg: signingAlg.optional(),
  introspection_encrypted_response_alg: keyManagementAlg.optional(),
  introspection_encrypted_response_enc: contentEncryptionAlg.optional(),

  subject_type: z.enum(['pairwise', 'public']).default('pairwise'),
  /** Ours. Clients that share it share their `sub` (OpenID Connect Core §8.1): a host name. Default: the client's own. */
  sector_identifier: z
    .string()
    .regex(/^[a-z0-9.-]{1,253}$/, { error: 'must be a host name' })
    .optional(),
  /** Ours. */
  claims_in_id_token: z.boolean().default(false),
  /** Ours. `roles` also carries type and eligibility, for tools that can only test a flat list. */
  extended_roles: z.boolean().default(false),

  /** Ours. */
  refresh_token: z.enum(['never', 'offline_access', 'always']).default('never'),
  dpop_bound_access_tokens: z.boolean().default(false),
  tls_client_certificate_bound_access_tokens: z.boolean().default(false),
  /** Ours. Clients whose access tokens this one, an API, may introspect (RFC 7662 §2.1); its own always. */
  introspects: setOf(slug).default([]),
  cors_origins: setOf(origin).default([]),
  home_url: page.optional(),
} as const;

/** As it rests in the database. Unknown members are left out: a newer version may have written them. */
export const storedClientSchema = z.object(shape).readonly();

export type Client = z.output<typeof storedClientSchema>;

const writtenClientSchema = z
  .strictObject({ ...shape, client_secret: secret, former_client_secret: secret })
  .superRefine((client, context) => {
    for (const [field, message] of clientProblems(client)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .transform(({ client_secret: current, former_client_secret: former, ...client }): Client =>
    Object.freeze({
      ...client,
      ...(current === undefined ? {} : { client_secret_sha256: sha256(current) }),
      ...(former === undefined ? {} : { former_client_secret_sha256: sha256(former) }),
    }),
  );

/** As it is written in a file. */
export const declaredClientSchema = z.preprocess(withProfileDefaults, writtenClientSchema);

const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');
