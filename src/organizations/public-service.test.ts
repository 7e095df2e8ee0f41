import { describe, expect, test } from 'vitest';

import type { Siren } from './identifiers.ts';
import { parseSiren } from './identifiers.ts';
import { noExceptions } from './public-service-exceptions.ts';
import { isPublicService, proconnectRoles, publicServiceVerdict } from './public-service.ts';
import type { PublicServiceSubject } from './public-service.ts';

const siren = (text: string): Siren => {
  const parsed = parseSiren(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

const dinum = siren('130025265');
const subject = (
  legalCategory: string | undefined,
  states: Partial<PublicServiceSubject> = {},
): PublicServiceSubject => ({
  siren: dinum,
  legalCategory,
  unitState: 'A',
  establishmentState: 'A',
  ...states,
});
const rolesOf = (legalCategory: string): string[] => {
  const { publicService, facets } = publicServiceVerdict(subject(legalCategory));
  return proconnectRoles({ publicService, facets });
};

describe('the roles that ProConnect gives', () => {
  test.each([
    ['7120', ['agent_public', 'agent_public_etat']],
    ['7210', ['agent_public', 'agent_public_territorial']],
    ['7345', ['agent_public', 'agent_public_territorial']],
    ['7372', ['agent_public', 'agent_public_etat', 'agent_public_territorial']],
    ['7321', ['agent_public']],
    ['7364', ['agent_public']],
    ['7410', ['agent_public']],
    ['4110', ['agent_public']],
    ['9220', []],
    ['9230', []],
    ['9260', []],
    ['9300', []],
    ['5510', []],
    ['4130', []],
    ['9999', []],
  ])('to category %s are %j', (code, roles) => {
    expect(rolesOf(code)).toEqual(roles);
  });

  test('no facet makes a role without public service', () => {
    expect(proconnectRoles({ publicService: false, facets: ['state', 'local'] })).toEqual([]);
  });
});

describe('trap 1: both states count', () => {
  test.each([
    ['A', 'A', true],
    ['A', 'F', false],
    ['C', 'A', false],
    ['C', 'F', false],
  ] as const)('unit %s, establishment %s: public is %s', (unitState, establishmentState, expected) => {
    expect(isPublicService(subject('7210', { unitState, establishmentState }))).toBe(expected);
  });

  test('a closed establishment keeps no facet either', () => {
    expect(publicServiceVerdict(subject('7210', { establishmentState: 'F' }))).toEqual({
      publicService: false,
      source: 'none',
      facets: [],
    });
  });

  test('no list opens what is closed', () => {
    const exceptions = { ...noExceptions, lolf: new Set([dinum]), whitelist: new Set([dinum]) };
    const publicServiceStated = { public: true, facets: ['state'], source: 'operator' } as const;
    for (const closed of [{ unitState: 'C' }, { establishmentState: 'F' }] as const) {
      expect(isPublicService(subject('9220', closed), exceptions)).toBe(false);
      expect(isPublicService(subject('9220', { ...closed, publicServiceStated }))).toBe(false);
    }
  });
});

describe('trap 2: the lists of exceptions', () => {
  test('are empty unless given', () => {
    expect(publicServiceVerdict(subject('9220'))).toEqual({
      publicService: false,
      source: 'none',
      facets: [],
    });
  });

  test('an organization on the white list is public without any facet', () => {
    const verdict = publicServiceVerdict(subject('9220'), { ...noExceptions, whitelist: new Set([dinum]) });
    expect(verdict).toEqual({ publicService: true, source: 'whitelist', facets: [] });
  });

  test('an operator of the State is public and State, also when it is on the white list', () => {
    const exceptions = { ...noExceptions, lolf: new Set([dinum]), whitelist: new Set([dinum]) };
    expect(publicServiceVerdict(subject('9220'), exceptions)).toEqual({
      publicService: true,
      source: 'lolf',
      facets: ['state'],
    });
  });

  test('an operator sets the facets of an organization on the white list', () => {
    const exceptions = { ...noExceptions, whitelist: new Set([dinum]) };
    const publicServiceStated = { public: true, facets: ['local', 'spa'], source: 'operator' } as const;
    expect(publicServiceVerdict(subject('9220', { publicServiceStated }), exceptions)).toEqual({
      publicService: true,
      source: 'operator_decision',
      facets: ['local', 'spa'],
    });
  });

  test('an operator says that an organization is not public, whatever its category and the lists', () => {
    const exceptions = { ...noExceptions, lolf: new Set([dinum]) };
    const publicServiceStated = { public: false, facets: [], source: 'operator' } as const;
    expect(isPublicService(subject('7120', { publicServiceStated }), exceptions)).toBe(false);
  });

  test('the exclusion comes before the lists and the category, and after what an operator decided', () => {
    const exceptions = {
      excluded: new Set([dinum]),
      lolf: new Set([dinum]),
      whitelist: new Set([dinum]),
    };
    const stated = { public: true, facets: ['state'] } as const;
    expect(isPublicService(subject('7120'), exceptions)).toBe(false);
    expect(
      isPublicService(
        subject('7120', { publicServiceStated: { ...stated, source: 'administrations' } }),
        exceptions,
      ),
    ).toBe(false);
    expect(
      isPublicService(
        subject('7120', { publicServiceStated: { ...stated, source: 'operator' } }),
        exceptions,
      ),
    ).toBe(true);
  });

  test.each([
    ['9220', 'whitelist', ['state', 'spa']],
    ['7120', 'legal_category', ['state', 'spa']],
    // The list has no column for hospitals: the category says it.
    ['7364', 'legal_category', ['state', 'spa', 'hospital']],
  ] as const)('the list of administrations gives facets to category %s, as %s', (code, source, facets) => {
    const publicServiceStated = {
      public: true,
      facets: ['state', 'spa'],
      source: 'administrations',
    } as const;
    expect(publicServiceVerdict(subject(code, { publicServiceStated }))).toEqual({
      publicService: true,
      source,
      facets,
    });
  });

  describe('what Recherche d’entreprises says is a register’s word, no operator’s decision', () => {
    const publicServiceStated = { public: true, facets: [], source: 'recherche_entreprises' } as const;
    const lists = { ...noExceptions, lolf: new Set([dinum]) };

    test.each<[string, string | undefined, typeof noExceptions, object]>([
      [
        'makes public, without facets',
        '9220',
        noExceptions,
        { publicService: true, source: 'whitelist', facets: [] },
      ],
      [
        'after the exclusion',
        '9220',
        { ...noExceptions, excluded: new Set([dinum]) },
        { publicService: false, source: 'none', facets: [] },
      ],
      [
        'of nothing without a category',
        undefined,
        noExceptions,
        { publicService: false, source: 'none', facets: [] },
      ],
      [
        'takes no facet from the category',
        '7120',
        noExceptions,
        { publicService: true, source: 'legal_category', facets: ['state', 'spa'] },
      ],
      ['nor from the list', '9220', lists, { publicService: true, source: 'lolf', facets: ['state'] }],
    ])('%s', (_, category, exceptions, verdict) => {
      expect(publicServiceVerdict(subject(category, { publicServiceStated }), exceptions)).toEqual(verdict);
    });
  });

  test.each(['operator', 'configuration', 'organizations'] as const)(
    'what the house itself states (%s) is decided',
    (source) => {
      const publicServiceStated = { public: true, facets: ['spa'], source } as const;
      const exceptions = { ...noExceptions, excluded: new Set([dinum]) };
      expect(publicServiceVerdict(subject('9220', { publicServiceStated }), exceptions)).toMatchObject({
        source: 'operator_decision',
        facets: ['spa'],
      });
    },
  );

  test('without a legal category nothing is public, list or not', () => {
    const exceptions = { ...noExceptions, lolf: new Set([dinum]), whitelist: new Set([dinum]) };
    expect(isPublicService(subject(undefined), exceptions)).toBe(false);
    expect(isPublicService(subject(''), exceptions)).toBe(false);
  });

  test('a list of others changes nothing', () => {
    const others = new Set([siren('356000000')]);
    expect(isPublicService(subject('9220'), { ...noExceptions, lolf: others, whitelist: others })).toBe(
      false,
    );
    expect(isPublicService(subject('7120'), { ...noExceptions, excluded: others })).toBe(true);
  });
});
