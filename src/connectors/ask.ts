import type { z } from 'zod';

import type { Clock } from '../config/config.ts';
import { networkReason } from '../http/http.ts';
import type { GuardedFetch } from '../http/http.ts';
import { retryAt } from './retry-after.ts';
import { SourceUnavailable } from './source.ts';
import type { SourceId, Unavailability } from './source.ts';

/** An answer of the source: 2xx, 301 or 4xx. */
export interface Reply {
  readonly status: number;
  readonly location: string | undefined;
  /** @throws SourceUnavailable `wrong_answer` when the body is not this JSON: no status is believed without its form */
  read<T>(schema: z.ZodType<T>): T;
  /** For a status that the source does not document, or that says that we are wrong. */
  unexpected(): SourceUnavailable;
}

export type Ask = (url: string, signal: AbortSignal) => Promise<Reply>;

/** The largest answer that we read: an establishment has some kilobytes. */
export const answerLimit = 256 * 1024;

/**
 * One GET. Redirections are not followed, 301 excepted, which INSEE answers for a duplicate: it is returned, and its
 * reader takes a number from it, never an address.
 *
 * @throws SourceUnavailable for all that is no answer: network, time, 429, 5xx, redirections
 */
export function createAsk(needs: {
  readonly source: SourceId;
  /** Must give redirections back, and bound the size of answers. */
  readonly fetch: GuardedFetch;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
}): Ask {
  const { source, fetch, headers, clock } = needs;
  const failed = (reason: Unavailability, detail: string, at?: Date) =>
    new SourceUnavailable(source, reason, detail, at);

  return async (url, signal) => {
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      signal,
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : networkReason(error);
      if (signal.aborted || reason.endsWith('no answer in time'))
        throw failed('time_out', 'no answer in time');
      throw failed(/more than \d+ bytes$/.test(reason) ? 'wrong_answer' : 'no_connection', reason);
    });
    const { status } = response;
    const wait = response.headers.get('retry-after');
    if (status === 429) throw failed('rate_limited', 'HTTP 429', retryAt(wait, clock()));
    if (status >= 500)
      throw failed('server_error', `HTTP ${status}`, wait === null ? undefined : retryAt(wait, clock()));
    if (status >= 300 && status < 400 && status !== 301)
      throw failed('wrong_answer', `redirection ${status}, not followed`);
    const type = response.headers.get('content-type') ?? 'no content type';
    const text = await response.text();
    return {
      status,
      location: response.headers.get('location') ?? undefined,
      read: (schema) => {
        if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type))
          throw failed('wrong_answer', `HTTP ${status} with ${type.slice(0, 60)}`);
        const read = schema.safeParse(parsed(text, () => failed('wrong_answer', `HTTP ${status}, not JSON`)));
        if (read.success) return read.data;
        const where = read.error.issues.map(({ path }) => path.join('.') || 'the whole').slice(0, 5);
        throw failed('wrong_answer', `HTTP ${status}, not the form expected at ${where.join(', ')}`);
      },
      unexpected: () =>
        failed(status === 401 || status === 403 ? 'refused' : 'wrong_request', `HTTP ${status}`),
    };
  };
}

function parsed(text: string, problem: () => SourceUnavailable): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw problem();
  }
}
