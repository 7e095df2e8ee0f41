/** Where the record stands: a name of its own, so that nothing of the domain is touched (RFC 8552 §1.1). */
export const recordName = (domain: string): string => `_maillon-verification.${domain}`;

export const recordValue = (token: string): string => `maillon-verification=${token}`;

/** Some consoles keep the quotation marks and the blanks that people paste. */
const plain = (value: string): string => value.trim().replace(/^"(.*)"$/u, '$1');

/** Whether one of the records is that of this very claim: those of others may stand beside it. */
export const holdsProof = (values: readonly string[], token: string): boolean =>
  values.some((value) => plain(value) === recordValue(token));
