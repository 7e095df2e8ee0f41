import { describe, expect, test } from 'vitest';
import type { Operator } from '../declarations/declarations.ts';
import { idOf } from './free-id.ts';
import {
  isOneself,
  leavesSomebody,
  possibleAnswers,
  refusedAnswer,
  refusedProposal,
  refusedRemoval,
} from './rules.ts';
import { somebody } from './testing/somebody.ts';

const [ada, bob, eve] = [somebody('ada'), somebody('bob'), somebody('eve', { roles: ['reviewer'] })];
const manages = ({ roles }: Operator): boolean => roles.includes('administrator');

describe('about oneself', () => {
  test.each<readonly [string, Partial<Operator>, boolean]>([
    ['the same id', { id: 'ada' }, true],
    ['the same identity', { idp: 'etat', subject: 'ada' }, true],
    ['the same subject elsewhere', { idp: 'other', subject: 'ada' }, false],
    ['the same address, in any case', { email: 'ADA@operator.example' }, true],
    ['nothing of it', {}, false],
  ])('%s', (_what, same, expected) => {
    expect(isOneself(ada, { ...bob, ...same })).toBe(expected);
  });
});

describe('a proposal', () => {
  const all = [ada, bob, eve];
  const kept = (operator: Operator, origin: 'configuration' | 'console' = 'console') => ({
    operator,
    origin,
  });
  test.each<readonly [string, Parameters<typeof refusedProposal>[0], string | undefined]>([
    ['appoints', { kind: 'appoint', operator: somebody('zoe'), current: undefined }, undefined],
    [
      'appoints oneself',
      { kind: 'appoint', operator: somebody('zoe', { subject: 'ada' }), current: undefined },
      'M-OPER-005',
    ],
    [
      'appoints who is there',
      { kind: 'appoint', operator: somebody('zoe', { subject: 'eve' }), current: undefined },
      'M-OPER-008',
    ],
    [
      'takes an id',
      {
        kind: 'appoint',
        operator: somebody('eve', { subject: 'zoe', email: 'z@o.example' }),
        current: kept(eve),
      },
      'M-OPER-008',
    ],
    [
      'rule and case',
      {
        kind: 'appoint',
        operator: somebody('zoe', { roles: ['policy_editor', 'decider'] }),
        current: undefined,
      },
      'M-OPER-006',
    ],
    [
      'checks oneself',
      { kind: 'appoint', operator: somebody('zoe', { roles: ['auditor', 'reviewer'] }), current: undefined },
      'M-OPER-006',
    ],
    [
      'reads and checks',
      { kind: 'appoint', operator: somebody('zoe', { roles: ['auditor', 'reader'] }), current: undefined },
      undefined,
    ],
    [
      'a small service',
      {
        kind: 'appoint',
        operator: somebody('zoe', { roles: ['decider', 'administrator'] }),
        current: undefined,
      },
      undefined,
    ],
    ['changes', { kind: 'change', operator: { ...eve, roles: ['decider'] }, current: kept(eve) }, undefined],
    ['changes nobody', { kind: 'change', operator: somebody('zoe'), current: undefined }, 'M-OPER-001'],
    ['changes a file', { kind: 'change', operator: eve, current: kept(eve, 'configuration') }, 'M-OPER-007'],
    [
      'changes oneself',
      { kind: 'change', operator: { ...ada, email: 'x@o.example' }, current: kept(ada) },
      'M-OPER-005',
    ],
    [
      'becomes oneself',
      { kind: 'change', operator: { ...eve, email: ada.email }, current: kept(eve) },
      'M-OPER-005',
    ],
    [
      'hands over an identity',
      { kind: 'change', operator: { ...eve, subject: 'zoe' }, current: kept(eve) },
      'M-OPER-011',
    ],
    ['readmits', { kind: 'readmit', operator: somebody('zoe'), current: undefined }, undefined],
    ['readmits who is there', { kind: 'readmit', operator: eve, current: kept(eve) }, 'M-OPER-008'],
  ])('%s', (_what, asked, expected) => {
    expect(refusedProposal(asked, ada, all)).toBe(expected);
  });
});

test('a proposal about one who is there under another name of their issuer', () => {
  const asked = {
    kind: 'appoint',
    operator: somebody('zoe', { idp: 'bis', subject: 'eve' }),
    current: undefined,
  } as const;
  const issuerOf = (idp: string) => (idp === 'bis' ? 'etat' : idp);
  expect(refusedProposal(asked, ada, [ada, bob, eve])).toBeUndefined();
  expect(refusedProposal(asked, ada, [ada, bob, eve], issuerOf)).toBe('M-OPER-008');
});

describe('an answer', () => {
  const open = { state: 'proposed', authorId: 'ada', about: eve } as const;
  test('is of another administrator; its author takes it back', () => {
    expect(possibleAnswers(open, bob)).toEqual(['confirm', 'decline']);
    expect(possibleAnswers(open, ada)).toEqual(['withdraw']);
    expect(refusedAnswer(open, 'confirm', ada)).toBe('M-OPER-004');
    expect(refusedAnswer(open, 'withdraw', bob)).toBe('M-OPER-004');
  });
  test('is not of whom it concerns', () => {
    expect(possibleAnswers({ ...open, about: bob }, bob)).toEqual([]);
    expect(refusedAnswer({ ...open, about: bob }, 'decline', bob)).toBe('M-OPER-005');
  });
  test.each(['confirmed', 'declined', 'withdrawn'] as const)('comes once: it is %s', (state) => {
    for (const person of [ada, bob]) expect(possibleAnswers({ ...open, state }, person)).toEqual([]);
    expect(refusedAnswer({ ...open, state }, 'confirm', bob)).toBe('M-OPER-003');
  });
});

test('a removal is never of oneself, and leaves somebody else who keeps the operators', () => {
  const dan = somebody('dan');
  expect(refusedRemoval(eve, ada, [ada, bob, eve], manages)).toBeUndefined();
  expect(refusedRemoval(ada, ada, [ada, bob], manages)).toBe('M-OPER-005');
  expect(refusedRemoval(bob, ada, [ada, bob, dan], manages)).toBeUndefined();
  // One account, once taken, does not put everybody out.
  expect(refusedRemoval(bob, ada, [ada, bob, eve], manages)).toBe('M-OPER-009');
  expect(refusedRemoval(eve, ada, [ada, eve], manages)).toBe('M-OPER-009');
  // A second name of their own is nobody else.
  const alias = somebody('dan', { email: 'ADA@operator.example' });
  expect(refusedRemoval(bob, ada, [ada, bob, alias], manages)).toBe('M-OPER-009');
  // Whoever asks has lost the charge meanwhile.
  expect(refusedRemoval(bob, eve, [bob, eve], manages)).toBe('M-OPER-009');
  expect(leavesSomebody([eve], manages)).toBe(false);
});

test.each([
  ['Anne-Zoé', 'd’Été-Ægir', 'anne-zoe-d-ete-gir'],
  ['李', '小龙', 'operateur'],
  ['A'.repeat(80), 'B', 'a'.repeat(55)],
])('an id of %s %s', (given, usual, id) => {
  expect(idOf({ given_name: given, usual_name: usual })).toBe(id);
});
