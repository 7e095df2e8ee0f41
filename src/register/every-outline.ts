import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import type { Outline } from './alike.ts';
import { readSpan } from './every-organization.ts';

/** Legal units in the order of their SIREN. */
export interface OutlineBatch {
  /** Of the head office of each. */
  readonly outlines: readonly Outline[];
  /** Legal units without any establishment: nobody can sign in for them. */
  readonly withoutEstablishment: number;
  /** The SIRENs that this batch goes from (left out) and to (included): every legal unit between is in it. */
  readonly after: string;
  readonly to: string;
}

const outlinesSchema = z.array(
  z.object({
    siren: z.string(),
    siret: z.string(),
    state: z.string(),
    commune_code: z.string().nullable(),
    naf: z.string().nullable(),
    legal_category: z.string().nullable(),
    unit_state: z.string(),
    created_on: z.string().nullable(),
    declared_population: z.number().nullable(),
    qualifications: z.string(),
    is_suspended: z.boolean(),
    statements: z.string(),
  }),
);

/**
 * Every legal unit that the register holds, as far as it takes to tell whether it is like another (alike.ts): the same
 * rows as `everyOrganization`, by batches, the next one on its way while this one is worked on.
 */
export async function* everyOutline(db: Kysely<Database>, batchSize: number): AsyncGenerator<OutlineBatch> {
  let next: Promise<OutlineBatch | undefined> | undefined = readBatch(db, '', batchSize);
  try {
    for (;;) {
      const read: OutlineBatch | undefined = await next;
      if (read === undefined) return;
      next = readBatch(db, read.to, batchSize);
      // A rejection is met when its turn comes; until then it is nobody's.
      next.catch(() => undefined);
      yield read;
    }
  } finally {
    // Whoever stops half-way may close the database next.
    await next.catch(() => undefined);
  }
}

async function readBatch(
  db: Kysely<Database>,
  after: string,
  size: number,
): Promise<OutlineBatch | undefined> {
  const span = await readSpan(db, after, size);
  if (span === undefined) return undefined;
  const { to, units } = span;
  const { rows } = await sql`
    select distinct on (establishment.siren)
      establishment.siren, establishment.siret, establishment.state, establishment.commune_code, establishment.naf,
      organization.legal_category, organization.unit_state, organization.created_on::text as created_on,
      organization.declared_population, organization.qualifications,
      organization.suspended_at is not null as is_suspended, organization.statements
    from establishment join organization on organization.siren = establishment.siren
    where establishment.siren > ${after} and establishment.siren <= ${to}
      and organization.siren > ${after} and organization.siren <= ${to}
    order by establishment.siren, establishment.head_office desc, establishment.siret`.execute(db);
  const outlines = outlinesSchema.parse(rows);
  return { outlines, withoutEstablishment: units - outlines.length, after, to };
}
