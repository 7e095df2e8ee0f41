import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheClients, compareHashedSecrets, markReplaysAtomically, pinUrlsToIssuer } from './library.ts';

const secret = 'a-secret-of-more-than-256-random-bits-0123456789';
const document = { client_id: 'docs' };
let declared: { client_id: string } | undefined = document;
let reads = 0;

const metadata = () => ({
  client_id: 'docs',
  client_secret: hash('sha256', secret, 'hex'),
  redirect_uris: ['https://docs.example/callback'],
});

const provider = new Provider('https://connexion.example/api/v2', {
  adapter: () => ({
    find: async () => {
      reads += 1;
      return metadata();
    },
    upsert: async () => undefined,
    destroy: async () => undefined,
    consume: async () => undefined,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    revokeByGrantId: async () => undefined,
  }),
  features: { devInteractions: { enabled: false } },
});

let origin: string;
const server = createServer(provider.callback());

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  origin = `http://127.0.0.1:${address.port}`;
});
afterAll(() => void server.close());

describe('what the library does not document, and our cures (library.ts)', () => {
  test('URLs of discovery come from the issuer, whatever Host and X-Forwarded-* say', async () => {
    const discover = async () => {
      const { body } = await request(`${origin}/.well-known/openid-configuration`, {
        headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
      });
      return body.text();
    };
    expect(await discover()).toContain('evil.example');
    pinUrlsToIssuer(provider);
    const cured = await discover();
    expect(cured).not.toContain('evil.example');
    expect(cured).toContain('https://connexion.example/api/v2/token');
  });

  test('a client is read once per declared document, by any number of requests at once', async () => {
    cacheClients(provider, () => declared);
    reads = 0;
    const found = await Promise.all(Array.from({ length: 50 }, () => provider.Client.find('docs')));
    expect(reads).toBe(1);
    expect(new Set(found).size).toBe(1);
    declared = { client_id: 'docs' };
    await provider.Client.find('docs');
    expect(reads).toBe(2);
    declared = undefined;
    expect(await provider.Client.find('docs')).toBeUndefined();
    expect(reads).toBe(2);
    declared = document;
  });

  test('a client secret is compared to its digest: the digest itself opens nothing', async () => {
    compareHashedSecrets(provider);
    const client = await provider.Client.find('docs');
    expect(await client?.compareClientSecret(secret)).toBe(true);
    expect(await client?.compareClientSecret(`${secret}x`)).toBe(false);
    expect(await client?.compareClientSecret(hash('sha256', secret, 'hex'))).toBe(false);
    expect(await client?.compareClientSecret('')).toBe(false);
  });

  test('replay detection is one atomic mark', async () => {
    const marks = new Set<string>();
    markReplaysAtomically(provider, async (key) => {
      if (marks.has(key)) return false;
      marks.add(key);
      return true;
    });
    const once = () => provider.ReplayDetection.unique('issuer', 'jti', Math.floor(Date.now() / 1000) + 60);
    expect(await once()).toBe(true);
    expect(await once()).toBe(false);
  });
});
