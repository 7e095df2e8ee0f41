import { createSeal } from '../../config/config.ts';
import { createFetchFor, createUpstream } from '../upstream.ts';
import type { RecordedEvent, Upstream, UpstreamRequest, UpstreamResult } from '../upstream.ts';
import { testKeys } from './keys.ts';
import type { SmallIdp } from './small-idp.ts';

/** Of the broker, in all tests of a file. */
export const keys = await testKeys();

export const issuer = new URL('https://connexion.example/api/v2');

/** The broker's side of a test: one browser with its cookies, one clock that stands still until it is moved. */
export interface Bench {
  readonly upstream: Upstream;
  readonly cookies: Map<string, string>;
  readonly warnings: unknown[];
  readonly marks: Set<string>;
  /** Entries of the record of acts. */
  readonly recorded: RecordedEvent[];
  readonly clock: { now: Date };
  readonly begin: (idp: SmallIdp, request?: Partial<UpstreamRequest>) => Promise<URL>;
  readonly end: (idp: SmallIdp, callback: URL) => Promise<UpstreamResult>;
  /** There and back. */
  readonly login: (idp: SmallIdp, request?: Partial<UpstreamRequest>) => Promise<UpstreamResult>;
}

export function createBench(...idps: readonly SmallIdp[]): Bench {
  const cookies = new Map<string, string>();
  const marks = new Set<string>();
  const warnings: unknown[] = [];
  const recorded: RecordedEvent[] = [];
  const clock = { now: new Date() };
  const upstream = createUpstream({
    issuer,
    clock: () => clock.now,
    seal: createSeal(['k'.repeat(43)], 'upstream-attempt', () => clock.now),
    signOutSeal: createSeal(['k'.repeat(43)], 'upstream-sign-out', () => clock.now),
    // All of the real one but the network: what a name leads to is for the tests of that one.
    fetchFor: createFetchFor({
      send: async (url, { method, headers, body, signal }) => {
        const idp = idps.find((each) => each.record.issuer === url.origin);
        if (idp === undefined)
          throw new TypeError('fetch failed', {
            cause: Object.assign(new Error('no'), { code: 'ENOTFOUND' }),
          });
        const sent = headers.map(([name, value]): [string, string] => [name, value]);
        const answer = await idp.fetch(url, { method, headers: sent, body, signal });
        return {
          status: answer.status,
          headers: answer.headers,
          body: answer.body ?? new Blob([]).stream(),
        };
      },
    }),
    keys: () => keys,
    record: async (_at, refusal) => {
      recorded.push(refusal);
    },
    logger: { warn: (fields: unknown) => warnings.push(fields), info: () => undefined },
    allowLoopbackHttp: idps.some(({ record }) => record.issuer.startsWith('http:')),
    secretOf: async (record) => idps.find((each) => each.record.id === record.id)?.secret,
    once: async (key) => !marks.has(key) && Boolean(marks.add(key)),
  });
  const bench: Bench = {
    upstream,
    cookies,
    warnings,
    recorded,
    marks,
    clock,
    async begin(idp, request = {}) {
      const started = await upstream.start(idp.record, { interactionUid: 'uid-1', ...request });
      cookies.set(started.cookie.name, started.cookie.value);
      return started.url;
    },
    end: (idp, callback) => upstream.finish(idp.record, callback, (name) => cookies.get(name)),
    login: async (idp, request = {}) => bench.end(idp, idp.answer(await bench.begin(idp, request))),
  };
  return bench;
}
