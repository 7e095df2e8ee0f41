import { isLoopback } from '../config/config.ts';

/**
 * Parameters that we add ourselves to this address. If the registered one had them, the tool would read the wrong
 * one of two (RFC 6749 §4.1.2, §4.1.2.1; RFC 9207; OpenID Connect Session Management §3; CVE-2026-9689).
 */
const ours = new Set([
  'code',
  'state',
  'error',
  'error_description',
  'error_uri',
  'iss',
  'response',
  'id_token',
  'access_token',
  'session_state',
]);

/**
 * Why an address cannot be registered as redirect URI or post-logout redirect URI; undefined when it can.
 *
 * One rule holds all: a URL parser must find in it exactly what a person reads in it. Whatever a parser would repair
 * (`@@`, backslash, dot segments, numeric hosts, upper-case hosts, default ports) is refused, so that ours, the
 * browser's and the tool's cannot disagree (CVE-2026-7504, CVE-2026-3872, CVE-2022-3782, CVE-2024-1132,
 * CVE-2023-6291). Requests are then compared byte by byte (RFC 9700 §4.1.3).
 */
export function redirectUriProblem(uri: string): string | undefined {
  if (uri.length > 2000) return 'is longer than 2000 characters';
  if (!/^[\x21-\x7e]+$/.test(uri)) return 'must hold visible ASCII characters only (no space, no accent)';
  if (/["'<>\\^`{|}]/.test(uri)) return 'holds a character that URLs do not allow';
  if (uri.includes('*')) return 'must not hold a wildcard (*)';
  if (uri.includes('#')) return 'must not have a fragment (#)';
  if (!/^https?:\/\//.test(uri)) return 'must begin with https://';
  if (!URL.canParse(uri)) return 'is not an absolute URL';
  const url = new URL(uri);
  const authority = uri.slice(uri.indexOf('//') + 2).split(/[/?]/, 1)[0] ?? '';
  if (authority.includes('@')) return 'must not hold a user name (@)';
  if (authority.includes('%')) return 'must not have an encoded host';
  if (url.hostname.endsWith('.')) return 'must not have a host that ends with a dot';
  if (url.port === '0') return 'must not have port 0';
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return 'must begin with https:// (http is for localhost only)';
  if (traverses(uri)) return 'must not hold dot segments or encoded slashes';
  // `https://tool.example` and `https://tool.example/` are one address, written in two ways: both are fine.
  if (url.href !== uri && url.href !== `${uri}/`) return `must be written ${url.href}`;
  const reserved = [...url.searchParams.keys()].find((name) => ours.has(name.toLowerCase()));
  return reserved === undefined ? undefined : `must not have the parameter ${reserved}`;
}

/** `.` and `..` in every spelling, `..;` of Java servers, `%2f` and `%5c`, and whatever is encoded twice. */
function traverses(uri: string): boolean {
  const path = uri.replace(/^[^/]*\/\/[^/?]*/, '').split('?', 1)[0] ?? '';
  if (/%(?:2f|5c|25|00)/i.test(path)) return true;
  return path
    .split('/')
    .some((segment) => /^\.{1,2}(?:;.*)?$/.test(segment.replaceAll(/%2e/gi, '.').replaceAll(/%3b/gi, ';')));
}
