/**
 * The discovery document and the keys, as programs fetch them. The whole document is pinned in discovery.golden.json,
 * `{issuer}` standing for the issuer. After switching something on, look at the difference and accept it with
 *
 *     npx vitest run test/journeys/discovery.test.ts --update
 *
 * That what it says is also true, advertised.test.ts shows, which follows the document by itself.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { request } from 'undici';
import { z } from 'zod';
import { organizationTypes } from '../../src/organizations/organizations.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';

const discoveryPath = '/.well-known/openid-configuration';

let world: World;
let underPath: World;
const everywhere = () => [world, underPath];

beforeAll(async () => {
  world = await startWorld();
  underPath = await startWorld({ issuerPath: '/api/v2' });
}, startTimeout);
afterAll(async () => {
  await world.close();
  await underPath.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

async function ask(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method: 'GET' | 'HEAD' = 'GET',
): Promise<Answer> {
  const answer = await request(url, { method, headers });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

const discover = async ({ issuer }: World) =>
  z.record(z.string(), z.unknown()).parse(JSON.parse((await ask(issuer + discoveryPath)).text));

describe('the discovery document', () => {
  test('is the one of the golden file', async () => {
    const metadata = await discover(world);
    const sorted = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
    const text = JSON.stringify(sorted, null, 2).replaceAll(world.issuer, '{issuer}');
    await expect(`${text}\n`).toMatchFileSnapshot('discovery.golden.json');
  });

  test('is the same under an issuer with a path, but for the issuer', async () => {
    const [one, other] = await Promise.all(
      everywhere().map(async (each) =>
        JSON.stringify(await discover(each)).replaceAll(each.issuer, '{issuer}'),
      ),
    );
    expect(other).toBe(one);
  });

  test('comes from the issuer, whatever the proxy headers say; another Host gets none', async () => {
    const before = (await ask(world.issuer + discoveryPath)).text;
    const forwarded = await ask(world.issuer + discoveryPath, {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example;proto=https',
    });
    expect(forwarded.text).toBe(before);
    const otherHost = await ask(world.issuer + discoveryPath, { host: 'evil.example' });
    expect(otherHost.status).toBe(421);
    expect(otherHost.text).not.toContain('authorization_endpoint');
  });

  test('has no member without an element (RFC 8414 §3.2), and none that is null', async () => {
    for (const [name, value] of Object.entries(await discover(world))) {
      expect(value, name).not.toBeNull();
      if (Array.isArray(value)) expect(value.length, name).toBeGreaterThan(0);
    }
  });

  test('lists every type of organization', async () => {
    expect((await discover(world))['organization_types_supported']).toEqual([...organizationTypes]);
  });
});

describe.each([
  ['/jwks', 'application/jwk-set+json; charset=utf-8'],
  [discoveryPath, 'application/json; charset=utf-8'],
])('%s', (path, type) => {
  test('may be kept for five minutes by everybody, and has a strong ETag', async () => {
    for (const { issuer } of everywhere()) {
      const { status, headers } = await ask(issuer + path);
      expect([status, headers['content-type']]).toEqual([200, type]);
      expect(headers['cache-control']).toBe('public, max-age=300');
      expect(headers['etag']).toMatch(/^"[\w-]{43}"$/);
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });

  test('is not sent again to who has it: 304, with the ETag and the age (RFC 9110 §15.4.5)', async () => {
    for (const { issuer } of everywhere()) {
      const etag = String((await ask(issuer + path)).headers['etag']);
      for (const known of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
        for (const method of ['GET', 'HEAD'] as const) {
          const { status, headers, text } = await ask(issuer + path, { 'if-none-match': known }, method);
          expect([status, text], `${method} ${known}`).toEqual([304, '']);
          expect(headers['etag']).toBe(etag);
          expect(headers['cache-control']).toBe('public, max-age=300');
        }
      }
      expect((await ask(issuer + path, { 'if-none-match': '"other"' })).status).toBe(200);
    }
  });

  test('answers HEAD as GET, without the body', async () => {
    for (const { issuer } of everywhere()) {
      const [get, head] = [await ask(issuer + path), await ask(issuer + path, {}, 'HEAD')];
      expect([head.status, head.text]).toEqual([200, '']);
      for (const name of ['etag', 'content-type', 'content-length', 'cache-control'])
        expect(head.headers[name], name).toBe(get.headers[name]);
    }
  });
});

test('each published key has kid, alg and use, and no private member', async () => {
  const { keys } = z
    .object({ keys: z.array(z.record(z.string(), z.unknown())) })
    .parse(JSON.parse((await ask(`${world.issuer}/jwks`)).text));
  expect(keys.map(({ alg }) => alg)).toEqual(
    (await discover(world))['id_token_signing_alg_values_supported'],
  );
  const publicMembers = ['kty', 'use', 'kid', 'alg', 'crv', 'x', 'y', 'n', 'e'];
  for (const key of keys) {
    expect([key['use'], typeof key['kid'], typeof key['alg']]).toEqual(['sig', 'string', 'string']);
    expect(Object.keys(key).filter((name) => !publicMembers.includes(name))).toEqual([]);
  }
});
