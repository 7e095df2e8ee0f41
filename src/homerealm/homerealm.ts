/**
 * homerealm/: from an e-mail address to the identity providers of its domain.
 *
 * What it does: routes (`findIdentityProviders`: which IdPs may be asked for the person who typed this address), proposes
 * another spelling of a domain that nobody knows (`suggestDomains`), checks authority (`isAuthoritative`: may this
 * IdP assert this address), and says whether anybody is believed by it now (`assertNotHeld`). They read the domain alone; the local part decides nothing, but for test addresses, which are
 * written in the record of an IdP that is hidden from everybody else (`isOfferedTo`). Nothing is proved by an address: it
 * routes and contacts, and no answer tells whether it exists.
 *
 * Flow: typed address ──canonical e-mail──▶ test address? ──▶ domain ──idpsByDomain──▶ one, several, disabled, free_mail,
 * unknown or malformed. Domains are exact. A sub-domain belongs to an IdP only when its record says `allow_subdomains`,
 * and the most specific declared domain wins. Disabled IdPs are never offered, and do not pass their people to another
 * IdP. `extra_domains` may be asserted and are never routed.
 *
 * May import: identity (canonical e-mail), organizations (mail services open to all). Pure: no clock, no store, no HTTP; the
 * list of mail services that throw mailboxes away (`isDisposable`) is a file of a package, read once.
 */
export { isDisposable } from './disposable.ts';
export { findIdentityProviders } from './find-identity-providers.ts';
export type { Declared, HomeRealm, RoutedIdentityProvider } from './find-identity-providers.ts';
export { assertPartnerAddress } from './assert-partner-address.ts';
export { hasIdentityProvider } from './has-identity-provider.ts';
export { assertNotHeld, heldDomainOf } from './held-domain.ts';
export type { HeldDomains } from './held-domain.ts';
export { isHidden, isOfferedTo } from './hidden.ts';
export type { Hideable } from './hidden.ts';
export { isAuthoritative } from './is-authoritative.ts';
export type { Authority } from './is-authoritative.ts';
export { suggestDomains } from './suggest-domains.ts';
