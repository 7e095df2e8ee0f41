import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import type { Invitation } from '../eligibility/eligibility.ts';
import { believed } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { comparedAddress } from './rules.ts';
import { hasEnded, withSponsor } from './standing.ts';

export interface Invitations {
  /**
   * Every invitation of an address, whatever its service and state: for an address that its owner has proven only.
   * Rejects when the database does not answer.
   */
  forEmail(address: string): Promise<readonly Invitation[]>;
  /** After a change that this process has committed: the next one to ask gets it. */
  forget(address: string): void;
}

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    service_id: z.string(),
    starts_on: z.iso.date(),
    ends_on: z.iso.date(),
    ended: z.boolean(),
  }),
);

/** One SQL statement per person and 30 s at most, shared by those who ask meanwhile. Errors are not kept. */
export function createInvitations({
  db,
  clock,
  ttlMs,
  maximum,
}: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** Milliseconds an answer is believed; never more than 30 000, whatever is asked. */
  readonly ttlMs?: number | undefined;
  /** Addresses kept at once. */
  readonly maximum?: number | undefined;
}): Invitations {
  async function load(address: string): Promise<readonly Invitation[]> {
    const { rows } = await sql`
      select invitation.id::text as id, invitation.service_id, invitation.starts_on, invitation.ends_on,
        ${hasEnded} as ended
      from ${withSponsor}
      where invitation.address = ${address} and invitation.replaced_at is null
      order by invitation.id`.execute(db);
    return rowsSchema.parse(rows).map((row) => ({
      id: row.id,
      service: row.service_id,
      startsOn: row.starts_on,
      endsOn: row.ends_on,
      status: row.ended ? 'revoked' : 'active',
    }));
  }

  const known = believed({ load, clock, ttlMs, maximum });
  return {
    forEmail: (address) => known.of(comparedAddress(address)),
    forget: (address) => known.forget(comparedAddress(address)),
  };
}
