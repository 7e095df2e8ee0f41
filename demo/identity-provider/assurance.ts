import { errors, interactionPolicy } from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import type { DemoPerson } from '../people.ts';

/** What a request says about the level of the sign-in. */
export interface WantedAssurance {
  /** `claims.id_token.acr`, essential: a sign-in below these is of no use to the client (OpenID Connect Core §5.5.1.1). */
  readonly essential: readonly string[];
  /** `acr_values` and non-essential claims: a wish, in order of preference (OpenID Connect Core §3.1.2.1). */
  readonly wished: readonly string[];
}

const claimsParameter = z.looseObject({
  id_token: z
    .looseObject({
      acr: z
        .looseObject({
          essential: z.boolean().optional(),
          value: z.string().optional(),
          values: z.array(z.string()).optional(),
        })
        .nullish(),
    })
    .nullish(),
});

const parsedClaims = (claims: unknown): z.infer<typeof claimsParameter> => {
  if (typeof claims !== 'string') return {};
  try {
    return claimsParameter.safeParse(JSON.parse(claims)).data ?? {};
  } catch {
    return {};
  }
};

/** Reads the request itself: the library lets `acr_values` overwrite an essential `acr` claim. */
export const wantedAssurance = (params: Readonly<Record<string, unknown>>): WantedAssurance => {
  const acr = parsedClaims(params['claims']).id_token?.acr;
  const named = acr?.values ?? (acr?.value === undefined ? [] : [acr.value]);
  const values = params['acr_values'];
  const wished = typeof values === 'string' ? values.split(' ').filter((value) => value !== '') : [];
  return acr?.essential === true
    ? { essential: named, wished }
    : { essential: [], wished: [...wished, ...named] };
};

/** The level this person reaches now: what is essential first, then the first wish that is possible, else the usual one. */
export const reachedAcr = (person: DemoPerson, wanted: WantedAssurance): string => {
  const possible = [person.acr, person.strongAcr].filter((acr) => acr !== undefined);
  const asked = wanted.essential.length > 0 ? wanted.essential : wanted.wished;
  return asked.find((acr) => possible.includes(acr)) ?? person.acr;
};

/** Authentication methods (RFC 8176 §2) that the demo pretends to have used for this level. */
export const methodsOf = (acr: string): string[] => (acr.endsWith('-mfa') ? ['pwd', 'otp', 'mfa'] : ['pwd']);

const missesEssential = (ctx: KoaContextWithOIDC): boolean => {
  const { essential } = wantedAssurance(ctx.oidc.params ?? {});
  const reached: string | undefined = ctx.oidc.session?.acr;
  if (essential.length === 0 || (reached !== undefined && essential.includes(reached))) return false;
  // The person has just signed in and cannot do better: asking again would loop for ever.
  if (ctx.oidc.result?.login !== undefined) {
    throw new errors.UnmetAuthenticationRequirements('none of the requested ACRs could be obtained');
  }
  return true;
};

/** Replaces the library's two checks of essential levels, which loop when the level cannot be reached. */
export const essentialAcrCheck = (): interactionPolicy.Check =>
  new interactionPolicy.Check(
    'essential_acr_missed',
    'none of the requested ACRs could be obtained',
    'unmet_authentication_requirements',
    missesEssential,
  );
