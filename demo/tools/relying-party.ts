import * as openid from 'openid-client';
import { z } from 'zod';
import { InvalidAnswer } from './broker-error.ts';
import type { DemoToolDefinition } from './definitions.ts';

/** What a person, or a test, may add to the address of the sign-in. */
export const signInWishes = z.strictObject({
  prompt: z.string().max(100).optional(),
  login_hint: z.string().max(320).optional(),
  max_age: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  /** Levels that the tool demands, separated by spaces or commas: an essential `acr` claim. */
  acr: z.string().max(200).optional(),
  acr_values: z.string().max(200).optional(),
  ui_locales: z.string().max(100).optional(),
  idp_hint: z.string().max(100).optional(),
  siret_hint: z.string().max(20).optional(),
});
export type SignInWishes = z.infer<typeof signInWishes>;

/** A sign-in under way: kept in the browser's session until the answer comes, then used once. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly maxAge: number | undefined;
  readonly acr: readonly string[];
}

export type Claims = Readonly<Record<string, unknown>>;

export interface SignedIn {
  readonly idToken: string;
  readonly idTokenClaims: Claims;
  readonly userinfo: Claims;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly tokenType: string;
  readonly scope: string | undefined;
  /** Epoch seconds. */
  readonly expiresAt: number | undefined;
  readonly refreshedBy: 'refresh_token' | 'userinfo' | undefined;
}

export interface RelyingParty {
  readonly start: (wishes: SignInWishes) => Promise<{ readonly url: URL; readonly attempt: Attempt }>;
  /** @param query the query of the callback, with its question mark or without */
  readonly finish: (query: string, attempt: Attempt) => Promise<SignedIn>;
  /** By the refresh token, or, when there is none, by asking userinfo again. */
  readonly refresh: (signedIn: SignedIn) => Promise<SignedIn>;
  /** Undefined when the broker has no logout endpoint. */
  readonly signOutUrl: (signedIn: SignedIn, state: string) => Promise<URL | undefined>;
}

type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

/**
 * The whole OpenID Connect of a tool, with openid-client: what a developer would copy. Discovery is done at the first
 * need, shared by those who wait for it, and tried again after a failure, so that tool and broker start in any order.
 *
 * @param baseUrl public address of the tool, without a final slash: `http://localhost:3002/docs`
 */
export const createRelyingParty = (
  tool: DemoToolDefinition,
  issuer: string,
  baseUrl: string,
): RelyingParty => {
  let discovered: Promise<openid.Configuration> | undefined;

  const discover = (): Promise<openid.Configuration> => {
    discovered ??= openid
      .discovery(
        new URL(issuer),
        tool.id,
        undefined,
        tool.authentication === 'client_secret_basic'
          ? openid.ClientSecretBasic(tool.secret)
          : openid.ClientSecretPost(tool.secret),
        {
          timeout: 10,
          // Without the first, openid-client trusts TLS and does not verify signatures in the code flow.
          execute: [
            openid.enableNonRepudiationChecks,
            ...(issuer.startsWith('http://') ? [openid.allowInsecureRequests] : []),
          ],
        },
      )
      .catch((error: unknown) => {
        discovered = undefined;
        throw error;
      });
    return discovered;
  };

  const read = async (
    config: openid.Configuration,
    tokens: Tokens,
    before: SignedIn | undefined,
  ): Promise<SignedIn> => {
    const idTokenClaims: Claims | undefined = tokens.claims() ?? before?.idTokenClaims;
    const idToken = tokens.id_token ?? before?.idToken;
    const subject = idTokenClaims?.['sub'];
    if (idToken === undefined || idTokenClaims === undefined || typeof subject !== 'string') {
      throw new InvalidAnswer('no ID token');
    }
    const lifetime = tokens.expires_in;
    return {
      idToken,
      idTokenClaims,
      userinfo: await openid.fetchUserInfo(config, tokens.access_token, subject),
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? before?.refreshToken,
      tokenType: tokens.token_type,
      scope: tokens.scope ?? before?.scope,
      expiresAt: lifetime === undefined ? undefined : Math.floor(Date.now() / 1000) + lifetime,
      refreshedBy: before === undefined ? undefined : 'refresh_token',
    };
  };

  return {
    start: async ({ acr, ...passed }) => {
      const config = await discover();
      const attempt: Attempt = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        codeVerifier: openid.randomPKCECodeVerifier(),
        maxAge: passed.max_age === undefined ? undefined : Number(passed.max_age),
        acr: acr?.split(/[\s,]+/).filter((value) => value !== '') ?? [],
      };
      const url = openid.buildAuthorizationUrl(config, {
        ...Object.fromEntries(Object.entries(passed).filter(([, value]) => value !== '')),
        redirect_uri: `${baseUrl}/callback`,
        scope: tool.scope,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
        ...(attempt.acr.length > 0 && {
          claims: JSON.stringify({ id_token: { acr: { essential: true, values: attempt.acr } } }),
        }),
      });
      return { url, attempt };
    },

    finish: async (query, attempt) => {
      const config = await discover();
      // From the configured address, never from the request: openid-client takes the redirect_uri out of it.
      const callback = new URL(`${baseUrl}/callback`);
      callback.search = query;
      const tokens = await openid.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: attempt.codeVerifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
        ...(attempt.maxAge !== undefined && { maxAge: attempt.maxAge }),
      });
      const reached: unknown = tokens.claims()?.acr;
      if (attempt.acr.length > 0 && !attempt.acr.some((acr) => acr === reached)) {
        throw new InvalidAnswer(`acr ${JSON.stringify(reached)}, wanted ${attempt.acr.join(' ')}`);
      }
      return read(config, tokens, undefined);
    },

    refresh: async (signedIn) => {
      const config = await discover();
      const subject = signedIn.idTokenClaims['sub'];
      if (signedIn.refreshToken !== undefined) {
        return read(config, await openid.refreshTokenGrant(config, signedIn.refreshToken), signedIn);
      }
      if (typeof subject !== 'string') throw new InvalidAnswer('no subject');
      const userinfo = await openid.fetchUserInfo(config, signedIn.accessToken, subject);
      return { ...signedIn, userinfo, refreshedBy: 'userinfo' };
    },

    signOutUrl: async (signedIn, state) => {
      const config = await discover();
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return openid.buildEndSessionUrl(config, {
        id_token_hint: signedIn.idToken,
        post_logout_redirect_uri: `${baseUrl}/logout-callback`,
        state,
      });
    },
  };
};
