import type { Kysely } from 'kysely';
import type { Snapshot } from '../declarations/declarations.ts';
import type { MemberGuestShown } from '../http/http.ts';
import { guestsOf, takeOverRefusal } from '../invitations/invitations.ts';
import type { InvitationKept, Inviting, MayInvite } from '../invitations/invitations.ts';
import type { Database } from '../storage/storage.ts';

/** Somebody whom a member invited for the organization, and what they have open: what ends with the membership. */
export interface GuestOfMember extends InvitationKept {
  readonly live: number;
}

export async function guestsOfMember(
  { db, inviting, now }: { db: Kysely<Database>; inviting: Pick<Inviting, 'openings'>; now: Date },
  member: { readonly accountId: string; readonly siren: string },
): Promise<readonly GuestOfMember[]> {
  const guests = await guestsOf(db, now, member);
  const openings = await inviting.openings(guests);
  return guests.map((guest, index) => ({ ...guest, live: openings[index]?.live ?? 0 }));
}

/** Whoever acts, and where they may invite for the organization; nothing for those who take nobody over. */
export interface Taker {
  readonly email: string;
  readonly services: readonly MayInvite[];
  /** What they invite already. */
  readonly count: number;
}

/** @param taken ids whose box was ticked on the page that comes back */
export const guestsShown = (
  guests: readonly GuestOfMember[],
  {
    snapshot,
    lang,
    taker,
    taken = [],
  }: {
    readonly snapshot: Snapshot;
    readonly lang: 'fr' | 'en';
    readonly taker?: Taker | undefined;
    readonly taken?: readonly string[];
  },
): readonly MemberGuestShown[] =>
  guests.map((guest) => {
    const { id, address, service, endsOn, live } = guest;
    const mayTake =
      taker !== undefined &&
      takeOverRefusal(guest, {
        sponsorEmail: taker.email,
        services: taker.services,
        count: taker.count,
      }) === undefined;
    return {
      id,
      address,
      service: snapshot.services.get(service)?.name[lang] ?? service,
      endsOn,
      live,
      takeOver: mayTake ? { chosen: taken.includes(id) } : undefined,
    };
  });
