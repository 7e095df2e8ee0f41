import { sql } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import { mayClaim } from './may-claim.ts';
import type { ClaimFacts, ClaimRefusal } from './may-claim.ts';
import { unnamed } from './needs.ts';
import type { DomainAuthor, DomainsNeeds } from './needs.ts';
import { lockDomain, readDomain, readDomains } from './rows.ts';
import type { OrganizationDomain } from './rows.ts';
import { typedDomain } from './typed-domain.ts';

/** Of an organization at once: more is a mistake, or somebody who tries names. */
export const mostDomains = 20;

/** Days for a proof to come; then the claim goes, and the domain may be claimed anew. */
export const claimDays = 30;

export type Claimed =
  | { readonly outcome: 'claimed'; readonly domain: OrganizationDomain }
  | { readonly outcome: 'refused'; readonly because: ClaimRefusal | 'already' | 'many' };

/** What others know of a domain now. */
export const claimFacts = (
  domain: string,
  { isDisposable, providers }: Pick<DomainsNeeds, 'isDisposable' | 'providers'>,
): ClaimFacts => ({
  isDisposable: isDisposable(domain),
  // Closed ones too: to close an identity provider opens no other door. Those that are hidden are not told of.
  providerDomains: [...providers()]
    .filter(({ test_addresses: hidden }) => hidden === undefined)
    .flatMap(({ domains, allow_subdomains: below, extra_domains: extra = [] }) => [
      ...domains.map((one) => ({ domain: one, withSubdomains: below })),
      ...extra.map((one) => ({ domain: one.domain, withSubdomains: false })),
    ]),
});

/** Says that a domain is that of an organization, for whoever represents it; nothing follows until it is proven. */
export async function claimDomain(
  needs: DomainsNeeds,
  {
    siren,
    typed,
    withSubdomains,
    author,
  }: {
    readonly siren: string;
    readonly typed: string;
    readonly withSubdomains: boolean;
    readonly author: DomainAuthor;
  },
): Promise<Claimed> {
  const domain = typedDomain(typed);
  if (domain === undefined) return { outcome: 'refused', because: 'malformed' };
  const because = mayClaim({ domain, withSubdomains }, claimFacts(domain, needs));
  if (because !== undefined) return { outcome: 'refused', because };
  const at = needs.clock();
  return needs.db.transaction().execute(async (trx): Promise<Claimed> => {
    await lockDomain(trx, `of ${siren}`);
    const open = await readDomains(trx, sql`where siren = ${siren} and ended_at is null`);
    if (open.some((one) => one.domain === domain)) return { outcome: 'refused', because: 'already' };
    if (open.length >= mostDomains) return { outcome: 'refused', because: 'many' };
    const id = needs.randomId();
    await trx
      .insertInto('organization_domain')
      .values({
        id,
        siren,
        domain,
        with_subdomains: withSubdomains,
        token: needs.randomBytes(16).toString('base64url'),
        state: 'claimed',
        claimed_at: at,
      })
      .execute();
    await appendAudit(trx, at, [
      {
        act: 'domain.claim',
        subject: `organization:${siren}`,
        actor: unnamed(author),
        after: { domain, withSubdomains },
      },
    ]);
    return { outcome: 'claimed', domain: await readDomain(trx, { id }) };
  });
}
