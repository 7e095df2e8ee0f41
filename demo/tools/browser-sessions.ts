import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { BrokerError } from './broker-error.ts';
import type { Attempt, SignedIn } from './relying-party.ts';

/** What one browser is doing with one tool. */
export interface BrowserSession {
  /** By state: several tabs may sign in at once. */
  readonly attempts: Map<string, Attempt>;
  signedIn: SignedIn | undefined;
  /** Why the last sign-in, or the last refresh, did not succeed. */
  error: BrokerError | undefined;
  /** State sent with the last sign-out, until the person comes back. */
  signingOut: string | undefined;
  /** Said once on the next page. */
  signedOut: boolean;
}

export interface BrowserSessions {
  readonly find: (ctx: Context) => BrowserSession | undefined;
  /** The session of this browser, made when there is none. */
  readonly open: (ctx: Context) => BrowserSession;
  /** A new cookie for the same session: who knew the old one before the sign-in does not share it. */
  readonly renew: (ctx: Context) => void;
}

const maximumSessions = 10_000;
const maximumAttempts = 10;

const forgetOldest = (map: Map<string, unknown>, maximum: number): void => {
  for (const key of map.keys()) {
    if (map.size <= maximum) return;
    map.delete(key);
  }
};

/** @param toolId also the path of the cookie: tools do not see each other's sessions */
export const createBrowserSessions = (toolId: string): BrowserSessions => {
  const sessions = new Map<string, BrowserSession>();
  const name = `demo_${toolId}`;

  const give = (ctx: Context, session: BrowserSession): void => {
    const id = randomBytes(32).toString('base64url');
    sessions.set(id, session);
    forgetOldest(sessions, maximumSessions);
    ctx.cookies.set(name, id, {
      path: `/${toolId}`,
      httpOnly: true,
      sameSite: 'lax',
      secure: false,
      signed: false,
      overwrite: true,
    });
  };

  const find = (ctx: Context): BrowserSession | undefined => sessions.get(ctx.cookies.get(name) ?? '');

  return {
    find,
    open: (ctx) => {
      const known = find(ctx);
      if (known !== undefined) return known;
      const session: BrowserSession = {
        attempts: new Map(),
        signedIn: undefined,
        error: undefined,
        signingOut: undefined,
        signedOut: false,
      };
      give(ctx, session);
      return session;
    },
    renew: (ctx) => {
      const id = ctx.cookies.get(name) ?? '';
      const session = sessions.get(id);
      if (session === undefined) return;
      sessions.delete(id);
      give(ctx, session);
    },
  };
};

export const rememberAttempt = (session: BrowserSession, attempt: Attempt): void => {
  session.attempts.set(attempt.state, attempt);
  forgetOldest(session.attempts, maximumAttempts);
};

/** An attempt serves once, whatever comes of it. */
export const takeAttempt = (session: BrowserSession, state: string): Attempt | undefined => {
  const attempt = session.attempts.get(state);
  session.attempts.delete(state);
  return attempt;
};
