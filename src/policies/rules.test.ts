import { describe, expect, it } from 'vitest';
import { policy } from '../eligibility/testing/factory.ts';
import { draftStates, possibleActs, refusedAct, refusedVersion } from './rules.ts';

describe('who may do what to a draft', () => {
  const table = {
    draft: { ada: ['save', 'propose', 'discard'], bob: [] },
    proposed: { ada: ['discard'], bob: ['send_back', 'publish'] },
    published: { ada: [], bob: [] },
    discarded: { ada: [], bob: [] },
  } as const;
  it.each(draftStates)('%s', (state) => {
    const draft = { state, authorId: 'ada', base: 1 };
    expect(possibleActs(draft, 'ada', false)).toEqual(table[state].ada);
    expect(possibleActs(draft, 'bob', false)).toEqual(table[state].bob);
  });

  it.each([
    ['draft', ['discard']],
    ['proposed', ['discard', 'send_back']],
    ['published', []],
    ['discarded', []],
  ] as const)(
    '%s, whose author writes these rules no more: put away by somebody else, not published',
    (state, acts) => {
      expect(possibleActs({ state, authorId: 'ada', base: 1 }, 'bob', true)).toEqual(acts);
    },
  );

  it('says why not', () => {
    const proposed = { state: 'proposed', authorId: 'ada', base: 1 } as const;
    expect(refusedAct(proposed, 'publish', 'ada')).toBe('M-POLI-004');
    expect(refusedAct({ ...proposed, state: 'draft' }, 'save', 'bob')).toBe('M-POLI-005');
    expect(refusedAct({ ...proposed, state: 'draft' }, 'publish', 'bob')).toBe('M-POLI-003');
    expect(refusedAct(proposed, 'publish', 'bob', true)).toBe('M-POLI-009');
    expect(refusedAct(proposed, 'discard', 'bob')).toBe('M-POLI-005');
    expect(refusedAct({ ...proposed, state: 'draft' }, 'save', 'bob', true)).toBe('M-POLI-005');
  });
});

describe('what becomes a version', () => {
  const next = (more: object = {}) => ({
    policy: policy({ version: 4, valid_from: '2026-11-22', ...more }),
    base: 3,
  });
  const three = [{ version: 3 }, { version: 1 }];
  it.each([
    ['the next one, from today', next(), three, undefined],
    ['the first one', { policy: policy({ version: 1, valid_from: '2026-11-23' }), base: 0 }, [], undefined],
    ['one whose base is no longer the last', next(), [...three, { version: 4 }], 'M-POLI-007'],
    ['one that leaves a number out', next({ version: 5 }), three, 'M-POLI-007'],
    ['one that repeats a number', next({ version: 3 }), three, 'M-POLI-007'],
    ['one that began yesterday', next({ valid_from: '2026-11-21' }), three, 'M-POLI-008'],
  ])('%s', (_what, draft, versions, refused) => {
    expect(refusedVersion(draft, versions, '2026-11-22')).toBe(refused);
  });
});
