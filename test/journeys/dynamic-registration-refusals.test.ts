/**
 * What registration refuses, each time without changing anything: RFC 7591 §3.1 and §3.2.2, RFC 7592 §2, RFC 6750 §3.1.
 */
import { hash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { postForm, send } from '../replay/support/relying-party.ts';
import type { Answer } from '../replay/support/relying-party.ts';
import { storeState } from '../replay/support/stores.ts';
import { noLimits } from '../support/no-limits.ts';
import { describeOnEachBackend } from './each-backend.ts';
import { allow, bearer, json, least, manage, post, register } from './registering-tool.ts';
import type { Information, Metadata } from './registering-tool.ts';

/** As often as one tool may change itself here. */
const updates = 20;

await describeOnEachBackend(
  'Dynamic registration refuses',
  (world) => {
    let token: string;
    let mine: Information;
    let other: Information;
    let before: Awaited<ReturnType<typeof storeState>>;
    beforeAll(async () => {
      token = await allow(world());
      mine = await register(world());
      other = await register(world());
    });
    beforeEach(async () => {
      before = await storeState(world().broker.stores.db);
    });
    afterEach(async () => {
      expect(await storeState(world().broker.stores.db)).toEqual(before);
      expect(await usesLeft()).toBe(1);
    });

    const usesLeft = async () => {
      const { db } = world().broker.stores;
      const held = db.selectFrom('initial_access_token').select('uses_left');
      return (await held.where('token_sha256', '=', hash('sha256', token, 'base64url')).executeTakeFirst())
        ?.uses_left;
    };

    /** RFC 7591 §3.2.2: JSON with an error; nothing that came is repeated, and no cache keeps it. */
    const refused = (answer: Answer, status: number, error: string): void => {
      expect([answer.status, answer.json['error']]).toEqual([status, error]);
      expect(answer.json['error_description']).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      expect(answer.body).not.toMatch(/evil|<|stack/i);
    };

    test.each<[string, Metadata, string]>([
      ['no redirect URI', {}, 'invalid_redirect_uri'],
      ['a script', { redirect_uris: ['javascript:alert("evil")'] }, 'invalid_redirect_uri'],
      ['plain http', { redirect_uris: ['http://evil.example/'] }, 'invalid_redirect_uri'],
      ['a wildcard', { redirect_uris: ['https://*.evil.example/'] }, 'invalid_redirect_uri'],
      ['a fragment', { redirect_uris: ['https://evil.example/#a'] }, 'invalid_redirect_uri'],
      ['markup', { redirect_uris: ['https://evil.example/<b>'] }, 'invalid_redirect_uri'],
      [
        'a loopback address over https for a native application',
        { redirect_uris: ['https://localhost/cb'], application_type: 'native' },
        'invalid_redirect_uri',
      ],
      ['implicit', { ...least, response_types: ['token'] }, 'invalid_client_metadata'],
      ['an unknown method', { ...least, token_endpoint_auth_method: 'evil' }, 'invalid_client_metadata'],
      [
        'an algorithm for a key that it does not use',
        { ...least, token_endpoint_auth_signing_alg: 'ES256' },
        'invalid_client_metadata',
      ],
      [
        'tokens bound in two ways',
        { ...least, dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true },
        'invalid_client_metadata',
      ],
      ['a logo that runs', { ...least, logo_uri: 'javascript:evil()' }, 'invalid_client_metadata'],
      [
        'a sector of others',
        { ...least, sector_identifier_uri: 'https://evil.example/' },
        'invalid_client_metadata',
      ],
    ])('RFC 7591 §3.2.2: %s', async (_name, metadata, error) => {
      refused(await post(world(), token, metadata), 400, error);
    });

    test.each<[string, string]>([
      ['text', 'evil'],
      ['a list', '[]'],
      ['null', 'null'],
      ['nothing', ''],
      ['half an object', '{"redirect_uris":["https://evil.example/"]'],
    ])('RFC 7591 §3.1: %s is no JSON object', async (_name, body) => {
      const headers = { ...json, ...bearer(token) };
      refused(
        await send(`${world().issuer}/register`, { method: 'POST', headers, body }),
        400,
        'invalid_request',
      );
    });

    test('RFC 7591 §3.1: a form, a compressed body, a body over 64 kB', async () => {
      const url = `${world().issuer}/register`;
      refused(
        await postForm(url, { redirect_uris: 'https://evil.example/' }, bearer(token)),
        415,
        'invalid_request',
      );
      const body = JSON.stringify(least);
      const compressed = { ...json, ...bearer(token), 'content-encoding': 'gzip' };
      refused(await send(url, { method: 'POST', headers: compressed, body }), 415, 'invalid_request');
      refused(await post(world(), token, { ...least, x: 'x'.repeat(65_536) }), 413, 'invalid_request');
    });

    test('RFC 6750 §3.1: no token is a challenge without an error', async () => {
      for (const headers of [json, { ...json, authorization: 'Basic ZG9jczpkb2Nz' }]) {
        const body = JSON.stringify(least);
        const answer = await send(`${world().issuer}/register?access_token=${token}`, {
          method: 'POST',
          headers,
          body,
        });
        expect([answer.status, answer.json]).toEqual([401, {}]);
        expect(answer.headers['www-authenticate']).toBe(`Bearer realm="${world().issuer}"`);
      }
    });

    test('RFC 6750 §3.1: a token that allows nothing', async () => {
      const { db } = world().broker.stores;
      const [expired, elsewhere] = [
        await allow(world(), { expiresAt: new Date(Date.now() + 1000) }),
        await allow(world(), { service: 'nowhere' }),
      ];
      await db
        .updateTable('initial_access_token')
        .set({ expires_at: new Date(Date.now() - 1000) })
        .where('expires_at', '<', new Date(Date.now() + 60_000))
        .execute();
      before = await storeState(db);
      for (const wrong of [
        expired,
        elsewhere,
        'a'.repeat(43),
        'x',
        'é',
        `${token} ${token}`,
        '<evil>',
        mine.registration_access_token,
      ]) {
        const headers = { ...json, authorization: Buffer.from(`Bearer ${wrong}`).toString('latin1') };
        const body = JSON.stringify(least);
        const answer = await send(`${world().issuer}/register`, { method: 'POST', headers, body });
        refused(answer, 401, 'invalid_token');
        expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
      }
    });

    test('RFC 7592 §2: a token of another client, an unknown client, no client', async () => {
      for (const [uri, shown] of [
        [mine.registration_client_uri, other.registration_access_token],
        [`${world().issuer}/register/dyn-${'0'.repeat(32)}`, mine.registration_access_token],
        [`${world().issuer}/register/docs`, mine.registration_access_token],
        [mine.registration_client_uri, token],
        [mine.registration_client_uri, mine.client_secret ?? ''],
      ] as const) {
        for (const method of ['GET', 'PUT', 'DELETE'] as const) {
          const body =
            method === 'PUT' ? { body: JSON.stringify({ ...least, client_id: mine.client_id }) } : {};
          refused(
            await send(uri, { method, headers: { ...json, ...bearer(shown) }, ...body }),
            401,
            'invalid_token',
          );
        }
      }
      expect((await send(mine.registration_client_uri)).status).toBe(401);
    });

    test.each<[string, Metadata, string]>([
      ['without client_id', { client_id: undefined }, 'invalid_client_metadata'],
      ['with the client_id of another', { client_id: 'docs' }, 'invalid_client_metadata'],
      ['with a wrong secret', { client_secret: 'a'.repeat(43) }, 'invalid_client_metadata'],
      ['with a token', { registration_access_token: 'evil' }, 'invalid_client_metadata'],
      ['with an address', { registration_client_uri: 'https://evil.example/' }, 'invalid_client_metadata'],
      ['with an expiry of its secret', { client_secret_expires_at: 0 }, 'invalid_client_metadata'],
      ['with a date of issue', { client_id_issued_at: 0 }, 'invalid_client_metadata'],
      ['without redirect URIs', { redirect_uris: undefined }, 'invalid_redirect_uri'],
      ['with a wrong redirect URI', { redirect_uris: ['http://evil.example/'] }, 'invalid_redirect_uri'],
      ['with a wrong algorithm', { id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
    ])('RFC 7592 §2.2: an update %s', async (_name, changes, error) => {
      refused(await manage('PUT', mine, { ...least, client_id: mine.client_id, ...changes }), 400, error);
    });

    test('RFC 7591 §3, RFC 7592 §2: other methods', async () => {
      for (const [method, url, allowed] of [
        ['GET', `${world().issuer}/register`, 'POST'],
        ['OPTIONS', `${world().issuer}/register`, 'POST'],
        ['POST', mine.registration_client_uri, 'GET, PUT, DELETE'],
      ] as const) {
        const headers = { ...bearer(token), origin: 'https://evil.example' };
        const answer = await send(url, { method, headers });
        expect([answer.status, answer.headers['allow']]).toEqual([405, allowed]);
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      }
    });

    test('an update that says the same again', async () => {
      const answer = await manage('PUT', mine, { ...least, client_id: mine.client_id });
      expect(answer.status).toBe(200);
    });

    test('updates without end: each of them is read by every process', async () => {
      const update = () => manage('PUT', other, { ...least, client_id: other.client_id });
      for (let each = 0; each < updates; each += 1) expect((await update()).status).toBe(200);
      const stopped = await update();
      expect([stopped.status, stopped.json['error'], stopped.headers['retry-after']]).toEqual([
        429,
        'temporarily_unavailable',
        expect.stringMatching(/^\d+$/),
      ]);
      expect((await manage('GET', other)).status).toBe(200);
      expect((await manage('PUT', mine, { ...least, client_id: mine.client_id })).status).toBe(200);
    });
  },
  {
    dynamicRegistration: true,
    limits: {
      ...noLimits,
      client_changed: { ...noLimits.client_changed, account: { times: updates, seconds: 60 } },
    },
  },
);
