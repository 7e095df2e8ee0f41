import type { ReasonCode } from '../../src/eligibility/eligibility.ts';
import type { Operator } from './operator.ts';
import { people } from './visitor.ts';
import type { Email } from './visitor.ts';

const mayors = '000000109';
const approval = 'amd-fictif-docs';
const yesterday = () => new Date(Date.now() - 48 * 3600 * 1000).toISOString().slice(0, 10);

/** Replaces parts of the policy of Docs, as a new `maillon apply` would. */
const policy = (operator: Operator, change: object) =>
  operator.declare('policy', 'docs@1', (document) => ({ ...document, ...change }));

/** One rule: whoever meets the condition is let in, nobody else. */
export const onlyIf = (operator: Operator, condition: object) =>
  policy(operator, {
    rules: [{ id: 'only', if: condition, allow: { level: 'member', entitlements: ['use'] }, basis: 'open' }],
  });

/** A reason that nothing can give yet: an identity without a SIRET is refused. */
export const notYet: readonly ReasonCode[] = ['organization_unknown'];

export interface WayToLoseAccess {
  readonly reason: ReasonCode;
  readonly when: string;
  readonly who?: Email;
  /** What changes while the person is signed in. */
  readonly happens: (operator: Operator) => Promise<unknown>;
  /** Signing in more strongly would open the tool. */
  readonly stepUp?: true;
}

/** For a member of AMD-FICTIF at Docs, unless somebody else is named. */
export const waysToLoseDocs: readonly WayToLoseAccess[] = [
  {
    reason: 'approval_missing',
    when: 'the approval is withdrawn',
    happens: (operator) => operator.withdraw(approval),
  },
  {
    reason: 'service_not_covered',
    when: 'the approval is for another service',
    happens: (operator) => operator.approval(approval, { service_id: 'tchap' }),
  },
  {
    reason: 'approval_expired',
    when: 'its last day has passed',
    happens: (operator) => operator.approval(approval, { ends_on: yesterday() }),
  },
  {
    reason: 'approval_suspended',
    when: 'the operator suspends the approval',
    happens: (operator) => operator.approval(approval, { status: 'suspended' }),
  },
  {
    reason: 'approval_pending',
    when: 'the approval is examined again',
    happens: (operator) => operator.approval(approval, { status: 'pending' }),
  },
  {
    reason: 'approval_pending',
    when: 'the approval has not begun',
    happens: (operator) => operator.approval(approval, { starts_on: '2028-01-01' }),
  },
  {
    reason: 'approval_refused',
    when: 'the request is refused',
    happens: (operator) => operator.approval(approval, { status: 'refused' }),
  },
  {
    reason: 'organization_closed',
    when: 'the legal unit has ceased',
    happens: (operator) => operator.organization(mayors, { unit_state: 'C' }),
  },
  {
    reason: 'organization_closed',
    when: 'the establishment is closed',
    happens: (operator) => operator.establishment(`${mayors}00009`, { state: 'F' }),
  },
  {
    reason: 'organization_suspended',
    when: 'the operator suspends the organization',
    happens: (operator) => operator.organization(mayors, { suspended_at: new Date() }),
  },
  {
    reason: 'organization_not_found_in_registry',
    when: 'the register loses the establishment',
    happens: (operator) => operator.forget(`${mayors}00009`),
  },
  {
    reason: 'registry_unavailable_stale',
    when: 'the copy of the establishment is a month old, and nobody renews it',
    happens: (operator) =>
      operator.establishment(`${mayors}00009`, {
        source: 'api_sirene',
        fetched_at: new Date(Date.now() - 31 * 24 * 3600 * 1000),
      }),
  },
  {
    reason: 'legal_category_unknown',
    when: 'the register loses the legal category',
    happens: (operator) => operator.organization(mayors, { legal_category: null }),
  },
  {
    reason: 'legal_category_unknown',
    when: 'the legal category is in no list',
    happens: (operator) => operator.organization(mayors, { legal_category: '9999' }),
  },
  {
    reason: 'not_eligible',
    when: 'the organization turns out to be a company',
    happens: (operator) => operator.organization(mayors, { legal_category: '5499', rna: null }),
  },
  {
    reason: 'membership_not_verified',
    when: 'the policy asks for a stronger link',
    happens: (operator) =>
      policy(operator, {
        guards: [{ if: { 'user.link': { lt: 'official_source' } }, deny: 'membership_not_verified' }],
      }),
  },
  {
    reason: 'email_domain_not_allowed',
    when: 'the policy admits other domains only',
    happens: (operator) => onlyIf(operator, { 'user.email_domain': 'autre.example' }),
  },
  {
    reason: 'idp_not_allowed',
    when: 'the policy admits another identity provider only',
    happens: (operator) => onlyIf(operator, { 'auth.idp': 'autre' }),
  },
  {
    reason: 'department_out_of_scope',
    when: 'the policy admits another department only',
    happens: (operator) => onlyIf(operator, { 'org.department': '29' }),
  },
  {
    reason: 'guest_not_invited',
    when: 'the policy admits guests only',
    happens: (operator) => onlyIf(operator, { invitation: { service: 'docs', status: 'active' } }),
  },
  {
    reason: 'guest_expired',
    when: 'the policy admits guests only, and their invitation has ended',
    happens: async (operator) => {
      await operator.invite({ address: people.approved, service_id: 'docs', ends_on: yesterday() });
      await onlyIf(operator, { invitation: { service: 'docs', status: 'active' } });
    },
  },
  {
    reason: 'service_excludes_guests',
    when: 'its members become guests, and the policy knows none',
    happens: async (operator) => {
      await operator.approval(approval, { level: 'guest' });
      await onlyIf(operator, { 'org.public_service': true });
    },
  },
  {
    reason: 'policy_missing',
    when: 'the policy is removed',
    happens: (operator) => operator.declare('policy', 'docs@1', () => undefined),
  },
  {
    reason: 'population_too_large',
    when: 'the tool passes under the rule of small communes',
    who: people.commune,
    happens: (operator) => operator.declare('client', 'docs', (client) => ({ ...client, service: 'anct' })),
  },
  {
    reason: 'population_unknown',
    when: 'nobody knows how many inhabitants there are',
    happens: async (operator) => {
      await operator.organization(mayors, { legal_category: '7210', rna: null });
      await operator.declare('client', 'docs', (client) => ({ ...client, service: 'anct' }));
    },
  },
  {
    reason: 'acr_insufficient',
    when: 'the policy asks for two factors',
    happens: (operator) => onlyIf(operator, { 'auth.acr': { gte: 'eidas1-mfa' } }),
    stepUp: true,
  },
];
