import * as oidc from 'openid-client';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { KeySet } from '../keys/keys.ts';
import { clientAuthentication } from './client-authentication.ts';
import { metadataFailure } from './failures.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { openAnswers } from './open-answers.ts';
import { reachOf } from './reach.ts';
import type { FetchFor } from './reach.ts';

/** An IdP whose metadata we have read, and what of it the rules of this room ask. */
export interface Connection {
  readonly config: oidc.Configuration;
  /** It promises `iss` in its authorization responses (RFC 9207 §3): then an answer without it is refused. */
  readonly promisesIss: boolean;
  /** It reads the `claims` parameter (OpenID Connect Core §5.5), and its record does not forbid it. */
  readonly readsClaimsParameter: boolean;
  readonly hasUserinfo: boolean;
  /** Requests are pushed to it, and the browser carries a reference only (RFC 9126). */
  readonly takesPushedRequests: boolean;
  /** Where a person signs out (RP-Initiated Logout §2.1). */
  readonly endSessionEndpoint: string | undefined;
}

export interface ConnectionNeeds {
  readonly fetchFor: FetchFor;
  /** What we sign with and what is encrypted to us, of this instant. */
  readonly keys: () => Pick<KeySet, 'signingKey' | 'decryptionKeys'>;
  readonly allowLoopbackHttp: boolean;
  readonly secretOf: (idp: IdentityProvider) => Promise<string | undefined>;
}

/** Seconds by which clocks may differ. */
export const clockTolerance = 30;

/**
 * Reads the metadata of an IdP (OpenID Connect Discovery §4), once, without retry; those that its record spells out are
 * taken from there, and nobody is asked.
 *
 * @throws BrokerError M-UPST-001 no answer within the timeout of the record, or nothing that can be read; M-UPST-002 a
 *   secret or an endpoint that is missing; M-UPST-020 another issuer; M-UPST-026 to M-UPST-028
 */
export async function connect(idp: IdentityProvider, needs: ConnectionNeeds): Promise<Connection> {
  const values = { idp: idp.name };
  // Of parts of a second there may be no whole milliseconds, and libraries want those.
  const timeout = Math.ceil(idp.timeout_s);
  const reach = reachOf(idp, needs.allowLoopbackHttp);
  const ask = guardedFetch({ fetch: needs.fetchFor(reach), values });
  const execute = [
    // In the code flow the library trusts TLS for the ID token (§3.1.3.7 point 6); we want its signature.
    oidc.enableNonRepudiationChecks,
    ...(reach === 'loopback' ? [oidc.allowInsecureRequests] : []),
  ];
  const client = {
    id_token_signed_response_alg: idp.id_token_signed_response_alg,
    ...(idp.userinfo_signed_response_alg === undefined
      ? {}
      : { userinfo_signed_response_alg: idp.userinfo_signed_response_alg }),
    [oidc.clockTolerance]: clockTolerance,
  };
  const authentication = clientAuthentication(idp, await needs.secretOf(idp), needs.keys);

  function declared(endpoints: NonNullable<IdentityProvider['metadata']>): oidc.Configuration {
    const server = { issuer: idp.issuer, ...definedOf(endpoints) };
    const config = new oidc.Configuration(server, idp.client_id, client, authentication);
    config.timeout = timeout;
    for (const step of execute) step(config);
    return config;
  }

  const config =
    idp.metadata === undefined
      ? await oidc
          .discovery(new URL(idp.issuer), idp.client_id, client, authentication, {
            timeout,
            [oidc.customFetch]: ask,
            execute,
          })
          .catch((error: unknown) => {
            throw metadataFailure(error, values);
          })
      : declared(idp.metadata);
  const metadata = config.serverMetadata();
  // The library compares URLs; §16.15 of the specification compares strings, and accounts are keyed by this one.
  if (metadata.issuer !== idp.issuer) {
    throw new BrokerError('M-UPST-020', { detail: 'the metadata spell the issuer in another way', values });
  }
  const takesPushedRequests =
    idp.require_pushed_authorization_requests === true ||
    metadata.require_pushed_authorization_requests === true;
  if (takesPushedRequests && metadata.pushed_authorization_request_endpoint === undefined) {
    throw new BrokerError('M-UPST-002', {
      detail: 'requests have to be pushed, and the metadata name no endpoint for it',
      values,
    });
  }
  config[oidc.customFetch] = openAnswers(idp, {
    ask,
    endpoints: {
      token: normal(metadata.token_endpoint),
      userinfo: normal(metadata.userinfo_endpoint),
      jwks: normal(metadata.jwks_uri),
    },
    keys: needs.keys,
  });
  return {
    config,
    promisesIss: metadata.authorization_response_iss_parameter_supported === true,
    readsClaimsParameter: metadata.claims_parameter_supported === true && idp.claims_parameter !== false,
    hasUserinfo: metadata.userinfo_endpoint !== undefined,
    takesPushedRequests,
    endSessionEndpoint: metadata.end_session_endpoint,
  };
}

/** As the library spells it when it asks. */
const normal = (endpoint: string | undefined): string | undefined =>
  endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).href : undefined;

type Value = string | boolean;
const definedOf = (endpoints: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(
    Object.entries(endpoints).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
