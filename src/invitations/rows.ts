import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import { hasEnded, withSponsor } from './standing.ts';

/** `halted`: nobody took it back, but its sponsor or their organization may not invite any more. */
export type InvitationState = 'open' | 'over' | 'revoked' | 'halted';

/** One invitation, as its sponsor and operators read it. */
export interface InvitationKept {
  readonly id: string;
  readonly service: string;
  /** In the letters of the sponsor. */
  readonly address: string;
  readonly sponsor: {
    readonly accountId: string;
    readonly name: string;
    readonly email: string;
    readonly siret: string;
    readonly organization: string;
  };
  readonly reason: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly createdAt: Date;
  readonly renewedAt: Date | undefined;
  readonly revokedAt: Date | undefined;
  readonly state: InvitationState;
}

const rowSchema = z.object({
  id: z.string(),
  service_id: z.string(),
  written_address: z.string(),
  sponsor_account_id: z.string(),
  sponsor_name: z.string(),
  sponsor_email: z.string(),
  sponsor_siret: z.string(),
  sponsor_organization: z.string(),
  reason: z.string(),
  starts_on: z.iso.date(),
  ends_on: z.iso.date(),
  created_at: z.date(),
  renewed_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
  ended: z.boolean(),
});

function keptOf(row: z.output<typeof rowSchema>, today: string): InvitationKept {
  const state = (): InvitationState => {
    if (row.revoked_at !== null) return 'revoked';
    if (row.ends_on < today) return 'over';
    return row.ended ? 'halted' : 'open';
  };
  return {
    id: row.id,
    service: row.service_id,
    address: row.written_address,
    sponsor: {
      accountId: row.sponsor_account_id,
      name: row.sponsor_name,
      email: row.sponsor_email,
      siret: row.sponsor_siret,
      organization: row.sponsor_organization,
    },
    reason: row.reason,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    createdAt: row.created_at,
    renewedAt: row.renewed_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    state: state(),
  };
}

export interface InvitationFilter {
  readonly accountId?: string | undefined;
  /** Of the organizations that invite; absent: of all of them. */
  readonly sirens?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
  readonly id?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

/** Those that end soonest first; those that another one replaced are not shown. */
export async function readInvitations(
  db: Kysely<Database>,
  now: Date,
  { accountId, sirens, services, id, limit = 200, offset = 0 }: InvitationFilter,
): Promise<readonly InvitationKept[]> {
  const today = parisDate(now);
  const conditions = [
    sql`invitation.replaced_at is null`,
    ...(accountId === undefined ? [] : [sql`invitation.sponsor_account_id = ${accountId}::uuid`]),
    ...(sirens === undefined ? [] : [sql`left(invitation.sponsor_siret, 9) = any(${sirens}::text[])`]),
    ...(services === undefined ? [] : [sql`invitation.service_id = any(${services}::text[])`]),
    ...(id === undefined ? [] : [sql`invitation.id = ${id}::uuid`]),
  ];
  const { rows } = await sql`
    select invitation.*, invitation.id::text as id, invitation.sponsor_account_id::text as sponsor_account_id,
      ${hasEnded} as ended
    from ${withSponsor}
    where ${sql.join(conditions, sql` and `)}
    order by (invitation.revoked_at is not null or invitation.ends_on < ${today}::date), invitation.ends_on, invitation.id
    limit ${limit}::int offset ${offset}::int`.execute(db);
  return z
    .array(rowSchema)
    .parse(rows)
    .map((row) => keptOf(row, today));
}

/** Ids come from addresses that anybody writes. */
export const isInvitationId = (written: string): boolean => z.uuid().safeParse(written).success;
