import { expect, it } from 'vitest';
import { resultWithoutSiret } from './catalogue-result.ts';

it('names sources to the public in full, those of an operator’s own words included', () => {
  const origin = { source: 'sirene', label: 'INSEE, base Sirene', asOf: '2026-11-01' } as const;
  const page = {
    id: 'W000000101',
    siren: undefined,
    rna: undefined,
    name: 'AMD',
    acronym: undefined,
    type: 'association.declared',
    active: true,
    communeCode: undefined,
    communeName: undefined,
    department: undefined,
    createdOn: undefined,
    siret: undefined,
    source: 'ANCT, données publiques',
    sourceDate: '2026-11-01',
    flags: [],
    origins: { name: origin },
  } as const;
  expect(resultWithoutSiret(page, 'fr')).toMatchObject({
    source: 'Agence nationale de la cohésion des territoires, données publiques',
    origins: {
      name: { label: 'Institut national de la statistique et des études économiques, base Sirene' },
    },
  });
  expect(
    resultWithoutSiret({ ...page, source: origin.label }, 'fr').origins?.name,
    'not said twice',
  ).toBeUndefined();
});
