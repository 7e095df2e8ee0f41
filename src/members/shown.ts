import type { Snapshot } from '../declarations/declarations.ts';
import type { MemberAuthorShown, MemberShown, RepresentativeShown } from '../http/http.ts';
import type { Representative } from '../registrations/registrations.ts';
import type { Member } from './rows.ts';
import type { Uses } from './uses.ts';

/** Who reads. */
export interface Reader {
  /** `account:…` or `operator:anne`, as acts name them. */
  readonly reference: string;
  readonly accountId: string;
  readonly lang: 'fr' | 'en';
}

const authorOf = (reference: string, reader: Reader): MemberAuthorShown => {
  if (reference === reader.reference) return 'you';
  return reference.startsWith('operator:') ? 'operator' : 'representative';
};

/** A member as a page shows them: tools and identity provider by their names, authors without theirs. */
export function memberShown(
  member: Member,
  about: {
    readonly uses: Uses;
    readonly representatives: readonly Representative[];
    readonly snapshot: Snapshot;
    readonly reader: Reader;
  },
): MemberShown {
  const { uses, snapshot, reader } = about;
  const { confirmedAt, confirmedBy, revokedAt, revokedBy, revokedReason } = member;
  return {
    id: member.id,
    name: member.name,
    email: member.email,
    you: member.accountId === reader.accountId,
    representative: about.representatives.some(({ accountId }) => accountId === member.accountId),
    since: member.firstSeenAt,
    last: member.lastSeenAt,
    services: uses.services.map((id) => snapshot.services.get(id)?.name[reader.lang] ?? id),
    idp: snapshot.identityProviders.get(member.idp)?.name,
    verified: member.level,
    state: member.state,
    ...(confirmedAt === undefined || confirmedBy === undefined
      ? {}
      : { confirmed: { at: confirmedAt, by: authorOf(confirmedBy, reader) } }),
    ...(revokedAt === undefined || revokedBy === undefined
      ? {}
      : { revoked: { at: revokedAt, by: authorOf(revokedBy, reader), reason: revokedReason } }),
  };
}

export const representativeShown = (
  { givenName, usualName, email, capacity, until, accountId, file }: Representative,
  reader: Reader,
): RepresentativeShown => ({
  name: `${givenName} ${usualName}`.trim(),
  email,
  capacity,
  until,
  file,
  you: accountId === reader.accountId,
});
