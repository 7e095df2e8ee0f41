import { expect, test } from 'vitest';
import type { RequestState, RequestSummary } from '../registrations/registrations.ts';
import { nextThing, stand } from './next-thing.ts';

const requests = (...states: readonly RequestState[]): readonly RequestSummary[] =>
  states.map((state, index) => ({ service: `s${index}`, state, proposed: false, endsOn: '2027-03-01' }));

test.each([
  [['under_review', 'info_requested'], { words: 'answer' }],
  [['approved', 'suspension_notified'], { words: 'observations' }],
  [['refused', 'submitted'], { words: 'wait', endsOn: '2027-02-01' }],
  [['renewal_due', 'refused'], { words: 'renew', endsOn: '2027-03-01' }],
  [['implicitly_refused'], { words: 'read' }],
  [['approved', 'withdrawn'], { words: 'nothing' }],
] as const)('%j: the most pressing thing', (states, expected) => {
  const file = { stage: 'examination', requests: requests(...states), dueOn: '2027-02-01' } as const;
  expect(nextThing({ ...file, accountId: 'a1' })).toEqual(expected);
});

test('a draft is to be finished; without a day, no day is promised', () => {
  expect(nextThing({ stage: 'draft', requests: [], dueOn: undefined, accountId: 'a1' })).toEqual({
    words: 'continue',
  });
  expect(
    nextThing({ stage: 'examination', requests: requests('submitted'), dueOn: undefined, accountId: 'a1' }),
  ).toEqual({
    words: 'wait_paused',
  });
});

test('what was passed on is answered by another administration', () => {
  const passedOn = (state: RequestState) =>
    nextThing(
      { stage: 'examination', requests: requests(state), dueOn: '2027-01-31', accountId: 'a1' },
      'Préfecture',
    );
  expect(passedOn('under_review')).toEqual({ words: 'transferred', text: 'Préfecture' });
  expect(passedOn('info_requested')).toEqual({ words: 'answer' });
  expect(stand('Docs', 'under_review', true)).toEqual({
    service: 'Docs',
    state: 'transferred',
    tone: 'plain',
  });
  expect(stand('Docs', 'approved', true).state).toBe('approved');
});

test('what the administration opened is read, and renewed: nothing else is done on its page', () => {
  const opened = (state: RequestState) =>
    nextThing({ stage: 'decided', requests: requests(state), dueOn: undefined, accountId: undefined });
  expect(opened('suspension_notified')).toEqual({ words: 'letter' });
  expect(opened('renewal_due')).toEqual({ words: 'renew', endsOn: '2027-03-01' });
  expect(opened('approved')).toEqual({ words: 'nothing' });
});
