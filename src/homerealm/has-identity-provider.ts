import { findIdentityProviders } from './find-identity-providers.ts';
import type { Declared, RoutedIdentityProvider } from './find-identity-providers.ts';

/**
 * Whether an identity provider answers for an address, open or closed: accounts kept here then assert it no more, whichever
 * address or passkey opened them, and however long ago.
 *
 * @param email as typed, or as a sign-in says
 */
export function hasIdentityProvider<Idp extends RoutedIdentityProvider>(
  email: string,
  declared: Declared<Idp>,
): boolean {
  switch (findIdentityProviders(email, declared).kind) {
    case 'one':
    case 'several':
    case 'disabled':
      return true;
    case 'free_mail':
    case 'unknown':
    case 'malformed':
      return false;
  }
}
