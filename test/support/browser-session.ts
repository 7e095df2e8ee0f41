/**
 * A browser without script, for journeys over HTTP: cookies with the rules of browsers (paths, `Secure` on loopback,
 * `SameSite` with Lax as the default, ports ignored), redirects followed across servers, forms filled as a person would.
 *
 * Flow: `get` types an address; `click` and `submitForm` leave from a page, which makes them same-site or cross-site
 * (cookies, `Origin`, `Sec-Fetch-Site`). Every page visited is in `history`.
 */
import { CookieJar, getPublicSuffix } from 'tough-cookie';
import { Agent, request } from 'undici';
import { fillForm, formsOf } from './html-form.ts';
import { immediateRefresh, linksOf, visibleText } from './html-page.ts';
import type { HtmlLink } from './html-page.ts';

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** Where the answer sends to, absolute, when it is a redirect that was not followed. */
  readonly location: string | undefined;
}

export interface VisitOptions {
  /** `manual`: stop at the first answer. A function: stop before this address is asked. Default `follow`. */
  readonly redirects?: 'follow' | 'manual' | ((url: URL) => boolean);
  readonly headers?: Readonly<Record<string, string>>;
  /** The page the request leaves from; `undefined` for an address typed by hand. Default of `post`: the same origin. */
  readonly initiator?: string;
}

export interface FormOptions extends VisitOptions {
  /** Which form, when there are several: part of its action, or its rank from 0. Default: the one that has the fields. */
  readonly form?: string | number;
}

export interface Browser {
  readonly get: (url: string, options?: VisitOptions) => Promise<Page>;
  readonly post: (
    url: string,
    fields: Readonly<Record<string, string>>,
    options?: VisitOptions,
  ) => Promise<Page>;
  /** Follows the redirect that a page kept with `redirects: 'manual'` holds. */
  readonly follow: (page: Page, options?: VisitOptions) => Promise<Page>;
  /** Opens the first link whose text contains this. */
  readonly click: (page: Page, linkText: string, options?: VisitOptions) => Promise<Page>;
  readonly submitForm: (
    page: Page,
    fields?: Readonly<Record<string, string>>,
    options?: FormOptions,
  ) => Promise<Page>;
  readonly links: (page: Page) => readonly HtmlLink[];
  readonly text: (page: Page) => string;
  /** `name=value` of the cookies a typed visit to this address would send. */
  readonly cookies: (url: string) => Promise<readonly string[]>;
  readonly jar: CookieJar;
  /** Every address asked, redirects included, oldest first. */
  readonly history: readonly string[];
  readonly close: () => Promise<void>;
}

const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];
const maximumHops = 25;

/** Site of an address: scheme and registrable domain, whatever the port (RFC 6265bis §5.2). */
const siteOf = (url: URL): string =>
  `${url.protocol}//${getPublicSuffix(url.hostname, { allowSpecialUseDomain: true, ignoreError: true }) ?? url.hostname}`;

type Relation = 'none' | 'same-origin' | 'same-site' | 'cross-site';
const distance: readonly Relation[] = ['none', 'same-origin', 'same-site', 'cross-site'];

const relationOf = (initiator: URL | undefined, target: URL): Relation => {
  if (initiator === undefined) return 'none';
  if (initiator.origin === target.origin) return 'same-origin';
  return siteOf(initiator) === siteOf(target) ? 'same-site' : 'cross-site';
};

/** A chain of redirects keeps its worst relation (Fetch Metadata §2.3). */
const worst = (a: Relation, b: Relation): Relation => (distance.indexOf(a) > distance.indexOf(b) ? a : b);

const headerText = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

interface Hop {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly body: string | undefined;
  readonly relation: Relation;
}

export const createBrowser = (): Browser => {
  const jar = new CookieJar(undefined, { rejectPublicSuffixes: false, allowSecureOnLocal: true });
  const agent = new Agent({ connections: 8 });
  const history: string[] = [];

  const cookiesFor = async (url: URL, method: string, crossSite: boolean): Promise<readonly string[]> => {
    const context = !crossSite ? 'strict' : method === 'GET' ? 'lax' : 'none';
    const found = await jar.getCookies(url.href, { sameSiteContext: context });
    // Without the attribute, browsers apply Lax (RFC 6265bis §5.6.7.1): not sent with a cross-site POST.
    return found
      .filter((cookie) => context !== 'none' || cookie.sameSite === 'none')
      .map((cookie) => cookie.cookieString());
  };

  const ask = async (hop: Hop, origin: string | undefined, extra: VisitOptions['headers']): Promise<Page> => {
    history.push(hop.url.href);
    const cookies = await cookiesFor(hop.url, hop.method, hop.relation === 'cross-site');
    const answer = await request(hop.url, {
      dispatcher: agent,
      method: hop.method,
      body: hop.body ?? null,
      headers: {
        accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        'accept-language': 'fr',
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-site': hop.relation,
        ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
        ...(hop.body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(hop.method === 'POST' && origin !== undefined && { origin }),
        ...extra,
      },
    });
    for (const cookie of [answer.headers['set-cookie'] ?? []].flat()) {
      await jar.setCookie(cookie, hop.url.href, { ignoreError: true });
    }
    const location = headerText(answer.headers['location']);
    const redirected = redirectStatuses.includes(answer.statusCode) && location !== undefined;
    return {
      url: hop.url.href,
      status: answer.statusCode,
      headers: answer.headers,
      body: await answer.body.text(),
      location: redirected ? new URL(location, hop.url).href : undefined,
    };
  };

  const visit = async (
    method: 'GET' | 'POST',
    address: string,
    body: string | undefined,
    options: VisitOptions,
  ): Promise<Page> => {
    const initiator = options.initiator === undefined ? undefined : new URL(options.initiator);
    const start = new URL(address);
    let hop: Hop = { url: start, method, body, relation: relationOf(initiator, start) };
    let origin = initiator?.origin;
    for (let count = 0; count < maximumHops; count += 1) {
      const page = await ask(hop, origin, options.headers);
      const refresh = page.location === undefined ? immediateRefresh(page.body, page.url) : undefined;
      const next = page.location ?? refresh;
      if (next === undefined || options.redirects === 'manual') return page;
      const url = new URL(next);
      if (typeof options.redirects === 'function' && options.redirects(url))
        return { ...page, location: url.href };
      const keeps = (page.status === 307 || page.status === 308) && refresh === undefined;
      if (keeps && url.origin !== hop.url.origin) origin = 'null';
      hop = {
        url,
        method: keeps ? hop.method : 'GET',
        body: keeps ? hop.body : undefined,
        relation: worst(hop.relation, relationOf(initiator, url)),
      };
    }
    throw new Error(`more than ${maximumHops} redirects: ${history.slice(-maximumHops).join(' → ')}`);
  };

  const formOf = (
    page: Page,
    fields: Readonly<Record<string, string>>,
    which: string | number | undefined,
  ) => {
    const forms = formsOf(page.body, page.url);
    const names = Object.keys(fields);
    const found =
      typeof which === 'number'
        ? forms[which]
        : typeof which === 'string'
          ? forms.find((form) => form.action.includes(which))
          : (forms.find((form) =>
              names.every(
                (name) => form.fields.has(name) || form.choices.some((choice) => choice.name === name),
              ),
            ) ?? forms[0]);
    if (found === undefined)
      throw new Error(`no such form on ${page.url} (${page.status}): ${visibleText(page.body)}`);
    return found;
  };

  return {
    get: (url, options = {}) => visit('GET', url, undefined, options),
    post: (url, fields, options = {}) =>
      visit('POST', url, new URLSearchParams(fields).toString(), {
        initiator: new URL(url).origin,
        ...options,
      }),
    follow: async (page, options = {}) => {
      if (page.location === undefined) throw new Error(`no redirect on ${page.url} (${page.status})`);
      return visit('GET', page.location, undefined, { initiator: page.url, ...options });
    },
    click: async (page, linkText, options = {}) => {
      const link = linksOf(page.body, page.url).find((one) => one.text.includes(linkText));
      if (link === undefined)
        throw new Error(`no link « ${linkText} » on ${page.url}: ${visibleText(page.body)}`);
      return visit('GET', link.href, undefined, { initiator: page.url, ...options });
    },
    submitForm: async (page, fields = {}, { form, ...options } = {}) => {
      const { url, method, body } = fillForm(formOf(page, fields, form), fields);
      const content = method === 'POST' ? body.toString() : undefined;
      return visit(method, url, content, { initiator: page.url, ...options });
    },
    links: (page) => linksOf(page.body, page.url),
    text: (page) => visibleText(page.body),
    cookies: (url) => cookiesFor(new URL(url), 'GET', false),
    jar,
    history,
    close: () => agent.close(),
  };
};
