import type { IdentityProvider } from './identity-provider.ts';

/** Id of the identity provider that Maillon itself is, for people who have none. No file may declare one of this name. */
export const partnerProviderId = 'partenaires';

/** Whether the broker signs these people in itself. */
export const isPartnerProvider = (idp: Pick<IdentityProvider, 'id'> | undefined): boolean =>
  idp?.id === partnerProviderId;

/**
 * Partner accounts as one identity provider more, so that an account stays an (issuer, subject): our own issuer, and the
 * id of the partner. It has no domain (nobody is routed to it before every other provider was asked), says for nobody for
 * whom they act, and nobody talks to it: what concerns connections is there for the type alone.
 */
export function builtInProvider(issuer: string, enabled: boolean): IdentityProvider {
  return Object.freeze({
    id: partnerProviderId,
    name: 'Compte Maillon',
    issuer,
    client_id: partnerProviderId,
    token_endpoint_auth_method: 'none',
    id_token_signed_response_alg: 'ES256',
    scope: 'openid',
    domains: [],
    allow_subdomains: false,
    acr: { values: {}, maximum: 'eidas1-mfa' },
    gives_organization: false,
    organization_link: { level: 'declared', method: 'none' },
    support: { name: 'Maillon', url: `${issuer}/aide` },
    enabled,
    upstream_logout: false,
    timeout_s: 5,
  } satisfies IdentityProvider);
}
