import { canonicalEmail } from '../identity/identity.ts';

const blanksAround = /^[\s\u00A0]+|[\s\u00A0]+$/gu;

/**
 * The domain in what somebody typed: a domain, what follows the `@`, or a whole address. As mail is compared everywhere
 * here (identity/canonical-email.ts): lower case A-labels, so that a look-alike is another domain.
 *
 * @returns undefined when it is none
 */
export function typedDomain(typed: string): string | undefined {
  const text = typed.replace(blanksAround, '');
  const address = text.includes('@') && !text.startsWith('@') ? text : `x@${text.replace(/^@/u, '')}`;
  return canonicalEmail(address)?.domain;
}
