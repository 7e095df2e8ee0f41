import { expect } from 'vitest';
import { tokens, visibleText } from '../../support/html-page.ts';

interface SeenPage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly url?: string;
}

/** The code that an error page shows, with the id that the log bears too: « M-OIDC-002 · 7F3A-91C2 ». */
export function shownCode(page: SeenPage): string | undefined {
  return /\b(M-[A-Z]+-\d{3})\b[^\w]+[0-9A-F]{4}-[0-9A-F]{4}/.exec(visibleText(page.body))?.[1];
}

/** A page of ours that ends here: 4xx or 5xx, HTML, a code with an id, and no way for the browser to go on by itself. */
export function expectRefusalPage(
  page: SeenPage,
  wanted: { readonly status?: number; readonly code: string | RegExp },
): void {
  expect(shownCode(page), visibleText(page.body)).toMatch(wanted.code);
  if (wanted.status !== undefined) expect(page.status).toBe(wanted.status);
  expect(page.status).toBeGreaterThanOrEqual(400);
  expect(page.headers['location']).toBeUndefined();
  expect(page.headers['refresh']).toBeUndefined();
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.body).not.toMatch(/http-equiv="?refresh/i);
}

/**
 * Addresses on the page (links, forms, pictures, scripts) that lead elsewhere than to this site, a mail or a telephone.
 *
 * @param known declared addresses that a page may lead back to: the home of a tool
 */
export function addressesOutside(
  page: SeenPage & { readonly url: string },
  known: readonly string[] = [],
): readonly string[] {
  const origins = [page.url, ...known].map((address) => new URL(address).origin);
  const written = tokens(page.body).flatMap((token) =>
    typeof token === 'string'
      ? []
      : ['href', 'src', 'action', 'formaction', 'data'].map((name) => token.attributes[name]),
  );
  return written.filter((address): address is string => {
    if (address === undefined) return false;
    const url = URL.parse(address, page.url);
    return (
      url === null || (!origins.includes(url.origin) && url.protocol !== 'mailto:' && url.protocol !== 'tel:')
    );
  });
}
