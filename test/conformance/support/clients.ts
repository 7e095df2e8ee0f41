/**
 * The clients that the certification runs with, as `config/` declares them (static registration): what the suite is
 * told of them on one side, what the provider is told on the other.
 */
import { createHash } from 'node:crypto';
import { basic } from '../../replay/support/relying-party.ts';
import type { Changes } from '../../replay/support/relying-party.ts';

/** What a client adds to a form so that the provider knows it: fields, headers, or both. */
export interface Authentication {
  readonly fields: Changes;
  readonly headers: Readonly<Record<string, string>>;
}

export interface CertificationClient {
  readonly id: string;
  /** Made anew for each form: an assertion serves once (RFC 7523 §3). */
  readonly authenticate: () => Promise<Authentication>;
  readonly idTokenAlg: string;
  readonly tokenType: 'Bearer' | 'DPoP';
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  readonly backchannelLogoutUri: string | undefined;
}

export const clientNames = ['first', 'second', 'post', 'backchannel'] as const;
export type ClientName = (typeof clientNames)[number];

interface Traits {
  readonly authentication: 'client_secret_basic' | 'client_secret_post';
  readonly subject: 'pairwise' | 'public';
  readonly backchannel?: boolean;
}

const traits: Readonly<Record<ClientName, Traits>> = {
  first: { authentication: 'client_secret_basic', subject: 'pairwise' },
  second: { authentication: 'client_secret_basic', subject: 'public' },
  post: { authentication: 'client_secret_post', subject: 'public' },
  backchannel: { authentication: 'client_secret_basic', subject: 'pairwise', backchannel: true },
};

/** Where the browser comes back to, where it comes back to after logout, where logout tokens go. */
export const paths = {
  callback: '/certification/callback',
  postLogout: '/certification/post_logout_redirect',
  backchannelLogout: '/certification/backchannel_logout',
} as const;

const idOf = (name: ClientName): string => `certification-${name}`;
const secretOf = (name: ClientName): string =>
  createHash('sha256').update(`certification ${name}`).digest('base64url');

export function certificationClient(name: ClientName, origin: string): CertificationClient {
  const [id, secret] = [idOf(name), secretOf(name)];
  return {
    id,
    authenticate: async () =>
      traits[name].authentication === 'client_secret_basic'
        ? { fields: {}, headers: { ...basic(id, secret) } }
        : { fields: { client_id: id, client_secret: secret }, headers: {} },
    idTokenAlg: 'RS256',
    tokenType: 'Bearer',
    redirectUri: origin + paths.callback,
    postLogoutRedirectUri: origin + paths.postLogout,
    backchannelLogoutUri: traits[name].backchannel === true ? origin + paths.backchannelLogout : undefined,
  };
}

/**
 * As a line of `clients:`. The suite sends no PKCE in the Basic profile, states and nonces of ten characters, and
 * parameters that nobody knows; it signs with RS256 unless told otherwise (OpenID Connect Core §15.1).
 */
export function declaration(name: ClientName, origin: string): object {
  const client = certificationClient(name, origin);
  return {
    client_id: client.id,
    service: 'visio',
    enforcement: 'claims',
    client_secret: secretOf(name),
    token_endpoint_auth_method: traits[name].authentication,
    redirect_uris: [client.redirectUri],
    post_logout_redirect_uris: [client.postLogoutRedirectUri],
    ...(client.backchannelLogoutUri === undefined
      ? {}
      : {
          backchannel_logout_uri: client.backchannelLogoutUri,
          backchannel_logout_session_required: true,
        }),
    scope: 'openid offline_access profile email phone',
    pkce: 'optional',
    subject_type: traits[name].subject,
    id_token_signed_response_alg: 'RS256',
    refresh_token: 'offline_access',
  };
}
