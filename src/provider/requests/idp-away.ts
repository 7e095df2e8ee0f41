import type { KoaContextWithOIDC } from 'oidc-provider';
import type { IdentityProvider } from '../../declarations/declarations.ts';
import { findIdentityProviders } from '../../homerealm/homerealm.ts';
import type { Declared } from '../../homerealm/homerealm.ts';
import { canonicalEmail } from '../../identity/identity.ts';
import type { SessionIdentities } from '../session-identity.ts';
import { idpHint } from './hints.ts';

export interface AwayNeeds {
  readonly identities: SessionIdentities;
  readonly identityProvider: (id: string) => IdentityProvider | undefined;
  readonly declared: () => Declared<IdentityProvider>;
  /** Down, as far as is known or can be found out at once: nobody could sign in there now. Never rejects. */
  readonly isAway: (idp: IdentityProvider) => Promise<boolean>;
}

/**
 * Whether a sign-in would be needed, and only one identity provider could make it, which is down. A tool that
 * asked silently then keeps its person waiting rather than sends them to a page that fails: `login_required` would have it
 * do so. A session that is good enough needs nobody, and goes on.
 */
export async function needsOneWhoIsAway(ctx: KoaContextWithOIDC, needs: AwayNeeds): Promise<boolean> {
  const needed = await whoWouldSignIn(ctx, needs);
  return needed !== undefined && (await needs.isAway(needed));
}

async function whoWouldSignIn(
  ctx: KoaContextWithOIDC,
  { identities, identityProvider, declared }: AwayNeeds,
): Promise<IdentityProvider | undefined> {
  const { params, session } = ctx.oidc;
  const hint = idpHint(params);
  const identity = await identities.ofRequest(ctx);
  if (identity === undefined || session === undefined) {
    if (hint !== undefined) return identityProvider(hint);
    const { login_hint: typed } = params ?? {};
    const address = typeof typed === 'string' ? canonicalEmail(typed)?.address : undefined;
    const realm = address === undefined ? undefined : findIdentityProviders(address, declared());
    return realm?.kind === 'one' ? realm.idp : undefined;
  }
  if (hint !== undefined && hint !== identity.signIn.idp) return identityProvider(hint);
  const { max_age: maxAge } = params ?? {};
  const isTooOld = maxAge !== undefined && session.past(Number(maxAge));
  return isTooOld ? identityProvider(identity.signIn.idp) : undefined;
}
