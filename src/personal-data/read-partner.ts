import { partnerIdsOf, partnerKept } from '../partners/partners.ts';
import type { PartnerKept } from '../partners/partners.ts';
import type { Item } from './item.ts';
import type { PersonalDataNeeds } from './needs.ts';

/** What somebody signs in with here. Secrets, keys and hashes are of no use to anybody but us, and stay out. */
export async function* readPartnerKept({ db }: PersonalDataNeeds, accountId: string): AsyncGenerator<Item> {
  for (const id of await partnerIdsOf(db, accountId)) {
    const kept = await partnerKept(db, id);
    if (kept !== undefined) yield* items(kept);
  }
}

function* items({ partner, authenticators, recoveryCodes, resetReadyAt }: PartnerKept): Generator<Item> {
  yield {
    facts: [
      ['name', `${partner.givenName} ${partner.usualName}`.trim() || undefined],
      ['subject', partner.id],
      ['createdAt', partner.createdAt],
    ],
    whole: { recoveryCodes, resetReadyAt },
  };
  for (const { address, provenAt, primary } of partner.addresses)
    yield {
      facts: [
        ['email', address],
        ['createdAt', provenAt],
      ],
      whole: { primary },
    };
  for (const { name, kind, createdAt, lastUsedAt, backedUp, userVerification, details } of authenticators)
    yield {
      facts: [
        ['title', name],
        ['createdAt', createdAt],
        ['lastSeenAt', lastUsedAt],
      ],
      whole: { kind, backedUp, userVerification, ...details },
    };
}
