import type { Context } from 'koa';
import { isUsable, isVouchedFor } from '../identity/identity.ts';
import { vouching } from '../provider/provider.ts';
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
    declaredMemberships,
  }: Pick<
    VisitorNeeds,
    'library' | 'identities' | 'snapshot' | 'db' | 'revokedMemberships' | 'declaredMemberships'
  >,
): Promise<Visitor | undefined> {
  const session = await library.Session.get(ctx);
  const { accountId, uid } = session;
  if (accountId === undefined) return undefined;
  const signIn = (await identities.ofSession(uid))?.signIn;
  if (signIn?.accountId !== accountId || !vouching(snapshot)(signIn)) return undefined;
  if (!(await isUsable(db, accountId))) return undefined;
  const revoked = await Promise.all(
    signIn.memberships.map(
      async ({ siret, origin }) =>
        (origin === 'declared' && (await declaredMemberships.hasEnded(accountId, siret))) ||
        (await revokedMemberships.isRevoked(accountId, siret)),
    ),
  );
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    accountId,
    sessionUid: uid,
    email: signIn.email,
    isEmailVouchedFor: isVouchedFor(signIn),
    isEmailVerified: signIn.emailVerified,
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
