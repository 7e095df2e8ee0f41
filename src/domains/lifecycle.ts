/*
 * What becomes of a domain that an organization claims. Pure: one table.
 */

/**
 * `claimed`: not proven yet. `proven`: proven, and another organization holds it: two operators decide. `unverified`: the
 * proof is no longer found; it opens nothing, and is not yet anybody else's. The last three are ends.
 */
export const domainStates = [
  'claimed',
  'proven',
  'verified',
  'unverified',
  'given_up',
  'handed_over',
  'refused',
] as const;
export type DomainState = (typeof domainStates)[number];

export const domainActs = [
  /** The proof is there, and nobody else holds the domain. */
  'prove',
  /** The proof is there, and somebody else holds it. */
  'contest',
  /** The proof has not been found for days. */
  'lose',
  'give_up',
  /** Two operators gave it to the other organization; to this one; refused it to this one. */
  'hand_over',
  'receive',
  'refuse',
  /** Whoever held it gave it up meanwhile. */
  'release',
] as const;
export type DomainAct = (typeof domainActs)[number];

const table: Readonly<Record<DomainState, Readonly<Partial<Record<DomainAct, DomainState>>>>> = {
  claimed: { prove: 'verified', contest: 'proven', give_up: 'given_up' },
  proven: { give_up: 'given_up', receive: 'verified', refuse: 'refused', release: 'claimed' },
  verified: { prove: 'verified', lose: 'unverified', give_up: 'given_up', hand_over: 'handed_over' },
  unverified: { prove: 'verified', give_up: 'given_up', hand_over: 'handed_over' },
  given_up: {},
  handed_over: {},
  refused: {},
};

/** @returns undefined when nothing of the kind can be done in this state */
export const transition = (state: DomainState, act: DomainAct): DomainState | undefined => table[state][act];

/** The organization has the domain, whether it can show so today or not. */
export const isHeld = (state: DomainState): boolean => state === 'verified' || state === 'unverified';

/** Nothing follows any more. */
export const isEnd = (state: DomainState): boolean => Object.keys(table[state]).length === 0;
