import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Statement } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { changesAbout } from './changes.ts';
import { documentOf, establishmentDocument, heldEstablishments } from './held-establishment.ts';
import type { EstablishmentDocument } from './held-establishment.ts';
import { configurationOf } from './held-organization.ts';
import type { DeclaredColumns } from './held-organization.ts';

type Unit = DeclaredColumns & { readonly siren: string | null };

/**
 * What the configuration said last of legal units and establishments; those that it never spoke of are left out. An
 * establishment has one source at a time: what a register has overwritten since is in the history.
 */
export async function declaredBefore(
  db: Kysely<Database>,
  { units, sirets }: { readonly units: readonly Unit[]; readonly sirets: readonly string[] },
): Promise<{
  readonly units: ReadonlyMap<string, Statement>;
  readonly establishments: ReadonlyMap<string, EstablishmentDocument>;
}> {
  const statements = new Map<string, Statement>();
  for (const unit of units) {
    const statement = configurationOf(unit);
    if (unit.siren !== null && statement !== undefined) statements.set(unit.siren, statement);
  }
  const establishments = new Map<string, EstablishmentDocument>();
  if (units.length === 0) return { units: statements, establishments };
  for (const row of await heldEstablishments(db, sql`siret = any(${[...sirets]}::text[])`))
    if (row.source === 'configuration') establishments.set(row.siret, documentOf(row));
  for (const { subject, source, before, after } of await changesAbout(db, 'establishment', sirets)) {
    const read = establishmentDocument.safeParse(source === 'configuration' ? after : before);
    if (!read.success) continue;
    if (source === 'configuration') establishments.set(subject, read.data);
    // Declared by version N−1, which wrote no history, and overwritten since.
    else if (read.data.source === 'configuration' && !establishments.has(subject))
      establishments.set(subject, read.data);
  }
  return { units: statements, establishments };
}
