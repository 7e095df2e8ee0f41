import type { Inviting } from '../invitations/invitations.ts';
import type { Members } from '../members/members.ts';
import type { Registrations } from '../registrations/registrations.ts';

export interface ConcernsNeeds {
  readonly registrations: Pick<Registrations, 'ofApplicant'>;
  readonly inviting: Pick<Inviting, 'ofSponsor'>;
  readonly members: Pick<Members, 'representedBy'>;
  /** Whether the person of this session may invite to some service now. */
  readonly mayInvite: (sessionUid: string) => Promise<boolean>;
  readonly basePath: string;
}

/** Addresses of our other pages that concern this person: what they sent, whom they invite, whom they represent. */
export async function concernsOf(
  { accountId, sessionUid }: { readonly accountId: string; readonly sessionUid: string },
  { registrations, inviting, members, mayInvite, basePath }: ConcernsNeeds,
): Promise<{
  readonly organizationsHref: string;
  readonly requestsHref: string | undefined;
  readonly guestsHref: string | undefined;
  readonly membersHref: string | undefined;
}> {
  const [files, guests, represented] = await Promise.all([
    registrations.ofApplicant(accountId),
    inviting.ofSponsor(accountId),
    members.representedBy(accountId),
  ]);
  const invites = guests.length > 0 || (await mayInvite(sessionUid));
  return {
    organizationsHref: `${basePath}/compte/organisations`,
    requestsHref: files.length > 0 ? `${basePath}/demandes` : undefined,
    guestsHref: invites ? `${basePath}/invitations` : undefined,
    membersHref: represented.length > 0 ? `${basePath}/membres` : undefined,
  };
}
