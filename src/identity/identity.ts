/**
 * identity/: who signed in.
 *
 * What it does: turns the identity that an IdP asserted (already checked by `upstream/`) into an account and a
 * sign-in. An account is (upstream issuer, upstream sub); an e-mail address routes and contacts, it never links.
 *
 * Flow: upstream identity ──signIn()──▶ one SQL statement: account, identity, declared memberships, for whom the person acts
 * (table `membership`, which members/ manages) ──▶ `SignIn`, a plain value
 * that the provider keeps for the browser session and copies into each grant (a snapshot: a later sign-in elsewhere
 * changes nothing in it). What was taken back since is asked at each decision: declared-memberships.ts, revoked-memberships.ts.
 * For whom an account has ever acted, whatever this sign-in is for: acted-for.ts. Its level for one organization: acr-for.ts;
 * what a code by mail would make of it: level-by-email-code.ts.
 *
 * May import: declarations (accounts kept here), organizations (identifiers), eligibility (link levels, order of acr), storage (tables), config (clock), errors.
 */
export { acrFor, authenticationFor, withEmailCode } from './acr-for.ts';
export type { Authentication } from './acr-for.ts';
export { canonicalEmail } from './canonical-email.ts';
export { createAccounts } from './accounts.ts';
export type { Accounts, AssertedIdentity } from './accounts.ts';
export { isUsable, subjectsOf } from './account-state.ts';
export { restsOnHeldDomain } from './declared-people.ts';
export { accountsOf, actedFor } from './acted-for.ts';
export { declaredPeople } from './declared-people.ts';
export { levelByEmailCode, levelsBelowEmailCode } from './level-by-email-code.ts';
export { createDeclaredMemberships } from './declared-memberships.ts';
export type { DeclaredMemberships, OrganizationLink } from './declared-memberships.ts';
export { createRevokedMemberships, isMembershipRevoked } from './revoked-memberships.ts';
export type { RevokedMemberships } from './revoked-memberships.ts';
export { reconcile, reconciliationsOf, undoReconciliation } from './reconcile.ts';
export type { IdentityKey, Reconciliation } from './reconcile.ts';
export { isVouchedFor, membershipSchema, signInSchema } from './sign-in.ts';
export type { Membership, SignIn } from './sign-in.ts';
