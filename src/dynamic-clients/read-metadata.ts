import {
  declaredClientSchema,
  fieldText,
  issueText,
  page,
  redirectUriProblem,
} from '../declarations/declarations.ts';
import type { Client } from '../declarations/declarations.ts';
import {
  defaultScope,
  listMembers,
  longestList,
  pageMembers,
  refusedMembers,
  sameMembers,
} from './members.ts';
import { publicKeys } from './public-keys.ts';
import { RegistrationError } from './registration-error.ts';

export type Metadata = Readonly<Record<string, unknown>>;

/** What the server says of a client, and not the client itself. */
export interface Given {
  readonly clientId: string;
  readonly service: string;
  /** The most that it may ask for. */
  readonly scope: string;
  /** SHA-256, hexadecimal, of the secret that it has, or gets if it asks for a method with one. */
  readonly secretSha256: string;
}

export const methodsWithSecret: readonly string[] = ['client_secret_basic', 'client_secret_post'];

/**
 * What a tool says of itself (RFC 7591 §2), as a client of ours. What cannot be honored is replaced where the tool sees
 * it in the answer (scopes, grant types, response types), and refused elsewhere (RFC 7591 §2, §3.2.1).
 * @throws RegistrationError invalid_redirect_uri or invalid_client_metadata, for the first thing that is wrong
 */
export function readMetadata(sent: Metadata, given: Given): Client {
  // RFC 7592 §2.2: null and the empty text stand for a member that is not there.
  const metadata = Object.fromEntries(
    Object.entries(sent).filter(([, value]) => value !== null && value !== ''),
  );
  refuseUnsupported(metadata);
  refuseForeignPages(metadata);
  const lists = Object.fromEntries(
    listMembers.flatMap((name) => {
      const list = listOf(metadata, name);
      return list === undefined ? [] : [[name, list]];
    }),
  );
  refuseRedirects('redirect_uris', lists['redirect_uris'] ?? []);
  refuseRedirects('post_logout_redirect_uris', lists['post_logout_redirect_uris'] ?? []);
  refuseSeveralHosts(lists['redirect_uris'] ?? [], metadata);
  const granted = grantsOf(metadata);
  const scope = scopeOf(metadata, given.scope, granted);
  const method = metadata['token_endpoint_auth_method'] ?? 'client_secret_basic';
  const written = {
    ...Object.fromEntries(sameMembers.flatMap((name) => (name in metadata ? [[name, metadata[name]]] : []))),
    ...defaultsOf(metadata),
    ...lists,
    ...(metadata['jwks'] === undefined ? {} : { jwks: publicKeys(metadata['jwks']) }),
    ...(metadata['client_uri'] === undefined ? {} : { home_url: metadata['client_uri'] }),
    scope,
    refresh_token: refreshOf(scope, granted),
    client_id: given.clientId,
    // Its own sector, whatever its addresses: nobody has proved that they are its (OpenID Connect Core §8.1).
    sector_identifier: given.clientId,
    service: given.service,
    ...(typeof method === 'string' && methodsWithSecret.includes(method)
      ? { client_secret_sha256: given.secretSha256 }
      : {}),
  };
  const read = declaredClientSchema.safeParse(written);
  if (read.success) return read.data;
  throw refusal(read.error.issues, written);
}

function refuseUnsupported(metadata: Metadata): void {
  for (const [name, why] of Object.entries(refusedMembers)) {
    if (name in metadata) throw new RegistrationError('invalid_client_metadata', `${name} ${why}`);
  }
  // One key or the other would have to be shown, and half of the requests would fail (RFC 8705 §3, RFC 9449 §5).
  if (
    metadata['dpop_bound_access_tokens'] === true &&
    metadata['tls_client_certificate_bound_access_tokens'] === true
  )
    throw new RegistrationError(
      'invalid_client_metadata',
      'dpop_bound_access_tokens and tls_client_certificate_bound_access_tokens must not both be true',
    );
  const name = metadata['client_name'];
  if (typeof name === 'string' && name.length > 200)
    throw new RegistrationError('invalid_client_metadata', 'client_name must be at most 200 characters');
}

/** In every language: `logo_uri#fr` is one too (RFC 7591 §2.2). */
function refuseForeignPages(metadata: Metadata): void {
  for (const [name, value] of Object.entries(metadata)) {
    const base = name.split('#', 1)[0] ?? name;
    if (
      pageMembers.includes(base) &&
      !(typeof value === 'string' && value.length <= 2000 && page.safeParse(value).success)
    )
      throw new RegistrationError('invalid_client_metadata', `${base} must be an https: address`);
  }
}

function listOf(metadata: Metadata, name: string): readonly string[] | undefined {
  const value = metadata[name];
  if (value === undefined) return undefined;
  const code = name === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
  if (!Array.isArray(value)) throw new RegistrationError(code, `${name} must be a list`);
  if (value.length > longestList)
    throw new RegistrationError(code, `${name} must not hold more than ${longestList} values`);
  return [
    ...new Set(
      value.map((item: unknown) => {
        if (typeof item !== 'string') throw new RegistrationError(code, `${name} must hold texts only`);
        return item;
      }),
    ),
  ];
}

function refuseRedirects(name: 'redirect_uris' | 'post_logout_redirect_uris', uris: readonly string[]): void {
  const code = name === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
  if (name === 'redirect_uris' && uris.length === 0)
    throw new RegistrationError(code, `${name} must hold at least one address`);
  for (const [index, uri] of uris.entries()) {
    const problem = redirectUriProblem(uri);
    if (problem === undefined) continue;
    // How a parser would write the address is not said: it would repeat what came.
    const said = problem.startsWith('must be written') ? 'must be written as URL parsers write it' : problem;
    throw new RegistrationError(code, `${name}[${index}] ${said}`);
  }
}

/** OpenID Connect Core §8.1: without a sector that somebody vouches for, a pairwise subject belongs to one host. */
function refuseSeveralHosts(uris: readonly string[], metadata: Metadata): void {
  const hosts = new Set(uris.map((uri) => new URL(uri).host));
  if (hosts.size > 1 && metadata['subject_type'] !== 'public')
    throw new RegistrationError(
      'invalid_client_metadata',
      'redirect_uris are on several hosts: subject_type must be public, since sector_identifier_uri is not supported',
    );
}

/**
 * RFC 7591 §2.1: `code` and `authorization_code` go together. Tools that register everything they can do get what we can
 * do too, and see it in the answer.
 */
function grantsOf(metadata: Metadata): { readonly refreshToken: boolean } {
  const responseTypes = listOf(metadata, 'response_types') ?? ['code'];
  const grantTypes = listOf(metadata, 'grant_types') ?? ['authorization_code'];
  if (!responseTypes.includes('code'))
    throw new RegistrationError('invalid_client_metadata', 'response_types must contain code');
  if (!grantTypes.includes('authorization_code'))
    throw new RegistrationError('invalid_client_metadata', 'grant_types must contain authorization_code');
  return { refreshToken: grantTypes.includes('refresh_token') };
}

/** What was asked for and may be had. `offline_access` without a refresh token would only outlive the session. */
function scopeOf(metadata: Metadata, most: string, granted: { readonly refreshToken: boolean }): string {
  const asked = metadata['scope'] ?? defaultScope;
  if (typeof asked !== 'string')
    throw new RegistrationError('invalid_client_metadata', 'scope must be text, with spaces between scopes');
  const wanted = asked.split(' ');
  return most
    .split(' ')
    .filter(
      (name) =>
        name === 'openid' || (wanted.includes(name) && (name !== 'offline_access' || granted.refreshToken)),
    )
    .join(' ');
}

/** Without `offline_access`, tokens end with the session of the browser. */
function refreshOf(scope: string, granted: { readonly refreshToken: boolean }): Client['refresh_token'] {
  if (!granted.refreshToken) return 'never';
  return scope.split(' ').includes('offline_access') ? 'offline_access' : 'always';
}

/** Defaults of the specifications where a declaration of ours has another. */
function defaultsOf(metadata: Metadata): Metadata {
  const absent = (name: string): boolean => metadata[name] === undefined;
  return {
    // OpenID Connect Dynamic Client Registration §2.
    ...(absent('id_token_signed_response_alg') ? { id_token_signed_response_alg: 'RS256' } : {}),
    // OpenID Connect Back-Channel Logout §2.2.
    ...(absent('backchannel_logout_session_required') ? { backchannel_logout_session_required: false } : {}),
    // JARM §3; RFC 9701 §6.
    ...['authorization', 'introspection'].reduce<Record<string, string>>(
      (defaults, response) =>
        !absent(`${response}_encrypted_response_alg`) && absent(`${response}_signed_response_alg`)
          ? { ...defaults, [`${response}_signed_response_alg`]: 'RS256' }
          : defaults,
      {},
    ),
    // The same sections: how it is encrypted, when only that it is was said.
    ...['id_token', 'userinfo', 'authorization', 'introspection'].reduce<Record<string, string>>(
      (defaults, response) =>
        !absent(`${response}_encrypted_response_alg`) && absent(`${response}_encrypted_response_enc`)
          ? { ...defaults, [`${response}_encrypted_response_enc`]: 'A128CBC-HS256' }
          : defaults,
      {},
    ),
  };
}

type Issues = Extract<
  ReturnType<typeof declaredClientSchema.safeParse>,
  { success: false }
>['error']['issues'];

function refusal(issues: Issues, written: Metadata): RegistrationError {
  const [issue] = issues;
  if (issue === undefined) return new RegistrationError('invalid_client_metadata', 'cannot be read');
  const value = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    written,
  );
  const field = fieldText(issue.path).replace(/^home_url/, 'client_uri');
  return new RegistrationError('invalid_client_metadata', `${field} ${issueText(issue, value)}`.trim());
}
