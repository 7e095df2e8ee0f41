import type { X509Certificate } from 'node:crypto';
import type { ClientAuthMethod, KoaContextWithOIDC, MTLSConfiguration } from 'oidc-provider';
import type { Config, Logger } from '../../config/config.ts';
import type { Client } from '../../declarations/declarations.ts';
import { certificateBears, headerOf, readCertificate } from './client-certificate.ts';

/** The headers in which our proxy says who it spoke TLS with. */
export type ClientCertificateSource = NonNullable<Config['clientCertificate']>;

/** Why this client cannot be served here: then it is nobody, rather than one whose tokens anybody may use. */
function lacksCertificates(client: Client, source: ClientCertificateSource | undefined): string | undefined {
  const method = client.token_endpoint_auth_method;
  const wantsAny =
    method === 'tls_client_auth' ||
    method === 'self_signed_tls_client_auth' ||
    client.tls_client_certificate_bound_access_tokens;
  if (wantsAny && source === undefined) return 'needs certificates: CLIENT_CERT_HEADER is not set';
  return method === 'tls_client_auth' && source?.verifiedHeader === undefined
    ? 'needs verified certificates: CLIENT_CERT_VERIFIED_HEADER is not set'
    : undefined;
}

/**
 * RFC 8705 behind a proxy that ends TLS. Without a header that it writes there is no certificate, hence no such client
 * and nothing in the metadata; without one where it says that it verified the chain, only certificates that clients
 * registered themselves are believed (§2.2), and the binding of tokens to whatever certificate was shown (§3).
 */
export function mutualTls(
  source: ClientCertificateSource | undefined,
  clock: () => Date,
): { readonly methods: readonly ClientAuthMethod[]; readonly feature: MTLSConfiguration } {
  if (source === undefined) return { methods: [], feature: { enabled: false } };
  const verifies = source.verifiedHeader !== undefined;
  const certificateOf = ({ req }: KoaContextWithOIDC): X509Certificate | undefined =>
    readCertificate(headerOf(req.headers, source.header), clock());
  return {
    methods: [
      'self_signed_tls_client_auth',
      ...(verifies ? (['tls_client_auth'] satisfies ClientAuthMethod[]) : []),
    ],
    feature: {
      enabled: true,
      certificateBoundAccessTokens: true,
      selfSignedTlsClientAuth: true,
      tlsClientAuth: verifies,
      getCertificate: certificateOf,
      // As nginx's $ssl_client_verify; `FAILED:reason`, `NONE` and anything else is no.
      certificateAuthorized: ({ req }) => headerOf(req.headers, source.verifiedHeader) === 'SUCCESS',
      certificateSubjectMatches(ctx, property, expected) {
        const certificate = certificateOf(ctx);
        return certificate !== undefined && certificateBears(certificate, property, expected);
      },
    },
  };
}

/** The declared clients that can be served here; of each other one, the log says once what it lacks. */
export function servedHere(
  declared: (clientId: string) => Client | undefined,
  source: ClientCertificateSource | undefined,
  logger: Pick<Logger, 'error'>,
): (clientId: string) => Client | undefined {
  const told = new WeakSet<Client>();
  return (clientId) => {
    const client = declared(clientId);
    const problem = client === undefined ? undefined : lacksCertificates(client, source);
    if (client === undefined || problem === undefined) return client;
    if (!told.has(client)) logger.error({ client: clientId, event: 'client_not_served' }, problem);
    told.add(client);
    return undefined;
  };
}
