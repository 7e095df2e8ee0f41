/**
 * appointments/: who is an operator, decided in the console by two people.
 *
 * What it does: keeps what one administrator proposes (appoint somebody, change them, take back a removal) until another one
 * confirms or declines it, with who may do what in one place (rules.ts, pure); removes somebody at once on the word of
 * one administrator (remove.ts); finds the identity of a person who has signed in (find-person.ts).
 *
 * Flow: propose.ts ──▶ operator_proposal ──▶ answer.ts, by a second person: judged again with what is declared locked ──▶
 * declarations/appointed-operators.ts: an object of origin `console`, which `maillon apply` leaves alone ──▶ every process at
 * its next poll. A removal takes the object out, whoever declared it, and bars the identity: no apply brings it back. Mails
 * (operator-mail.ts) and record are of the same transaction.
 * When the console cannot, whoever keeps the server removes or takes back a removal: on-the-server.ts, by `maillon operators`.
 *
 * May import: declarations, eligibility (civil days), http (words of mails), audit, mail, storage, config, errors.
 */
import { lastTimes } from '../audit/audit.ts';
import { keptOperators, removedOperators } from '../declarations/declarations.ts';
import type { KeptOperator, RemovedOperator } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { answerProposal } from './answer.ts';
import type { AnswerAsked } from './answer.ts';
import { identitiesOf, lastSeen } from './find-person.ts';
import type { FoundPerson } from './find-person.ts';
import type { AppointmentsNeeds, OperatorAtWork } from './needs.ts';
import { namedOperator, readProposal, readProposals } from './proposals.ts';
import type { NamedOperator, Proposal } from './proposals.ts';
import { propose } from './propose.ts';
import type { ProposalAsked } from './propose.ts';
import { removeAtOnce } from './remove.ts';

export type { FoundPerson } from './find-person.ts';
export type { AppointmentsNeeds, OperatorAtWork } from './needs.ts';
export { readmitOnTheServer, removeOnTheServer } from './on-the-server.ts';
export type { NamedOperator, Proposal } from './proposals.ts';
export type { OperatorWritten } from './propose.ts';
export { isOneself, isSameIdentity, possibleAnswers, refusedRemoval } from './rules.ts';
export type { Answer, ProposalKind, ProposalState } from './rules.ts';

export interface ListedOperator extends KeptOperator {
  /** Into the console; undefined when never. */
  readonly lastSignInAt: Date | undefined;
}
export interface Removal extends Omit<RemovedOperator, 'removedBy' | 'removedById'> {
  readonly removedBy: NamedOperator;
}

export interface Appointments {
  /** Of the database: what was confirmed a moment ago is there. */
  list(): Promise<readonly ListedOperator[]>;
  /** @throws BrokerError M-OPER-001 */
  get(id: string): Promise<ListedOperator>;
  /** Those who were removed and have not come back, the last one first. */
  removals(): Promise<readonly Removal[]>;
  /** Open ones, or every one about somebody; the newest first. */
  proposals(operatorId?: string): Promise<readonly Proposal[]>;
  /** @throws BrokerError M-OPER-001 */
  proposal(id: string): Promise<Proposal>;
  /** Who these accounts are at their identity providers. */
  identities(accounts: readonly string[]): Promise<readonly FoundPerson[]>;
  lastSeen(identity: { readonly issuer: string; readonly subject: string }): Promise<Date | undefined>;
  /** @returns the id of the proposal */
  propose(asked: ProposalAsked): Promise<string>;
  answer(asked: AnswerAsked): Promise<Proposal>;
  remove(asked: {
    readonly id: string;
    readonly reason: string;
    readonly person: OperatorAtWork;
  }): Promise<void>;
}

export function createAppointments(needs: AppointmentsNeeds): Appointments {
  const { db } = needs;

  async function list(): Promise<readonly ListedOperator[]> {
    const kept = await keptOperators(db);
    const subjectOf = ({ operator }: KeptOperator): string => `operator:${operator.id}`;
    const times = await lastTimes(db, 'operator.sign_in', kept.map(subjectOf));
    return kept.map((one) => ({ ...one, lastSignInAt: times.get(subjectOf(one)) }));
  }

  return {
    list,
    async get(id) {
      const found = (await list()).find(({ operator }) => operator.id === id);
      if (found === undefined) throw new BrokerError('M-OPER-001', { detail: id.slice(0, 80) });
      return found;
    },
    removals: async () =>
      (await removedOperators(db)).map(({ removedBy, removedById, ...rest }) => ({
        ...rest,
        removedBy: namedOperator(removedById, removedBy),
      })),
    proposals: (operatorId) => readProposals(db, operatorId),
    proposal: (id) => readProposal(db, id),
    identities: (accounts) => identitiesOf(db, accounts),
    lastSeen: (identity) => lastSeen(db, identity),
    propose: (asked) => propose(needs, asked),
    answer: (asked) => answerProposal(needs, asked),
    remove: (asked) => removeAtOnce(needs, asked),
  };
}
