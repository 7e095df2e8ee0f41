/**
 * The two clients of each FAPI variant, as `config/` declares them, with what they sign and show: the first signs with
 * PS256, the second with ES256, so that both kinds of key are seen; the second has a query in its redirect URI.
 */
import { exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { derOf, multiCertificate, toolCertificate } from '../../support/certificates.ts';
import { paths } from './clients.ts';
import type { Fapi2Variant } from './fapi2-plans.ts';

export interface Fapi2Client {
  readonly id: string;
  readonly alg: 'PS256' | 'ES256';
  readonly privateKey: CryptoKey;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
  /** As the proxy in front writes it (RFC 9440). */
  readonly certificate: string;
  readonly redirectUri: string;
}

/** What the suite adds to the redirect URI of the second client, and expects back. */
export const redirectQuery = { dummy1: 'lorem', dummy2: 'ipsum' } as const;

const traits = {
  first: { alg: 'PS256', pem: toolCertificate, name: { tls_client_auth_san_dns: 'tool.example' }, query: '' },
  second: {
    alg: 'ES256',
    pem: multiCertificate,
    name: { tls_client_auth_subject_dn: 'serialNumber=42+CN=multi,C=FR' },
    query: `?${new URLSearchParams(redirectQuery).toString()}`,
  },
} as const;
export type Fapi2Name = keyof typeof traits;

export const slugOf = ({ authentication, binding, request, response }: Fapi2Variant): string =>
  [authentication === 'private_key_jwt' ? 'key' : 'tls', binding, request, response].join('-');

export async function fapi2Client(
  name: Fapi2Name,
  variant: Fapi2Variant,
  origin: string,
): Promise<Fapi2Client> {
  const { alg, pem, query } = traits[name];
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return {
    id: `fapi2-${slugOf(variant)}-${name}`,
    alg,
    privateKey,
    privateJwk: await exportJWK(privateKey),
    // Without `alg`: what the profile forbids is refused whatever the key could do.
    publicJwk: { ...(await exportJWK(publicKey)), kid: `${name}-key`, use: 'sig' },
    certificate: `:${derOf(pem)}:`,
    redirectUri: origin + paths.callback + query,
  };
}

/** As a line of `clients:`: what is not said is what `profile: fapi2` says. */
export function fapi2Declaration(name: Fapi2Name, client: Fapi2Client, variant: Fapi2Variant): object {
  const byKey = variant.authentication === 'private_key_jwt';
  const signs = byKey || variant.request === 'signed';
  return {
    client_id: client.id,
    service: 'visio',
    enforcement: 'claims',
    profile: 'fapi2',
    ...(byKey ? {} : { token_endpoint_auth_method: 'tls_client_auth', ...traits[name].name }),
    ...(variant.binding === 'mtls' ? { tls_client_certificate_bound_access_tokens: true } : {}),
    ...(signs ? { jwks: { keys: [client.publicJwk] } } : {}),
    ...(variant.request === 'signed' ? { require_signed_request_object: true } : {}),
    ...(variant.response === 'jarm'
      ? { response_modes: ['jwt'], authorization_signed_response_alg: client.alg }
      : {}),
    id_token_signed_response_alg: client.alg,
    redirect_uris: [client.redirectUri],
    scope: 'openid offline_access profile email phone',
    refresh_token: 'offline_access',
  };
}
