import { describe, expect, it, test } from 'vitest';
import { count, createProgress, duration } from './progress.ts';

function told(
  steps: readonly (readonly [ms: number, lines: number, fraction: number])[],
  { skipped = 0, terminal = false } = {},
) {
  let time = 0;
  const printed: string[] = [];
  const rewritten: string[] = [];
  const progress = createProgress({
    now: () => time,
    print: (text) => printed.push(text),
    rewrite: terminal ? (text) => rewritten.push(text) : undefined,
    skipped,
  });
  for (const [ms, lines, fraction] of steps) {
    time = ms;
    progress.at(lines, fraction);
  }
  return { printed, rewritten };
}

describe('progress', () => {
  it('is one line every ten seconds, with rate and time left', () => {
    const steps = [
      [4_000, 5_000, 0.05],
      [10_000, 20_000, 0.1],
      [12_000, 25_000, 0.12],
      [20_000, 40_000, 0.2],
    ] as const;
    expect(told(steps).printed).toEqual([
      '20 000 lines, 10 %, 2 000 lines/s, 1 min 30 s left',
      '40 000 lines, 20 %, 2 000 lines/s, 1 min 20 s left',
    ]);
  });

  it('is one line rewritten on a terminal', () => {
    const { printed, rewritten } = told(
      [
        [250, 1_000, 0.5],
        [300, 1_100, 0.6],
        [500, 2_000, 1],
      ],
      { terminal: true },
    );
    expect(printed).toEqual([]);
    expect(rewritten).toEqual([
      '1 000 lines, 50 %, 4 000 lines/s, 0 s left',
      '2 000 lines, 100 %, 4 000 lines/s, 0 s left',
    ]);
  });

  it('does not count the lines that an interrupted import had read', () => {
    const steps = [
      [10_000, 40_000, 0.4],
      [10_001, 50_000, 0.5],
      [12_001, 52_000, 0.52],
      [20_001, 60_000, 0.6],
    ] as const;
    expect(told(steps, { skipped: 50_000 }).printed).toEqual([
      '40 000 lines passed over, 40 %',
      '60 000 lines, 60 %, 1 250 lines/s, 40 s left',
    ]);
  });
});

test.each([
  [0, '0 s'],
  [61_000, '1 min 01 s'],
  [3_600_000, '1 h 00 min'],
])('%i ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_234_567, '1 234 567'],
])('%i is written %s', (value, text) => {
  expect(count(value)).toBe(text);
});
