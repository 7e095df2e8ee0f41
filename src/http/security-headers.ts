import type { Middleware } from 'koa';

/**
 * No `form-action`: Chrome applies it to the whole redirect chain after a form is posted, which in a login ends at
 * the tool or at the identity provider (w3c/webappsec-csp#8). Pages that post only to ourselves add it.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "script-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The policy of a page whose forms, if any, go nowhere but here. */
export const closedContentSecurityPolicy = `${contentSecurityPolicy}; form-action 'self'`;

/** The same for a page whose own script asks us, and nobody else, for what it shows meanwhile. */
export const askingContentSecurityPolicy = `${closedContentSecurityPolicy}; connect-src 'self'`;

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The header set of every answer.
 *
 * Over plain http outside the machine itself (a test network), browsers send no Sec-Fetch-Site, and `no-referrer`
 * would turn the Origin of our own forms into `null` (Fetch §3.2, "append a request Origin header"): there, and only
 * there, the referrer is kept for our own origin.
 */
export const headersFor = (issuer: URL): Readonly<Record<string, string>> => {
  const https = issuer.protocol === 'https:';
  return {
    'Content-Security-Policy': contentSecurityPolicy,
    'Referrer-Policy': https || loopback.has(issuer.hostname) ? 'no-referrer' : 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    ...(https ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
};

/**
 * Set before the handlers run: the library adds the hash of its own inline script (form_post, logout) to the policy
 * it finds, and a handler that sets its own header keeps it.
 */
export const createSecurityHeaders = (issuer: URL): Middleware => {
  const headers = headersFor(issuer);
  return async function securityHeaders(ctx, next) {
    ctx.set(headers);
    await next();
  };
};
