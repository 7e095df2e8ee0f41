/**
 * Which other sites may read an answer: for keys and metadata all of them, for tokens those that a client declared, for
 * the rest none (Fetch §3.2, RFC 9700 §2.6; advisories of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { someOfEach } from './support/endpoints.ts';
import { extraClient, extraTool } from './support/extra-clients.ts';
import { authorizationRequest, demoTool, postAs, send, signIn, tokensOf } from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { startUp } from './support/timing.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
const spa = extraTool('spa', { authentication: 'none', redirectUri: 'https://spa.example/cb' });
const evil = 'https://evil.example';
let world: World;
let docs: Tool;
let browser: Browser;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('spa', {
        token_endpoint_auth_method: 'none',
        redirect_uris: [spa.redirectUri],
        cors_origins: ['https://spa.example'],
      }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  docs = demoTool(world, 'docs');
}, startUp);
afterAll(() => world.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const authorizePath = () => authorizationRequest(world.issuer, docs).url.slice(world.issuer.length);

describe('who may read an answer from another site (CORS)', () => {
  const allowed = (answer: { readonly headers: Readonly<Record<string, unknown>> }): unknown =>
    answer.headers['access-control-allow-origin'];

  test('Koa 3, row 90: a foreign Origin is never repeated', async () => {
    for (const path of someOfEach(world)) {
      for (const method of ['GET', 'POST', 'OPTIONS'] as const) {
        for (const origin of [
          evil,
          'null',
          'http://localhost',
          `http://evil.${new URL(world.issuer).host}`,
        ]) {
          const answer = await send(`${world.issuer}${path}`, {
            method,
            headers: {
              origin,
              'access-control-request-method': 'POST',
              'access-control-request-headers': 'authorization',
              ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
            },
          });
          const open = path === '/jwks' || path.startsWith('/.well-known/openid');
          expect(open ? ['*', undefined] : [undefined], `${method} ${path} ${origin}`).toContain(
            allowed(answer),
          );
          expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
        }
      }
    }
  });

  test('RFC 9700 §2.6: the authorization endpoint has no CORS at all', async () => {
    for (const origin of [evil, 'https://spa.example']) {
      const answer = await send(`${world.issuer}${authorizePath()}`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('keys and metadata are for everybody', async () => {
    for (const path of ['/jwks', '/.well-known/openid-configuration']) {
      expect(allowed(await send(`${world.issuer}${path}`, { headers: { origin: evil } }))).toBe('*');
    }
  });

  test('the origin that a client declared may, with its own tokens, and no other client’s', async () => {
    const origin = 'https://spa.example';
    const preflight = await send(`${world.issuer}/token`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, allowed(preflight)]).toEqual([204, origin]);

    const attempt = authorizationRequest(world.issuer, spa);
    const { code = '' } = await signIn(browser, attempt, agent);
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'spa',
      code,
      redirect_uri: spa.redirectUri,
      code_verifier: attempt.verifier,
    });
    const body = { method: 'POST', body: form.toString() } as const;
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const foreign = await send(`${world.issuer}/token`, { ...body, headers: { ...type, origin: evil } });
    expect([foreign.status, allowed(foreign)]).toEqual([400, undefined]);
    const own = await send(`${world.issuer}/token`, { ...body, headers: { ...type, origin } });
    expect([own.status, allowed(own)]).toEqual([200, origin]);
    expect(own.headers['vary']).toMatch(/Origin/i);

    const authorization = `Bearer ${tokensOf(own).access_token}`;
    const read = (from: string) =>
      send(`${world.issuer}/userinfo`, { headers: { authorization, origin: from } });
    expect(allowed(await read(origin))).toBe(origin);
    const stolen = await read(evil);
    expect([stolen.status, allowed(stolen)]).toEqual([400, undefined]);
    expect(stolen.body).not.toContain(agent.email);
    const secretClient = await postAs(docs, `${world.issuer}/token`, {
      grant_type: 'refresh_token',
      refresh_token: 'a',
    });
    expect(allowed(secretClient)).toBeUndefined();
  });
});
