import * as oidc from 'openid-client';
import { isLoopback } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { metadataFailure } from './failures.ts';
import { guardedFetch } from './guarded-fetch.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';

/** An IdP whose metadata we have read, and what of it the rules of this room ask. */
export interface Connection {
  readonly config: oidc.Configuration;
  /** It promises `iss` in its authorization responses (RFC 9207 §3): then an answer without it is refused. */
  readonly promisesIss: boolean;
  /** It reads the `claims` parameter (OpenID Connect Core §5.5). */
  readonly readsClaimsParameter: boolean;
  readonly hasUserinfo: boolean;
  /** Where a person signs out (RP-Initiated Logout §2.1). */
  readonly endSessionEndpoint: string | undefined;
}

export interface ConnectionNeeds {
  readonly fetch: typeof globalThis.fetch;
  readonly allowLoopbackHttp: boolean;
  readonly secretOf: (idp: IdentityProvider) => Promise<string | undefined>;
}

/** Seconds by which clocks may differ. */
export const clockTolerance = 30;

/**
 * Reads the metadata of an IdP (OpenID Connect Discovery §4), once, without retry.
 *
 * @throws BrokerError M-UPST-001 no answer within the timeout of the record, or nothing that can be read; M-UPST-002
 *   metadata of another issuer, an address that we do not call, a secret that is missing
 */
export async function connect(idp: IdentityProvider, needs: ConnectionNeeds): Promise<Connection> {
  const values = { idp: idp.name };
  const issuer = new URL(idp.issuer);
  const loopback = needs.allowLoopbackHttp && issuer.protocol === 'http:' && isLoopback(issuer.hostname);
  const config = await oidc
    .discovery(
      issuer,
      idp.client_id,
      {
        id_token_signed_response_alg: idp.id_token_signed_response_alg,
        ...(idp.userinfo_signed_response_alg === undefined
          ? {}
          : { userinfo_signed_response_alg: idp.userinfo_signed_response_alg }),
        [oidc.clockTolerance]: clockTolerance,
      },
      clientAuthentication(idp, await needs.secretOf(idp)),
      {
        timeout: idp.timeout_s,
        [oidc.customFetch]: guardedFetch({ fetch: needs.fetch, issuer, values }),
        // In the code flow the library trusts TLS for the ID token (§3.1.3.7 point 6); we want its signature.
        execute: [oidc.enableNonRepudiationChecks, ...(loopback ? [oidc.allowInsecureRequests] : [])],
      },
    )
    .catch((error: unknown) => {
      throw metadataFailure(error, values);
    });
  const metadata = config.serverMetadata();
  // The library compares URLs; §16.15 of the specification compares strings, and accounts are keyed by this one.
  if (metadata.issuer !== idp.issuer) {
    throw new BrokerError('M-UPST-002', { detail: 'the metadata spell the issuer in another way', values });
  }
  return {
    config,
    promisesIss: metadata.authorization_response_iss_parameter_supported === true,
    readsClaimsParameter: metadata.claims_parameter_supported === true,
    hasUserinfo: metadata.userinfo_endpoint !== undefined,
    endSessionEndpoint: metadata.end_session_endpoint,
  };
}

function clientAuthentication(idp: IdentityProvider, secret: string | undefined): oidc.ClientAuth {
  const method = idp.token_endpoint_auth_method;
  if (method === 'none') return oidc.None();
  if (secret !== undefined) {
    return method === 'client_secret_basic' ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
  }
  throw new BrokerError('M-UPST-002', {
    detail: `${idp.id}: no secret for ${method}`,
    values: { idp: idp.name },
  });
}
