import { createHash, timingSafeEqual } from 'node:crypto';
import { canonicalEmail } from '../identity/identity.ts';

/** What a record says of who is offered an IdP. */
export interface Hideable {
  /** Given: it is hidden, and offered only to whoever types exactly one of these. */
  readonly test_addresses?: readonly string[] | undefined;
}

export const isHidden = (idp: Hideable): boolean => idp.test_addresses !== undefined;

/** Whether an IdP may be offered to whoever gave this address, or none. */
export function isOfferedTo(idp: Hideable, email: string | undefined): boolean {
  if (idp.test_addresses === undefined) return true;
  const read = email === undefined ? undefined : canonicalEmail(email);
  return read !== undefined && hiddenFor(read.address, [idp]).length > 0;
}

/**
 * The hidden IdPs of a test address. All of their addresses are looked at, as digests and to the end of each: how long it
 * takes does not tell how near somebody came.
 */
export function hiddenFor<Idp extends Hideable>(address: string, idps: Iterable<Idp>): readonly Idp[] {
  const typed = digest(address);
  const found: Idp[] = [];
  for (const idp of idps) {
    let same = false;
    for (const test of digestsOf(idp)) same = timingSafeEqual(test, typed) || same;
    if (same) found.push(idp);
  }
  return found;
}

/** A record never changes: a change is another object. */
const digests = new WeakMap<Hideable, readonly Buffer[]>();

function digestsOf(idp: Hideable): readonly Buffer[] {
  const known = digests.get(idp);
  if (known !== undefined) return known;
  const made = (idp.test_addresses ?? []).map(digest);
  digests.set(idp, made);
  return made;
}

/** Letter case aside: telephones begin an address with a capital. */
const digest = (address: string): Buffer => createHash('sha256').update(address.toLowerCase()).digest();
