import type { CodeHolder } from '../codes/codes.ts';
import type { Partner } from '../partners/partners.ts';
import type { Visitor } from '../visitor/visitor.ts';

/** Who may finish a link (link-accounts.ts): this browser's session, and these two accounts. */
export const linkHolder = (
  { sessionUid, accountId, email }: Pick<Visitor, 'sessionUid' | 'accountId' | 'email'>,
  { id }: Pick<Partner, 'id'>,
): CodeHolder => ({
  purpose: 'reconcile',
  holder: JSON.stringify([sessionUid, accountId, id]),
  address: email,
});
