import { operatorSchema } from '../../declarations/declarations.ts';
import type { Operator } from '../../declarations/declarations.ts';
import type { OperatorAtWork } from '../appointments.ts';
import { anOperator, without } from '../../declarations/testing/samples.ts';

/** An administrator with everything of their own, and whatever `more` says. */
export const somebody = (id: string, more: Partial<Operator> = {}): Operator =>
  operatorSchema.parse({
    ...without(anOperator, 'perimeter'),
    delegation: undefined,
    subject: id,
    given_name: id,
    usual_name: 'Martin',
    email: `${id}@operator.example`,
    roles: ['administrator'],
    ...more,
    id,
  });

/** The same, who acts. */
export const atWork = (operator: Operator): OperatorAtWork => ({
  operator,
  actor: {
    kind: 'operator',
    id: operator.id,
    givenName: operator.given_name,
    usualName: operator.usual_name,
    capacity: operator.capacity,
    organization: operator.organization,
    sirens: [operator.organization_siren],
  },
});
