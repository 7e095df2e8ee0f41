import { describe, expect, test } from 'vitest';
import type { Terms } from '../act.ts';
import { inForce, requestStates } from '../file.ts';
import type { Request, RequestState } from '../file.ts';
import { addYears, retentionEnd } from './retention.ts';

const lastChange = new Date('2026-11-22T10:00:00Z');
const terms: Terms = {
  level: 'member',
  ground: 'members_all_public_law',
  conditions: [],
  startsOn: '2026-01-01',
  endsOn: '2028-12-31',
};
const request = (state: RequestState, rest: Partial<Request> = {}): Request => ({
  service: 'docs',
  state,
  reminded: [],
  ...rest,
});
const decided = (as: RequestState, on: string) => ({ as, on, text: 'x' });
const end = (...requests: readonly Request[]) =>
  retentionEnd({ requests, receivedOn: '2026-01-05', events: [] }, lastChange);

describe('a file is kept', () => {
  test('as a draft, 90 days after its last change', () => {
    expect(retentionEnd({ requests: [], events: [] }, lastChange)).toEqual({
      on: '2027-02-20',
      what: 'draft',
    });
  });

  test.each<[string, Request, string]>([
    [
      'two years after a refusal',
      request('refused', { decided: decided('refused', '2026-05-10') }),
      '2028-05-10',
    ],
    [
      'two years after silence',
      request('implicitly_refused', { decided: decided('implicitly_refused', '2026-05-10') }),
      '2028-05-10',
    ],
    [
      'two years after the appeal is lost',
      request('upheld', { decided: decided('upheld', '2026-07-01') }),
      '2028-07-01',
    ],
    ['two years after it was taken back', request('withdrawn'), '2028-11-22'],
    [
      'five years after the end of the right',
      request('expired', { terms, granted: decided('approved', '2026-01-01') }),
      '2033-12-31',
    ],
    [
      'five years after the right was taken away',
      request('abrogated', { terms, decided: decided('abrogated', '2027-03-01') }),
      '2032-03-01',
    ],
    [
      'five years after the organization closed',
      request('closed', { terms, decided: decided('closed', '2027-03-01') }),
      '2032-03-01',
    ],
    [
      'two years after it closed before any right',
      request('closed', { decided: decided('closed', '2027-03-01') }),
      '2029-03-01',
    ],
  ])('%s', (_name, one, on) => {
    expect(end(one)).toEqual({ on, what: 'file' });
  });

  test('until the last of its requests is over', () => {
    const refused = request('refused', { decided: decided('refused', '2026-05-10') });
    const expired = request('expired', { terms, granted: decided('approved', '2026-01-01') });
    expect(end(refused, expired)?.on).toBe('2033-12-31');
    expect(end(refused, request('approved', { terms }))).toBeUndefined();
  });

  test('without an end while it is examined, in force, suspended or appealed', () => {
    const open = requestStates.filter((state) => end(request(state, { terms })) === undefined);
    expect(open).toEqual([
      'draft',
      'submitted',
      'under_review',
      'info_requested',
      'approved',
      'implicitly_accepted',
      'renewal_due',
      'suspension_notified',
      'suspended',
      'suspended_urgent',
      'appealed',
    ]);
    expect(open).toEqual(expect.arrayContaining([...inForce]));
  });
});

test('29 February some years later is the next day: nothing is destroyed a day early', () => {
  expect(addYears('2028-02-29', 5)).toBe('2033-03-01');
  expect(addYears('2028-02-29', 4)).toBe('2032-02-29');
  expect(addYears('2027-02-28', 2)).toBe('2029-02-28');
});
