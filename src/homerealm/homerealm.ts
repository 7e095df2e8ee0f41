/**
 * homerealm/: from an e-mail address to the identity providers of its domain.
 *
 * What it does: routes (`findIdentityProviders`: which IdPs may be asked for the person who typed this address) and
 * checks authority (`isAuthoritative`: may this IdP assert this address). Both read the domain alone; the local part
 * decides nothing. Nothing is proved by an address: it routes and contacts.
 *
 * Flow: typed address ──canonical e-mail──▶ domain ──idpsByDomain──▶ one, several, unknown or malformed.
 * Domains are exact. A sub-domain belongs to an IdP only when its record says `allow_subdomains`, and the most
 * specific declared domain wins. Disabled IdPs are never offered, and do not pass their people to another IdP.
 *
 * May import: identity (canonical e-mail). Pure: no clock, no store, no HTTP.
 */
export { findIdentityProviders } from './find-identity-providers.ts';
export type { HomeRealm, RoutedIdentityProvider } from './find-identity-providers.ts';
export { isAuthoritative } from './is-authoritative.ts';
export type { Authority } from './is-authoritative.ts';
