import { createHmac } from 'node:crypto';
import type { Client as LibraryClient } from 'oidc-provider';
import { isLoopback } from '../config/config.ts';
import type { Client } from '../declarations/declarations.ts';

/**
 * Pairwise subject (OpenID Connect Core §8.1): the same account gets another `sub` in each sector. HMAC-SHA256 with a
 * secret of its own, base64url: 43 ASCII characters. The secret never rotates, since tools store the `sub`.
 */
export function pairwiseSubject(salt: Uint8Array, sector: string, accountId: string): string {
  return createHmac('sha256', salt).update(`${sector}\u0000${accountId}`).digest('base64url');
}

/**
 * The pairwise `sub` of an account at a client of the library. The sector of a client without `sector_identifier` is the
 * host of its redirect URIs (OpenID Connect Core §8.1); on the person's own machine, the client itself.
 */
export function createPairwise(
  salt: Uint8Array,
  declared: (clientId: string) => Pick<Client, 'sector_identifier'> | undefined,
): (accountId: string, client: Pick<LibraryClient, 'clientId' | 'redirectUris'>) => string {
  return (accountId, { clientId, redirectUris }) =>
    pairwiseSubject(
      salt,
      declared(clientId)?.sector_identifier ?? hostOf(redirectUris) ?? clientId,
      accountId,
    );
}

function hostOf(redirectUris: readonly string[] | undefined): string | undefined {
  const [first] = redirectUris ?? [];
  if (first === undefined) return undefined;
  const { hostname } = new URL(first);
  // Whatever runs on a person's own machine has that host: it names no sector.
  return isLoopback(hostname) ? undefined : hostname;
}
