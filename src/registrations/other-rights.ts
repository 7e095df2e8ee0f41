import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import { BrokerError } from '../errors/errors.ts';
import { addDays } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import type { Act } from './act.ts';
import { approvalId } from './approval-id.ts';
import { oneAtATime } from './drafts.ts';
import { reminders } from './due.ts';
import { examined } from './file.ts';
import type { RegistrationFile, RequestState } from './file.ts';
import { fold } from './fold.ts';
import { heldBackOf } from './held-back.ts';
import { readFile, readRow } from './open.ts';

interface Wanted {
  readonly service: string;
  readonly startsOn: string;
}

/** What an act asks for or grants: services, and from when. */
function wanted(act: Act, today: string): readonly Wanted[] {
  switch (act.act) {
    case 'submit':
      // A right that was declared is asked for again as early as one that a file renews.
      return [...new Set(act.services)].map((service) => ({
        service,
        startsOn: addDays(today, reminders[0]),
      }));
    case 'grant':
      return act.services.map(({ service, terms }) => ({ service, startsOn: terms.startsOn }));
    case 'approve':
      return [{ service: act.service, startsOn: act.terms.startsOn }];
    case 'decide_appeal':
      return act.terms === undefined ? [] : [{ service: act.service, startsOn: act.terms.startsOn }];
    default:
      return [];
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
  const asked = wanted(act, today).toSorted((one, other) => (one.service < other.service ? -1 : 1));
  const { siren } = file;
  if (siren === undefined) return;
  for (const { service } of asked) await oneAtATime(trx, `right ${siren} ${service}`);
  const line = asked.length === 0 ? [] : await lineOf(trx, file.id);
  const others = await rightsInTheWay(trx, siren, line, asked, today);
  if (others.length === 0) return;
  throw new BrokerError('M-FILE-061', {
    detail: `${file.id}, ${act.act}: ${others.map(({ id, status }) => `${id} ${status}`).join(', ')}`,
  });
}

/** Whether a row of `approval`, of the same SIREN and service, stands in the way of a right from that day on. */
export const isInTheWay = (startsOn: RawBuilder<unknown>, today: string) => sql<boolean>`(
  approval.status in ('active', 'suspended') and approval.ends_on >= ${today}::date
    and (approval.origin <> 'configuration' or approval.status = 'suspended' or approval.ends_on >= ${startsOn}))`;

/** @param line files whose rights are the ones that are followed */
export async function rightsInTheWay(
  db: Kysely<Database>,
  siren: string,
  line: readonly string[],
  asked: readonly Wanted[],
  today: string,
): Promise<readonly { readonly id: string; readonly status: string }[]> {
  const found = [];
  for (const { service, startsOn } of asked) {
    let query = db
      .selectFrom('approval')
      .select(['id', 'status'])
      .where('siren', '=', siren)
      .where('service_id', '=', service)
      .where(isInTheWay(sql`${startsOn}::date`, today));
    if (line.length > 0) {
      const own = line.map((id) => approvalId(id, service));
      query = query.where('id', 'not in', own);
    }
    found.push(...(await query.execute()));
  }
  return found;
}

/** Services that an act opens. */
export const granted = (act: Act): readonly string[] => {
  if (act.act === 'grant') return act.services.map(({ service }) => service);
  return act.act === 'approve' || (act.act === 'decide_appeal' && act.outcome === 'reversed')
    ? [act.service]
    : [];
};

/** What is suspended is decided first: a new right beside it would undo that. @throws BrokerError M-FILE-062 */
export async function checkFormer(
  trx: Kysely<Database>,
  renews: string | undefined,
  file: RegistrationFile,
  act: Act,
): Promise<void> {
  const services = granted(act);
  if (services.length === 0 || renews === undefined) return;
  const heldBack = await heldBackOf(trx, renews, file);
  for (const service of services) {
    if (heldBack.get(service)?.because !== 'suspended') continue;
    throw new BrokerError('M-FILE-062', { detail: `${file.id}: ${service} is suspended in ${renews}` });
  }
}

/** Decisions against a right: what two people took away, or refused, is not given back by a list that was read before. */
const against: readonly RequestState[] = [
  'refused',
  'implicitly_refused',
  'suspended',
  'suspended_urgent',
  'abrogated',
  'withdrawn_by_authority',
  'renounced',
  'closed',
  'upheld',
  'implicitly_upheld',
];
const underWay: readonly RequestState[] = [...examined, 'appealed'];

/** How things stood for whoever decided a lot. */
export interface DecidedThen {
  readonly decidedAt: Date;
  /** Number of file → its version then. A clock cannot say what came first within its own grain. Undefined: only the day is known. */
  readonly stood?: Readonly<Record<string, number>> | undefined;
}

/**
 * What a lot may not give any more: what somebody examines now, and what was decided against the organization after the lot
 * was decided. What stood already then was in front of whoever decided it.
 *
 * @throws BrokerError M-FILE-074
 */
export async function checkSince(
  trx: Kysely<Database>,
  {
    file,
    id,
    siren,
    act,
  }: { readonly file: string; readonly id: string; readonly siren: string; readonly act: Act },
  then: DecidedThen,
): Promise<void> {
  const services = granted(act);
  const rows = await trx
    .selectFrom('registration')
    .innerJoin('registration_request', 'registration_id', 'registration.id')
    .select(['registration.id', 'service_id as service', 'state', 'contested'])
    .where((eb) => eb.or([eb('siren', '=', siren), eb('organization', '=', id)]))
    .where('service_id', 'in', services)
    .where((eb) => eb.or([eb('state', 'in', [...against, ...underWay]), eb('contested', '=', true)]))
    .execute();
  for (const { id: other, service, state, contested } of rows) {
    const isUnderWay = contested || underWay.some((one) => one === state);
    if (!isUnderWay && !(await isSince(trx, other, service, then))) continue;
    throw new BrokerError('M-FILE-074', { detail: `${file}: ${service} is ${state} in ${other}` });
  }
}

/** Whether a decision against the right has come since: the file stood otherwise then. */
async function isSince(
  trx: Kysely<Database>,
  id: string,
  service: string,
  { decidedAt, stood }: DecidedThen,
): Promise<boolean> {
  const row = await readRow(trx, id);
  if (row === undefined) return false;
  const file = await readFile(trx, row);
  const seen =
    stood === undefined
      ? file.events.filter(({ at }) => at <= decidedAt)
      : file.events.slice(0, stood[id] ?? 0);
  const state = fold(file, seen).requests.find((request) => request.service === service)?.state;
  return state === undefined || !against.includes(state);
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
