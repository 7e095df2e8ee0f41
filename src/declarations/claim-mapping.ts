import { z } from 'zod';

/**
 * How claims of an identity provider become ours, rule by rule. A closed vocabulary without expressions: what a record can
 * say, a person can read, and nothing of it can run for long or reach what the protocol itself asserts.
 */

/** OpenID Connect Core §5.1: behind the scope `profile`, and passed on as they are asserted. */
export const profileClaims = [
  'middle_name',
  'nickname',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'updated_at',
] as const;
/** The same, behind `phone`. */
export const phoneClaims = ['phone_number', 'phone_number_verified'] as const;
/** Behind scopes of their own, as with ProConnect. */
export const agentClaims = [
  'uid',
  'organizational_unit',
  'belonging_population',
  'chorusdt:matricule',
  'chorusdt:societe',
] as const;

/**
 * All that is read of a person under its own name, and may be filled by a rule: what tools may get of them, and the
 * establishment. Never what the protocol or we decide.
 */
export const mappableClaims = [
  ...['given_name', 'usual_name', 'email', 'email_verified', 'siret'],
  ...agentClaims,
  ...phoneClaims,
  ...profileClaims,
] as const;

/** Before the name of a claim that we pass on without knowing it. */
export const customPrefix = 'custom.';

/** What a protocol says about a token, an authentication or a session. */
export const protocolClaims: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'sid', 'auth_time', 'client_id'],
  ...['at_hash', 'c_hash', 's_hash', 'acr', 'amr', 'acrs', 'cnf', 'act', 'scope', 'events'],
]);

/**
 * Words that mean something to a tool when we say them: nobody may say them in our place (CVE-2024-29892). Those of
 * `mappableClaims` are not among them.
 */
const reservedClaims: ReadonlySet<string> = new Set([
  ...protocolClaims,
  ...['idp_id', 'idp_acr', 'siren', 'roles', 'groups', 'org_type', 'is_public_service', 'guest'],
  ...[
    'eligibility',
    'eligible',
    'entitlements',
    'custom',
    'name',
    'family_name',
    'preferred_username',
    'address',
  ],
]);

/** Whatever is said of an organization under this prefix, we say. */
const ofOrganizations = 'organization_';

/** Letter case aside: a tool that does not look at it must not be misled. */
export function isReservedClaim(name: string): boolean {
  const lower = name.toLowerCase();
  return reservedClaims.has(lower) || lower.startsWith(ofOrganizations);
}

const mostRules = 40;

const name = z.string().regex(/^[\x21-\x7e]{1,128}$/, { error: 'must be the name of a claim' });
const value = z.union([z.string().min(1).max(256), z.boolean()], { error: 'must be text, true or false' });

/** One value of a list: by its place, by how it begins, or the member of an object that another member designates. */
const pick = z.union(
  [
    z.int().min(0).max(99),
    z.literal('last'),
    z.strictObject({ starts_with: z.string().min(1).max(64) }).readonly(),
    z.strictObject({ where: name, is: value, take: name }).readonly(),
  ],
  { error: 'must be a place (0 is the first), last, { starts_with } or { where, is, take }' },
);

/** Of a text in parts, empty ones left out. `upper_case`: the words in capital letters, as in “DE LA TOUR Anne”. */
const split = z
  .strictObject({
    on: z.string().min(1).max(8),
    keep: z.union(
      [
        z.int().min(0).max(15),
        z.enum(['last', 'all_but_first', 'all_but_last', 'upper_case', 'not_upper_case']),
      ],
      {
        error:
          'must be a place (0 is the first), last, all_but_first, all_but_last, upper_case or not_upper_case',
      },
    ),
  })
  .readonly();

const rule = z.discriminatedUnion(
  'from',
  [
    z
      .strictObject({
        /** Which of the two answers says it: never “whichever has it”. */
        from: z.enum(['id_token', 'userinfo']),
        /** Its name there, or the way to it through objects. */
        claim: z.union([name, z.array(name).min(1).max(4).readonly()], {
          error: 'must be the name of a claim, or a list of at most four names',
        }),
        pick: pick.optional(),
        split: split.optional(),
        lower_case: z.enum(['domain', 'all']).optional(),
        /** When nothing is there. */
        default: value.optional(),
      })
      .readonly(),
    z.strictObject({ from: z.literal('constant'), value }).readonly(),
  ],
  { error: 'must say from where: from: id_token, from: userinfo, or from: constant' },
);

export type ClaimRule = z.output<typeof rule>;
type Rules = Readonly<Record<string, ClaimRule>>;

export const claimMapping = z
  .record(z.string(), rule)
  .superRefine((rules, context) => {
    const issue = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if (Object.keys(rules).length > mostRules) issue([], `must hold at most ${mostRules} rules`);
    for (const target of Object.keys(rules)) {
      const problem = targetProblem(target);
      if (problem !== undefined) issue([target], problem);
    }
    for (const [target, problem] of valueProblems(rules)) issue([target], problem);
  })
  .readonly();

export type ClaimMapping = z.output<typeof claimMapping>;

function targetProblem(target: string): string | undefined {
  if (mappable.has(target)) return undefined;
  const custom = target.startsWith(customPrefix) ? target.slice(customPrefix.length) : undefined;
  const meant = custom ?? target;
  if (isReservedClaim(meant)) return `is ours to say: no rule may fill "${meant}"`;
  if (custom === undefined)
    return `is not a claim that we know: write ${customPrefix}${target} to pass it on as it is`;
  if (mappable.has(custom.toLowerCase())) return `has a name of its own: write ${custom.toLowerCase()}`;
  return customName.test(custom) ? undefined : 'must be letters, digits and _ : . - after custom.';
}

const mappable: ReadonlySet<string> = new Set(mappableClaims);

/** How a claim is named that travels in `custom`. */
export const customName = /^[A-Za-z][\w:.-]{0,63}$/;

/** What the same for everybody cannot be, and which two belong together. */
function* valueProblems(rules: Rules): Generator<readonly [string, string]> {
  const always = (one: ClaimRule) => (one.from === 'constant' ? one.value : one.default);
  for (const target of ['email', 'given_name', 'usual_name', 'uid']) {
    const found = rules[target];
    if (found !== undefined && always(found) !== undefined)
      yield [target, 'cannot be the same for everybody: no constant, no default'];
  }
  const { siret, email, email_verified: verified } = rules;
  if (siret !== undefined && always(siret) !== undefined) {
    yield ['siret', 'has no constant and no default here: default_siret says it for the whole record'];
  }
  if (email !== undefined && email.from !== 'constant' && email.lower_case === 'all')
    yield ['email', 'has only its domain in lower case: two mailboxes may differ by letters before the @'];
  if (verified !== undefined && verified.from !== 'constant') {
    // CVE-2026-14781: an address from one answer, and from the other that it is verified.
    if (email?.from !== verified.from)
      yield ['email_verified', `must come with the address: fill email from ${verified.from} too`];
  }
  if (verified !== undefined && (always(verified) ?? false) !== false) {
    yield ['email_verified', 'can only be false when the identity provider does not say it'];
  }
}
