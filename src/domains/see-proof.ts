import { isMailDomainOfOthers, officialMailboxesOf } from '../register/register.ts';
import { canonicalEmail } from '../identity/identity.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import type { Seen } from './drift.ts';
import type { DomainsNeeds } from './needs.ts';
import { lookAtRecord } from './prove.ts';
import type { OrganizationDomain } from './rows.ts';

/** The official mailbox that the registers know of a legal unit, at one of its domains. */
async function namedMailbox(
  db: Kysely<Database>,
  siren: string,
  domain: string,
): Promise<string | undefined> {
  return (await officialMailboxesOf(db, siren))
    .map((written) => canonicalEmail(written.trim()))
    .find((read) => read?.domain === domain)?.address;
}

/**
 * The official mailbox by which a legal unit may prove one of its domains; undefined when there is none, or when others have theirs
 * there too: then the DNS alone says whose it is.
 */
export async function officialMailbox(
  db: Kysely<Database>,
  siren: string,
  domain: string,
): Promise<string | undefined> {
  const found = await namedMailbox(db, siren, domain);
  return found === undefined || (await isMailDomainOfOthers(db, { domain, siren })) ? undefined : found;
}

/**
 * Whether what proved a domain is still there: the record; or the official mailbox in the registers, and its domain. That others have
 * got a mailbox there since takes nothing from whoever proved it when nobody else had one.
 */
export async function seeProof(
  needs: Pick<DomainsNeeds, 'dns' | 'db'>,
  one: OrganizationDomain,
): Promise<Seen> {
  if (one.method === 'official_code') {
    const mailbox = await namedMailbox(needs.db, one.siren, one.domain);
    return mailbox === undefined ? 'gone' : needs.dns.mail(one.domain);
  }
  const found = await lookAtRecord(needs, one);
  return found === 'there' || found === 'unanswered' ? found : 'gone';
}
