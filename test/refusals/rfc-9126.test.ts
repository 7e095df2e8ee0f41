/** Pushed authorization requests: what the endpoint refuses, and what a reference to one is not good for (RFC 9126). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { expectRefusalPage } from '../replay/support/pages.ts';
import {
  authorizationRequest,
  basic,
  postAs,
  postForm,
  send,
  toolAnswer,
  untilTool,
} from '../replay/support/relying-party.ts';
import type { Answer, Attempt, Changes, Tool } from '../replay/support/relying-party.ts';
import { backToNow, later, startUp } from '../replay/support/timing.ts';
import { startRefusalWorld } from './support/refusal-world.ts';
import type { RefusalWorld } from './support/refusal-world.ts';

let all: RefusalWorld;
let browser: Browser;
let endpoint: string;

beforeAll(async () => {
  all = await startRefusalWorld();
  endpoint = `${all.world.issuer}/par`;
}, startUp);
afterAll(async () => {
  backToNow();
  await all.world.close();
});
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const parametersOf = (attempt: Attempt): Record<string, string> =>
  Object.fromEntries(new URL(attempt.url).searchParams);

const push = (tool: Tool, changes: Changes = {}): Promise<Answer> =>
  postAs(tool, endpoint, { ...parametersOf(authorizationRequest(all.world.issuer, tool)), ...changes });

const addressOf = (clientId: string, reference: unknown): string =>
  `${all.world.issuer}/authorize?${new URLSearchParams({ client_id: clientId, request_uri: String(reference) }).toString()}`;

const refused = (answer: Answer, status: number, error: string): void => {
  expect([answer.status, answer.json['error']]).toEqual([status, error]);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.json['request_uri']).toBeUndefined();
};

describe('§2 the endpoint', () => {
  test('RFC 9126 §2.2: a good request is answered with a reference that lives a minute', async () => {
    const answer = await push(all.tiers);
    expect(answer.status).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json['request_uri']).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{21,}/);
    expect(answer.json['expires_in']).toBe(60);
  });

  test('RFC 9126 §2.1: a client says who it is, as at the token endpoint', async () => {
    const form = parametersOf(authorizationRequest(all.world.issuer, all.tiers));
    refused(await postForm(endpoint, form), 401, 'invalid_client');
    refused(await postForm(endpoint, form, basic('tiers', 'x'.repeat(43))), 401, 'invalid_client');
    refused(await push(all.tiers, { client_id: 'voisin' }), 400, 'invalid_request');
  });

  test.each<readonly [string, Changes, string]>([
    [
      'RFC 9126 §2.1: a reference instead of a request',
      { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      'request_uri_not_supported',
    ],
    ['RFC 9126 §2.3: without response_type', { response_type: undefined }, 'invalid_request'],
    ['RFC 9126 §2.3: a response type unknown', { response_type: 'pigeon' }, 'unsupported_response_type'],
    ['RFC 9126 §2.3: another redirect_uri', { redirect_uri: 'https://evil.example' }, 'invalid_redirect_uri'],
    ['RFC 9126 §2.3: a scope that is not the client’s', { scope: 'openid siret' }, 'invalid_scope'],
    [
      'RFC 9126 §2.3: without PKCE',
      { code_challenge: undefined, code_challenge_method: undefined },
      'invalid_request',
    ],
  ])('%s', async (_name, changes, error) => {
    const answer = await push(all.tiers, changes);
    expect(answer.status).toBe(400);
    expect([error, 'invalid_request']).toContain(answer.json['error']);
    expect(answer.json['request_uri']).toBeUndefined();
  });

  test('RFC 9126 §2.3: GET, and a body that is too large', async () => {
    const { status, headers } = await send(endpoint, { headers: basic('tiers', all.tiers.secret) });
    expect([status, headers['allow']]).toEqual([405, 'POST']);
    const large = await push(all.tiers, { claims: 'x'.repeat(200_000) });
    expect([400, 413]).toContain(large.status);
  });
});

describe('§4 the reference', () => {
  test('RFC 9126 §4: of nobody', async () => {
    const url = addressOf('tiers', 'urn:ietf:params:oauth:request_uri:nobody');
    expectRefusalPage(await browser.get(url, { redirects: 'manual' }), { status: 400, code: /M-OIDC-/ });
  });

  test('RFC 9126 §4: of another client', async () => {
    const { json } = await push(all.tiers);
    const page = await browser.get(addressOf('voisin', json['request_uri']), { redirects: 'manual' });
    expectRefusalPage(page, { status: 400, code: /M-OIDC-/ });
  });

  test('RFC 9126 §4: after its minute', async () => {
    const { json } = await push(all.tiers);
    later(90);
    const page = await browser.get(addressOf('tiers', json['request_uri']), { redirects: 'manual' });
    expectRefusalPage(page, { status: 400, code: /M-OIDC-/ });
  });

  test('RFC 9126 §4: what stands beside the reference is not read', async () => {
    const { json } = await push(all.tiers, { prompt: 'none' });
    const url = `${addressOf('tiers', json['request_uri'])}&prompt=login&redirect_uri=https%3A%2F%2Fevil.example`;
    const page = await browser.get(url, { redirects: untilTool(all.tiers) });
    expect(toolAnswer(page.location).error).toBe('login_required');
  });
});

test('RFC 9126 §5: a client that has to push is refused when it does not', async () => {
  const attempt = authorizationRequest(all.world.issuer, all.pousse);
  const page = await browser.get(attempt.url, { redirects: untilTool(all.pousse) });
  expect(toolAnswer(page.location).error).toBe('invalid_request');
});
