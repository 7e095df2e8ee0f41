import { describe, expect, test } from 'vitest';

import { parseRna } from './identifiers.ts';
import { isAssociation, legalCategories, legalCategory } from './legal-category.ts';
import { organizationCategory, organizationTypeLabel, organizationTypes } from './organization-type.ts';
import type { OrganizationType } from './organization-type.ts';

const codes = (text: string): string[] => text.split(' ');

/** The taxonomy, written a second time by hand. `company` is what is left of families 5 and 6. */
const expectedTypes: Partial<Record<OrganizationType, string>> = {
  'state.central': '7111 7113 7120 7382',
  'state.independent_authority': '7112',
  'state.defence': '7150',
  'state.national_service': '7160 7190',
  'state.deconcentrated': '7171 7172 7179',
  'state.central_bank': '4160',
  'public_establishment.national': '7384 7385 7389 7450',
  'public_establishment.higher_education': '7383',
  'public_establishment.commercial_national': '4110 4120 4130',
  'public_establishment.commercial_local': '4140 4150',
  'local_authority.commune': '7210',
  'local_authority.sub_commune': '7312 7313 7314 7341',
  'local_authority.department': '7220',
  'local_authority.region': '7230',
  'local_authority.special': '7225 7229',
  'local_authority.epci': '7342 7343 7344 7346 7347 7348',
  local_grouping: '7340 7345 7349 7351 7352 7353 7354 7355 7356 7357',
  local_establishment: '7362 7373 7378 7379',
  'local_establishment.social_action': '7361 7367',
  'local_establishment.housing': '7371',
  'local_establishment.fire_rescue': '7372',
  'local_establishment.credit': '7363',
  'school.public_local': '7331',
  'health.public_hospital': '7364 7365',
  'health.public_social_care': '7366',
  'health.cooperation_public': '7470',
  gip: '7410',
  chamber: '7381',
  landowner_union: '7321 7322 7323',
  public_other: '7430 7490',
  social_security: '8110 8120 8140 8150 8160 8170',
  professional_order: '8450',
  'association.declared': '9220 9221 9222 9223 9224',
  'association.public_utility': '9230',
  'association.local_law': '9260 5195',
  'association.undeclared': '9210',
  congregation: '9240',
  foundation: '9300',
  trade_union: '8410',
  employers_union: '8420',
  professional_body: '8470 8490',
  works_council: '8310 8311',
  mutual: '8210 8250 8290 6411',
  welfare_institution: '8130 8190 8510 8520',
  'company.semi_public': '5415 5430 5510 5515 5530 5610 5615 5630',
  'company.social_housing': '5546 5547 5646 5647',
  sole_trader: '1000',
  'health.cooperation_private': '9970',
  co_ownership: '9110',
  private_landowner_union: '9150',
  religious_parish: '2700',
  private_other: '6901 9900',
  unincorporated: '0000 2110 2120 2210 2220 2310 2320 2385 2400 2800 2900',
  international_organisation: '3205',
  'foreign.public': '3210',
  'foreign.public_trading': '3110',
  'foreign.private': '3120 3220 3290',
};

const expectedType = new Map(
  Object.entries(expectedTypes).flatMap(([type, list]) => codes(list).map((code) => [code, type] as const)),
);

/** ProConnect's table of 78 codes by its three flags. `hospital` is a facet of ours, for the two hospital categories. */
const expectedFacets = new Map(
  Object.entries({
    '': '4110 4120 4140 4150 5430 5530 5546 5630 7321 7322 7323 7410',
    'state,spa':
      '4160 7111 7112 7113 7120 7150 7160 7171 7172 7179 7190 7382 7383 7384 7385 7389 7430 7450 ' +
      '8110 8120 8140 8150 8160 8170',
    'local,spa':
      '7210 7220 7225 7229 7230 7312 7313 7314 7340 7341 7342 7343 7344 7346 7347 7348 7351 7352 7353 7354 7355 7356 ' +
      '7357 7361 7362 7366 7367 7371 7373 7378 7379',
    local: '7345 7349 7363',
    'state,local,spa': '7372',
    spa: '7331 7381 7470 7490 8450',
    'spa,hospital': '7364 7365',
  }).flatMap(([facets, list]) => codes(list).map((code) => [code, facets] as const)),
);

describe('the 260 legal categories of INSEE', () => {
  test('are all there, once', () => {
    expect(legalCategories).toHaveLength(260);
    expect(new Set(legalCategories.map(({ code }) => code)).size).toBe(260);
  });

  test.each(legalCategories.map((category) => [category.code ?? '', category.type] as const))(
    '%s is %s',
    (code, type) => {
      const family = /^[56]/.test(code) ? 'company' : 'no type expected';
      expect(type).toBe(expectedType.get(code) ?? family);
      expect(legalCategory(code).type).toBe(type);
    },
  );

  test('the leading zero of 0000 is kept', () => {
    expect(legalCategory('0000').type).toBe('unincorporated');
    expect(legalCategory('0').type).toBe('unknown');
  });

  test('every code expected exists', () => {
    expect([...expectedType.keys()].filter((code) => legalCategory(code).type === 'unknown')).toEqual([]);
  });

  test('every sector follows from the family, with the exceptions of the taxonomy', () => {
    for (const { code = '', sector } of legalCategories) {
      if (/^[47]/.test(code)) expect(sector, code).toBe('public_law');
      else if (/^(?:81[1-2]0|81[4-7]0|8450)$/.test(code))
        expect(sector, code).toBe('private_law_public_mission');
      else if (code.startsWith('3')) expect(sector, code).toBe('foreign_or_international');
      else expect(sector, code).toBe('private_law');
    }
  });
});

describe('a code that we do not know', () => {
  test.each([undefined, '', '9999', '7', '72100', 'abcd', '__proto__', 'constructor'])(
    '%j is unknown, never public',
    (code) => {
      expect(legalCategory(code)).toMatchObject({
        code,
        type: 'unknown',
        sector: 'unknown',
        publicService: false,
        facets: [],
      });
    },
  );
});

describe('an association', () => {
  const rna = parseRna('W751033362');

  test.each(codes('9210 9220 9221 9222 9223 9224 9230 9260 5195'))('is category %s', (code) => {
    expect(isAssociation(code, undefined)).toBe(true);
  });

  test('is none of the 251 others, even with an RNA number', () => {
    const others = legalCategories.filter(({ type }) => !type.startsWith('association.'));
    expect(others).toHaveLength(251);
    expect(others.filter(({ code }) => isAssociation(code, rna))).toEqual([]);
  });

  test('without a category we know, the RNA number tells', () => {
    expect(isAssociation(undefined, rna)).toBe(true);
    expect(isAssociation(undefined, undefined)).toBe(false);
    expect(isAssociation('9999', rna)).toBe(true);
  });

  test('a new code of family 92 is one', () => {
    expect(isAssociation('9250', undefined)).toBe(true);
  });
});

describe("ProConnect's table of public categories", () => {
  test('holds 78 codes', () => {
    expect(expectedFacets.size).toBe(78);
    expect(legalCategories.filter(({ publicService }) => publicService)).toHaveLength(78);
  });

  test('holds no association and no foundation', () => {
    expect(
      legalCategories.filter(({ code = '', publicService }) => publicService && /^9/.test(code)),
    ).toEqual([]);
  });

  test.each(legalCategories.map((category) => [category.code ?? '', category] as const))(
    'treats %s as expected',
    (code, category) => {
      expect(category.publicService).toBe(expectedFacets.has(code));
      expect(category.facets.join()).toBe(expectedFacets.get(code) ?? '');
    },
  );
});

describe('the names of the types', () => {
  test.each(organizationTypes)('%s has a French and an English name', (type) => {
    expect(organizationTypeLabel(type, 'fr')).toMatch(/^\p{L}/u);
    expect(organizationTypeLabel(type, 'en')).toMatch(/^\p{L}/u);
  });

  test('are distinct in each language', () => {
    for (const language of ['fr', 'en'] as const) {
      const labels = organizationTypes.map((type) => organizationTypeLabel(type, language));
      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  test('say what people say', () => {
    expect(organizationTypeLabel('association.declared', 'fr')).toBe('association déclarée');
    expect(organizationTypeLabel('local_authority.commune', 'fr')).toBe('commune');
    expect(organizationTypeLabel('state.central', 'fr')).toBe('service central de l’État');
  });

  test('the category is the first segment', () => {
    expect(organizationCategory('association.declared')).toBe('association');
    expect(organizationCategory('local_establishment.social_action')).toBe('local_establishment');
    expect(organizationCategory('gip')).toBe('gip');
  });
});
