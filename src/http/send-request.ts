import { pipeline } from 'node:stream';
import { constants, createGunzip, createInflate } from 'node:zlib';
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
const usual = { accept: '*/*', 'accept-encoding': 'gzip, deflate', 'user-agent': 'maillon' };

/**
 * One request by undici itself, and no redirect followed: its `fetch` takes three times as long, which is felt in each sign-in
 * at an identity provider. Rejects with the error of the socket or of the name, or with the reason of the signal.
 */
export async function sendRequest(
  url: URL,
  { method, headers, body, signal }: Sent,
  dispatcher: Dispatcher,
): Promise<Received> {
  const answer = await request(url, {
    dispatcher,
    method,
    headers: { ...usual, ...Object.fromEntries(headers) },
    body: body === null ? null : new Uint8Array(body),
    signal,
  });
  return {
    status: answer.statusCode,
    headers: Object.entries(answer.headers).flatMap(([name, value = []]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    ),
    body: decompressed(answer),
  };
}

/** An answer that was cut short gives what there is, as browsers read it: what it is worth, its reader says. */
const tolerant = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };

function decompressed({ body, headers }: Dispatcher.ResponseData): AsyncIterable<unknown> {
  const coding = headers['content-encoding'];
  const ended = () => undefined;
  switch (coding === undefined ? '' : String(coding).toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return pipeline(body, createGunzip(tolerant), ended);
    case 'deflate':
      return pipeline(body, createInflate(tolerant), ended);
    default:
      // Whatever else was not asked for, and is no JSON.
      return body;
  }
}
