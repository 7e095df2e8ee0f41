import { describe, expect, test } from 'vitest';

import { isSiren } from './identifiers.ts';
import { legalCategories } from './legal-category.ts';
import { loadPublicServiceExceptions, noExceptions } from './public-service-exceptions.ts';
import { publicServiceVerdict } from './public-service.ts';

const { excluded, lolf, whitelist, label, asOf } = loadPublicServiceExceptions();

describe('the lists of exceptions of ProConnect', () => {
  test('hold what was copied: 474 lines of the white list, of which 426 of operators of the State and one is no SIREN', () => {
    expect([excluded.size, lolf.size, whitelist.size]).toEqual([2, 426, 47]);
  });

  test('hold SIREN only, each in one list', () => {
    const all = [...excluded, ...lolf, ...whitelist];
    expect(all.filter((siren) => !isSiren(siren))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });

  test('hold the associations that are operators of the State', () => {
    for (const siren of ['784523318', '338840564', '775671464'])
      expect([...lolf].some((listed) => listed === siren)).toBe(true);
  });

  test('say where they come from', () => {
    expect([label, asOf]).toEqual([
      'DINUM, liste des administrations : exceptions (licence MIT)',
      '2026-11-21',
    ]);
  });
});

/** ProConnect Identité, computeServicePublicInfo, written a second time from its description: the closed one apart. */
function asProConnect(siren: string, code: string): readonly [boolean, boolean, boolean] {
  const has = (list: ReadonlySet<string>): boolean => list.has(siren);
  if (has(excluded)) return [false, false, false];
  if (has(lolf)) return [true, true, false];
  if (has(whitelist)) return [true, false, false];
  const category = legalCategories.find((one) => one.code === code);
  return [
    category?.publicService ?? false,
    category?.facets.includes('state') ?? false,
    category?.facets.includes('local') ?? false,
  ];
}

test('ProConnect’s answer, on 260 categories, with and without each kind of exception', () => {
  const samples = [...excluded].slice(0, 1).concat([...lolf].slice(0, 1), [...whitelist].slice(0, 1));
  expect(legalCategories).toHaveLength(260);
  expect(samples).toHaveLength(3);
  for (const { code } of legalCategories) {
    for (const siren of [...samples, undefined]) {
      const verdict = publicServiceVerdict(
        { siren, legalCategory: code, unitState: 'A', establishmentState: 'A' },
        { ...noExceptions, excluded, lolf, whitelist },
      );
      expect(
        [verdict.publicService, verdict.facets.includes('state'), verdict.facets.includes('local')],
        `${siren ?? 'no list'} ${code ?? ''}`,
      ).toEqual(asProConnect(siren ?? '', code ?? ''));
    }
  }
});
