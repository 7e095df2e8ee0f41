/**
 * demo/tools/: three invented tools, docs, tchap and visio, in one server; never started in production.
 *
 * What they do: sign people in through the broker with real OpenID Connect (openid-client 6: PKCE, state, nonce, iss,
 * signatures verified), show in plain French what they received and what was decided, and the same at
 * `/<id>/session.json`. They know no other room: they are what a developer of a real tool would write.
 *
 * Flow: GET /<id>/login → broker → GET /<id>/callback → GET /<id>/ · POST /<id>/refresh · POST /<id>/logout → broker →
 * GET /<id>/logout-callback. `/login` passes on `prompt`, `login_hint`, `max_age`, `acr` (essential) and a few hints.
 *
 * May import: demo/ only.
 */
import Koa from 'koa';
import type { Context } from 'koa';
import { serveStylesheet, setDemoHeaders, showPage } from '../layout.ts';
import { listen } from '../listen.ts';
import { demoToolDefinitions } from './definitions.ts';
import type { DemoToolDefinition } from './definitions.ts';
import { problemPage, toolListPage } from './pages.ts';
import { createToolRoutes } from './tool-routes.ts';
import type { ToolRoutes } from './tool-routes.ts';

export type { DemoToolDefinition };
export { demoToolDefinitions };

export interface DemoToolsOptions {
  /** 0: any free port. */
  readonly port: number;
  /** `localhost` (default) serves on 127.0.0.1 and ::1. */
  readonly host?: '127.0.0.1' | 'localhost';
  /** Issuer of the broker. It need not answer yet: discovery is done at the first sign-in. */
  readonly issuer: string;
  /** Default: docs, tchap and visio. */
  readonly tools?: readonly DemoToolDefinition[];
}

export interface DemoTools {
  /** `http://localhost:<port>`, which redirect URIs start with. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const site = { kind: 'Outil de démonstration', site: 'Outils de démonstration', siteHref: '/' } as const;

const showProblem = (ctx: Context, status: number, title: string, sentence: string): void => {
  showPage(ctx, status, { ...site, title, main: problemPage(title, sentence, '/') });
};

const findRoute = (routes: ToolRoutes, ctx: Context, rest: string) => {
  const methods = ['GET', 'POST'].filter((method) => routes[`${method} ${rest}`] !== undefined);
  return { route: routes[`${ctx.method === 'HEAD' ? 'GET' : ctx.method} ${rest}`], methods };
};

const buildApp = (tools: readonly DemoToolDefinition[], issuer: string, origin: string): Koa => {
  const byTool = new Map(tools.map((tool) => [tool.id, createToolRoutes(tool, issuer, origin)]));
  const app = new Koa();
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      app.emit('error', error, ctx);
      showProblem(ctx, 500, 'Problème', 'Cet outil a rencontré un problème. Réessayez.');
    }
  });
  app.use(async (ctx) => {
    setDemoHeaders(ctx);
    if (serveStylesheet(ctx)) return;
    if (ctx.path === '/') {
      showPage(ctx, 200, { ...site, title: 'Accueil', main: toolListPage(tools) });
      return;
    }
    const [, id = '', rest = ''] = /^\/([\w-]+)(\/.*)?$/.exec(ctx.path) ?? [];
    const routes = byTool.get(id);
    const { route, methods } = routes === undefined ? { methods: [] } : findRoute(routes, ctx, rest);
    if (route !== undefined) await route(ctx);
    else if (methods.length === 0) showProblem(ctx, 404, 'Page introuvable', 'Cette page n’existe pas.');
    else {
      ctx.set('Allow', methods.join(', '));
      showProblem(ctx, 405, 'Action impossible ainsi', 'Utilisez le bouton de la page de l’outil.');
    }
  });
  return app;
};

/** Rejects with Node's error (`code: 'EADDRINUSE'`, `port`) when the port is taken. */
export const startDemoTools = async (options: DemoToolsOptions): Promise<DemoTools> => {
  const ready = Promise.withResolvers<ReturnType<Koa['callback']>>();
  // The port is taken first: with port 0, the redirect URIs depend on it.
  const server = await listen(
    (request, response) => void ready.promise.then((handle) => handle(request, response)),
    options.host ?? 'localhost',
    options.port,
  );
  const url = `http://localhost:${server.port}`;
  ready.resolve(buildApp(options.tools ?? demoToolDefinitions, options.issuer, url).callback());
  return { url, close: server.close };
};
