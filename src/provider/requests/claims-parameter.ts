import { errors } from 'oidc-provider';
import { z } from 'zod';

/** A request is a few hundred characters long; what is longer or deeper is no request (OpenID Connect Core §5.5). */
const limits = { length: 8192, claims: 100, values: 50, depth: 5 } as const;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** OpenID Connect Core §5.5.1: null, or an object whose members we know; others are ignored. */
const claimRequest = (value: z.ZodType) =>
  z
    .looseObject({
      essential: z.boolean().optional(),
      value: value.optional(),
      values: z.array(value).min(1).max(limits.values).optional(),
    })
    .nullable();

const requested = z
  .looseObject({
    acr: claimRequest(z.string()).optional(),
    sub: claimRequest(z.string()).optional(),
    organization_category: claimRequest(z.string()).optional(),
    organization_type: claimRequest(z.string()).optional(),
  })
  .catchall(claimRequest(scalar))
  .refine((claims) => Object.keys(claims).length <= limits.claims)
  .optional();

const claimsSchema = z.object({ id_token: requested, userinfo: requested });

/** `assertClaimsParameter` of the library: a wish that we cannot read would be a wish that we do not heed. */
export function assertClaimsParameter(claims: unknown, written: unknown): void {
  if (typeof written === 'string' && written.length > limits.length) {
    throw new errors.InvalidRequest(`claims is longer than ${limits.length} characters`);
  }
  if (isDeeperThan(claims, limits.depth)) throw new errors.InvalidRequest('claims is nested too deeply');
  const { error } = claimsSchema.safeParse(claims);
  if (error === undefined) return;
  const [issue] = error.issues;
  // Names that the request chose are not repeated: RFC 6749 §4.1.2.1 allows few characters.
  const where = (issue?.path ?? []).map(String).filter((name) => /^[\w-]{1,64}$/.test(name));
  throw new errors.InvalidRequest(`invalid ${['claims', ...where].join('.')}`);
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeperThan(member, depth - 1));
}

/** What the request asks of one claim, in the ID token and at userinfo; checked before, so that reading it cannot fail. */
export function claimWishes(
  params: Readonly<Record<string, unknown>> | undefined,
  name: 'acr' | 'sub' | 'organization_category' | 'organization_type',
  places: readonly ('id_token' | 'userinfo')[],
): readonly { readonly essential: boolean; readonly values: readonly string[] }[] {
  const claims = params?.['claims'];
  if (typeof claims !== 'string') return [];
  const parsed = wishSchema.safeParse(JSON.parse(claims));
  return places.flatMap((place) => {
    const wish = parsed.data?.[place]?.[name];
    if (wish === undefined || wish === null) return [];
    const { essential = false, value, values = value === undefined ? [] : [value] } = wish;
    return [{ essential, values }];
  });
}

const wish = z
  .object({
    essential: z.boolean().optional(),
    value: z.string().optional(),
    values: z.array(z.string()).optional(),
  })
  .nullish();
const wishes = z
  .object({ acr: wish, sub: wish, organization_category: wish, organization_type: wish })
  .nullish();
const wishSchema = z.object({ id_token: wishes, userinfo: wishes });
