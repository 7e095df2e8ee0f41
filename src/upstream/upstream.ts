/**
 * upstream/: the OpenID client towards identity providers.
 *
 * What it does: sends a person to an IdP (`start`) and reads the answer (`finish`) with every check of OpenID Connect
 * Core §3.1.3.7, signature included. It answers an identity or one error code; it touches no account and no session.
 *
 * Flow: start: metadata.ts (cached) → authorization-request.ts (PKCE, nonce, state) → attempt.ts (one sealed cookie).
 * finish: attempt.ts → callback.ts (state, same IdP, age, enabled) → `once` → callback.ts (iss, error) → exchange.ts
 * (code, id-token.ts, userinfo) → asserted-identity.ts (names, e-mail in the IdP's domains, SIRET, acr).
 * signOut: end-session.ts (an IdP that answers is visited on the way out, and never waited for).
 *
 * May import: homerealm (authority), identity (canonical e-mail), declarations (records), eligibility (order of acr),
 * organizations (SIRET), http (bounded reading), config, errors. The answer leaves here whole or not at all.
 */
import { buildAuthorizationUrl, randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import { isLoopback } from '../config/config.ts';
import type { Clock, Logger, Seal } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { assertedIdentity } from './asserted-identity.ts';
import { attemptCookieName, attemptLifetime, openAttempt, publicAttempt, sealAttempt } from './attempt.ts';
import type { SealedAttempt } from './attempt.ts';
import { authorizationParameters } from './authorization-request.ts';
import { checkAnswer, checkAttempt, stateOf } from './callback.ts';
import { createUpstreamSignOut } from './end-session.ts';
import type { UpstreamSignOut } from './end-session.ts';
import { exchange } from './exchange.ts';
import { metadataFailure } from './failures.ts';
import { createMetadata } from './metadata.ts';
import type { UpstreamIdentity, UpstreamRequest, UpstreamResult, UpstreamStart } from './types.ts';

export type { UpstreamSignOut } from './end-session.ts';
export type { Attempt, UpstreamIdentity, UpstreamRequest, UpstreamResult, UpstreamStart } from './types.ts';

export interface Upstream {
  readonly signOut: Pick<UpstreamSignOut, 'leave' | 'comeBack'>;
  /** @throws BrokerError M-UPST-001, M-UPST-002 (metadata), M-UPST-014 (disabled), M-UPST-015 (level out of reach) */
  start(idp: IdentityProvider, request: UpstreamRequest): Promise<UpstreamStart>;
  /**
   * @param idp of the path; undefined when no such IdP is declared any more
   * @param currentUrl only its query is read: the redirect URI is rebuilt from the configured issuer
   * @param readCookie the value of a cookie of the request
   */
  finish(
    idp: IdentityProvider | undefined,
    currentUrl: URL,
    readCookie: (name: string) => string | undefined,
  ): Promise<UpstreamResult>;
}

export interface UpstreamNeeds {
  /** Our public issuer, path included. */
  readonly issuer: URL;
  readonly seal: Seal;
  /** For what outlives an attempt: until the person signs out. */
  readonly signOutSeal: Seal;
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Allows an IdP declared with an http issuer on a loopback address: demonstration and tests. */
  readonly allowLoopbackHttp: boolean;
  readonly secretOf: (idp: IdentityProvider) => Promise<string | undefined>;
  /** An atomic mark shared by all processes: true for whoever sets it first. */
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
}

/** Under the issuer: where IdPs send back to once the person has signed out there. They have to register it. */
const signOutReturnPath = '/logout-callback';

export function createUpstream(needs: UpstreamNeeds): Upstream {
  const { issuer, seal, clock, once } = needs;
  const secure = issuer.protocol === 'https:';
  const callbackOf = (idpId: string) => new URL(`${issuer.href.replace(/\/$/, '')}/callback/${idpId}`);
  const fetch = needs.fetch ?? globalThis.fetch;
  const metadata = createMetadata({ ...needs, fetch });
  const signOut = createUpstreamSignOut({
    returnUri: new URL(`${issuer.href.replace(/\/$/, '')}${signOutReturnPath}`),
    seal: needs.signOutSeal,
    fetch,
    metadata,
    logger: needs.logger,
  });

  async function identityOf(
    attempt: SealedAttempt,
    idp: IdentityProvider | undefined,
    parameters: URLSearchParams,
    state: string,
  ): Promise<{ identity: UpstreamIdentity; signOutHint: string }> {
    const now = clock();
    const asked = checkAttempt({ parameters, attempt, idp, now }, state);
    const connection = await metadata(asked);
    const expiresAt = new Date(attempt.startedAt.getTime() + attemptLifetime * 1000);
    if (!(await once(`upstream:${attemptCookieName(attempt.state, false)}`, expiresAt))) {
      throw new BrokerError('M-UPST-004', {
        detail: 'this callback was used already',
        values: { idp: asked.name },
      });
    }
    checkAnswer(parameters, asked, connection);
    const currentUrl = callbackOf(asked.id);
    currentUrl.search = parameters.toString();
    const assertions = await exchange({ connection, idp: asked, attempt, currentUrl, now });
    return {
      identity: assertedIdentity(asked, assertions, attempt),
      signOutHint: await signOut.hint(assertions.idTokenJwt),
    };
  }

  return {
    signOut,

    async start(idp, request) {
      const values = { idp: idp.name };
      if (!idp.enabled) throw new BrokerError('M-UPST-014', { detail: idp.id, values });
      const connection = await metadata(idp);
      const attempt: SealedAttempt = {
        interactionUid: request.interactionUid,
        idpId: idp.id,
        startedAt: clock(),
        forceLogin: request.forceLogin ?? false,
        maxAge: request.maxAge,
        acrValues: request.acrValues ?? [],
        state: randomState(),
        nonce: randomNonce(),
        codeVerifier: randomPKCECodeVerifier(),
      };
      const callback = callbackOf(idp.id);
      const parameters = authorizationParameters(idp, attempt, request, {
        redirectUri: callback.href,
        readsClaimsParameter: connection.readsClaimsParameter,
      });
      return {
        url: authorizationUrl(connection.config, parameters, values),
        cookie: {
          name: attemptCookieName(attempt.state, secure),
          value: await sealAttempt(seal, attempt),
          path: callback.pathname,
          maxAgeSeconds: attemptLifetime,
        },
      };
    },

    async finish(idp, currentUrl, readCookie) {
      const state = stateOf(currentUrl.searchParams);
      const name = state === undefined ? undefined : attemptCookieName(state, secure);
      const cookie = name === undefined ? undefined : readCookie(name);
      const attempt = cookie === undefined ? undefined : await openAttempt(seal, cookie);
      if (state === undefined || name === undefined || attempt === undefined) {
        const detail =
          state === undefined
            ? 'no single state'
            : cookie === undefined
              ? 'no cookie'
              : 'cookie that does not open';
        const error = new BrokerError('M-UPST-004', { detail, values: { idp: idp?.name ?? '' } });
        return { ok: false, error, attempt: undefined, clearCookie: cookie === undefined ? undefined : name };
      }
      const known = publicAttempt(attempt);
      try {
        const found = await identityOf(attempt, idp, currentUrl.searchParams, state);
        return { ok: true, attempt: known, clearCookie: name, ...found };
      } catch (error) {
        if (!(error instanceof BrokerError)) throw error;
        return { ok: false, error, attempt: known, clearCookie: name };
      }
    },
  };
}

/** Where we send the browser: the library refuses what is not http(s), we refuse http that is not loopback. */
function authorizationUrl(
  config: Parameters<typeof buildAuthorizationUrl>[0],
  parameters: Record<string, string>,
  values: Readonly<Record<string, string>>,
): URL {
  let url: URL;
  try {
    url = buildAuthorizationUrl(config, parameters);
  } catch (error) {
    throw metadataFailure(error, values);
  }
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    throw new BrokerError('M-UPST-002', {
      detail: `authorization endpoint ${url.host} is not https`,
      values,
    });
  }
  return url;
}
