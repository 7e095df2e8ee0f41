import type { Clock } from '../config/config.ts';
import type { OrganizationFacts, Siret } from '../organizations/organizations.ts';
import { decide } from './decide.ts';
import type {
  Approval,
  Decision,
  Invitation,
  KnownOrganization,
  LinkLevel,
  PolicyInForce,
} from './eligibility.ts';

/** Who asks for what: everything that `decide()` needs and that is not in a register. */
export interface Applicant {
  readonly service: string;
  readonly clientId: string;
  readonly siret: Siret;
  readonly link: LinkLevel;
  /** Somebody took away from the person that they act for the organization. */
  readonly revoked?: boolean | undefined;
  /** Of a person who signed in; absent: nobody in particular, whom nobody invited. */
  readonly email?: string | undefined;
  readonly emailDomain: string | undefined;
  readonly emailVerified: boolean;
  readonly acr: string;
  readonly amr: readonly string[];
  readonly idp: string;
  readonly authTime: Date;
}

export interface Assessment {
  readonly decision: Decision;
  /** Undefined also when what is known is too old: no claim is made of it (domain reference §6.3). */
  readonly organization: OrganizationFacts | undefined;
}

/**
 * Gathers the live facts and asks `decide()`: the one way in which login, single sign-on, refresh, userinfo and the
 * pages learn what is allowed.
 *
 * @throws whatever the stores throw: an unreachable store is never an answer
 */
export type Assess = (applicant: Applicant) => Promise<Assessment>;

export function createAssess(needs: {
  readonly organization: (siret: Siret) => Promise<KnownOrganization>;
  readonly approvals: (siren: string) => Promise<readonly Approval[]>;
  /** Absent: for pages that suppose a person. */
  readonly invitations?: ((email: string) => Promise<readonly Invitation[]>) | undefined;
  readonly policyFor: (service: string, at: Date) => PolicyInForce | undefined;
  readonly clock: Clock;
}): Assess {
  return async (applicant) => {
    const { email, emailVerified } = applicant;
    const [{ organization, absence = 'not_in_registry', staleAt }, approvals, invitations] =
      await Promise.all([
        needs.organization(applicant.siret),
        needs.approvals(applicant.siret.slice(0, 9)),
        // An invitation routes to a mailbox: it counts for whoever has proven that it is theirs (invariant 3).
        email === undefined || !emailVerified ? [] : (needs.invitations?.(email) ?? []),
      ]);
    const now = needs.clock();
    const inForce = needs.policyFor(applicant.service, now);
    const decision = decide(
      inForce?.policy,
      {
        organization,
        approvals,
        ...(organization === undefined ? { organizationAbsence: absence } : {}),
        invitations,
        user: {
          emailDomain: applicant.emailDomain,
          emailVerified,
          link: applicant.link,
          revoked: applicant.revoked,
        },
        auth: {
          acr: applicant.acr,
          amr: applicant.amr,
          idp: applicant.idp,
          authTime: applicant.authTime,
        },
        clientId: applicant.clientId,
      },
      now,
      {
        service: applicant.service,
        // No permission outlives the version of the policy that gave it.
        policyReplacedAt: inForce?.replacedAt,
        // Nor the age at which the copy of a register that does not answer ceases to be believed.
        factsStaleAt: staleAt,
      },
    );
    const isTooOld = staleAt !== undefined && now >= staleAt;
    return { decision, organization: isTooOld ? undefined : organization };
  };
}
