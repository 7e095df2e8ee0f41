import type { Context } from 'koa';
import { isUsable, isVouchedFor } from '../identity/identity.ts';
import type { Visitor, VisitorNeeds } from './visitor.ts';

/** What is known of the person of this browser, read again each time: nothing here outlives the session. */
export async function readVisitor(
  ctx: Context,
  {
    library,
    identities,
    snapshot,
    db,
    revokedMemberships,
  }: Pick<VisitorNeeds, 'library' | 'identities' | 'snapshot' | 'db' | 'revokedMemberships'>,
): Promise<Visitor | undefined> {
  const session = await library.Session.get(ctx);
  const { accountId, uid } = session;
  if (accountId === undefined) return undefined;
  const signIn = (await identities.ofSession(uid))?.signIn;
  if (signIn?.accountId !== accountId) return undefined;
  if (snapshot().identityProviders.get(signIn.idp)?.enabled !== true) return undefined;
  if (!(await isUsable(db, accountId))) return undefined;
  const revoked = await Promise.all(
    signIn.memberships.map(({ siret }) => revokedMemberships.isRevoked(accountId, siret)),
  );
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    accountId,
    sessionUid: uid,
    email: signIn.email,
    isEmailVouchedFor: isVouchedFor(signIn),
    givenName: text(signIn.claims['given_name']),
    usualName: text(signIn.claims['usual_name']),
    memberships: signIn.memberships.filter((_membership, index) => revoked[index] !== true),
    signedInFor: signIn.memberships.map(({ siret }) => siret.slice(0, 9)),
    acr: signIn.acr,
    amr: signIn.amr,
    authTime: new Date(signIn.authTime * 1000),
    idp: signIn.idp,
  };
}
