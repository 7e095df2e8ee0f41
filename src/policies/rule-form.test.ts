import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoPolicy } from '../eligibility/testing/factory.ts';
import { editDocument } from './edit-document.ts';
import { policyText, readPolicyDocument } from './read-document.ts';
import { formOf, ruleOf, sayTheSame } from './rule-form.ts';
import type { RulePart } from './rule-form.ts';

const docs = demoPolicy('docs');
const text = policyText(docs);

const maybe = (name: string, values: fc.Arbitrary<string>) =>
  fc.option(
    values.map((value): [string, string][] => [[name, value]]),
    { nil: [] },
  );
const some = (name: string, values: readonly string[]) =>
  fc.subarray([...values]).map((chosen) => chosen.map((value): [string, string] => [name, value]));
const inhabitants = fc.nat(99_999).map(String);
const yes = fc.constantFrom('oui', 'non');
const conditions = fc.tuple(
  some('types', ['local_authority.commune', 'local_authority.epci', 'association.declared']),
  some('categories', ['association', 'foundation']),
  maybe('service_public', yes),
  maybe('actif', yes),
  maybe('suspendu', yes),
  maybe('departements', fc.constantFrom('56', '2A 2B', '01 971')),
  fc.option(
    fc
      .tuple(
        inhabitants,
        fc.constantFrom('lt', 'lte'),
        maybe('mesure', fc.constantFrom('municipale', 'totale')),
      )
      .map(([most, bound, measure]): [string, string][] => [
        ['population', most],
        ['borne', bound],
        ...measure,
      ]),
    { nil: [] },
  ),
  maybe('invitation', fc.constant('oui')),
  maybe('acr', fc.constantFrom('eidas1', 'eidas1-mfa', 'eidas2')),
  maybe('jusquau', fc.constantFrom('2027-12-31', '2028-02-29')),
);
const always = (entries: [string, string][]) => fc.constant(entries);
const rights = fc.constantFrom('use', 'use create_document');
const grace = fc
  .tuple(fc.integer({ min: 0, max: 90 }).map(String), maybe('grace_droits', fc.constant('use')))
  .map(([days, its]): [string, string][] => [['grace_jours', days], ['grace_niveau', 'guest'], ...its]);
interface Written {
  readonly part: RulePart;
  readonly entries: [string, string][];
}
const forms = fc.oneof(
  fc
    .tuple(conditions, fc.constantFrom('not_eligible', 'organization_closed'))
    .map(([parts, deny]): Written => ({ part: 'guards', entries: [...parts.flat(), ['refus', deny]] })),
  fc
    .tuple(
      conditions,
      rights,
      fc.option(grace, { nil: [] }),
      always([
        ['accord', 'oui'],
        ['nom', 'nouvelle'],
        ['niveau', 'member'],
        ['fondement', 'approval'],
      ]),
    )
    .map(([parts, its, after, rest]): Written => ({
      part: 'rules',
      entries: [...parts.flat(), ['droits', its], ...after, ...rest],
    })),
);
const sorted = (form: URLSearchParams | undefined) => form && [...form].map((pair) => pair.join('=')).sort();

describe('a rule in words', () => {
  it('says as a rule what the form says, and as a form what the rule says', () => {
    fc.assert(
      fc.property(forms, ({ part, entries }) => {
        const form = new URLSearchParams(entries);
        const edited = editDocument(text, { part, kind: 'add', value: ruleOf(form, part, 'docs') });
        if (edited.kind !== 'document') {
          // A guard without any condition is the only fault that these forms can have.
          expect(edited).toEqual({ kind: 'fields', fields: ['conditions'] });
          expect([part, entries.length]).toEqual(['guards', 1]);
          return;
        }
        const read = readPolicyDocument(edited.document);
        const ruling = read.kind === 'policy' ? read.policy[part].at(-1) : undefined;
        expect(ruling && sorted(formOf(ruling, 'docs'))).toEqual(sorted(form));
      }),
      { numRuns: 25 },
    );
  });

  it('has a form for the usual ones of the demo, which changes nothing', () => {
    for (const service of ['docs', 'tchap', 'visio', 'anct']) {
      const { rules, guards } = demoPolicy(service);
      const shown = [...guards, ...rules].map((one) => {
        const form = formOf(one, service);
        return form && sayTheSame(ruleOf(form, 'deny' in one ? 'guards' : 'rules', service), one);
      });
      expect(shown.filter((one) => one === false)).toEqual([]);
      // The proof of the link, and the population of the grouping.
      expect(shown.filter((one) => one === undefined)).toHaveLength(service === 'anct' ? 2 : 1);
    }
  });

  it.each([
    ['any of several', { any: [{ 'org.active': true }, { 'org.public_service': true }] }],
    ['not', { not: { 'org.active': true } }],
    ['all of one', { all: [{ 'org.active': true }] }],
    ['all within all', { all: [{ 'org.active': true }, { all: [{ 'org.active': true }] }] }],
    ['twice the same', { all: [{ 'org.active': true }, { 'org.active': false }] }],
    ['a list of one', { 'org.category': { in: ['association'] } }],
    ['a range', { 'org.population': { gte: 100, lt: 3500 } }],
    ['another service', { approval: { service: 'tchap', status: 'active' } }],
    ['a ground', { approval: { service: 'docs', status: 'active', ground: 'operator_doctrine' } }],
    ['an exact level', { 'auth.acr': 'eidas1' }],
    ['a name of every object', { constructor: true }],
  ])('has none for %s', (_name, condition) => {
    expect(formOf({ if: condition, deny: 'not_eligible' }, 'docs')).toBeUndefined();
  });
});

const edit = (document: string, change: Parameters<typeof editDocument>[1]): string => {
  const edited = editDocument(document, change);
  expect(edited).toMatchObject({ kind: 'document' });
  return edited.kind === 'document' ? edited.document : '';
};

describe('a change in the document', () => {
  const noted = text.replace('  - id: approved', '  # Asked by the committee.\n  - id: approved');

  it('moves, replaces and takes away with the notes of each, and touches nothing else', () => {
    const up = edit(noted, { part: 'rules', kind: 'up', index: 1 });
    expect(up.indexOf('# Asked')).toBeLessThan(up.indexOf('id: public-service'));
    expect(edit(up, { part: 'rules', kind: 'down', index: 0 })).toBe(noted);
    const [, approved] = docs.rules;
    const value = { ...approved, allow: { level: 'guest', entitlements: ['use'] } };
    const replaced = edit(noted, { part: 'rules', kind: 'replace', index: 1, value });
    expect(replaced).toContain('# Asked by the committee.\n  - id: approved');
    expect(edit(noted, { part: 'rules', kind: 'replace', index: 1, value: approved })).toBe(noted);
    expect(edit(noted, { part: 'rules', kind: 'remove', index: 1 })).not.toContain('approved');
  });

  it('keeps JSON readable, a policy under policies, and an empty list', () => {
    const value = { if: { 'org.active': false }, deny: 'organization_closed' };
    const json = JSON.stringify({ ...docs, guards: [] });
    const wrapped = `policies:\n  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`;
    for (const document of [json, wrapped, policyText({ ...docs, guards: [] })])
      expect(readPolicyDocument(edit(document, { part: 'guards', kind: 'add', value })).kind).toBe('policy');
  });

  it('names the fields at fault, and leaves to the hand what would change something else', () => {
    const value = {
      id: 'public-service',
      if: { all: [{ 'org.department': '1' }, { 'org.population': { lt: 'beaucoup' } }] },
      allow: { level: 'guest', entitlements: ['Use'] },
      basis: 'open',
      grace: { days: 91, level: 'guest' },
    };
    const wrong = editDocument(text, { part: 'rules', kind: 'add', value });
    expect([...(wrong.kind === 'fields' ? wrong.fields : [])].sort()).toEqual([
      'departements',
      'droits',
      'grace_jours',
      'population',
    ]);
    expect(editDocument(text, { part: 'rules', kind: 'up', index: 0 })).toEqual({ kind: 'by_hand' });
    const shared = text
      .replace('level: member', 'level: &level member')
      .replace(/level: member/u, 'level: *level');
    expect(editDocument(shared, { part: 'rules', kind: 'remove', index: 0 })).toEqual({ kind: 'by_hand' });
  });
});
