/**
 * upstream/: the OpenID client towards identity providers.
 *
 * What it does: sends a person to an IdP (`start`) and reads the answer (`finish`) with every check of OpenID Connect
 * Core §3.1.3.7, signature included. It answers an identity or one error code; it touches no account and no session.
 *
 * Flow: start: metadata.ts (cached) → door.ts (is somebody there?) → authorization-request.ts (PKCE, nonce, state) → attempt.ts
 * (one sealed cookie).
 * finish: attempt.ts → callback.ts (state, same IdP, age, enabled, iss, error) → exchanges.ts (a place) → `once` → exchange.ts
 * (code, id-token.ts, userinfo) → map-claims.ts (claims under our names) → asserted-identity.ts (names, e-mail in the IdP's
 * domains, SIRET, acr.ts); preview.ts shows the last two on a pasted answer.
 * signOut: end-session.ts (an IdP that answers is visited on the way out, and never waited for).
 * loggedOut: inbound-logout.ts → logout-token.ts (an IdP says who signed out there).
 * Everything that is asked of an IdP goes through one fetch (reach.ts, guarded-fetch.ts, open-answers.ts), and each answer
 * that is refused leaves a trace (refusals.ts).
 * Beside: watch.ts looks at each IdP in the background (metadata.ts, keys.ts, door.ts), exchanges.ts keeps one that fails or is
 * slow from holding the others up, budget.ts from holding one person up, status.ts and figures.ts say how each is.
 *
 * May import: homerealm (authority), identity (canonical e-mail), declarations (records), eligibility (order of acr),
 * organizations (SIRET), keys (what we sign with and open), http (guarded fetch), config, errors. The answer leaves here whole or not at all.
 */
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { Clock, Logger, Seal } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { GuardedFetch } from '../http/http.ts';
import type { KeySet } from '../keys/keys.ts';
import { assertedIdentity } from './asserted-identity.ts';
import { attemptCookieName, attemptLifetime, openAttempt, publicAttempt, sealAttempt } from './attempt.ts';
import type { SealedAttempt } from './attempt.ts';
import { authorizationParameters } from './authorization-request.ts';
import { authorizationUrl } from './authorization-url.ts';
import { startBudget } from './budget.ts';
import { checkAttempt, refusalOf, stateOf } from './callback.ts';
import { watchCertificates } from './certificates.ts';
import { createClosable } from './closable.ts';
import { createUpstreamSignOut } from './end-session.ts';
import type { UpstreamSignOut } from './end-session.ts';
import { exchange } from './exchange.ts';
import { createExchanges } from './exchanges.ts';
import type { ExchangeProtection } from './exchanges.ts';
import { createHistory } from './history.ts';
import { createInboundLogout, idpSessionOf } from './inbound-logout.ts';
import type { InboundLogout, RecordedLogout } from './inbound-logout.ts';
import { createMetadata } from './metadata.ts';
import { reachOf } from './reach.ts';
import type { FetchFor } from './reach.ts';
import { createRefusals } from './refusals.ts';
import type { RecordedRefusal } from './refusals.ts';
import { statusOf } from './status.ts';
import type { IdpStatus } from './status.ts';
import type { UpstreamRequest, UpstreamResult, UpstreamStart } from './types.ts';
import { startWatch } from './watch.ts';
import type { Pace, Watch } from './watch.ts';

export { createFetchFor } from './reach.ts';
export type { FetchFor, Reach } from './reach.ts';
export type { LoggedOut } from './logout-token.ts';
export { usualPace } from './watch.ts';
export type { Pace } from './watch.ts';
export type { ExchangeProtection } from './exchanges.ts';
export { exchangeFigures, statusFigures } from './figures.ts';
export { windowMinutes } from './history.ts';
export { shareStatuses } from './shared-status.ts';
export type { Board } from './shared-status.ts';
export type { IdpStatus } from './status.ts';
export { previewClaims } from './preview.ts';
export type { Answers, Preview } from './preview.ts';
export type { UpstreamSignOut } from './end-session.ts';
export type { Attempt, UpstreamIdentity, UpstreamRequest, UpstreamResult, UpstreamStart } from './types.ts';

export interface Upstream {
  readonly signOut: Pick<UpstreamSignOut, 'leave' | 'comeBack' | 'whose'>;
  readonly loggedOut: InboundLogout;
  /**
   * @throws BrokerError M-UPST-001 (also: nobody is there), M-UPST-002 and M-UPST-020 to M-UPST-028 (metadata), M-UPST-029
   *   (pushed request), M-UPST-046 (too long), M-UPST-014 (disabled), M-UPST-015 (level out of reach)
   */
  start(idp: IdentityProvider, request: UpstreamRequest): Promise<UpstreamStart>;
  /**
   * @param asked the IdP of the path; its name there alone when none of this name is declared
   * @param currentUrl only its query is read: the redirect URI is rebuilt from the configured issuer
   * @param readCookie the value of a cookie of the request
   */
  finish(
    asked: IdentityProvider | string,
    currentUrl: URL,
    readCookie: (name: string) => string | undefined,
  ): Promise<UpstreamResult>;
  /** As this process sees it. */
  readonly status: (idp: IdentityProvider) => IdpStatus;
  /** Whether nobody can sign in there now: it is known, or found out within about a second (door.ts). Never rejects. */
  readonly isAway: (idp: IdentityProvider) => Promise<boolean>;
  /** Looks at IdPs in the background from now on. */
  watch(idps: () => readonly IdentityProvider[], pace: Pace): Watch;
  /** Gives up what is under way: nobody waits for it any more. */
  close(): void;
}

/** What goes into the record of acts. */
export type RecordedEvent = RecordedRefusal | RecordedLogout;

export interface UpstreamNeeds {
  /** Our public issuer, path included. */
  readonly issuer: URL;
  readonly seal: Seal;
  /** For what outlives an attempt: until the person signs out. */
  readonly signOutSeal: Seal;
  readonly clock: Clock;
  /** `createFetchFor`: everything that this room asks of an IdP goes through it. */
  readonly fetchFor: FetchFor;
  /** What we sign assertions with, and what is encrypted to us. */
  readonly keys: () => Pick<KeySet, 'signingKey' | 'decryptionKeys'>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Allows an IdP declared with an http issuer on a loopback address: demonstration and tests. */
  readonly allowLoopbackHttp: boolean;
  readonly secretOf: (idp: IdentityProvider) => Promise<string | undefined>;
  readonly protection?: ExchangeProtection | undefined;
  /** Told of the end of each exchange: `ok` or a code, and its milliseconds. */
  readonly onExchange?: ((idp: IdentityProvider, outcome: string, ms: number) => void) | undefined;
  /** An atomic mark shared by all processes: true for whoever sets it first. */
  readonly once: (key: string, expiresAt: Date) => Promise<boolean>;
  /** Adds an entry to the record of acts. */
  readonly record: (at: Date, event: RecordedEvent) => Promise<void>;
}

/** Under the issuer: where IdPs send back to once the person has signed out there. They have to register it. */
const signOutReturnPath = '/logout-callback';

export function createUpstream(needs: UpstreamNeeds): Upstream {
  const { issuer, seal, clock, once } = needs;
  const secure = issuer.protocol === 'https:';
  const callbackOf = (idpId: string) => new URL(`${issuer.href.replace(/\/$/, '')}/callback/${idpId}`);
  const closable = createClosable(needs.fetchFor);
  const { fetchFor } = closable;
  const fetchOf = (idp: IdentityProvider): GuardedFetch => fetchFor(reachOf(idp, needs.allowLoopbackHttp));
  const refused = createRefusals(needs);
  const history = createHistory(clock);
  const reading = createMetadata({ ...needs, fetchFor, onKeyChange: ({ id }) => history.keysChanged(id) });
  const metadata = reading.of;
  const isFailing = (idpId: string) => reading.held(idpId)?.isFailing === true;
  const exchanges = createExchanges({
    ...needs,
    history,
    isFailing,
    onAnswer: reading.note,
    onEnd: needs.onExchange,
  });
  let hosts: ReadonlySet<string> = new Set();
  const certificates = watchCertificates((hostname) => hosts.has(hostname));
  const signOut = createUpstreamSignOut({
    returnUri: new URL(`${issuer.href.replace(/\/$/, '')}${signOutReturnPath}`),
    seal: needs.signOutSeal,
    fetchOf,
    metadata,
    logger: needs.logger,
  });

  const loggedOut = createInboundLogout({ ...needs, metadata, refused });

  async function identityOf(
    attempt: SealedAttempt,
    path: IdentityProvider | string,
    parameters: URLSearchParams,
    state: string,
  ): Promise<Pick<Extract<UpstreamResult, { ok: true }>, 'identity' | 'signOutHint' | 'idpSession'>> {
    const now = clock();
    const asked = checkAttempt({ parameters, attempt, path, now }, state);
    const budget = startBudget(asked);
    const connection = await metadata(asked);
    const expiresAt = new Date(attempt.startedAt.getTime() + attemptLifetime * 1000);
    const spend = async () => {
      if (await once(`upstream:${attemptCookieName(attempt.state, false)}`, expiresAt)) return;
      throw new BrokerError('M-UPST-004', {
        detail: 'this callback was used already',
        values: { idp: asked.name },
      });
    };
    const refusal = refusalOf(parameters, asked, connection);
    if (refusal !== undefined) {
      await spend();
      throw refusal;
    }
    const currentUrl = callbackOf(asked.id);
    currentUrl.search = parameters.toString();
    const assertions = await exchanges.run(asked, spend, () =>
      budget.within(() => exchange({ connection, idp: asked, attempt, currentUrl, now })),
    );
    return {
      identity: assertedIdentity(asked, assertions, attempt),
      signOutHint: await signOut.hint(assertions.idTokenJwt),
      idpSession: idpSessionOf(assertions.idToken),
    };
  }

  async function begin(idp: IdentityProvider, request: UpstreamRequest): Promise<UpstreamStart> {
    const values = { idp: idp.name };
    if (!idp.enabled) throw new BrokerError('M-UPST-014', { detail: idp.id, values });
    history.begun(idp.id);
    exchanges.assertAsked(idp);
    const budget = startBudget(idp);
    const connection = await metadata(idp);
    await reading.assertThere(idp, connection);
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
    const url = () => authorizationUrl(connection, parameters, values);
    return {
      url: await (connection.takesPushedRequests ? exchanges.begin(idp, () => budget.within(url)) : url()),
      cookie: {
        name: attemptCookieName(attempt.state, secure),
        value: await sealAttempt(seal, attempt),
        path: callback.pathname,
        maxAgeSeconds: attemptLifetime,
      },
    };
  }

  const status = (idp: IdentityProvider) =>
    statusOf(idp, { metadata: reading, exchanges, history, certificates });

  return {
    signOut,
    loggedOut,
    status,
    async isAway(idp) {
      const { reach, breaker } = status(idp);
      return reach === 'away' || breaker === 'open' || reading.isGone(idp);
    },

    watch(idps, pace) {
      return startWatch({
        pace,
        idps: () => {
          const now = idps();
          hosts = new Set(now.map((idp) => new URL(idp.issuer).hostname));
          return now;
        },
        look: reading.look,
        isDue: (idpId) => reading.held(idpId)?.isDue === true,
        isUsed: history.isUsed,
      });
    },
    close() {
      certificates.stop();
      closable.close();
    },

    async start(idp, request) {
      try {
        return await begin(idp, request);
      } catch (error) {
        // Closed already, or a level that it does not give: it was asked for nothing.
        if (error instanceof BrokerError && !['M-UPST-014', 'M-UPST-015'].includes(error.code))
          await refused(idp, error.code);
        throw error;
      }
    },

    async finish(asked, currentUrl, readCookie) {
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
        const error = new BrokerError('M-UPST-004', { detail });
        return { ok: false, error, attempt: undefined, clearCookie: cookie === undefined ? undefined : name };
      }
      const known = publicAttempt(attempt);
      try {
        const found = await identityOf(attempt, asked, currentUrl.searchParams, state);
        return { ok: true, attempt: known, clearCookie: name, ...found };
      } catch (error) {
        if (!(error instanceof BrokerError)) throw error;
        await refused({ id: attempt.idpId }, error.code, typeof asked === 'string' ? undefined : asked);
        return { ok: false, error, attempt: known, clearCookie: name };
      }
    },
  };
}
