import { codeMail } from '../codes/codes.ts';
import type { Checked, CodeHolder, Issued, OneTimeCodes } from '../codes/codes.ts';
import { queueMail } from '../mail/mail.ts';
import type { DomainAuthor, DomainsNeeds } from './needs.ts';
import { unnamed } from './needs.ts';
import { proveDomain } from './prove.ts';
import type { Proven } from './prove.ts';
import { readDomain, unknownDomain } from './rows.ts';
import { officialMailbox } from './see-proof.ts';

interface Asked {
  readonly id: string;
  readonly siren: string;
  /** Only the browser that asked for a code redeems it. */
  readonly sessionUid: string;
  readonly author: DomainAuthor;
}
type Needs = DomainsNeeds & { readonly codes: OneTimeCodes };

/** @throws BrokerError M-DOMN-001 when the registers know no official mailbox at this domain */
async function holderOf(
  { db }: Needs,
  { id, siren, sessionUid, author }: Asked,
): Promise<{ readonly holder: CodeHolder; readonly domain: string }> {
  const { domain, withSubdomains } = await readDomain(db, { id, siren });
  // One mailbox says nothing of other domains below: that is for whoever writes the DNS.
  const address = withSubdomains ? undefined : await officialMailbox(db, siren, domain);
  if (address === undefined) throw unknownDomain(`${siren}: no official mailbox at this domain`);
  const holder = JSON.stringify([sessionUid, author.accountId, id]);
  return { holder: { purpose: 'organization_domain', holder, address }, domain };
}

/**
 * Sends a code to the official mailbox that the registers know at this domain.
 *
 * @param permit called with that mailbox when a code is due; what it throws is thrown, and none is sent
 */
export async function sendOfficialCode(
  needs: Needs,
  asked: Asked,
  permit?: (mailbox: string) => Promise<void>,
): Promise<Issued['outcome']> {
  const { holder } = await holderOf(needs, asked);
  const issued = await needs.codes.issue(holder, () => permit?.(holder.address) ?? Promise.resolve());
  if (issued.outcome === 'wait') return 'wait';
  const mail = codeMail({
    to: holder.address,
    code: issued.code,
    service: 'Maillon',
    purpose: 'organization_domain',
  });
  await needs.db.transaction().execute((trx) => queueMail(trx, needs.clock(), [mail], needs.randomId));
  needs.onCommit();
  return 'sent';
}

/** What the code proves, when it is right. */
export async function tryOfficialCode(
  needs: Needs,
  asked: Asked,
  typed: string,
): Promise<Proven | { readonly outcome: Exclude<Checked, 'right' | 'none'> | 'no_code' }> {
  const { holder } = await holderOf(needs, asked);
  const checked = await needs.codes.check(holder, typed);
  if (checked === 'none') return { outcome: 'no_code' };
  if (checked !== 'right') return { outcome: checked };
  const { id, siren, author } = asked;
  return proveDomain(needs, { id, siren, method: 'official_code', actor: unnamed(author) });
}
