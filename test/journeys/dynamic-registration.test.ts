/** Tools that register themselves: RFC 7591, RFC 7592, OpenID Connect Dynamic Client Registration 1.0. */
import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redeclare } from '../replay/support/declarations.ts';
import { agent, codeFor, refresh } from '../replay/support/granted.ts';
import {
  authorizationRequest,
  claimsOf,
  redeem,
  send,
  tokensOf,
  userinfo,
} from '../replay/support/relying-party.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { describeOnEachBackend, startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import {
  allow,
  bearer,
  informationOf,
  json,
  least,
  manage,
  post,
  register,
  toolOf,
} from './registering-tool.ts';

const secret: unknown = expect.stringMatching(/^[\w-]{43}$/);

describe('unless it is switched on', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  }, startTimeout);
  afterAll(() => world.close());

  test('there is no registration', async () => {
    const metadata = await send(`${world.issuer}/.well-known/openid-configuration`);
    expect(metadata.status).toBe(200);
    expect(metadata.json).not.toHaveProperty('registration_endpoint');
    for (const [method, path] of [
      ['POST', '/register'],
      ['GET', '/register/docs'],
      ['PUT', '/register/docs'],
      ['DELETE', '/register/docs'],
    ] as const) {
      const headers = { ...json, ...bearer('a'.repeat(43)) };
      const body = method === 'POST' || method === 'PUT' ? { body: JSON.stringify(least) } : {};
      expect((await send(world.issuer + path, { method, headers, ...body })).status).toBe(404);
    }
  });
});

await describeOnEachBackend(
  'Dynamic registration',
  (world) => {
    let browser: Browser;
    beforeEach(() => {
      browser = createBrowser();
    });
    afterEach(() => browser.close());

    const rows = () => world().broker.stores.db.selectFrom('registered_client').selectAll().execute();

    test('the life of a tool: registers, signs people in, changes, reads itself, goes (RFC 7592 §2.1 to §2.3)', async () => {
      const { issuer } = world();
      const metadata = await send(`${issuer}/.well-known/openid-configuration`);
      expect(metadata.json['registration_endpoint']).toBe(`${issuer}/register`);

      const answer = await post(world(), await allow(world()), {
        ...least,
        client_name: 'Outil d’essai',
        client_uri: 'https://outil.example/',
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid email siret eligibility custom',
        unheard_of: true,
      });
      expect(answer.status).toBe(201);
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'application/json; charset=utf-8',
      });
      const now = Math.floor(Date.now() / 1000);
      const first = informationOf(answer);
      expect(first).toMatchObject({
        client_secret: secret,
        client_secret_expires_at: 0,
        registration_client_uri: `${issuer}/register/${first.client_id}`,
        client_name: 'Outil d’essai',
        client_uri: 'https://outil.example/',
        redirect_uris: least.redirect_uris,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        // `custom` is not what the operator allowed.
        scope: 'openid email siret eligibility',
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'RS256',
        subject_type: 'pairwise',
      });
      expect(first.client_id_issued_at).toBeGreaterThan(now - 60);
      expect(first.client_id_issued_at).toBeLessThanOrEqual(now);
      expect(first).not.toHaveProperty('unheard_of');

      // It serves at once, with the rights of its service.
      const tool = toolOf(first);
      const { attempt, code } = await codeFor(world(), browser, tool);
      const tokens = tokensOf(await redeem(issuer, attempt, code));
      expect(claimsOf(tokens.id_token)).toMatchObject({ iss: issuer, aud: first.client_id });
      expect((await userinfo(issuer, tokens.access_token)).json).toMatchObject({
        email: agent.email,
        siret: '13002526500013',
        eligibility: { service: 'docs', decision: 'allow' },
      });

      // RFC 7592 §2.2: all of it is replaced; what is left out falls back to its default.
      const changed = await manage('PUT', first, {
        client_id: first.client_id,
        client_secret: first.client_secret,
        redirect_uris: ['https://outil.example/retour'],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid email custom',
      });
      expect(changed.status).toBe(200);
      expect(changed.headers['cache-control']).toBe('no-store');
      const second = informationOf(changed);
      expect(second).toMatchObject({
        client_id: first.client_id,
        client_id_issued_at: first.client_id_issued_at,
        registration_access_token: first.registration_access_token,
        redirect_uris: ['https://outil.example/retour'],
        scope: 'openid email',
      });
      expect(second).not.toHaveProperty('client_name');
      expect(second).not.toHaveProperty('client_secret');

      // RFC 7592 §2.1: the same, secret apart, of which only a hash is kept.
      const readAgain = await manage('GET', first);
      expect(readAgain.status).toBe(200);
      expect(readAgain.json).toEqual(second);

      // The former address is unknown at once, the secret still serves.
      const former = await browser.get(authorizationRequest(issuer, tool).url);
      expect([former.status, former.url.startsWith(issuer)]).toEqual([400, true]);
      const next = toolOf(second, { secret: first.client_secret ?? '' });
      const again = await codeFor(world(), createBrowser(), next);
      const alive = tokensOf(await redeem(issuer, again.attempt, again.code));
      const pending = await codeFor(world(), createBrowser(), next);

      // RFC 7592 §2.3: with the client go its codes, its tokens, and the token that managed it.
      const gone = await manage('DELETE', first);
      expect([gone.status, gone.body]).toEqual([204, '']);
      expect((await userinfo(issuer, alive.access_token)).status).toBe(401);
      for (const refused of [
        await redeem(issuer, pending.attempt, pending.code),
        await refresh(world(), next, alive.refresh_token),
      ]) {
        expect([refused.status, refused.json['error']]).toEqual([401, 'invalid_client']);
      }
      const page = await browser.get(authorizationRequest(issuer, next).url);
      expect(page.status).toBe(400);
      expect(page.body).toContain('M-OIDC-001');
      for (const method of ['GET', 'DELETE'] as const) expect((await manage(method, first)).status).toBe(401);
      expect((await manage('PUT', first, { client_id: first.client_id, ...least })).status).toBe(401);
      const { db } = world().broker.stores;
      const left = await db
        .selectFrom('oidc_grant')
        .select(['revoked_at', 'snapshot'])
        .where('client_id', '=', first.client_id)
        .execute();
      expect(left.length).toBeGreaterThan(0);
      for (const grant of left) expect([grant.revoked_at === null, grant.snapshot]).toEqual([false, null]);
      expect(
        await db
          .selectFrom('oidc_refresh_token')
          .selectAll()
          .where('client_id', '=', first.client_id)
          .execute(),
      ).toEqual([]);
    });

    test('whoever the service refuses is stopped at the gate, whatever the tool says', async () => {
      const information = await register(world(), { ...least, enforcement: 'claims', service: 'visio' });
      const attempt = authorizationRequest(world().issuer, toolOf(information));
      const people = await browser.submitForm(await browser.get(attempt.url), {
        email: 'membre@asso.example',
      });
      const page = await browser.submitForm(people, { person: 'membre-asso' });
      expect(page.status).toBe(403);
      expect(page.url.startsWith(world().issuer)).toBe(true);
    });

    test('PKCE is required of it', async () => {
      const tool = toolOf(await register(world()));
      const { url } = authorizationRequest(world().issuer, tool, {
        code_challenge: undefined,
        code_challenge_method: undefined,
      });
      const page = await browser.get(url, { redirects: 'manual' });
      expect(new URL(page.location ?? '').searchParams.get('error')).toBe('invalid_request');
    });

    test('a public tool has no secret, and gets one when it asks for a method that needs it', async () => {
      const information = await register(world(), { ...least, token_endpoint_auth_method: 'none' });
      expect(information).not.toHaveProperty('client_secret');
      expect(information).not.toHaveProperty('client_secret_expires_at');
      const tool = toolOf(information, { authentication: 'none' });
      const { attempt, code } = await codeFor(world(), browser, tool);
      expect((await redeem(world().issuer, attempt, code)).status).toBe(200);

      const confidential = await manage('PUT', information, {
        client_id: information.client_id,
        ...least,
        token_endpoint_auth_method: 'client_secret_post',
      });
      expect(confidential.json).toMatchObject({ client_secret: secret, client_secret_expires_at: 0 });
      const after = toolOf(informationOf(confidential), { authentication: 'client_secret_post' });
      const next = await codeFor(world(), createBrowser(), after);
      expect((await redeem(world().issuer, next.attempt, next.code)).status).toBe(200);
      const third = await codeFor(world(), createBrowser(), after);
      expect((await redeem(world().issuer, third.attempt, third.code, {}, tool)).status).toBe(401);
    });

    test('a tool with a key signs in with assertions', async () => {
      const { issuer } = world();
      const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
      const information = await register(world(), {
        ...least,
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] },
      });
      expect(information).not.toHaveProperty('client_secret');
      const tool = toolOf(information, { authentication: 'none' });
      const { attempt, code } = await codeFor(world(), browser, tool);
      const assertion = await new SignJWT({ jti: randomBytes(16).toString('hex') })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuer(tool.clientId)
        .setSubject(tool.clientId)
        .setAudience(issuer)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey);
      const answer = await redeem(issuer, attempt, code, {
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
      expect(answer.status).toBe(200);
    });

    test('no secret and no token is kept in clear, or logged', async () => {
      const initial = await allow(world());
      const answer = await post(world(), initial, least);
      const { client_secret: shown = '', registration_access_token: token } = informationOf(answer);
      expect(shown).toMatch(/^[\w-]{43}$/);
      const { db } = world().broker.stores;
      const kept = JSON.stringify([
        await rows(),
        await db.selectFrom('initial_access_token').selectAll().execute(),
      ]);
      const logged = world().log.join('\n');
      for (const value of [initial, shown, token]) {
        expect(kept).not.toContain(value);
        expect(logged).not.toContain(value);
      }
    });

    test('of twenty at once with a token for one, one registers (and each of twenty with a token for twenty)', async () => {
      const before = (await rows()).length;
      const once = await allow(world());
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(world(), once, least)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(19).fill(401)]);
      expect((await rows()).length).toBe(before + 1);

      const twenty = await allow(world(), { usesLeft: 20 });
      const all = await Promise.all(Array.from({ length: 20 }, () => post(world(), twenty, least)));
      expect(new Set(all.map((answer) => informationOf(answer).client_id)).size).toBe(20);
      expect((await post(world(), twenty, least)).status).toBe(401);
    });

    test('what the operator declares again leaves registered tools alone', async () => {
      const information = await register(world());
      await redeclare(world(), {});
      expect((await manage('GET', information)).status).toBe(200);
      expect((await codeFor(world(), browser, toolOf(information))).code).toMatch(/./);
    });

    test('a service that is no longer there takes nobody in, and breaks nothing else', async () => {
      const token = await allow(world(), { service: 'visio' });
      const information = informationOf(
        await post(world(), await allow(world(), { service: 'visio' }), least),
      );
      const operator = await createOperator(world());
      await operator.declare('service', 'visio', () => undefined);
      expect((await post(world(), token, least)).status).toBe(401);
      const page = await browser.get(authorizationRequest(world().issuer, toolOf(information)).url);
      expect(page.status).toBeGreaterThanOrEqual(400);
      expect(page.status).toBeLessThan(500);
      expect(page.url.startsWith(world().issuer)).toBe(true);
      expect((await codeFor(world(), browser, toolOf(await register(world())))).code).toMatch(/./);
      await operator.restore();
    });
  },
  { dynamicRegistration: true },
);
