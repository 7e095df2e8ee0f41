import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parsePolicy, policyHash, policyInForce, policySchema } from './policy.ts';
import { demoDocument, demoPolicy, policy, rule } from './testing/factory.ts';

const base = {
  service: 'docs',
  version: 1,
  valid_from: '2026-01-01',
  guards: [],
  rules: [rule({ 'org.active': true })],
  default: { deny: 'not_eligible' },
};

/** Paths of the faults, with the message. */
function faults(document: unknown): readonly string[] {
  const result = policySchema.safeParse(document);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
const ofCondition = (condition: unknown): readonly string[] => faults({ ...base, rules: [rule(condition)] });

describe('the demonstration policies', () => {
  it.each(['docs', 'tchap', 'visio', 'anct'])('%s reads, and names its own service', (service) => {
    expect(demoPolicy(service).service).toBe(service);
  });
});

describe('a document that is refused, with its path', () => {
  it.each([
    ['an unknown predicate', { 'org.colour': 'blue' }, /^rules\.0\.if: unknown predicate: org\.colour$/],
    [
      'one deep inside',
      { all: [{ not: { any: [{ 'org.active': true }, { role: 'x' }] } }] },
      /^rules\.0\.if\.all\.0\.not\.any\.1: unknown predicate: role$/,
    ],
    [
      'a type that does not exist',
      { 'org.type': 'association.fictive' },
      /^rules\.0\.if\.org\.type: expected a type/,
    ],
    [
      'a number where digits are meant',
      { 'org.legal_category': 7210 },
      /^rules\.0\.if\.org\.legal_category: expected/,
    ],
    ['a text where a truth value is meant', { 'org.active': 'yes' }, /^rules\.0\.if\.org\.active: /],
    [
      'a regular expression',
      { 'user.email_domain': { regex: '.*\\.gouv\\.fr' } },
      /^rules\.0\.if\.user\.email_domain: /,
    ],
    ['a pattern in a literal', { 'user.email_domain': '*.gouv.fr' }, /^rules\.0\.if\.user\.email_domain: /],
    ['a pattern in slashes', { 'org.siret': '/^130/' }, /^rules\.0\.if\.org\.siret: /],
    [
      'a bound that is not a number',
      { 'org.population': { lt: '3500' } },
      /^rules\.0\.if\.org\.population\.lt: /,
    ],
    ['an unknown bound', { 'org.population': { below: 3500 } }, /^rules\.0\.if\.org\.population: /],
    [
      'no bound at all',
      { 'org.population': { measure: 'totale' } },
      /expected at least one of lt, lte, gt, gte/,
    ],
    ['an exact population', { 'org.population': 3500 }, /^rules\.0\.if\.org\.population: /],
    [
      'an unknown measure',
      { 'org.population': { lt: 1, measure: 'légale' } },
      /^rules\.0\.if\.org\.population\.measure: /,
    ],
    ['a SIREN with a wrong key', { 'org.siren': '130025266' }, /^rules\.0\.if\.org\.siren: /],
    ['an acr that does not exist', { 'auth.acr': { gte: 'eidas4' } }, /^rules\.0\.if\.auth\.acr: /],
    ['a link that does not exist', { 'user.link': { lt: 'sworn' } }, /^rules\.0\.if\.user\.link: /],
    ['an approval of no service', { approval: { status: 'active' } }, /^rules\.0\.if\.approval\.service: /],
    [
      'an unknown status',
      { approval: { service: 'docs', status: 'ok' } },
      /^rules\.0\.if\.approval\.status: /,
    ],
    [
      'an extra key in an approval',
      { approval: { service: 'docs', status: 'active', name: 'x' } },
      /^rules\.0\.if\.approval: /,
    ],
    [
      'an unknown ground',
      { approval: { service: 'docs', status: 'active', ground: 'habit' } },
      /^rules\.0\.if\.approval\.ground: /,
    ],
    ['an empty list', { 'org.type': { in: [] } }, /^rules\.0\.if\.org\.type\.in: /],
    ['the type of what has none', { 'org.type': 'unknown' }, /^rules\.0\.if\.org\.type: /],
    ['nothing to combine', { all: [] }, /^rules\.0\.if\.all: /],
    ['nothing at all', {}, /^rules\.0\.if: expected exactly one predicate/],
    [
      'two predicates in one condition',
      { 'org.active': true, 'org.suspended': false },
      /^rules\.0\.if: expected exactly one/,
    ],
    ['a list as condition', [{ 'org.active': true }], /^rules\.0\.if: /],
    ['a day that does not exist', { time: { lt: '2026-02-30' } }, /^rules\.0\.if\.time\.lt: /],
    ['a département that does not exist', { 'org.department': '20' }, /^rules\.0\.if\.org\.department: /],
    ['the prototype as predicate', JSON.parse('{"__proto__": true}'), /^rules\.0\.if: /],
  ] as const)('%s', (_name, condition, message) => {
    expect(ofCondition(condition).join('\n')).toMatch(message);
  });

  it.each([
    ['an extra key', { ...base, comment: 'x' }, /^: .*comment/],
    [
      'an extra key in a rule',
      { ...base, rules: [rule({ 'org.active': true }, { deny: 'not_eligible' })] },
      /^rules\.0: /,
    ],
    [
      'an unknown level',
      { ...base, rules: [rule({ 'org.active': true }, { allow: { level: 'owner', entitlements: [] } })] },
      /^rules\.0\.allow\.level: /,
    ],
    [
      'an unknown basis',
      { ...base, rules: [rule({ 'org.active': true }, { basis: 'habit' })] },
      /^rules\.0\.basis: /,
    ],
    [
      'an unknown reason',
      { ...base, guards: [{ if: { 'org.active': false }, deny: 'because' }] },
      /^guards\.0\.deny: /,
    ],
    [
      'an unknown next step',
      { ...base, default: { deny: 'not_eligible', next_steps: ['pray'] } },
      /^default\.next_steps\.0: /,
    ],
    [
      'a malformed entitlement',
      {
        ...base,
        rules: [rule({ 'org.active': true }, { allow: { level: 'member', entitlements: ['Use All'] } })],
      },
      /^rules\.0\.allow\.entitlements\.0: /,
    ],
    [
      'two rules of one name',
      { ...base, rules: [rule({ 'org.active': true }), rule({ 'org.active': true })] },
      /^rules\.1\.id: rule only is there twice/,
    ],
    ['no default', { ...base, default: undefined }, /^default: /],
    ['a version that is not whole', { ...base, version: 1.5 }, /^version: /],
    ['a date with a time', { ...base, valid_from: '2026-01-01T00:00:00Z' }, /^valid_from: /],
    [
      'basis approval without approval',
      { ...base, rules: [rule({ 'org.active': true }, { basis: 'approval' })] },
      /^rules\.0\.basis: basis approval needs/,
    ],
    [
      'basis approval on its absence',
      {
        ...base,
        rules: [rule({ not: { approval: { service: 'docs', status: 'active' } } }, { basis: 'approval' })],
      },
      /^rules\.0\.basis: /,
    ],
    [
      'basis invitation without invitation',
      { ...base, rules: [rule({ 'org.active': true }, { basis: 'invitation' })] },
      /^rules\.0\.basis: /,
    ],
  ])('%s', (_name, document, message) => {
    expect(faults(document).join('\n')).toMatch(message);
  });

  it('throws a ZodError', () => {
    expect(() => parsePolicy({ ...base, rules: 'none' })).toThrow(z.ZodError);
  });

  it('is never read by chance', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => !policySchema.safeParse(value).success));
  });
});

describe('the hash of a policy', () => {
  it('does not depend on the order of keys', () => {
    const { service, version, ...rest } = demoDocument('docs');
    expect(policyHash(parsePolicy({ ...rest, version, service }))).toBe(policyHash(demoPolicy('docs')));
    expect(policyHash(demoPolicy('docs'))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('changes with every word of the meaning', () => {
    const hashes = [
      policy({}),
      policy({ version: 4 }),
      policy({ measure: 'totale' }),
      policy({ default: { deny: 'approval_missing' } }),
      policy({ rules: [rule({ 'org.active': true })] }),
      policy({ rules: [rule({ 'org.active': false })] }),
      policy({ rules: [rule({ 'org.active': true }, { id: 'other' })] }),
    ].map(policyHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('stands on a document that cannot change any more', () => {
    const parsed = demoPolicy('docs');
    expect(Object.isFrozen(parsed)).toBe(true);
    expect(Object.isFrozen(parsed.rules)).toBe(true);
    expect(Object.isFrozen(parsed.rules[0]?.if)).toBe(true);
    expect(Object.isFrozen(parsed.rules[0]?.allow.entitlements)).toBe(true);
  });
});

describe('the version in force', () => {
  const first = policy({ version: 1, valid_from: '2026-01-01' });
  const second = policy({ version: 2, valid_from: '2026-10-25' });
  const third = policy({ version: 3, valid_from: '2026-10-25' });
  const at = (iso: string): unknown => {
    const found = policyInForce([second, first, third], new Date(iso));
    return found && { version: found.policy.version, replacedAt: found.replacedAt?.toISOString() };
  };

  it('changes at midnight in Paris', () => {
    expect(at('2025-12-31T22:59:59Z')).toBeUndefined();
    expect(at('2025-12-31T23:00:00Z')).toEqual({ version: 1, replacedAt: '2026-10-24T22:00:00.000Z' });
    expect(at('2026-10-24T21:59:59Z')).toEqual({ version: 1, replacedAt: '2026-10-24T22:00:00.000Z' });
    expect(at('2026-10-24T22:00:00Z')).toEqual({ version: 3, replacedAt: undefined });
  });
});
