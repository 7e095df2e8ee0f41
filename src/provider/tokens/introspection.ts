import type { Snapshot } from '../../declarations/declarations.ts';

/** What tells whose a token is and for whom: the library's token. */
interface Introspected {
  readonly kind: string;
  readonly clientId?: string | undefined;
  readonly aud?: string | readonly string[] | undefined;
}

/**
 * Who may learn anything about a token (RFC 7662 §2.1, §4); everybody else reads `{"active":false}` and nothing more.
 *
 * - A client, about its own tokens. Not one without secret or key: whoever says its name would be it.
 * - An API that the declarations let introspect the tools that call it, about their access tokens without audience.
 * - A client that a declared API introspects as, about the opaque access tokens of that API.
 *
 * The refresh token of another is nobody's business: it is of no use to an API (RFC 9700 §2.3).
 */
export function mayIntrospect(
  { clients, resourceServers }: Pick<Snapshot, 'clients' | 'resourceServers'>,
  clientId: string,
  { kind, clientId: owner, aud }: Introspected,
): boolean {
  const client = clients.get(clientId);
  if (client === undefined || client.token_endpoint_auth_method === 'none' || owner === undefined)
    return false;
  if (owner === clientId) return true;
  if (kind !== 'AccessToken') return false;
  if (aud === undefined) return client.introspects.includes(owner);
  const [api] = [aud].flat();
  return api !== undefined && resourceServers.get(api)?.introspected_by.includes(clientId) === true;
}
