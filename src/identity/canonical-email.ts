import { domainToASCII, domainToUnicode } from 'node:url';

/** An e-mail address in the one spelling that the house compares and stores. */
export interface CanonicalEmail {
  /**
   * `local@domain`. The local part keeps its letter case: only the mail server of the domain knows whether it
   * matters (RFC 5321 §2.4), and we never compare it: routing reads the domain, accounts read (issuer, subject).
   */
  readonly address: string;
  /** Lower case ASCII, A-labels (`xn--…`) for an internationalized domain: a look-alike never equals the original. */
  readonly domain: string;
}

/** RFC 5321 §4.5.3.1: path of 256 octets, angle brackets included. */
const maxAddress = 254;
const maxLocalPart = 64;
const maxDomain = 253;

/** RFC 5322 §3.2.3 dot-atom, ASCII only: no quoted string, no comment, no white space. */
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** RFC 1123 §2.1: letters, digits, hyphens inside. */
const hostLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads an address strictly: what an IdP asserts is taken as it is or not at all. Several `@`, quotes, white space,
 * control characters and a final dot are how two parsers come to disagree on the domain (CVE-2026-40574). Whoever
 * reads what a person typed drops the blanks around it first.
 *
 * @returns undefined when the input is not one plain address
 */
export function canonicalEmail(input: string): CanonicalEmail | undefined {
  if (input.length > maxAddress) return undefined;
  // Fullwidth letters, ligatures, decomposed accents: refused rather than folded, so that one address has one spelling.
  if (!input.isWellFormed() || input.normalize('NFKC') !== input) return undefined;
  const [local, host, ...others] = input.split('@');
  if (local === undefined || host === undefined || others.length > 0) return undefined;
  if (local.length > maxLocalPart || !dotAtom.test(local)) return undefined;
  const domain = canonicalDomain(host);
  if (domain === undefined) return undefined;
  const address = `${local}@${domain}`;
  return address.length > maxAddress ? undefined : { address, domain };
}

function canonicalDomain(host: string): string | undefined {
  const labels: string[] = [];
  for (const label of host.split('.')) {
    const ascii = asciiLabel(label);
    if (ascii === undefined) return undefined;
    labels.push(ascii);
  }
  const top = labels.at(-1);
  // A last label of digits is an IPv4 address to a URL parser (WHATWG URL §3.5), not a domain.
  if (labels.length < 2 || top === undefined || !/[a-z]/.test(top) || /^0x[0-9a-f]*$/.test(top))
    return undefined;
  const domain = labels.join('.');
  return domain.length > maxDomain ? undefined : domain;
}

function asciiLabel(label: string): string | undefined {
  const lower = label.toLowerCase();
  const ascii = isAscii(lower) ? lower : domainToASCII(lower);
  if (!hostLabel.test(ascii)) return undefined;
  const international = ascii.startsWith('xn--');
  if (!international) return isAscii(label) ? ascii : undefined;
  // Both ways, label by label: UTS 46 drops soft hyphens and turns `。` into a dot, which would make an ASCII domain
  // out of something that is not; and an invented `xn--` label decodes to nothing or to plain ASCII.
  const decoded = domainToUnicode(ascii);
  if (isAscii(decoded) || domainToASCII(decoded) !== ascii || !hyphensInside.test(decoded)) return undefined;
  return isAscii(lower) || decoded === lower ? ascii : undefined;
}

const hyphensInside = /^[^-](?:.*[^-])?$/u;

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}
