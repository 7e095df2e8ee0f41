import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';

export interface Listening {
  readonly port: number;
  /** Stops accepting, lets the requests under way end, then cuts what is left. */
  readonly close: () => Promise<void>;
}

export interface ListenOptions {
  /** 0: the system chooses one. */
  readonly port: number;
  /** Undefined: every address of the machine. */
  readonly addresses: readonly [string, ...string[]] | undefined;
  /** How long requests under way may take to end, in milliseconds. */
  readonly drainMs: number;
}

/** What `localhost` means to a browser: 127.0.0.1 and, where the machine has it, ::1. */
export const loopbackAddresses = ['127.0.0.1', '::1'] as const;

/** Rejects with Node's own error (`code: 'EADDRINUSE'`, `port`) when the port is taken on one of the addresses. */
export async function listen(
  listener: RequestListener,
  { port, addresses, drainMs }: ListenOptions,
): Promise<Listening> {
  const [main, ...others] = addresses ?? [undefined];
  const first = await bind(listener, main, port);
  const servers = [first];
  const bound = portOf(first);
  for (const address of others) {
    try {
      servers.push(await bind(listener, address, bound));
    } catch (error) {
      // A machine without IPv6 is fine; a port taken on ::1 is not, since `localhost` would then lead elsewhere.
      if (codeOf(error) !== 'EADDRINUSE') continue;
      await Promise.all(servers.map((server) => stop(server, 0)));
      throw error;
    }
  }
  return {
    port: bound,
    close: async () => {
      await Promise.all(servers.map((server) => stop(server, drainMs)));
    },
  };
}

function bind(listener: RequestListener, address: string | undefined, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(listener);
    server.once('error', reject);
    server.listen({ port, ...(address === undefined ? {} : { host: address }) }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function stop(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP address was expected');
  return address.port;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
