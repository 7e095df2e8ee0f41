/**
 * invitations/: guests. An agent invites one address to one service, until a day.
 *
 * What it does: says who may invite whom (rules.ts, pure); keeps invitations with their sponsor, mail and record; tells
 * `decide()` which ones an address has (held.ts), from 30 s ago at most; sees them end, whoever ended them (watch.ts).
 * The address is worth something only to whoever has proven it: `assess` asks for nobody else.
 *
 * Flow: sponsors/ (pages) ──▶ check ──▶ invite (invite.ts), renew, revoke (change.ts): one transaction each, row, mail and
 * audit entry ──▶ after its commit, onChanged(): memory forgets ──▶ onEnded(): what was issued under the invitation ends.
 * In other processes the watch finds it. An invitation ends with its last day, when it is taken back, and with its sponsor's
 * account, membership or organization (standing.ts); once a membership is taken away, members/ has them end for good, or
 * somebody else take them over (sponsor-gone.ts). Rows go a year after their end.
 *
 * May import: identity (addresses, memberships), declarations, eligibility, http (dates), audit, mail, storage, config, errors.
 */
import type { AuditActor } from '../audit/audit.ts';
import { lookAgain } from '../storage/storage.ts';
import { renew, revoke } from './change.ts';
import type { Renewed } from './change.ts';
import { checkInvitation, countOf, invite } from './invite.ts';
import type { Invited } from './invite.ts';
import type { InvitingNeeds, MayInvite, Sponsor } from './needs.ts';
import { openingsOf } from './openings.ts';
import type { Openings } from './openings.ts';
import { purgeInvitations } from './purge.ts';
import { isInvitationId, readInvitations } from './rows.ts';
import type { InvitationFilter, InvitationKept } from './rows.ts';
import { comparedAddress } from './rules.ts';
import type { Judgement, Proposal } from './rules.ts';
import type { GuestsGone } from './sponsor-gone.ts';
import { createInvitationWatch } from './watch.ts';
import type { GuestConcerned } from './watch.ts';

export { notThere, unknown as unknownInvitation } from './change.ts';
export type { Renewed } from './change.ts';
export { createInvitations } from './held.ts';
export type { Invitations } from './held.ts';
export type { Invited } from './invite.ts';
export type { InvitingNeeds, MayInvite, Sponsor } from './needs.ts';
export {
  accountsThatInvitedAs,
  endInvitationsOf,
  invitationsOfPerson,
  invitationsStillKept,
} from './of-person.ts';
export type { InvitationOfPerson } from './of-person.ts';
export type { Openings } from './openings.ts';
export { invitationDays } from './purge.ts';
export type { InvitationFilter, InvitationKept, InvitationState } from './rows.ts';
export { latestEnd, longestReason, mayInvite, mostInvitations, takeOverRefusal } from './rules.ts';
export type {
  InvitationField,
  InvitationProblem,
  Judgement,
  ProblemWords,
  Proposal,
  Terms,
} from './rules.ts';
export { guestsOf, leaveGuests, lockSponsors } from './sponsor-gone.ts';
export type { GuestsGone, TakingOver } from './sponsor-gone.ts';
export type { GuestConcerned } from './watch.ts';

export interface Inviting {
  /** What would stand in the way of an invitation, now; nothing is written. */
  check(sponsor: Sponsor, proposal: Proposal, services: readonly MayInvite[]): Promise<Judgement>;
  /** @param services those to which the sponsor may invite, as decided now */
  invite(sponsor: Sponsor, proposal: Proposal, services: readonly MayInvite[]): Promise<Invited>;
  renew(request: {
    readonly id: string;
    readonly sponsor: Sponsor;
    readonly endsOn: string;
    readonly services: readonly MayInvite[];
  }): Promise<Renewed>;
  revoke(request: {
    readonly id: string;
    readonly by: { readonly sponsor: Sponsor } | { readonly operator: AuditActor };
    readonly reason?: string | undefined;
  }): Promise<void>;
  ofSponsor(accountId: string): Promise<readonly InvitationKept[]>;
  /** Undefined for those of others. */
  forSponsor(id: string, accountId: string): Promise<InvitationKept | undefined>;
  /** For the console: by inviting organization, by service, within what the operator may see. */
  list(filter: InvitationFilter): Promise<readonly InvitationKept[]>;
  /** What is open, and the last sign-in known, in the order asked. */
  openings(invitations: readonly InvitationKept[]): Promise<readonly Openings[]>;
  /** What counts against the most that one sponsor may have. */
  count(accountId: string): Promise<number>;
  /** After the commit of what `leaveGuests` wrote: memory forgets, and what was issued to those who ended ends. */
  settle(gone: GuestsGone): Promise<void>;
  /** Has those whose invitation has ended lose what was issued under it; now. */
  watch(): Promise<void>;
  /** The same, again and again. @returns what stops it */
  start(everyMs?: number): () => void;
  /** For the purge: those that ended a year ago, at most `limit`. @returns how many */
  purge(limit: number): Promise<number>;
}

/** With the 30 s that a process may believe what it remembers, an invitation that ended is over everywhere within 60 s. */
const watchMs = 20_000;

export function createInviting(needs: InvitingNeeds): Inviting {
  const { db, clock, logger, snapshot } = needs;
  const watcher = createInvitationWatch(needs);

  async function tell(guests: readonly GuestConcerned[]): Promise<void> {
    for (const guest of guests) {
      needs.onChanged(guest.address);
      try {
        await needs.onEnded(guest);
      } catch (error) {
        logger.error(
          { event: 'invitation.ended', err: error },
          'tools were not told that an invitation ended',
        );
      }
    }
  }

  const watch = async (): Promise<void> => tell(await watcher.look());

  return {
    check: (sponsor, proposal, services) => checkInvitation(needs, sponsor, proposal, services),
    invite: (sponsor, proposal, services) => invite(needs, sponsor, proposal, services),
    renew: (request) => renew(needs, request),
    revoke: (request) => revoke(needs, request),
    ofSponsor: (accountId) => readInvitations(db, clock(), { accountId }),
    async forSponsor(id, accountId) {
      if (!isInvitationId(id)) return undefined;
      return (await readInvitations(db, clock(), { id, accountId }))[0];
    },
    list: (filter) => readInvitations(db, clock(), filter),
    openings: (invitations) => openingsOf(db, snapshot(), clock(), invitations),
    count: (accountId) => countOf(db, accountId, clock()),
    async settle({ ended, takenOver }) {
      for (const { address } of takenOver) needs.onChanged(comparedAddress(address));
      await tell(ended.map(({ address, service }) => ({ address: comparedAddress(address), service })));
    },
    watch,
    start(everyMs = watchMs) {
      const loop = lookAgain({
        read: watch,
        pollMs: everyMs,
        onProblem: (error) =>
          logger.error({ event: 'invitation.watch', err: error }, 'invitations could not be looked at'),
      });
      return () => loop.stop();
    },
    purge: (limit) => purgeInvitations(db, clock(), limit),
  };
}
