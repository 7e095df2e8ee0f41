import { z } from 'zod';
import { isLoopback } from '../config/config.ts';
import { linkLevels } from '../eligibility/eligibility.ts';
import { choiceMembers, choiceProblems } from './idp-choice.ts';
import { formerlyAnySiret, identityMembers, identityProblems } from './idp-identity.ts';
import { protocolMembers, protocolProblems } from './idp-protocol.ts';
import { serviceMembers } from './idp-service.ts';
import { fromStoredForm } from './idp-stored-form.ts';
import { contact, domain, setOf, slug, text } from './scalars.ts';

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
  // Whoever has a Microsoft account could sign in: these speak for all tenants, and for nobody. The number is that of consumers.
  if (
    /^https:\/\/login\.microsoftonline\.com\/(?:common|organizations|consumers|9188040d-6c67-4c5b-b112-36a304b66dad)(?:\/|$)/i.test(
      value,
    )
  )
    return 'must name one tenant of Entra ID, by its number';
  return url.href === value || url.href === `${value}/` ? undefined : `must be written ${url.href}`;
}

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
  ...protocolMembers,
  scope,
  /** The domains whose addresses it may assert, and whose people are sent to it. */
  domains: setOf(domain),
  allow_subdomains: z.boolean().default(false),
  ...choiceMembers,
  ...identityMembers,
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
  ...serviceMembers,
  enabled: z.boolean().default(true),
  /** False: who signs out here is not sent there, even when it has an end_session_endpoint. Absent: they are. */
  upstream_logout: z.boolean().optional(),
  /** True: it may tell us who signed out there (OpenID Connect Back-Channel Logout 1.0), and their sessions here end. */
  back_channel_logout: z.boolean().optional(),
  /** Seconds that each request to it may take. */
  timeout_s: z.number().min(1).max(30).default(5),
} as const;

/** What a record may hold, the secret aside: docs/identity-providers/README.md says what each is for. */
export const identityProviderMembers = Object.keys(shape);

/** As it rests in the database: the secret is sealed. Unknown members are left out: a newer version may have written them. */
export const storedIdentityProviderSchema = z
  .record(z.string(), z.unknown())
  .transform(fromStoredForm)
  .pipe(z.object({ ...shape, client_secret_sealed: z.string().optional() }))
  .transform(formerlyAnySiret)
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
    protocolProblems(idp, issue);
    for (const [field, message] of [...identityProblems(idp), ...choiceProblems(idp)]) issue(field, message);
  })
  .readonly();

export type DeclaredIdentityProvider = z.output<typeof declaredIdentityProviderSchema>;

function slugWithUnderscores() {
  return z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be lower-case letters, digits and underscores' });
}
