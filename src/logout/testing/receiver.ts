import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly path: string;
  readonly contentType: string | undefined;
  readonly token: string;
}

/** A tool, or several by their paths, that is told of logouts. */
export interface Receiver {
  readonly origin: string;
  /** Oldest first. */
  readonly received: readonly Received[];
  at(path: string): readonly Received[];
  /** What `path` answers from now on; 200 when nothing was said. A promise: not before it resolves. */
  answer(path: string, status: number | (() => Promise<number>)): void;
  close(): Promise<void>;
}

/** Listens on a free port of loopback. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers = new Map<string, number | (() => Promise<number>)>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    void text(request).then(async (body) => {
      const token = new URLSearchParams(body).get('logout_token') ?? '';
      received.push({ path, contentType: request.headers['content-type'], token });
      const said = answers.get(path) ?? 200;
      response.statusCode = typeof said === 'number' ? said : await said();
      if (response.statusCode === 302) response.setHeader('location', '/elsewhere');
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    received,
    at: (path) => received.filter((one) => one.path === path),
    answer: (path, status) => void answers.set(path, status),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
