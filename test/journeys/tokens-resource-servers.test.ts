/**
 * Access tokens for APIs: which one a tool may ask for (RFC 8707), what a JWT says (RFC 9068), how long it lives, and that
 * the decision is asked each time one is issued.
 */
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { expectGrantRefused, refresh } from '../replay/support/granted.ts';
import {
  authorizationRequest,
  claimsOf,
  redeem,
  silently,
  tokensOf,
  toolAnswer,
  untilTool,
  userinfo,
} from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import {
  aNumber,
  aText,
  api,
  archive,
  codeForResources,
  mailbox,
  redeemFor,
  safe,
  verifiedBy,
} from './tokens-support.ts';

const reader = extraTool('lecteur');
const stranger = extraTool('inconnu');
const gated = extraTool('garde');
const brief = extraTool('bref');
let world: World;
let browser: Browser;
let operator: Operator;
let safeKey: CryptoKey;

beforeAll(async () => {
  const pair = await generateKeyPair('RSA-OAEP-256', { extractable: true });
  safeKey = pair.privateKey;
  const { kty = '', n = '', e = '' } = await exportJWK(pair.publicKey);
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('lecteur', {
        refresh_token: 'always',
        extended_roles: true,
        scope: 'openid email roles groups entitlements',
      }),
      extraClient('inconnu'),
      extraClient('bref', { scope: 'openid email' }),
      extraClient('garde', { service: 'docs', enforcement: 'gate', refresh_token: 'always' }),
      extraClient('boite-api', { redirect_uris: [], introspects: ['lecteur'] }),
    ],
    resource_servers: [
      api('archive', archive, { clients: ['lecteur', 'garde', 'bref'], access_token_lifetime: 120 }),
      api('coffre', safe, {
        access_token_signed_response_alg: 'PS256',
        access_token_encrypted_response_alg: 'RSA-OAEP-256',
        access_token_encrypted_response_enc: 'A256GCM',
        jwks: { keys: [{ kty, n, e, kid: 'coffre', use: 'enc' }] },
      }),
      api('boite', mailbox, { access_token_format: 'opaque', introspected_by: ['boite-api'] }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  operator = await createOperator(world);
}, startTimeout);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  await operator.restore();
  await browser.close();
});

describe('a JWT for an API (RFC 9068 §2)', () => {
  test('holds no rights that the registration of its tool does not have: the tool can read it', async () => {
    const granted = await codeForResources(world, browser, gated, [archive]);
    const tokens = tokensOf(await redeemFor(world, granted, archive));
    const { payload } = await verifiedBy(world, archive)(tokens.access_token, 'at+jwt');
    expect(Object.keys(payload)).not.toEqual(expect.arrayContaining(['roles']));
    expect(payload['entitlements']).toBeUndefined();
    expect(payload['acr']).toBeDefined();
  });

  test('is signed for that API alone, and says who, for which tool, how signed in and what is allowed', async () => {
    const granted = await codeForResources(world, browser, reader, [archive]);
    const answer = await redeemFor(world, granted, archive);
    expect(answer.json).toMatchObject({ token_type: 'Bearer', expires_in: 120, scope: 'files:read' });
    const tokens = tokensOf(answer);
    const { payload, protectedHeader } = await verifiedBy(world, archive)(tokens.access_token, 'at+jwt');
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(protectedHeader.kid).toEqual(expect.any(String));
    const idToken = claimsOf(tokens.id_token);
    const rights = (name: string): unknown => payload[name];
    expect(payload['roles']).toEqual(expect.arrayContaining(['agent_public', 'eligible']));
    expect(payload['groups']).toEqual(payload['roles']);
    expect(payload['entitlements']).not.toEqual([]);
    expect(payload).toEqual({
      iss: world.issuer,
      aud: archive,
      sub: idToken['sub'],
      client_id: 'lecteur',
      scope: 'files:read',
      jti: aText,
      iat: aNumber,
      exp: aNumber,
      auth_time: idToken['auth_time'],
      acr: idToken['acr'],
      amr: idToken['amr'],
      roles: rights('roles'),
      groups: rights('groups'),
      entitlements: rights('entitlements'),
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120);
    expect(payload.iat ?? Infinity).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('comes once, for a code that twenty requests redeem at once: nothing else is written for it', async () => {
    const granted = await codeForResources(world, browser, brief, [archive]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeemFor(world, granted, archive)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(19);
    for (const { status, json } of refused)
      expect({ status, json }).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  test('opens neither userinfo nor another API', async () => {
    const granted = await codeForResources(world, browser, reader, [archive]);
    const { access_token: token } = tokensOf(await redeemFor(world, granted, archive));
    expect((await userinfo(world.issuer, token)).status).toBe(401);
    await expect(verifiedBy(world, mailbox)(token)).rejects.toThrow(/aud/);
  });

  test('is encrypted to the API that says so, signed first', async () => {
    const granted = await codeForResources(world, browser, reader, [safe]);
    const { access_token: token } = tokensOf(await redeemFor(world, granted, safe));
    const { plaintext, protectedHeader } = await compactDecrypt(token, safeKey);
    expect(protectedHeader).toMatchObject({
      alg: 'RSA-OAEP-256',
      enc: 'A256GCM',
      kid: 'coffre',
      cty: 'at+jwt',
    });
    const signed = await verifiedBy(world, safe)(new TextDecoder().decode(plaintext), 'at+jwt');
    expect(signed.protectedHeader.alg).toBe('PS256');
  });

  test('holds the decision of now: what changed since the code is in it, and whoever lost access gets none', async () => {
    const first = await codeForResources(world, browser, reader, [archive]);
    await operator.organization('130025265', { suspended_at: new Date() });
    const late = tokensOf(await redeemFor(world, first, archive));
    const { payload } = await verifiedBy(world, archive)(late.access_token);
    expect(payload['entitlements']).toEqual([]);
    await operator.restore();
    const behindGate = await codeForResources(world, browser, gated, [archive], { prompt: 'login' });
    const { refresh_token: token } = tokensOf(await redeemFor(world, behindGate, archive));
    await operator.organization('130025265', { suspended_at: new Date() });
    expectGrantRefused(await refresh(world, gated, token, { resource: archive }));
  });
});

describe('an opaque token for an API', () => {
  test('is read by introspection only, and opens nothing else', async () => {
    const granted = await codeForResources(world, browser, reader, [mailbox]);
    const answer = await redeemFor(world, granted, mailbox);
    expect(answer.json).toMatchObject({ expires_in: 300, scope: 'files:read' });
    const { access_token: token } = tokensOf(answer);
    expect(token).not.toContain('.');
    const refused = await userinfo(world.issuer, token);
    expect([refused.status, refused.json['error']]).toEqual([403, 'insufficient_scope']);
  });
});

describe('which API (RFC 8707 §2)', () => {
  const asked = async (tool: typeof reader, resource: string) => {
    const request = authorizationRequest(world.issuer, tool);
    const page = await browser.get(`${request.url}&resource=${encodeURIComponent(resource)}`, {
      redirects: untilTool(tool),
    });
    return toolAnswer(page.location).error;
  };

  test.each([
    ['that nobody declared', () => reader, 'https://elsewhere.example/'],
    ['of other tools', () => stranger, archive],
    ['with a fragment', () => reader, `${archive}#top`],
    ['that is no address', () => reader, 'archive'],
    ['a slash short', () => reader, 'https://archive.example'],
  ])('§2: one %s is invalid_target, and nothing is asked of the person', async (_what, tool, resource) => {
    expect(await asked(tool(), resource)).toBe('invalid_target');
  });

  test('§2.2: of several at sign-in, each token is for one; without one it is for userinfo', async () => {
    const both = [archive, mailbox];
    const granted = await codeForResources(world, browser, reader, both);
    const first = tokensOf(await redeemFor(world, granted, archive));
    expect(claimsOf(first.access_token)['aud']).toBe(archive);
    const second = tokensOf(await refresh(world, reader, first.refresh_token, { resource: mailbox }));
    expect(second.access_token).not.toContain('.');
    const third = tokensOf(await refresh(world, reader, second.refresh_token));
    expect((await userinfo(world.issuer, third.access_token)).json).toHaveProperty('email');
    expectGrantRefused(
      await refresh(world, reader, third.refresh_token, { resource: safe }),
      'invalid_target',
    );
    expect((await refresh(world, reader, third.refresh_token, { resource: archive })).status).toBe(200);
  });

  test('§2.2: at the token endpoint, one that was not asked for is refused and costs the code nothing', async () => {
    const granted = await codeForResources(world, browser, reader, [archive]);
    expectGrantRefused(await redeemFor(world, granted, mailbox), 'invalid_target');
    expectGrantRefused(await redeemFor(world, granted, 'https://elsewhere.example/'), 'invalid_target');
    const answer = await redeem(world.issuer, granted.attempt, granted.code);
    expect((await userinfo(world.issuer, tokensOf(answer).access_token)).status).toBe(200);
  });

  test('Keycloak CVE-2026-93999: an API that is no longer declared gets no token by refresh; nothing is lost', async () => {
    const granted = await codeForResources(world, browser, reader, [archive]);
    const { refresh_token: token } = tokensOf(await redeemFor(world, granted, archive));
    await operator.declare('resource_server', 'archive', () => undefined);
    expectGrantRefused(await refresh(world, reader, token, { resource: archive }), 'invalid_target');
    await operator.restore();
    expect((await refresh(world, reader, token, { resource: archive })).status).toBe(200);
  });

  test('scopes of an API add up in the grant, and never leak into a token that did not ask for them', async () => {
    const wide = await codeForResources(world, browser, reader, [archive], {
      scope: 'openid files:read files:write',
    });
    const first = tokensOf(await redeemFor(world, wide, archive));
    expect(claimsOf(first.access_token)['scope']).toBe('files:read files:write');
    const request = authorizationRequest(world.issuer, reader, {
      prompt: 'none',
      scope: 'openid files:read',
    });
    const page = await browser.get(`${request.url}&resource=${encodeURIComponent(archive)}`, {
      redirects: untilTool(reader),
    });
    const { code = '' } = toolAnswer(page.location);
    const narrow = tokensOf(await redeem(world.issuer, request, code, { resource: archive }));
    expect(claimsOf(narrow.access_token)['scope']).toBe('files:read');
    const still = tokensOf(await refresh(world, reader, first.refresh_token, { resource: archive }));
    expect(claimsOf(still.access_token)['scope']).toBe('files:read files:write');
  });

  test('without resource, a scope of an API is not granted, and userinfo gets its opaque token as ever', async () => {
    const granted = await codeForResources(world, browser, reader, []);
    const answer = await redeemFor(world, granted);
    expect(answer.json['scope']).toBe('openid email');
    const { access_token: token } = tokensOf(answer);
    // 256 random bits are 43 characters of base64url.
    expect(token).toMatch(/^[\w-]{43,}$/);
    expect((await userinfo(world.issuer, token)).status).toBe(200);
    expect((await userinfo(world.issuer, token.slice(0, -1))).status).toBe(401);
    expect((await silently(browser, world.issuer, reader)).code).toBeDefined();
  });
});
