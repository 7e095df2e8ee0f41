import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import Koa from 'koa';
import type { Middleware } from 'koa';
import { createHttp } from '../../src/http/http.ts';
import type { Health, Http, HttpLogger, Publisher } from '../../src/http/http.ts';
import type { Sample } from './page-samples.ts';

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info';
  readonly fields: unknown;
}

export interface PageServer {
  readonly origin: string;
  readonly http: Http;
  readonly logs: LogLine[];
  readonly close: () => Promise<void>;
}

export interface PageServerOptions {
  readonly samples?: readonly Sample[];
  readonly basePath?: string;
  readonly publisher?: Publisher;
  /** Answers after the frame; falls through to the samples, `GET <basePath>/page/<name>`. */
  readonly routes?: (http: Http) => Middleware;
  readonly health?: () => Promise<Health>;
  readonly issuerProtocol?: 'http:' | 'https:';
}

const folder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The frame of `http/` on a loopback port, with every sample page under `/page/<name>`. */
export const startPageServer = async (options: PageServerOptions = {}): Promise<PageServer> => {
  const basePath = options.basePath ?? '';
  let handle: (req: IncomingMessage, res: ServerResponse) => unknown = () => undefined;
  const server = createServer((req, res) => void handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;

  const logs: LogLine[] = [];
  const write =
    (level: LogLine['level']) =>
    (fields: unknown): void =>
      void logs.push({ level, fields });
  const logger: HttpLogger = { error: write('error'), warn: write('warn'), info: write('info') };
  const issuer = new URL(origin + basePath);
  if (options.issuerProtocol !== undefined) issuer.protocol = options.issuerProtocol;
  const http = createHttp({
    issuer,
    basePath,
    logger,
    viewsDir: folder('views'),
    localesDir: folder('locales'),
    publisher: options.publisher,
  });

  const byPath = new Map(options.samples?.map((sample) => [`${basePath}/page/${sample.name}`, sample]));
  const app = new Koa();
  const { securityHeaders, errorPages, hostGuard, languageChoice, assets, sitePages } = http;
  for (const step of [securityHeaders, errorPages, hostGuard, languageChoice, assets, sitePages])
    app.use(step);
  app.use(http.health(options.health ?? (async () => ({ database: true, ephemeral: true }))));
  if (options.routes !== undefined) app.use(options.routes(http));
  app.use((ctx) => {
    const sample = byPath.get(ctx.path);
    if (sample !== undefined) http.renderPage(ctx, sample.page, sample.model);
  });
  handle = app.callback();

  return {
    origin,
    http,
    logs,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
