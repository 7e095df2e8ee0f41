import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { communeOf, dayOf, diffusionOf, nafOf, shown, sizeBandOf } from './insee-values.ts';
import { createQuota } from './quota.ts';
import { retryAt } from './retry-after.ts';

const now = new Date('2026-11-22T12:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['120', 120_000],
    ['0', 1_000],
    ['999999', 900_000],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 1_000],
    ['Mon, 23 Nov 2026 12:00:00 GMT', 900_000],
    ['soon', 60_000],
    ['-5', 1_000],
    [null, 60_000],
  ])('%s', (header, delay) => {
    expect(retryAt(header, now).getTime() - now.getTime()).toBe(delay);
  });

  test('is never longer than a quarter of an hour, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const delay = retryAt(header, now).getTime() - now.getTime();
        return delay >= 1_000 && delay <= 900_000;
      }),
    );
  });
});

describe('a quota', () => {
  test('is never exceeded in any window, whenever requests come', () => {
    const rate = { count: 5, windowMs: 1_000 };
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 60 }), (gaps) => {
        const quota = createQuota(rate);
        const granted: number[] = [];
        let at = 0;
        for (const gap of gaps) {
          at += gap;
          if (quota.take(new Date(at), 'sign_in') === undefined) granted.push(at);
        }
        return granted.every(
          (start) =>
            granted.filter((one) => one >= start && one < start + rate.windowMs).length <= rate.count,
        );
      }),
    );
  });

  test('says from when it grants again', () => {
    const quota = createQuota({ count: 2, windowMs: 1_000 });
    const at = (ms: number) => new Date(now.getTime() + ms);
    expect(quota.take(at(0), 'sign_in')).toBeUndefined();
    expect(quota.take(at(300), 'sign_in')).toBeUndefined();
    expect(quota.take(at(400), 'sign_in')).toEqual(at(1_000));
    expect(quota.take(at(999), 'sign_in')).toEqual(at(1_000));
    expect(quota.take(at(1_000), 'sign_in')).toBeUndefined();
    expect(quota.take(at(1_000), 'sign_in')).toEqual(at(1_300));
  });

  test('leaves a third to people whose organization is unknown', () => {
    const quota = createQuota({ count: 30, windowMs: 60_000 });
    const renewed = Array.from({ length: 30 }, () => quota.take(now, 'renewal')).filter(
      (answer) => answer === undefined,
    );
    expect(renewed).toHaveLength(20);
    const signedIn = Array.from({ length: 30 }, () => quota.take(now, 'sign_in')).filter(
      (answer) => answer === undefined,
    );
    expect(signedIn).toHaveLength(10);
  });

  test('gives back what was not sent', () => {
    const quota = createQuota({ count: 1, windowMs: 1_000 });
    quota.take(now, 'sign_in');
    quota.giveBack();
    expect(quota.take(now, 'sign_in')).toBeUndefined();
  });
});

describe('values of INSEE', () => {
  test('what is masked, empty or malformed is left out', () => {
    for (const hidden of ['[ND]', '[nd]', '[NON-DIFFUSIBLE]', ' ', '', null, undefined])
      expect(shown(hidden)).toBeUndefined();
    expect(shown(' MAIRIE ')).toBe('MAIRIE');
    expect(communeOf('44000')).toBe('44000');
    expect(communeOf('20004')).toBeUndefined();
    expect(sizeBandOf('NN')).toBe('NN');
    expect(sizeBandOf('9999')).toBeUndefined();
  });

  test('a text is tidy, and no longer than a name of a register', () => {
    expect(shown('  LES\u00a0AMIS\r\nDU\u202e FICTIF\0 ')).toBe('LES AMIS DU FICTIF');
    expect(shown('\u200b')).toBeUndefined();
    expect(shown('[ND]\u200b')).toBeUndefined();
    expect(shown('A'.repeat(300))).toHaveLength(300);
    expect(shown('A'.repeat(301))).toBeUndefined();
  });

  test.each([
    ['9499Z', '94.99Z'],
    ['94.99Z', '94.99Z'],
    ['00.00', undefined],
  ])('NAF %s', (written, read) => {
    expect(nafOf(written)).toBe(read);
  });

  test.each([
    ['1901-07-01', '1901-07-01'],
    ['2026-10-01T10:00:00.000', '2026-10-01'],
    ['0001-01-01', undefined],
    ['2026-02-30', undefined],
    ['1900', undefined],
    [415321200, '1983-03-01'],
    [null, undefined],
  ])('a date %s', (written, read) => {
    expect(dayOf(written)).toBe(read);
  });

  test('anything but open diffusion is kept back', () => {
    expect(diffusionOf('O', 'O')).toBe('O');
    expect(diffusionOf('N', 'O')).toBe('P');
    expect(diffusionOf('non_diffusible', 'diffusible')).toBe('P');
    expect(diffusionOf(null, 'O')).toBeUndefined();
  });
});
