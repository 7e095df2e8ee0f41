/** More than any address of ours, and little enough to travel in a `state`. */
const longest = 2000;

/**
 * Where to go once signed in: an address of ours, or nothing. Whoever writes the link chooses it, so that it is read as a
 * browser will (URL Standard), and only then compared: `//elsewhere`, `/\elsewhere` and `/a/..//elsewhere` all lead away.
 *
 * @param written path and query, the path of the issuer included
 */
export function ownPath(written: unknown, issuer: string): string | undefined {
  if (typeof written !== 'string' || written.length > longest) return undefined;
  // Printable ASCII without blanks: what browsers would drop or rewrite first is not an address that we wrote.
  if (!/^\/[\x21-\x5b\x5d-\x7e]*$/.test(written) || written.startsWith('//')) return undefined;
  const url = URL.parse(written, issuer);
  const ours = new URL(issuer);
  const root = ours.pathname.replace(/\/$/, '');
  if (url === null || url.origin !== ours.origin || url.pathname.startsWith('//')) return undefined;
  const path = url.pathname.slice(root.length);
  if (!url.pathname.startsWith(`${root}/`) || path.startsWith('//')) return undefined;
  // To sign in in order to sign in would go in circles.
  if (path === '/entrer' || path.startsWith('/entrer/')) return undefined;
  return url.pathname + url.search;
}
