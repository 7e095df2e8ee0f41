import { describe, expect, test } from 'vitest';

import { parseFiness, parseUai } from './establishment-codes.ts';

describe('a school number (UAI)', () => {
  test.each(['0750663N', '0022004T', '0750663n', '075 0663 N'])('%s is accepted', (input) => {
    expect(parseUai(input)).toBe(input.replaceAll(' ', '').toUpperCase());
  });

  test.each(['0750663I', '0750663A', '0750663', '0000000A', '０750663N', '0750663N0', 'N0750663'])(
    '%s is refused',
    (input) => {
      expect(parseUai(input)).toBeUndefined();
    },
  );
});

describe('a health establishment number (FINESS)', () => {
  test.each(['010003853', '2A0000014', '2b0000020'])('%s is accepted', (input) => {
    expect(parseFiness(input)).toBe(input.toUpperCase());
  });

  test.each(['010003854', '000000000', '2C0000014', '01000385', '0100038531', '1e8'])(
    '%s is refused',
    (input) => {
      expect(parseFiness(input)).toBeUndefined();
    },
  );
});
