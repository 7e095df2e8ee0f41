import { describe, expect, it } from 'vitest';
import { fateOf } from './fate-of-lines.ts';
import type { Reject } from './reading/rejects.ts';

const wrong = (line: number, kind: Reject['kind']): Reject => ({
  line,
  kind,
  column: 'naf',
  value: 'x',
  reason: 'naf_malformed',
});
const refused = (line: number, reason: Reject['reason'], value = 'x'): Reject => ({
  line,
  kind: 'line',
  column: '',
  value,
  reason,
});
const batch = {
  lines: 9,
  firstLine: 2,
  lastLine: 10,
  items: [],
  rejects: [wrong(3, 'line'), wrong(5, 'value'), wrong(7, 'value'), wrong(7, 'value')],
  leftOut: ['sole_trader'],
} as const;
const shown = (rejects: readonly Reject[]) => rejects.map(({ line, reason }) => [line, reason]);

describe('the lines of a batch', () => {
  it('are wrong when they were refused, not when a value of theirs was left out', () =>
    expect(fateOf(batch, [], {})).toEqual({
      wrongLines: 1,
      rejects: batch.rejects,
      leftOut: ['sole_trader'],
    }));

  it('that the register refuses are wrong once, and take their values along', () => {
    const twice = [refused(7, 'older_than_held', 'a'), refused(7, 'older_than_held', 'b')];
    const { wrongLines, rejects } = fateOf(batch, [refused(9, 'unit_unknown'), ...twice], {});
    expect(wrongLines).toBe(3);
    expect(shown(rejects)).toEqual([
      [3, 'naf_malformed'],
      [5, 'naf_malformed'],
      [7, 'older_than_held'],
      [9, 'unit_unknown'],
    ]);
  });

  it('that the importer expects the register to turn away are left out', () => {
    const answers = [refused(5, 'unit_unknown'), refused(9, 'twice_in_batch')];
    const fate = fateOf(batch, answers, { unit_unknown: 'unit_unknown' });
    expect(fate.wrongLines).toBe(2);
    expect(shown(fate.rejects)).toEqual([
      [3, 'naf_malformed'],
      [7, 'naf_malformed'],
      [7, 'naf_malformed'],
      [9, 'twice_in_batch'],
    ]);
    expect(fate.leftOut).toEqual(['sole_trader', 'unit_unknown']);
  });
});
