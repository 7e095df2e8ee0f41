import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { readDomains } from './rows.ts';
import type { OrganizationDomain } from './rows.ts';
import { upwards } from './shared-domains.ts';

/** A domain that is verified for a legal unit. */
export type VerifiedDomain = Pick<OrganizationDomain, 'siren' | 'domain' | 'withSubdomains'>;

export const verifiedDomainsOf = (db: Kysely<Database>, siren: string): Promise<readonly VerifiedDomain[]> =>
  readDomains(db, sql`where siren = ${siren} and state = 'verified' order by domain`);

/**
 * The legal unit whose domain this is: that very domain, or the nearest one above that was claimed with its sub-domains.
 * What stands between, verified for another unit, is theirs.
 *
 * @param domain canonical
 */
export async function organizationOfDomain(
  db: Kysely<Database>,
  domain: string,
): Promise<VerifiedDomain | undefined> {
  const names = upwards(domain).slice(0, -1);
  const found = await readDomains(
    db,
    sql`where domain = any(${[...names]}::text[]) and state in ('verified', 'unverified')`,
  );
  const nearest = found.toSorted((one, other) => other.domain.length - one.domain.length);
  const covering = nearest.find((one) => one.domain === domain || one.withSubdomains);
  // One that lost its proof still stands between: what is above does not take its people over.
  return covering?.state === 'verified' ? covering : undefined;
}
