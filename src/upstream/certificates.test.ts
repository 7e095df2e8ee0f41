import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Agent, fetch } from 'undici';
import { expect, it } from 'vitest';
import { watchCertificates } from './certificates.ts';
import { localhost } from './testing/localhost-certificate.ts';

it('the end of a certificate is seen when somebody connects, for the hosts that are asked for', async () => {
  const server = createServer({ key: localhost.key, cert: localhost.cert }, (_request, response) =>
    response.end('ok'),
  );
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port }: AddressInfo = address;
  const dispatcher = new Agent({ connect: { ca: localhost.cert } });
  const [ours, others] = [watchCertificates((host) => host === 'localhost'), watchCertificates(() => false)];
  try {
    expect(ours.endOf('localhost')).toBeUndefined();
    await (await fetch(`https://localhost:${port}/`, { dispatcher })).text();
    expect(ours.endOf('localhost')).toEqual(localhost.endsAt);
    expect(others.endOf('localhost')).toBeUndefined();
  } finally {
    ours.stop();
    others.stop();
    await dispatcher.close();
    server.close();
  }
});
