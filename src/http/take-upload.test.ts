import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startPageServer } from '../../test/browser/page-server.ts';
import type { PageServer } from '../../test/browser/page-server.ts';
import { uploadLimits } from './receive-upload.ts';
import { createTakeUpload, uploadsAtOnce } from './take-upload.ts';

let server: PageServer;
let release = Promise.withResolvers<undefined>();
/** Uploads that are being dealt with. */
let dealtWith = 0;

beforeAll(async () => {
  const three = createTakeUpload({ ...uploadsAtOnce, bytes: 5_000_000 }, { ...uploadLimits });
  server = await startPageServer({
    routes: () => async (ctx) => {
      ctx.body = await three(ctx, ctx.path, async ({ files }) => {
        dealtWith += 1;
        if (ctx.query['wait'] !== undefined) await release.promise;
        dealtWith -= 1;
        return { bytes: files.map(({ bytes }) => bytes.length) };
      });
    },
  });
});
afterAll(() => server.close());
afterEach(() => {
  release.resolve(undefined);
  release = Promise.withResolvers();
});

const start = '--b\r\nContent-Disposition: form-data; name="piece"; filename="a"\r\n\r\n';
const end = '\r\n--b--\r\n';

interface Sending {
  readonly client: ClientRequest;
  readonly answer: Promise<{ status: number | undefined; retryAfter: string | undefined; body: string }>;
}

/** Sends the beginning of an upload: `client.end(end)` ends it. */
function begin(path: string, bytes: number): Sending {
  const client = request(`${server.origin}${path}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'multipart/form-data; boundary=b' },
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    client.on('response', resolve);
    client.on('error', reject);
  }).then(async (message) => ({
    status: message.statusCode,
    retryAfter: message.headers['retry-after'],
    body: await text(message),
  }));
  // Looked at later, or never.
  answer.catch(() => undefined);
  client.write(start);
  client.write(Buffer.alloc(bytes, 97));
  return { client, answer };
}
const whole = (path: string, bytes = 10): Sending['answer'] => {
  const { client, answer } = begin(path, bytes);
  client.end(end);
  return answer;
};
const busy = { status: 503, retryAfter: '30', body: expect.stringContaining('M-FILE-070') as unknown };
const taken = (path: string) =>
  vi.waitFor(async () => expect(await whole(path)).toMatchObject({ status: 200 }));

describe('uploads at once', () => {
  test('are three: the fourth is told when to come back, and has its place once one has ended', async () => {
    const three = ['/a', '/b', '/c'].map((path) => whole(`${path}?wait`));
    await vi.waitFor(() => expect(dealtWith).toBe(3));
    expect(await whole('/d')).toEqual(busy);
    release.resolve(undefined);
    expect(await Promise.all(three)).toMatchObject([{ status: 200 }, { status: 200 }, { status: 200 }]);
    await taken('/d');
  });

  test('are one of an account, and others have their place', async () => {
    const first = whole('/a?wait');
    await vi.waitFor(() => expect(dealtWith).toBe(1));
    expect(await whole('/a')).toEqual(busy);
    expect(await whole('/b')).toMatchObject({ status: 200, body: '{"bytes":[10]}' });
    release.resolve(undefined);
    await first;
  });

  test('have 5 MB between them here: the one that goes beyond ends, and the others go on', async () => {
    const first = whole('/a?wait', 3_000_000);
    await vi.waitFor(() => expect(dealtWith).toBe(1));
    expect(await whole('/b', 2_500_000)).toEqual(busy);
    release.resolve(undefined);
    expect(await first).toMatchObject({ status: 200, body: '{"bytes":[3000000]}' });
    // What was held is given back.
    expect(await whole('/b', 2_500_000)).toMatchObject({ status: 200 });
    expect(await whole('/c', 4_900_000)).toMatchObject({ status: 200 });
  });

  test('given up half-way leave their place', async () => {
    const three = ['/a', '/b', '/c'].map((path) => begin(path, 10));
    await vi.waitFor(async () => expect(await whole('/d')).toEqual(busy));
    for (const { client } of three) client.destroy();
    await taken('/d');
    await taken('/a');
  });
});
