import type { OrganizationFacts } from '../organizations/organizations.ts';

/** How we know that the person belongs to the organization, from the weakest to the strongest. */
export const linkLevels = ['declared', 'email_domain', 'moderated', 'official_source'] as const;
export type LinkLevel = (typeof linkLevels)[number];

/** A guest is tied to an inviter or to an approval that says so. From the lower to the higher. */
export const levels = ['guest', 'member'] as const;
export type Level = (typeof levels)[number];

/**
 * Legal grounds on which an operator lets an organization in: art. L100-3 CRPA; CE Sect. 22 Feb. 2007 APREI
 * no. 264541; CE 21 March 2007 Boulogne-Billancourt no. 281796; delegation or agreement with a public authority;
 * composition (every member is a public-law person); the operator's published doctrine. Public utility and
 * "tronc commun d'agrément" are signs of quality, not grounds.
 */
export const grounds = [
  'public_mission_spa',
  'public_service_mission',
  'transparent_association',
  'delegated_public_service',
  'members_all_public_law',
  'operator_doctrine',
] as const;
export type Ground = (typeof grounds)[number];

/** An operator's decision about one organization (SIREN) and one service. Days are inclusive, Europe/Paris. */
export interface Approval {
  readonly id: string;
  readonly siren: string;
  readonly service: string;
  readonly level: Level;
  readonly ground: Ground;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly status: 'active' | 'suspended' | 'pending' | 'refused';
  /**
   * Nothing but its last day ends it, or has ended it: no suspension, no renewal, no decision. Only then may a policy let
   * the right go on for a while; absent for no.
   */
  readonly lapses?: boolean | undefined;
  /** Name of the organization of the operator who decided. */
  readonly operator?: string | undefined;
}

/** An agent's invitation of this person to one service. Days are inclusive, Europe/Paris. */
export interface Invitation {
  readonly id: string;
  readonly service: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly status: 'active' | 'revoked';
}

export interface Authentication {
  /** As the identity provider said it: a value that we do not know is worth the lowest. */
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  /** Id of the identity provider. */
  readonly idp: string;
  readonly authTime: Date;
}

/** Everything about one person, for one organization, at one client, that a policy may read. */
export interface Subject {
  readonly organization: OrganizationFacts | undefined;
  /** Why there is no organization; `none` when not said. */
  readonly organizationAbsence?: OrganizationAbsence | undefined;
  readonly approvals: readonly Approval[];
  readonly invitations: readonly Invitation[];
  readonly user: {
    readonly emailDomain: string | undefined;
    readonly emailVerified: boolean;
    readonly link: LinkLevel;
    /** The organization, or an operator, took away from the person that they act for it. */
    readonly revoked?: boolean | undefined;
    readonly roles?: readonly string[] | undefined;
  };
  readonly auth: Authentication;
  readonly clientId: string;
}

/** `not_diffusible`: it exists, and its register says nothing of it. `registry_unavailable`: nobody could say. */
export type OrganizationAbsence = 'none' | 'not_in_registry' | 'not_diffusible' | 'registry_unavailable';

/** What the register knows at this moment. */
export interface KnownOrganization {
  readonly organization: OrganizationFacts | undefined;
  /** Why there is none. */
  readonly absence?: OrganizationAbsence | undefined;
  /** From when these facts are too old to be relied on; undefined for what does not age. */
  readonly staleAt?: Date | undefined;
}
