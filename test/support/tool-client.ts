/**
 * A confidential client made by hand, for journeys that need to hold the tokens of a demo tool themselves: it asks for
 * what a test wants, reads what comes back, and checks what every tool has to check (state, `iss`, signatures).
 *
 * Flow: `attempt()` makes an authorization request; a browser goes there and stops before the tool (`isCallback`);
 * `answer()` reads what it was sent with; `redeem`, `refresh`, `userinfo`, `introspect`, `endSessionUrl` do the rest.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { request } from 'undici';
import { z } from 'zod';
import type { Page } from './browser-session.ts';
import type { World } from './world.ts';

export type DemoToolId = 'docs' | 'tchap' | 'visio';
/** `undefined` leaves a parameter out. */
export type Parameters = Readonly<Record<string, string | undefined>>;
export type Claims = Readonly<Record<string, unknown>>;

export interface Attempt {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What the browser carries to the tool. */
export interface ToolAnswer {
  readonly code?: string;
  readonly error?: string;
  readonly description?: string;
}

const tokenAnswerSchema = z.object({
  access_token: z.string().optional(),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
  expires_in: z.number().optional(),
  scope: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});

export type TokenAnswer = z.output<typeof tokenAnswerSchema> & { readonly status: number };

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
  /** Verified: signature, issuer, audience, nonce. */
  readonly claims: Claims;
  readonly expiresIn: number;
  readonly scope: string;
}

export interface UserinfoAnswer {
  readonly status: number;
  readonly claims: Claims;
  readonly type: string;
  /** The error of the challenge (RFC 6750 §3), when there is one. */
  readonly error: string | undefined;
}

export interface ToolClient {
  readonly id: DemoToolId;
  readonly attempt: (changes?: Parameters) => Attempt;
  /** Where a browser stops, so that the test reads the answer and the demo tool does not. */
  readonly isCallback: (url: URL) => boolean;
  readonly answer: (attempt: Attempt, page: Page) => ToolAnswer;
  readonly redeem: (attempt: Attempt, code: string, changes?: Parameters) => Promise<TokenAnswer>;
  readonly tokens: (attempt: Attempt, answer: ToolAnswer) => Promise<Tokens>;
  readonly refresh: (refreshToken: string, changes?: Parameters) => Promise<TokenAnswer>;
  readonly userinfo: (accessToken: string) => Promise<UserinfoAnswer>;
  readonly introspect: (token: string) => Promise<Claims>;
  readonly revoke: (token: string) => Promise<void>;
  readonly endSessionUrl: (parameters: Parameters) => string;
}

const objectSchema = z.record(z.string(), z.unknown());
const random = (): string => randomBytes(32).toString('base64url');
const queryOf = (parameters: Parameters): string =>
  new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    ),
  ).toString();

/** @param scope asked for by default; `docs`, `tchap` and `visio` may ask for everything */
export function createToolClient(
  world: Pick<World, 'issuer' | 'tools'>,
  id: DemoToolId,
  scope = 'openid email siret organization_type is_public_service roles eligibility entitlements',
): ToolClient {
  const { issuer } = world;
  const redirectUri = `${new URL(world.tools).origin}/${id}/callback`;
  const secret = `${id}-demo-secret-not-for-production-0123456789`;
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const verified = async (jwt: string): Promise<Claims> =>
    (await jwtVerify(jwt, keys, { issuer, audience: id })).payload;

  async function post(path: string, parameters: Parameters) {
    const basic = id === 'tchap';
    const { statusCode, body } = await request(`${issuer}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(basic ? { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` } : {}),
      },
      body: queryOf({ ...(basic ? {} : { client_id: id, client_secret: secret }), ...parameters }),
    });
    const text = await body.text();
    const json: unknown = text === '' ? {} : JSON.parse(text);
    return { status: statusCode, json };
  }

  async function askTokens(parameters: Parameters): Promise<TokenAnswer> {
    const { status, json } = await post('/token', parameters);
    return { status, ...tokenAnswerSchema.parse(json) };
  }

  const client: ToolClient = {
    id,
    attempt: (changes = {}) => {
      const [state, nonce, verifier] = [random(), random(), random()];
      const query = queryOf({
        client_id: id,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...changes,
      });
      return { url: `${issuer}/authorize?${query}`, state, nonce, verifier };
    },
    isCallback: (url) => url.origin + url.pathname === redirectUri,
    answer: ({ state }, { location, url, status }) => {
      if (location === undefined || !client.isCallback(new URL(location)))
        throw new Error(`not sent back to ${id} but on ${url} (${status})`);
      const read = new URL(location).searchParams;
      if (read.get('state') !== state || read.get('iss') !== issuer)
        throw new Error(`wrong state or iss: ${location}`);
      const named = (name: string) => read.get(name) ?? undefined;
      const [code, error, description] = [named('code'), named('error'), named('error_description')];
      return {
        ...(code === undefined ? {} : { code }),
        ...(error === undefined ? {} : { error }),
        ...(description === undefined ? {} : { description }),
      };
    },
    redeem: ({ verifier }, code, changes = {}) =>
      askTokens({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...changes,
      }),
    tokens: async (attempt, answer) => {
      const got = answer.code === undefined ? undefined : await client.redeem(attempt, answer.code);
      const { access_token: accessToken, id_token: idToken } = got ?? {};
      if (got === undefined || accessToken === undefined || idToken === undefined)
        throw new Error(`no tokens: ${JSON.stringify(got ?? answer)}`);
      const claims = await verified(idToken);
      if (claims['nonce'] !== attempt.nonce) throw new Error('wrong nonce');
      const { refresh_token: refreshToken = '', expires_in: expiresIn = 0, scope: given = '' } = got;
      return { accessToken, refreshToken, idToken, claims, expiresIn, scope: given };
    },
    refresh: (refreshToken, changes = {}) =>
      askTokens({ grant_type: 'refresh_token', refresh_token: refreshToken, ...changes }),
    userinfo: async (accessToken) => {
      const { statusCode, headers, body } = await request(`${issuer}/userinfo`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      const text = await body.text();
      const type = String(headers['content-type']).split(';')[0] ?? '';
      const challenge = String(headers['www-authenticate'] ?? '');
      return {
        status: statusCode,
        claims: type === 'application/jwt' ? await verified(text) : objectSchema.parse(JSON.parse(text)),
        type,
        error: /error="([^"]*)"/.exec(challenge)?.[1],
      };
    },
    introspect: async (token) => objectSchema.parse((await post('/token/introspection', { token })).json),
    revoke: async (token) => {
      const { status } = await post('/token/revocation', { token });
      if (status !== 200) throw new Error(`revocation answered ${status}`);
    },
    endSessionUrl: (parameters) => `${issuer}/session/end?${queryOf(parameters)}`,
  };
  return client;
}
