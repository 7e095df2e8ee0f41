import type { Proof } from '../partners/partners.ts';

/** What a partner is asked for: the code that is mailed, their second factor, or to make one. */
export type Factor = 'mail' | 'second_factor' | 'enrolment';

export interface FactorsAsked {
  /** Of this login, and of the session that goes on. */
  readonly proofs: readonly Proof[];
  /** When this login began: what was proven before was proven in another one. */
  readonly begunAt: Date;
  /** Older proofs count no more: `max_age`, `prompt=login`, a policy that wants a recent sign-in. */
  readonly notBefore?: Date | undefined;
  /** The `acr` values of which one is needed; none: any. */
  readonly levels: readonly string[];
  /** Whether the partner has a second factor. */
  readonly held: boolean;
}

/** Proofs that still count. */
export const standing = ({
  proofs,
  notBefore,
}: Pick<FactorsAsked, 'proofs' | 'notBefore'>): readonly Proof[] =>
  proofs.filter(({ at }) => notBefore === undefined || at.getTime() >= notBefore.getTime());

/**
 * What is left to ask, in this order; nothing: the sign-in is complete. Whoever has a second factor is always asked for it,
 * whatever the tool wants: nobody who reads the mails of another comes in with these alone. Whoever has none makes one when
 * the level demands it, and never before their mailbox was proven in this very login.
 */
export function factorsToAsk(asked: FactorsAsked): readonly Factor[] {
  const proofs = standing(asked);
  // What the person has, and what they know or are: two factors, and it says who they are.
  if (proofs.some((proof) => proof.method === 'passkey' && proof.userVerified)) return [];
  const mail = proofs.some(({ method }) => method === 'mail');
  const second = proofs.some(({ method }) => method !== 'mail');
  if (asked.held || second) return [...when(!mail, 'mail'), ...when(!second, 'second_factor')];
  if (!needsSeveral(asked.levels)) return when(!mail, 'mail');
  const provenHere = proofs.some(
    ({ method, at }) => method === 'mail' && at.getTime() >= asked.begunAt.getTime(),
  );
  return [...when(!provenHere, 'mail'), 'enrolment'];
}

const withOne: readonly string[] = ['eidas0', 'eidas1'];
const withSeveral: readonly string[] = ['eidas0-mfa', 'eidas1-mfa'];

/** A second factor changes the answer: one level that it reaches is accepted, and none without. Above, it would not do. */
export const needsSeveral = (levels: readonly string[]): boolean =>
  levels.some((level) => withSeveral.includes(level)) && !levels.some((level) => withOne.includes(level));

const when = (condition: boolean, factor: Factor): readonly Factor[] => (condition ? [factor] : []);
