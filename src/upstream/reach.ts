import { isLoopback } from '../config/config.ts';
import type { IdentityProvider } from '../declarations/declarations.ts';
import { createGuardedFetch } from '../http/http.ts';
import type { GuardedFetch, GuardedFetchOptions } from '../http/http.ts';

/** The largest answer that we read: metadata, keys, tokens and userinfo together stay far below. */
export const answerLimit = 256 * 1024;

/** No record waits longer (`timeout_s`); each request brings its own, shorter. */
const longestMs = 30_000;

/** Private use (RFC 1918, RFC 6598, RFC 4193). Not link-local, where clouds keep their secrets, and not this machine. */
const privateUse = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'] as const;

/** Where the addresses of an IdP may be. `loopback` is for demonstrations and tests, on the machine itself. */
export type Reach = 'public' | 'private' | 'loopback';

export type FetchFor = (reach: Reach) => GuardedFetch;

/**
 * @param options.privateNetworks of ours, beside those of private use: for the IdPs whose record says `private_addresses`
 */
export function createFetchFor(
  options: Pick<GuardedFetchOptions, 'privateNetworks' | 'resolve' | 'send'> = {},
): FetchFor {
  const { privateNetworks = [], ...more } = options;
  const limits = { ...more, timeoutMs: longestMs, maxBytes: answerLimit };
  const fetches: Readonly<Record<Reach, GuardedFetch>> = {
    public: createGuardedFetch({ ...limits, allowLoopback: false }),
    private: createGuardedFetch({
      ...limits,
      allowLoopback: false,
      privateNetworks: [...privateUse, ...privateNetworks],
    }),
    loopback: createGuardedFetch({ ...limits, allowLoopback: true }),
  };
  return (reach) => fetches[reach];
}

/** Metadata may name any address: what they name is reached no further than the IdP itself may live. */
export function reachOf(
  idp: Pick<IdentityProvider, 'issuer' | 'private_addresses'>,
  allowLoopbackHttp: boolean,
): Reach {
  if (allowLoopbackHttp && isLoopback(new URL(idp.issuer).hostname)) return 'loopback';
  return idp.private_addresses === true ? 'private' : 'public';
}
