import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';

export interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const bind = (listener: RequestListener, host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(listener);
    server.once('error', reject);
    // Node's error of a busy port carries `code: 'EADDRINUSE'` and `port`: what the caller needs for its sentence.
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve(server);
    });
  });

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP address was expected');
  return address.port;
};

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 300).unref();
  });

/**
 * Serves on loopback only. `localhost` means 127.0.0.1 and, where the machine has it, ::1: browsers try both.
 * Port 0 lets the system choose one. Rejects with Node's own error (`code`, `port`) when the port is taken.
 */
export const listen = async (
  listener: RequestListener,
  host: '127.0.0.1' | 'localhost',
  port: number,
): Promise<Listening> => {
  const first = await bind(listener, '127.0.0.1', port);
  const servers = [first];
  const bound = portOf(first);
  if (host === 'localhost') {
    try {
      servers.push(await bind(listener, '::1', bound));
    } catch (error) {
      // A machine without IPv6 is fine; a port taken on ::1 is not, since `localhost` would then lead elsewhere.
      if (codeOf(error) === 'EADDRINUSE') {
        await stop(first);
        throw error;
      }
    }
  }
  return {
    port: bound,
    close: async () => {
      await Promise.all(servers.map(stop));
    },
  };
};
