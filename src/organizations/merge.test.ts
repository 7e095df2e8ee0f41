import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseRna, parseSiren, parseSiret } from './identifiers.ts';
import { mergeStatements, unitStateOf } from './merge.ts';
import { factNames, sources, statementSchema } from './statement.ts';
import type { FactName, Source, StatedFacts, Statement, Statements } from './statement.ts';

const insee: readonly Source[] = ['sirene', 'api_sirene', 'api_entreprise', 'recherche_entreprises'];

const author = {
  given_name: 'Anne',
  usual_name: 'Martin',
  capacity: 'responsable du service',
  organization: 'DINUM',
};
const correction = { reason: 'vérifié sur pièces', author, at: '2026-11-20T09:00:00Z' };

const said = (facts: StatedFacts, asOf = '2026-11-01'): Statement => ({ facts, asOf });

const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('not an identifier');
  return value;
};
const rna = (text: string) => given(parseRna(text));
const siret = (text: string) => given(parseSiret(text));

/** Facts of few values, so that sources agree and disagree often. */
const facts: fc.Arbitrary<StatedFacts> = fc.record(
  {
    name: fc.constantFrom('UN', 'DEUX'),
    acronym: fc.constantFrom('U', 'D'),
    legalCategory: fc.constantFrom('9220', '9230', '5599', '7210', '9999'),
    unitState: fc.constantFrom('A', 'C'),
    type: fc.constantFrom('local_authority.commune', 'association.declared'),
    rna: fc.constantFrom(null, rna('W751033362'), rna('W953001460')),
    createdOn: fc.constantFrom('1907-01-01', '2020-02-29'),
    dissolvedOn: fc.constantFrom('2024-06-30', '2025-06-30'),
    diffusion: fc.constantFrom('O', 'P'),
    headOffice: fc.constantFrom(siret('31723624800017'), siret('44137965800012')),
    publicUtility: fc.boolean(),
    grouping: fc.constantFrom('simple', 'union'),
    publicService: fc.record({ public: fc.boolean(), facets: fc.subarray(['state', 'local'] as const) }),
    population: fc.nat(5_000),
    website: fc.constantFrom('https://un.example', 'https://deux.example'),
    contactEmail: fc.constantFrom('mairie@un.example', 'mairie@deux.example'),
    parent: fc.constantFrom('217500016', '200054781'),
    successor: fc.constant(given(parseSiren('130025265'))),
  },
  { requiredKeys: [] },
);

const day = fc.constantFrom('2026-10-01', '2026-11-01', '2026-11-21');

const entries: fc.Arbitrary<readonly (readonly [Source, Statement])[]> = fc
  .uniqueArray(fc.constantFrom(...sources), { minLength: 1 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((source) =>
        fc.record({ facts, asOf: day }).map((statement): readonly [Source, Statement] => [
          source,
          source === 'operator'
            ? {
                ...statement,
                corrections: Object.fromEntries(
                  factNames
                    .filter((fact) => statement.facts[fact] !== undefined)
                    .map((fact) => [fact, correction]),
                ),
              }
            : statement,
        ]),
      ),
    ),
  );

const together = (all: readonly (readonly [Source, Statement])[]): Statements => Object.fromEntries(all);

const order: Readonly<Partial<Record<FactName, readonly Source[]>>> = {
  publicUtility: ['rna', 'rna_import', ...insee, 'dpnt', 'administrations'],
  grouping: ['rna', 'rna_import', ...insee, 'dpnt', 'administrations'],
  dissolvedOn: ['rna', 'rna_import', ...insee, 'dpnt', 'administrations'],
  population: ['dpnt', ...insee, 'rna', 'rna_import', 'administrations'],
};
/** The contract, written by hand a second time: operator, configuration, our own file, and then registers by fact. */
function outranked(fact: FactName, source: Source): readonly Source[] {
  if (fact === 'website' || fact === 'contactEmail') {
    const all: readonly Source[] = [
      'operator',
      'configuration',
      'dpnt',
      'organizations',
      ...insee,
      'rna',
      'rna_import',
      'administrations',
    ];
    return after(all, source);
  }
  if (fact === 'publicService') {
    const all: readonly Source[] = [
      'operator',
      'configuration',
      'administrations',
      'organizations',
      ...insee,
      'rna',
      'rna_import',
      'dpnt',
    ];
    return after(all, source);
  }
  const registers = order[fact] ?? [...insee, 'rna', 'rna_import', 'dpnt', 'administrations'];
  return after(['operator', 'configuration', 'organizations', ...registers], source);
}
function after(all: readonly Source[], source: Source): readonly Source[] {
  const last = insee.includes(source) ? 'recherche_entreprises' : source;
  return all.slice(all.indexOf(last) + 1);
}

/** Kept back by a rule of its own. */
const shown = (fact: FactName): boolean => !['name', 'acronym', 'commune'].includes(fact);
/** See merge-insee.test.ts. */
const mayTakeBack = (fact: FactName, source: Source): boolean =>
  ['rna', 'successor', 'publicService'].includes(fact) && insee.includes(source);

describe('whatever the sources say', () => {
  test('the order in which they said it plays no part', () => {
    fc.assert(
      fc.property(
        entries.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(mergeStatements(together(shuffled))).toEqual(mergeStatements(together(all)));
        },
      ),
    );
  });

  test('a value is one of those stated, and its origin names a statement that holds it', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const statements = together(all);
        const { values, origins } = mergeStatements(statements);
        expect(Object.keys(origins).sort()).toEqual(Object.keys(values).sort());
        for (const fact of factNames) {
          const origin = origins[fact];
          if (origin === undefined) continue;
          expect(statements[origin.source]?.facts[fact]).toEqual(values[fact]);
          expect(statements[origin.source]?.asOf).toBe(origin.asOf);
        }
      }),
    );
  });

  test('what nobody masks or takes back is lost for nobody', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const { values } = mergeStatements(together(all));
        for (const [source, { facts: stated }] of all)
          for (const fact of factNames.filter((one) => shown(one) && !mayTakeBack(one, source)))
            if (stated[fact] !== undefined) expect(values[fact], fact).toBeDefined();
      }),
    );
  });

  test('an operator always wins, and is named with reason, author and date', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const statements = together(all);
        const { values, origins } = mergeStatements(statements);
        const decided = statements.operator?.facts ?? {};
        for (const fact of factNames) {
          if (decided[fact] === undefined) continue;
          expect(values[fact]).toEqual(decided[fact]);
          expect(origins[fact]).toMatchObject({ source: 'operator', correction });
        }
      }),
    );
  });

  test('a statement changes no fact on which it is outranked', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(...sources), facts, day, (all, source, more, asOf) => {
        // Who asks not to be shown takes names away, by a rule of its own.
        const stated = { ...more, diffusion: undefined };
        const before = mergeStatements(together(all.filter(([one]) => one !== source)));
        const after = mergeStatements(
          together([...all.filter(([one]) => one !== source), [source, said(stated, asOf)]]),
        );
        for (const fact of factNames) {
          const believed = before.origins[fact]?.source;
          if (believed === undefined || !outranked(fact, believed).includes(source)) continue;
          expect(after.values[fact], fact).toEqual(before.values[fact]);
          expect(after.origins[fact], fact).toEqual(before.origins[fact]);
        }
      }),
    );
  });

  test('the truth, told by one source alone, is the same truth', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const { values } = mergeStatements(together(all));
        expect(mergeStatements({ operator: said(values) }).values).toEqual(values);
      }),
    );
  });

  test('one that could not be written could not be merged: the arbitrary statements are valid', () => {
    fc.assert(
      fc.property(entries, (all) => {
        for (const [, statement] of all) statementSchema.parse(statement);
      }),
      { numRuns: 20 },
    );
  });
});

describe('inside the INSEE family', () => {
  test.each([
    ['2026-11-01', '2026-11-20', 'NEW'],
    ['2026-11-20', '2026-11-01', 'OLD'],
  ])('stock of %s, API of %s: the name is %s', (stock, api, name) => {
    const { values, origins } = mergeStatements({
      sirene: said({ name: 'OLD' }, stock),
      api_sirene: said({ name: 'NEW' }, api),
    });
    expect(values.name).toBe(name);
    expect(origins.name?.asOf).toBe('2026-11-20');
  });

  test('a fact that the newest does not speak of stays that of the one before', () => {
    const { values, origins } = mergeStatements({
      sirene: said({ legalCategory: '9220', createdOn: '2001-01-01' }, '2026-11-01'),
      recherche_entreprises: said({ legalCategory: '9230' }, '2026-11-20'),
    });
    expect(values).toEqual({ legalCategory: '9230', createdOn: '2001-01-01' });
    expect(origins.createdOn?.source).toBe('sirene');
  });

  test('on the same day what was fetched last is believed', () => {
    const fetched = (name: string, fetchedAt: string): Statement => ({
      ...said({ name }, '2026-11-20'),
      fetchedAt,
    });
    const { values } = mergeStatements({
      api_sirene: fetched('MORNING', '2026-11-20T08:00:00Z'),
      recherche_entreprises: fetched('EVENING', '2026-11-20T18:00:00Z'),
    });
    expect(values.name).toBe('EVENING');
  });

  test('a name that INSEE may not show any more comes back from no older copy', () => {
    const { values, flags } = mergeStatements({
      sirene: said({ name: 'A', acronym: 'B', diffusion: 'O', legalCategory: '9220' }, '2026-10-01'),
      api_sirene: said({ diffusion: 'P', legalCategory: '9220' }, '2026-11-01'),
    });
    expect(values).toEqual({ diffusion: 'P', legalCategory: '9220' });
    expect(flags).toEqual(['masked']);
  });

  test('a name that INSEE may show again is shown', () => {
    const { values } = mergeStatements({
      sirene: said({ diffusion: 'P' }, '2026-10-01'),
      api_sirene: said({ name: 'A', diffusion: 'O' }, '2026-11-01'),
    });
    expect(values).toEqual({ name: 'A', diffusion: 'O' });
  });
});

describe('an origin', () => {
  test('names the source with its licence, its date, its import', () => {
    const { origins } = mergeStatements({ sirene: { ...said({ name: 'A' }), importId: 7 } });
    expect(origins.name).toEqual({
      source: 'sirene',
      label: 'INSEE, base Sirene (Licence Ouverte 2.0)',
      asOf: '2026-11-01',
      importId: 7,
    });
  });

  test('has the name that the statement gives its source', () => {
    const statement = { ...said({ name: 'A' }), label: 'Organisation inventée' };
    expect(mergeStatements({ configuration: statement }).origins.name?.label).toBe('Organisation inventée');
  });
});

describe('the state of a unit', () => {
  test.each<[StatedFacts, 'A' | 'C']>([
    [{}, 'A'],
    [{ dissolvedOn: '2024-06-30' }, 'C'],
    [{ unitState: 'A', dissolvedOn: '2024-06-30' }, 'A'],
    [{ unitState: 'C' }, 'C'],
  ])('%j: %s', (values, state) => {
    expect(unitStateOf(values)).toBe(state);
  });
});
