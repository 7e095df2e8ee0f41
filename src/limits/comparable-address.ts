/** Mail services whose mailboxes ignore dots, by domain; and the one domain that stands for all of a service. */
const dotless: ReadonlyMap<string, string> = new Map([
  ['gmail.com', 'gmail.com'],
  ['googlemail.com', 'gmail.com'],
  ['proton.me', 'proton.me'],
  ['protonmail.com', 'proton.me'],
  ['protonmail.ch', 'proton.me'],
  ['pm.me', 'proton.me'],
]);

/**
 * The one spelling by which limits compare addresses: lower case, without `+tag`, and without dots where the mail
 * service is known to ignore them. Two people may share it where a mail server tells more apart: they share a limit then,
 * and nothing else. It is never where a mail goes.
 *
 * @param address canonical (identity/); whatever is none is compared as it is, in lower case
 */
export function comparableAddress(address: string): string {
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf('@');
  if (at < 1) return lower;
  const [local, domain] = [lower.slice(0, at), lower.slice(at + 1)];
  const tag = local.indexOf('+');
  // A tag alone is a name.
  const name = tag > 0 ? local.slice(0, tag) : local;
  const service = dotless.get(domain);
  return service === undefined ? `${name}@${domain}` : `${name.replaceAll('.', '')}@${service}`;
}

/**
 * The spelling in which two addresses are known to be one mailbox: without tag and dots at the services above, and in lower
 * case alone elsewhere, where `a+x@` and `a@` may be two people's, neither of whom keeps the other from an account.
 */
export const mailboxSpelling = (address: string): string =>
  dotless.has(address.slice(address.lastIndexOf('@') + 1).toLowerCase())
    ? comparableAddress(address)
    : address.toLowerCase();
