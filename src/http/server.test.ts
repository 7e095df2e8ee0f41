import { createServer } from 'node:http';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { listen, loopbackAddresses } from './server.ts';

test('answers on localhost and 127.0.0.1, then no more', async () => {
  const server = await listen((_request, response) => response.end('here'), {
    port: 0,
    addresses: loopbackAddresses,
    drainMs: 300,
  });
  for (const host of ['localhost', '127.0.0.1']) {
    const answer = await request(`http://${host}:${server.port}/`);
    expect(await answer.body.text()).toBe('here');
  }
  await server.close();
  await expect(request(`http://127.0.0.1:${server.port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('closing does not wait for a client that keeps its connection', async () => {
  const server = await listen(() => undefined, { port: 0, addresses: ['127.0.0.1'], drainMs: 100 });
  const pending = request(`http://127.0.0.1:${server.port}/`).catch(() => 'cut');
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close();
  expect(await pending).toBe('cut');
});

const has = async (host: string): Promise<boolean> => {
  const probe = createServer();
  const ok = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(0, host, () => resolve(true));
  });
  await new Promise((resolve) => probe.close(resolve));
  return ok;
};

test('a port taken on either address is an error that names it', async () => {
  const hosts = (await has('::1')) ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
  for (const host of hosts) {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, host, () => resolve()));
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(
      listen(() => undefined, { port, addresses: loopbackAddresses, drainMs: 0 }),
    ).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
    await new Promise((resolve) => other.close(resolve));
  }
});
