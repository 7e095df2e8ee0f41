import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import type { OrganizationPage } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { Act } from './act.ts';
import { approvalId } from './approval-id.ts';
import { oneAtATime } from './drafts.ts';
import { among, inForce, suspended } from './file.ts';
import type { RegistrationFile, Request } from './file.ts';
import type { RightConcerned } from './needs.ts';
import { readRow } from './open.ts';
import type { HeldRow } from './open.ts';
import { numberOf } from './organization-of.ts';
import { isInTheWay, rightsInTheWay } from './other-rights.ts';

const isRight = ({ state }: Request): boolean => among(inForce, state) || among(suspended, state);

/**
 * What the register has brought about for a file that asked under another number than a SIREN: it has one now, another one,
 * or none any more. Beside a right that somebody else obtained for the same SIREN nothing is opened: with two, suspending
 * one would do nothing. As soon as one of them is over, it is.
 *
 * @param organization what `organizationOf` says
 */
export async function identification(
  trx: Kysely<Database>,
  { row, file }: { readonly row: HeldRow; readonly file: RegistrationFile },
  organization: OrganizationPage | undefined,
  today: string,
): Promise<Extract<Act, { act: 'identify' }> | undefined> {
  const number = numberOf(row);
  if (number === undefined || organization === undefined || file.version === 0) return undefined;
  if (organization.siren === row.siren) return undefined;
  const isInTheWay =
    organization.siren !== undefined &&
    (await hasOtherRights(trx, file, row.renews, organization.siren, today));
  const siren = isInTheWay ? undefined : organization.siren;
  return siren === row.siren ? undefined : { act: 'identify', number, siren };
}

async function hasOtherRights(
  trx: Kysely<Database>,
  { id, requests }: RegistrationFile,
  renews: string | undefined,
  siren: string,
  today: string,
): Promise<boolean> {
  const rights = requests
    .filter(isRight)
    .map(({ service, terms }) => ({ service, startsOn: terms?.startsOn ?? today }))
    .toSorted((one, other) => (one.service < other.service ? -1 : 1));
  // Newer file, former one, then the right: in the order in which its act takes them.
  if (rights.length > 0 && renews !== undefined) await readRow(trx, renews, 'wait');
  for (const { service } of rights) await oneAtATime(trx, `right ${siren} ${service}`);
  const line = rights.length === 0 ? [] : await lineAround(trx, id);
  return (await rightsInTheWay(trx, siren, line, rights, today)).length > 0;
}

/** The file, those that it renews and those that renew it: each is identified in its turn. */
const lineOf = (id: RawBuilder<unknown>) => sql`
  with recursive line as (
    select id, renews from registration where id = ${id}
    union
    select other.id, other.renews from registration other
      join line on other.id = line.renews or other.renews = line.id
  )
  select id from line`;

/**
 * Whether a file without a SIREN waits for a right that somebody else has under the one that it would get, as
 * `identification` finds: until that right is over, no turn looks at the file. @param asked row with `id`
 */
export const waitsForAnother = (
  asked: string,
  siren: RawBuilder<unknown>,
  today: string,
) => sql<boolean>`exists (
  select 1 from registration_request own
    join approval on approval.siren = ${siren} and approval.service_id = own.service_id
    where own.registration_id = ${sql.ref(`${asked}.id`)} and own.state = any(${[...inForce, ...suspended]}::text[])
      and ${isInTheWay(sql`coalesce(own.starts_on, ${today}::date)`, today)}
      and approval.id not in (
        select lower(id) || '-' || own.service_id from (${lineOf(sql.ref(`${asked}.id`))}) as line))`;

async function lineAround(trx: Kysely<Database>, id: string): Promise<readonly string[]> {
  const { rows } = await lineOf(sql`${id}`).execute(trx);
  return z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map((one) => one.id);
}

/**
 * Rights under a SIREN that the file has no more. With another one their rows follow it, and keep what only they say: that
 * nothing goes on after the last day (`lapses`). Without one they go; whether a right that has ended went on is forgotten
 * with them, and so it does not go on when a SIREN comes back (write-approvals.ts).
 */
export async function leaveSiren(
  trx: Kysely<Database>,
  { id, requests }: RegistrationFile,
  former: string | undefined,
  next: string | undefined,
): Promise<readonly RightConcerned[]> {
  if (former === undefined) return [];
  const ids = requests.map(({ service }) => approvalId(id, service));
  const left = await trx
    .selectFrom('approval')
    .select('service_id as service')
    .where('origin', '=', 'registration')
    .where('siren', '=', former)
    .where('id', 'in', ids)
    .execute();
  if (next === undefined)
    await trx
      .deleteFrom('approval')
      .where('origin', '=', 'registration')
      .where('siren', '=', former)
      .where('id', 'in', ids)
      .execute();
  return left.map(({ service }) => ({ siren: former, service }));
}
