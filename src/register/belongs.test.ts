import { describe, expect, test } from 'vitest';
import { holdersOf } from './belongs.ts';
import type { LegalUnit } from './belongs.ts';

const number = 'W561000001';
const unit = (siren: string, others: Partial<LegalUnit> = {}): LegalUnit => ({
  siren,
  rna: number,
  isAssociation: true,
  ...others,
});
const silent = { rna: undefined } as const;
const company = { isAssociation: false } as const;

describe('what the RNA says of a number belongs', () => {
  test.each<[string, readonly LegalUnit[], LegalUnit | undefined, string | undefined, boolean]>([
    ['to nobody, when nobody names it', [], undefined, undefined, false],
    ['to the association that names it', [unit('A')], undefined, 'A', false],
    ['never to a company that bears it', [unit('C', company)], undefined, undefined, false],
    [
      'to the association, even when a company bears it too',
      [unit('C', company), unit('A')],
      undefined,
      'A',
      false,
    ],
    ['to nobody, when two associations name it', [unit('A'), unit('B')], undefined, undefined, true],
    [
      'not to an association that names another number',
      [unit('A', { rna: 'W561000002' })],
      undefined,
      undefined,
      false,
    ],
    [
      'to the association of the SIRET that the RNA gives, when nobody names it',
      [],
      unit('H', silent),
      'H',
      false,
    ],
    [
      'not to that of the SIRET, when it names another number',
      [],
      unit('H', { rna: 'W561000002' }),
      undefined,
      false,
    ],
    ['not to a company, whatever the SIRET', [], unit('H', { ...silent, ...company }), undefined, false],
    ['to who names it rather than to the SIRET', [unit('A')], unit('H', silent), 'A', false],
    [
      'to nobody, when two name it, whatever the SIRET',
      [unit('A'), unit('B')],
      unit('H', silent),
      undefined,
      true,
    ],
  ])('%s', (_rule, units, hinted, home, isShared) => {
    expect(holdersOf(number, units, hinted)).toEqual({ home, isShared });
    expect(holdersOf(number, units.toReversed(), hinted)).toEqual({ home, isShared });
  });
});
