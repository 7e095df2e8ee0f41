import { z } from 'zod';
import { departmentByCode, isRna, isSiren } from '../organizations/organizations.ts';
import { duplicates, isoDay, setOf, siren, slug, text } from './scalars.ts';

/** What a person of the operator may be charged with. What each may do: `src/operators/roles.ts`. */
export const operatorRoles = [
  'reader',
  'reviewer',
  'decider',
  'policy_editor',
  'administrator',
  'auditor',
] as const;
export type OperatorRole = (typeof operatorRoles)[number];

/**
 * Never in one hand: the rule and the case that it decides; what is done and the record that checks it. Keeping the
 * operators goes with deciding: each of these acts needs a second person, and a small service has few. Asked of what is
 * written, in files and in the console; what is stored already is read as it is.
 */
const apart: readonly (readonly [OperatorRole, readonly OperatorRole[]])[] = [
  ['policy_editor', ['reviewer', 'decider']],
  ['auditor', ['reviewer', 'decider', 'policy_editor', 'administrator']],
];

/** Two roles that one person cannot hold together; undefined when there are none. */
export function rolesApart(
  roles: readonly OperatorRole[],
): readonly [OperatorRole, OperatorRole] | undefined {
  for (const [one, others] of apart) {
    const other = others.find((role) => roles.includes(role));
    if (roles.includes(one) && other !== undefined) return [one, other];
  }
  return undefined;
}

/** An empty list would read as "nothing" to one person and as "everything" to another. */
const some = (item: z.ZodType<string>) =>
  setOf(item)
    .refine((values) => values.length > 0, {
      error: 'must hold at least one value: leave it out when there is no limit',
    })
    .optional();

const department = z.string().refine((code) => departmentByCode(code) !== undefined, {
  error: 'must be the code of a department, like 56, 2A or 974',
});

/** The SIREN; for what has none, the RNA number. */
const federation = z.string().refine((id) => isSiren(id) || isRna(id), {
  error: 'must be a SIREN or an RNA number, like W000000101',
});

const roles = z
  .array(z.enum(operatorRoles))
  .min(1, { error: 'must hold at least one role' })
  .refine((values) => duplicates(values).length === 0, { error: 'must not hold the same value twice' })
  .readonly();

/**
 * A person who examines, decides or keeps the rules: who it is, in what capacity (CRPA art. L212-1: first name, name,
 * capacity and service stand on every decision), and by what delegation of signature.
 */
export const operatorSchema = z
  .strictObject({
    id: slug,
    /** The identity that proves who it is: one identity provider, and `sub` there. An e-mail address proves nothing. */
    idp: slug,
    subject: z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, { error: 'must be 1 to 255 printable ASCII characters' }),
    given_name: text,
    usual_name: text,
    capacity: text,
    organization: text,
    /** Nobody decides on their own organization. */
    organization_siren: siren,
    email: z.email({ error: 'must be an e-mail address' }),
    roles,
    /** Files outside do not exist for this person. Each list narrows; what is left out does not. */
    perimeter: z
      .strictObject({
        departments: some(department),
        /** Those federations and their members. */
        federations: some(federation),
        services: some(slug),
      })
      .readonly()
      .optional(),
    /** First and last day, inclusive, Europe/Paris. */
    delegation: z
      .strictObject({ from: isoDay, to: isoDay })
      .refine(({ from, to }) => from <= to, { error: 'must not end before it begins', path: ['to'] })
      .readonly()
      .optional(),
  })
  .readonly();

export type Operator = z.output<typeof operatorSchema>;
