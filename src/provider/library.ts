/**
 * The one place that touches what `oidc-provider` does not document (verified against 9.13.3): each function cures one
 * behaviour and is held by a test in `library.test.ts`. Upgrading the library starts here.
 */
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC, Client as LibraryClient } from 'oidc-provider';
import { hash, randomBytes } from 'node:crypto';
import type { Middleware } from 'koa';
import { z } from 'zod';
import type { ClientKeys } from './clients/client-keys.ts';
import type { Authentication } from '../identity/identity.ts';

/**
 * The library builds absolute URLs (discovery, `returnTo`, logout form, assertion audience) from the Host or
 * X-Forwarded-Host header. Ours come from the issuer alone.
 */
export function pinUrlsToIssuer(provider: Provider): void {
  provider.OIDCContext.prototype.urlFor = function urlFor(name, options) {
    return this.provider.urlFor(name, options);
  };
}

/** The library's level is that of a browser session; what it writes into codes and tokens is the one decided on (grants.ts). */
export function tellDecidedAuthentication(
  provider: Provider,
  decided: WeakMap<object, Authentication>,
): void {
  for (const what of ['acr', 'amr'] as const)
    Object.defineProperty(provider.OIDCContext.prototype, what, {
      get(this: KoaContextWithOIDC['oidc'] & { readonly ctx: KoaContextWithOIDC }) {
        return decided.get(this.ctx)?.[what] ?? this.session?.[what];
      },
    });
}

/**
 * The library re-reads, re-hashes and, past 100 clients, re-instantiates a client at each request. We keep one instance
 * per declared document: a changed declaration is a new object, so it is a new instance.
 *
 * @param declared the declared document of a client id, or undefined when there is none
 * @param prepare is handed each instance once, before anybody else
 */
export function cacheClients(
  provider: Provider,
  declared: (clientId: string) => object | undefined,
  prepare: (client: LibraryClient) => void = () => undefined,
): void {
  const instances = new WeakMap<object, Promise<LibraryClient | undefined>>();
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id: string) => {
    const document = typeof id === 'string' ? declared(id) : undefined;
    if (document === undefined) return undefined;
    let instance = instances.get(document);
    if (instance === undefined) {
      instance = find(id).then((client) => {
        if (client !== undefined) prepare(client);
        return client;
      });
      instances.set(document, instance);
      instance.catch(() => instances.delete(document));
    }
    return instance;
  };
}

/**
 * Client secrets are kept as SHA-256 (they are random, of at least 256 bits: no slow hash is needed), so the
 * comparison hashes what was sent. `client_secret` of the library's metadata holds a digest, only to be there.
 *
 * @param isRight whether this digest is of a secret of this client, in constant time
 */
export function compareHashedSecrets(
  provider: Provider,
  isRight: (clientId: string, digest: string) => boolean,
): void {
  provider.Client.prototype.compareClientSecret = function compareClientSecret(actual: string) {
    return isRight(this.clientId, hash('sha256', actual, 'hex'));
  };
}

/**
 * The library trusts a key for as long as it has it, asks an address that does not answer at each request, and believes
 * any `max-age`. Here the keystore of a client with `jwks_uri` holds what `ClientKeys` holds: it is looked up there before
 * each use, and asked for again, by `fresh` then `refresh`, when no key verified.
 */
export function keepPublishedKeys(client: LibraryClient, published: ClientKeys): void {
  const uri = client.jwksUri;
  if (uri === undefined) return;
  const store: unknown = Reflect.get(client, 'asymmetricKeyStore');
  if (typeof store !== 'object' || store === null) throw new TypeError('the library has no such keystore');
  const original = (name: string) => {
    const method: unknown = Reflect.get(store, name);
    if (typeof method !== 'function') throw new TypeError(`the library's keystore has no ${name}`);
    return (...values: readonly unknown[]): unknown => Reflect.apply(method, store, values);
  };
  const [add, clear, select] = [original('add'), original('clear'), original('selectForVerify')];
  let held: readonly object[] | undefined;
  let unknownKey = false;
  const hold = () => {
    const keys = published.last(uri);
    if (keys === held) return;
    clear();
    for (const key of keys ?? []) add({ ...key });
    held = keys;
  };
  const cured = {
    fresh: () => {
      unknownKey = published.mayAsk(uri);
      return !unknownKey;
    },
    refresh: async () => {
      if (unknownKey || !published.isCurrent(uri)) await published.refresh(uri);
      unknownKey = false;
      hold();
    },
    selectForVerify: (options: object) => {
      hold();
      return published.isCurrent(uri) ? select(options) : [];
    },
  };
  for (const [name, value] of Object.entries(cured)) Object.defineProperty(store, name, { value });
}

/** One atomic mark instead of the library's find-then-upsert: every call site of replay detection goes through it. */
export function markReplaysAtomically(
  provider: Provider,
  once: (key: string, expiresAt: Date) => Promise<boolean>,
): void {
  provider.ReplayDetection.unique = (issuer: string, jti: string, expiresAt: number) =>
    once(`${issuer}\u0000${jti}`, new Date(expiresAt * 1000));
}

/**
 * Looks at each code and refresh token that is presented at the token endpoint once it is found, before the library
 * checks and consumes it.
 *
 * @param inspect throws to refuse it
 */
export function inspectPresentedTokens(
  provider: Provider,
  contextOf: () => KoaContextWithOIDC | undefined,
  inspect: (ctx: KoaContextWithOIDC, token: unknown) => Promise<void>,
): void {
  for (const model of [provider.AuthorizationCode, provider.RefreshToken]) {
    const original: unknown = Reflect.get(model, 'find');
    if (typeof original !== 'function') throw new TypeError('the library has no such find');
    Object.defineProperty(model, 'find', {
      value: async (id: string, options: object = {}) => {
        const token: unknown = await Reflect.apply(original, model, [id, options]);
        const ctx = contextOf();
        if (token !== undefined && ctx?.oidc.route === 'token') await inspect(ctx, token);
        return token;
      },
    });
  }
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

/**
 * The library posts logout tokens in the request of the person who signs out, each tool for 2.5 s, once. Here it hands
 * over what to tell, and waits only until that is kept.
 *
 * @param enqueue rejects when it could not be kept; the library then emits `backchannel.error`
 */
export function queueLogouts(
  provider: Provider,
  enqueue: (departure: {
    readonly clientId: string;
    readonly uri: string;
    readonly accountId: string;
    readonly sid: string;
  }) => Promise<void>,
): void {
  Object.defineProperty(provider.Client.prototype, 'backchannelLogout', {
    async value(this: LibraryClient, accountId: string, sid: string | undefined) {
      const { clientId, backchannelLogoutUri: uri } = this;
      // Without `sid` this session no longer knows the tool: it was told when the person left it alone.
      if (uri !== undefined && sid !== undefined) await enqueue({ clientId, uri, accountId, sid });
    },
  });
}

/**
 * A logout token (Back-Channel Logout §2.4) made by the library itself, so that key, algorithm, `sub` and encryption are
 * those of the client's ID tokens. `mask` is how the library lets `sub` through without a scope.
 */
export async function logoutToken(
  provider: Provider,
  client: LibraryClient,
  { accountId, sid }: { readonly accountId: string; readonly sid: string | undefined },
): Promise<string> {
  const token = new provider.IdToken({ sub: accountId }, { client });
  Object.assign(token, { mask: { sub: null } });
  token.set('events', { 'http://schemas.openid.net/event/backchannel-logout': {} });
  token.set('jti', randomBytes(16).toString('base64url'));
  if (client.backchannelLogoutSessionRequired === true) token.set('sid', sid);
  return token.issue({ use: 'logout' });
}

/** What the library's own page of `response_mode=form_post` would send, and where. */
export interface FormPost {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The library's page of `form_post` is in English, has an inline script, and cannot be configured: another handler for a
 * mode that it knows is not heard. Its body is read back, and ours is drawn instead, with the same status.
 */
export function ownFormPostPage(
  provider: Provider,
  draw: (ctx: KoaContextWithOIDC, form: FormPost) => void,
): Middleware {
  const isOurs = (ctx: Parameters<Middleware>[0]): ctx is KoaContextWithOIDC => {
    const oidc: unknown = ctx['oidc'];
    return oidc instanceof provider.OIDCContext && ['authorization', 'resume'].includes(oidc.route);
  };
  return async (ctx, next) => {
    await next();
    const body: unknown = ctx.body;
    if (typeof body !== 'string' || !body.includes('<title>Submitting Callback</title>') || !isOurs(ctx))
      return;
    const action = /<form method="post" action="([^"]*)">/.exec(body)?.[1];
    if (action === undefined) throw new TypeError('the library has another form_post page');
    const inputs = body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g);
    const fields = [...inputs].map(([, name = '', value = '']) => [name, unescaped(value)] as const);
    draw(ctx, { action: unescaped(action), fields: Object.fromEntries(fields) });
  };
}

const characters: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

/** The inverse of the library's `htmlSafe`. */
function unescaped(html: string): string {
  return html.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => characters[entity] ?? entity);
}

/**
 * A silent request has nobody in front of it to read a page (OpenID Connect Core §3.1.2.1, `none`): a failure of ours goes
 * back as `server_error` where the library may send it. It emits this event just before it looks at `allow_redirect`.
 */
export function sendFailuresOfSilentRequests(provider: Provider): void {
  provider.on('server_error', ({ oidc, query }: KoaContextWithOIDC, error: Error) => {
    if (!['authorization', 'resume'].includes(oidc.route)) return;
    const parameters: Readonly<Record<string, unknown>> = oidc.params ?? query;
    if (parameters['prompt'] === 'none') Reflect.set(error, 'allow_redirect', true);
  });
}
