import type { Operator } from '../declarations/declarations.ts';
import type { Visitor } from '../visitor/visitor.ts';

/** The author of an act, as decisions and the record name it (CRPA art. L212-1). */
export interface ActingOperator {
  readonly kind: 'operator';
  readonly id: string;
  readonly givenName: string;
  readonly usualName: string;
  readonly capacity: string;
  readonly organization: string;
  /** Every organization for which this person acts: nobody decides on their own. */
  readonly sirens: string[];
  /** The same person may also have sent a file. */
  readonly accountId: string;
}

/** Memberships are those of the sign-in: an elected official may also sit on the board of an association. */
export function actorOf(
  operator: Operator,
  { accountId, signedInFor }: Pick<Visitor, 'accountId' | 'signedInFor'>,
): ActingOperator {
  return {
    kind: 'operator',
    id: operator.id,
    givenName: operator.given_name,
    usualName: operator.usual_name,
    capacity: operator.capacity,
    organization: operator.organization,
    accountId,
    sirens: [...new Set([operator.organization_siren, ...signedInFor])],
  };
}
