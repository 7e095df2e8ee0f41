import type { Comparable, DeclarationKind } from './diff.ts';
import type { DeclaredSet } from './declared-set.ts';

/**
 * The declared set as the diff compares it. Secrets of identity providers are in clear here, in a field that the diff
 * names and never shows.
 */
export function comparables(declared: DeclaredSet): readonly Comparable[] {
  const of = <T extends object>(kind: DeclarationKind, values: readonly T[], idOf: (value: T) => string) =>
    values.map((value) => comparable(kind, idOf(value), value));
  return [
    ...of('service', declared.services, ({ id }) => id),
    ...of('identity_provider', declared.identityProviders, ({ id }) => id),
    ...of('client', declared.clients, ({ client_id: id }) => id),
    ...of('resource_server', declared.resourceServers, ({ id }) => id),
    ...of('policy', declared.policies, policyId),
    ...of('operator', declared.operators, ({ id }) => id),
    ...of('organization', declared.organizations, ({ siret }) => siret),
    ...of('approval', declared.approvals, ({ id }) => id),
    ...of('membership', declared.memberships, membershipId),
  ];
}

export function comparable(kind: DeclarationKind, id: string, value: object): Comparable {
  return {
    kind,
    id,
    fields: Object.fromEntries(
      Object.entries(value).filter(([, field]) => field !== undefined && field !== null),
    ),
  };
}

export const policyId = (policy: { readonly service: string; readonly version: number }): string =>
  `${policy.service}@${policy.version}`;

export const membershipId = (one: {
  readonly idp: string;
  readonly subject: string;
  readonly siret: string;
}): string => `${one.idp}/${one.subject}/${one.siret}`;
