import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { canonicalEmail } from '../identity/identity.ts';
import { openMailDomains } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import type { JoiningNeeds } from './needs.ts';
import type { Joined } from './rows.ts';

/*
 * Domains by which nobody comes to act for an organization: an operator said so. One where anybody opens a mailbox belongs to
 * nobody's organization, and the official mailbox of a town hall may well be there: it is not refused, and a refusal from before
 * it was known as one says nothing.
 */

type Needs = Pick<JoiningNeeds, 'isDisposable'>;

/** Anybody opens a mailbox there, or it lasts an hour. @param domain canonical */
export const isOpenToAll = (domain: string, { isDisposable }: Needs): boolean =>
  openMailDomains.has(domain) || isDisposable(domain);

/** What an operator may refuse with this request, or this membership; undefined: nothing. */
export function refusableDomain({ address }: Pick<Joined, 'address'>, needs: Needs): string | undefined {
  const domain = address === undefined ? undefined : canonicalEmail(address)?.domain;
  return domain === undefined || isOpenToAll(domain, needs) ? undefined : domain;
}

const namesSchema = z.array(z.object({ domain: z.string() }));

/** Those that are refused, for this legal unit or, without it, for any. */
export async function refusedDomains(
  db: Kysely<Database>,
  needs: Needs,
  siren?: string,
): Promise<readonly string[]> {
  const { rows } = await sql`
    select distinct domain from joining_domain_refusal
    ${siren === undefined ? sql`` : sql`where siren = ${siren}`}`.execute(db);
  return namesSchema
    .parse(rows)
    .map(({ domain }) => domain)
    .filter((domain) => !isOpenToAll(domain, needs));
}

export async function refuseDomain(
  trx: Kysely<Database>,
  at: Date,
  refusal: { readonly siren: string; readonly domain: string; readonly operator: string },
): Promise<void> {
  const { siren, domain, operator } = refusal;
  await trx
    .insertInto('joining_domain_refusal')
    .values({ siren, domain, refused_by: `operator:${operator}`, at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
