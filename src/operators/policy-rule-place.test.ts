import { expect, test } from 'vitest';
import { parsePolicy } from '../eligibility/eligibility.ts';
import { markOf } from './policy-rule-list.ts';
import { foundAgain } from './policy-rule-place.ts';

const guard = (siren: string) => ({ if: { 'org.siren': siren }, deny: 'organization_suspended' });
const rule = (id: string, category: string) => ({
  id,
  if: { 'org.category': category },
  allow: { level: 'member', entitlements: ['use'] },
  basis: 'open',
});
const policyOf = (guards: readonly object[], rules: readonly object[]) =>
  parsePolicy({
    service: 'docs',
    version: 2,
    valid_from: '2027-01-01',
    guards,
    rules,
    default: { deny: 'not_eligible' },
  });
const opened = policyOf([guard('130025265')], [rule('a', 'state'), rule('b', 'association')]);
const [ruleA] = opened.rules;
const [guardA] = opened.guards;
if (ruleA === undefined || guardA === undefined) throw new Error('no rule');
const ofRule = { part: 'rules', mark: markOf(ruleA), id: 'a' } as const;
const ofGuard = { part: 'guards', mark: markOf(guardA), id: '' } as const;

test.each([
  ['in its place', opened, ofRule, { kind: 'same', index: 0 }],
  ['moved', policyOf([], [rule('b', 'association'), rule('a', 'state')]), ofRule, { kind: 'same', index: 1 }],
  [
    'changed, under its name',
    policyOf([], [rule('b', 'state'), rule('a', 'company')]),
    ofRule,
    { kind: 'changed', index: 1 },
  ],
  ['taken away', policyOf([], [rule('b', 'association')]), ofRule, { kind: 'gone' }],
  [
    'a closing that is still there',
    policyOf([guard('338365059'), guard('130025265')], [ruleA]),
    ofGuard,
    { kind: 'same', index: 1 },
  ],
  [
    'a closing that says something else, and has no name',
    policyOf([guard('338365059')], [ruleA]),
    ofGuard,
    { kind: 'gone' },
  ],
  ['a new one', opened, { part: 'rules', mark: '', id: '' }, { kind: 'same' }],
] as const)('a rule of a form is found again: %s', (_name, policy, origin, expected) => {
  expect(foundAgain(origin, policy)).toEqual({ index: undefined, ...expected });
});
