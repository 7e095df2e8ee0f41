/**
 * Bits in a text, as the suite estimates them: Shannon's entropy of its characters, times its length. It only finds what
 * is plainly too short or repeats itself.
 */
export function bitsIn(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(count / text.length), 0);
}
