import { describe, expect, test } from 'vitest';
import type { FactOrigin, Origins } from '../organizations/organizations.ts';
import { organizationPredicates } from './organization-predicates.ts';
import { now, organization, subject } from './testing/factory.ts';

const from = (label: string, asOf: string): FactOrigin => ({ source: 'sirene', label, asOf });

/** Every fact said by a source of its own. */
const origins: Origins = {
  legalCategory: from('category', '2026-01-01'),
  unitState: from('unit', '2026-01-02'),
  createdOn: from('creation', '2026-01-03'),
};
const establishmentOrigin = { label: 'establishment', asOf: '2026-01-04' };

function answer(
  name: string,
  literal: unknown,
  changes: Parameters<typeof organization>[0] = {},
): readonly [string, string] {
  const compiled = organizationPredicates[name]?.compile(name, literal);
  const facts = organization({ origins, establishmentOrigin, createdOn: '2000-01-01', ...changes });
  const reading = compiled?.test({
    subject: subject({ organization: facts }),
    organization: facts,
    service: 'docs',
    measure: 'municipale',
    now,
    today: '2026-11-22',
  }).reading;
  return [reading?.source ?? '', reading?.asOf ?? ''];
}

describe('each fact has the source and the date of those who said it', () => {
  test.each([
    ['org.type', 'association.declared', 'category', '2026-01-01'],
    ['org.category', 'association', 'category', '2026-01-01'],
    ['org.sector', 'private_law', 'category', '2026-01-01'],
    ['org.legal_category', '9220', 'category', '2026-01-01'],
    ['org.public_service', true, 'category', '2026-01-01'],
    ['org.facets', 'state', 'category', '2026-01-01'],
    ['org.age_days', { gte: 1 }, 'creation', '2026-01-03'],
    ['org.department', '56', 'establishment', '2026-01-04'],
    ['org.region', '53', 'establishment', '2026-01-04'],
    ['org.commune', '56260', 'establishment', '2026-01-04'],
    ['org.naf', '9499Z', 'establishment', '2026-01-04'],
    ['org.population', { lt: 3_500 }, 'establishment', '2026-01-04'],
    ['org.siren', '000000109', 'demo', '2026-11-01'],
    ['org.siret', '00000010900009', 'demo', '2026-11-01'],
    ['org.qualifications', 'france_services', 'operators', '2026-11-22'],
    ['org.suspended', false, 'operators', '2026-11-22'],
  ])('%s', (name, literal, source, asOf) => {
    expect(answer(name, literal)).toEqual([source, asOf]);
  });

  test.each([
    ['org.department', '56'],
    ['org.region', '53'],
    ['org.commune', '56260'],
  ])(
    '%s, where an operator said the commune, is the operator’s; a register’s word of the unit is not',
    (name, literal) => {
      const said = (source: 'operator' | 'rna') => ({
        origins: { ...origins, commune: { source, label: 'decision', asOf: '2026-11-20' } },
      });
      expect(answer(name, literal, said('operator'))).toEqual(['decision', '2026-11-20']);
      expect(answer(name, literal, said('rna'))).toEqual(['establishment', '2026-01-04']);
    },
  );

  test('the type that an operator corrected is the operator’s', () => {
    const corrected = { ...origins, type: from('decision', '2026-11-20') };
    expect(answer('org.type', 'gip', { origins: corrected, typeOverride: 'gip' })).toEqual([
      'decision',
      '2026-11-20',
    ]);
    expect(answer('org.legal_category', '9220', { origins: corrected })).toEqual(['category', '2026-01-01']);
  });

  test('public service decided by an operator is the operator’s', () => {
    const decided = { ...origins, publicService: from('decision', '2026-11-20') };
    const publicServiceStated = { public: true, facets: ['local'], source: 'operator' } as const;
    expect(answer('org.public_service', true, { origins: decided, publicServiceStated })).toEqual([
      'decision',
      '2026-11-20',
    ]);
  });

  test.each([
    ['both are active: the older word', {}, 'unit', '2026-01-02'],
    ['the unit is closed', { unitState: 'C' }, 'unit', '2026-01-02'],
    ['the establishment is closed', { establishmentState: 'F' }, 'establishment', '2026-01-04'],
    [
      'both are active, the establishment known for longer',
      { establishmentOrigin: { label: 'establishment', asOf: '2025-12-31' } },
      'establishment',
      '2025-12-31',
    ],
  ] as const)('org.active when %s', (_, changes, source, asOf) => {
    expect(answer('org.active', true, changes)).toEqual([source, asOf]);
  });

  test('a row that says nothing of its sources answers for all of it', () => {
    const row = { origins: {}, establishmentOrigin: undefined };
    for (const name of ['org.type', 'org.active', 'org.age_days', 'org.commune', 'org.public_service']) {
      const literal = { 'org.age_days': { gte: 1 }, 'org.commune': '56260', 'org.type': 'gip' }[name] ?? true;
      expect(answer(name, literal, row)).toEqual(['demo', '2026-11-01']);
    }
  });
});
