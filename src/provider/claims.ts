import { phoneClaims, profileClaims } from '../declarations/declarations.ts';
import type { supportedScopes } from '../declarations/declarations.ts';
import type { Decision } from '../eligibility/eligibility.ts';
import { isVouchedFor } from '../identity/identity.ts';
import type { Membership, OrganizationLink, SignIn } from '../identity/identity.ts';
import { proconnectRoles } from '../organizations/organizations.ts';
import type { OrganizationFacts } from '../organizations/organizations.ts';

type SupportedScope = (typeof supportedScopes)[number];

/**
 * Which scope releases which claims: the table of the domain reference §6.2, ProConnect's names with ProConnect's
 * meanings (one scope per claim), and OpenID Connect Core §5.4 for `profile` and `email`.
 */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'given_name', 'family_name', 'usual_name', 'preferred_username', ...profileClaims],
  email: ['email', 'email_verified'],
  phone: phoneClaims,
  given_name: ['given_name'],
  usual_name: ['usual_name'],
  uid: ['uid'],
  organizational_unit: ['organizational_unit'],
  belonging_population: ['belonging_population'],
  chorusdt: ['chorusdt:matricule', 'chorusdt:societe'],
  amr: ['amr'],
  idp_id: ['idp_id'],
  idp_acr: ['idp_acr'],
  custom: ['custom'],
  siret: ['siret'],
  siren: ['siren'],
  organization_label: ['organization_label'],
  roles: ['roles'],
  groups: ['groups'],
  is_public_service: ['is_public_service'],
  organization_type: [
    'organization_type',
    'organization_category',
    'organization_sector',
    'organization_legal_category',
    'organization_qualifications',
  ],
  organization_rna: ['organization_rna'],
  organization_territory: ['organization_territory'],
  organization_link: ['organization_link'],
  eligibility: ['eligibility', 'guest'],
  guest: ['guest'],
  entitlements: ['entitlements'],
} as const satisfies Record<Exclude<SupportedScope, 'offline_access'>, readonly string[]>;

const scopesOfClaims: ReadonlyMap<string, readonly string[]> = (() => {
  const map = new Map<string, string[]>();
  for (const [scope, claims] of Object.entries(claimsByScope)) {
    for (const claim of claims) map.set(claim, [...(map.get(claim) ?? []), scope]);
  }
  return map;
})();

export interface Release {
  readonly signIn: SignIn;
  readonly membership: Membership;
  /** How the person is linked with the organization now. */
  readonly link: OrganizationLink;
  /** Undefined when the register does not know the SIRET: then nothing is said of the organization but its numbers. */
  readonly organization: OrganizationFacts | undefined;
  /** Id of the service that the decision is about. */
  readonly service: string;
  readonly decision: Decision;
  readonly decisionId: string;
  /** The methods that were decided on. */
  readonly amr: readonly string[];
  /** Scopes that the registration of the client allows: a claim outside them is never released, even if requested. */
  readonly allowedScopes: ReadonlySet<string>;
  readonly extendedRoles: boolean;
}

type Claims = Record<string, unknown>;

/** Every claim that this client may get, before the library narrows them to the scopes and claims of the request. */
export function buildClaims(release: Release): Claims {
  const all: Claims = {
    ...personClaims(release),
    ...organizationClaims(release),
    ...decisionClaims(release),
  };
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name, value]) =>
        value !== undefined &&
        (scopesOfClaims.get(name) ?? []).some((scope) => release.allowedScopes.has(scope)),
    ),
  );
}

function personClaims({ signIn, amr }: Release): Claims {
  const { given_name, usual_name, uid, custom, organizational_unit, belonging_population } = signIn.claims;
  const name = [given_name, usual_name].filter((part) => typeof part === 'string').join(' ');
  return {
    given_name,
    usual_name,
    family_name: usual_name,
    name: name === '' ? undefined : name,
    ...(isVouchedFor(signIn)
      ? { preferred_username: signIn.email, email: signIn.email, email_verified: signIn.emailVerified }
      : {}),
    ...Object.fromEntries([...profileClaims, ...phoneClaims].map((claim) => [claim, signIn.claims[claim]])),
    uid: uid ?? signIn.accountId,
    organizational_unit,
    belonging_population,
    'chorusdt:matricule': signIn.claims['chorusdt:matricule'],
    'chorusdt:societe': signIn.claims['chorusdt:societe'],
    custom,
    amr,
    idp_id: signIn.idp,
    idp_acr: signIn.idpAcr,
  };
}

function organizationClaims({ membership, link, organization, decision, extendedRoles }: Release): Claims {
  const siret = {
    siret: membership.siret,
    siren: membership.siret.slice(0, 9),
    organization_link: { level: link.level, method: link.method, verified_at: link.verifiedAt },
  };
  // Invariant: truth and decision are apart. An approval adds nothing to the roles that ProConnect defines.
  const truth = organization === undefined ? [] : proconnectRoles(organization);
  const extension = extendedRoles
    ? [
        ...(organization === undefined ? [] : [`organization_type:${organization.type}`]),
        ...(decision.decision === 'allow' ? ['eligible', `eligible:${decision.level ?? 'member'}`] : []),
      ]
    : [];
  const roles = [...truth, ...extension];
  if (organization === undefined) return { ...siret, roles, groups: roles };
  const { territory } = organization;
  return {
    ...siret,
    roles,
    groups: roles,
    organization_label: organization.name,
    is_public_service: organization.publicService,
    organization_type: organization.type,
    organization_category: organization.category,
    organization_sector: organization.sector,
    organization_legal_category: organization.legalCategory,
    organization_qualifications: organization.qualifications.map((qualification) => qualification.id).sort(),
    organization_rna: organization.rna,
    organization_territory: withoutUndefined({
      country: territory.country,
      region: territory.region,
      department: territory.department,
      commune: territory.commune,
      epci: territory.epci,
      population_band: territory.populationBand,
    }),
  };
}

/** The decision for the requesting client only. Approval number, motives, evidence and names never reach a token. */
export function decisionClaims({
  service,
  decision,
  decisionId,
}: Pick<Release, 'service' | 'decision' | 'decisionId'>): Claims {
  return {
    eligibility: {
      ...withoutUndefined({
        service,
        decision: decision.decision,
        level: decision.level,
        basis: decision.basis,
        ground: decision.ground,
      }),
      reason: decision.reason ?? null,
      ...withoutUndefined({ valid_until: decision.validUntil && epoch(decision.validUntil) }),
      decided_at: epoch(decision.decidedAt),
      policy: decision.policy,
      decision_id: decisionId,
    },
    guest: decision.level === 'guest',
    entitlements: decision.decision === 'allow' ? [...decision.entitlements] : [],
  };
}

const epoch = (date: Date): number => Math.floor(date.getTime() / 1000);

function withoutUndefined(record: Claims): Claims {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
