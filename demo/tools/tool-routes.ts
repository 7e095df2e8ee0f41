import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import { showPage } from '../layout.ts';
import { toBrokerError } from './broker-error.ts';
import type { BrokerError } from './broker-error.ts';
import { createBrowserSessions, rememberAttempt, takeAttempt } from './browser-sessions.ts';
import type { BrowserSession } from './browser-sessions.ts';
import type { DemoToolDefinition } from './definitions.ts';
import { problemPage, toolPage } from './pages.ts';
import { createRelyingParty, signInWishes } from './relying-party.ts';
import { sessionJson } from './session-json.ts';

export type Route = (ctx: Context) => Promise<void>;

/** By method and path after `/<id>`: `GET /callback`. */
export type ToolRoutes = Readonly<Record<string, Route>>;

const redirect = (ctx: Context, location: string): void => {
  ctx.status = 303;
  ctx.redirect(location);
};

/** Keeps what the broker or the network answered; throws what is a mistake of ours. */
const keepError = (session: BrowserSession, failure: unknown): BrokerError => {
  const error = toBrokerError(failure);
  if (error === undefined) throw failure;
  session.error = error;
  return error;
};

export const createToolRoutes = (tool: DemoToolDefinition, issuer: string, origin: string): ToolRoutes => {
  const home = `/${tool.id}/`;
  const sessions = createBrowserSessions(tool.id);
  const relyingParty = createRelyingParty(tool, issuer, `${origin}/${tool.id}`);

  const problem = (ctx: Context, title: string, sentence: string): void => {
    const main = problemPage(title, sentence, home);
    showPage(ctx, 400, { kind: 'Outil de démonstration', site: tool.name, siteHref: home, title, main });
  };

  const showHome: Route = async (ctx) => {
    const session = sessions.find(ctx);
    const title = session?.signedIn === undefined ? 'Accueil' : 'Vous êtes connecté';
    const main = toolPage(tool, session);
    if (session !== undefined) session.signedOut = false;
    showPage(ctx, 200, { kind: 'Outil de démonstration', site: tool.name, siteHref: home, title, main });
  };

  const signIn: Route = async (ctx) => {
    const wishes = signInWishes.safeParse({ ...ctx.query });
    if (!wishes.success) {
      problem(ctx, 'Adresse incorrecte', 'L’adresse contient un réglage que cet outil ne connaît pas.');
      return;
    }
    const session = sessions.open(ctx);
    session.error = undefined;
    try {
      const { url, attempt } = await relyingParty.start(wishes.data);
      rememberAttempt(session, attempt);
      redirect(ctx, url.href);
    } catch (failure) {
      keepError(session, failure);
      redirect(ctx, home);
    }
  };

  const callback: Route = async (ctx) => {
    const session = sessions.find(ctx);
    const { state } = ctx.query;
    const attempt = session !== undefined && typeof state === 'string' && takeAttempt(session, state);
    if (session === undefined || attempt === false || attempt === undefined) {
      problem(
        ctx,
        'Connexion à recommencer',
        'Cette réponse ne correspond à aucune demande en cours dans ce navigateur.',
      );
      return;
    }
    session.error = undefined;
    try {
      session.signedIn = await relyingParty.finish(ctx.querystring, attempt);
      sessions.renew(ctx);
    } catch (failure) {
      // Like the suite's tools: an error answer also closes what was open.
      session.signedIn = undefined;
      keepError(session, failure);
    }
    redirect(ctx, home);
  };

  const refresh: Route = async (ctx) => {
    const session = sessions.find(ctx);
    if (session?.signedIn !== undefined) {
      session.error = undefined;
      try {
        session.signedIn = await relyingParty.refresh(session.signedIn);
      } catch (failure) {
        const { from } = keepError(session, failure);
        // A broker that is down takes nothing away; a broker that says no takes the access away.
        if (from !== 'unreachable') session.signedIn = undefined;
      }
    }
    redirect(ctx, home);
  };

  const signOut: Route = async (ctx) => {
    const session = sessions.find(ctx);
    if (session?.signedIn === undefined) {
      redirect(ctx, home);
      return;
    }
    const { signedIn } = session;
    session.signedIn = undefined;
    session.error = undefined;
    const state = randomBytes(24).toString('base64url');
    try {
      const url = await relyingParty.signOutUrl(signedIn, state);
      session.signingOut = url === undefined ? undefined : state;
      session.signedOut = url === undefined;
      redirect(ctx, url?.href ?? home);
    } catch (failure) {
      keepError(session, failure);
      redirect(ctx, home);
    }
  };

  const signOutCallback: Route = async (ctx) => {
    const session = sessions.find(ctx);
    if (session?.signingOut !== undefined && session.signingOut === ctx.query['state']) {
      session.signingOut = undefined;
      session.signedOut = true;
    }
    redirect(ctx, home);
  };

  const showJson: Route = async (ctx) => {
    const answer = sessionJson(tool.id, issuer, sessions.find(ctx));
    ctx.status = answer.status;
    ctx.body = answer.body;
  };

  return {
    'GET ': async (ctx) => redirect(ctx, home),
    'GET /': showHome,
    'GET /login': signIn,
    'GET /callback': callback,
    'POST /refresh': refresh,
    'POST /logout': signOut,
    'GET /logout-callback': signOutCallback,
    'GET /session.json': showJson,
  };
};
