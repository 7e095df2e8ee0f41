import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';

/** What the server does with a request: an answer, or one of the ways in which a network fails. */
export type Behaviour =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'silence'
  | 'cut'
  | 'cut_in_the_middle';

export interface ReplayServer {
  /** `http://localhost:PORT`, without slash at the end. */
  readonly url: string;
  /** Each request: path with query, and headers. */
  readonly requests: readonly { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  /** From now on. */
  answer(next: (path: string) => Behaviour): void;
  /** Forgets the requests. */
  reset(): void;
  close(): Promise<void>;
}

const addressSchema = z.object({ port: z.int() });

/** A register on this machine that answers as it is told. */
export async function startReplayServer(): Promise<ReplayServer> {
  const requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  let behaviourOf: (path: string) => Behaviour = () => ({ status: 500 });
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers });
    behave(response, behaviourOf(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressSchema.parse(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer(next) {
      behaviourOf = next;
    },
    reset() {
      requests.length = 0;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function behave(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === 'silence') return;
  if (behaviour === 'cut') {
    response.destroy();
    return;
  }
  if (behaviour === 'cut_in_the_middle') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"header":');
    response.destroy();
    return;
  }
  const { status, body, headers = {} } = behaviour;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers });
  response.end(body === undefined ? '' : text);
}
