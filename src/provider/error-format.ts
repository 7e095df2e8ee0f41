import type { Configuration, ErrorOut, KoaContextWithOIDC } from 'oidc-provider';

/** Addresses that people come to. All others are for programs. */
const browsed: readonly string[] = ['/authorize', '/session/end'];

/**
 * Programs get JSON with the status of the RFC, whatever they say that they accept: many HTTP clients prefer HTML
 * without knowing it (RFC 6749 §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 7662 §2.3, RFC 9126 §2.3). People get a page.
 *
 * @param page draws the page of an error
 */
export function errorFormat(
  page: (ctx: KoaContextWithOIDC, out: ErrorOut, error: Error) => Promise<void>,
): NonNullable<Configuration['renderError']> {
  return async (ctx, out, error) => {
    const path = ctx.path.toLowerCase();
    if (browsed.some((start) => path === start || path.startsWith(`${start}/`))) {
      await page(ctx, out, error);
      return;
    }
    ctx.type = 'json';
    ctx.body = out;
  };
}
