import { isSamePerson, rolesApart } from '../declarations/declarations.ts';
import type { IssuerOf, Operator } from '../declarations/declarations.ts';
import type { ErrorCode } from '../errors/errors.ts';

/*
 * Who may change what among the operators. Pure: whoever writes asks, with what is declared locked.
 *
 * `manages`, wherever it stands, says whether somebody keeps the operators today: roles.ts of the console decides that.
 */

export const proposalKinds = ['appoint', 'change', 'readmit'] as const;
export type ProposalKind = (typeof proposalKinds)[number];

export const proposalStates = ['proposed', 'confirmed', 'declined', 'withdrawn'] as const;
export type ProposalState = (typeof proposalStates)[number];

export const answers = ['confirm', 'decline', 'withdraw'] as const;
export type Answer = (typeof answers)[number];

export type Somebody = Pick<Operator, 'id' | 'idp' | 'subject' | 'email'>;
export type Manages = (operator: Operator) => boolean;

/**
 * Whether this is about oneself: under this name, by this identity, or, since people may have two, at this address. An
 * address proves nothing; it is reason enough to ask somebody else.
 */
export const isOneself = (person: Somebody, about: Somebody): boolean =>
  person.id === about.id ||
  isSameIdentity(person, about) ||
  person.email.toLowerCase() === about.email.toLowerCase();

/** By the names of identity providers; with `issuerOf`, whatever they are called. */
export const isSameIdentity = (
  one: Pick<Operator, 'idp' | 'subject'>,
  other: Pick<Operator, 'idp' | 'subject'>,
  issuerOf: IssuerOf = (idp) => idp,
): boolean => isSamePerson(one, other, issuerOf);

/** Why it cannot be proposed, nor confirmed; undefined when it can. */
export function refusedProposal(
  {
    kind,
    operator,
    current,
  }: {
    readonly kind: ProposalKind;
    readonly operator: Operator;
    /** Who bears this id now, and where they are declared. */
    readonly current:
      { readonly operator: Operator; readonly origin: 'configuration' | 'console' } | undefined;
  },
  person: Somebody,
  all: readonly Operator[],
  /** Two names of one issuer are no two people: nobody would need a second person any more. */
  issuerOf?: IssuerOf,
): ErrorCode | undefined {
  if (isOneself(person, operator) || (current !== undefined && isOneself(person, current.operator)))
    return 'M-OPER-005';
  if (kind === 'change') {
    if (current === undefined) return 'M-OPER-001';
    if (current.origin !== 'console') return 'M-OPER-007';
    if (!isSameIdentity(current.operator, operator)) return 'M-OPER-011';
  } else if (current !== undefined || all.some((one) => isSameIdentity(one, operator, issuerOf)))
    return 'M-OPER-008';
  // Whoever comes back is declared in files, which say their roles.
  return kind !== 'readmit' && rolesApart(operator.roles) !== undefined ? 'M-OPER-006' : undefined;
}

/** Why this person cannot answer a proposal so. */
export function refusedAnswer(
  proposal: { readonly state: ProposalState; readonly authorId: string; readonly about: Somebody },
  answer: Answer,
  person: Somebody,
): ErrorCode | undefined {
  if (proposal.state !== 'proposed') return 'M-OPER-003';
  const isAuthor = proposal.authorId === person.id;
  if (answer === 'withdraw') return isAuthor ? undefined : 'M-OPER-004';
  if (isOneself(person, proposal.about)) return 'M-OPER-005';
  return isAuthor ? 'M-OPER-004' : undefined;
}

/** The buttons of its page. */
export const possibleAnswers = (
  proposal: Parameters<typeof refusedAnswer>[0],
  person: Somebody,
): readonly Answer[] => answers.filter((answer) => refusedAnswer(proposal, answer, person) === undefined);

/**
 * Why this person cannot remove that one at once. One is enough: safety waits for nobody. But somebody else than they keeps
 * the operators afterwards, who hears of it and can answer it: else one account, once taken, would put everybody out.
 */
export function refusedRemoval(
  target: Operator,
  person: Somebody,
  all: readonly Operator[],
  manages: Manages,
): ErrorCode | undefined {
  if (isOneself(person, target)) return 'M-OPER-005';
  return leavesSomebody(
    all.filter((one) => one.id !== target.id && !isOneself(person, one)),
    manages,
  )
    ? undefined
    : 'M-OPER-009';
}

/** Whether somebody still keeps the operators: the console never closes on itself. */
export const leavesSomebody = (all: readonly Operator[], manages: Manages): boolean => all.some(manages);
