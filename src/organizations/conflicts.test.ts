import { describe, expect, test } from 'vitest';

import { parseRna, parseSiren, parseSiret } from './identifiers.ts';
import { mergeStatements } from './merge.ts';
import type { StatedFacts, Statement, Statements } from './statement.ts';

const said = (facts: StatedFacts, asOf = '2026-11-01'): Statement => ({ facts, asOf });

const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('not an identifier');
  return value;
};
const rna = (text: string) => given(parseRna(text));
const siret = (text: string) => given(parseSiret(text));

describe('what sources do not agree on is a flag, never a silent choice', () => {
  const category = (code: string): StatedFacts => ({ legalCategory: code });
  const emmaus = siret('31723624800017');
  const otherSite = siret('31723624802518');

  test.each<[string, Statements, readonly string[]]>([
    ['nothing to say', { sirene: said(category('9220')) }, []],
    [
      'an RNA number on a company',
      { sirene: said({ ...category('5599'), rna: rna('W751033362') }) },
      ['rna_on_non_association'],
    ],
    [
      'what the RNA says, on a commune',
      { sirene: said(category('7210')), rna: said({ name: 'COMITÉ DES FÊTES' }) },
      ['rna_on_non_association'],
    ],
    [
      'an RNA number that an operator took away',
      {
        sirene: said({ ...category('5599'), rna: rna('W751033362') }),
        operator: said({ rna: null }),
      },
      [],
    ],
    [
      'an RNA number on what an operator says is an association',
      {
        sirene: said({ ...category('9900'), rna: rna('W751033362') }),
        operator: said({ type: 'association.declared' }),
      },
      [],
    ],
    ['no category', { sirene: said({ name: 'A' }) }, ['legal_category_unknown']],
    [
      'a category that changed',
      { sirene: said(category('9220'), '2026-10-01'), api_sirene: said(category('9230'), '2026-11-01') },
      ['legal_category_changed'],
    ],
    [
      'two categories',
      { sirene: said(category('9220')), organizations: said(category('9230')) },
      ['legal_category_disagreement'],
    ],
    [
      'a category that an operator corrected',
      { sirene: said(category('7345')), operator: said(category('7353')) },
      [],
    ],
    [
      'a type that an operator corrected',
      {
        sirene: said(category('7229')),
        organizations: said(category('7210')),
        operator: said({ type: 'local_authority.commune' }),
      },
      [],
    ],
    [
      'public utility in the RNA, 9220 in Sirene',
      { sirene: said(category('9220')), rna: said({ publicUtility: true }) },
      ['public_utility_disagreement'],
    ],
    [
      '9230 in Sirene, no public utility in the RNA',
      { sirene: said(category('9230')), rna: said({ publicUtility: false }) },
      ['public_utility_disagreement'],
    ],
    ['public utility in both', { sirene: said(category('9230')), rna: said({ publicUtility: true }) }, []],
    [
      'active in Sirene, dissolved in the RNA',
      { sirene: said({ ...category('9220'), unitState: 'A' }), rna: said({ dissolvedOn: '2024-06-30' }) },
      ['dissolved', 'unit_active_association_dissolved'],
    ],
    [
      'active in Sirene, suppressed from the RNA without a date',
      { sirene: said({ ...category('9220'), unitState: 'A' }), rna: said({ unitState: 'C' }) },
      ['dissolved', 'unit_active_association_dissolved'],
    ],
    [
      'ceased in Sirene, active in the RNA',
      { sirene: said({ ...category('9220'), unitState: 'C' }), rna: said({ unitState: 'A' }) },
      ['unit_closed', 'unit_closed_association_active'],
    ],
    [
      'active in a file of ours, ceased in Sirene: the file is believed, and said to be doubted',
      {
        configuration: said({ ...category('9220'), unitState: 'A' }, '2026-11-21'),
        sirene: said({ ...category('9220'), unitState: 'C' }, '2026-11-20'),
      },
      ['unit_state_disagreement'],
    ],
    [
      'ceased in a file of ours, active in Sirene',
      {
        organizations: said({ ...category('9220'), unitState: 'C' }),
        sirene: said({ ...category('9220'), unitState: 'A' }),
      },
      ['unit_closed', 'unit_state_disagreement'],
    ],
    [
      'ceased in Sirene, and a file of ours that does not speak of it',
      {
        configuration: said(category('9220')),
        sirene: said({ ...category('9220'), unitState: 'C' }),
      },
      ['unit_closed'],
    ],
    [
      'ceased in the newest copy of INSEE: that it was active before is no disagreement',
      {
        sirene: said({ ...category('9220'), unitState: 'A' }, '2026-10-01'),
        api_sirene: said({ ...category('9220'), unitState: 'C' }, '2026-11-01'),
      },
      ['unit_closed'],
    ],
    [
      'two states, and an operator has looked',
      {
        configuration: said({ ...category('9220'), unitState: 'A' }),
        sirene: said({ ...category('9220'), unitState: 'C' }),
        operator: said({ unitState: 'A' }),
      },
      [],
    ],
    [
      'dissolved in the RNA, and an operator says that it lives',
      {
        sirene: said({ ...category('9220'), unitState: 'A' }),
        rna: said({ dissolvedOn: '2024-06-30' }),
        operator: said({ unitState: 'A' }),
      },
      ['dissolved'],
    ],
    [
      'two head offices of one unit',
      {
        sirene: said({ ...category('9220'), headOffice: emmaus }),
        rna: said({ headOffice: otherSite }),
      },
      ['head_office_disagreement'],
    ],
    [
      'another SIREN in the RNA',
      {
        sirene: said({ ...category('9220'), headOffice: emmaus }),
        rna: said({ headOffice: siret('44137965800012') }),
      },
      ['rna_names_another_unit', 'head_office_disagreement'],
    ],
    [
      'two RNA numbers',
      {
        sirene: said({ ...category('9220'), rna: rna('W751033362') }),
        organizations: said({ rna: rna('W953001460') }),
      },
      ['rna_disagreement'],
    ],
    ['closed', { sirene: said({ ...category('9220'), unitState: 'C' }) }, ['unit_closed']],
    [
      'replaced by another unit',
      { api_sirene: said({ ...category('9220'), successor: given(parseSiren('130025265')) }) },
      ['replaced'],
    ],
    ['not to be shown', { sirene: said({ ...category('9220'), diffusion: 'P' }) }, ['masked']],
  ])('%s', (_, statements, flags) => {
    expect(mergeStatements(statements).flags).toEqual(flags);
  });

  test('an RNA number never changes the category of a company', () => {
    const { values } = mergeStatements({
      sirene: said(category('5599')),
      rna: said({ rna: rna('W751033362'), name: 'AUTRE' }),
    });
    expect(values.legalCategory).toBe('5599');
    expect(values.type).toBeUndefined();
  });
});
