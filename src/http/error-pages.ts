import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { BrokerError } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { formatDuration } from './duration.ts';
import { errorText } from './error-text.ts';
import type { ErrorValues, FilledText } from './error-text.ts';
import { toBrokerError } from './foreign-errors.ts';
import { language } from './language.ts';
import type { Language } from './language.ts';
import type { AwayShown, ErrorWay } from './error-page.ts';
import type { Reference } from './pages.ts';
import type { RenderPage } from './render.ts';
import type { Texts } from './texts.ts';

export type HttpLogger = Pick<Logger, 'error' | 'warn' | 'info'>;

/** What is known where the error is shown; each is optional. Values of the error itself win. */
export interface ErrorPageOptions {
  /** The way back to the tool, and its words (« Revenir à Docs » when only `service` is known). */
  readonly backHref?: string | undefined;
  readonly backLabel?: string | undefined;
  readonly backPost?: boolean | undefined;
  readonly service?: string | undefined;
  readonly idp?: string | undefined;
  readonly email?: string | undefined;
  readonly domain?: string | undefined;
  /** « votre association ». */
  readonly organization?: string | undefined;
  /** Help desk of the identity provider. */
  readonly supportHref?: string | undefined;
  readonly supportName?: string | undefined;
  /** Where to sign in as somebody else, when that is the way on. */
  readonly otherAccountHref?: string | undefined;
  /** An identity provider does not answer: what can be done instead. */
  readonly away?: AwayShown | undefined;
  /** Where to go on here. */
  readonly ways?: readonly ErrorWay[] | undefined;
  /** Code of a protocol error that has none of its own: M-OIDC-003, or M-OIDC-005 during logout. */
  readonly fallback?: ErrorCode | undefined;
}

/** Answers with the page (or the JSON) of an error, logs it, and returns the reference that both bear. */
export type ShowError = (ctx: Context, error: unknown, options?: ErrorPageOptions) => Reference;

export interface ErrorPagesOptions {
  readonly renderPage: RenderPage;
  readonly texts: Readonly<Record<Language, Texts>>;
  readonly logger: HttpLogger;
  readonly newId: () => string;
}

/** Answers to a POST and callbacks cannot be asked for again in another language: a code is redeemed once. */
const repeatable = (ctx: Context): boolean =>
  (ctx.method === 'GET' || ctx.method === 'HEAD') &&
  !/(?:^|&)(?:code|error|response)=/u.test(ctx.querystring);

/** RFC 6749 §5.2 allows only these characters in error_description. */
const descriptionOf = (text: string): string =>
  text.replace(/["“”«»]/gu, "'").replace(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/gu, '?');

/** What comes from the request may be long: a log line keeps what tells it from another. */
const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);

const log = (logger: HttpLogger, ctx: Context, error: BrokerError, reference: Reference): void => {
  const { status } = error.entry;
  const level = status >= 500 ? 'error' : status === 404 ? 'info' : 'warn';
  // The path without its query: codes, states and addresses travel there.
  logger[level](
    {
      errorId: reference.id,
      code: error.code,
      status,
      method: ctx.method,
      path: short(ctx.path),
      detail: short(error.detail ?? ''),
      err: error.cause,
    },
    `${error.code} ${reference.id}`,
  );
};

export const createShowError = ({ renderPage, texts, logger, newId }: ErrorPagesOptions): ShowError =>
  function showError(ctx, thrown, options = {}) {
    const error = toBrokerError(thrown, options.fallback);
    const reference: Reference = { code: error.code, id: newId() };
    log(logger, ctx, error, reference);
    const { service, idp, email, domain, organization } = options;
    const { entry, retryAfterSeconds } = error;
    const said: ErrorValues = { service, idp, email, domain, organization, ...error.values };
    const textIn = (lang: Language): FilledText =>
      errorText(entry, lang, texts[lang], {
        ...said,
        wait: retryAfterSeconds === undefined ? undefined : formatDuration(retryAfterSeconds, lang),
      });
    if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
    if (ctx.accepts('json', 'html') !== 'html') {
      ctx.status = entry.status;
      ctx.set('Cache-Control', 'no-store');
      ctx.body = {
        error: entry.oauthError,
        error_description: descriptionOf(textIn('en').why),
        code: reference.code,
        id: reference.id,
      };
      return reference;
    }

    const lang = language(ctx);
    const otherLang = lang === 'fr' ? 'en' : 'fr';
    const again = repeatable(ctx);
    renderPage(
      ctx,
      'error',
      {
        ...textIn(lang),
        reference,
        service: said.service,
        ...(options.backHref === undefined
          ? {}
          : { back: { href: options.backHref, label: options.backLabel, post: options.backPost } }),
        ...(options.supportHref === undefined
          ? {}
          : { support: { href: options.supportHref, name: options.supportName ?? options.supportHref } }),
        otherAccountHref: options.otherAccountHref,
        away: options.away,
        ways: options.ways,
        ...(again ? {} : { other: { lang: otherLang, ...textIn(otherLang) } }),
      },
      { status: entry.status, languageHref: again ? undefined : '#other-language' },
    );
    return reference;
  };

/** The outermost net: whatever is thrown becomes a page with a code and an id; nothing found becomes M-HTTP-002. */
export const createErrorPages = (options: ErrorPagesOptions, showError: ShowError): Middleware => {
  const { logger, newId } = options;
  return async function errorPages(ctx, next) {
    try {
      await next();
      const unanswered = ctx.status === 404 && (ctx.body === undefined || ctx.body === null);
      if (unanswered && ctx.respond !== false && !ctx.headerSent) throw new BrokerError('M-HTTP-002');
    } catch (thrown) {
      if (ctx.headerSent) {
        logger.error({ err: thrown, path: ctx.path }, 'failed after the answer had started');
        ctx.res.destroy();
        return;
      }
      try {
        showError(ctx, thrown);
      } catch (broken) {
        // The page itself cannot be made: a line of text still carries the reference.
        const id = newId();
        logger.error({ errorId: id, code: 'M-HTTP-001', err: broken, cause: thrown }, `M-HTTP-001 ${id}`);
        ctx.status = 500;
        ctx.type = 'text';
        ctx.body = `M-HTTP-001 ${id}\n`;
      }
    }
  };
};
