/**
 * An identity provider for tests, made by hand (node:http and jose), whose answers can be made wrong one at a time.
 *
 * Flow: `authorize` answers at once, without a page, with a code for the person it was given; then `token` (client
 * secret, PKCE, redirect URI and single use checked, as a real one would) and `userinfo`. `mutate('nonce_missing')`
 * stays in force until `restore()`. Requests are counted and kept, so tests also see what the broker asks.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import { deviations } from './mutating-idp-deviations.ts';
import type { Claims, Deviation, DeviationName } from './mutating-idp-deviations.ts';
import { fail, isClient, isRedeemable, json, readBody } from './mutating-idp-http.ts';
import type { RedeemableCode } from './mutating-idp-http.ts';
import { makeSigningKey, signIdToken } from './mutating-idp-tokens.ts';

export { deviationNames, deviations } from './mutating-idp-deviations.ts';
export type { Deviation, DeviationName, Fault } from './mutating-idp-deviations.ts';

export interface MutatingIdpPerson {
  readonly sub: string;
  /** In the ID token. Default `eidas1`, and `['pwd']`. */
  readonly acr?: string;
  readonly amr?: readonly string[];
  /** Answered by userinfo, with `sub`. */
  readonly claims: Claims;
}

export interface MutatingIdpOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly person: MutatingIdpPerson;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Name in the issuer; it listens on 127.0.0.1 in any case. */
  readonly hostname?: string;
  /** Default: the clock of the machine. */
  readonly clock?: () => Date;
  /** Userinfo as a signed JWT. Default JSON. */
  readonly userinfo?: 'json' | 'jwt';
}

const endpoints = ['discovery', 'jwks', 'authorize', 'token', 'userinfo', 'end_session'] as const;
export type Endpoint = (typeof endpoints)[number];

export interface MutatingIdp {
  readonly issuer: string;
  /** Requests since the start, or since `forget()`. */
  readonly counts: Readonly<Record<Endpoint, number>>;
  /** What the broker sent, oldest first: query of `authorize` and `end_session`, form of `token`. */
  readonly received: Readonly<Record<'authorize' | 'token' | 'end_session', readonly URLSearchParams[]>>;
  readonly mutate: (deviation: DeviationName | Partial<Deviation>) => void;
  readonly restore: () => void;
  /** Who signs in from now on. */
  readonly become: (person: MutatingIdpPerson) => void;
  /** Publishes a new key, and signs with it; the former one is withdrawn. */
  readonly rotateKeys: () => Promise<void>;
  /** A logout token for the broker, signed with the published key, but for what a test changes. */
  readonly logoutToken: (claims: Claims, typ?: string) => Promise<string>;
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}

interface Code extends RedeemableCode {
  readonly person: MutatingIdpPerson;
}

export const startMutatingIdp = async (options: MutatingIdpOptions): Promise<MutatingIdp> => {
  const { clientId, clientSecret, clock = () => new Date() } = options;
  let { person } = options;
  let deviation: Partial<Deviation> = {};
  let key = await makeSigningKey();
  let issuer = '';
  const codes = new Map<string, Code>();
  const accessTokens = new Map<string, MutatingIdpPerson>();
  const counts: Record<Endpoint, number> = {
    discovery: 0,
    jwks: 0,
    authorize: 0,
    token: 0,
    userinfo: 0,
    end_session: 0,
  };
  const received = {
    authorize: new Array<URLSearchParams>(),
    token: new Array<URLSearchParams>(),
    end_session: new Array<URLSearchParams>(),
  };
  const context = () => ({ issuer, clientId, now: Math.floor(clock().getTime() / 1000) });

  const metadata = (): object => ({
    issuer: deviation.discovery === 'other_issuer' ? 'https://evil.example' : issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint:
      deviation.discovery === 'private_address' ? 'https://10.255.255.1/token' : `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    end_session_endpoint: `${issuer}/end_session`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    userinfo_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  });

  const authorize = (response: ServerResponse, parameters: URLSearchParams): void => {
    const target = parameters.get('redirect_uri');
    if (target === null || parameters.get('client_id') !== clientId) {
      json(response, 400, { error: 'invalid_request' });
      return;
    }
    const code = randomBytes(16).toString('base64url');
    codes.set(code, { person, parameters });
    const answer = new URLSearchParams({ code, iss: issuer });
    const state = parameters.get('state');
    if (state !== null) answer.set('state', state);
    deviation.authorization?.(answer, context());
    const location = new URL(target);
    location.search = answer.toString();
    response.writeHead(303, { location: location.href }).end();
  };

  const idTokenPayload = (code: Code): Claims => {
    const { now } = context();
    const nonce = code.parameters.get('nonce');
    const { sub, acr = 'eidas1', amr = ['pwd'] } = code.person;
    const times = { iat: now, exp: now + 300, auth_time: now };
    return { iss: issuer, aud: clientId, sub, acr, amr, ...times, ...(nonce !== null && { nonce }) };
  };

  const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await readBody(request);
    received.token.push(form);
    if (!isClient(request, form, clientId, clientSecret)) {
      json(response, 401, { error: 'invalid_client' });
      return;
    }
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    if (!isRedeemable(code, form)) {
      json(response, 400, { error: 'invalid_grant' });
      return;
    }
    const payload = idTokenPayload(code);
    const idToken = await signIdToken(
      key,
      deviation.idToken?.(payload, context()) ?? payload,
      deviation.signature,
    );
    const accessToken = randomBytes(16).toString('base64url');
    accessTokens.set(accessToken, code.person);
    const body = { access_token: accessToken, token_type: 'Bearer', expires_in: 300, id_token: idToken };
    const answer = deviation.tokenResponse?.(body) ?? body;
    if (deviation.token === undefined) json(response, 200, answer);
    else fail(response, deviation.token, answer);
  };

  const userinfo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const who = accessTokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (who === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
      return;
    }
    const right = { sub: who.sub, ...who.claims };
    const claims = deviation.userinfoClaims?.(right) ?? right;
    if (deviation.userinfo !== undefined) fail(response, deviation.userinfo, claims);
    else if (options.userinfo === 'jwt') {
      const { now } = context();
      const payload = { ...claims, iss: issuer, aud: clientId, iat: now, exp: now + 60 };
      response.writeHead(200, { 'content-type': 'application/jwt' });
      response.end(await signIdToken(key, payload, undefined));
    } else json(response, 200, claims);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const name = url.pathname === '/.well-known/openid-configuration' ? 'discovery' : url.pathname.slice(1);
    const endpoint = endpoints.find((one) => one === name);
    if (endpoint === undefined) {
      json(response, 404, {});
      return;
    }
    counts[endpoint] += 1;
    if (endpoint === 'authorize' || (endpoint === 'end_session' && request.method === 'GET'))
      received[endpoint].push(url.searchParams);
    if (endpoint === 'discovery') {
      const { discovery } = deviation;
      const fault = discovery === 'other_issuer' || discovery === 'private_address' ? undefined : discovery;
      if (fault === undefined) json(response, 200, metadata());
      else fail(response, fault, metadata());
    } else if (endpoint === 'jwks') {
      if (deviation.jwks === undefined) json(response, 200, { keys: [key.publicJwk] });
      else fail(response, deviation.jwks, { keys: [key.publicJwk] });
    } else if (endpoint === 'authorize') authorize(response, url.searchParams);
    else if (endpoint === 'token') await token(request, response);
    else if (endpoint === 'userinfo') await userinfo(request, response);
    else if (deviation.endSession !== undefined) fail(response, deviation.endSession, {});
    else {
      const back = url.searchParams.get('post_logout_redirect_uri');
      if (back === null) json(response, 200, {});
      else
        response
          .writeHead(303, {
            location: `${back}?state=${encodeURIComponent(url.searchParams.get('state') ?? '')}`,
          })
          .end();
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP address was expected');
  issuer = `http://${options.hostname ?? '127.0.0.1'}:${address.port}`;

  return {
    issuer,
    counts,
    received,
    mutate: (wanted) => {
      deviation = typeof wanted === 'string' ? deviations[wanted] : wanted;
    },
    restore: () => {
      deviation = {};
    },
    become: (next) => {
      person = next;
    },
    rotateKeys: async () => {
      key = await makeSigningKey();
    },
    logoutToken: (claims, typ = 'logout+jwt') => {
      const { now } = context();
      const usual = {
        iss: issuer,
        aud: clientId,
        iat: now,
        exp: now + 120,
        jti: randomBytes(8).toString('hex'),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ })
        .sign(key.privateKey);
    },
    forget: () => {
      for (const endpoint of endpoints) counts[endpoint] = 0;
      for (const list of Object.values(received)) list.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
