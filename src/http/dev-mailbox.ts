import type { Context, Middleware } from 'koa';
import { BrokerError } from '../errors/errors.ts';
import type { RenderPage } from './render.ts';

interface Kept {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly about: string;
  readonly createdAt: Date;
}

/** Mails of the database, newest first: `createMailbox` of mail/. */
interface KeptMails {
  list(limit: number): Promise<readonly Kept[]>;
  read(id: string): Promise<(Kept & { readonly text: string; readonly html: string }) | undefined>;
}

const shown = 200;

/**
 * `/dev/mailbox`, `/dev/mailbox/:id` and `/dev/mailbox/:id/html`: every mail, for whoever asks. For development without a
 * mail server: compose.ts registers it nowhere else, beside `sitePages` (whole paths).
 */
export const createDevMailbox = (needs: {
  readonly mailbox: KeptMails;
  readonly renderPage: RenderPage;
  readonly basePath: string;
  readonly issuer: URL;
}): Middleware => {
  const { mailbox, renderPage, basePath, issuer } = needs;
  const home = `${basePath}/dev/mailbox`;
  const site = issuer.origin + basePath;

  const list = async (ctx: Context): Promise<void> => {
    const mails = await mailbox.list(shown);
    renderPage(ctx, 'mailbox', {
      mails: mails.map(({ id, to, subject, createdAt }) => ({
        href: `${home}/${id}`,
        to,
        subject,
        createdAt,
      })),
    });
  };

  const one = async (ctx: Context, id: string, asHtml: boolean): Promise<void> => {
    const mail = await mailbox.read(id);
    if (mail === undefined) throw new BrokerError('M-HTTP-002');
    if (asHtml) {
      // Saved, never shown here: nothing of a mail runs, or is styled, as a page of the site.
      ctx.set('Content-Disposition', 'attachment; filename="courriel.html"');
      ctx.set('Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'");
      ctx.set('X-Content-Type-Options', 'nosniff');
      ctx.set('Cache-Control', 'no-store');
      ctx.type = 'text/html; charset=utf-8';
      ctx.body = mail.html;
      return;
    }
    const { subject, to, about, createdAt, text } = mail;
    const links = [...new Set(text.match(/https?:\/\/[^\s<>"]+/gu) ?? [])].filter(
      (link) => link === site || link.startsWith(`${site}/`),
    );
    renderPage(ctx, 'mailbox-mail', {
      subject,
      to,
      about,
      createdAt,
      text,
      links,
      htmlHref: `${home}/${id}/html`,
      backHref: home,
    });
  };

  return async (ctx, next) => {
    const readable = ctx.method === 'GET' || ctx.method === 'HEAD';
    const [path, id, html] = (readable && mailboxPath.exec(ctx.path.slice(basePath.length))) || [];
    if (path === undefined || !ctx.path.startsWith(basePath)) await next();
    else if (id === undefined) await list(ctx);
    else await one(ctx, id, html !== undefined);
  };
};

const mailboxPath = /^\/dev\/mailbox(?:\/([\da-f-]{36})(\/html)?)?$/;
