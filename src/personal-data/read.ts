import type { Part } from './inventory.ts';
import { parts } from './inventory.ts';
import type { Item } from './item.ts';
import type { Person, PersonalDataNeeds } from './needs.ts';
import { readCharge } from './charge.ts';
import {
  readAccount,
  readGrants,
  readIdentities,
  readLogouts,
  readMemberships,
  readSessions,
  readUses,
} from './read-access.ts';
import { readMails, readReceived, readRecord, readSent } from './read-exchanges.ts';
import { readPartnerKept } from './read-partner.ts';
import { readContacts, readEvidence, readLetters, readRequests } from './read-files.ts';

type Read = (needs: PersonalDataNeeds, key: string) => AsyncGenerator<Item>;

/** How each part is read: by the account, or by the address. */
const readers: Readonly<Record<Part, { readonly by: 'accountId' | 'address'; readonly read: Read }>> = {
  account: { by: 'accountId', read: readAccount },
  identities: { by: 'accountId', read: readIdentities },
  partner: { by: 'accountId', read: readPartnerKept },
  memberships: { by: 'accountId', read: readMemberships },
  sessions: { by: 'accountId', read: readSessions },
  grants: { by: 'accountId', read: readGrants },
  uses: { by: 'accountId', read: readUses },
  logouts: { by: 'accountId', read: readLogouts },
  requests: { by: 'accountId', read: readRequests },
  evidence: { by: 'accountId', read: readEvidence },
  letters: { by: 'accountId', read: readLetters },
  contacts: { by: 'address', read: readContacts },
  invitationsSent: { by: 'accountId', read: readSent },
  invitationsReceived: { by: 'address', read: readReceived },
  mails: { by: 'address', read: readMails },
  record: { by: 'accountId', read: readRecord },
  charge: { by: 'accountId', read: readCharge },
};

/** One part of what is kept of somebody; undefined when what would lead to it is not known. */
export function readPart(
  needs: PersonalDataNeeds,
  person: Person,
  part: Part,
): AsyncGenerator<Item> | undefined {
  const { by, read } = readers[part];
  const key = person[by];
  return key === undefined ? undefined : read(needs, key);
}

export interface PartRead {
  readonly part: Part;
  /** The first ones. */
  readonly items: readonly Item[];
  readonly more: boolean;
}

/** For a page: the first items of each part that has some. */
export async function readParts(
  needs: PersonalDataNeeds,
  person: Person,
  most: number,
): Promise<readonly PartRead[]> {
  const read: PartRead[] = [];
  for (const part of parts) {
    const items: Item[] = [];
    let more = false;
    for await (const item of readPart(needs, person, part) ?? []) {
      if (items.length === most) {
        more = true;
        break;
      }
      items.push(item);
    }
    if (items.length > 0) read.push({ part, items, more });
  }
  return read;
}
