import type { Kysely } from 'kysely';
import { z } from 'zod';

import {
  isRna,
  isSiren,
  isSiret,
  qualificationsInForce,
  readQualifications,
} from '../organizations/organizations.ts';
import type { RegisteredOrganization, Rna, Siren, Siret } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

const rowSchema = z.object({
  siret: z.custom<Siret>((value) => typeof value === 'string' && isSiret(value), 'SIRET'),
  siren: z.custom<Siren>((value) => typeof value === 'string' && isSiren(value), 'SIREN'),
  name: z.string(),
  legal_category: z.string().nullable(),
  unit_state: z.enum(['A', 'C']),
  state: z.enum(['A', 'F']),
  rna: z.custom<Rna>((value) => typeof value === 'string' && isRna(value), 'RNA').nullable(),
  commune_code: z.string().nullable(),
  naf: z.string().nullable(),
  created_on: z.iso.date().nullable(),
  declared_population: z.int().nonnegative().nullable(),
  qualifications: z.string(),
  suspended_at: z.date().nullable(),
  source: z.string(),
  source_date: z.iso.date(),
});

function registered(row: z.infer<typeof rowSchema>, now: Date): RegisteredOrganization {
  return {
    siren: row.siren,
    siret: row.siret,
    name: row.name,
    legalCategory: row.legal_category ?? undefined,
    unitState: row.unit_state,
    establishmentState: row.state,
    rna: row.rna ?? undefined,
    communeCode: row.commune_code ?? undefined,
    naf: row.naf ?? undefined,
    createdOn: row.created_on ?? undefined,
    declaredPopulation: row.declared_population ?? undefined,
    qualifications: qualificationsInForce(readQualifications(row.qualifications), now),
    suspended: row.suspended_at !== null,
    source: row.source,
    sourceDate: row.source_date,
  };
}

/** The establishments that the register holds, with their legal units: one SQL statement. Qualifications are those in force at `now`. */
export async function storedOrganizations(
  db: Kysely<Database>,
  sirets: readonly Siret[],
  now: Date,
): Promise<RegisteredOrganization[]> {
  const rows: unknown[] = await db
    .selectFrom('establishment')
    .innerJoin('organization', 'organization.siren', 'establishment.siren')
    .select([
      'establishment.siret',
      'establishment.siren',
      'establishment.state',
      'establishment.commune_code',
      'establishment.naf',
      'organization.name',
      'organization.legal_category',
      'organization.unit_state',
      'organization.rna',
      'organization.created_on',
      'organization.declared_population',
      'organization.qualifications',
      'organization.suspended_at',
      'organization.source',
      'organization.source_date',
    ])
    .where('establishment.siret', 'in', sirets)
    .execute();
  return z
    .array(rowSchema)
    .parse(rows)
    .map((row) => registered(row, now));
}
