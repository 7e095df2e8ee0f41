import type { Generated } from 'kysely';

/** See `src/domains/`. */
export interface DomainTables {
  organization_domain: OrganizationDomainTable;
  domain_handover: DomainHandoverTable;
}

/** A mail domain that an organization claims, or has proven. */
export interface OrganizationDomainTable {
  id: string;
  siren: string;
  /** Lower case, A-labels. */
  domain: string;
  with_subdomains: boolean;
  token: string;
  state: 'claimed' | 'proven' | 'verified' | 'unverified' | 'given_up' | 'handed_over' | 'refused';
  method: Generated<'dns_txt' | 'official_code' | null>;
  claimed_at: Date;
  verified_at: Generated<Date | null>;
  proven_at: Generated<Date | null>;
  checked_at: Generated<Date | null>;
  next_check_at: Generated<Date | null>;
  failures: Generated<number>;
  failing_since: Generated<Date | null>;
  ended_at: Generated<Date | null>;
  version: Generated<number>;
}

/** A verified domain that another organization has proven, until two operators decide. */
export interface DomainHandoverTable {
  id: string;
  domain: string;
  from_id: string;
  to_id: string;
  state: 'open' | 'done' | 'declined' | 'void';
  told_at: Date;
  objections_until: Date;
  objection: Generated<string | null>;
  objected_at: Generated<Date | null>;
  first_id: Generated<string | null>;
  /** JSON texts: Author. */
  first: Generated<string | null>;
  reason: Generated<string | null>;
  first_at: Generated<Date | null>;
  second_id: Generated<string | null>;
  second: Generated<string | null>;
  answer: Generated<string | null>;
  ended_at: Generated<Date | null>;
}
