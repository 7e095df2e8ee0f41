import { sql } from 'kysely';
import { z } from 'zod';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { catchUp } from './catch-up.ts';
import { checkClock } from './clocks.ts';
import { inForce, suspended } from './file.ts';
import { waitsForAnother } from './identified.ts';
import type { RegistrationsNeeds, RightConcerned } from './needs.ts';

/** Files looked at in one statement, and at most in one turn: the next one goes on with what is left. */
interface Size {
  readonly batch: number;
  readonly mostBatches: number;
}
const usualSize: Size = { batch: 200, mostBatches: 50 };

/**
 * What time and the registers have brought about: silence, reminders, ends of rights, renewals that begin, organizations
 * that have ceased. Every process may do it at once: a file that one of them has in hand is left alone by the others, and
 * what was done is not due any more.
 *
 * @returns what does one turn, and answers with the rights that changed
 */
export function createTurn(
  needs: RegistrationsNeeds,
  { batch, mostBatches }: Size = usualSize,
): () => Promise<readonly RightConcerned[]> {
  // Where the turn before had to stop; at its end, a round begins again.
  let after = '';
  let hasWarned = false;

  async function catchUpOne(id: string): Promise<readonly RightConcerned[]> {
    try {
      const done = await catchUp(needs, id, 'skip');
      if (done !== undefined) warnWithoutLetters();
      return done?.rights ?? [];
    } catch (error) {
      // One file that cannot be brought up to date does not stop the others.
      needs.logger.error(
        { event: 'registration.turn', err: error, registration: id },
        'a file is not up to date',
      );
      return [];
    }
  }

  function warnWithoutLetters(): void {
    if (hasWarned || needs.authority !== undefined) return;
    hasWarned = true;
    needs.logger.warn(
      { event: 'registration.no_letters' },
      'time has acted on a file and no letter says so: no authority is configured to write in its name',
    );
  }

  return async () => {
    if (!(await isClockRight(needs))) return [];
    const rights: RightConcerned[] = [];
    for (let count = 0; count < mostBatches; count += 1) {
      const ids = await filesToLookAt(needs, after, batch);
      for (const id of ids) rights.push(...(await catchUpOne(id)));
      const last = ids.at(-1);
      after = last === undefined || ids.length < batch ? '' : last;
      if (after === '') break;
    }
    return rights;
  };
}

/** Otherwise nothing is done, and somebody is told. */
async function isClockRight(needs: RegistrationsNeeds): Promise<boolean> {
  try {
    await checkClock(needs);
    return true;
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    needs.logger.error(
      { event: 'registration.clock', err: error },
      'the clock of this process is not the one of the database: time does not act on files',
    );
    return false;
  }
}

const rowsSchema = z.array(z.object({ id: z.string() }));

/** In the order of their numbers: those of which something is due, and that somebody has not already seen to. */
export async function filesToLookAt(
  { db, clock }: Pick<RegistrationsNeeds, 'db' | 'clock'>,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const today = parisDate(clock());
  const given = [...inForce];
  const going = [...inForce, ...suspended];
  // Known by another SIREN than the file says; what waits for the right of somebody else is looked at when that one is over.
  const isOtherwise = sql`organization.siren is distinct from asked.siren
          and not (asked.siren is null and ${waitsForAnother('asked', sql.ref('organization.siren'), today)})`;
  const { rows } = await sql`
    with asked as (
      select id, siren, coalesce(register_number, organization) as number from registration
        where stage <> 'draft' and (siren is null or register_number is not null))
    select id from (
      select due.registration_id as id from registration_request due
        where due.due_on <= ${today}::date
          -- A reminder to whoever has renewed is not sent; the end of the right is still theirs.
          and not (due.state = 'renewal_due' and due.ends_on >= ${today}::date and exists (
            select 1 from registration newer
              join registration_request granted
                on granted.registration_id = newer.id and granted.service_id = due.service_id
              where newer.renews = due.registration_id and granted.state = any(${given}::text[])))
      union
      -- A renewal that was granted before, and begins today. One that is held back for a month waits for somebody's act.
      select newer.id from registration newer
        join registration_request granted on granted.registration_id = newer.id
        join registration_request former
          on former.registration_id = newer.renews and former.service_id = granted.service_id
        where newer.renews is not null and granted.state = any(${given}::text[])
          and granted.starts_on <= ${today}::date
          and (former.state = any(${given}::text[])
            or (former.state = 'expired' and granted.starts_on >= ${today}::date - 31))
      union
      select registration.id from registration
        join registration_request on registration_request.registration_id = registration.id
        join organization on organization.id = registration.organization
        where registration_request.state = any(${going}::text[]) and organization.unit_state = 'C'
      union
      -- Whoever asked by the number of another register, and has a SIREN since, or another one, or none any more.
      select asked.id from asked join organization on organization.rna = asked.number
        where ${isOtherwise} and not exists (select from organization own where own.id = asked.number)
      union
      select asked.id from asked join organization on organization.local_register = asked.number
        where ${isOtherwise} and not exists (select from organization own where own.id = asked.number)
      union
      select asked.id from asked join organization on organization.id = asked.number
        where ${isOtherwise}
    ) as found
    where id > ${after} order by id limit ${limit}::int`.execute(db);
  return rowsSchema.parse(rows).map(({ id }) => id);
}
