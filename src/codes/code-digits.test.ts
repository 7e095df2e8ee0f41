import { expect, test } from 'vitest';
import { drawCode } from './code-digits.ts';

const drawing = (...drawn: readonly number[]) => {
  const left = [...drawn];
  return (bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUInt32BE(left.shift() ?? 0);
    return buffer;
  };
};

test.each<readonly [string, number, string]>([
  ['keeps leading zeros', 7, '00000007'],
  ['takes what is below 10^8 as it is', 99_999_999, '99999999'],
  ['begins again there', 100_000_000, '00000000'],
  ['takes the last of the fair ones', 4_199_999_999, '99999999'],
])('drawing %s', (_, drawn, code) => expect(drawCode(drawing(drawn))).toBe(code));

test('drawing again what would make some codes likelier than others (4.2 × 10^9 and above)', () => {
  expect(drawCode(drawing(4_200_000_000, 4_294_967_295, 4_294_967_296 - 1, 42))).toBe('00000042');
});
