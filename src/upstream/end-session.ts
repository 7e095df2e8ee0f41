import { decodeJwt } from 'jose';
import { z } from 'zod';
import { isLoopback } from '../config/config.ts';
import type { Logger, Seal } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Connection } from './connection.ts';
import type { GuardedFetch } from '../http/http.ts';
import { guardedFetch } from './guarded-fetch.ts';

/** Milliseconds that the person waits for an IdP, all in all, before being sent on without it. */
export const patience = 1_500;
/** Characters of the address that sends people there: nginx and Apache read lines of 8 kB, and answer a longer one with an error. */
const longestAddress = 7_000;
/** Seconds that a person may stay at the IdP (which may ask) and still come back to the tool. */
const returnWithin = 600;

const hintSchema = z.object({ jwt: z.string() });
/** Kept since its signature was verified. */
const ownClaims = z.object({ iss: z.string(), sub: z.string(), sid: z.string().optional().catch(undefined) });
const returnSchema = z.object({ to: z.string() });

/** A session of an IdP, by its own names. */
export interface UpstreamSession {
  readonly issuer: string;
  readonly subject: string;
  /** Absent: it does not say. */
  readonly sid: string | undefined;
}

export interface UpstreamSignOut {
  /** What a sign-in leaves behind, sealed, for `leave`. */
  hint(idToken: string): Promise<string>;
  /** Whom the IdP meant by that sign-in, and which of its own sessions; undefined for a hint that does not open. */
  whose(signOutHint: string): Promise<UpstreamSession | undefined>;
  /**
   * Where to send the browser so that the person is signed out at the IdP too (RP-Initiated Logout §2).
   *
   * @param to where the browser goes in the end: already checked by whoever asks, kept in the sealed `state`
   * @returns undefined when the IdP has no such endpoint, does not want it, or does not answer in time. Never rejects.
   */
  leave(idp: IdentityProvider, signOutHint: string, to: URL): Promise<URL | undefined>;
  /** @returns where the browser was going; undefined for a `state` that we did not seal, or sealed long ago */
  comeBack(state: string): Promise<URL | undefined>;
}

/**
 * Best effort: the person's session here has ended already, and nothing that an IdP does may keep them from their tool.
 * An endpoint is asked whether it answers before the browser is sent there, because a browser does not come back from a
 * server that is down. `client_id` stays out: older IdPs refuse what they do not know, and the hint says it.
 */
export function createUpstreamSignOut(needs: {
  /** Where the IdP sends back to: it must have registered it. */
  readonly returnUri: URL;
  readonly seal: Seal;
  readonly fetchOf: (idp: IdentityProvider) => GuardedFetch;
  readonly metadata: (idp: IdentityProvider) => Promise<Connection>;
  readonly logger: Pick<Logger, 'info'>;
}): UpstreamSignOut {
  const { returnUri, seal, fetchOf, metadata, logger } = needs;

  async function endpointOf(idp: IdentityProvider, signal: AbortSignal): Promise<URL | undefined> {
    const { endSessionEndpoint } = await metadata(idp);
    if (endSessionEndpoint === undefined) return undefined;
    const url = new URL(endSessionEndpoint);
    const values = { idp: idp.name };
    if (url.protocol !== 'https:' && !isLoopback(url.hostname))
      throw new BrokerError('M-UPST-028', {
        detail: `end_session_endpoint ${url.host} is not https`,
        values,
      });
    const ask = guardedFetch({ fetch: fetchOf(idp), values, redirectsAnswer: true });
    await ask(url.href, { method: 'HEAD', headers: {}, body: undefined, redirect: 'manual', signal });
    return url;
  }

  return {
    hint: (idToken) => seal.seal({ jwt: idToken }),

    async whose(signOutHint) {
      const hint = hintSchema.safeParse(await seal.open(signOutHint));
      const claims = hint.success ? ownClaims.safeParse(decodeJwt(hint.data.jwt)) : undefined;
      if (claims?.success !== true) return undefined;
      const { iss, sub, sid } = claims.data;
      return { issuer: iss, subject: sub, sid };
    },

    async leave(idp, signOutHint, to) {
      if (!idp.enabled || idp.upstream_logout === false) return undefined;
      const deadline = AbortSignal.timeout(patience);
      try {
        const hint = hintSchema.safeParse(await seal.open(signOutHint));
        if (!hint.success) return undefined;
        const url = await within(deadline, endpointOf(idp, deadline));
        if (url === undefined) return undefined;
        url.searchParams.set('id_token_hint', hint.data.jwt);
        url.searchParams.set('post_logout_redirect_uri', returnUri.href);
        url.searchParams.set('state', await seal.seal({ to: to.href }, returnWithin));
        if (url.href.length > longestAddress) throw new Error('the ID token is too long for an address');
        return url;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        logger.info({ event: 'upstream_logout.skipped', idp: idp.id, reason }, 'signed out here only');
        return undefined;
      }
    },

    async comeBack(state) {
      const opened = returnSchema.safeParse(await seal.open(state));
      return opened.success ? new URL(opened.data.to) : undefined;
    },
  };
}

/** The other one goes on, and its answer is for the next person: metadata stay in memory. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
    work.then(resolve, reject);
  });
}
