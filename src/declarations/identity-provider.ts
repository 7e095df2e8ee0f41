import { z } from 'zod';
import { isLoopback } from '../config/config.ts';
import { acrValues, linkLevels } from '../eligibility/eligibility.ts';
import { contact, domain, setOf, siret, slug, text } from './scalars.ts';

/** OpenID Connect Discovery §3: https, no query, no fragment. Compared letter by letter with what the IdP says of itself. */
const issuer = z.string().superRefine((value, context) => {
  const problem = issuerProblem(value);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

function issuerProblem(value: string): string | undefined {
  if (!URL.canParse(value)) return 'must be an absolute URL';
  const url = new URL(value);
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!secure) return 'must begin with https:// (http is for localhost only)';
  if (/[?#@\s]/.test(value)) return 'must not have a query, a fragment or a user name';
  return url.href === value || url.href === `${value}/` ? undefined : `must be written ${url.href}`;
}

/** Signatures that only the IdP can make. Never `none`, never a shared secret (OpenID Connect Core §3.1.3.7). */
const asymmetric = z.enum([
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

const acr = z.enum(acrValues, { error: `must be one of ${acrValues.join(', ')}` });

const scope = z
  .string()
  .refine(
    (value) =>
      value.split(' ').includes('openid') &&
      /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(value),
    {
      error: 'must contain openid; names are separated by one space',
    },
  );

const shape = {
  /** Part of the callback address that the IdP registered: it cannot change without it. */
  id: slug,
  name: text,
  issuer,
  client_id: z.string().min(1).max(255),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'none'])
    .default('client_secret_basic'),
  id_token_signed_response_alg: asymmetric.default('RS256'),
  /** Given: userinfo must be a JWT signed so. */
  userinfo_signed_response_alg: asymmetric.optional(),
  scope,
  /** The domains whose addresses it may assert, and whose people are sent to it. */
  domains: setOf(domain).refine((list) => list.length > 0, { error: 'must hold at least one domain' }),
  allow_subdomains: z.boolean().default(false),
  acr: z
    .strictObject({
      /** Its value → ours. What is not here is worth the least. */
      values: z.record(z.string().min(1), acr).readonly(),
      /** The most that it can assert, whatever it says. */
      maximum: acr,
    })
    .readonly(),
  /** For the IdP of one establishment that sends no SIRET. */
  default_siret: siret.optional(),
  /** The only establishments that it may assert; absent: any. */
  sirets: setOf(siret).optional(),
  organization_link: z.strictObject({ level: z.enum(linkLevels), method: slugWithUnderscores() }).readonly(),
  support: z.union(
    [
      z.strictObject({ name: text, url: contact }).readonly(),
      z.strictObject({ name: text, email: z.email() }).readonly(),
    ],
    {
      error: 'must be { name, url } or { name, email }',
    },
  ),
  enabled: z.boolean().default(true),
  /** False: who signs out here is not sent there, even when it has an end_session_endpoint. Absent: they are. */
  upstream_logout: z.boolean().optional(),
  /** Seconds that each request to it may take. */
  timeout_s: z.number().min(1).max(30).default(5),
} as const;

/** As it rests in the database: the secret is sealed. Unknown members are left out: a newer version may have written them. */
export const storedIdentityProviderSchema = z
  .object({ ...shape, client_secret_sealed: z.string().optional() })
  .readonly();

export type IdentityProvider = z.output<typeof storedIdentityProviderSchema>;

/** As it is written in a file. */
export const declaredIdentityProviderSchema = z
  .strictObject({
    ...shape,
    client_secret: z.string().min(8, { error: 'must be at least 8 characters' }).max(512).optional(),
  })
  .superRefine((idp, context) => {
    const issue = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if ((idp.token_endpoint_auth_method === 'none') !== (idp.client_secret === undefined)) {
      issue('client_secret', 'must be given, unless token_endpoint_auth_method is none');
    }
    if (
      idp.default_siret !== undefined &&
      idp.sirets !== undefined &&
      !idp.sirets.includes(idp.default_siret)
    ) {
      issue('default_siret', 'must be one of sirets');
    }
  })
  .readonly();

export type DeclaredIdentityProvider = z.output<typeof declaredIdentityProviderSchema>;

function slugWithUnderscores() {
  return z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be lower-case letters, digits and underscores' });
}
