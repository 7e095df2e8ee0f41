import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { z } from 'zod';
import { isSiret } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

const rowSchema = z.object({
  siret: z.custom<Siret>((value) => typeof value === 'string' && isSiret(value), 'SIRET'),
  siren: z.string(),
  state: z.enum(['A', 'F']),
  head_office: z.boolean(),
  commune_code: z.string().nullable(),
  postal_code: z.string().nullable(),
  naf: z.string().nullable(),
  naf25: z.string().nullable(),
  size_band: z.string().nullable(),
  usual_name: z.string().nullable(),
  created_on: z.iso.date().nullable(),
  diffusion: z.enum(['O', 'P']),
  source: z.string(),
  source_date: z.iso.date().nullable(),
  fetched_at: z.date().nullable(),
  import_id: z.int().nullable(),
  created_import: z.int().nullable(),
  former_source_date: z.iso.date().nullable(),
  former_import_id: z.int().nullable(),
});

/** An establishment as the table has it. */
export type HeldEstablishment = Readonly<z.infer<typeof rowSchema>>;

/** What the history keeps of an establishment: the whole row, with who said it. JSON. */
export const establishmentDocument = rowSchema
  .omit({
    siren: true,
    fetched_at: true,
    created_import: true,
  })
  .extend({ fetched_at: z.iso.datetime().nullable() });
export type EstablishmentDocument = Readonly<z.infer<typeof establishmentDocument>>;

export async function heldEstablishments(
  db: Kysely<Database>,
  condition: RawBuilder<unknown>,
): Promise<readonly HeldEstablishment[]> {
  const { rows } = await sql`
    select siret, siren, state, head_office, commune_code, postal_code, naf, naf25, size_band, usual_name, created_on,
      diffusion, source, source_date, fetched_at, import_id, created_import, former_source_date, former_import_id
    from establishment where ${condition}`.execute(db);
  return z.array(rowSchema).parse(rows);
}

export const documentOf = (row: HeldEstablishment): EstablishmentDocument => ({
  siret: row.siret,
  state: row.state,
  head_office: row.head_office,
  commune_code: row.commune_code,
  postal_code: row.postal_code,
  naf: row.naf,
  naf25: row.naf25,
  size_band: row.size_band,
  usual_name: row.usual_name,
  created_on: row.created_on,
  diffusion: row.diffusion,
  source: row.source,
  source_date: row.source_date,
  import_id: row.import_id,
  former_source_date: row.former_source_date,
  former_import_id: row.former_import_id,
  fetched_at: row.fetched_at?.toISOString() ?? null,
});

/** Whether both say the same of the establishment, whoever says it and when. */
export const sameEstablishment = (left: EstablishmentDocument, right: EstablishmentDocument): boolean =>
  factText(left) === factText(right);

const factText = (document: EstablishmentDocument): string =>
  JSON.stringify([
    document.state,
    document.head_office,
    document.commune_code,
    document.postal_code,
    document.naf,
    document.naf25,
    document.size_band,
    document.usual_name,
    document.created_on,
    document.diffusion,
  ]);
