import { describe, expect, test } from 'vitest';

import { dataQualityFlags, dataQualityLabel, inOrder, isDataQualityFlag } from './data-quality.ts';

describe('what an operator should look at', () => {
  test.each(dataQualityFlags)('%s has a sentence in each language, of its own', (flag) => {
    const [fr, en] = [dataQualityLabel(flag, 'fr'), dataQualityLabel(flag, 'en')];
    expect(fr).not.toBe(en);
    for (const sentence of [fr, en]) expect(sentence).toMatch(/^[^A-Z].{15,}[^.]$/u);
  });

  test('no sentence stands for two flags, none has an acronym that nobody explains', () => {
    const sentences = dataQualityFlags.flatMap((flag) => [
      dataQualityLabel(flag, 'fr'),
      dataQualityLabel(flag, 'en'),
    ]);
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).not.toMatch(/\b(?:RNA|COG|RUP|NAF|UL)\b/);
  });

  test('each is shown once, in the order of the screens, whatever the order in which it was found', () => {
    const all = [...dataQualityFlags].reverse();
    expect(inOrder([...all, ...all])).toEqual(dataQualityFlags);
    expect(inOrder([])).toEqual([]);
  });

  test('what an older or newer version wrote is told apart', () => {
    expect(isDataQualityFlag('unit_closed')).toBe(true);
    expect(isDataQualityFlag('toString')).toBe(false);
  });
});
