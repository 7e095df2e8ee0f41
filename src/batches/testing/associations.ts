import type { Kysely } from 'kysely';
import { isSiren } from '../../organizations/organizations.ts';
import type { Database } from '../../storage/storage.ts';

export interface Association {
  readonly siren: string;
  readonly name: string;
}

/** An invented SIREN: those that begin with 0000 are nobody's in public files. */
function inventedSiren(rank: number): string {
  const start = `00007${String(rank).padStart(3, '0')}`;
  const found = Array.from({ length: 10 }, (_, key) => `${start}${key}`).find(isSiren);
  if (found === undefined) throw new Error(`no key for ${start}`);
  return found;
}

/** Associations of mayors of invented départements, at Vannes, as an import would leave them. */
export async function inventAssociations(
  db: Kysely<Database>,
  count: number,
): Promise<readonly Association[]> {
  const found = Array.from({ length: count }, (_, rank) => ({
    siren: inventedSiren(rank),
    name: `Association des maires du département fictif ${rank + 1}`,
  }));
  await db
    .insertInto('organization')
    .values(
      found.map(({ siren, name }) => ({
        siren,
        name,
        search_name: `association maires departement fictif ${siren}`,
        legal_category: '9220',
        unit_state: 'A' as const,
        rna: null,
        created_on: null,
        commune_code: '56260',
        declared_population: null,
        qualifications: '[]',
        suspended_at: null,
        source: 'test',
        source_date: '2026-11-01',
        updated_at: new Date('2026-11-01T00:00:00Z'),
      })),
    )
    .execute();
  return found;
}

export const csvOf = (associations: readonly Association[]): Buffer =>
  Buffer.from(
    [
      'Identifiant;Nom;Courriel;Date de fin',
      ...associations.map(({ siren, name }) => `${siren};${name};contact@association-${siren}.example;`),
    ].join('\r\n'),
  );
