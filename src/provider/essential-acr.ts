import { errors } from 'oidc-provider';
import { z } from 'zod';

/** `claims.id_token.acr` (OpenID Connect Core §5.5.1.1): one value or several, demanded only when essential. */
const acrRequestSchema = z.object({
  id_token: z
    .looseObject({
      acr: z
        .object({
          essential: z.boolean().optional(),
          value: z.string().optional(),
          values: z.array(z.string()).min(1).optional(),
        })
        .nullish(),
    })
    .nullish(),
});

/** The acr values of which the request needs one; empty when it has no such wish. `acr_values` is voluntary (§3.1.2.1). */
export function essentialAcr(params: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const claims = params?.['claims'];
  if (typeof claims !== 'string') return [];
  const acr = acrRequestSchema.safeParse(JSON.parse(claims)).data?.id_token?.acr;
  if (acr?.essential !== true) return [];
  return acr.values ?? (acr.value === undefined ? [] : [acr.value]);
}

/** A level that we cannot read would be a level that we do not enforce: the tool has to know. */
export function assertAcrRequest(claims: unknown): void {
  if (!acrRequestSchema.safeParse(claims).success) {
    throw new errors.InvalidRequest('invalid claims.id_token.acr');
  }
}
