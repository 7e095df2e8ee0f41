import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import { authorSchema } from '../organizations/organizations.ts';
import type { Author } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { unknownDomain } from './rows.ts';

export const handoverStates = ['open', 'done', 'declined', 'void'] as const;

/** A domain that one organization holds and another one has proven. */
export interface Handover {
  readonly id: string;
  readonly domain: string;
  readonly fromId: string;
  readonly toId: string;
  readonly state: (typeof handoverStates)[number];
  readonly toldAt: Date;
  readonly objectionsUntil: Date;
  readonly objection: string | undefined;
  readonly objectedAt: Date | undefined;
  readonly firstId: string | undefined;
  readonly first: Author | undefined;
  readonly reason: string | undefined;
}

const text = z.string().nullable();
const authorText = text.transform((written): Author | undefined =>
  written === null ? undefined : authorSchema.parse(JSON.parse(written)),
);
const rowSchema = z
  .object({
    id: z.string(),
    domain: z.string(),
    from_id: z.string(),
    to_id: z.string(),
    state: z.enum(handoverStates),
    told_at: z.date(),
    objections_until: z.date(),
    objection: text,
    objected_at: z.date().nullable(),
    first_id: text,
    first: authorText,
    reason: text,
  })
  .transform((row): Handover => ({
    id: row.id,
    domain: row.domain,
    fromId: row.from_id,
    toId: row.to_id,
    state: row.state,
    toldAt: row.told_at,
    objectionsUntil: row.objections_until,
    objection: row.objection ?? undefined,
    objectedAt: row.objected_at ?? undefined,
    firstId: row.first_id ?? undefined,
    first: row.first,
    reason: row.reason ?? undefined,
  }));

/** The rest of a query: `where …`. */
export async function readHandovers(
  db: Kysely<Database>,
  rest: RawBuilder<unknown>,
): Promise<readonly Handover[]> {
  const { rows } = await sql`
    select *, id::text as id, from_id::text as from_id, to_id::text as to_id from domain_handover ${rest}`.execute(
    db,
  );
  return z.array(rowSchema).parse(rows);
}

export async function openHandover(
  db: Kysely<Database>,
  domain: string,
  lock?: 'wait',
): Promise<Handover | undefined> {
  const [one] = await readHandovers(
    db,
    sql`where domain = ${domain} and state = 'open' ${lock === undefined ? sql`` : sql`for update`}`,
  );
  return one;
}

/** @throws BrokerError M-DOMN-001 */
export async function readHandover(db: Kysely<Database>, id: string, lock?: 'wait'): Promise<Handover> {
  const [one] = z.uuid().safeParse(id).success
    ? await readHandovers(db, sql`where id = ${id}::uuid ${lock === undefined ? sql`` : sql`for update`}`)
    : [];
  if (one === undefined) throw unknownDomain(`no handover ${id.slice(0, 40)}`);
  return one;
}
