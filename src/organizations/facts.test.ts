import { describe, expect, test } from 'vitest';

import { organizationFacts } from './facts.ts';
import type { RegisteredOrganization } from './facts.ts';
import { parseRna, parseSiret, sirenOf } from './identifiers.ts';
import { noExceptions, proconnectRoles } from './public-service.ts';
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
      flags: ['unit_closed_establishment_open'],
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
