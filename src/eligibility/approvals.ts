import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import { believed } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';
import { grounds, levels } from './subject.ts';
import type { Approval } from './subject.ts';

export interface Approvals {
  /**
   * Every approval of an organization that bears on a decision, whatever its service and status. Rejects when the database
   * does not answer.
   */
  forSiren(siren: string): Promise<readonly Approval[]>;
  /** After a change that this process has committed: the next one to ask gets it. */
  forget(siren: string): void;
}

export interface ApprovalsOptions {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** Milliseconds an answer is believed; never more than 30 000, whatever is asked. */
  readonly ttlMs?: number;
  /** Organizations kept at once. */
  readonly maximum?: number;
}

const rowSchema = z.object({
  id: z.string().min(1),
  siren: z.string(),
  service_id: z.string().min(1),
  level: z.enum(levels),
  ground: z.enum(grounds),
  starts_on: z.iso.date(),
  ends_on: z.iso.date(),
  status: z.enum(['active', 'suspended', 'pending', 'refused']),
  lapses: z.boolean(),
  decided_by: z.string(),
});

const authorSchema = z.object({ organization: z.string().optional() });

function approvalOf(row: z.infer<typeof rowSchema>): Approval {
  const author: unknown = JSON.parse(row.decided_by);
  return {
    id: row.id,
    siren: row.siren,
    service: row.service_id,
    level: row.level,
    ground: row.ground,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    status: row.status,
    lapses: row.lapses,
    operator: authorSchema.parse(author).organization,
  };
}

const columns = [
  'id',
  'siren',
  'service_id',
  'level',
  'ground',
  'starts_on',
  'ends_on',
  'status',
  'lapses',
  'decided_by',
] as const;

/**
 * Anybody may file for an organization: what a file only asks for, and what was refused to it, is told to its applicant
 * and to nobody else. To everybody else that right does not exist.
 */
const isTold = sql<boolean>`not (origin = 'registration' and status in ('pending', 'refused'))`;

/** What `forSiren` answers, of the organizations after one SIREN (left out) and up to another (included), by SIREN. */
export async function approvalsBetween(
  db: Kysely<Database>,
  after: string,
  to: string,
): Promise<ReadonlyMap<string, readonly Approval[]>> {
  const rows: unknown[] = await db
    .selectFrom('approval')
    .select(columns)
    .where('siren', '>', after)
    .where('siren', '<=', to)
    .where(isTold)
    .orderBy('id')
    .execute();
  return Map.groupBy(z.array(rowSchema).parse(rows).map(approvalOf), ({ siren }) => siren);
}

/** What `forSiren` answers, of these organizations, by SIREN. */
export async function approvalsOf(
  db: Kysely<Database>,
  sirens: readonly string[],
): Promise<ReadonlyMap<string, readonly Approval[]>> {
  const rows: unknown[] = await db
    .selectFrom('approval')
    .select(columns)
    .where(sql<boolean>`siren = any(${[...sirens]}::text[])`)
    .where(isTold)
    .orderBy('id')
    .execute();
  return Map.groupBy(z.array(rowSchema).parse(rows).map(approvalOf), ({ siren }) => siren);
}

/** One SQL statement per organization and 30 s at most, shared by those who ask meanwhile. Errors are not kept. */
export function createApprovals({ db, clock, ttlMs, maximum }: ApprovalsOptions): Approvals {
  async function load(siren: string): Promise<readonly Approval[]> {
    const rows: unknown[] = await db
      .selectFrom('approval')
      .select(columns)
      .where('siren', '=', siren)
      .where(isTold)
      .orderBy('id')
      .execute();
    return z.array(rowSchema).parse(rows).map(approvalOf);
  }

  const known = believed({ load, clock, ttlMs, maximum });
  return { forSiren: (siren) => known.of(siren), forget: (siren) => known.forget(siren) };
}
