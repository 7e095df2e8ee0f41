import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  formatSiren,
  formatSiret,
  identify,
  isSiren,
  isSiret,
  parseCommuneCode,
  parseRna,
  parseSiren,
  parseSiret,
  parseVat,
  sirenOf,
  vatNumber,
} from './identifiers.ts';
import type { Siren, Siret } from './identifiers.ts';

const reasonOf = (input: string): string => {
  const found = identify(input);
  return found.kind === 'invalid' ? found.reason : found.kind;
};

describe('a SIREN', () => {
  test.each([
    '130025265',
    '356000000',
    '775672272',
    '784523318',
    '245614433',
    '215602608',
    '200067684',
    '000000109',
  ])('%s is accepted', (siren) => {
    expect(parseSiren(siren)).toBe(siren);
    expect(identify(siren)).toEqual({ kind: 'siren', siren });
  });

  test.each([
    ['130025266', 'luhn'],
    ['13002526', 'length'],
    ['13002526A', 'charset'],
    ['000000000', 'reserved'],
  ])('%s is refused: %s', (input, reason) => {
    expect(parseSiren(input)).toBeUndefined();
    expect(reasonOf(input)).toBe(reason);
  });
});

describe('a SIRET', () => {
  test.each(['13002526500013', '35600000000048', '21440109300015', '31723624800017', '19750663700010'])(
    '%s is accepted and gives its SIREN',
    (siret) => {
      expect(identify(siret)).toEqual({ kind: 'siret', siret, siren: siret.slice(0, 9) });
    },
  );

  test('an establishment of La Poste passes by a digit sum that is a multiple of 5', () => {
    expect(parseSiret('35600000049837')).toBe('35600000049837');
  });

  test.each([
    ['88974287600009', 'luhn'],
    ['13002526500014', 'luhn'],
    ['35600000000049', 'luhn'],
    ['13002526600012', 'luhn'],
    ['00000000000000', 'reserved'],
    ['00000000000018', 'reserved'],
    ['1300252650001', 'length'],
    ['130025265000133', 'length'],
  ])('%s is refused: %s', (input, reason) => {
    expect(parseSiret(input)).toBeUndefined();
    expect(reasonOf(input)).toBe(reason);
  });

  test('the exception of La Poste is of no use to another SIREN', () => {
    // Digit sum 35, Luhn sum 41: it would pass with the prefix of La Poste.
    const siret = '13002526500065';
    expect([...siret.matchAll(/[0-9]/g)].reduce((sum, [digit]) => sum + Number(digit), 0) % 5).toBe(0);
    expect(parseSiret(siret)).toBeUndefined();
  });
});

describe('an RNA number', () => {
  test.each([
    'W751245606',
    'W643000551',
    'W491004193',
    'W751092330',
    'W9T1002867',
    'W2A1001234',
    '0653005592',
  ])('%s is accepted', (rna) => expect(identify(rna)).toEqual({ kind: 'rna', rna }));

  test('lower case is read as upper case', () => {
    expect(parseRna('w751245606')).toBe('W751245606');
  });

  test.each([
    ['W75124560', 'length'],
    ['X751245606', 'charset'],
    ['W7512456061', 'length'],
    ['49123', 'length'],
    ['W75124560A', 'charset'],
    ['1653005592', 'length'],
    ['0653105592', 'length'],
  ])('%s is refused: %s', (input, reason) => {
    expect(parseRna(input)).toBeUndefined();
    expect(reasonOf(input)).toBe(reason);
  });
});

describe('a French VAT number', () => {
  test.each([
    ['FR07130025265', '130025265'],
    ['FR74722003936', '722003936'],
  ])('%s holds SIREN %s, and is computed from it', (vat, siren) => {
    expect(parseVat(vat)).toBe(siren);
    const parsed = parseSiren(siren);
    expect(parsed === undefined ? undefined : vatNumber(parsed)).toBe(vat);
  });

  test.each([
    ['FR08130025265', 'vat_key'],
    ['FR07130025266', 'luhn'],
    ['FR12000000000', 'reserved'],
    ['FR0713002526', 'length'],
    ['FRAB130025265', 'charset'],
    ['DE07130025265', 'charset'],
  ])('%s is refused: %s', (input, reason) => {
    expect(parseVat(input)).toBeUndefined();
    expect(reasonOf(input)).toBe(reason);
  });
});

describe('a commune code', () => {
  test.each(['75056', '2A004', '2b033', '97411', '98818', '01001', '95001'])('%s is accepted', (code) => {
    expect(parseCommuneCode(code)).toBe(code.toUpperCase());
  });

  test.each(['20004', '751056', '7505', '96001', '00001', '2C004', '99100', '٧٥٠٥٦'])(
    '%s is refused',
    (code) => {
      expect(parseCommuneCode(code)).toBeUndefined();
    },
  );
});

describe('what people type', () => {
  test.each([
    '130 025 265 00013',
    ' 130.025.265.00013 ',
    '130-025-265-00013',
    '130\u00a0025\u202f265\u200900013',
    '1 3 0 0 2 5 2 6 5 0 0 0 1 3',
  ])('%j is the SIRET of the DINUM', (input) => {
    expect(parseSiret(input)).toBe('13002526500013');
  });

  test('a VAT number with spaces and small letters', () => {
    expect(identify('fr 07 130 025 265')).toEqual({ kind: 'vat', siren: '130025265' });
  });

  test('each parser accepts its own kind of number only', () => {
    expect(parseSiren('13002526500013')).toBeUndefined();
    expect(parseSiret('130025265')).toBeUndefined();
    expect(parseSiren('FR07130025265')).toBeUndefined();
    expect(parseVat('130025265')).toBeUndefined();
    expect(parseRna('130025265')).toBeUndefined();
  });
});

describe('stored values are taken as they are, without cleaning', () => {
  test.each(['000000000', '130 025 265', '130025265\n', '130025266', ''])('%j is no SIREN', (text) => {
    expect(isSiren(text)).toBe(false);
  });

  test.each(['00000000000000', '130 025 265 00013', '13002526500013\n', '13002526600012', ''])(
    '%j is no SIRET',
    (text) => {
      expect(isSiret(text)).toBe(false);
    },
  );

  test('a SIREN and a SIRET are', () => {
    expect([isSiren('130025265'), isSiret('13002526500013')]).toEqual([true, true]);
  });
});

describe('hostile input', () => {
  test.each([
    ['1e13', 'charset'],
    ['1.3e13', 'charset'],
    ['+130025265', 'charset'],
    ['-130025265', 'charset'],
    ['130025265-', 'charset'],
    ['0x7BFD1A1', 'charset'],
    ['13002526５', 'charset'],
    ['１３００２５２６５', 'charset'],
    ['١٣٠٠٢٥٢٦٥', 'charset'],
    ['130025265\u0000', 'charset'],
    ['130025265\n', 'charset'],
    ['130\t025\t265', 'charset'],
    ['130025265\u202e', 'charset'],
    ['\ufeff130025265', 'charset'],
    ['ſ', 'charset'],
    ["130025265' or '1'='1", 'charset'],
    ['', 'length'],
    ['   ', 'length'],
    ['NaN', 'charset'],
    ['Infinity', 'charset'],
    ['1'.repeat(10_000), 'length'],
    [' '.repeat(10_000), 'length'],
    [`${'1 '.repeat(5_000)}x`, 'length'],
  ])('%j is refused: %s', (input, reason) => {
    expect(reasonOf(input)).toBe(reason);
    for (const parse of [parseSiren, parseSiret, parseRna, parseVat, parseCommuneCode]) {
      expect(parse(input)).toBeUndefined();
    }
  });

  test('no text makes it throw, and what it accepts is ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const found = identify(text);
        if (found.kind !== 'invalid') expect(JSON.stringify(found)).toMatch(/^[ -~]*$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

const sirens = fc
  .stringMatching(/^[0-9]{9}$/)
  .map(parseSiren)
  .filter((siren): siren is Siren => siren !== undefined);
const sirets = fc
  .tuple(sirens, fc.stringMatching(/^[0-9]{5}$/))
  .map(([siren, nic]) => parseSiret(siren + nic))
  .filter((siret): siret is Siret => siret !== undefined && !siret.startsWith('356000000'));

const withWrongDigit = (number: string, position: number, shift: number): string =>
  number.slice(0, position) +
  String((Number(number.charAt(position)) + shift) % 10) +
  number.slice(position + 1);

describe('whatever the number', () => {
  test('one wrong digit in a SIREN is always seen', () => {
    fc.assert(
      fc.property(sirens, fc.nat(8), fc.integer({ min: 1, max: 9 }), (siren, position, shift) => {
        expect(parseSiren(withWrongDigit(siren, position, shift))).toBeUndefined();
      }),
    );
  });

  test('one wrong digit in a SIRET is always seen, La Poste apart', () => {
    fc.assert(
      fc.property(sirets, fc.nat(13), fc.integer({ min: 1, max: 9 }), (siret, position, shift) => {
        expect(isSiret(withWrongDigit(siret, position, shift))).toBe(false);
      }),
    );
  });

  test('what we write for people, we read back', () => {
    fc.assert(
      fc.property(sirets, (siret) => {
        const siren = sirenOf(siret);
        expect(formatSiret(siret)).toMatch(/^\d{3}\u00a0\d{3}\u00a0\d{3}\u00a0\d{5}$/);
        expect(parseSiret(formatSiret(siret))).toBe(siret);
        expect(parseSiren(formatSiren(siren))).toBe(siren);
        expect(parseVat(vatNumber(siren))).toBe(siren);
      }),
    );
  });
});
