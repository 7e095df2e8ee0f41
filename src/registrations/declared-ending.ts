import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { addDays, daysBetween, grounds, levels, parisDate } from '../eligibility/eligibility.ts';
import type { Approval } from '../eligibility/eligibility.ts';
import type { Clock } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import { reminders } from './due.ts';

/** A right that the configuration declares, in its last days. */
export interface DeclaredEnding {
  readonly id: string;
  readonly siren: string;
  /** Undefined: the register does not hold the organization. */
  readonly name: string | undefined;
  readonly service: string;
  readonly level: Approval['level'];
  readonly ground: Approval['ground'];
  readonly endsOn: string;
  /** 0 on its last day. */
  readonly daysLeft: number;
}

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    siren: z.string(),
    name: z.string().nullable(),
    service_id: z.string(),
    level: z.enum(levels),
    ground: z.enum(grounds),
    ends_on: z.iso.date(),
  }),
);

/**
 * They have no file, hence no reminder, and nobody to send one to: operators see them from the day on which a file would be
 * reminded first. One that another right follows without a gap ends nothing.
 */
export async function declaredEnding({
  db,
  clock,
}: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
}): Promise<readonly DeclaredEnding[]> {
  const today = parisDate(clock());
  const { rows } = await sql`
    select approval.id, approval.siren, organization.name, approval.service_id, approval.level, approval.ground,
      approval.ends_on::text as ends_on
    from approval left join organization on organization.siren = approval.siren
    where approval.origin = 'configuration' and approval.status = 'active'
      and approval.ends_on between ${today}::date and ${addDays(today, reminders[0])}::date
      and coalesce(organization.unit_state, 'A') = 'A'
      and not exists (
        select from approval next
        where next.siren = approval.siren and next.service_id = approval.service_id and next.status = 'active'
          and next.starts_on <= approval.ends_on + 1 and next.ends_on > approval.ends_on)
    order by approval.ends_on, approval.id`.execute(db);
  return rowsSchema.parse(rows).map((row) => ({
    id: row.id,
    siren: row.siren,
    name: row.name ?? undefined,
    service: row.service_id,
    level: row.level,
    ground: row.ground,
    endsOn: row.ends_on,
    daysLeft: daysBetween(today, row.ends_on),
  }));
}
