import type { Operator, Snapshot } from '../declarations/declarations.ts';
import type { Visitor } from '../visitor/visitor.ts';

/**
 * The declared operator that a visitor is: by the identity of this very sign-in (identity provider and `sub` there), never
 * by an address. Read at each request: who is no longer declared is out at once.
 */
export async function operatorOf(
  { accountId, idp }: Pick<Visitor, 'accountId' | 'idp'>,
  {
    snapshot,
    subjectsOf,
  }: {
    readonly snapshot: () => Snapshot;
    readonly subjectsOf: (accountId: string, idp: string) => Promise<readonly string[]>;
  },
): Promise<Operator | undefined> {
  const subjects = await subjectsOf(accountId, idp);
  return [...snapshot().operators.values()].find(
    (operator) => operator.idp === idp && subjects.includes(operator.subject),
  );
}
