// Over https, as the suite wants it: the issuer is public, has a path, and is behind a proxy that ends TLS.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpsWorld } from '../replay/support/https-world.ts';
import type { HttpsWorld } from '../replay/support/https-world.ts';
import { checkDiscovery, checkKeySet } from './support/check-discovery.ts';
import { readKeySet, readMetadata } from './support/metadata.ts';

const issuer = 'https://connexion.example/api/v2';
const json = { headers: { accept: 'application/json' } };

describe('Config OP (oidcc-config-certification-test-plan)', () => {
  let world: HttpsWorld;
  beforeAll(async () => {
    world = await startHttpsWorld(issuer);
  });
  afterAll(() => world.close());

  it('oidcc-discovery-endpoint-verification: the metadata of the issuer, complete and over https, and its keys', async () => {
    const answer = await world.visit(`${issuer}/.well-known/openid-configuration`, json);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
    const metadata = readMetadata(answer.json);
    checkDiscovery(metadata, issuer);

    const keys = await world.visit(metadata.jwks_uri, json);
    expect(keys.status).toBe(200);
    expect(keys.headers['content-type']).toMatch(/^application\/(jwk-set\+)?json\b/);
    checkKeySet(readKeySet(keys.json));
  });
});
