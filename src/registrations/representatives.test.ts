import { describe, expect, test } from 'vitest';
import type { RegistrationEvent } from './act.ts';
import type { Request, RequestState } from './file.ts';
import { requestStates } from './file.ts';
import { representation } from './representatives.ts';
import { applicantOf, operatorCalled } from './testing/room.ts';

const today = '2026-11-22';
const maelle = applicantOf('Maëlle');
const author = operatorCalled('anne');
const submitted: RegistrationEvent = {
  seq: 1,
  at: new Date('2026-10-01T10:00:00Z'),
  actor: maelle,
  act: { act: 'submit', content: {}, services: ['docs'] },
};
const request = (change: Partial<Request> = {}): Request => ({
  service: 'docs',
  state: 'approved',
  terms: {
    level: 'member',
    ground: 'members_all_public_law',
    conditions: [],
    startsOn: '2026-11-01',
    endsOn: '2027-10-31',
  },
  granted: { as: 'approved', on: '2026-11-01', author, text: '' },
  reminded: [],
  ...change,
});
const represents = ({
  requests = [request()],
  events = [submitted],
  siren = '000000406',
  acting = { capacity: 'présidente', mandateUntil: '' },
  on = today,
}: {
  readonly requests?: readonly Request[];
  readonly events?: readonly RegistrationEvent[];
  readonly siren?: string | undefined;
  readonly acting?: { readonly capacity: string; readonly mandateUntil: string };
  readonly on?: string;
} = {}) =>
  representation({ id: 'D-26-7K3QXWPB', events, requests }, { siren, content: { acting } }, on)?.until;

describe('who represents an organization', () => {
  test('whoever sent the file that an operator approved, until it ends', () => {
    expect(represents()).toBe('2027-10-31');
    expect(represents({ on: '2027-10-31' })).toBe('2027-10-31');
    expect(represents({ on: '2027-11-01' })).toBeUndefined();
    expect(represents({ on: '2026-10-31' })).toBeUndefined();
  });

  test('until the mandate ends, when it ends before', () => {
    const until = (mandateUntil: string, on = today) =>
      represents({ acting: { capacity: 'directrice', mandateUntil }, on });
    expect(until('2027-01-31')).toBe('2027-01-31');
    expect(until('2030-01-31')).toBe('2027-10-31');
    expect(until('2026-11-22')).toBe('2026-11-22');
    expect(until('2026-11-21')).toBeUndefined();
  });

  test.each<[RequestState, boolean]>(
    requestStates.map((state) => [
      state,
      ['approved', 'implicitly_accepted', 'renewal_due', 'suspension_notified'].includes(state),
    ]),
  )('with a request that is %s: %s', (state, expected) => {
    expect(represents({ requests: [request({ state })] }) !== undefined).toBe(expected);
  });

  test('not what silence accepted: nobody examined the mandate', () => {
    const granted = { as: 'implicitly_accepted', on: '2026-11-01', text: '' } as const;
    expect(represents({ requests: [request({ state: 'implicitly_accepted', granted })] })).toBeUndefined();
    expect(represents({ requests: [request({ state: 'renewal_due', granted })] })).toBeUndefined();
  });

  test('not without a sender, a capacity or a SIREN', () => {
    expect(represents({ events: [{ ...submitted, actor: author }] })).toBeUndefined();
    expect(represents({ events: [] })).toBeUndefined();
    expect(represents({ acting: { capacity: ' ', mandateUntil: '' } })).toBeUndefined();
    expect(
      representation(
        { id: 'D-26-7K3QXWPB', events: [submitted], requests: [request()] },
        { siren: undefined, content: { acting: { capacity: 'présidente', mandateUntil: '' } } },
        today,
      ),
    ).toBeUndefined();
  });

  test('one right in force is enough', () => {
    const ended = request({ service: 'tchap', state: 'abrogated' });
    expect(represents({ requests: [ended, request()] })).toBe('2027-10-31');
    expect(represents({ requests: [ended] })).toBeUndefined();
  });
});
