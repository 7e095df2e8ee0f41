import { z } from 'zod';
import type { OperatorWritten } from '../appointments/appointments.ts';
import { operatorRoles, operatorSchema, rolesApart } from '../declarations/declarations.ts';
import type { Operator } from '../declarations/declarations.ts';
import type { OperatorFieldName } from '../http/http.ts';
import { isSiren } from '../organizations/organizations.ts';

/*
 * The form that appoints or changes an operator, read as hostile as any: what it says is judged by the schema of the files,
 * and by what only a form can ask.
 */

export interface FieldProblem {
  readonly field: OperatorFieldName;
  /** Of `locales/`: `appoint.problem.…`. */
  readonly words: string;
}

export interface FieldsKnown {
  /** Of whom is changed, or was found. Otherwise it is typed. */
  readonly identity?: Pick<Operator, 'idp' | 'subject'> | undefined;
  /** Ids. */
  readonly idps: readonly string[];
  readonly services: readonly string[];
  /** What the register calls an organization; undefined when it holds none. */
  readonly organizationName: (id: string) => Promise<string | undefined>;
  /** Civil day in Paris. */
  readonly today: string;
}

export type FieldsRead =
  | { readonly kind: 'operator'; readonly operator: OperatorWritten; readonly reason: string }
  | { readonly kind: 'problems'; readonly problems: readonly FieldProblem[] };

/** Longer than any name or title; letters hold them in one line. */
const longest = 200;
const longestReason = 2000;

const texts = ['prenom', 'nom', 'qualite', 'organisme'] as const satisfies readonly OperatorFieldName[];

/** Which field of the form a part of the declaration comes from. */
const fieldOf: Readonly<Record<string, OperatorFieldName>> = {
  idp: 'idp',
  subject: 'sujet',
  given_name: 'prenom',
  usual_name: 'nom',
  capacity: 'qualite',
  organization: 'organisme',
  organization_siren: 'siren',
  email: 'adresse',
  roles: 'roles',
  departments: 'departements',
  federations: 'federations',
  services: 'services',
  from: 'du',
  to: 'au',
  delegation: 'au',
};

const order = [...new Set([...Object.values(fieldOf), 'motif' as const])];

export async function readFields(form: URLSearchParams, known: FieldsKnown): Promise<FieldsRead> {
  const { today, organizationName } = known;
  const problems = new Map<OperatorFieldName, string>();
  const problem = (field: OperatorFieldName, words: string): void => {
    if (!problems.has(field)) problems.set(field, words);
  };
  const value = (field: OperatorFieldName): string => (form.get(field) ?? '').trim();

  const siren = value('siren').replaceAll(/\s/gu, '');
  const registered = isSiren(siren) ? await organizationName(siren) : undefined;
  const written = writtenOperator(form, known, {
    siren,
    organization: value('organisme') || (registered ?? ''),
  });

  // Marks that nobody sees would show another name than the one that is kept.
  for (const field of texts)
    if (value(field).length > longest || /[\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u.test(value(field)))
      problem(field, field);
  if (value('adresse').length > 254) problem('adresse', 'adresse');
  if (isSiren(siren) && registered === undefined) problem('siren', 'siren_unknown');
  if (known.identity === undefined && !known.idps.includes(value('idp'))) problem('idp', 'idp');
  const [from, to] = [value('du'), value('au')];
  if (from === '' && to !== '') problem('du', 'du');
  if (to === '' && from !== '') problem('au', 'au');
  const read = operatorSchema.safeParse({ ...written, id: 'operateur' });
  for (const { path } of read.error?.issues ?? []) {
    const name = [...path].reverse().find((part) => typeof part === 'string' && part in fieldOf);
    const field = fieldOf[String(name)];
    if (field !== undefined) problem(field, field === 'au' && path.length > 1 ? 'order' : field);
  }
  const reason = (form.get('motif') ?? '').replaceAll('\r\n', '\n').trim();
  if (reason === '' || reason.length > longestReason) problem('motif', 'motif');

  if (read.success) {
    const { roles, perimeter, delegation } = read.data;
    if (rolesApart(roles) !== undefined) problem('roles', 'roles_apart');
    // What an administrator keeps has no département and no service.
    else if (roles.includes('administrator') && perimeter !== undefined) problem('roles', 'roles_bounded');
    if (delegation !== undefined && delegation.to < today) problem('au', 'past');
    if (perimeter?.services?.some((service) => !known.services.includes(service)) === true)
      problem('services', 'services');
    for (const federation of perimeter?.federations ?? [])
      if ((await organizationName(federation)) === undefined) problem('federations', 'federations_unknown');
  }
  if (!read.success || problems.size > 0)
    return {
      kind: 'problems',
      problems: order.flatMap((field) => {
        const words = problems.get(field);
        return words === undefined ? [] : [{ field, words }];
      }),
    };
  return { kind: 'operator', operator: read.data, reason };
}

function writtenOperator(
  form: URLSearchParams,
  { identity }: FieldsKnown,
  { siren, organization }: { readonly siren: string; readonly organization: string },
): object {
  const value = (field: OperatorFieldName): string => (form.get(field) ?? '').trim();
  const listed = (field: OperatorFieldName): readonly string[] => [
    ...new Set(
      value(field)
        .toUpperCase()
        .split(/[\s,;]+/u)
        .filter((part) => part !== ''),
    ),
  ];
  const bounds = {
    departments: listed('departements'),
    federations: listed('federations'),
    services: [...new Set(form.getAll('services'))],
  };
  const perimeter = Object.fromEntries(Object.entries(bounds).filter(([, values]) => values.length > 0));
  const [from, to] = [value('du'), value('au')];
  return {
    idp: identity?.idp ?? value('idp'),
    subject: identity?.subject ?? value('sujet'),
    given_name: value('prenom'),
    usual_name: value('nom'),
    capacity: value('qualite'),
    organization,
    organization_siren: siren,
    email: value('adresse'),
    roles: rolesIn(form),
    ...(Object.keys(perimeter).length > 0 && { perimeter }),
    ...((from !== '' || to !== '') && { delegation: { from, to } }),
  };
}

/** In the order of the table, whatever the form says; what is no role stays, and is refused. */
const rolesIn = (form: URLSearchParams): readonly string[] => {
  const sent = [...new Set(form.getAll('roles'))];
  const known = z.array(z.enum(operatorRoles)).safeParse(sent);
  return known.success ? operatorRoles.filter((role) => known.data.includes(role)) : sent;
};

/** What the form holds at first. */
export function writtenFields(operator: Operator): URLSearchParams {
  const { perimeter, delegation } = operator;
  return new URLSearchParams([
    ['prenom', operator.given_name],
    ['nom', operator.usual_name],
    ['qualite', operator.capacity],
    ['organisme', operator.organization],
    ['siren', operator.organization_siren],
    ['adresse', operator.email],
    ...operator.roles.map((role): [string, string] => ['roles', role]),
    ['departements', (perimeter?.departments ?? []).join(' ')],
    ['federations', (perimeter?.federations ?? []).join(' ')],
    ...(perimeter?.services ?? []).map((service): [string, string] => ['services', service]),
    ['du', delegation?.from ?? ''],
    ['au', delegation?.to ?? ''],
  ]);
}
