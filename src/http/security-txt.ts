export interface SecurityTxt {
  /** `mailto:` or `https:` addresses, best first; at least one. */
  readonly contacts: readonly [string, ...string[]];
  readonly expires: Date;
  /** Address of this very file. */
  readonly canonical: URL;
}

const day = 24 * 3600 * 1000;

/** Half a year, from the start of the day: RFC 9116 §2.5.5 asks for less than a year. */
export const securityTxtExpiry = (now: Date): Date =>
  new Date(Math.floor(now.getTime() / day) * day + 182 * day);

/** The text of `/.well-known/security.txt` (RFC 9116): CRLF is allowed, LF is what everybody reads. */
export const securityTxt = ({ contacts, expires, canonical }: SecurityTxt): string =>
  [
    ...contacts.map((contact) => `Contact: ${contact}`),
    `Expires: ${expires.toISOString().replace('.000Z', 'Z')}`,
    'Preferred-Languages: fr, en',
    `Canonical: ${canonical.href}`,
    '',
  ].join('\n');
