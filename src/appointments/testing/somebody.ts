import { operatorSchema } from '../../declarations/declarations.ts';
import type { Operator } from '../../declarations/declarations.ts';
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
