import type { Context } from 'koa';
import { Eta } from 'eta';
import { catalogue } from '../errors/errors.ts';
import type { Assets } from './assets.ts';
import { formatDate, formatInstant } from './dates.ts';
import { errorText } from './error-text.ts';
import type { ErrorValues } from './error-text.ts';
import { frenchSpacing } from './french-spacing.ts';
import { language } from './language.ts';
import type { Language } from './language.ts';
import type { PageName, Pages, Reference } from './pages.ts';
import { safeHref } from './safe-href.ts';
import { askingContentSecurityPolicy, closedContentSecurityPolicy } from './security-headers.ts';
import type { Texts } from './texts.ts';

export interface PageOptions {
  /** 200 when not given. */
  readonly status?: number | undefined;
  /**
   * Where the footer's language link goes. By default the same address with `?lang=`: a page that answers a POST
   * must then also exist by GET at that address. '' shows no link.
   */
  readonly languageHref?: string | undefined;
  /** Adds `form-action 'self'`: only for pages whose forms end here and redirect nowhere else. */
  readonly formsStayHere?: boolean | undefined;
  /** With `formsStayHere`: adds `connect-src 'self'`, for a page that shows, while somebody writes, what we make of it. */
  readonly asksUs?: boolean | undefined;
  /** Adds `form-action` with these sources, and our own: for a page whose form goes to a tool. */
  readonly formsGoTo?: readonly string[] | undefined;
}

export type RenderPage = <K extends PageName>(
  ctx: Context,
  page: K,
  model: Pages[K],
  options?: PageOptions,
) => void;

export interface RendererOptions {
  readonly viewsDir: string;
  readonly basePath: string;
  readonly assets: Assets;
  readonly texts: Readonly<Record<Language, Texts>>;
  readonly demo: boolean;
}

/** The current address with another `lang`; relative, so that a path like `//elsewhere` leads nowhere. */
const languageLink = (ctx: Context, other: Language): string => {
  const query = new URLSearchParams(ctx.querystring);
  query.set('lang', other);
  return `?${query.toString()}`;
};

/** 00000010900009 → 000 000 109 00009 (SIREN, then the establishment). */
const spacedSiret = (siret: string): string =>
  siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})?$/u, (_all, a: string, b: string, c: string, nic?: string) =>
    [a, b, c, nic].filter((part) => part !== undefined).join('\u00a0'),
  );

/**
 * Renders `views/<page>.eta` inside `views/layout.eta`. Templates see the model as `it.m` and these helpers; every
 * `<%= %>` is escaped, every address passes `it.href`.
 */
export const createRenderPage = ({
  viewsDir,
  basePath,
  assets,
  texts,
  demo,
}: RendererOptions): RenderPage => {
  const eta = new Eta({ views: viewsDir, cache: true, autoEscape: true });

  const helpers = (lang: Language) => ({
    lang,
    otherLang: lang === 'fr' ? 'en' : 'fr',
    demo,
    basePath,
    t: texts[lang].text,
    list: texts[lang].list,
    /** A sentence that comes with the model. */
    say: (sentence: string) => (lang === 'fr' ? frenchSpacing(sentence) : sentence),
    /** A label inside a sentence: « Association déclarée » → « association déclarée », « GIP » as it is. */
    inside: (label: string) =>
      /^\p{Lu}\P{Lu}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label,
    /** A label that begins a line: « association déclarée » → « Association déclarée ». */
    beginning: (label: string) => label.charAt(0).toUpperCase() + label.slice(1),
    date: (value: Date | string) => formatDate(value, lang),
    /** In a letter, which is French whatever the language of the page. */
    frenchDate: (value: Date | string) => formatDate(value, 'fr'),
    moment: (value: Date | string) => formatInstant(new Date(value), lang),
    siret: spacedSiret,
    href: safeHref,
    /** A picture that travels in the page: scripts in an SVG that is an image do not run (SVG Integration §3.2). */
    picture: (svg: string) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    asset: assets.href,
    /** Text of the catalogue for a refusal. */
    refusalText: (reference: Reference, values: ErrorValues) =>
      errorText(catalogue[reference.code], lang, texts[lang], values),
  });
  const byLanguage = { fr: helpers('fr'), en: helpers('en') };

  return (ctx, page, model, options = {}) => {
    const lang = language(ctx);
    const shared = byLanguage[lang];
    const html = eta.render(page, {
      ...shared,
      m: model,
      languageHref: options.languageHref ?? languageLink(ctx, shared.otherLang === 'en' ? 'en' : 'fr'),
    });
    if (options.formsStayHere === true) {
      const policy = options.asksUs === true ? askingContentSecurityPolicy : closedContentSecurityPolicy;
      ctx.set('Content-Security-Policy', policy);
    }
    if (options.formsGoTo !== undefined) {
      ctx.set('Content-Security-Policy', [closedContentSecurityPolicy, ...options.formsGoTo].join(' '));
    }
    ctx.set('Cache-Control', 'no-store');
    ctx.status = options.status ?? 200;
    ctx.type = 'html';
    ctx.body = html;
  };
};
