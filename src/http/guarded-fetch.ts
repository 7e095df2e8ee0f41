import { lookup as resolveName } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { sendRequest } from './send-request.ts';
import type { Received, Sent } from './send-request.ts';
import { inNetworks, isCloudMetadata, isLoopbackAddress, isPublicAddress } from './special-addresses.ts';

interface Address {
  readonly address: string;
  /** 4 or 6. */
  readonly family: number;
}

export interface GuardedFetchOptions {
  /** Whether http, and addresses of this machine, are let through: in development, where tools live on it. */
  readonly allowLoopback: boolean;
  /** Networks (CIDR) that are private and ours: tools of the State's own network live there. None by default. */
  readonly privateNetworks?: readonly string[];
  /** For everything: name, connection, headers and body. */
  readonly timeoutMs: number;
  /** Of the body, once decompressed. */
  readonly maxBytes: number;
  /** Gives a redirection back as an answer, still not followed: some say with it what has become of a thing. */
  readonly redirectsAnswer?: boolean;
  /** All addresses of a name. By default, those of the operating system. */
  readonly resolve?: (hostname: string) => Promise<readonly Address[]>;
  /** Makes the request in the place of undici, whose look-up is then not asked: for tests without a network. */
  readonly send?: (url: URL, request: Sent) => Promise<Received>;
}

/** `address`: one that we do not call. `redirect`, `size`: an answer that we do not take. `network`: no answer. */
export type Unanswered = 'address' | 'redirect' | 'size' | 'network';

/** Its message names host and reason, never path, query or body. */
export class FetchRefused extends Error {
  override readonly name = 'FetchRefused';
  readonly kind: Unanswered;
  constructor(kind: Unanswered, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

export type GuardedFetch = (href: string | URL, init?: RequestInit) => Promise<Response>;

/** How far a process of this configuration reaches. */
export const reachOf = ({
  production,
  privateNetworks,
}: {
  readonly production: boolean;
  readonly privateNetworks: readonly string[];
}): Pick<GuardedFetchOptions, 'allowLoopback' | 'privateNetworks'> => ({
  allowLoopback: !production,
  privateNetworks,
});

/**
 * `fetch` towards an address that somebody else chose (keys of a client, its logout endpoint): https to the public
 * Internet and to declared networks only, no redirect, bounded in time and size. Addresses are checked in the look-up of the connection itself,
 * so that a name cannot lead elsewhere between the check and the use (DNS rebinding). The body has been read when the
 * answer is returned, whatever its status but a redirect.
 *
 * @throws FetchRefused
 */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch {
  const { allowLoopback, timeoutMs, maxBytes, redirectsAnswer = false } = options;
  const resolve = options.resolve ?? ((hostname: string) => resolveName(hostname, { all: true }));
  const isOurs = inNetworks(options.privateNetworks ?? []);
  const isAllowed = (address: string): boolean =>
    !isCloudMetadata(address) &&
    (isPublicAddress(address) || isOurs(address) || (allowLoopback && isLoopbackAddress(address)));
  const lookup: LookupFunction = (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        // Of several addresses one is chosen by chance: each must do.
        if (first === undefined || !addresses.every(({ address }) => isAllowed(address)))
          callback(new Error(notPublic), '');
        else if (all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), '');
      },
    );
  };
  const dispatcher = new Agent({ connect: { lookup, timeout: timeoutMs } });
  const send = options.send ?? ((url: URL, sent: Sent) => sendRequest(url, sent, dispatcher));

  return async (href, init = {}) => {
    const url = new URL(href);
    const refuse = (kind: Unanswered, reason: string, cause?: unknown) =>
      new FetchRefused(kind, `${url.host}: ${reason}`, cause);
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (url.username !== '' || url.password !== '')
      throw refuse('address', 'user name or password in the address');
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowLoopback && isLocalHost(literal)))
      throw refuse('address', 'not https');
    // A connection to a literal address asks no look-up.
    if (isIP(literal) !== 0 && !isAllowed(literal)) throw refuse('address', notPublic);
    const request = new Request(url, {
      method: init.method ?? 'GET',
      ...(init.headers === undefined ? {} : { headers: init.headers }),
      ...(init.body === undefined || init.body === null ? {} : { body: init.body }),
    });
    const deadline = AbortSignal.timeout(timeoutMs);
    const { status, headers, body } = await send(url, {
      method: request.method,
      headers: [...request.headers],
      body: request.body === null ? null : await request.arrayBuffer(),
      signal: init.signal instanceof AbortSignal ? AbortSignal.any([deadline, init.signal]) : deadline,
    })
      .then(async (response) => ({
        status: response.status,
        headers: new Headers([...response.headers].map(([name, value]): [string, string] => [name, value])),
        body: await readBounded(response.body ?? [], maxBytes),
      }))
      .catch((error: unknown) => {
        const reason = networkReason(error);
        throw refuse(reason === notPublic ? 'address' : 'network', reason, error);
      });
    if (status >= 300 && status < 400 && !redirectsAnswer)
      throw refuse('redirect', `redirection ${status}, not followed`);
    if (body === undefined) throw refuse('size', `more than ${maxBytes} bytes`);
    // The body is given as it is once decompressed.
    headers.delete('content-encoding');
    headers.delete('content-length');
    return new Response(body.length === 0 || hasNoBody.has(status) ? null : body, { status, headers });
  };
}

/** The null body statuses of the Fetch standard that an answer can end with (§2.2.3). */
const hasNoBody = new Set([204, 205, 304]);

const notPublic = 'not an address of the public Internet';

const isLocalHost = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || isLoopbackAddress(hostname);

/** @returns undefined when there is more than `maxBytes`: the rest is then left unread */
export async function readBounded(
  pieces: AsyncIterable<unknown> | Iterable<unknown>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the stream.
  for await (const piece of pieces) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('an answer is made of bytes');
    size += piece.length;
    if (size > maxBytes) return undefined;
    chunks.push(piece);
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** The code of Node or undici (ECONNREFUSED, ENOTFOUND…), else what the error says: of its cause, where `fetch` keeps the reason. */
export function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return 'network failure';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const reason = error.cause instanceof Error ? error.cause : error;
  return 'code' in reason && typeof reason.code === 'string' ? reason.code : reason.message;
}
