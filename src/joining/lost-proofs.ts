import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { organizationOfDomain } from '../domains/domains.ts';
import { canonicalEmail } from '../identity/identity.ts';
import { officialContactsOf } from '../register/register.ts';
import type { OfficialContacts } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { refusedDomains } from './domain-refusals.ts';
import type { JoiningNeeds } from './needs.ts';
import { activePages } from './rows.ts';
import type { Joined } from './rows.ts';

/** Memberships that rest on a domain or an official mailbox which says nothing, or perhaps nothing, of them any more. */
export interface LostProofs {
  readonly ended: readonly Joined[];
  /** A register stopped naming the mailbox, and nobody decided so: people prove it again. */
  readonly doubtful: readonly Joined[];
}

const domain = sql`split_part(joined_membership.address, '@', 2)`;

/** An operator refused it for the organization, with what is below: whoever came by such a mailbox came by nothing. */
const isRefused = (domains: readonly string[]) => sql`exists (
  select from joining_domain_refusal as refusal
  where refusal.siren = joined_membership.siren and refusal.domain = any(${[...domains]}::text[])
    and (refusal.domain = ${domain} or ${domain} like '%.' || refusal.domain))`;

/** It has no line of the public list, or shares it with others: `isListedForAlone` of register/, for all at once. */
const isListedNoMore = sql`(
  select coalesce(bool_or(left(split_part(key, '/', 2), 9) <> joined_membership.siren), true) from register_record
  where shelf = 'email_domain' and split_part(key, '/', 1) = ${domain})`;

/** Not that very domain: perhaps one above it. */
const isNotVerifiedItself = sql`not exists (
  select from organization_domain as held
  where held.domain = ${domain} and held.siren = joined_membership.siren and held.state = 'verified')`;

/** A domain that the organization lost, that another one is listed for too, or that an operator refused, page by page. */
export async function* lostDomains(
  needs: Pick<JoiningNeeds, 'db' | 'isDisposable'>,
): AsyncGenerator<LostProofs> {
  const { db } = needs;
  const refused = isRefused(await refusedDomains(db, needs));
  yield* ended(
    activePages(db, sql`method in ('verified_domain', 'listed_domain', 'official_address') and ${refused}`),
  );
  yield* ended(activePages(db, sql`method = 'listed_domain' and ${isListedNoMore}`));
  for await (const found of activePages(db, sql`method = 'verified_domain' and ${isNotVerifiedItself}`)) {
    const holders = new Map<string, string | undefined>();
    for (const one of found) {
      const name = domainOf(one);
      if (!holders.has(name)) holders.set(name, (await organizationOfDomain(db, name))?.siren);
    }
    yield { ended: found.filter((one) => holders.get(domainOf(one)) !== one.siren), doubtful: [] };
  }
}

async function* ended(pages: AsyncGenerator<readonly Joined[]>): AsyncGenerator<LostProofs> {
  for await (const found of pages) yield { ended: found, doubtful: [] };
}

/** @param since what the registers say of the organization was written then, or after */
export async function* lostMailboxes(db: Kysely<Database>, since: Date): AsyncGenerator<LostProofs> {
  const written = sql`exists (
    select from organization where organization.siren = joined_membership.siren and updated_at >= ${since}::timestamptz)`;
  for await (const found of activePages(
    db,
    sql`method in ('official_address', 'official_contact_code') and ${written}`,
  )) {
    const contacts = await officialContactsOf(db, [...new Set(found.map(({ siren }) => siren))]);
    const lost = found.filter((one) => !names(contacts.get(one.siren), one));
    yield {
      ended: lost.filter(({ siren }) => contacts.get(siren)?.decided === true),
      doubtful: lost.filter(({ siren }) => contacts.get(siren)?.decided !== true),
    };
  }
}

const names = (contacts: OfficialContacts | undefined, { method, address, contact }: Joined): boolean =>
  (contacts?.mailboxes ?? []).some(
    (written) => mailboxSpelt(written) === (method === 'official_address' ? address : contact),
  );

/** An official mailbox as joining/ compares and keeps it; undefined for what nobody can write to. */
export const mailboxSpelt = (written: string): string | undefined =>
  canonicalEmail(written.trim())?.address.toLowerCase();

const domainOf = ({ address = '' }: Joined): string => canonicalEmail(address)?.domain ?? '';
