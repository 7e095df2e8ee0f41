/**
 * What a token opens: what its client was declared for and what was granted, for as long as the person keeps access
 * (RFC 6750 §2, RFC 7009, RFC 7662; advisories of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { extraClient, extraTool } from './support/extra-clients.ts';
import {
  agent,
  codeFor,
  expectDead,
  expectGrantRefused,
  introspect,
  refresh,
  revoke,
  tokensFor,
} from './support/granted.ts';
import { expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  basic,
  claimsOf,
  demoTool,
  postForm,
  redeem,
  send,
  signIn,
  silently,
  tokensOf,
  userinfo,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';

const tiers = extraTool('tiers');
let world: World;
let docs: Tool;
let tchap: Tool;
let browser: Browser;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [extraClient('tiers', { refresh_token: 'always' })],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  docs = demoTool(world, 'docs');
  tchap = demoTool(world, 'tchap');
}, startUp);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const state = () => storeState(world.broker.stores.db);

describe('an access token', () => {
  test('RFC 6750 §2.3: in the address it is refused', async () => {
    const { access_token: token } = await tokensFor(world, browser, docs);
    const inQuery = await send(`${world.issuer}/userinfo?access_token=${token}`);
    expect(inQuery.status).toBeGreaterThanOrEqual(400);
    expect(inQuery.body).not.toContain('etat.example');
    const both = await send(`${world.issuer}/userinfo?access_token=${token}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(both.body).not.toContain('etat.example');
  });

  test('CVE-2026-27840: cut short, in another scheme, or of another kind, it opens nothing', async () => {
    const tokens = await tokensFor(world, browser, docs);
    const { access_token: token } = tokens;
    const values = [
      ...[
        token.slice(0, -1),
        token.slice(0, -5),
        token.slice(1),
        `${token}a`,
        token.toUpperCase(),
        '',
        'null',
        '.'.repeat(8000),
      ].map((one) => `Bearer ${one}`),
      ...[
        `Basic ${token}`,
        `DPoP ${token}`,
        token,
        `Bearer ${token}, Bearer ${token}`,
        `Bearer ${token} ${token}`,
      ],
      `Bearer ${tokens.refresh_token ?? ''}`,
      `Bearer ${tokens.id_token}`,
    ];
    for (const authorization of values) {
      const answer = await send(`${world.issuer}/userinfo`, { headers: { authorization } });
      expect([400, 401], authorization.slice(0, 80)).toContain(answer.status);
      expect(answer.body).not.toContain('etat.example');
    }
    expect((await send(`${world.issuer}/userinfo`)).status).toBe(401);
  });

  test('RFC 7662 §2.1: only its own client may ask about it, and only with its secret', async () => {
    const { access_token: token } = await tokensFor(world, browser, docs);
    expect(await introspect(world, docs, token)).toBe(true);
    expect(await introspect(world, tchap, token)).toBe(false);
    expect(await introspect(world, tiers, token)).toBe(false);
    const nobody = await postForm(`${world.issuer}/token/introspection`, { token });
    expect(nobody.status).toBe(400);
    const wrong = await postForm(`${world.issuer}/token/introspection`, { token }, basic('tchap', 'wrong'));
    expect(wrong.status).toBe(401);
  });

  test('RFC 7009 §2.1: another client cannot revoke it, and is not told', async () => {
    const tokens = await tokensFor(world, browser, docs);
    const before = await state();
    for (const token of [tokens.access_token, tokens.refresh_token ?? '', 'a'.repeat(43)]) {
      expect((await revoke(world, tchap, token)).status).toBe(200);
    }
    expect((await postForm(`${world.issuer}/token/revocation`, { token: tokens.access_token })).status).toBe(
      400,
    );
    expect(await state()).toEqual(before);
    expect((await userinfo(world.issuer, tokens.access_token)).status).toBe(200);
  });

  test('Logto 1.42: revoked, it takes its refresh token along', async () => {
    const tokens = await tokensFor(world, browser, docs);
    expect((await revoke(world, docs, tokens.access_token)).status).toBe(200);
    await expectDead(world, tokens, docs);
  });

  test('RFC 7009 §2.1: a revoked refresh token takes its access tokens along', async () => {
    const tokens = await tokensFor(world, browser, docs);
    expect((await revoke(world, docs, tokens.refresh_token ?? '')).status).toBe(200);
    await expectDead(world, tokens, docs);
  });

  test('CVE-2020-15223: a store that fails while revoking is not hidden', async () => {
    const { access_token: token } = await tokensFor(world, browser, docs);
    const broken = vi
      .spyOn(world.broker.stores.ephemeral, 'getWithSession')
      .mockRejectedValue(new Error('the store is away'));
    const answer = await revoke(world, docs, token);
    broken.mockRestore();
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect((await userinfo(world.issuer, token)).status).toBe(200);
  });
});

describe('claims that the client was not declared for', () => {
  const wanted = [
    'siret',
    'eligibility',
    'given_name',
    'organization_label',
    'phone_number',
    'uid',
    'roles',
    'idp_id',
    'custom',
  ];
  const claims = JSON.stringify({
    userinfo: Object.fromEntries(wanted.map((name) => [name, { essential: true }])),
    id_token: Object.fromEntries(wanted.map((name) => [name, { essential: true }])),
  });

  test('CVE-2026-9791: the claims parameter gets nothing more than the scopes', async () => {
    const tokens = await tokensFor(world, browser, tiers, { claims });
    const { json } = await userinfo(world.issuer, tokens.access_token);
    expect(json['email']).toBe(agent.email);
    for (const name of wanted) {
      expect(json, name).not.toHaveProperty(name);
      expect(claimsOf(tokens.id_token), name).not.toHaveProperty(name);
    }
  });

  test('and a client that has the scope gets them: the test above can fail', async () => {
    const tokens = await tokensFor(world, browser, docs, { claims });
    expect((await userinfo(world.issuer, tokens.access_token)).json).toHaveProperty('siret');
    expect(claimsOf(tokens.id_token)).toHaveProperty('siret');
  });

  test('CVE-2026-33132: scopes that nobody declared are left out of the answer', async () => {
    const { attempt, code } = await codeFor(world, browser, tiers, {
      scope: 'openid email admin org:other eligibility:write',
    });
    expect(tokensOf(await redeem(world.issuer, attempt, code)).scope).toBe('openid email');
  });

  test('a grant that was widened does not widen a narrower request', async () => {
    await tokensFor(world, browser, docs, { scope: 'openid email siret' });
    const narrow = authorizationRequest(world.issuer, docs, { scope: 'openid', prompt: 'none' });
    const page = await browser.get(narrow.url, {
      redirects: (url) => url.origin + url.pathname === docs.redirectUri,
    });
    const code = new URL(page.location ?? '').searchParams.get('code') ?? '';
    const tokens = tokensOf(await redeem(world.issuer, narrow, code));
    expect((await userinfo(world.issuer, tokens.access_token)).json).not.toHaveProperty('siret');
  });
});

describe('whoever loses access loses it everywhere, at once', () => {
  test('CVE-2026-43983, CVE-2024-47060: a suspended organization: refresh, userinfo, introspection, SSO', async () => {
    const tokens = await tokensFor(world, browser, docs);
    const { db } = world.broker.stores;
    const siren = '130025265';
    await db
      .updateTable('organization')
      .set({ suspended_at: new Date() })
      .where('siren', '=', siren)
      .execute();
    try {
      expect((await userinfo(world.issuer, tokens.access_token)).status).toBe(401);
      expect(await introspect(world, docs, tokens.access_token)).toBe(false);
      expect(await introspect(world, docs, tokens.refresh_token ?? '')).toBe(false);
      expectGrantRefused(await refresh(world, docs, tokens.refresh_token));
      expect((await silently(browser, world.issuer, docs)).error).toBe('access_denied');
    } finally {
      await db.updateTable('organization').set({ suspended_at: null }).where('siren', '=', siren).execute();
    }
    // Nothing was used up: the suspension was an error, and is over.
    expect((await userinfo(world.issuer, tokens.access_token)).status).toBe(200);
    expect((await refresh(world, docs, tokens.refresh_token)).status).toBe(200);
  });

  test('CVE-2025-53942: a blocked account does not sign in', async () => {
    const { db } = world.broker.stores;
    await tokensFor(world, browser, docs);
    await db.updateTable('account').set({ blocked_at: new Date() }).execute();
    const before = await db.selectFrom('oidc_grant').select('id').execute();
    const stranger = createBrowser();
    try {
      const attempt = authorizationRequest(world.issuer, docs);
      const people = await stranger.submitForm(await stranger.get(attempt.url), { email: agent.email });
      expectRefusalPage(await stranger.submitForm(people, { person: agent.sub }), {
        status: 403,
        code: 'M-UPST-016',
      });
      expect((await silently(stranger, world.issuer, docs)).error).toBe('login_required');
      expect(await db.selectFrom('oidc_grant').select('id').execute()).toEqual(before);
    } finally {
      await db.updateTable('account').set({ blocked_at: null }).execute();
      await stranger.close();
    }
  });

  test('CVE-2025-12390: signing out kills the session, its tokens, and the cookie that opened it', async () => {
    const tokens = await tokensFor(world, browser, docs);
    const cookies = (await browser.cookies(world.issuer)).join('; ');
    const query = new URLSearchParams({ id_token_hint: tokens.id_token });
    const page = await browser.get(`${world.issuer}/session/end?${query.toString()}`);
    await browser.submitForm(page, { logout: 'yes' });
    await expectDead(world, tokens, docs);
    expect((await silently(browser, world.issuer, docs)).error).toBe('login_required');
    const thief = createBrowser();
    const { url } = authorizationRequest(world.issuer, docs, { prompt: 'none' });
    const replayed = await thief.get(url, { redirects: 'manual', headers: { cookie: cookies } });
    expect(new URL(replayed.location ?? '').searchParams.get('error')).toBe('login_required');
    await thief.close();
  });

  test('CVE-2024-28197: the session cookie changes at sign-in, and the one from before opens nothing', async () => {
    const attempt = authorizationRequest(world.issuer, docs);
    await browser.get(attempt.url);
    const before = await browser.cookies(world.issuer);
    await signIn(browser, attempt, agent);
    const after = await browser.cookies(world.issuer);
    expect(after.filter((cookie) => before.includes(cookie))).toEqual([]);
    if (before.length > 0) {
      const thief = createBrowser();
      const { url } = authorizationRequest(world.issuer, docs, { prompt: 'none' });
      const page = await thief.get(url, { redirects: 'manual', headers: { cookie: before.join('; ') } });
      expect(new URL(page.location ?? '').searchParams.get('error')).toBe('login_required');
      await thief.close();
    }
  });
});
