import { z } from 'zod';
import { contentEncryptionAlg, signingAlg } from './client-algorithms.ts';
import { page } from './scalars.ts';

/** Signatures that only the IdP can make. Never `none`, never a shared secret (OpenID Connect Core §3.1.3.7). */
export const asymmetric = z.enum([
  'ES256',
  'RS256',
  'PS256',
  'EdDSA',
  'Ed25519',
  'ES384',
  'ES512',
  'RS384',
  'RS512',
  'PS384',
  'PS512',
]);

/**
 * How an IdP may encrypt to us: we publish a key for each. No RSA1_5, no SHA-1, no PBES2, no direct secret
 * (CVE-2022-36083).
 */
export const decryptionAlgorithms = ['ECDH-ES', 'RSA-OAEP-256'] as const;
export type DecryptionAlgorithm = (typeof decryptionAlgorithms)[number];
const decryptionAlg = z.enum(decryptionAlgorithms);

const endpoint = page.refine((value) => !value.includes('#'), { error: 'must not have a fragment' });

/** For an IdP without discovery: what its discovery document would say (OpenID Connect Discovery §3). */
const metadata = z
  .strictObject({
    authorization_endpoint: endpoint,
    token_endpoint: endpoint,
    jwks_uri: endpoint,
    userinfo_endpoint: endpoint.optional(),
    end_session_endpoint: endpoint.optional(),
    pushed_authorization_request_endpoint: endpoint.optional(),
    authorization_response_iss_parameter_supported: z.boolean().optional(),
    claims_parameter_supported: z.boolean().optional(),
  })
  .readonly();

/** What the broker says itself in an authorization request, and what would be an answer or a credential. */
const ownParameters: ReadonlySet<string> = new Set([
  'acr_values',
  'claims',
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code',
  'code_challenge',
  'code_challenge_method',
  'grant_type',
  'id_token_hint',
  'iss',
  'login_hint',
  'max_age',
  'nonce',
  'prompt',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
  'ui_locales',
]);

const authorizationParameters = z
  .record(
    z.string(),
    z.string().regex(/^[\x20-\x7e]{1,500}$/, { error: 'must be 1 to 500 ASCII characters' }),
  )
  .superRefine((parameters, context) => {
    for (const name of Object.keys(parameters)) {
      const problem = parameterProblem(name);
      if (problem !== undefined) context.addIssue({ code: 'custom', path: [name], message: problem });
    }
  })
  .readonly();

function parameterProblem(name: string): string | undefined {
  if (ownParameters.has(name)) return 'is a parameter that Maillon sets itself';
  return /^[A-Za-z][\w.-]{0,63}$/.test(name) ? undefined : 'is no name of a parameter';
}

/** How one talks to it. Absent means what OpenID Connect Dynamic Client Registration §2 says of it. */
export const protocolMembers = {
  /** Absent: its discovery document is read. */
  metadata: metadata.optional(),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'])
    .default('client_secret_basic'),
  /** Of our assertion, with `private_key_jwt` (RFC 7523); absent: ES256. */
  token_endpoint_auth_signing_alg: signingAlg.optional(),
  id_token_signed_response_alg: asymmetric.default('RS256'),
  /** Given: its ID tokens are encrypted to us, and a plain one is refused. */
  id_token_encrypted_response_alg: decryptionAlg.optional(),
  id_token_encrypted_response_enc: contentEncryptionAlg.optional(),
  /** Given: userinfo must be a JWT signed so. */
  userinfo_signed_response_alg: asymmetric.optional(),
  userinfo_encrypted_response_alg: decryptionAlg.optional(),
  userinfo_encrypted_response_enc: contentEncryptionAlg.optional(),
  /** True: requests are pushed (RFC 9126) even when its metadata do not demand it. */
  require_pushed_authorization_requests: z.boolean().optional(),
  /** How its answer comes back; absent: in the query. */
  response_mode: z.enum(['query', 'form_post']).optional(),
  /** Sent beside our own: `kc_idp_hint`, `domain_hint`… */
  authorization_parameters: authorizationParameters.optional(),
  /** False: the `claims` parameter (OpenID Connect Core §5.5) is never sent. Absent: when it reads it, or has to. */
  claims_parameter: z.boolean().optional(),
  /** True: it may live at private addresses, of its own network and ours. Never at those of the machine itself. */
  private_addresses: z.boolean().optional(),
} as const;

/** What no member can know alone. */
export function protocolProblems(
  idp: z.output<z.ZodObject<typeof protocolMembers>> & { readonly client_secret?: string | undefined },
  issue: (field: string, message: string) => void,
): void {
  const method = idp.token_endpoint_auth_method;
  if (
    (method === 'client_secret_basic' || method === 'client_secret_post') !==
    (idp.client_secret !== undefined)
  )
    issue('client_secret', 'must be given, unless token_endpoint_auth_method is private_key_jwt or none');
  if (idp.token_endpoint_auth_signing_alg !== undefined && method !== 'private_key_jwt')
    issue('token_endpoint_auth_signing_alg', 'has no use without private_key_jwt');
  for (const answer of ['id_token', 'userinfo'] as const) {
    const alg = idp[`${answer}_encrypted_response_alg`];
    const enc = idp[`${answer}_encrypted_response_enc`];
    if ((alg === undefined) !== (enc === undefined))
      issue(
        `${answer}_encrypted_response_enc`,
        `must be given with ${answer}_encrypted_response_alg, and only then`,
      );
  }
  // OpenID Connect Core §16.14: signed, then encrypted. Our key is public: anybody can encrypt to us.
  if (idp.userinfo_encrypted_response_alg !== undefined && idp.userinfo_signed_response_alg === undefined)
    issue('userinfo_signed_response_alg', 'must be given: what is encrypted has to be signed too');
  if (
    idp.require_pushed_authorization_requests === true &&
    idp.metadata !== undefined &&
    idp.metadata.pushed_authorization_request_endpoint === undefined
  )
    issue('metadata', 'must have pushed_authorization_request_endpoint, since requests must be pushed');
}

/** With which keys of ours records want answers encrypted. */
export const decryptionAlgorithmsOf = (
  idps: Iterable<{
    readonly [answer in 'id_token' | 'userinfo' as `${answer}_encrypted_response_alg`]?:
      DecryptionAlgorithm | undefined;
  }>,
): readonly DecryptionAlgorithm[] => {
  const wanted = new Set(
    [...idps].flatMap((idp) => [idp.id_token_encrypted_response_alg, idp.userinfo_encrypted_response_alg]),
  );
  return decryptionAlgorithms.filter((alg) => wanted.has(alg));
};
