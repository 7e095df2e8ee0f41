import type { Policy } from '../eligibility/eligibility.ts';
import type { DeclaredApproval } from './approval.ts';
import type { Client } from './client.ts';
import type { DeclaredIdentityProvider } from './identity-provider.ts';
import type { DeclaredMembership } from './membership.ts';
import type { Operator } from './operator.ts';
import type { DeclaredOrganization } from './organization.ts';
import type { ResourceServer } from './resource-server.ts';
import type { Service } from './service.ts';

/** A whole folder of declarations, each checked alone and against the others. Nothing that it lacks exists, except organizations. */
export interface DeclaredSet {
  readonly services: readonly Service[];
  readonly clients: readonly Client[];
  readonly resourceServers: readonly ResourceServer[];
  readonly identityProviders: readonly DeclaredIdentityProvider[];
  readonly policies: readonly Policy[];
  readonly operators: readonly Operator[];
  readonly approvals: readonly DeclaredApproval[];
  readonly memberships: readonly DeclaredMembership[];
  readonly organizations: readonly DeclaredOrganization[];
}

export const emptySet: DeclaredSet = {
  services: [],
  clients: [],
  resourceServers: [],
  identityProviders: [],
  policies: [],
  operators: [],
  approvals: [],
  memberships: [],
  organizations: [],
};
