import { describe, expect, it } from 'vitest';
import { publicRights } from './approval-predicates.ts';
import { decide, revokedRule } from './decide.ts';
import { explain } from './explain.ts';
import { policyHash } from './policy.ts';
import type { Subject } from './subject.ts';
import {
  approval,
  association,
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

const policies = { docs: demoPolicy('docs'), tchap: demoPolicy('tchap'), visio: demoPolicy('visio') };

const nantes = organization({ siret: '21440109300015', legalCategory: '7210' });
const people: Readonly<Record<string, Partial<Subject>>> = {
  'agent of the State': { organization: dinum },
  'agent of a commune': { organization: nantes },
  'member of the approved association': { approvals: [approval()] },
  'member of an association without approval': {},
  'employee of a company': { organization: company },
  'guest of an agent': { invitations: [invitation(), invitation({ id: 'i2', service: 'tchap' })] },
};

describe('the demonstration: each person at each service', () => {
  it.each([
    ['docs', 'agent of the State', 'allow', 'public-service', 'member', ['create_document', 'use']],
    ['docs', 'agent of a commune', 'allow', 'public-service', 'member', ['create_document', 'use']],
    ['docs', 'member of the approved association', 'allow', 'approved', 'member', ['create_document', 'use']],
    ['docs', 'member of an association without approval', 'deny', 'approval_missing', undefined, []],
    ['docs', 'employee of a company', 'deny', 'not_eligible', undefined, []],
    ['docs', 'guest of an agent', 'allow', 'guest', 'guest', ['use']],
    ['tchap', 'agent of the State', 'allow', 'public-service', 'member', ['create_room', 'directory', 'use']],
    ['tchap', 'agent of a commune', 'allow', 'public-service', 'member', ['create_room', 'directory', 'use']],
    ['tchap', 'member of the approved association', 'deny', 'service_not_covered', undefined, []],
    ['tchap', 'member of an association without approval', 'deny', 'approval_missing', undefined, []],
    ['tchap', 'guest of an agent', 'allow', 'guest', 'guest', ['use']],
    ['visio', 'agent of the State', 'allow', 'public-service', 'member', ['host', 'join']],
    ['visio', 'member of the approved association', 'allow', 'everybody', 'member', ['join']],
    ['visio', 'member of an association without approval', 'allow', 'everybody', 'member', ['join']],
    ['visio', 'employee of a company', 'allow', 'everybody', 'member', ['join']],
  ] as const)('%s, %s: %s (%s)', (service, person, answer, because, level, entitlements) => {
    const decision = decide(policies[service], subject(people[person]), now);
    expect(decision.decision).toBe(answer);
    expect(answer === 'allow' ? decision.rule : decision.reason).toBe(because);
    expect(decision.level).toBe(level);
    expect(decision.entitlements).toEqual(entitlements);
  });

  it('nobody whom the organization has revoked acts for it, whatever the policy, the level or the invitation', () => {
    const user = { ...subject().user, link: 'official_source', revoked: true } as const;
    const guest = people['guest of an agent'];
    for (const [inForce, person] of [
      [policies.docs, people['agent of the State']],
      [policies.visio, people['agent of the State']],
      [policies.docs, { approvals: [approval()] }],
      [policies.tchap, guest],
      [undefined, people['agent of the State']],
      [policies.docs, { organization: undefined, organizationAbsence: 'registry_unavailable' }],
    ] as const) {
      const decision = decide(inForce, subject({ ...person, user }), now);
      expect(decision).toMatchObject({
        decision: 'deny',
        reason: 'membership_not_verified',
        rule: revokedRule,
        nextSteps: ['ask_representative', 'choose_organization'],
      });
      expect(explain(decision, 'fr').summary).toBe(
        'L’organisation a indiqué que la personne n’agit plus pour elle.',
      );
    }
  });

  it('tells everything about the approved association', () => {
    const decision = decide(policies.docs, subject({ approvals: [approval()] }), now);
    expect(decision).toMatchObject({
      decision: 'allow',
      service: 'docs',
      level: 'member',
      reason: undefined,
      rule: 'approved',
      basis: 'approval',
      ground: 'members_all_public_law',
      approvalId: 'a1',
      policy: 'docs@1',
      policyHash: policyHash(policies.docs),
      decidedAt: now,
      unknownFacts: [],
      requiredAcr: undefined,
    });
    expect(decision.validUntil?.getTime()).toBe(1861916400_000);
    expect(decision.factsUsed).toContainEqual({
      name: 'org.category',
      value: 'association',
      source: 'demo',
      asOf: '2026-11-01',
    });
    expect(decision.trace.map(({ part, id, truth }) => [part, id, truth])).toEqual([
      ['guard', 'guard:organization_closed', false],
      ['guard', 'guard:organization_suspended', false],
      ['guard', 'guard:membership_not_verified', false],
      ['rule', 'public-service', false],
      ['rule', 'approved', true],
    ]);
  });

  it.each(['docs', 'tchap', 'visio'] as const)('%s keeps the common guards', (service) => {
    const closed = organization({ siret: '13002526500013', legalCategory: '7120', establishmentState: 'F' });
    const suspended = organization({ siret: '13002526500013', legalCategory: '7120', suspended: true });
    const deny = (changes: Partial<Subject>): unknown => {
      const { decision, reason, rule: id } = decide(policies[service], subject(changes), now);
      return { decision, reason, id };
    };
    expect(deny({ organization: closed })).toEqual({
      decision: 'deny',
      reason: 'organization_closed',
      id: 'guard:organization_closed',
    });
    expect(deny({ organization: suspended })).toMatchObject({ reason: 'organization_suspended' });
    expect(deny({ organization: dinum, ...withLink('declared') })).toMatchObject({
      reason: 'membership_not_verified',
    });
    expect(
      decide(policies[service], subject({ organization: dinum, ...withLink('email_domain') }), now),
    ).toMatchObject({ decision: 'allow' });
  });

  it('offers the next steps of the policy with those of the reason', () => {
    expect(decide(policies.docs, subject({ organization: company }), now).nextSteps).toEqual([
      'request_approval',
      'ask_invitation',
    ]);
    expect(decide(policies.docs, subject(), now).nextSteps).toEqual(['request_approval', 'ask_invitation']);
    const refused = subject({ approvals: [approval({ status: 'refused' })] });
    expect(decide(policies.docs, refused, now).nextSteps).toEqual(['contact_service']);
  });
});

describe('the approval behind a permission', () => {
  const approved = (...approvals: Subject['approvals']): ReturnType<typeof decide> =>
    decide(policies.docs, subject({ approvals }), now);

  it('gives its level, and never more than the rule', () => {
    expect(approved(approval({ level: 'guest' })).level).toBe('guest');
    const forGuests = policy({
      rules: [
        rule(
          { approval: { service: 'docs', status: 'active' } },
          { basis: 'approval', allow: { level: 'guest', entitlements: ['use'] } },
        ),
      ],
    });
    expect(decide(forGuests, subject({ approvals: [approval()] }), now).level).toBe('guest');
  });

  it('is the highest, then the longest, whatever the order', () => {
    const list = [
      approval({ id: 'guest', level: 'guest', endsOn: '2035-12-31' }),
      approval({ id: 'short', endsOn: '2027-01-31' }),
      approval({ id: 'long', endsOn: '2027-12-31', ground: 'delegated_public_service' }),
    ];
    expect(approved(...list)).toMatchObject({ approvalId: 'long', ground: 'delegated_public_service' });
    expect(approved(...list.toReversed())).toMatchObject({ approvalId: 'long' });
  });

  it('is worth nothing beside one that is suspended today, whatever their levels and days', () => {
    const list = [
      approval({ id: 'long', endsOn: '2035-12-31' }),
      approval({ id: 'suspended', level: 'guest', status: 'suspended' }),
    ];
    expect(approved(...list)).toMatchObject({ decision: 'deny', reason: 'approval_suspended' });
    expect(approved(...list.toReversed())).toMatchObject({ decision: 'deny', reason: 'approval_suspended' });
    const elsewhere = approval({ id: 'other', service: 'tchap', status: 'suspended' });
    expect(approved(approval(), elsewhere).decision).toBe('allow');
    const over = approval({ id: 'over', endsOn: '2026-11-21', status: 'suspended' });
    expect(approved(approval(), over).decision).toBe('allow');
  });

  it('holds until the day on which a suspended one begins', () => {
    const later = approval({ id: 'later', startsOn: '2027-01-01', status: 'suspended' });
    const decision = approved(approval({ id: 'now' }), later);
    expect(decision).toMatchObject({ decision: 'allow', approvalId: 'now' });
    expect(decision.validUntil?.toISOString()).toBe('2026-12-31T23:00:00.000Z');
  });

  it('is what anybody may know of it: neither what is asked for, refused or suspended, nor what has not begun', () => {
    const told = (...list: Subject['approvals']) => publicRights(list, '2026-11-22').map(({ id }) => id);
    expect(told(approval(), approval({ id: 'past', endsOn: '2026-01-31' }))).toEqual(['a1', 'past']);
    for (const status of ['pending', 'refused', 'suspended'] as const)
      expect(told(approval({ status }))).toEqual([]);
    expect(told(approval({ startsOn: '2026-11-23' }))).toEqual([]);
    expect(told(approval(), approval({ id: 'other', status: 'suspended' }))).toEqual([]);
  });

  it('serves no other organization', () => {
    expect(approved(approval({ siren: '000000406' }))).toMatchObject({ reason: 'approval_missing' });
  });

  it('is not named where the basis is another', () => {
    const open = policy({ rules: [rule({ approval: { service: 'docs', status: 'active' } })] });
    expect(decide(open, subject({ approvals: [approval()] }), now)).toMatchObject({
      basis: 'open',
      ground: undefined,
      approvalId: undefined,
    });
  });

  it('does not make a public body of an association', () => {
    expect(association.publicService).toBe(false);
    expect(approved(approval()).basis).toBe('approval');
  });
});

describe('unknown facts', () => {
  const unknownCategory = organization({ legalCategory: '7999' });

  it('never allow, and are named when they could have changed the outcome', () => {
    const decision = decide(policies.docs, subject({ organization: unknownCategory }), now);
    expect(decision).toMatchObject({ decision: 'deny', reason: 'legal_category_unknown' });
    expect(decision.unknownFacts).toEqual(['org.public_service']);
  });

  it('are not named where something else had settled the question', () => {
    const settled = policy({
      rules: [rule({ all: [{ 'org.type': 'gip' }, { 'org.population': { lt: 10 } }] })],
    });
    expect(decide(settled, subject(), now).unknownFacts).toEqual([]);
  });

  it('do not close a guard', () => {
    const guarded = policy({
      guards: [{ if: { 'org.population': { gte: 10 } }, deny: 'population_too_large' }],
      rules: [rule({ 'org.active': true })],
    });
    expect(decide(guarded, subject(), now)).toMatchObject({
      decision: 'allow',
      unknownFacts: ['org.population'],
    });
  });
});

describe('an acr that the policy does not take', () => {
  const atTchap = { approvals: [approval({ service: 'tchap' })] };

  it('asks for a step up when only the authentication is missing', () => {
    expect(decide(policies.tchap, subject(atTchap), now)).toMatchObject({
      decision: 'step_up',
      reason: 'acr_insufficient',
      requiredAcr: ['eidas1-mfa', 'eidas2', 'eidas3'],
      entitlements: [],
      level: undefined,
      validUntil: undefined,
      nextSteps: ['authenticate_stronger'],
    });
    expect(decide(policies.tchap, subject({ ...atTchap, ...withAcr('eidas1-mfa') }), now)).toMatchObject({
      decision: 'allow',
      level: 'member',
    });
  });

  it('is worth the lowest level when we do not know it', () => {
    for (const acr of ['eidas9', 'mfa', undefined]) {
      expect(decide(policies.tchap, subject({ ...atTchap, ...withAcr(acr) }), now).decision).toBe('step_up');
    }
  });
});
