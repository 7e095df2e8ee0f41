import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isLoopback } from '../config/config.ts';
import { clientScope } from './scope.ts';
import { page, setOf, slug } from './scalars.ts';
import { redirectUriProblem } from './redirect-uri.ts';

const signingAlg = z.enum(['ES256', 'RS256']);

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

/** Public halves only: a private member in a file that many can read would no longer be private (RFC 7517 §9.2). */
const publicJwk = z
  .strictObject({
    kty: z.enum(['EC', 'RSA', 'OKP'], { error: 'must be EC, RSA or OKP' }),
    kid: z.string().min(1),
    use: z.literal('sig').optional(),
    alg: z.enum(['ES256', 'RS256', 'PS256', 'EdDSA']).optional(),
    crv: z.string().optional(),
    x: z.string().optional(),
    y: z.string().optional(),
    n: z.string().optional(),
    e: z.string().optional(),
  })
  .readonly();

const shape = {
  client_id: slug,
  /** Id of the service whose policy decides. */
  service: slug,
  /** `gate`: the refused never reach the tool. `claims`: the tool is told, and enforces by itself. */
  enforcement: z.enum(['gate', 'claims']).default('gate'),
  /** Lower-case hexadecimal. */
  client_secret_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'must be a SHA-256 in lower-case hexadecimal' })
    .optional(),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'none', 'private_key_jwt'])
    .default('client_secret_basic'),
  jwks: z
    .strictObject({ keys: z.array(publicJwk).min(1).readonly() })
    .readonly()
    .optional(),
  redirect_uris: setOf(redirectUri).refine((uris) => uris.length > 0, {
    error: 'must hold at least one address',
  }),
  post_logout_redirect_uris: setOf(redirectUri).default([]),
  scope: clientScope,
  id_token_signed_response_alg: signingAlg.default('ES256'),
  /** Absent: userinfo is JSON. */
  userinfo_signed_response_alg: signingAlg.optional(),
  subject_type: z.enum(['pairwise', 'public']).default('pairwise'),
  /** Clients that share it share their `sub` (OpenID Connect Core §8.1): a host name. Default: the client's own. */
  sector_identifier: z
    .string()
    .regex(/^[a-z0-9.-]{1,253}$/, { error: 'must be a host name' })
    .optional(),
  claims_in_id_token: z.boolean().default(false),
  /** `roles` also carries type and eligibility, for tools that can only test a flat list. */
  extended_roles: z.boolean().default(false),
  pkce: z.enum(['required', 'optional']).default('required'),
  refresh_token: z.enum(['never', 'offline_access', 'always']).default('never'),
  cors_origins: setOf(origin).default([]),
  home_url: page.optional(),
} as const;

/** As it rests in the database. Unknown members are left out: a newer version may have written them. */
export const storedClientSchema = z.object(shape).readonly();

export type Client = z.output<typeof storedClientSchema>;

/** As it is written in a file. */
export const declaredClientSchema = z
  .strictObject({
    ...shape,
    /** 32 characters: our clients' secrets are kept as a plain SHA-256, which only long random ones resist. */
    client_secret: z.string().min(32, { error: 'must be at least 32 characters' }).max(512).optional(),
  })
  .superRefine((client, context) => {
    for (const [field, message] of clientProblems(client)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .transform(({ client_secret: secret, ...client }): Client =>
    Object.freeze(secret === undefined ? client : { ...client, client_secret_sha256: sha256(secret) }),
  );

function clientProblems(
  client: Client & { readonly client_secret?: string | undefined },
): readonly (readonly [string, string])[] {
  const problems: (readonly [string, string])[] = [];
  const method = client.token_endpoint_auth_method;
  const secrets = [client.client_secret, client.client_secret_sha256].filter(
    (secret) => secret !== undefined,
  ).length;
  const symmetric = method === 'client_secret_basic' || method === 'client_secret_post';
  if (symmetric && secrets !== 1) {
    problems.push([
      'client_secret',
      'or client_secret_sha256 must be given, and not both, for this token_endpoint_auth_method',
    ]);
  }
  if (!symmetric && secrets > 0)
    problems.push(['client_secret', `has no use with token_endpoint_auth_method ${method}`]);
  if ((method === 'private_key_jwt') !== (client.jwks !== undefined)) {
    problems.push(['jwks', 'must be given with token_endpoint_auth_method private_key_jwt, and only then']);
  }
  // Without a secret, PKCE alone ties the code to the one who asked for it (RFC 9700 §2.1.1).
  if (method === 'none' && client.pkce === 'optional')
    problems.push(['pkce', 'must be required for a client without secret']);
  const hosts = new Set(client.redirect_uris.map((uri) => new URL(uri).host));
  if (client.subject_type === 'pairwise' && hosts.size > 1 && client.sector_identifier === undefined) {
    problems.push([
      'sector_identifier',
      'must be given: redirect_uris are on several hosts (OpenID Connect Core §8.1)',
    ]);
  }
  const asksOffline = client.scope.split(' ').includes('offline_access');
  if (client.refresh_token === 'offline_access' && !asksOffline) {
    problems.push(['scope', 'must contain offline_access with refresh_token: offline_access']);
  }
  return problems;
}

const sha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex');
