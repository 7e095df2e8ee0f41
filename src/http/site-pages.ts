import type { Middleware } from 'koa';
import type { LegalPage, PageName } from './pages.ts';
import type { RenderPage } from './render.ts';
import { securityTxt, securityTxtExpiry } from './security-txt.ts';

const legalPages = [
  'accessibilite',
  'donnees-personnelles',
  'mentions-legales',
  'aide',
] as const satisfies readonly PageName[];

export interface SitePagesOptions {
  readonly renderPage: RenderPage;
  readonly issuer: URL;
  readonly basePath: string;
  readonly model: LegalPage;
  readonly clock: () => Date;
}

/** The compulsory pages (domain reference §7) and `/.well-known/security.txt`, at the root and under the base path. */
export const createSitePages = ({
  renderPage,
  issuer,
  basePath,
  model,
  clock,
}: SitePagesOptions): Middleware => {
  const pages = new Map(legalPages.map((name) => [`${basePath}/${name}`, name]));
  const securityPaths = new Set(['/.well-known/security.txt', `${basePath}/.well-known/security.txt`]);
  // RFC 9116 §3: the file stands at the root of the host.
  const canonical = new URL('/.well-known/security.txt', issuer);
  // Contact is mandatory (RFC 9116 §2.5.3): without one configured, the help page stands for it.
  const contact = model.securityContact ?? new URL(`${basePath}/aide`, issuer).href;

  return async function sitePages(ctx, next) {
    const readable = ctx.method === 'GET' || ctx.method === 'HEAD';
    const page = readable ? pages.get(ctx.path) : undefined;
    if (page !== undefined) {
      renderPage(ctx, page, model, { formsStayHere: true });
    } else if (readable && securityPaths.has(ctx.path)) {
      ctx.type = 'text/plain; charset=utf-8';
      ctx.set('Cache-Control', 'public, max-age=86400');
      ctx.body = securityTxt({ contacts: [contact], expires: securityTxtExpiry(clock()), canonical });
    } else {
      await next();
    }
  };
};
