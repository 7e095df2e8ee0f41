import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';

/** Whose invitation has ended. */
export interface GuestConcerned {
  readonly address: string;
  readonly service: string;
}

/**
 * A process that starts looks as far back as the watches of rights and of members do: what ended while nobody looked, were it
 * for weeks, is not forgotten, and what was told already is told once more.
 */
const lookBackMs = 31 * 24 * 3600 * 1000;
/** For as long, what ended is told again: another process may still have let somebody in from memory. */
const againMs = 60_000;

const rowsSchema = z.array(z.object({ address: z.string(), service_id: z.string() }));

/** Sees invitations end, whoever ended them: their sponsor in any process, an operator, the last day, a sponsor blocked or revoked. */
export function createInvitationWatch({
  db,
  clock,
}: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
}): { readonly look: () => Promise<readonly GuestConcerned[]> } {
  let lookedAt: Date | undefined;
  return {
    async look() {
      const now = clock();
      const since = new Date((lookedAt ?? now).getTime() - (lookedAt === undefined ? lookBackMs : againMs));
      const today = parisDate(now);
      const { rows } = await sql`
        select address, service_id from invitation where revoked_at >= ${since}::timestamptz and replaced_at is null
        union
        select address, service_id from invitation
        where ends_on >= ${parisDate(since)}::date and ends_on < ${today}::date
          and revoked_at is null and replaced_at is null
        union
        select address, service_id from account
        join invitation on invitation.sponsor_account_id = account.id
        where account.blocked_at >= ${since}::timestamptz
          and ends_on >= ${today}::date and revoked_at is null and replaced_at is null
        union
        select address, service_id from membership
        join invitation on invitation.sponsor_account_id = membership.account_id
          and left(invitation.sponsor_siret, 9) = membership.siren
        where membership.revoked_at >= ${since}::timestamptz
          and ends_on >= ${today}::date and invitation.revoked_at is null and replaced_at is null
        union
        select address, service_id from organization
        join invitation on left(invitation.sponsor_siret, 9) = organization.siren
        where organization.suspended_at is not null and organization.suspended_at >= ${since}::timestamptz
          and ends_on >= ${today}::date and revoked_at is null and replaced_at is null`.execute(db);
      // Kept only when everything was read: a database that fails is looked at again, from the same point.
      lookedAt = now;
      return rowsSchema.parse(rows).map(({ address, service_id: service }) => ({ address, service }));
    },
  };
}
