/**
 * joining/: how somebody comes to act for an organization.
 *
 * What it does: says by which way somebody may join an organization, and why (join-route.ts, pure, codes in join-codes.ts); keeps
 * each membership with its evidence (lifecycle.ts, pure; rows.ts, step.ts); carries the ways out: a mailbox in a domain of the
 * organization, a code to its official mailbox (official-code.ts), the invitation of whoever represents it (invite.ts), a request
 * to them or to an operator (ask.ts, answer.ts), a mandate that an operator examined (mandates.ts). Only active ones give claims:
 * identity/declared-people.ts reads them at each sign-in and at each decision.
 *
 * Flow: account/ (pages) ──▶ consider() gathers facts (gather.ts) and asks the rules ──▶ ask() · sendCode() · invite() ──▶ step():
 * row, evidence and record in one transaction ──▶ watch(): what is over by its day, its domain (domain-refusals.ts) or official
 * mailbox (lost-proofs.ts), its mandate or its sponsor ends, people are told before and at the end ──▶ onEnded(): what was issued to the account ends. What members/ takes away wins.
 *
 * May import: domains, registrations, identity, register, eligibility, organizations, codes, limits (spelling of addresses), http
 * (mails), audit, mail, storage, config, errors.
 */
import { representatives } from '../registrations/registrations.ts';
import { lookAgain } from '../storage/storage.ts';
import { answerRequest } from './answer.ts';
import type { Answering } from './answer.ts';
import { ask, consider, goOn } from './ask.ts';
import type { Considered, Way } from './ask.ts';
import { refusableDomain } from './domain-refusals.ts';
import { endsSoon } from './gather.ts';
import { acceptInvitation, assertStands, invitationOf, invitationsOf, invite } from './invite.ts';
import type { JoiningInvitation } from './invite.ts';
import { followMandates } from './mandates.ts';
import type { JoiningNeeds, JoiningPerson } from './needs.ts';
import { evidenceOf, joinedOf, purgeJoined } from './of-person.ts';
import { sendOfficialCode, tryOfficialCode } from './official-code.ts';
import { readOne } from './rows.ts';
import type { Joined } from './rows.ts';
import { contactNamed, contactShown } from './shown.ts';
import type { ContactShown } from './shown.ts';
import { unitsForOperators, waitingForOperators, waitingForRepresentative } from './waiting.ts';
import { createJoiningWatch } from './watch.ts';
import { withdrawInvitation } from './withdraw-invitation.ts';

export type { Answering, JoinAnswerGiven } from './answer.ts';
export { isSilent, longestMessage, silentDays } from './ask.ts';
export type { Considered, Way } from './ask.ts';
export { externalDays, inviteProblem } from './invite.ts';
export type { InviteProblem, JoiningInvitation } from './invite.ts';
export { joinReasons } from './join-codes.ts';
export type { JoinReason } from './join-codes.ts';
export { lateRefusals } from './kept-refusals.ts';
export { joinRuleNames, joinVersion } from './join-route.ts';
export type { JoinAnswer, JoinRoute, JoinRuleName } from './join-route.ts';
export { endings, joinStates, proofMethods } from './lifecycle.ts';
export type { Ending, JoinState, ProofMethod } from './lifecycle.ts';
export { joiningMail, joiningMailKinds } from './mails.ts';
export type { JoiningAuthor, JoiningNeeds, JoiningPerson } from './needs.ts';
export { eraseJoined, evidenceOf, joinedOf } from './of-person.ts';
export type { JoiningEvidence } from './of-person.ts';
export { knownOf, maskedMailbox } from './shown.ts';
export type { Joined } from './rows.ts';
export { unknownJoined } from './step.ts';

export interface Joining {
  /** What the rules say now; `typed`: a SIREN, SIRET, VAT or RNA number. */
  consider(person: JoiningPerson, typed: string): Promise<Considered>;
  /** Official mailboxes as a page shows them, and back. */
  contactShown(address: string): ContactShown;
  contactNamed(contacts: readonly string[], key: string): string | undefined;
  ask(person: JoiningPerson, asked: { typed: string; way: Way; message?: string }): Promise<Joined>;
  sendCode(
    person: JoiningPerson,
    asked: { typed: string; contact: string },
    permit?: () => Promise<void>,
  ): ReturnType<typeof sendOfficialCode>;
  tryCode(person: JoiningPerson, asked: { siren: string; typed: string }): ReturnType<typeof tryOfficialCode>;
  /** Gives up, leaves, or turns to an operator. */
  goOn(person: Pick<JoiningPerson, 'accountId'>, asked: Parameters<typeof goOn>[2]): Promise<Joined>;
  /** Everything of one account. */
  mine(accountId: string): Promise<readonly Joined[]>;
  one(id: string): Promise<Joined | undefined>;
  /** It ends within a month, and may be proven again by a mailbox of the person. */
  endsSoon(one: Joined): boolean;
  /** The domain that an operator may refuse with it; none where anybody opens a mailbox. */
  refusableDomain(one: Joined): string | undefined;
  /** What was written of each act on these memberships, by their ids. */
  evidence(ids: readonly string[]): ReturnType<typeof evidenceOf>;
  /** What waits for whoever represents something, and whom they may end. */
  forRepresentative(accountId: string): Promise<readonly Joined[]>;
  /** Legal units of which requests wait for operators, with how many. */
  unitsForOperators(): ReturnType<typeof unitsForOperators>;
  /** Those requests, the oldest first. */
  forOperators(asked: Parameters<typeof waitingForOperators>[1]): Promise<readonly Joined[]>;
  answer(answering: Answering): Promise<Joined>;
  invite: (author: Parameters<typeof invite>[1], asked: Parameters<typeof invite>[2]) => Promise<void>;
  invitations(siren: string): Promise<readonly JoiningInvitation[]>;
  /** @throws BrokerError M-JOIN-001, M-JOIN-002 */
  withdrawInvitation(author: Parameters<typeof withdrawInvitation>[1], id: string): Promise<void>;
  /** @throws BrokerError when the person may not take it */
  invitation(person: JoiningPerson, token: string): Promise<JoiningInvitation | undefined>;
  accept(person: JoiningPerson, token: string): Promise<Joined>;
  /** Whoever represents this legal unit acts for it, and whoever does not any more does not. */
  followMandates(siren: string): Promise<void>;
  /** What is over ends; now. */
  watch(): Promise<void>;
  /** The same, again and again. @returns what stops it */
  start(everyMs?: number): () => void;
  purge(limit: number): Promise<number>;
}

/** With the 30 s that a process may believe what it remembers, what ended is over everywhere within 60 s. */
const watchMs = 20_000;

export function createJoining(needs: JoiningNeeds): Joining {
  const { db, clock, logger } = needs;
  const watcher = createJoiningWatch(needs);

  async function ended(accounts: readonly string[]): Promise<void> {
    for (const accountId of accounts) {
      try {
        await needs.onEnded(accountId);
      } catch (error) {
        // It is over all the same: each use asks, and the next look tells the tools.
        logger.error({ event: 'joining.ended', err: error }, 'tools were not told that a membership ended');
      }
    }
  }
  const look = async () => ended(await watcher.look());
  async function watch(): Promise<void> {
    await look();
    await watcher.followAll();
    await look();
  }

  return {
    consider: (person, typed) => consider(needs, person, typed),
    contactShown: (address) => contactShown(address, needs.fingerprints),
    contactNamed: (contacts, key) => contactNamed(contacts, key, needs.fingerprints),
    ask: (person, asked) => ask(needs, person, asked),
    sendCode: (person, asked, permit) => sendOfficialCode(needs, person, asked, permit),
    tryCode: (person, asked) => tryOfficialCode(needs, person, asked),
    goOn: (person, asked) => goOn(needs, person, asked),
    mine: (accountId) => joinedOf(db, accountId),
    one: (id) => readOne(db, id),
    endsSoon: (one) => endsSoon(one, clock()),
    refusableDomain: (one) => refusableDomain(one, needs),
    evidence: (ids) => evidenceOf(db, ids),
    async forRepresentative(accountId) {
      const sirens = (await representatives(db, clock(), { accountId })).map(({ siren }) => siren);
      if (sirens.length === 0) return [];
      const found = await waitingForRepresentative(needs, { sirens, accountId });
      const others = await Promise.all(sirens.map((siren) => representatives(db, clock(), { siren })));
      const represent = new Set(others.flat().map((one) => `${one.accountId} ${one.siren}`));
      // Whoever represents it too is not theirs to take out.
      return found.filter((one) => one.state !== 'active' || !represent.has(`${one.accountId} ${one.siren}`));
    },
    unitsForOperators: () => unitsForOperators(needs),
    forOperators: (asked) => waitingForOperators(needs, asked),
    answer: (answering) => answerRequest(needs, answering),
    invite: (author, asked) => invite(needs, author, asked),
    invitations: (siren) => invitationsOf(needs, siren),
    withdrawInvitation: (author, id) => withdrawInvitation(needs, author, id),
    async invitation(person, token) {
      const found = await invitationOf(needs, token);
      if (found !== undefined) assertStands(found, person, needs);
      return found;
    },
    accept: (person, token) => acceptInvitation(needs, person, token),
    async followMandates(siren) {
      await ended((await followMandates(needs, siren)).ended);
      needs.onCommit?.();
    },
    watch,
    start(everyMs = watchMs) {
      const onProblem = (error: unknown): void =>
        logger.error({ event: 'joining.watch', err: error }, 'memberships could not be looked at');
      // Apart: mandates take as long as there are organizations, and what is over waits for nothing.
      const loops = [
        lookAgain({ read: look, pollMs: everyMs, onProblem }),
        lookAgain({ read: () => watcher.followAll(), pollMs: 3 * everyMs, onProblem }),
      ];
      return () => {
        for (const loop of loops) loop.stop();
      };
    },
    purge: (limit) => purgeJoined(db, clock(), limit),
  };
}
