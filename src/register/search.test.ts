import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCommuneCode, isRna, isSiren, loadTerritories } from '../organizations/organizations.ts';
import type { StatedFacts } from '../organizations/organizations.ts';
import type { Stores } from '../storage/storage.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { organizationPage } from './organization-page.ts';
import { searchOrganizations } from './search.ts';
import type { SearchAnswer, SearchRequest } from './search.ts';
import { openRegister } from './testing/register-database.ts';
import { searchWords } from './search-words.ts';

/** Name, acronym, commune, then what else is said; numbered from W000000001. */
const associations: readonly (readonly [string, (string | undefined)?, string?, StatedFacts?])[] = [
  ['Association des maires du département fictif', 'AMD-FICTIF', '56260'],
  ["COMITE DES FETES DE L'ETANG", undefined, '56260'],
  ['Comité des fêtes', undefined, '56260', { createdOn: '1998-03-02' }],
  ['Comité des fêtes', undefined, '56260', { createdOn: '2004-05-06' }],
  ['Comité des fêtes', undefined, '93066'],
  ['Comité des fêtes', undefined, '75108', { unitState: 'C' }],
  ['L’Œuvre d’été', undefined, '97411'],
  ['S.O.S. Amitié', undefined, '75056'],
  ['Union sportive vannetaise', undefined, '56260', { publicUtility: true }],
  ['Et si…', undefined, '56260'],
  ['Fondation fictive de la mer', undefined, '56260', { legalCategory: '9300' }],
  ...Array.from({ length: 45 }, (_, at) => [`Club de boules ${String(at)}`, undefined, '56260'] as const),
];

describe('the search', () => {
  let stores: Stores;
  const territories = loadTerritories();
  // How quickly it answers is not the matter here.
  const ask = (request: Partial<SearchRequest>): Promise<SearchAnswer> =>
    searchOrganizations(stores.db, territories, { text: '', ...request }, performance.now() + 60_000);
  const names = async (request: Partial<SearchRequest>): Promise<readonly string[]> => {
    const answer = await ask(request);
    return answer.kind === 'list' ? answer.results.map(({ name }) => name) : [answer.kind];
  };

  beforeAll(async () => {
    stores = await openRegister();
    const records = associations.map(([name, acronym, commune, facts], at) => {
      const rna = `W${String(at + 1).padStart(9, '0')}`;
      if (!isRna(rna)) throw new Error(rna);
      return {
        rna,
        facts: {
          name,
          rna,
          ...(acronym !== undefined && { acronym }),
          ...(commune !== undefined && isCommuneCode(commune) && { commune }),
          ...facts,
        },
      };
    });
    const outcome = await applyOrganizations(stores.db, records, {
      source: 'rna',
      asOf: '2026-11-01',
      now: new Date('2026-11-02T00:00:00Z'),
    });
    expect(outcome.refused).toEqual([]);
    const [rna, siren] = ['W000000001', '000000109'];
    if (!isRna(rna) || !isSiren(siren)) throw new Error(siren);
    await applyOrganizations(stores.db, [{ siren, rna, facts: { unitState: 'A', rna } }], {
      source: 'sirene',
      asOf: '2026-11-01',
      now: new Date('2026-11-02T00:00:00Z'),
    });
  });
  afterAll(() => stores.close());

  it.each([
    ['association des maires'],
    ['ASSOCIATION MAIRES DEPARTEMENT'],
    ['amd'],
    ['AMD-FICTIF'],
    ['A.M.D. fictif'],
    ['maire fictif'],
    ['maires depart'],
    ['asociation maires'],
    ['associatoin des mairse'],
    ['000 000 109'],
    ['W000000001'],
  ])('finds the association of mayors by « %s »', async (text) => {
    expect(await names({ text })).toEqual(['Association des maires du département fictif']);
  });

  it.each([
    ['oeuvre été', 'L’Œuvre d’été'],
    ["l'oeuvre d'ete", 'L’Œuvre d’été'],
    ['sos amitie', 'S.O.S. Amitié'],
    ['etang', "COMITE DES FETES DE L'ETANG"],
    ['et si', 'Et si…'],
    ['vannetasie', 'Union sportive vannetaise'],
  ])('« %s » finds « %s »', async (text, name) => {
    expect(await names({ text })).toEqual([name]);
  });

  it('says which words it replaced', async () => {
    expect(await ask({ text: 'unoin sportive' })).toMatchObject({
      total: 1,
      corrections: [{ typed: 'unoin', instead: ['union'] }],
    });
  });

  it('puts the exact name first and the closed ones last, and tells homonyms apart', async () => {
    const answer = await ask({ text: 'comité des fêtes' });
    if (answer.kind !== 'list') throw new Error(answer.kind);
    expect(
      answer.results.map(({ name, department, active, createdOn }) => [name, department, active, createdOn]),
    ).toEqual([
      ['Comité des fêtes', '56', true, '1998-03-02'],
      ['Comité des fêtes', '56', true, '2004-05-06'],
      ['Comité des fêtes', '93', true, undefined],
      ["COMITE DES FETES DE L'ETANG", '56', true, undefined],
      ['Comité des fêtes', '75', false, undefined],
    ]);
    expect(await ask({ text: 'comité des fêtes' })).toEqual(answer);
  });

  it('keeps to a commune, by code or name, arrondissements included, or to a département', async () => {
    const text = 'comité des fêtes';
    expect(await names({ text, commune: '93066' })).toHaveLength(1);
    expect(await names({ text, commune: 'vannes' })).toHaveLength(3);
    expect(await names({ text, commune: 'Paris' })).toHaveLength(1);
    expect(await names({ text, department: '56' })).toHaveLength(3);
    expect(await names({ text, department: '93', commune: 'St Denis' })).toHaveLength(1);
    expect(await names({ commune: 'Vannes', type: 'foundation' })).toEqual(['Fondation fictive de la mer']);
  });

  it('offers the communes that have the same name: four are called Saint-Denis', async () => {
    const answer = await ask({ text: 'comité', commune: 'saint denis' });
    if (answer.kind !== 'communes') throw new Error(answer.kind);
    expect(answer.communes.map(({ department }) => department).toSorted()).toEqual(['11', '30', '93', '974']);
  });

  it('keeps to a type: what only the RNA knows is a declared association', async () => {
    expect(await names({ text: 'fictif', type: 'association' })).toEqual([
      'Association des maires du département fictif',
    ]);
    expect(await names({ text: 'mer', type: 'association.declared' })).toEqual([]);
    expect(await names({ text: 'mer', type: 'foundation' })).toEqual(['Fondation fictive de la mer']);
  });

  it('gives twenty a page, each organization once', async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => names({ text: 'club boules', page })));
    expect(pages.map((page) => page.length)).toEqual([20, 20, 5]);
    expect(new Set(pages.flat()).size).toBe(45);
    expect(await ask({ text: 'club boules', page: 99 })).toMatchObject({
      page: 3,
      pages: 3,
      total: 45,
      more: false,
    });
  });

  it.each([
    [{ text: '' }, 'empty'],
    [{ text: '😀', commune: '56260' }, 'empty'],
    [{ text: 'a' }, 'too_short'],
    [{ text: '130025266' }, 'malformed_number'],
    [{ text: 'club', commune: '93200' }, 'unknown_commune'],
    [{ text: 'club', department: '99' }, 'unknown_department'],
    [{ text: 'club', type: 'club' }, 'unknown_type'],
  ])('%j has no list: %s', async (request, reason) => {
    expect(await ask(request)).toEqual({ kind: 'none', reason });
  });

  it('answers any text, the same twice, and only with names that hold each word or what stands for it', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom("' | !('x':*) & <->", '\\', '%_%', 'les de la', 'x'.repeat(10_000), '\u0000'),
      fc
        .array(
          fc.constantFrom('comite', 'fêtes', 'club', 'boules', 'maires', 'amd', 'unoin', '7', 'des', 'sport'),
          {
            minLength: 1,
            maxLength: 3,
          },
        )
        .map((words) => words.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (typed) => {
        const answer = await ask({ text: typed });
        expect(await ask({ text: typed })).toEqual(answer);
        if (answer.kind !== 'list') return;
        for (const { name, acronym } of answer.results) {
          const held = searchWords(name, acronym).words;
          for (const word of searchWords(typed).searchName.split(' ')) {
            const instead = answer.corrections.find((one) => one.typed === word)?.instead ?? [];
            const accepted = [word, `${word}s`, word.replace(/[sx]$/, ''), ...instead];
            expect(
              held.some((one) => accepted.includes(one) || one.startsWith(word)),
              `${name}: ${word}`,
            ).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('knows what the RNA says of an association without SIREN', async () => {
    expect(await organizationPage(stores.db, territories, 'W000000009')).toMatchObject({
      name: 'Union sportive vannetaise',
      type: 'association.public_utility',
      communeName: 'Vannes',
      active: true,
      siret: undefined,
      origins: { name: { source: 'rna', asOf: '2026-11-01' } },
    });
    expect(await organizationPage(stores.db, territories, "' or 1=1")).toBeUndefined();
  });

  it('tells communes of one name apart where nothing but a list of administrations speaks of them', async () => {
    const records = [...territories.communes()]
      .filter(({ name }) => name === 'Saint-Denis')
      .flatMap(({ siren }) =>
        siren === undefined
          ? []
          : [{ siren, facts: { name: 'COMMUNE DE SAINT DENIS', legalCategory: '7210' } as const }],
      );
    await applyOrganizations(stores.db, records, {
      source: 'administrations',
      asOf: '2026-11-20',
      now: new Date('2026-11-21T00:00:00Z'),
    });
    const answer = await ask({ text: 'commune de saint-denis' });
    if (answer.kind !== 'list') throw new Error(answer.kind);
    expect(answer.results.map(({ department }) => department).toSorted()).toEqual(['11', '30', '93', '974']);
  });
});
