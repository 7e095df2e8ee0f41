import type { RequestListener } from 'node:http';
import { listen as listenOn, loopbackAddresses } from '../src/http/http.ts';
import type { Listening } from '../src/http/http.ts';

export type { Listening };

/** Serves on loopback only; port 0 lets the system choose. Rejects with `code` and `port` when the port is taken. */
export const listen = (
  listener: RequestListener,
  host: '127.0.0.1' | 'localhost',
  port: number,
): Promise<Listening> =>
  listenOn(listener, {
    port,
    addresses: host === 'localhost' ? loopbackAddresses : ['127.0.0.1'],
    drainMs: 300,
  });
