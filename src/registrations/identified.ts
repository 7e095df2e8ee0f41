import { sql } from 'kysely';
import type { Kysely } from 'kysely';
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
import { rightsInTheWay } from './other-rights.ts';

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
async function lineAround(trx: Kysely<Database>, id: string): Promise<readonly string[]> {
  const { rows } = await sql`
    with recursive line as (
      select id, renews from registration where id = ${id}
      union
      select other.id, other.renews from registration other
        join line on other.id = line.renews or other.renews = line.id
    )
    select id from line`.execute(trx);
  return z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map((one) => one.id);
}

/** Rights under a SIREN that the file has no more; what is left of them is written under the new one. */
export async function leaveSiren(
  trx: Kysely<Database>,
  { id, requests }: RegistrationFile,
  former: string | undefined,
): Promise<readonly RightConcerned[]> {
  if (former === undefined) return [];
  const gone = await trx
    .deleteFrom('approval')
    .where('origin', '=', 'registration')
    .where('siren', '=', former)
    .where(
      'id',
      'in',
      requests.map(({ service }) => approvalId(id, service)),
    )
    .returning('service_id as service')
    .execute();
  return gone.map(({ service }) => ({ siren: former, service }));
}
