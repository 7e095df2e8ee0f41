import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import { addDays } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import type { Act } from './act.ts';
import { approvalId } from './approval-rows.ts';
import { oneAtATime } from './drafts.ts';
import { reminders } from './due.ts';
import type { RegistrationFile } from './file.ts';
import { heldBackOf } from './held-back.ts';

/** What an act asks for or grants: services, and from when; undefined when it is neither. */
function wanted(act: Act, today: string): { services: readonly string[]; startsOn: string } | undefined {
  switch (act.act) {
    case 'submit':
      // A right that was declared is asked for again as early as one that a file renews.
      return { services: act.services, startsOn: addDays(today, reminders[0]) };
    case 'approve':
      return { services: [act.service], startsOn: act.terms.startsOn };
    case 'decide_appeal':
      return act.terms === undefined ? undefined : { services: [act.service], startsOn: act.terms.startsOn };
    default:
      return undefined;
  }
}

/**
 * An organization has one right to a service at most: with two, suspending one would do nothing. A file may ask for what
 * it renews; what is declared in the configuration, which no file renews, may be followed but not overlapped. The lock
 * lasts until the end of the transaction.
 *
 * @throws BrokerError M-FILE-061
 */
export async function checkOtherRights(
  trx: Kysely<Database>,
  file: { readonly id: string; readonly siren: string | undefined },
  act: Act,
  today: string,
): Promise<void> {
  const asked = wanted(act, today);
  if (asked === undefined || file.siren === undefined) return;
  const services = [...new Set(asked.services)].sort();
  for (const service of services) await oneAtATime(trx, `right ${file.siren} ${service}`);
  const line = await lineOf(trx, file.id);
  const own = services.flatMap((service) => line.map((id) => approvalId(id, service)));
  const others = await trx
    .selectFrom('approval')
    .select(['id', 'status'])
    .where('siren', '=', file.siren)
    .where('service_id', 'in', services)
    .where('status', 'in', ['active', 'suspended'])
    .where('ends_on', '>=', today)
    .where('id', 'not in', own)
    .where((eb) =>
      eb.or([
        eb('origin', '<>', 'configuration'),
        eb('status', '=', 'suspended'),
        eb('ends_on', '>=', asked.startsOn),
      ]),
    )
    .execute();
  if (others.length === 0) return;
  throw new BrokerError('M-FILE-061', {
    detail: `${file.id}, ${act.act}: ${others.map(({ id, status }) => `${id} ${status}`).join(', ')}`,
  });
}

/** What is suspended is decided first: a new right beside it would undo that. @throws BrokerError M-FILE-062 */
export async function checkFormer(
  trx: Kysely<Database>,
  renews: string | undefined,
  file: RegistrationFile,
  act: Act,
): Promise<void> {
  const grants = act.act === 'approve' || (act.act === 'decide_appeal' && act.outcome === 'reversed');
  if (!grants || renews === undefined) return;
  const heldBack = (await heldBackOf(trx, renews, file)).get(act.service);
  if (heldBack?.because === 'suspended') {
    throw new BrokerError('M-FILE-062', { detail: `${file.id}: ${act.service} is suspended in ${renews}` });
  }
}

/** The file, the one that it renews, and so on. */
async function lineOf(trx: Kysely<Database>, id: string): Promise<readonly string[]> {
  const { rows } = await sql`
    with recursive line as (
      select id, renews from registration where id = ${id}
      union
      select registration.id, registration.renews from registration join line on registration.id = line.renews
    )
    select id from line`.execute(trx);
  return z
    .array(z.object({ id: z.string() }))
    .parse(rows)
    .map((row) => row.id);
}
