import { acrAtLeast, acrValues } from '../eligibility/eligibility.ts';
import type { Acr } from '../eligibility/eligibility.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

const lowest: Acr = 'eidas0';

/**
 * The level that we hold true after an IdP asserted one: a value that its record maps, and never more than the maximum
 * that its record allows. An IdP earns a level by configuration, not by sending a string: absent, unknown or unmapped
 * is worth the lowest. (ProConnect raises it to `eidas1`; we never raise.)
 *
 * @param asserted the `acr` claim as received
 */
export function acrOf(mapping: IdentityProvider['acr'], asserted: string | undefined): Acr {
  const known = asserted !== undefined && Object.hasOwn(mapping.values, asserted);
  const ours = (known ? mapping.values[asserted] : undefined) ?? lowest;
  // The order is partial: `eidas0-mfa` under a maximum of `eidas1` is worth what both contain, `eidas0`.
  return acrValues.findLast((acr) => acrAtLeast(ours, acr) && acrAtLeast(mapping.maximum, acr)) ?? lowest;
}

/**
 * The IdP's own words for the levels that we want: only those which would be read back as one of them. Membership, not
 * order: who accepts `eidas1-mfa` and `eidas2` lists both (domain reference §5.3).
 */
export function acrValuesToRequest(
  mapping: IdentityProvider['acr'],
  wanted: readonly string[],
): readonly string[] {
  return Object.keys(mapping.values).filter((value) => wanted.includes(acrOf(mapping, value)));
}
