import { describe, expect, test } from 'vitest';
import { operatorRoles } from '../declarations/declarations.ts';
import type { Operator, OperatorRole } from '../declarations/declarations.ts';
import type { Target } from './perimeter.ts';
import { actions, delegationOn, may, mayAnywhere } from './roles.ts';
import type { Action } from './roles.ts';

const today = '2026-11-22';
const names = Object.keys(actions).filter((name): name is Action => Object.hasOwn(actions, name));
const charged = (
  roles: readonly OperatorRole[],
  bounds: Partial<Pick<Operator, 'perimeter' | 'delegation'>> = {},
) => ({ roles: [...roles], ...bounds });

const somewhere: Target = { department: '56', organizations: ['000000109'], services: ['docs'] };

/** R reader, V reviewer, D decider, P policy editor, A administrator, C auditor (who checks). */
const expected: Readonly<Record<Action, string>> = {
  'queue.read': 'RVD..C',
  'file.read': 'RVD..C',
  'file.examine': '.VD...',
  'file.decide': '..D...',
  'file.confirm': '..D...',
  'appeal.decide': '..D...',
  'note.write': '.VD...',
  'evidence.read': '.VD..C',
  'organization.read': 'RVDPAC',
  'people.read': '.VD..C',
  'member.decide': '..D...',
  'fact.correct': '..D...',
  'domain.decide': '..D...',
  'statistics.read': 'RVDPAC',
  'provider.read': 'RVDPAC',
  'policy.read': 'RVDPAC',
  'policy.edit': '...P..',
  'policy.publish': '...P..',
  'bulk.prepare': '.VD...',
  'bulk.confirm': '..D...',
  'audit.read': '.....C',
  'audit.export': '.....C',
  'operator.manage': '....A.',
  'person.read': '....A.',
  'person.erase': '....A.',
  'person.block': '....A.',
};
const letters: Readonly<Record<OperatorRole, string>> = {
  reader: 'R',
  reviewer: 'V',
  decider: 'D',
  policy_editor: 'P',
  administrator: 'A',
  auditor: 'C',
};

describe('role × action, without a perimeter', () => {
  test.each(names)('%s', (action) => {
    const row = operatorRoles
      .map((role) => (may(charged([role]), action, somewhere, today) ? letters[role] : '.'))
      .join('');
    expect(row).toBe(expected[action]);
  });

  test('two roles do what either does, and no more', () => {
    for (const action of names)
      for (const one of operatorRoles)
        for (const other of operatorRoles)
          expect([action, one, other, may(charged([one, other]), action, somewhere, today)]).toEqual([
            action,
            one,
            other,
            may(charged([one]), action, somewhere, today) || may(charged([other]), action, somewhere, today),
          ]);
  });

  test('an action on nothing in particular, only where it needs nothing in particular', () => {
    const everything = charged(operatorRoles);
    for (const action of names)
      expect([action, may(everything, action, undefined, today)]).toEqual([
        action,
        actions[action] !== 'target',
      ]);
  });
});

describe('role × action × perimeter', () => {
  const perimeters: readonly (readonly [string, NonNullable<Operator['perimeter']>, boolean])[] = [
    ['its department', { departments: ['29', '56'] }, true],
    ['another department', { departments: ['29'] }, false],
    ['the organization', { federations: ['000000109'] }, true],
    ['another federation', { federations: ['000000208'] }, false],
    ['its service', { services: ['docs', 'visio'] }, true],
    ['another service', { services: ['visio'] }, false],
    ['its department, and another service', { departments: ['56'], services: ['visio'] }, false],
    ['its department and its service', { departments: ['56'], services: ['docs'] }, true],
  ];
  const cases = perimeters.flatMap(([what, perimeter, inside]) =>
    names.map((action) => [action, what, perimeter, inside] as const),
  );

  test.each(cases)('%s, bounded to %s', (action, _what, perimeter, inside) => {
    const everything = charged(operatorRoles, { perimeter });
    expect(may(everything, action, somewhere, today)).toBe(inside && actions[action] !== 'whole');
    expect(mayAnywhere(everything, action, today)).toBe(actions[action] !== 'whole');
    // The roles still count within the perimeter.
    expect(may(charged(['reader'], { perimeter }), action, somewhere, today)).toBe(
      inside && expected[action].includes('R'),
    );
  });

  test.each<readonly [string, Target]>([
    ['no department', { organizations: ['000000109'], services: ['docs'] }],
    ['nothing', {}],
  ])('what is known of it is %s: in no bounded perimeter', (_what, target) => {
    expect(
      may(charged(['decider'], { perimeter: { departments: ['56'] } }), 'file.read', target, today),
    ).toBe(false);
    expect(may(charged(['decider']), 'file.read', target, today)).toBe(true);
  });

  test('a member of a federation is within its perimeter', () => {
    const bounded = charged(['reviewer'], { perimeter: { federations: ['000000208'] } });
    const member: Target = { organizations: ['000000109', '000000208'], services: ['docs'] };
    expect(may(bounded, 'file.examine', member, today)).toBe(true);
  });

  test('an act on one service of a file is bounded by that service', () => {
    const bounded = charged(['decider'], { perimeter: { services: ['docs'] } });
    expect(may(bounded, 'file.read', { services: ['docs', 'tchap'] }, today)).toBe(true);
    expect(may(bounded, 'file.decide', { services: ['tchap'] }, today)).toBe(false);
  });
});

describe('role × action × delegation', () => {
  const delegation = { from: '2026-11-01', to: '2026-11-22' };
  test.each<readonly [string, ReturnType<typeof delegationOn>]>([
    ['2026-10-31', 'not_begun'],
    ['2026-11-01', 'in_force'],
    ['2026-11-22', 'in_force'],
    ['2026-11-23', 'ended'],
  ])('on %s: %s, both days included', (day, state) => {
    expect(delegationOn({ delegation }, day)).toBe(state);
    const everything = charged(operatorRoles, { delegation });
    for (const action of names) {
      expect([action, may(everything, action, somewhere, day)]).toEqual([action, state === 'in_force']);
      expect([action, mayAnywhere(everything, action, day)]).toEqual([action, state === 'in_force']);
    }
  });

  test('without one, nothing ends', () => {
    expect(delegationOn({}, '9999-12-31')).toBe('in_force');
  });
});
