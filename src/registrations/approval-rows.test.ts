import { describe, expect, test } from 'vitest';
import type { Act, Actor } from './act.ts';
import { approvalRowOf, renewedRowOf } from './approval-rows.ts';
import { requestStates } from './file.ts';
import type { Decided, Request, RequestState } from './file.ts';
import { alice, applicant, after, empty, said, terms } from './testing/people.ts';
import type { Said } from './testing/people.ts';

const say = (on: string, by: Actor, act: Act): Said => said(on, by, act);
const submitted = after(empty, [
  say('2026-11-21', applicant, { act: 'submit', content: {}, services: ['docs'] }),
]);
const [asked] = submitted.requests;
if (asked === undefined) throw new Error('no request');
const decided: Decided = { as: 'approved', on: '2026-12-10', author: alice, text: 'Accordé.' };
const row = (change: Partial<Request>) =>
  approvalRowOf(submitted, { ...asked, ...change }, '000000406', 'Direction compétente');

test('what is examined is pending, and is nobody’s decision yet', () => {
  expect(row({})).toEqual({
    id: 'd-26-7k3qxwpb-docs',
    siren: '000000406',
    service_id: 'docs',
    level: 'guest',
    ground: 'operator_doctrine',
    reason: 'D-26-7K3QXWPB',
    starts_on: '2026-11-21',
    ends_on: '2026-11-21',
    status: 'pending',
    lapses: false,
    decided_by: '{"organization":"Direction compétente"}',
    decided_on: '2026-11-21',
  });
});

test('what is granted has the terms, the author and the reasons of its decision', () => {
  expect(row({ state: 'approved', terms, decided, granted: decided })).toMatchObject({
    level: terms.level,
    ground: terms.ground,
    starts_on: terms.startsOn,
    ends_on: terms.endsOn,
    status: 'active',
    reason: 'Accordé.',
    decided_on: '2026-12-10',
    decided_by: JSON.stringify({
      given_name: 'alice',
      usual_name: 'Exemple',
      capacity: 'chargée des habilitations',
      organization: 'Direction fictive',
    }),
  });
});

describe('a right goes on after its last day only if nothing else ended it', () => {
  const granted: Partial<Request> = { terms, decided, granted: decided };
  test.each(requestStates)('%s', (state) => {
    const lapses = ['approved', 'implicitly_accepted', 'renewal_due', 'expired'].includes(state);
    expect(row({ ...granted, state })?.lapses ?? false).toBe(lapses);
    expect(row({ state })?.lapses ?? false).toBe(false);
  });
  test('not one that ended while it was suspended, or while its suspension was announced', () => {
    const suspended: Decided = { ...decided, as: 'suspended' };
    expect(row({ ...granted, state: 'expired', decided: suspended })?.lapses).toBe(false);
    const notice = { on: '2026-12-11', answerBy: '2026-12-26' } as Request['notice'];
    expect(row({ ...granted, state: 'expired', notice })?.lapses).toBe(false);
  });
});

const expected: Readonly<Record<RequestState, string | undefined>> = {
  draft: undefined,
  submitted: 'pending',
  under_review: 'pending',
  info_requested: 'pending',
  withdrawn: undefined,
  approved: 'active',
  refused: 'refused',
  implicitly_refused: 'refused',
  implicitly_accepted: 'active',
  renewal_due: 'active',
  renewed: 'active',
  expired: 'active',
  renounced: 'active',
  suspension_notified: 'active',
  suspended: 'suspended',
  suspended_urgent: 'suspended',
  abrogated: 'refused',
  withdrawn_by_authority: 'refused',
  closed: 'refused',
  appealed: 'refused',
  upheld: 'refused',
  implicitly_upheld: 'refused',
};
test.each(requestStates)('%s', (state) => {
  expect(row({ state, terms, decided })?.status).toBe(expected[state]);
});

test.each([
  ['suspended_urgent', 'suspended'],
  ['refused', 'refused'],
  ['abrogated', 'refused'],
] as const)('an appeal against what is %s leaves it so', (as, status) => {
  const against = { ...decided, as };
  expect(
    row({ state: 'appealed', terms, decided: against, appeal: { on: '2026-12-20', against } })?.status,
  ).toBe(status);
});

test('what was renewed ends the day before the new right begins, and never later than it said', () => {
  const former = row({ state: 'renewed', terms, decided });
  if (former === undefined) throw new Error('no row');
  expect(renewedRowOf(former, '2027-07-01')?.ends_on).toBe('2027-06-30');
  expect(renewedRowOf(former, '2028-07-01')?.ends_on).toBe('2027-12-31');
  expect(renewedRowOf(former, '2026-12-16')?.ends_on).toBe('2026-12-15');
  expect(renewedRowOf(former, '2026-12-15')).toBeUndefined();
});
