import type { Kysely } from 'kysely';
import { isSiret, organizationFacts } from '../organizations/organizations.ts';
import type {
  OrganizationFacts,
  PublicServiceExceptions,
  TerritoryIndex,
} from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { storedOrganizations } from './stored-organization.ts';

/** The facts that the registry would give of these establishments, without its memory: by SIRET. */
export async function storedFacts(
  db: Kysely<Database>,
  sirets: readonly string[],
  {
    territories,
    exceptions,
    now,
  }: {
    readonly territories: TerritoryIndex;
    readonly exceptions: PublicServiceExceptions;
    readonly now: Date;
  },
): Promise<ReadonlyMap<string, OrganizationFacts>> {
  if (sirets.length === 0) return new Map();
  const stored = await storedOrganizations(db, sirets.filter(isSiret), now);
  return new Map(stored.map((one) => [one.siret, organizationFacts(one, territories, exceptions)]));
}
