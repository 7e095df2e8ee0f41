import { describe, expect, test } from 'vitest';
import { possibleAnswers, refusedAnswer } from './handover-rules.ts';
import type { HandoverStanding } from './handover-rules.ts';

describe('four eyes', () => {
  const objectionsUntil = new Date('2026-11-29T10:00:00Z');
  const open: HandoverStanding = { state: 'open', objectionsUntil, firstId: undefined };
  const anne = { id: 'anne', own: false };
  const late = objectionsUntil;
  const early = new Date(objectionsUntil.getTime() - 1);
  test.each<readonly [string, HandoverStanding, typeof anne, Date, string | undefined, string | undefined]>([
    ['in time', open, anne, late, undefined, undefined],
    ['a moment too early', open, anne, early, 'M-DOMN-004', undefined],
    ['the same person again', { ...open, firstId: 'anne' }, anne, late, 'M-DOMN-003', undefined],
    ['a second person', { ...open, firstId: 'bob' }, anne, late, undefined, undefined],
    ['of one’s own', open, { ...anne, own: true }, late, 'M-FILE-005', 'M-FILE-005'],
    ['answered already', { ...open, state: 'done' }, anne, late, 'M-DOMN-002', 'M-DOMN-002'],
    ['given up', { ...open, state: 'void' }, { ...anne, own: true }, late, 'M-DOMN-002', 'M-DOMN-002'],
  ])('%s', (_what, standing, person, now, confirm, decline) => {
    expect(refusedAnswer(standing, 'confirm', person, now)).toBe(confirm);
    expect(refusedAnswer(standing, 'decline', person, now)).toBe(decline);
    expect(possibleAnswers(standing, person, now)).toEqual([
      ...(confirm === undefined ? ['confirm'] : []),
      ...(decline === undefined ? ['decline'] : []),
    ]);
  });
});
