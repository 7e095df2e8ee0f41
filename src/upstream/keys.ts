import { createHash } from 'node:crypto';
import { customFetch, setJwksCache } from 'openid-client';
import type { Configuration, CustomFetch } from 'openid-client';
import { z } from 'zod';

/** Milliseconds for which the last known keys serve when the IdP cannot be asked for its own. */
export const keysUsableFor = 24 * 60 * 60_000;
/** Milliseconds for which the library trusts keys without asking, and those for which it asks for no unknown one. */
const [libraryTrusts, libraryRests] = [300_000, 60_000];
/** Milliseconds that a person who comes back waits for keys while former ones are known. */
export const keysPatience = 1_000;
/** Milliseconds during which keys that could not be read are not asked for again, while former ones are known. */
const restAfterFailure = 10_000;

const keySetSchema = z.object({ keys: z.array(z.record(z.string(), z.json())) });
type KeySet = z.output<typeof keySetSchema>;

/** The signing keys of one IdP, as this process knows them. */
export interface Keys {
  /** Has the library ask through us, once for each of its configurations, and begin with what is known. */
  readonly serve: (config: Configuration) => void;
  /** In the background, before `serve`: asks now, whatever their age. Never rejects: what was known stays. Says whether keys came. */
  readonly read: (config: Configuration, timeoutMs: number) => Promise<boolean>;
  readonly readAt: () => Date | undefined;
}

const forLogoutTokens = new WeakMap<Configuration, CustomFetch>();

/**
 * What keys of logout tokens are asked for with. Anybody may post one, forged, of a key that nobody knows: it has the IdP
 * asked at most once a minute too, and leaves ID tokens the minute of their own.
 */
export const fetchForLogoutTokens = (config: Configuration): CustomFetch | undefined =>
  forLogoutTokens.get(config) ?? config[customFetch];

/**
 * The library asks for keys when its own are five minutes old, and, at most once a minute, when a token names one that it
 * does not know. Here it asks us: the IdP when it answers, the last known keys when it does not. An answer is always
 * believed, a withdrawn key included: only silence makes former keys serve.
 */
export function createKeys(needs: {
  readonly now: () => number;
  /** Keys that were known have changed: by their names, where they have one. */
  readonly onChange: (change: {
    readonly added: readonly string[];
    readonly gone: readonly string[];
  }) => void;
}): Keys {
  const { now, onChange } = needs;
  let held: { readonly set: KeySet; readonly readAt: number } | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  const asked = {
    idTokens: { at: Number.NEGATIVE_INFINITY },
    logoutTokens: { at: Number.NEGATIVE_INFINITY },
  };

  const usable = () => (held !== undefined && now() - held.readAt < keysUsableFor ? held : undefined);

  function keep(set: KeySet): void {
    const [before, after] = [namesOf(held?.set), namesOf(set)];
    const added = [...after].filter(([mark]) => !before.has(mark)).map(([, name]) => name);
    const gone = [...before].filter(([mark]) => !after.has(mark)).map(([, name]) => name);
    const isChange = held !== undefined && added.length + gone.length > 0;
    held = { set, readAt: now() };
    failedAt = Number.NEGATIVE_INFINITY;
    if (isChange) onChange({ added, gone });
  }

  /** @returns whether it is an answer that holds a set of keys */
  async function keepFrom(answer: Response): Promise<boolean> {
    if (answer.status !== 200) return false;
    const body: unknown = await answer
      .clone()
      .json()
      .catch(() => undefined);
    const read = keySetSchema.safeParse(body);
    if (read.success) keep(read.data);
    return read.success;
  }

  const through =
    (ask: CustomFetch, jwksUri: URL, last: { at: number }): CustomFetch =>
    async (href, options) => {
      if (new URL(href).href !== jwksUri.href) return ask(href, options);
      const known = usable();
      if (known === undefined) {
        const answer = await ask(href, options);
        await keepFrom(answer);
        return answer;
      }
      // The library rests by itself; each reading of the metadata makes another one, which does not know of it.
      if (now() - last.at >= libraryRests && now() - failedAt >= restAfterFailure) {
        last.at = now();
        const deadline = AbortSignal.timeout(keysPatience);
        const signal = options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]);
        const answer = await ask(href, { ...options, signal }).catch(() => undefined);
        if (answer !== undefined && (await keepFrom(answer))) return answer;
        failedAt = now();
      }
      return Response.json(known.set);
    };

  return {
    serve(config) {
      const { jwks_uri: jwksUri } = config.serverMetadata();
      const ask = config[customFetch];
      if (jwksUri === undefined || ask === undefined) return;
      config[customFetch] = through(ask, new URL(jwksUri), asked.idTokens);
      forLogoutTokens.set(config, through(ask, new URL(jwksUri), asked.logoutTokens));
      const known = usable();
      if (known === undefined) return;
      // Said to be older than they are, so that a token signed by a key that is newer still has it asked for.
      const readAt = known.readAt - libraryRests;
      // Older ones the library would throw away, and ask.
      if (now() - readAt < libraryTrusts)
        setJwksCache(config, { jwks: known.set, uat: Math.floor(readAt / 1000) });
    },
    async read(config, timeoutMs) {
      const { jwks_uri: jwksUri } = config.serverMetadata();
      const ask = config[customFetch];
      if (jwksUri === undefined || ask === undefined) return false;
      const answer = await ask(jwksUri, {
        method: 'GET',
        headers: { accept: 'application/json, application/jwk-set+json' },
        body: undefined,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      }).catch(() => undefined);
      const came = answer !== undefined && (await keepFrom(answer));
      if (!came) failedAt = now();
      return came;
    },
    readAt: () => (held === undefined ? undefined : new Date(held.readAt)),
  };
}

/** What tells one key from another → what people call it. */
function namesOf(set: KeySet | undefined): ReadonlyMap<string, string> {
  return new Map(
    (set?.keys ?? []).map((key) => {
      const mark = createHash('sha256')
        .update(
          JSON.stringify(['kid', 'kty', 'crv', 'n', 'e', 'x', 'y'].map((member) => key[member] ?? null)),
        )
        .digest('base64url');
      return [mark, typeof key['kid'] === 'string' ? key['kid'].slice(0, 80) : mark.slice(0, 12)];
    }),
  );
}
