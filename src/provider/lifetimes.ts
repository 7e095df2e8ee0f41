import type { KoaContextWithOIDC } from 'oidc-provider';
import { longestLifeSeconds } from '../keys/keys.ts';
import type { Access } from './access.ts';

/** Seconds. Kept together because they depend on one another: a grant outlives its session and its refresh tokens. */
export const lifetimes = {
  /** RFC 9700 §2.1.1 and ProConnect: at most a minute. */
  authorizationCode: 60,
  accessToken: 3600,
  idToken: 600,
  /** As long as a code that is sent by mail (codes/). */
  interaction: 3600,
  /** A session ends after this long without use… */
  sessionIdle: 4 * 3600,
  /** …and in any case this long after the person authenticated. */
  sessionAbsolute: 12 * 3600,
  /** However often it is renewed: a refresh token of a session ends with the longest session. */
  refreshToken: 12 * 3600,
  /** With `offline_access` it outlives the browser session, unless nobody uses it for so long… */
  offlineRefreshIdle: 14 * 24 * 3600,
  /** …and in any case ends so long after the person signed in (RFC 9700 §4.14.2). */
  offlineRefreshToken: 30 * 24 * 3600,
  /** What was signed for it verifies for as long: keys stay published for it. */
  grant: longestLifeSeconds,
} as const;

type AccessOfTokens = (ctx: KoaContextWithOIDC) => Access | undefined;

interface LivingToken {
  readonly scopes: ReadonlySet<string>;
  /** Epoch seconds: when the first token of its family was issued. */
  readonly iiat?: number | undefined;
}

/** Seconds that a refresh token lives: less and less, as its family nears its absolute end. */
export function refreshTokenLifetime({ scopes, iiat }: LivingToken, now: number): number {
  const offline = scopes.has('offline_access');
  const idle = offline ? lifetimes.offlineRefreshIdle : lifetimes.refreshToken;
  const absolute = offline ? lifetimes.offlineRefreshToken : lifetimes.refreshToken;
  return Math.max(1, Math.min(idle, (iiat ?? now) + absolute - now));
}

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
    AccessToken: (
      ctx: KoaContextWithOIDC,
      token: { resourceServer?: { accessTokenTTL?: number | undefined } | undefined },
    ) => capped(ctx, token.resourceServer?.accessTokenTTL ?? lifetimes.accessToken),
    IdToken: (ctx: KoaContextWithOIDC) => capped(ctx, lifetimes.idToken),
    Interaction: lifetimes.interaction,
    Grant: lifetimes.grant,
    RefreshToken: (ctx: KoaContextWithOIDC, token: LivingToken) =>
      capped(ctx, refreshTokenLifetime(token, epoch())),
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
