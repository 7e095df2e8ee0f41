/**
 * demo/identity-provider/: an invented identity provider, never started in production.
 *
 * What it does: a real OpenID Provider (oidc-provider 9, everything in memory, ES256 keys made at each start) whose
 * sign-in page is the list of the demo people. No password. `login_hint` puts the person announced first.
 *
 * Flow: GET /authorize → GET /interaction/:uid (the list) → POST (a person, or « Annuler ») → redirect with the code or
 * `access_denied` → POST /token, GET /userinfo. GET /session/end signs out.
 *
 * May import: demo/ only.
 */
import type { Context } from 'koa';
import Provider, { errors } from 'oidc-provider';
import { html } from '../html.ts';
import { serveStylesheet, setDemoHeaders } from '../layout.ts';
import { listen } from '../listen.ts';
import type { DemoPerson } from '../people.ts';
import { demoIdpConfiguration } from './configuration.ts';
import type { DemoIdpClient } from './configuration.ts';
import { showIdpPage } from './idp-page.ts';
import { handleSignIn } from './sign-in.ts';
import { signOutAndReturn } from './sign-out.ts';

export type { DemoIdpClient };

export interface DemoIdpOptions {
  /** 0: any free port. */
  readonly port: number;
  /** `localhost` (default) serves on 127.0.0.1 and ::1. */
  readonly host?: '127.0.0.1' | 'localhost';
  /** Default: `http://localhost:<port>`. */
  readonly issuer?: string;
  readonly clients: readonly DemoIdpClient[];
  readonly people: readonly DemoPerson[];
  /** What the pages call this identity provider. */
  readonly name: string;
}

export interface DemoIdp {
  /** The issuer. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const absent = 'Cette page n’existe pas.';
const broken = 'Ce site a rencontré un problème. Revenez au service et recommencez.';
const expired = 'La connexion a expiré ou a commencé ailleurs. Revenez au service et recommencez.';

const showHome = (ctx: Context, name: string): void => {
  const main = html`<h1>${name}</h1>
    <p>
      Ce site invente des personnes pour essayer Maillon. Il n’y a rien à faire ici : commencez par un outil.
    </p>`;
  showIdpPage(ctx, 200, name, 'Accueil', main);
};

const showProblem = (ctx: Context, name: string, status: number, sentence: string): void => {
  const main = html`<h1>Cette page ne peut pas s’afficher</h1>
    <p>${sentence}</p>`;
  showIdpPage(ctx, status, name, 'Problème', main);
};

/** With nobody signed in, the library answers a logout request with a form that submits itself: go back directly. */
const finishSignOut = async (ctx: Context, provider: Provider): Promise<void> => {
  const oidc: unknown = ctx['oidc'];
  if (!(oidc instanceof provider.OIDCContext) || oidc.route !== 'end_session' || ctx.status !== 200) return;
  if (oidc.session?.accountId === undefined) await signOutAndReturn(ctx, oidc);
};

const buildProvider = async (issuer: string, options: DemoIdpOptions): Promise<Provider> => {
  const provider = new Provider(issuer, await demoIdpConfiguration(options));
  // The library takes absolute URLs from the Host header; ours come from the issuer.
  provider.OIDCContext.prototype.urlFor = function urlFor(name, values) {
    return this.provider.urlFor(name, values);
  };
  const { name, people } = options;
  provider.use(async (ctx, next) => {
    setDemoHeaders(ctx);
    try {
      if (serveStylesheet(ctx)) return;
      if (ctx.path === '/') {
        showHome(ctx, name);
      } else if (/^\/interaction\/[\w-]+$/.test(ctx.path)) {
        await handleSignIn(ctx, { provider, people, name });
      } else {
        await next();
        await finishSignOut(ctx, provider);
        if (ctx.status === 404 && ctx.body === undefined) showProblem(ctx, name, 404, absent);
      }
    } catch (error) {
      const expected = error instanceof errors.OIDCProviderError;
      if (!expected) provider.emit('error', error, ctx);
      showProblem(ctx, name, expected ? 400 : 500, expected ? expired : broken);
    }
  });
  return provider;
};

/** Rejects with Node's error (`code: 'EADDRINUSE'`, `port`) when the port is taken. */
export const startDemoIdp = async (options: DemoIdpOptions): Promise<DemoIdp> => {
  const ready = Promise.withResolvers<ReturnType<Provider['callback']>>();
  // The port is taken first: with port 0, the issuer depends on it.
  const server = await listen(
    (request, response) => void ready.promise.then((handle) => handle(request, response)),
    options.host ?? 'localhost',
    options.port,
  );
  const url = options.issuer ?? `http://localhost:${server.port}`;
  try {
    ready.resolve((await buildProvider(url, options)).callback());
  } catch (error) {
    await server.close();
    throw error;
  }
  return { url, close: server.close };
};
