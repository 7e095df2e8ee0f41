/**
 * members/: who acts for an organization, confirmed or revoked by whoever represents it.
 *
 * What it does: reads the people who have signed in for a legal unit (table `membership`, written by each sign-in in
 * identity/); says what its representative, or an operator, may do to one of them (rules.ts, pure); confirms, takes away,
 * gives back (change.ts); tells what that closes before (uses.ts), and which guests end with it (guests.ts). Who represents an organization is read from its files:
 * registrations/representatives.ts. A confirmation raises no level of `organization_link`: it is not what a policy asks for.
 *
 * Flow: representatives/ and operators/ (pages) ──▶ change(): row, mail and audit entry in one transaction ──▶ after its
 * commit, onChanged(): memory forgets ──▶ onRevoked(): what was issued to the account for the organization ends. In other
 * processes the watch finds it (watch.ts), and each decision asks, from 30 s ago at most (identity/revoked-memberships.ts):
 * `decide()` then answers `membership_not_verified`. Names go a year after the last sign-in (purge.ts).
 *
 * May import: registrations, invitations, identity, declarations, eligibility, http (mails), audit, mail, storage, config, errors.
 */
import { representatives } from '../registrations/registrations.ts';
import type { Representative } from '../registrations/registrations.ts';
import { lookAgain } from '../storage/storage.ts';
import { actsFor, changeMember } from './change.ts';
import type { MemberAuthor, MemberRequest } from './change.ts';
import { guestsOfMember } from './guests.ts';
import type { GuestOfMember } from './guests.ts';
import type { MembersNeeds } from './needs.ts';
import { purgeMembers } from './purge.ts';
import { readMember, readMembers } from './rows.ts';
import type { Member, MembersPage } from './rows.ts';
import type { MemberActor } from './rules.ts';
import { noUse, usesFor } from './uses.ts';
import type { Uses } from './uses.ts';
import { createMembersWatch } from './watch.ts';

export { actsAs, concernedOf, refused, unknownMember } from './change.ts';
export type { MemberAuthor, MemberRequest } from './change.ts';
export { guestsShown } from './guests.ts';
export type { GuestOfMember, Taker } from './guests.ts';
export type { MembersNeeds } from './needs.ts';
export { guestsIn, reasonProblem, seenIn } from './reason.ts';
export type { ReasonProblem } from './reason.ts';
export type { Member, MembersPage } from './rows.ts';
export { confirmationDays, longestReason, memberActs, memberDays, refusalOf } from './rules.ts';
export type { MemberAct, MemberActor, MemberRefusal, MemberState } from './rules.ts';
export { memberShown, representativeShown } from './shown.ts';
export type { Reader } from './shown.ts';
export { noUse } from './uses.ts';
export type { Uses } from './uses.ts';

export interface Members {
  /** Who represents a legal unit now. @param services only by files that ask for one of these */
  representativesOf(siren: string, services?: readonly string[]): Promise<readonly Representative[]>;
  /** What an account represents now. */
  representedBy(accountId: string): Promise<readonly Representative[]>;
  /** @param among only these accounts: what is counted is what is shown */
  list(siren: string, page: number, among?: readonly string[]): Promise<MembersPage>;
  /** As whom somebody acts on members of this organization: what `refusalOf` asks for. */
  actsFor(actor: MemberAuthor, siren: string): Promise<MemberActor>;
  /** Undefined for what is not a member of this organization. */
  one(id: string, siren: string): Promise<Member | undefined>;
  /** By account, what is open for the organization now. */
  uses(siren: string): Promise<ReadonlyMap<string, Uses>>;
  /** What is open for the organization in the hands of one account: what a revocation closes. */
  usesOf(siren: string, accountId: string): Promise<Uses>;
  /** Whom an account invited for the organization: they end with its membership. */
  guestsOf(siren: string, accountId: string): Promise<readonly GuestOfMember[]>;
  change(request: MemberRequest): Promise<Member>;
  /** Has those who were revoked lose what was issued to them; now. */
  watch(): Promise<void>;
  /** The same, again and again. @returns what stops it */
  start(everyMs?: number): () => void;
  /** For the purge. @returns how many */
  purge(limit: number): Promise<number>;
}

/** With the 30 s that a process may believe what it remembers, a membership that was revoked is over everywhere within 60 s. */
const watchMs = 20_000;

export function createMembers(needs: MembersNeeds): Members {
  const { db, clock, logger, snapshot } = needs;
  const watcher = createMembersWatch(needs);
  const using = () => ({ db, snapshot: snapshot(), now: clock() });

  async function watch(): Promise<void> {
    for (const accountId of await watcher.look()) {
      needs.onChanged(accountId);
      try {
        await needs.onRevoked(accountId);
      } catch (error) {
        logger.error({ event: 'member.revoked', err: error }, 'tools were not told that a membership ended');
      }
    }
  }

  return {
    representativesOf: (siren, services) => representatives(db, clock(), { siren, services }),
    actsFor: (actor, siren) => actsFor(db, actor, siren),
    representedBy: (accountId) => representatives(db, clock(), { accountId }),
    async list(siren, page, among) {
      const found = await representatives(db, clock(), { siren });
      return readMembers(db, clock(), {
        siren,
        asked: page,
        represent: found.map(({ accountId }) => accountId),
        among,
      });
    },
    one: (id, siren) => readMember(db, clock(), { id, siren }),
    uses: (siren) => usesFor(using(), siren),
    async usesOf(siren, accountId) {
      return (await usesFor(using(), siren, accountId)).get(accountId) ?? noUse;
    },
    guestsOf: (siren, accountId) =>
      guestsOfMember({ db, inviting: needs.inviting, now: clock() }, { accountId, siren }),
    change: (request) => changeMember(needs, request),
    watch,
    start(everyMs = watchMs) {
      const loop = lookAgain({
        read: watch,
        pollMs: everyMs,
        onProblem: (error) =>
          logger.error({ event: 'member.watch', err: error }, 'memberships could not be looked at'),
      });
      return () => loop.stop();
    },
    purge: (limit) => purgeMembers(db, clock(), limit),
  };
}
