import type { Context } from 'koa';
import type { Html } from '../html.ts';
import { showPage } from '../layout.ts';

/** @param name what the pages call this identity provider */
export const showIdpPage = (ctx: Context, status: number, name: string, title: string, main: Html): void => {
  showPage(ctx, status, {
    kind: 'Fournisseur d’identité de démonstration',
    site: name,
    siteHref: '/',
    title,
    main,
  });
};
