import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../eligibility/eligibility.ts';
import type { OrganizationFacts } from '../organizations/organizations.ts';
import { now, organization } from '../eligibility/testing/factory.ts';
import { effectOf, endsAlone, onlyCloses, shownDigest } from './effect.ts';
import type { Rules } from './effect.ts';

const exception = organization({
  publicServiceStated: { public: true, facets: ['state'], source: 'operator' },
});
const plain = organization();

const policyOf = (service: string, conditions: readonly object[]) =>
  parsePolicy({
    service,
    version: 1,
    valid_from: '2026-01-01',
    guards: [],
    rules: conditions.map((condition, at) => ({
      id: `rule-${at}`,
      if: condition,
      allow: { level: at === 0 ? 'member' : 'guest', entitlements: ['use'] },
      basis: 'open',
    })),
    default: { deny: 'not_eligible' },
  });

/** A rule for public services; and what another one, or another service, would give instead. */
const isPublic = { 'org.public_service': true };
const rules = (services: Readonly<Record<string, readonly object[]>>): Rules => ({
  services: Object.keys(services),
  policyFor: (service) => ({ policy: policyOf(service, services[service] ?? []), replacedAt: undefined }),
  approvals: [],
  now,
});
const between = (before: OrganizationFacts, after: OrganizationFacts, known: Rules) =>
  effectOf({ facts: { before, after } }, known);

describe('what an exception opens and closes', () => {
  const known = rules({ docs: [isPublic], visio: [{ 'org.active': true }] });

  test('by the decision of each service, with the facts as they are and as they would be', () => {
    const made = between(plain, exception, known);
    expect(made?.map(({ service, verdict }) => [service, verdict])).toEqual([
      ['docs', 'gains'],
      ['visio', 'unchanged'],
    ]);
    const ended = between(exception, plain, known);
    expect(ended?.map(({ verdict }) => verdict)).toEqual(['loses', 'unchanged']);
  });

  test('is not known while nobody can sign in', () => {
    expect(effectOf({ facts: undefined }, known)).toBeUndefined();
  });

  test('is not the same page once a rule or the fact is another', () => {
    const value = { public: false, facets: [] };
    const one = shownDigest({ value }, between(plain, exception, known));
    expect(shownDigest({ value }, between(plain, exception, known))).toBe(one);
    expect(shownDigest({ value: undefined }, between(plain, exception, known))).not.toBe(one);
    expect(shownDigest({ value }, between(plain, exception, rules({ docs: [isPublic] })))).not.toBe(one);
  });
});

describe('one person ends an exception at once, when that only closes', () => {
  test.each<readonly [string, Readonly<Record<string, readonly object[]>>, boolean]>([
    ['a service closes', { docs: [isPublic] }, true],
    ['a service gives less', { docs: [isPublic, { 'org.active': true }] }, true],
    ['nothing changes: there is no hurry', { visio: [{ 'org.active': true }] }, false],
    ['one closes, another opens', { docs: [isPublic], tchap: [{ 'org.public_service': false }] }, false],
    [
      'one closes, another may open for people of a domain, whom nobody knows here',
      {
        docs: [isPublic],
        tchap: [{ all: [{ 'org.public_service': false }, { 'user.email_domain': 'a.example' }] }],
      },
      false,
    ],
  ])('%s', (_what, services, atOnce) => {
    expect(onlyCloses(between(exception, plain, rules(services)))).toBe(atOnce);
  });

  test('but not that of an RNA number, with which a statement moves, nor of the commune of every establishment', () => {
    const closes = between(exception, plain, rules({ docs: [isPublic] }));
    expect(endsAlone({ kind: 'end', fact: 'publicService' }, closes)).toBe(true);
    for (const fact of ['rna', 'commune']) expect(endsAlone({ kind: 'end', fact }, closes)).toBe(false);
    expect(endsAlone({ kind: 'correct', fact: 'publicService' }, closes)).toBe(false);
  });

  test('never without knowing', () => {
    expect(onlyCloses(undefined)).toBe(false);
  });
});
