import type { Operator, OperatorRole } from '../declarations/declarations.ts';
import { isInPerimeter } from './perimeter.ts';
import type { Target } from './perimeter.ts';

/**
 * Everything that the console lets somebody do, and how far it reaches.
 *
 * `target`: something that lies somewhere (a file, an organization, a service), within the perimeter or not.
 * `anywhere`: a list that shows what lies within, or something that anybody may know.
 * `whole`: something that cannot be bounded, and so is not for operators whose perimeter is: who could list operators
 * would widen their own.
 */
export const actions = {
  'queue.read': 'anywhere',
  'file.read': 'target',
  'file.examine': 'target',
  'file.decide': 'target',
  'file.confirm': 'target',
  'appeal.decide': 'target',
  'note.write': 'target',
  'evidence.read': 'target',
  'organization.read': 'target',
  'people.read': 'target',
  'member.decide': 'target',
  'fact.correct': 'target',
  'domain.decide': 'whole',
  'statistics.read': 'anywhere',
  'provider.read': 'anywhere',
  'policy.read': 'anywhere',
  'policy.edit': 'target',
  'policy.publish': 'target',
  'bulk.prepare': 'anywhere',
  'bulk.confirm': 'anywhere',
  'audit.read': 'whole',
  'audit.export': 'whole',
  'operator.manage': 'whole',
  'person.read': 'whole',
  'person.erase': 'whole',
  'person.block': 'whole',
} as const satisfies Record<string, 'target' | 'anywhere' | 'whole'>;

export type Action = keyof typeof actions;

const reading = [
  'queue.read',
  'file.read',
  'organization.read',
  'statistics.read',
  'provider.read',
  'policy.read',
] as const;
const examining = [
  ...reading,
  'file.examine',
  'note.write',
  'evidence.read',
  'people.read',
  'bulk.prepare',
] as const;

/**
 * Role × action: the one table. Whoever decides also examines; whoever writes the rules, keeps the operators or checks the
 * record decides on no file, so that nobody holds both the rule and the case.
 */
export const table: Readonly<Record<OperatorRole, readonly Action[]>> = {
  reader: reading,
  reviewer: examining,
  decider: [
    ...examining,
    'member.decide',
    'fact.correct',
    'domain.decide',
    'file.decide',
    'file.confirm',
    'appeal.decide',
    'bulk.confirm',
  ],
  policy_editor: [
    'policy.read',
    'policy.edit',
    'policy.publish',
    'organization.read',
    'statistics.read',
    'provider.read',
  ],
  administrator: [
    'policy.read',
    'organization.read',
    'statistics.read',
    'provider.read',
    'operator.manage',
    'person.read',
    'person.erase',
    'person.block',
  ],
  auditor: [...reading, 'evidence.read', 'people.read', 'audit.read', 'audit.export'],
};

/** Where a delegation of signature stands on a civil day in Paris. Without one there is nothing to end. */
export function delegationOn(
  { delegation }: Pick<Operator, 'delegation'>,
  today: string,
): 'in_force' | 'not_begun' | 'ended' {
  if (delegation === undefined) return 'in_force';
  if (today < delegation.from) return 'not_begun';
  return today <= delegation.to ? 'in_force' : 'ended';
}

type Charged = Pick<Operator, 'roles' | 'perimeter' | 'delegation'>;

/** Whether some role allows it, on something within the perimeter at least: what the menus show. */
export function mayAnywhere(operator: Charged, action: Action, today: string): boolean {
  if (delegationOn(operator, today) !== 'in_force') return false;
  if (!operator.roles.some((role) => table[role].includes(action))) return false;
  return actions[action] !== 'whole' || operator.perimeter === undefined;
}

/**
 * Whether this operator may do this to that, today: the one place that says so.
 *
 * @param target undefined for what lies nowhere; an action that needs one is then refused
 * @param today civil day in Paris
 */
export function may(operator: Charged, action: Action, target: Target | undefined, today: string): boolean {
  if (!mayAnywhere(operator, action, today)) return false;
  if (target !== undefined) return isInPerimeter(operator.perimeter, target);
  return actions[action] !== 'target';
}
