import { sql } from 'kysely';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import { federated } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { Opened } from './opened.ts';
import type { Perimeter } from './queue-filter.ts';

export type Query = SelectQueryBuilder<Database, 'registration', object>;

/** Whether one file is of the perimeter: what is not shown in a list does not open either. */
export async function isWithin(db: Kysely<Database>, id: string, perimeter: Perimeter): Promise<boolean> {
  const seen = await withinPerimeter(db, perimeter);
  const found = await seen(db.selectFrom('registration'))
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  return found !== undefined;
}

/** All limits hold at once. A file without a département is in none of them. */
export async function withinPerimeter(
  db: Kysely<Database>,
  perimeter: Perimeter,
): Promise<(query: Query) => Query> {
  const { departments, services, federations } = perimeter;
  const organizations = federations === undefined ? undefined : await below(db, federations);
  return (query) => {
    let limited = query.where('stage', '<>', 'draft');
    if (departments !== undefined) limited = limited.where('department', 'in', oneAtLeast(departments));
    if (organizations !== undefined) limited = limited.where('organization', 'in', oneAtLeast(organizations));
    if (services !== undefined)
      limited = withRequest(limited, (one) => one.where('service_id', 'in', oneAtLeast(services)));
    return limited;
  };
}

/** `in ()` is no SQL; nothing is called so. */
const oneAtLeast = (values: readonly string[]): readonly string[] => (values.length === 0 ? [''] : values);

/** The federations and all that is under them, at any depth. */
async function below(db: Kysely<Database>, federations: readonly string[]): Promise<readonly string[]> {
  const members = Map.groupBy(await federated(db), ({ parent }) => parent);
  const found = new Set(federations);
  for (const id of found) for (const member of members.get(id) ?? []) found.add(member.id);
  return [...found];
}

type Requests = SelectQueryBuilder<Database, 'registration' | 'registration_request', object>;

export type Which = (requests: Requests) => Requests;

const thatHas =
  (isThere: boolean) =>
  (query: Query, which: Which): Query =>
    query.where((eb) => {
      const found = eb.exists(
        which(
          eb
            .selectFrom('registration_request')
            .whereRef('registration_request.registration_id', '=', 'registration.id'),
        ).select(sql`1`.as('one')),
      );
      return isThere ? found : eb.not(found);
    });
export const withRequest = thatHas(true);
export const withoutRequest = thatHas(false);

/** What the register says of a service is looked at by whoever answers for that service. */
export const toLookAt = (opened: Opened, perimeter: Perimeter): Opened => ({
  ...opened,
  circumstances: {
    ...opened.circumstances,
    moved: ofServices(opened.circumstances.moved ?? [], perimeter),
  },
});

/** Of what one organization holds, which an operator may see: its files are bounded by `withinPerimeter`. */
export const ofServices = <T extends { readonly service: string }>(
  all: readonly T[],
  { services }: Perimeter,
): readonly T[] => (services === undefined ? all : all.filter(({ service }) => services.includes(service)));
