import fc from 'fast-check';
import type { OrganizationFacts } from '../../organizations/organizations.ts';
import { acrValues } from '../acr.ts';
import { reasonCodes } from '../reasons.ts';
import { grounds, levels, linkLevels } from '../subject.ts';
import type { Approval, Invitation, Subject } from '../subject.ts';
import { authority, company, dinum, organization } from './factory.ts';

/*
 * Policies and people of every shape that the vocabulary has, close enough to each other that rules are often true.
 */

const services = ['docs', 'tchap'] as const;
const day = fc.constantFrom(
  '2026-01-01',
  '2026-03-28',
  '2026-03-29',
  '2026-10-24',
  '2026-10-25',
  '2026-11-22',
  '2028-12-31',
);
export const instant = fc.date({
  min: new Date('2026-01-02T00:00:00Z'),
  max: new Date('2029-06-01T00:00:00Z'),
  noInvalidDate: true,
});

const test = fc.oneof(
  fc.record({ 'org.active': fc.boolean() }),
  fc.record({ 'org.public_service': fc.boolean() }),
  fc.record({ 'org.category': fc.constantFrom('association', 'state', 'company', 'local_authority') }),
  fc.record({ 'org.population': fc.record({ lt: fc.constantFrom(3500, 15000) }) }),
  fc.record({ 'org.epci.population': fc.record({ gte: fc.constantFrom(3500, 15000) }) }),
  fc.record({ 'org.qualifications': fc.constantFrom('rup', 'public_mission_spa') }),
  fc.record({ 'org.age_days': fc.record({ gte: fc.nat({ max: 1000 }) }) }),
  fc.record({
    approval: fc.record({
      service: fc.constantFrom(...services),
      status: fc.constantFrom('active', 'expired', 'suspended'),
    }),
  }),
  fc.record({
    invitation: fc.record({
      service: fc.constantFrom(...services),
      status: fc.constantFrom('active', 'expired'),
    }),
  }),
  fc.record({ 'user.link': fc.record({ gte: fc.constantFrom(...linkLevels) }) }),
  fc.record({ 'user.email_domain': fc.constantFrom('etat.example', 'asso.example') }),
  fc.record({ 'auth.acr': fc.record({ gte: fc.constantFrom(...acrValues) }) }),
  fc.record({ 'auth.amr': fc.constantFrom('pwd', 'otp') }),
  fc.record({ 'auth.age_s': fc.record({ lt: fc.nat({ max: 100_000 }) }) }),
  fc.record({ time: fc.oneof(fc.record({ gte: day }), fc.record({ lte: day })) }),
);

const { condition } = fc.letrec<{ condition: unknown; leaf: unknown }>((tie) => ({
  leaf: test,
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tie('leaf'),
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

export const guard = fc.record({ if: condition, deny: fc.constantFrom(...reasonCodes) });
const allowing = fc.record({
  if: condition,
  allow: fc.record({
    level: fc.constantFrom(...levels),
    entitlements: fc.array(fc.constantFrom('use', 'join', 'host'), { maxLength: 4 }),
  }),
  basis: fc.constantFrom('open', 'public_service'),
});
const byApproval = fc.record({
  if: fc.oneof(
    fc.constant({ approval: { service: 'docs', status: 'active' } }),
    condition.map((more) => ({ all: [{ approval: { service: 'docs', status: 'active' } }, more] })),
    condition.map((more) => ({ any: [{ approval: { service: 'docs', status: 'active' } }, more] })),
  ),
  allow: fc.record({ level: fc.constant('member'), entitlements: fc.constant(['use']) }),
  basis: fc.constant('approval'),
});
/** Days that reach from one of the days above to the next, or do not. */
const grace = fc.record({
  days: fc.constantFrom(0, 1, 28, 29, 90),
  level: fc.constantFrom(...levels),
});
const withGrace = fc
  .tuple(byApproval, fc.option(grace, { nil: undefined }))
  .map(([rule, goesOn]) => (goesOn === undefined ? rule : { ...rule, grace: goesOn }));

export const document = fc.record({
  service: fc.constant('docs'),
  version: fc.constant(1),
  valid_from: fc.constant('2026-01-01'),
  guards: fc.array(guard, { maxLength: 2 }),
  rules: fc
    .array(fc.oneof(allowing, withGrace), { maxLength: 4 })
    .map((rules) => rules.map((rule, index) => ({ ...rule, id: `r${index}` }))),
  default: fc.record({ deny: fc.constantFrom(...reasonCodes) }),
});
export type Document = typeof document extends fc.Arbitrary<infer T> ? T : never;

const period = fc
  .tuple(day, day)
  .map(([a, b]) => (a < b ? { startsOn: a, endsOn: b } : { startsOn: b, endsOn: a }));
const approval: fc.Arbitrary<Approval> = fc
  .tuple(
    period,
    fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      lapses: fc.constantFrom(true, true, false, undefined),
      siren: fc.constantFrom('000000109', '000000109', '000000109', '130025265'),
      service: fc.constantFrom(...services),
      level: fc.constantFrom(...levels),
      ground: fc.constantFrom(...grounds),
      status: fc.constantFrom('active', 'active', 'active', 'active', 'suspended', 'pending', 'refused'),
    }),
  )
  .map(([days, rest]) => ({ ...rest, ...days }));
const invitation: fc.Arbitrary<Invitation> = fc
  .tuple(
    period,
    fc.record({
      id: fc.constantFrom('a', 'b'),
      service: fc.constantFrom(...services),
      status: fc.constantFrom('active', 'revoked'),
    }),
  )
  .map(([days, rest]) => ({ ...rest, ...days }));

const organizations: readonly OrganizationFacts[] = [
  organization(),
  organization({
    createdOn: '2025-06-01',
    qualifications: [{ id: 'rup', startsOn: '2026-03-29', endsOn: '2026-10-25' }],
  }),
  organization({ suspended: true }),
  organization({ legalCategory: undefined }),
  organization({ establishmentState: 'F' }),
  dinum,
  company,
  authority('7210', 3500, 14999),
  authority('7346', undefined),
];

export const person: fc.Arbitrary<Subject> = fc.record({
  organization: fc.constantFrom(...organizations),
  approvals: fc.array(approval, { maxLength: 3 }),
  invitations: fc.array(invitation, { maxLength: 2 }),
  user: fc.record({
    emailDomain: fc.constantFrom('etat.example', 'asso.example', undefined),
    emailVerified: fc.boolean(),
    link: fc.constantFrom(...linkLevels),
  }),
  auth: fc.record({
    acr: fc.constantFrom(...acrValues, 'unheard-of', undefined),
    amr: fc.subarray(['pwd', 'otp', 'mfa']),
    idp: fc.constant('demo-idp'),
    authTime: instant,
  }),
  clientId: fc.constant('docs'),
});
