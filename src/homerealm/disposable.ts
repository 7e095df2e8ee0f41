import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openMailDomains } from '../organizations/organizations.ts';
import { parentDomains } from './parent-domains.ts';

/** Lists of the package: of domains (some 120 000), and of those whose every sub-domain is one. */
const lists = ['disposable-email-domains/index.json', 'disposable-email-domains/wildcard.json'];

let listed: string | undefined;

/**
 * Whether mailboxes there last an hour and are read by whoever types their name: whoever proves one proves nothing. Its
 * sub-domains are no better. A service open to all is no such thing, whatever a list says.
 *
 * @param domain canonical: ASCII, lower case. The lists are searched as the texts that they are: a set of them would take
 *   ten times the memory, for a question asked once per sign-in at most.
 */
export function isDisposable(domain: string): boolean {
  listed ??= lists.map((name) => readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8')).join('\n');
  const text = listed;
  return (
    !openMailDomains.has(domain) &&
    [domain, ...parentDomains(domain)].some((one) => text.includes(`"${one}"`))
  );
}
