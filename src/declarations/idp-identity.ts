import { z } from 'zod';
import { acrValues } from '../eligibility/eligibility.ts';
import { claimMapping } from './claim-mapping.ts';
import { setOf, siret } from './scalars.ts';

/** What a record says of the identities that its provider asserts: claims, levels, organizations. */

const acr = z.enum(acrValues, { error: `must be one of ${acrValues.join(', ')}` });
const word = z.string().regex(/^[\x21-\x7e]{1,64}$/, { error: 'must be one word' });

export const identityMembers = {
  /** Our claim → where it is read and how. A claim without a rule is read under its own name. */
  claims: claimMapping.optional(),
  acr: z
    .strictObject({
      /** Its value → ours. What is not here is worth the least. */
      values: z.record(z.string().min(1), acr).readonly(),
      /** The most that it can assert, whatever it says. */
      maximum: acr,
    })
    .readonly(),
  /** Claim of the ID token that holds its level; Entra ID has `acrs`, a list. Absent: `acr`. */
  acr_claim: z.enum(['acr', 'acrs']).optional(),
  /** How a level is asked for. Absent: `claims`, essential; `acr_values` for a provider that does not read that. */
  acr_parameter: z.enum(['claims', 'acr_values']).optional(),
  /** Its word for the level asked for when nobody wants one: FranceConnect answers no request without. */
  acr_always: word.optional(),
  amr: z
    .strictObject({
      /** Its word → ours: those that it may assert. What is not here is left out. */
      values: z.record(word, word).readonly(),
      /** Our word → the level that it earns, under the maximum of `acr`. */
      earns: z.record(word, acr).readonly().optional(),
    })
    .readonly()
    .optional(),
  /** False: it says who somebody is, never for whom they act, and vouches for no address. */
  gives_organization: z.literal(false, { error: 'must be false, or left out' }).optional(),
  /** For whom people act when it sends no SIRET. Alone: it may assert establishments of this SIREN, and no other. */
  default_siret: siret.optional(),
  /** What becomes of a SIRET that is none. Absent: refused. */
  invalid_siret: z.enum(['refuse', 'default']).optional(),
  /** The only establishments that it may assert. */
  sirets: setOf(siret).optional(),
  /** True: it may assert any establishment of France. Written out, because nothing else says so. */
  any_siret: z.literal(true, { error: 'must be true, or left out' }).optional(),
} as const;

interface Organizations {
  readonly sirets?: readonly string[] | undefined;
  readonly default_siret?: string | undefined;
  readonly invalid_siret?: string | undefined;
  readonly any_siret?: true | undefined;
  readonly gives_organization?: false | undefined;
  readonly domains: readonly string[];
  readonly amr?:
    | {
        readonly values: Readonly<Record<string, string>>;
        readonly earns?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

type Problem = readonly [field: string, message: string];

/** Which organizations a provider answers for is always written: a commune does not answer for its neighbor by omission. */
export function identityProblems(idp: Organizations): readonly Problem[] {
  return [
    ...(idp.gives_organization === false ? withoutOrganization(idp) : withOrganization(idp)),
    ...ofAmr(idp),
  ];
}

function withOrganization(idp: Organizations): readonly Problem[] {
  const { sirets, default_siret: usual, any_siret: any, domains } = idp;
  const problems: Problem[] = [];
  if (sirets === undefined && usual === undefined && any === undefined) {
    problems.push([
      'sirets',
      'must say which establishments it answers for; or default_siret, for those of one organization; or any_siret: true, if it may assert every one of them; or gives_organization: false',
    ]);
  }
  if (any !== undefined && sirets !== undefined) problems.push(['any_siret', 'contradicts sirets: keep one']);
  if (usual !== undefined && sirets !== undefined && !sirets.includes(usual))
    problems.push(['default_siret', 'must be one of sirets']);
  if (idp.invalid_siret === 'default' && usual === undefined)
    problems.push(['invalid_siret', 'needs default_siret']);
  if (domains.length === 0) problems.push(['domains', 'must hold at least one domain']);
  return problems;
}

function withoutOrganization(idp: Organizations): readonly Problem[] {
  const fields = ['sirets', 'default_siret', 'any_siret', 'invalid_siret'] as const;
  return [
    ...fields
      .filter((field) => idp[field] !== undefined)
      .map((field): Problem => [field, 'contradicts gives_organization: false']),
    ...(idp.claims !== undefined && Object.hasOwn(idp.claims, 'siret')
      ? [['claims', 'must have no rule for siret under gives_organization: false'] as const]
      : []),
  ];
}

function ofAmr({ amr }: Organizations): readonly Problem[] {
  const ours = new Set(Object.values(amr?.values ?? {}));
  return Object.keys(amr?.earns ?? {})
    .filter((earning) => !ours.has(earning))
    .map((earning): Problem => ['amr', `earns a level with "${earning}", which no value of it becomes`]);
}

/** Whether it may say that somebody acts for this establishment: what its record names, the establishments of the organization that it names, or any if it says so; never by silence. */
export function answersFor(
  {
    sirets,
    any_siret: any,
    default_siret: usual,
  }: Pick<Organizations, 'sirets' | 'any_siret' | 'default_siret'>,
  siret: string,
): boolean {
  if (sirets !== undefined) return sirets.includes(siret);
  return any === true || usual?.slice(0, 9) === siret.slice(0, 9);
}

/**
 * What the version before wrote without a word on establishments meant any of them; the next `apply` has it said. Until then
 * nobody is locked out by an update.
 */
export function formerlyAnySiret<T extends Organizations>(idp: T): T {
  const silent =
    idp.sirets === undefined &&
    idp.default_siret === undefined &&
    idp.any_siret === undefined &&
    idp.gives_organization === undefined;
  return silent ? { ...idp, any_siret: true } : idp;
}
