// Whoever never had a receipt of their request has no time to appeal running against them (CRPA art. L112-6).
import { describe, expect, it } from 'vitest';
import type { RegistrationFile } from './file.ts';
import { lackingReceipt, withoutReceipt } from './lacking-receipt.ts';
import { appealLimit } from './lifecycle.ts';
import type { LetterSent } from './opened.ts';
import { after, alice, answer, applicant, bob, noon, refusal, said } from './testing/people.ts';
import {
  appeal,
  approve,
  askWhy,
  by,
  confirm,
  refuse,
  sayWhy,
  submitted,
  take,
  taken,
  urgent,
} from './testing/sayings.ts';

type Letter = Pick<LetterSent, 'kind' | 'readAt' | 'postedAt' | 'undeliveredAt'>;
const delivered: Letter = {
  kind: 'receipt',
  readAt: undefined,
  postedAt: undefined,
  undeliveredAt: undefined,
};
const givenUp: Letter = { ...delivered, undeliveredAt: noon('2026-11-22') };

const circumstances = (file: RegistrationFile, receipt: Letter, notifiedOn?: string) => ({
  ...refusal,
  ...withoutReceipt(file, [receipt], 'refusal', notifiedOn === undefined ? {} : { docs: notifiedOn }),
});
const limit = (file: RegistrationFile, receipt: Letter, notifiedOn?: string) => {
  const [request] = file.requests;
  return request && appealLimit(request, circumstances(file, receipt, notifiedOn));
};

// Received on 21 November 2026: silence refuses at the end of 21 January 2027.
const silent = by('2027-01-22', submitted);

describe('silence on a request', () => {
  it.each([
    ['delivered', delivered, '2027-03-22'],
    ['given up', givenUp, undefined],
    ['given up, opened on its page before', { ...givenUp, readAt: noon('2026-12-01') }, '2027-03-22'],
    ['given up, opened on its page since', { ...givenUp, readAt: noon('2027-04-10') }, '2027-06-11'],
    ['given up, posted since', { ...givenUp, postedAt: noon('2027-04-10') }, '2027-06-11'],
  ])('whose receipt was %s', (_name, receipt, expected) => {
    expect(limit(silent, receipt)).toBe(expected);
  });

  it.each([
    ['delivered', delivered, '2027-04-02'],
    ['given up', givenUp, undefined],
    ['given up, posted since', { ...givenUp, postedAt: noon('2027-06-01') }, '2027-08-02'],
  ])('whose reasons were given, and whose receipt was %s', (_name, receipt, expected) => {
    const given = after(silent, [
      said('2027-01-25', applicant, askWhy),
      said('2027-01-26', alice, take),
      said('2027-02-01', alice, sayWhy),
    ]);
    expect(limit(given, receipt)).toBe(expected);
  });

  it('is contested, and its reasons are asked for, whenever', () => {
    for (const act of [appeal, askWhy]) {
      const late = said('2027-06-01', applicant, act);
      expect(answer(silent, late, circumstances(silent, delivered))).toBe('too_late');
      expect(answer(silent, late, circumstances(silent, givenUp))).toBe('done');
    }
  });
});

describe('an answer in writing', () => {
  const early = after(taken, [said('2026-12-11', alice, refuse), said('2026-12-12', bob, confirm)]);
  const late = after(silent, [
    said('2027-01-23', alice, take),
    said('2027-01-24', alice, refuse),
    said('2027-01-25', bob, confirm),
  ]);

  it('that was notified before silence was one has a time of its own', () => {
    expect(limit(early, givenUp, '2026-12-14')).toBe('2027-02-15');
    expect(limit(early, givenUp, '2027-01-30')).toBeUndefined();
  });

  it('that came later has none without a receipt', () => {
    expect(limit(late, givenUp, '2027-01-26')).toBeUndefined();
    // 28 March is a Sunday, and the next day Easter Monday.
    expect(limit(late, delivered, '2027-01-26')).toBe('2027-03-30');
  });

  it('on the initiative of the administration is no answer to a request', () => {
    const suspended = after(taken, [said('2026-12-11', alice, approve), said('2027-02-01', alice, urgent)]);
    expect(limit(suspended, givenUp, '2027-02-02')).toBe('2027-04-05');
  });
});

it('lacks until it was opened or posted', () => {
  expect(lackingReceipt([delivered])).toBeUndefined();
  expect(lackingReceipt([givenUp])).toEqual(noon('2026-11-22'));
  expect(lackingReceipt([{ ...givenUp, postedAt: noon('2026-11-25') }])).toBeUndefined();
});
