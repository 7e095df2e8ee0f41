import { describe, expect, test } from 'vitest';

import { organizationFacts } from './facts.ts';
import type { RegisteredOrganization } from './facts.ts';
import { parseRna, parseSiret, sirenOf } from './identifiers.ts';
import { noExceptions } from './public-service-exceptions.ts';
import { proconnectRoles } from './public-service.ts';
import { loadTerritories } from './territory-index.ts';

const territories = loadTerritories();

function registered(siret: string, changes: Partial<RegisteredOrganization> = {}): RegisteredOrganization {
  const parsed = parseSiret(siret);
  if (parsed === undefined) throw new Error(siret);
  return {
    siret: parsed,
    siren: sirenOf(parsed),
    name: 'Organisation',
    legalCategory: '9220',
    unitState: 'A',
    establishmentState: 'A',
    rna: undefined,
    communeCode: undefined,
    naf: undefined,
    createdOn: undefined,
    declaredPopulation: undefined,
    qualifications: [],
    suspended: false,
    source: 'test',
    sourceDate: '2026-11-21',
    diffusion: 'O',
    origins: {},
    statedFlags: [],
    ...changes,
  };
}

const association = '31723624800017';
const nantes = '21440109300015';
const company = '55203253400646';

describe('the facts of an organization', () => {
  test('an association is an association, not a public service', () => {
    const facts = organizationFacts(registered(association, { rna: parseRna('W751033362') }), territories);
    expect(facts).toMatchObject({
      type: 'association.declared',
      category: 'association',
      sector: 'private_law',
      publicService: false,
      publicServiceSource: 'none',
      facets: [],
      active: true,
      rna: 'W751033362',
      flags: [],
    });
  });

  test('a commune is a public service and local, from its category', () => {
    const facts = organizationFacts(registered(nantes, { legalCategory: '7210' }), territories);
    expect(facts).toMatchObject({
      type: 'local_authority.commune',
      category: 'local_authority',
      publicServiceSource: 'legal_category',
      territory: { commune: '44109' },
    });
    expect(proconnectRoles(facts)).toEqual(['agent_public', 'agent_public_territorial']);
  });

  test('a qualification stays beside the type', () => {
    const qualifications = [
      { id: 'elected_officials_association', startsOn: '2026-01-01', endsOn: undefined },
    ];
    const facts = organizationFacts(registered(association, { qualifications }), territories);
    expect(facts).toMatchObject({ type: 'association.declared', publicService: false, qualifications });
  });

  test('the declared population is a population, not a fact of its own', () => {
    const facts = organizationFacts(
      registered('00000090100009', { legalCategory: '7210', declaredPopulation: 3_499 }),
      territories,
    );
    expect(facts.territory.population?.municipal).toBe(3_499);
    expect(facts).not.toHaveProperty('declaredPopulation');
  });

  test('lists of exceptions are passed in', () => {
    const row = registered(association);
    const facts = organizationFacts(row, territories, { ...noExceptions, whitelist: new Set([row.siren]) });
    expect(facts).toMatchObject({
      type: 'association.declared',
      publicService: true,
      publicServiceSource: 'whitelist',
    });
    expect(proconnectRoles(facts)).toEqual(['agent_public']);
  });
});

describe('trap: the state of the legal unit and that of the establishment', () => {
  test('a closed establishment of a living unit is neither active nor public', () => {
    const facts = organizationFacts(
      registered(nantes, { legalCategory: '7210', establishmentState: 'F' }),
      territories,
    );
    expect(facts).toMatchObject({
      active: false,
      publicService: false,
      facets: [],
      flags: ['unit_open_establishment_closed'],
    });
  });

  test('an open establishment of a ceased unit is not active, and looks wrong', () => {
    const facts = organizationFacts(
      registered(nantes, { legalCategory: '7210', unitState: 'C' }),
      territories,
    );
    expect(facts).toMatchObject({
      active: false,
      publicService: false,
      flags: ['unit_closed', 'unit_closed_establishment_open'],
    });
  });
});

describe('trap: 3 500 inhabitants are not less than 3 500', () => {
  test.each([
    ['213800618', 3_500],
    ['214401556', 3_500],
    ['215600586', 3_499],
  ])('commune %s counts exactly %i', (siren, inhabitants) => {
    expect(territories.communeBySiren(siren)?.population?.municipal).toBe(inhabitants);
  });
});

describe('faults of the register are flagged and change nothing', () => {
  test('an RNA number on a company does not make it an association', () => {
    const stray = { legalCategory: '5599', rna: parseRna('W751033362') };
    const facts = organizationFacts(registered(company, stray), territories);
    expect(facts).toMatchObject({ type: 'company', category: 'company', flags: ['rna_on_non_association'] });
  });

  test.each([undefined, '9999'])('legal category %j is unknown, and public for nobody', (legalCategory) => {
    const facts = organizationFacts(registered(association, { legalCategory }), territories);
    expect(facts).toMatchObject({
      type: 'unknown',
      category: 'unknown',
      sector: 'unknown',
      publicService: false,
      flags: ['legal_category_unknown'],
    });
  });

  test('an RNA number without a known category is no fault, and no type either', () => {
    const row = registered(association, { legalCategory: undefined, rna: parseRna('W751033362') });
    expect(organizationFacts(row, territories)).toMatchObject({
      type: 'unknown',
      flags: ['legal_category_unknown'],
    });
  });

  test('a commune that does not exist', () => {
    expect(organizationFacts(registered(association, { communeCode: '99999' }), territories).flags).toEqual([
      'commune_unknown',
    ]);
  });
});

describe('an operator’s word', () => {
  const author = { given_name: 'Anne', usual_name: 'Martin', capacity: 'responsable', organization: 'DINUM' };
  const correction = { reason: 'le code désigne autre chose', author, at: '2026-11-20T09:00:00Z' };
  const type = {
    source: 'operator',
    label: 'décision d’un opérateur',
    asOf: '2026-11-20',
    correction,
  } as const;

  test.each([
    ['Paris, coded 7229', '21750001600019', '7229', 'local_authority.commune', 'public_law'],
    ['a syndicate for one purpose, coded 7345', '20008142000024', '7345', 'local_grouping', 'public_law'],
    ['an association that is a foundation', association, '9220', 'foundation', 'private_law'],
    ['an organization whose category is unknown', association, '9999', 'association.declared', 'private_law'],
  ] as const)('%s: the type is the operator’s, and one sees why', (_, siret, code, typeOverride, sector) => {
    const row = registered(siret, { legalCategory: code, typeOverride, origins: { type } });
    const facts = organizationFacts(row, territories);
    expect(facts).toMatchObject({
      legalCategory: code,
      type: typeOverride,
      category: typeOverride.split('.')[0],
      sector,
      flags: [],
      origins: { type: { correction } },
    });
  });

  test('a type changes nothing of public service: that is a decision of its own', () => {
    const row = registered(association, { typeOverride: 'gip' });
    expect(organizationFacts(row, territories).publicService).toBe(false);
    const decided = { public: true, facets: ['local'], source: 'operator' } as const;
    const facts = organizationFacts({ ...row, publicServiceStated: decided }, territories);
    expect([facts.publicServiceSource, proconnectRoles(facts)]).toEqual([
      'operator_decision',
      ['agent_public', 'agent_public_territorial'],
    ]);
  });

  test('what decided of public service is named: the list, the operator, the category', () => {
    const lists = { ...noExceptions, label: 'listes', asOf: '2026-11-21' };
    const row = registered(association, {
      origins: { legalCategory: { source: 'sirene', label: 'INSEE', asOf: '2026-11-01' } },
    });
    const originIn = (exceptions: typeof lists, changes: Partial<RegisteredOrganization> = {}): string =>
      organizationFacts({ ...row, ...changes }, territories, exceptions).publicServiceOrigin.label;
    expect(originIn(lists)).toBe('INSEE');
    expect(originIn({ ...lists, lolf: new Set([row.siren]) })).toBe('listes');
    expect(
      originIn(lists, {
        publicServiceStated: { public: true, facets: [], source: 'operator' },
        origins: { publicService: { source: 'operator', label: 'opérateur', asOf: '2026-11-20' } },
      }),
    ).toBe('opérateur');
  });
});

test('facts of a source that no longer answers are stale, and say so', () => {
  const facts = organizationFacts(registered(association, { stale: true }), territories);
  expect([facts.stale, facts.flags]).toEqual([true, ['stale']]);
  expect(organizationFacts(registered(association), territories).stale).toBe(false);
});
