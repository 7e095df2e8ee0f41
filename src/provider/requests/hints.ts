import { errors } from 'oidc-provider';
import type { Client } from '../../declarations/declarations.ts';
import { isOfferedTo } from '../../homerealm/homerealm.ts';
import type { Hideable } from '../../homerealm/homerealm.ts';
import { parseSiret } from '../../organizations/organizations.ts';
import type { Siret } from '../../organizations/organizations.ts';

type Params = Readonly<Record<string, unknown>> | undefined;

/** ProConnect's `idp_hint`: the id of the identity provider where the person has to sign in. */
export function idpHint(params: Params): string | undefined {
  const hint = params?.['idp_hint'];
  return typeof hint === 'string' ? hint : undefined;
}

/**
 * An identity provider that nobody declared is a mistake of the tool: it is told, in the words of its profile. So is one
 * that is hidden, unless `login_hint` is one of its test addresses.
 */
export function assertIdpHint(
  hint: unknown,
  client: Pick<Client, 'profile'> | undefined,
  identityProvider: (id: string) => Hideable | undefined,
  loginHint?: unknown,
): void {
  if (hint === undefined) return;
  const named = typeof hint === 'string' ? identityProvider(hint) : undefined;
  if (named !== undefined && isOfferedTo(named, typeof loginHint === 'string' ? loginHint : undefined))
    return;
  if (client?.profile === 'proconnect') {
    throw new errors.CustomOIDCProviderError('idp_hint_not_found', 'no such identity provider');
  }
  throw new errors.InvalidRequest('idp_hint is not an identity provider known here');
}

/** ProConnect's `siret_hint`: the organization that the tool expects. It preselects, and decides nothing. */
export function siretHint(params: Params): Siret | undefined {
  const hint = params?.['siret_hint'];
  return typeof hint === 'string' ? parseSiret(hint) : undefined;
}

/** A malformed one is refused where the client asked for ProConnect's checks, and ignored elsewhere, as a hint may be. */
export function assertSiretHint(hint: unknown, client: Pick<Client, 'strict'> | undefined): void {
  if (client?.strict !== true || hint === undefined) return;
  if (typeof hint === 'string' && /^\d{14}$/.test(hint) && parseSiret(hint) !== undefined) return;
  throw new errors.InvalidRequest('siret_hint must be a SIRET of 14 digits');
}
