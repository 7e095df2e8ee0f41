import type { Context, Middleware } from 'koa';

export type Language = 'fr' | 'en';

export const languages: readonly Language[] = ['fr', 'en'];

const isLanguage = (value: unknown): value is Language => value === 'fr' || value === 'en';

/** 180 days: an explicit choice of the person, exempt from consent (CNIL, deliberation 2020-091 of 17 September 2020). */
const choiceLifetimeMs = 180 * 24 * 3600 * 1000;

const callerLocales = new WeakMap<Context['req'], string>();

/** Tells `language()` the `ui_locales` that the relying party asked for (OpenID Connect Core §3.1.2.1). */
export const preferLocales = (ctx: Context, uiLocales: string | undefined): void => {
  if (uiLocales !== undefined) callerLocales.set(ctx.req, uiLocales);
};

const chosenInUrl = (ctx: Context): Language | undefined => {
  if (!ctx.querystring.includes('lang=')) return undefined;
  const value = new URLSearchParams(ctx.querystring).getAll('lang');
  return value.length === 1 && isLanguage(value[0]) ? value[0] : undefined;
};

/** First of ui_locales that we speak: `fr-CA en` gives fr. Anything else is ignored, as the specification asks. */
const firstSpoken = (uiLocales: string): Language | undefined =>
  uiLocales
    .split(' ')
    .map((tag) => tag.toLowerCase().split('-')[0])
    .find(isLanguage);

/** The person's choice (`?lang=`, then the cookie), else what the relying party asked for, else French. */
export const language = (ctx: Context): Language => {
  const inUrl = chosenInUrl(ctx);
  if (inUrl !== undefined) return inUrl;
  const cookie = ctx.cookies.get('lang', { signed: false });
  if (isLanguage(cookie)) return cookie;
  const asked = callerLocales.get(ctx.req);
  return (asked === undefined ? undefined : firstSpoken(asked)) ?? 'fr';
};

/** Keeps the choice made by `?lang=fr|en`. */
export const createLanguageChoice = (basePath: string, secure: boolean): Middleware =>
  async function languageChoice(ctx, next) {
    const chosen = ctx.method === 'GET' ? chosenInUrl(ctx) : undefined;
    if (chosen !== undefined) {
      ctx.cookies.set('lang', chosen, {
        signed: false,
        httpOnly: true,
        sameSite: 'lax',
        secure,
        path: basePath === '' ? '/' : basePath,
        maxAge: choiceLifetimeMs,
        overwrite: true,
      });
    }
    await next();
  };
