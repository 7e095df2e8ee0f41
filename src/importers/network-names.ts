import { domainToASCII } from 'node:url';
import { refuse } from './cells.ts';
import type { CellRule } from './cells.ts';

/** RFC 1123 §2.1: letters, digits, hyphens inside. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @returns lower case, A-labels for an internationalized domain; undefined when it is none */
export function domainOf(text: string): string | undefined {
  if (!/^[^\p{Cc}\s@/\\:?#%]{1,253}$/u.test(text)) return undefined;
  const ascii = domainToASCII(text);
  const labels = ascii.split('.');
  const top = labels.at(-1) ?? '';
  // A last label of digits is an IPv4 address to a URL parser, not a domain.
  const isName = labels.length >= 2 && labels.every((label) => LABEL.test(label)) && /[a-z]/.test(top);
  return isName && ascii.length <= 253 ? ascii : undefined;
}

/** RFC 5322 §3.2.3 dot-atom. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

export const emailAddress: CellRule<string> = (text) => {
  if (text === '') return undefined;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domain = domainOf(text.slice(at + 1));
  if (local.length > 64 || !LOCAL_PART.test(local) || domain === undefined) return refuse('email_malformed');
  return `${local}@${domain}`;
};

const LONGEST_WEBSITE = 200;

/**
 * @returns with its scheme; undefined for what is no website, and for what holds a person's account or mailbox
 */
export function websiteOf(text: string): string | undefined {
  if (text.length > LONGEST_WEBSITE || /[\s\p{Cc}@\\]/u.test(text)) return undefined;
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || url.port !== '' || domainOf(url.hostname) === undefined) return undefined;
  return url.pathname === '/' && url.search === '' ? url.origin : url.href;
}

export const website: CellRule<string> = (text) =>
  text === '' ? undefined : (websiteOf(text) ?? refuse('website_malformed'));
