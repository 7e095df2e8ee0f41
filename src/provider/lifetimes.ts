import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Access } from './access.ts';

/** Seconds. Kept together because they depend on one another: a grant outlives its session and its refresh tokens. */
export const lifetimes = {
  /** RFC 9700 §2.1.1 and ProConnect: at most a minute. */
  authorizationCode: 60,
  accessToken: 3600,
  idToken: 600,
  interaction: 1800,
  /** A session ends after this long without use… */
  sessionIdle: 4 * 3600,
  /** …and in any case this long after the person authenticated. */
  sessionAbsolute: 12 * 3600,
  refreshToken: 12 * 3600,
  /** With `offline_access`: outlives the browser session. */
  offlineRefreshToken: 30 * 24 * 3600,
  grant: 31 * 24 * 3600,
} as const;

type AccessOfTokens = (ctx: KoaContextWithOIDC) => Access | undefined;

/** A token never outlives the decision behind it. The library wants positive integers. */
export function cappedByDecision(seconds: number, validUntil: Date | undefined, now: Date): number {
  if (validUntil === undefined) return seconds;
  return Math.max(1, Math.min(seconds, Math.floor((validUntil.getTime() - now.getTime()) / 1000)));
}

export function tokenLifetimes(accessOfTokens: AccessOfTokens, clock: () => Date) {
  const capped = (ctx: KoaContextWithOIDC, seconds: number): number =>
    cappedByDecision(seconds, accessOfTokens(ctx)?.decision.validUntil, clock());
  const epoch = () => Math.floor(clock().getTime() / 1000);
  return {
    AuthorizationCode: lifetimes.authorizationCode,
    AccessToken: (ctx: KoaContextWithOIDC) => capped(ctx, lifetimes.accessToken),
    IdToken: (ctx: KoaContextWithOIDC) => capped(ctx, lifetimes.idToken),
    Interaction: lifetimes.interaction,
    Grant: lifetimes.grant,
    RefreshToken: (ctx: KoaContextWithOIDC, token: { scopes: Set<string> }) =>
      capped(
        ctx,
        token.scopes.has('offline_access') ? lifetimes.offlineRefreshToken : lifetimes.refreshToken,
      ),
    // Counted from our own session or from a later re-authentication: the IdP's auth_time may be hours old already.
    Session: (
      _ctx: KoaContextWithOIDC,
      session: { loginTs?: number | undefined; iat?: number | undefined },
    ) => {
      if (session.loginTs === undefined) return 600;
      const startedAt = Math.max(session.iat ?? epoch(), session.loginTs);
      return Math.max(1, Math.min(lifetimes.sessionIdle, startedAt + lifetimes.sessionAbsolute - epoch()));
    },
  };
}
