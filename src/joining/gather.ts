import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { organizationOfDomain } from '../domains/domains.ts';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import { canonicalEmail, declaredPeople, isMembershipRevoked } from '../identity/identity.ts';
import { identify, isSiret } from '../organizations/organizations.ts';
import type { Siret } from '../organizations/organizations.ts';
import { isListedForAlone, officialMailboxesOf } from '../register/register.ts';
import { representatives } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { isOpenToAll, refusedDomains } from './domain-refusals.ts';
import { askAgainDays, reminderDays } from './join-facts.ts';
import type { Asked, JoinFacts, ProvenMailbox } from './join-facts.ts';
import type { JoiningNeeds, JoiningPerson } from './needs.ts';
import { isOwnMailbox } from './lifecycle.ts';
import { isRefusalKept } from './kept-refusals.ts';
import { mailboxSpelt } from './lost-proofs.ts';
import { openOf, readJoined } from './rows.ts';
import type { Joined } from './rows.ts';

type Needs = Pick<JoiningNeeds, 'db' | 'clock' | 'facts' | 'organization' | 'isDisposable' | 'fingerprints'>;

/** What the person asks for: as typed, whatever number it is. */
export async function askedFor(needs: Needs, typed: string): Promise<Asked> {
  const number = identify(typed);
  if (number.kind === 'invalid') {
    // Two letters of a country that is not France: a VAT or business number from there.
    const abroad = /^\s*(?!FR|W)[A-Z]{2}[\s.]?[0-9A-Z.\s-]{5,}$/iu.test(typed) && typed.length <= 40;
    return { found: abroad ? 'foreign' : 'malformed' };
  }
  if (number.kind === 'siret') return asEstablishment(needs, number.siret, undefined);
  const page = await needs.organization(number.kind === 'rna' ? number.rna : number.siren);
  if (page === undefined) return { found: 'unknown' };
  return page.siret === undefined ? { found: 'no_siret' } : asEstablishment(needs, page.siret, page.siret);
}

async function asEstablishment(needs: Needs, siret: Siret, seat: string | undefined): Promise<Asked> {
  const { organization, absence } = await needs.facts(siret);
  if (organization === undefined)
    return { found: absence === 'registry_unavailable' ? 'unavailable' : 'unknown' };
  const headOffice = seat ?? (await needs.organization(organization.siren))?.siret;
  return {
    found: 'one',
    organization: {
      siren: organization.siren,
      siret: organization.siret,
      legalCategory: organization.legalCategory,
      sector: organization.sector,
      publicService: organization.publicService,
      ofState: organization.facets.includes('state'),
      active: organization.active,
      suspended: organization.suspended,
      headOffice: headOffice === organization.siret,
      naf: organization.naf,
      sizeBand: organization.sizeBand,
    },
  };
}

export const mailboxesOf = (
  { mailboxes }: Pick<JoiningPerson, 'mailboxes'>,
  isDisposable: (domain: string) => boolean,
): readonly ProvenMailbox[] =>
  mailboxes.flatMap((written) => {
    const read = canonicalEmail(written);
    if (read === undefined) return [];
    const { domain } = read;
    // Mailboxes of one person in two spellings of letters are one.
    const address = read.address.toLowerCase();
    return [{ address, domain, openToAll: isOpenToAll(domain, { isDisposable }) }];
  });

/** Official mailboxes of a legal unit that can be written to, canonical, in lower case. */
export const contactsOf = async (db: Kysely<Database>, siren: string): Promise<readonly string[]> =>
  (await officialMailboxesOf(db, siren)).flatMap((written) => mailboxSpelt(written) ?? []);

/** Everything that the rules read, as it stands now. */
export async function gatherFacts(needs: Needs, person: JoiningPerson, typed: string): Promise<JoinFacts> {
  const { db, clock } = needs;
  const asked = await askedFor(needs, typed);
  const mailboxes = mailboxesOf(person, needs.isDisposable);
  if (asked.found !== 'one') {
    const none = {
      ...{ member: false, endsSoon: false, level: undefined },
      ...{ revoked: false, pending: undefined, refusedLately: false },
    };
    const domains = { refused: [], verified: [], listed: [] };
    return { asked, mailboxes, standing: none, domains, contacts: [], invited: false, representatives: 0 };
  }
  const { siren } = asked.organization;
  const { accountId } = person;
  const now = clock();
  const addresses = mailboxes.map(({ address }) => address);
  const [open, declared, revoked, refusedLately, refused, contacts, invited, represent] = await Promise.all([
    openOf(db, { accountId, siren }),
    isDeclared(db, now, { accountId, siren }),
    isMembershipRevoked(db, accountId, siren),
    wasRefused(needs, { accountId, siren, addresses }),
    refusedDomains(db, needs, siren),
    contactsOf(db, siren),
    isInvited(db, now, { siren, addresses }),
    representatives(db, now, { siren }),
  ]);
  const own = [...new Set(mailboxes.filter(({ openToAll }) => !openToAll).map(({ domain }) => domain))];
  const verified = await only(
    own,
    async (domain) => (await organizationOfDomain(db, domain))?.siren === siren,
  );
  const listed = await only(own, (domain) => isListedForAlone(db, { domain, siren }));
  const pending =
    open === undefined || open.state === 'active' || open.state === 'ended' ? undefined : open.state;
  return {
    asked,
    mailboxes,
    standing: {
      member: person.named.includes(siren) || declared,
      endsSoon: open !== undefined && endsSoon(open, now),
      level: open?.state === 'active' ? open.level : undefined,
      revoked,
      pending,
      refusedLately,
    },
    domains: { refused, verified, listed },
    contacts,
    invited,
    representatives: represent.filter((one) => one.accountId !== accountId).length,
  };
}

/** It rests on a mailbox of the person, and ends within `reminderDays`: they may prove it again. */
export const endsSoon = ({ state, method, until }: Joined, now: Date): boolean =>
  state === 'active' &&
  isOwnMailbox(method) &&
  until !== undefined &&
  until <= addDays(parisDate(now), reminderDays);

async function only(
  all: readonly string[],
  holds: (one: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const kept = await Promise.all(all.map(holds));
  return all.filter((_one, index) => kept[index] === true);
}

async function isDeclared(
  db: Kysely<Database>,
  now: Date,
  { accountId, siren }: { readonly accountId: string; readonly siren: string },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ${declaredPeople(now)} as person
    where account_id = ${accountId}::uuid and left(siret, 9) = ${siren} limit 1`.execute(db);
  return rows.length > 0;
}

/** Under this account, or before an erasure. */
async function wasRefused(
  { db, clock, fingerprints }: Pick<Needs, 'db' | 'clock' | 'fingerprints'>,
  person: { readonly accountId: string; readonly siren: string; readonly addresses: readonly string[] },
): Promise<boolean> {
  const now = clock();
  const since = new Date(now.getTime() - askAgainDays * 24 * 3600 * 1000);
  const found = await readJoined(
    db,
    sql`where account_id = ${person.accountId}::uuid and siren = ${person.siren} and ended in ('refused', 'revoked')
      and changed_at > ${since}::timestamptz limit 1`,
  );
  return found.length > 0 || isRefusalKept(db, now, person, fingerprints);
}

async function isInvited(
  db: Kysely<Database>,
  now: Date,
  { siren, addresses }: { readonly siren: string; readonly addresses: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from joining_invitation
    where siren = ${siren} and address = any(${[...addresses]}::text[]) and ended is null
      and expires_at > ${now}::timestamptz and (until is null or until >= ${parisDate(now)}::date)
    limit 1`.execute(db);
  return rows.length > 0;
}

/** Whether what an establishment is called by stands: what a form posts back. */
export const siretOf = (text: string): Siret | undefined => (isSiret(text) ? text : undefined);
