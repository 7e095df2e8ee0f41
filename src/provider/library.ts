/**
 * The one place that touches what `oidc-provider` does not document (verified against 9.13.3): each function cures one
 * behaviour and is held by a test in `library.test.ts`. Upgrading the library starts here.
 */
import type Provider from 'oidc-provider';
import type { Client as LibraryClient } from 'oidc-provider';
import { hash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/**
 * The library builds absolute URLs (discovery, `returnTo`, logout form, assertion audience) from the Host or
 * X-Forwarded-Host header. Ours come from the issuer alone.
 */
export function pinUrlsToIssuer(provider: Provider): void {
  provider.OIDCContext.prototype.urlFor = function urlFor(name, options) {
    return this.provider.urlFor(name, options);
  };
}

/**
 * The library re-reads, re-hashes and, past 100 clients, re-instantiates a client at each request. We keep one instance
 * per declared document: a changed declaration is a new object, so it is a new instance.
 *
 * @param declared the declared document of a client id, or undefined when there is none
 */
export function cacheClients(provider: Provider, declared: (clientId: string) => object | undefined): void {
  const instances = new WeakMap<object, Promise<LibraryClient | undefined>>();
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id: string) => {
    const document = typeof id === 'string' ? declared(id) : undefined;
    if (document === undefined) return undefined;
    let instance = instances.get(document);
    if (instance === undefined) {
      instance = find(id);
      instances.set(document, instance);
      instance.catch(() => instances.delete(document));
    }
    return instance;
  };
}

/**
 * Client secrets are kept as SHA-256 (they are random, of at least 256 bits: no slow hash is needed), so the
 * comparison hashes what was sent. `client_secret` of the library's metadata holds the digest.
 */
export function compareHashedSecrets(provider: Provider): void {
  provider.Client.prototype.compareClientSecret = function compareClientSecret(actual: string) {
    const expected = Buffer.from(this.clientSecret ?? '', 'utf8');
    const given = Buffer.from(hash('sha256', actual, 'hex'), 'utf8');
    return expected.length === given.length && timingSafeEqual(expected, given);
  };
}

/** One atomic mark instead of the library's find-then-upsert: every call site of replay detection goes through it. */
export function markReplaysAtomically(
  provider: Provider,
  once: (key: string, expiresAt: Date) => Promise<boolean>,
): void {
  provider.ReplayDetection.unique = (issuer: string, jti: string, expiresAt: number) =>
    once(`${issuer}\u0000${jti}`, new Date(expiresAt * 1000));
}

/** What a session remembers of a client. `formerGrants` is ours: the library knows `grantId`, the one of now. */
const authorizationSchema = z.object({
  grantId: z.string().optional(),
  formerGrants: z.array(z.string()).default([]),
});

/** A session names so many grants that it no longer holds; tokens of older ones end. */
const formerGrantsKept = 8;

type LibrarySession = InstanceType<Provider['Session']>;

/** To be called before a session takes another grant for this client. */
export function keepFormerGrant(session: LibrarySession, clientId: string): void {
  const authorization = session.authorizationFor(clientId);
  const { grantId, formerGrants } = authorizationSchema.parse(authorization);
  if (grantId === undefined) return;
  Object.assign(authorization, { formerGrants: [...formerGrants, grantId].slice(-formerGrantsKept) });
}

/** Codes and tokens that end with their session, and what ties them to it. */
const boundSchema = z.object({ expiresWithSession: z.literal(true) });
const bindingSchema = z.object({
  accountId: z.string(),
  clientId: z.string(),
  grantId: z.string(),
  sessionUid: z.string(),
});

/**
 * The library binds codes and tokens to the one grant that their session holds for the client at this moment: signing
 * in again, or choosing another organization, would end the tokens of before. Here they live as long as their session
 * is there, is of the same person, and remembers their grant (signing out of one tool makes it forget them all).
 */
export function bindTokensToTheirSession(provider: Provider): void {
  const isAlive = async (token: unknown): Promise<boolean> => {
    const { accountId, clientId, grantId, sessionUid } = bindingSchema.parse(token);
    const session = await provider.Session.findByUid(sessionUid);
    if (session?.accountId !== accountId) return false;
    const held = authorizationSchema.parse(session.authorizationFor(clientId));
    return held.grantId === grantId || held.formerGrants.includes(grantId);
  };
  for (const model of [provider.AccessToken, provider.AuthorizationCode, provider.RefreshToken]) {
    const original: unknown = Reflect.get(model, 'find');
    if (typeof original !== 'function') throw new TypeError('the library has no such find');
    const find = async (id: string, options: object): Promise<unknown> => {
      const found: unknown = await Reflect.apply(original, model, [id, options]);
      return found;
    };
    Object.defineProperty(model, 'find', {
      value: async (id: string, options: object = {}) => {
        const token = await find(id, { ...options, ignoreSessionBinding: true });
        return boundSchema.safeParse(token).success && !(await isAlive(token)) ? undefined : token;
      },
    });
  }
}
