/**
 * An identity provider in one function: a `fetch` that answers as an OpenID Provider would, for the tests of this room.
 * It checks what we send (PKCE, redirect URI, client secret) and lets a test bend any answer.
 */
import { createHash } from 'node:crypto';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { JWTHeaderParameters } from 'jose';
import type { IdentityProvider } from '../../declarations/declarations.ts';

type Json = Readonly<Record<string, unknown>>;
type Answer = Json | Response;

/** Each bends one answer; absent, the answer is right. */
export interface Deviation {
  readonly metadata?: (json: Json) => Answer;
  /** Query of the callback. */
  readonly callback?: (query: URLSearchParams) => void;
  readonly token?: (json: Json) => Answer;
  readonly header?: (header: JWTHeaderParameters) => JWTHeaderParameters;
  readonly claims?: (claims: Json) => Json;
  /** Signs the ID token instead of the published key. */
  readonly sign?: (header: JWTHeaderParameters, claims: Json) => Promise<string>;
  readonly jwks?: (json: Json) => Answer;
  readonly userinfo?: (json: Json) => Answer;
  /** Replaces an endpoint altogether. */
  readonly at?: (path: string, signal: AbortSignal | undefined) => Promise<Response> | undefined;
}

export const person = {
  sub: 'agent-1',
  given_name: 'Camille',
  usual_name: 'Martin',
  email: 'agent@etat.example',
  siret: '13002526500013',
};

interface Asked {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

export interface SmallIdp {
  readonly secret: string;
  readonly record: IdentityProvider;
  /** Path of each request, in order. */
  readonly requests: string[];
  /** Forms that we sent to the token endpoint and to the one for pushed requests, in order. */
  readonly forms: URLSearchParams[];
  deviation: Deviation;
  /** Of the ID token, besides the protocol's own. */
  authentication: Json;
  authTime: number | undefined;
  readonly fetch: typeof globalThis.fetch;
  /** The person signs in: from our authorization URL to the callback URL. */
  readonly answer: (url: URL, query?: Readonly<Record<string, string>>) => URL;
  /** A JWT signed with the published key. */
  readonly signed: (claims: Json, header?: Json) => Promise<string>;
}

export async function createSmallIdp(
  options: {
    readonly id?: string;
    readonly issuer?: string;
    readonly alg?: IdentityProvider['id_token_signed_response_alg'];
    readonly clock?: () => Date;
    readonly record?: Partial<IdentityProvider>;
    /** Absent: by the secret, in the header. */
    readonly authenticates?: (form: URLSearchParams) => Promise<boolean>;
  } = {},
): Promise<SmallIdp> {
  const { id = 'etat', alg = 'ES256', clock = () => new Date() } = options;
  const issuer = options.issuer ?? `https://${id}.idp.example`;
  const secret = 'a-secret-of-the-broker-at-this-idp';
  const clientId = `broker-at-${id}`;
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const usualHeader = { alg, kid: 'k1' };
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg }] };
  const codes = new Map<string, Asked>();
  const pushed = new Map<string, URLSearchParams>();
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: true,
    id_token_signing_alg_values_supported: ['ES256', 'RS256', 'none'],
    userinfo_signing_alg_values_supported: [alg],
  };

  const idp: SmallIdp = {
    secret,
    requests: [],
    forms: [],
    deviation: {},
    authentication: { acr: 'high', amr: ['pwd', 'otp'] },
    authTime: undefined,
    record: {
      id,
      name: `Annuaire ${id}`,
      issuer,
      client_id: clientId,
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: alg,
      scope: 'openid given_name usual_name email siret',
      domains: ['etat.example'],
      acr: { values: { low: 'eidas1', high: 'eidas1-mfa', card: 'eidas3' }, maximum: 'eidas2' },
      amr: { values: { pwd: 'pwd', otp: 'otp' } },
      allow_subdomains: false,
      any_siret: true,
      organization_link: { level: 'moderated', method: 'idp' },
      support: { name: 'Assistance', email: 'assistance@etat.example' },
      enabled: true,
      timeout_s: 2,
      ...options.record,
    },

    answer(url, query = {}) {
      const asked = pushed.get(url.searchParams.get('request_uri') ?? '') ?? url.searchParams;
      const code = createHash('sha256').update(url.href).digest('hex');
      const redirectUri = asked.get('redirect_uri') ?? '';
      codes.set(code, {
        challenge: asked.get('code_challenge') ?? '',
        nonce: asked.get('nonce') ?? '',
        redirectUri,
      });
      const callback = new URL(redirectUri);
      const answer = 'error' in query ? { iss: issuer, ...query } : { code, iss: issuer, ...query };
      callback.search = new URLSearchParams({ state: asked.get('state') ?? '', ...answer }).toString();
      idp.deviation.callback?.(callback.searchParams);
      return callback;
    },

    async fetch(input, init) {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      idp.requests.push(pathname);
      const replaced = idp.deviation.at?.(pathname, init?.signal ?? undefined);
      if (replaced !== undefined) return replaced;
      if (pathname === '/.well-known/openid-configuration') return respond(metadata, idp.deviation.metadata);
      if (pathname === '/jwks') return respond(jwks, idp.deviation.jwks);
      if (pathname === '/token') return token(request);
      if (pathname === '/par') return push(request);
      if (pathname === '/userinfo' && request.headers.get('authorization') === `Bearer ${accessToken}`) {
        return respond(person, idp.deviation.userinfo);
      }
      return new Response(null, { status: pathname === '/userinfo' ? 401 : 404 });
    },

    signed: (claims, header = {}) =>
      new SignJWT({ ...claims }).setProtectedHeader({ ...usualHeader, ...header }).sign(privateKey),
  };

  async function isClient(request: Request, form: URLSearchParams): Promise<boolean> {
    if (options.authenticates !== undefined) return options.authenticates(form);
    const basic = Buffer.from(
      (request.headers.get('authorization') ?? '').replace('Basic ', ''),
      'base64',
    ).toString();
    return decodeURIComponent(basic) === `${clientId}:${secret}`;
  }

  async function push(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    idp.forms.push(form);
    if (!(await isClient(request, form))) return Response.json({ error: 'invalid_client' }, { status: 401 });
    const reference = `urn:ietf:params:oauth:request_uri:${pushed.size}`;
    pushed.set(reference, form);
    return Response.json({ request_uri: reference, expires_in: 60 }, { status: 201 });
  }

  async function token(request: Request): Promise<Response> {
    const body = new URLSearchParams(await request.text());
    idp.forms.push(body);
    const code = body.get('code') ?? '';
    const asked = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (!(await isClient(request, body))) return Response.json({ error: 'invalid_client' }, { status: 401 });
    if (asked?.challenge !== challenge || asked.redirectUri !== body.get('redirect_uri')) {
      return Response.json(
        { error: 'invalid_grant', error_description: 'code unknown or used' },
        { status: 400 },
      );
    }
    const now = Math.floor(clock().getTime() / 1000);
    const right = {
      iss: issuer,
      sub: person.sub,
      aud: clientId,
      nonce: asked.nonce,
      iat: now,
      exp: now + 300,
      auth_time: idp.authTime ?? now,
      ...idp.authentication,
    };
    const claims = idp.deviation.claims?.(right) ?? right;
    const header = idp.deviation.header?.(usualHeader) ?? usualHeader;
    const idToken = await (idp.deviation.sign?.(header, claims) ?? idp.signed(claims, header));
    return respond(
      { access_token: accessToken, token_type: 'Bearer', expires_in: 60, id_token: idToken },
      idp.deviation.token,
    );
  }

  return idp;
}

export const accessToken = 'an-access-token';

function respond(json: Json, bend: ((json: Json) => Answer) | undefined): Response {
  const answer = bend === undefined ? json : bend(json);
  return answer instanceof Response ? answer : Response.json(answer);
}
