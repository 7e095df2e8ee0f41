import type { Context } from 'koa';
import { html, renderHtml } from './html.ts';
import type { Html } from './html.ts';
import { stylesheet } from './style.ts';

export interface DemoPage {
  /** What the page is, for the title of the tab. */
  readonly title: string;
  /** Name of the site, in the header and after the title. */
  readonly site: string;
  readonly siteHref: string;
  /** Said above the name, so that nobody takes the demo for the broker. */
  readonly kind: 'Outil de démonstration' | 'Fournisseur d’identité de démonstration';
  readonly main: Html;
}

const document = (page: DemoPage): Html =>
  html`<!doctype html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title} – ${page.site}</title>
        <link rel="stylesheet" href="/demo.css" />
        <link rel="icon" href="data:," />
      </head>
      <body class="${page.kind === 'Outil de démonstration' ? 'tool' : 'idp'}">
        <a class="skip" href="#contenu">Aller au contenu</a>
        <header>
          ${page.kind !== page.site && html`<p class="kind">${page.kind}</p>`}
          <p class="site"><a href="${page.siteHref}">${page.site}</a></p>
        </header>
        <main id="contenu">${page.main}</main>
        <footer>
          <p>Site d’essai : les personnes et les associations sont inventées, rien n’est conservé.</p>
        </footer>
      </body>
    </html>`;

/** Answers an HTML page. No `form-action` in the policy: browsers apply it to the whole redirect chain after a form. */
export const showPage = (ctx: Context, status: number, page: DemoPage): void => {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = renderHtml(document(page));
};

export const setDemoHeaders = (ctx: Context): void => {
  ctx.set({
    'Content-Security-Policy':
      "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
};

/** Answers `/demo.css`; false when the request is for something else. */
export const serveStylesheet = (ctx: Context): boolean => {
  if (ctx.path !== '/demo.css') return false;
  ctx.type = 'css';
  ctx.set('Cache-Control', 'public, max-age=300');
  ctx.body = stylesheet;
  return true;
};
