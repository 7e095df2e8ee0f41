import { describe, expect, test } from 'vitest';

import { qualificationsInForce, qualificationsText, readQualifications } from './qualifications.ts';

const mayors = { id: 'elected_officials_association', startsOn: '2026-01-01', endsOn: '2028-12-31' };
const openEnded = { id: 'france_services', startsOn: '2026-01-01', endsOn: undefined };

describe('a qualification is in force from its first to its last day, in Paris', () => {
  test.each([
    ['2025-12-31T22:59:59Z', false],
    ['2025-12-31T23:00:00Z', true],
    ['2028-12-31T22:59:59Z', true],
    ['2028-12-31T23:00:00Z', false],
  ])('at %s: %s', (instant, expected) => {
    expect(qualificationsInForce([mayors], new Date(instant))).toEqual(expected ? [mayors] : []);
  });

  test('in summer the day changes at 22:00 UTC', () => {
    const summer = { ...mayors, endsOn: '2026-06-30' };
    expect(qualificationsInForce([summer], new Date('2026-06-30T21:59:59Z'))).toEqual([summer]);
    expect(qualificationsInForce([summer], new Date('2026-06-30T22:00:00Z'))).toEqual([]);
  });

  test('without a last day it lasts', () => {
    expect(qualificationsInForce([openEnded], new Date('2099-01-01T12:00:00Z'))).toEqual([openEnded]);
  });
});

describe('the stored text', () => {
  test('is read as it was written', () => {
    expect(readQualifications(qualificationsText([mayors, openEnded]))).toEqual([mayors, openEnded]);
    expect(readQualifications('[]')).toEqual([]);
  });

  test.each(['', '{}', '[{"id":"x"}]', '[{"id":"x","startsOn":"1 janvier"}]'])('%j is refused', (text) => {
    expect(() => readQualifications(text)).toThrow();
  });
});
