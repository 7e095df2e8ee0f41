/** A confirmation is asked for again after a year: people leave, and nobody thinks of it. Nothing is switched off by it. */
export const confirmationDays = 365;

/** Without a sign-in for so long, the name and the address of a member are forgotten. */
export const memberDays = 365;

export const longestReason = 500;

export const memberActs = ['confirm', 'revoke', 'restore'] as const;
export type MemberAct = (typeof memberActs)[number];

/** `again`: confirmed more than a year ago. */
export type MemberState = 'unconfirmed' | 'confirmed' | 'again' | 'revoked';

export interface Standing {
  readonly confirmedAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

const dayMs = 24 * 3600 * 1000;

export function stateOf({ confirmedAt, revokedAt }: Standing, now: Date): MemberState {
  if (revokedAt !== undefined) return 'revoked';
  if (confirmedAt === undefined) return 'unconfirmed';
  return now.getTime() - confirmedAt.getTime() >= confirmationDays * dayMs ? 'again' : 'confirmed';
}

/** Who acts on a member: a representative of the organization, or an operator. */
export type MemberActor =
  | { readonly kind: 'representative'; readonly accountId: string }
  | { readonly kind: 'operator'; readonly accountId: string; readonly sirens: readonly string[] };

export interface MemberConcerned {
  readonly accountId: string;
  readonly siren: string;
  readonly state: MemberState;
  /** An operator took the membership away. */
  readonly revokedByOperator: boolean;
}

export type MemberRefusal =
  /** Done already, or nothing to undo. */
  | 'not_now'
  /** Nobody confirms themselves. */
  | 'oneself'
  | 'last_representative'
  /** Their mandate was proven to an operator, as one's own was: neither ends that of the other. */
  | 'other_representative'
  /** What an operator took away, an operator gives back. */
  | 'by_operator'
  /** An operator does nothing for an organization of theirs. */
  | 'own_organization';

/**
 * What may be done to a member, by whom. Pure.
 *
 * @param representatives accounts that represent the organization now
 * @returns why not; undefined when it may
 */
export function refusalOf(
  act: MemberAct,
  actor: MemberActor,
  member: MemberConcerned,
  representatives: ReadonlySet<string>,
): MemberRefusal | undefined {
  const { state, accountId, siren } = member;
  if (actor.kind === 'operator' && (actor.sirens.includes(siren) || actor.accountId === accountId))
    return 'own_organization';
  if ((act === 'restore') !== (state === 'revoked')) return 'not_now';
  const self = actor.accountId === accountId;
  if (act === 'confirm') return self ? 'oneself' : state === 'confirmed' ? 'not_now' : undefined;
  if (actor.kind === 'operator') return undefined;
  if (act === 'restore') return member.revokedByOperator ? 'by_operator' : undefined;
  if (self) return representatives.size > 1 ? undefined : 'last_representative';
  return representatives.has(accountId) ? 'other_representative' : undefined;
}
