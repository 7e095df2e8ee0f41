import { describe, expect, it, test } from 'vitest';
import { compareAfterwards } from './afterwards.ts';
import type { Policy } from './policy.ts';
import type { Approval } from './subject.ts';
import { approval, association, dinum, organization, policy, rule } from './testing/factory.ts';

const at = new Date('2026-11-22T10:00:00Z');
const asks = { approval: { service: 'docs', status: 'active' } };
const goesOn = (grace?: object, ...more: unknown[]): Policy =>
  policy({ rules: [rule(asks, { basis: 'approval', ...(grace && { grace }) }), ...more] });
const none = goesOn();
const member = { level: 'member' } as const;
const month = goesOn({ days: 30, ...member });
const held = (changes: Partial<Approval> = {}): Approval =>
  approval({ endsOn: '2027-06-30', lapses: true, ...changes });

const compared = (
  before: Policy | undefined,
  after: Policy,
  approvals: readonly Approval[] = [held()],
  of = association,
) =>
  compareAfterwards(before, after, { organization: of, approvals }, at).map(({ approval: one, verdict }) => [
    one.id,
    verdict,
  ]);
const { id } = held();

describe('after the last day of an approval that is in force, a draft', () => {
  it.each([
    ['lets the right go on that ends now', none, month, 'goes_on'],
    ['lets it go on where there is no policy yet', undefined, month, 'goes_on'],
    ['ends at once what goes on now', month, none, 'stops'],
    ['lets it go on for longer', month, goesOn({ days: 60, ...member }), 'changes'],
    ['lets it go on with less', month, goesOn({ days: 30, level: 'guest' }), 'changes'],
  ] as const)('%s', (_name, before, after, verdict) => {
    expect(compared(before, after)).toEqual([[id, verdict]]);
  });

  it.each([
    ['says the same', month, month],
    ['says nothing, as before', none, none],
    ['says nothing for no day', none, goesOn({ days: 0, ...member })],
  ])('%s: nothing is counted', (_name, before, after) => {
    expect(compared(before, after)).toEqual([]);
  });

  it.each([
    ['that is over already', [held({ endsOn: '2026-11-21' })]],
    ['that is suspended', [held({ status: 'suspended' })]],
    ['that somebody wants to take away, or that is given up', [held({ lapses: false })]],
    [
      'that another one follows',
      [held(), held({ id: 'next', startsOn: '2027-07-01', endsOn: '2030-01-01' })],
    ],
  ])('counts no right %s', (_name, approvals) => {
    expect(compared(none, month, approvals).map(([one]) => one)).not.toContain(id);
  });

  it('counts the last one of those that follow each other', () => {
    const next = held({ id: 'next', startsOn: '2027-07-01', endsOn: '2028-06-30' });
    expect(compared(none, month, [held(), next])).toEqual([['next', 'goes_on']]);
  });

  it('counts one that ends today, and one that has not begun', () => {
    expect(compared(none, month, [held({ endsOn: '2026-11-22' })])).toEqual([[id, 'goes_on']]);
    const coming = held({ startsOn: '2027-01-01', endsOn: '2027-12-31' });
    expect(compared(none, month, [coming])).toEqual([[id, 'goes_on']]);
  });

  it('is asked of the organization as it is: not where it has closed, or another rule lets it in', () => {
    expect(compared(none, month, [held()], organization({ unitState: 'C' }))).toEqual([]);
    const open = rule({ 'org.public_service': true }, { id: 'public', basis: 'public_service' });
    const own = held({ siren: '130025265' });
    expect(compared(goesOn(undefined, open), goesOn({ days: 30, ...member }, open), [own], dinum)).toEqual(
      [],
    );
  });
});

test('what it says is what a sign-in of that day is told', () => {
  const approvals = [held()];
  const [found] = compareAfterwards(none, month, { organization: association, approvals }, at);
  expect(found?.after).toMatchObject({
    decision: 'allow',
    grace: { endedOn: '2027-06-30', lastDay: '2027-07-30' },
  });
  expect(found?.before).toMatchObject({ decision: 'deny', reason: 'approval_expired' });
});
