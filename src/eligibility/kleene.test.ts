import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allOf, anyOf, not } from './kleene.ts';
import type { Truth } from './kleene.ts';

const truth = fc.constantFrom<Truth>(true, false, 'unknown');

describe('Kleene logic', () => {
  it.each<[Truth, Truth, Truth, Truth]>([
    [true, true, true, true],
    [true, false, false, true],
    [true, 'unknown', 'unknown', true],
    [false, false, false, false],
    [false, 'unknown', false, 'unknown'],
    ['unknown', 'unknown', 'unknown', 'unknown'],
  ])('%s with %s: all is %s, any is %s', (left, right, all, any) => {
    expect(allOf([left, right])).toBe(all);
    expect(allOf([right, left])).toBe(all);
    expect(anyOf([left, right])).toBe(any);
    expect(anyOf([right, left])).toBe(any);
  });

  it('says true of all of nothing and false of any of nothing', () => {
    expect(allOf([])).toBe(true);
    expect(anyOf([])).toBe(false);
  });

  it('negates twice into the same', () => {
    fc.assert(fc.property(truth, (a) => not(not(a)) === a));
  });

  it('keeps the laws of De Morgan', () => {
    fc.assert(
      fc.property(fc.array(truth), (list) => {
        expect(not(allOf(list))).toBe(anyOf(list.map(not)));
        expect(not(anyOf(list))).toBe(allOf(list.map(not)));
      }),
    );
  });

  it('distributes, absorbs, and does not care for grouping', () => {
    fc.assert(
      fc.property(truth, truth, truth, (a, b, c) => {
        expect(allOf([a, anyOf([b, c])])).toBe(anyOf([allOf([a, b]), allOf([a, c])]));
        expect(anyOf([a, allOf([a, b])])).toBe(a);
        expect(allOf([a, allOf([b, c])])).toBe(allOf([a, b, c]));
        expect(anyOf([anyOf([a, b]), c])).toBe(anyOf([a, b, c]));
      }),
    );
  });

  it('is monotone: learning an unknown fact never turns a known answer round', () => {
    fc.assert(
      fc.property(fc.array(truth), fc.array(fc.boolean()), (list, answers) => {
        const learned = list.map((item, index) => (item === 'unknown' ? (answers[index] ?? true) : item));
        if (allOf(list) !== 'unknown') expect(allOf(learned)).toBe(allOf(list));
        if (anyOf(list) !== 'unknown') expect(anyOf(learned)).toBe(anyOf(list));
      }),
    );
  });
});
