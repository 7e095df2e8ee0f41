/**
 * The one place that touches what `oidc-provider` does not document (verified against 9.13.3): each function cures one
 * behaviour and is held by a test in `library.test.ts`. Upgrading the library starts here.
 */
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC, Client as LibraryClient } from 'oidc-provider';
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

/** Codes and tokens that end with their session, and what ties them to it. Times are epoch seconds. */
const boundSchema = z.object({ expiresWithSession: z.literal(true) });
const bindingSchema = z.object({
  accountId: z.string(),
  clientId: z.string(),
  sessionUid: z.string(),
  iat: z.number(),
});

/** What a session remembers of a client, as far as it is ours: when the person signed out of this tool alone. */
const departureSchema = z.object({ leftAt: z.number().default(0) });

/**
 * The library binds codes and tokens to the one grant that their session names for the client at this moment. Signing in
 * again, or choosing another organization, would end the tokens of before; and since sessions are written whole, of two
 * tools opened at once one would lose its grant, and fail. Here they live as long as their session is there, is of the
 * same person, and this person has not signed out of the tool since. Which grants still stand, the grants themselves say.
 */
export function bindTokensToTheirSession(provider: Provider): void {
  const isAlive = async (token: unknown): Promise<boolean> => {
    const { accountId, clientId, sessionUid, iat } = bindingSchema.parse(token);
    const session = await provider.Session.findByUid(sessionUid);
    if (session?.accountId !== accountId) return false;
    return iat >= departureSchema.parse(session.authorizationFor(clientId)).leftAt;
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
  provider.on('end_session.success', ({ oidc: { client, params, session } }: KoaContextWithOIDC) => {
    if (client === undefined || session === undefined || params?.['logout'] !== undefined) return;
    session.authorizations ??= {};
    Object.assign(session.authorizationFor(client.clientId), { leftAt: Math.floor(Date.now() / 1000) });
  });
}
