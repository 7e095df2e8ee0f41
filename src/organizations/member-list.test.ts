import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { readMemberList } from './member-list.ts';

const one = (line: string): unknown => {
  const { members, unread } = readMemberList(line);
  const [member = unread[0]] = members;
  if (member === undefined) return undefined;
  return member;
};

describe('a member is named by', () => {
  test.each([
    ['a SIREN', '215602608', { siren: '215602608' }],
    ['a SIREN with spaces', '215 602 608', { siren: '215602608' }],
    ['a SIREN with no-break spaces', '215\u00a0602\u202f608', { siren: '215602608' }],
    ['a SIRET', '21440109300015', { siren: '214401093', siret: '21440109300015' }],
    ['a SIRET in groups', '214 401 093 00015', { siren: '214401093', siret: '21440109300015' }],
    ['an RNA number', 'w751033362', { rna: 'W751033362' }],
    ['the code of a commune', '56260', { commune: '56260' }],
    ['a code of Corsica, in small letters', '2a004', { commune: '2A004' }],
    ['a name and a code', 'Vannes;56260', { name: 'Vannes', commune: '56260' }],
    ['a code and a name', '56260 Vannes', { name: 'Vannes', commune: '56260' }],
    [
      'a name with its code between brackets',
      'Mairie de Vannes (56260)',
      { name: 'Mairie de Vannes', commune: '56260' },
    ],
    ['quoted cells', '"Vannes","56260"', { name: 'Vannes', commune: '56260' }],
    [
      'code, name and SIREN',
      '56260;Vannes;215602608',
      { name: 'Vannes', commune: '56260', siren: '215602608' },
    ],
    ['SIREN and SIRET of one body', '214401093\t21440109300015', { siren: '214401093' }],
    ['a VAT number', 'FR74214401093', { siren: '214401093' }],
  ])('%s', (_, line, expected) => expect(one(line)).toMatchObject(expected));
});

describe('a line that cannot be read is kept, with its number and the reason', () => {
  test.each([
    ['Vannes', 'no_identifier'],
    ['215602609', 'luhn'],
    ['21440109300016', 'luhn'],
    ['000000000', 'reserved'],
    ['0123456789', 'length'],
    ['20004', 'commune_unlike_code'],
    ['215602608;214401093', 'several_members'],
    ['56260;44109', 'several_members'],
  ])('%j: %s', (text, reason) =>
    expect(readMemberList(`215602608\n\n${text}`).unread).toEqual([{ line: 3, text, reason }]),
  );
});

test('a header, empty lines, a byte order mark and the lines of any system say nothing', () => {
  const { members, unread } = readMemberList(
    '\ufeffNom de la commune;Code INSEE\r\nVannes;56260\r\n\r\n;;\rFérel;56058\n',
  );
  expect(unread).toEqual([]);
  expect(members.map(({ line, commune }) => [line, commune])).toEqual([
    [2, '56260'],
    [5, '56058'],
  ]);
});

test('a name in place of a header is no header', () =>
  expect(readMemberList('Vannes\nFérel;56058').unread).toMatchObject([{ line: 1, reason: 'no_identifier' }]));

test('no line with something on it is ever lost', () =>
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[A-Za-zé0-9 ;.'-]{1,20}$/)), (lines) => {
      const { members, unread } = readMemberList(['215602608', ...lines].join('\n'));
      const full = lines.filter((line) => line.replace(/[;\s]/g, '') !== '');
      expect(members.length + unread.length).toBe(full.length + 1);
    }),
  ));

test('a line is cut before its accents are put in order: that is quadratic in a run of them', () => {
  const begun = performance.now();
  expect(one(`a${'\u0301\u0316'.repeat(40_000)}`)).toMatchObject({ reason: 'no_identifier' });
  expect(performance.now() - begun).toBeLessThan(1_000);
});
