import { describe, expect, test } from 'vitest';

import { coverageSentences } from './coverage-sentences.ts';
import { coverage } from './coverage.ts';
import type { CoverageReport, MemberFacts } from './coverage.ts';
import { parseRna, parseSiren } from './identifiers.ts';
import { readMemberList } from './member-list.ts';
import { loadTerritories } from './territory-index.ts';

const index = loadTerritories();
const morbihan = [...index.communes()].filter(({ department }) => department === '56');
const epcis = [...new Set(morbihan.flatMap(({ epci }) => epci ?? []))];

function held(id: string, facts: Partial<MemberFacts> = {}): readonly [string, MemberFacts] {
  return [
    id,
    {
      name: `organization ${id}`,
      type: 'local_establishment',
      sector: 'public_law',
      active: true,
      siren: parseSiren(id),
      rna: parseRna(id),
      ...facts,
    },
  ];
}
const reportOn = (
  lines: readonly string[],
  facts: readonly (readonly [string, MemberFacts])[] = [],
  department?: string,
): CoverageReport => coverage(readMemberList(lines.join('\n')), new Map(facts), index, department);

describe('the association of the mayors of the Morbihan', () => {
  const all = [...morbihan.map(({ code, name }) => `${name};${code}`), ...epcis];
  const report = reportOn(all, [], '56');

  test('has 249 communes and 15 groupings as members: all of them public-law persons', () => {
    expect(epcis).toHaveLength(15);
    expect(report).toMatchObject({
      members: 264,
      listed: 264,
      allPublicLaw: 'yes',
      exceptions: [],
      duplicates: [],
      byType: [
        { type: 'local_authority.commune', count: 249 },
        { type: 'local_authority.epci', count: 15 },
      ],
    });
  });

  test('covers 100 % of the communes of dép. 56, and every grouping that touches it', () => {
    expect(report.department).toEqual({
      code: '56',
      communes: { covered: 249, total: 249, missing: [] },
      epcis: { covered: 15, total: 15, missing: [] },
    });
    expect(coverageSentences(report)).toEqual([
      'Les 264\u00a0membres sont tous des personnes morales de droit public.',
      'Les membres couvrent 100\u00a0% des communes du département 56 (Morbihan)\u00a0: 249 sur 249.',
      'Les membres comptent 15 des 15\u00a0communautés et métropoles présentes dans le département du Morbihan.',
    ]);
  });

  test('the same by SIREN', () =>
    expect(reportOn([...morbihan.flatMap(({ siren }) => siren ?? []), ...epcis], [], '56')).toMatchObject({
      members: 264,
      allPublicLaw: 'yes',
      department: { communes: { covered: 249 } },
    }));

  test('without one commune is 99 %, never rounded up, and names it', () => {
    const less = reportOn(
      all.filter((line) => !line.endsWith(';56260')),
      [],
      '56',
    );
    expect(less.department?.communes).toMatchObject({
      covered: 248,
      total: 249,
      missing: [{ name: 'Vannes' }],
    });
    expect(coverageSentences(less)[1]).toContain(' 99\u00a0% des communes');
    expect(less.allPublicLaw).toBe('yes');
  });

  test('counts a grouping of two départements in both: Cap Atlantique is 44 and 56', () => {
    expect(reportOn(['244400610'], [], '44').department?.epcis.covered).toBe(1);
    expect(reportOn(['244400610'], [], '56').department?.epcis.covered).toBe(1);
    expect(reportOn(['244400610'], [], '35').department?.epcis.covered).toBe(0);
  });
});

describe('unknown is not yes', () => {
  test.each([
    ['a SIREN that no register holds', '130025265', 'not_found'],
    ['an association of the RNA that no register holds', 'W751033362', 'not_found'],
    ['a code that no commune has', '56999', 'not_found'],
    ['a line without identifier', 'Mairie de Vannes', 'no_identifier'],
    ['a number mistyped', '215602609', 'luhn'],
    ['a commune that is part of another one now', 'Pierrefitte-sur-Seine;93059', 'name_differs'],
    ['the code alone of a commune that is part of another one', '93059', 'merged'],
    ['an arrondissement', '75107', 'merged'],
    ['a postcode beside a name', 'Lorient;56100', 'name_differs'],
    ['the SIREN of one commune with the code of another', '215602608;44109', 'contradiction'],
  ])('%s', (_, line, reason) => {
    const report = reportOn(['56260', line]);
    expect(report).toMatchObject({ members: 1, listed: 2, allPublicLaw: 'unknown' });
    expect(report.exceptions).toMatchObject([{ line: 2, text: line, reason }]);
  });

  test('a member that has closed', () =>
    expect(reportOn(['130025265'], [held('130025265', { active: false })])).toMatchObject({
      members: 0,
      allPublicLaw: 'unknown',
      exceptions: [{ reason: 'closed' }],
    }));

  test('a commune that the register holds as closed, though the map has it', () =>
    expect(
      reportOn(['56260'], [held('215602608', { active: false, name: 'COMMUNE DE VANNES' })]),
    ).toMatchObject({ members: 0, allPublicLaw: 'unknown' }));

  test('a member of unknown legal category', () =>
    expect(
      reportOn(['130025265'], [held('130025265', { type: 'unknown', sector: 'unknown' })]),
    ).toMatchObject({ members: 1, allPublicLaw: 'unknown', exceptions: [{ reason: 'type_unknown' }] }));

  test('unless the map has it: a commune and a grouping are known without the base Sirene', () => {
    const unknown = { type: 'unknown', sector: 'unknown' } as const;
    const facts = [held('215602608', unknown), held('245600465', unknown)];
    expect(reportOn(['Vannes;56260', '245600465'], facts)).toMatchObject({ members: 2, allPublicLaw: 'yes' });
    const closed = [held('215602608', { ...unknown, active: false })];
    expect(reportOn(['215602608'], closed)).toMatchObject({ exceptions: [{ reason: 'closed' }] });
  });

  test('an empty list', () => {
    const report = reportOn([]);
    expect(report.allPublicLaw).toBe('unknown');
    expect(coverageSentences(report)).toEqual(['La liste ne nomme aucun membre.']);
  });
});

describe('a member that is not of public law', () => {
  test.each([
    ['an association', held('W751033362', { type: 'association.declared', sector: 'private_law' })],
    [
      'a professional order',
      held('130025265', { type: 'professional_order', sector: 'private_law_public_mission' }),
    ],
  ])('%s: the answer is no, even if others are unknown', (_, [id, facts]) => {
    const report = reportOn(['56260', id, 'Mairie de X'], [[id, facts]]);
    expect(report.allPublicLaw).toBe('no');
    expect(coverageSentences(report)).toEqual([
      'Sur 3\u00a0membres, 1 n’est pas une personne morale de droit public.',
    ]);
  });
});

test('a member named twice counts once, whatever it is named by', () => {
  const report = reportOn(['56260', 'Vannes;215602608', '21560260800000', '130025265', '130025265']);
  expect(report).toMatchObject({ members: 1, listed: 3 });
  expect(report.duplicates).toEqual([
    { line: 2, text: 'Vannes;215602608', firstLine: 1 },
    { line: 5, text: '130025265', firstLine: 4 },
  ]);
});

test.each([
  ['St-Avé', '56206'],
  ['Mairie de Sainte-Hélène', '56220'],
  ['commune de LARMOR BADEN', '56106'],
  ["L'ILE D'ARZ", '56088'],
])('a name written %j goes with its code', (name, code) =>
  expect(reportOn([`${name};${code}`])).toMatchObject({ members: 1, exceptions: [] }),
);
