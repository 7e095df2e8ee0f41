import { claimWishes } from './claims-parameter.ts';

type Params = Readonly<Record<string, unknown>> | undefined;

/** One essential wish: the organization has to be one of these. */
export interface OrganizationKindWish {
  readonly claim: 'organization_category' | 'organization_type';
  readonly values: readonly string[];
}

/** `error_description` of the refusal. */
export const kindNotRequested = 'organization_kind_not_requested';

/**
 * The kinds of organization that a request asks for (domain reference §6.3, rule 5): essential values of
 * `organization_category` and `organization_type`, wherever they are asked. Essential without a value only asks to be told.
 */
export function organizationKindWishes(params: Params): readonly OrganizationKindWish[] {
  return (['organization_category', 'organization_type'] as const).flatMap((claim) =>
    claimWishes(params, claim, ['id_token', 'userinfo'])
      .filter(({ essential, values }) => essential && values.length > 0)
      .map(({ values }) => ({ claim, values })),
  );
}

/** Every wish has to be met. An organization that no register knows meets none: unknown is not yes. */
export function isOfWantedKind(
  wishes: readonly OrganizationKindWish[],
  organization: { readonly category: string; readonly type: string } | undefined,
): boolean {
  return wishes.every(
    ({ claim, values }) =>
      organization !== undefined &&
      values.includes(claim === 'organization_type' ? organization.type : organization.category),
  );
}
