import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { request } from 'undici';
import type { Dispatcher } from 'undici';

export interface Sent {
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: ArrayBuffer | null;
  readonly signal: AbortSignal;
}

export interface Received {
  readonly status: number;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  /** Decompressed; null when there is none. */
  readonly body: AsyncIterable<unknown> | null;
}

/** As `fetch` says them: some servers answer nobody who does not. */
const usual = { accept: '*/*', 'accept-encoding': 'gzip', 'user-agent': 'maillon' };

/**
 * One request by undici itself, and no redirect followed: its `fetch` takes three times as long, which is felt in each sign-in
 * at an identity provider. Rejects with the error of the socket or of the name, or with the reason of the signal.
 */
export async function sendRequest(
  url: URL,
  { method, headers, body, signal }: Sent,
  dispatcher: Dispatcher,
): Promise<Received> {
  const answer = await Promise.race([
    request(url, {
      dispatcher,
      method,
      headers: { ...usual, ...Object.fromEntries(headers) },
      body: body === null ? null : new Uint8Array(body),
      signal,
    }),
    // undici heeds the signal once it is connected: until then nothing was sent, nor is anything afterwards.
    whenAborted(signal),
  ]);
  return {
    status: answer.statusCode,
    headers: Object.entries(answer.headers).flatMap(([name, value = []]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    ),
    body: decompressed(answer),
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** An answer that was cut short gives what there is, as browsers read it: what it is worth, its reader says. */
const tolerant = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

function decompressed({ body, headers }: Dispatcher.ResponseData): AsyncIterable<unknown> {
  const coding = headers['content-encoding'];
  const ended = () => undefined;
  const isGzip = coding !== undefined && /^(x-)?gzip$/i.test(String(coding));
  // Whatever else was not asked for, and is no JSON.
  return isGzip ? pipeline(body, createGunzip(tolerant), ended) : body;
}
