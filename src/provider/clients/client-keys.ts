import { z } from 'zod';
import type { Logger } from '../../config/config.ts';

/** A public key as the client published it, without members that we do not know. */
export type PublishedKey = Readonly<z.output<typeof keySchema>>;

/** The keys that clients publish at their `jwks_uri`. Shared by all providers of a process. */
export interface ClientKeys {
  /** The last good set, whatever its age; undefined when there is none, or none that may still serve. */
  readonly last: (uri: string) => readonly PublishedKey[] | undefined;
  /** Whether that set may be used without asking again. */
  readonly isCurrent: (uri: string) => boolean;
  /** Whether `refresh` would bring news: a key that nobody knows is no reason to ask an address all the time. */
  readonly mayAsk: (uri: string) => boolean;
  /** Asks the address, once for all who wait and at most once a minute. Never rejects: `last` says what came of it. */
  readonly refresh: (uri: string) => Promise<void>;
}

const minute = 60_000;
const day = 24 * 60 * minute;
const defaultLife = 10 * minute;
const mostKeys = 100;
/** Sets kept at once: clients that register themselves may name any number of addresses. */
const mostSets = 1000;

/** RFC 7517 §4. Private members are looked for before: they are not dropped in silence. */
const keySchema = z.object({
  kty: z.enum(['EC', 'RSA', 'OKP']),
  kid: z.string().min(1).optional(),
  use: z.string().min(1).optional(),
  alg: z.string().min(1).optional(),
  key_ops: z.array(z.string()).optional(),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  x5c: z.array(z.string().min(1)).optional(),
});
const setSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(mostKeys) });
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

interface Entry {
  keys?: readonly PublishedKey[];
  /** Epoch milliseconds. */
  freshUntil: number;
  staleUntil: number;
  askAgainAt: number;
  pending?: Promise<void> | undefined;
}

/**
 * - One answer serves as long as it says (Cache-Control), a minute at least and a day at most; then it is asked again
 *   before the next use, so that a key that was withdrawn ends.
 * - While the address does not answer, or answers nonsense, the last good set serves for one more day, and the address is
 *   asked once a minute.
 *
 * @param needs.fetch guarded: it refuses addresses that are not public, redirects, long and slow answers
 */
export function createClientKeys(needs: {
  readonly fetch: (href: string, init: RequestInit) => Promise<Response>;
  readonly clock: () => Date;
  readonly logger: Pick<Logger, 'warn'>;
}): ClientKeys {
  const { fetch, clock, logger } = needs;
  const entries = new Map<string, Entry>();
  const now = (): number => clock().getTime();
  const entryOf = (uri: string): Entry => {
    const entry = entries.get(uri) ?? { freshUntil: 0, staleUntil: 0, askAgainAt: 0 };
    // Written again, it is the newest: the one that was not used for longest leaves when there are too many.
    entries.delete(uri);
    entries.set(uri, entry);
    const [oldest] = entries.keys();
    if (entries.size > mostSets && oldest !== undefined) entries.delete(oldest);
    return entry;
  };

  const ask = async (uri: string, entry: Entry): Promise<void> => {
    entry.askAgainAt = now() + minute;
    try {
      const { keys, lifeMs } = await readAnswer(
        await fetch(uri, { headers: { accept: 'application/jwk-set+json, application/json' } }),
      );
      entry.keys = keys;
      entry.freshUntil = now() + lifeMs;
      entry.staleUntil = entry.freshUntil + day;
      entry.askAgainAt = now() + minute;
    } catch (error) {
      entry.askAgainAt = now() + minute;
      const stillServes = entry.keys !== undefined && now() < entry.staleUntil;
      logger.warn({ err: error, event: 'client_keys_unavailable', stillServes }, 'keys of a client');
    }
  };

  return {
    last(uri) {
      const entry = entryOf(uri);
      return now() < entry.staleUntil ? entry.keys : undefined;
    },
    isCurrent(uri) {
      const { keys, freshUntil, staleUntil, askAgainAt } = entryOf(uri);
      const instant = now();
      return keys !== undefined && (instant < freshUntil || (instant < staleUntil && instant < askAgainAt));
    },
    mayAsk(uri) {
      const { pending, askAgainAt } = entryOf(uri);
      return pending !== undefined || now() >= askAgainAt;
    },
    refresh(uri) {
      const entry = entryOf(uri);
      if (entry.pending === undefined && now() >= entry.askAgainAt) {
        entry.pending = ask(uri, entry).finally(() => {
          entry.pending = undefined;
        });
      }
      return entry.pending ?? Promise.resolve();
    },
  };
}

async function readAnswer(
  response: Response,
): Promise<{ readonly keys: readonly PublishedKey[]; readonly lifeMs: number }> {
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  const type = response.headers.get('content-type') ?? '';
  // RFC 7517 §8.5; many servers say application/json, and static ones text/plain. A page is no set of keys.
  if (!/^(?:application\/(?:[a-z-]+\+)?json|text\/plain)\s*(?:;|$)/i.test(type))
    throw new Error(`content type ${JSON.stringify(type.slice(0, 60))}`);
  const body: unknown = JSON.parse(await response.text());
  const { keys } = setSchema.parse(body);
  if (keys.some((key) => privateMembers.some((member) => key[member] !== undefined)))
    throw new Error('private or shared keys are published');
  return {
    keys: keys.flatMap((key) => {
      // RFC 7517 §5: keys that are not understood are ignored.
      const read = keySchema.safeParse(key);
      return read.success ? [Object.freeze(read.data)] : [];
    }),
    lifeMs: lifeOf(response.headers.get('cache-control') ?? ''),
  };
}

/** RFC 9111 §5.2.2, as far as a cache of one needs it. */
function lifeOf(cacheControl: string): number {
  const maxAge = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(cacheControl)?.[1];
  if (/(?:^|[\s,])no-(?:store|cache)/i.test(cacheControl)) return minute;
  return maxAge === undefined ? defaultLife : Math.min(Math.max(Number(maxAge) * 1000, minute), day);
}
