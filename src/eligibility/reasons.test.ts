import { describe, expect, it } from 'vitest';
import { catalogue } from '../errors/errors.ts';
import { decide } from './decide.ts';
import type { Circumstances } from './decide.ts';
import type { Policy } from './policy.ts';
import { nextSteps, reasonCodes, reasonErrorCode, reasonSteps } from './reasons.ts';
import type { ReasonCode } from './reasons.ts';
import type { Subject } from './subject.ts';
import {
  approval,
  authority,
  company,
  demoPolicy,
  dinum,
  invitation,
  now,
  organization,
  policy,
  rule,
  subject,
  withAcr,
  withLink,
} from './testing/factory.ts';

const docs = demoPolicy('docs');
const tchap = demoPolicy('tchap');
const anct = demoPolicy('anct');
const only = (condition: unknown): Policy => policy({ rules: [rule(condition)] });
const approved = { approval: { service: 'docs', status: 'active' } };

interface Case {
  readonly policy: Policy | undefined;
  readonly subject?: Partial<Subject>;
  readonly circumstances?: Circumstances;
  /** Where the answer is to authenticate again rather than a refusal. */
  readonly decision?: 'step_up';
}

const cases: Readonly<Record<ReasonCode, readonly Case[]>> = {
  organization_unknown: [{ policy: docs, subject: { organization: undefined } }],
  organization_closed: [
    { policy: docs, subject: { organization: organization({ unitState: 'C' }) } },
    { policy: docs, subject: { organization: organization({ establishmentState: 'F' }) } },
    { policy: only({ 'org.active': true }), subject: { organization: organization({ unitState: 'C' }) } },
  ],
  organization_suspended: [{ policy: docs, subject: { organization: organization({ suspended: true }) } }],
  organization_not_found_in_registry: [
    { policy: docs, subject: { organization: undefined, organizationAbsence: 'not_in_registry' } },
  ],
  registry_unavailable_stale: [
    { policy: docs, subject: { organization: undefined, organizationAbsence: 'registry_unavailable' } },
    { policy: docs, subject: { organization: dinum }, circumstances: { factsStaleAt: now } },
  ],
  legal_category_unknown: [
    { policy: docs, subject: { organization: organization({ legalCategory: undefined }) } },
    {
      policy: docs,
      subject: { organization: organization({ legalCategory: '7999' }), approvals: [approval()] },
    },
  ],
  not_eligible: [
    { policy: docs, subject: { organization: company } },
    { policy: anct, subject: { organization: dinum } },
    { policy: only({ 'org.population': { gte: 100 } }), subject: { organization: authority('7210', 99) } },
    { policy: policy({}) },
  ],
  population_too_large: [
    { policy: anct, subject: { organization: authority('7210', 3500, 'none') } },
    { policy: anct, subject: { organization: authority('7210', 3500, 15000) } },
    { policy: anct, subject: { organization: authority('7346', 15000) } },
    // The grouping of this commune is not known, its own population is enough to say why.
    { policy: anct, subject: { organization: authority('7210', 3500) } },
  ],
  population_unknown: [
    { policy: anct, subject: { organization: authority('7210', undefined) } },
    { policy: anct, subject: { organization: authority('7346', undefined) } },
    { policy: anct, subject: { organization: authority('7210', undefined, 15000) } },
  ],
  department_out_of_scope: [
    { policy: only({ all: [{ 'org.category': 'association' }, { 'org.department': '56' }] }) },
  ],
  approval_missing: [
    { policy: docs },
    { policy: docs, subject: { approvals: [approval({ service: 'visio', status: 'refused' })] } },
    { policy: docs, subject: { approvals: [approval({ siren: '000000406' })] } },
    { policy: tchap, subject: withAcr('eidas0') },
  ],
  service_not_covered: [
    { policy: tchap, subject: { approvals: [approval()] } },
    { policy: docs, subject: { approvals: [approval({ service: 'visio' })] } },
  ],
  approval_pending: [
    { policy: docs, subject: { approvals: [approval({ status: 'pending' })] } },
    { policy: docs, subject: { approvals: [approval({ startsOn: '2026-11-23' })] } },
    {
      policy: docs,
      subject: { approvals: [approval({ status: 'pending' }), approval({ id: 'a0', endsOn: '2026-11-21' })] },
    },
  ],
  approval_refused: [
    {
      policy: docs,
      subject: { approvals: [approval({ status: 'refused' }), approval({ service: 'visio' })] },
    },
  ],
  approval_expired: [
    { policy: docs, subject: { approvals: [approval({ endsOn: '2026-11-21' })] } },
    { policy: docs, subject: { approvals: [approval({ status: 'suspended', endsOn: '2026-11-21' })] } },
  ],
  approval_suspended: [
    { policy: docs, subject: { approvals: [approval({ status: 'suspended' })] } },
    {
      policy: docs,
      subject: {
        approvals: [approval({ status: 'suspended' })],
        invitations: [invitation({ endsOn: '2026-11-21' })],
      },
    },
  ],
  guest_expired: [
    { policy: docs, subject: { invitations: [invitation({ endsOn: '2026-11-21' })] } },
    { policy: docs, subject: { organization: company, invitations: [invitation({ endsOn: '2026-11-21' })] } },
  ],
  guest_not_invited: [
    {
      policy: policy({
        rules: [rule({ invitation: { service: 'docs', status: 'active' } }, { basis: 'invitation' })],
      }),
    },
    {
      policy: policy({
        rules: [rule({ invitation: { service: 'docs', status: 'active' } }, { basis: 'invitation' })],
      }),
      subject: { invitations: [invitation({ status: 'revoked' }), invitation({ service: 'tchap' })] },
    },
  ],
  service_excludes_guests: [
    { policy: only({ 'org.public_service': true }), subject: { invitations: [invitation()] } },
    { policy: only({ 'org.public_service': true }), subject: { approvals: [approval({ level: 'guest' })] } },
  ],
  membership_not_verified: [
    { policy: docs, subject: { organization: dinum, ...withLink('declared') } },
    { policy: only({ 'user.link': 'official_source' }) },
  ],
  email_domain_not_allowed: [{ policy: only({ 'user.email_domain': { in: ['gouv.fr'] } }) }],
  acr_insufficient: [
    { policy: tchap, subject: { approvals: [approval({ service: 'tchap' })] }, decision: 'step_up' },
    { policy: only({ 'auth.amr': 'hwk' }), decision: 'step_up' },
  ],
  idp_not_allowed: [{ policy: only({ not: { 'auth.idp': 'demo-idp' } }) }],
  session_too_old: [{ policy: only({ 'auth.age_s': { lt: 3600 } }), decision: 'step_up' }],
  policy_missing: [
    { policy: undefined },
    { policy: policy({ valid_from: '2026-11-23', rules: [rule({ 'org.active': true })] }) },
  ],
};

describe('the reason of a refusal', () => {
  const table = reasonCodes.flatMap((reason) =>
    cases[reason].map((example, index) => ({ reason, example, index: index + 1 })),
  );

  it.each(table)('$reason ($index)', ({ reason, example }) => {
    const decision = decide(example.policy, subject(example.subject), now, example.circumstances);
    expect(decision.reason).toBe(reason);
    expect(decision.decision).toBe(example.decision ?? 'deny');
    expect(decision.entitlements).toEqual([]);
    expect(decision.validUntil).toBeUndefined();
    expect(decision.nextSteps.length).toBeGreaterThan(0);
  });

  it('has at least one case per code', () => {
    for (const reason of reasonCodes) expect(cases[reason], reason).not.toHaveLength(0);
  });

  it('is the one of the guard when a guard denies', () => {
    for (const deny of reasonCodes) {
      const guarded = policy({
        guards: [{ if: { 'org.active': true }, deny }],
        rules: [rule({ 'org.active': true })],
      });
      expect(decide(guarded, subject(), now).reason).toBe(deny);
    }
  });

  it('is the default of the policy when nothing more exact is known', () => {
    const strict = policy({
      rules: [rule({ 'org.type': 'gip' })],
      default: { deny: 'service_excludes_guests' },
    });
    expect(decide(strict, subject(), now).reason).toBe('service_excludes_guests');
  });

  it('prefers what was decided about the organization to what it could still obtain', () => {
    const both = policy({
      rules: [rule(approved, { id: 'a' }), rule({ 'org.department': '56' }, { id: 'b' })],
    });
    const reason = (approvals: Subject['approvals']): unknown =>
      decide(both, subject({ approvals }), now).reason;
    expect(reason([approval({ status: 'suspended' })])).toBe('approval_suspended');
    expect(reason([])).toBe('department_out_of_scope');
  });

  it('names the service of a policy that is missing when it is told', () => {
    expect(decide(undefined, subject(), now, { service: 'docs' })).toMatchObject({
      service: 'docs',
      policy: 'none',
    });
  });
});

describe('each reason', () => {
  it.each(reasonCodes)(
    '%s has its own entry in the catalogue of errors, which starts with its name',
    (reason) => {
      expect(catalogue[reasonErrorCode[reason]].hint).toMatch(new RegExp(`^${reason}\\b`));
      expect(new Set(Object.values(reasonErrorCode)).size).toBe(reasonCodes.length);
    },
  );

  it.each(reasonCodes)('%s says what to do', (reason) => {
    expect(reasonSteps[reason].length).toBeGreaterThan(0);
    for (const step of reasonSteps[reason]) expect(nextSteps).toContain(step);
  });
});
