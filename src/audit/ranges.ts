/** First and last, both included. */
export type Range = readonly [first: number, last: number];

/** 3, 4, 5, 9 → 3–5 and 9: an erasure of thousands of entries stays short. */
export function rangesOf(numbers: readonly number[]): readonly Range[] {
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

export const isIn = (ranges: readonly Range[], number: number): boolean =>
  ranges.some(([first, last]) => first <= number && number <= last);
