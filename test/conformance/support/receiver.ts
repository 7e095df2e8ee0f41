/**
 * The certification client's own server: where browsers are sent back to, and where the provider posts logout tokens.
 * It answers everything with a page that says so, and keeps every request as it came.
 */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { freePort } from '../../support/services.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly query: URLSearchParams;
  /** Fields of an urlencoded body; empty when there is none. */
  readonly form: URLSearchParams;
}

export interface Receiver {
  readonly origin: string;
  /** The requests for a path since the last time it was asked, oldest first. */
  take(path: string): readonly Received[];
  /** The only request for a path since the last time; waits for it at most five seconds. */
  takeOne(path: string): Promise<Received>;
  close(): Promise<void>;
}

const longestBody = 100_000;

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: string[] = [];
  let length = 0;
  request.setEncoding('utf8');
  for await (const chunk of request) {
    const text = String(chunk);
    length += text.length;
    if (length > longestBody) throw new Error('body too long');
    chunks.push(text);
  }
  return chunks.join('');
}

export async function startReceiver(): Promise<Receiver> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const inbox = new Map<string, Received[]>();

  const keep = async (request: IncomingMessage): Promise<void> => {
    const url = new URL(request.url ?? '/', origin);
    const body = await textOf(request);
    const contentType = request.headers['content-type'];
    const received: Received = {
      method: request.method ?? '',
      path: url.pathname,
      contentType,
      query: url.searchParams,
      form: new URLSearchParams(
        contentType?.startsWith('application/x-www-form-urlencoded') === true ? body : '',
      ),
    };
    inbox.set(url.pathname, [...(inbox.get(url.pathname) ?? []), received]);
  };

  const server = createServer((request, response) => {
    keep(request).then(
      () => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
        response.end('<!doctype html><title>Received</title><h1>Received</h1>');
      },
      () => {
        response.writeHead(400).end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));

  const take = (path: string): readonly Received[] => {
    const found = inbox.get(path) ?? [];
    inbox.delete(path);
    return found;
  };
  return {
    origin,
    take,
    takeOne: async (path) => {
      for (let tries = 0; tries < 250; tries += 1) {
        if (inbox.has(path)) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const found = take(path);
      const [one] = found;
      if (one === undefined || found.length > 1)
        throw new Error(`${found.length} requests for ${path}, not one`);
      return one;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
