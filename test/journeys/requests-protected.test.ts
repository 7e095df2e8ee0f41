/** How a request is sent: GET and POST (OpenID Connect Core §3.1.2.1), pushed (RFC 9126), with PKCE (RFC 7636). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import type { World } from '../support/world.ts';
import { startWorld } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { expectRefusalPage, shownCode } from '../replay/support/pages.ts';
import {
  authorizationRequest,
  demoTool,
  postAs,
  queryOf,
  redeem,
  send,
  signIn,
  toolAnswer,
  tokensOf,
  untilTool,
} from '../replay/support/relying-party.ts';
import type { Answer, Attempt, Changes, Tool, ToolAnswer } from '../replay/support/relying-party.ts';
import { backToNow, later } from '../replay/support/timing.ts';
import { startTimeout } from './each-backend.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
const pusher = extraTool('pousse');
const lax = extraTool('sans-pkce');

let world: World;
let browser: Browser;
let docs: Tool;

beforeAll(async () => {
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('pousse', { require_pushed_authorization_requests: true }),
      extraClient('sans-pkce', { pkce: 'optional' }),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  docs = demoTool(world, 'docs');
}, startTimeout);
afterAll(async () => {
  backToNow();
  await world.close();
});
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

const ask = (changes: Changes = {}, tool = docs): Attempt =>
  authorizationRequest(world.issuer, tool, changes);
const parametersOf = ({ url }: Attempt) => Object.fromEntries(new URL(url).searchParams);
const go = (url: string, tool = docs): Promise<Page> => browser.get(url, { redirects: untilTool(tool) });
const direct = async (attempt: Attempt): Promise<ToolAnswer> =>
  toolAnswer((await go(attempt.url, attempt.tool)).location);
const enter = () => signIn(browser, ask(), agent);

describe('GET and POST', () => {
  test('a POST of another site becomes a GET, with the session of the browser', async () => {
    await enter();
    const page = await browser.post(`${world.issuer}/authorize`, parametersOf(ask({ prompt: 'none' })), {
      initiator: 'https://tool.example/',
      redirects: untilTool(docs),
    });
    expect(toolAnswer(page.location).code).toBeDefined();
  });

  test.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', ''])(
    'a POST of %j: 400, no redirect',
    async (type) => {
      const answer = await send(`${world.issuer}/authorize`, {
        method: 'POST',
        headers: { accept: 'text/html', ...(type === '' ? {} : { 'content-type': type }) },
        body: queryOf(parametersOf(ask())),
      });
      expectRefusalPage(answer, { status: 400, code: 'M-HTTP-003' });
    },
  );

  test.each([12_000, 100_000])('a body of %i characters: 400, read no further', async (length) => {
    const answer = await send(`${world.issuer}/authorize`, {
      method: 'POST',
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      body: queryOf({ ...parametersOf(ask()), state: 'x'.repeat(length) }),
    });
    expectRefusalPage(answer, { status: 400, code: 'M-HTTP-003' });
  });

  test('a parameter given twice in a POST: invalid_request', async () => {
    const posted = await send(`${world.issuer}/authorize`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${queryOf(parametersOf(ask()))}&prompt=none&prompt=login`,
    });
    expect(posted.status).toBe(303);
    const page = await go(String(posted.headers['location']));
    expect(toolAnswer(page.location).error).toBe('invalid_request');
  });

  test('an interaction is not resumed by POST, nor another method of the endpoint', async () => {
    const { url } = await browser.get(ask().url);
    const uid = new URL(url).pathname.split('/').at(-1) ?? '';
    const headers = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      expect((await send(`${world.issuer}/authorize/${uid}`, { method, headers })).status).toBe(404);
    }
    expect((await send(`${world.issuer}/authorize`, { method: 'PUT', headers })).status).toBe(404);
  });
});

describe('PKCE', () => {
  const without = { code_challenge: undefined, code_challenge_method: undefined };
  test('RFC 9700 §2.1.1: required, and S256', async () => {
    expect((await direct(ask(without))).error).toBe('invalid_request');
    for (const code_challenge_method of ['plain', 'S512', '', undefined])
      expect((await direct(ask({ code_challenge_method }))).error).toBe('invalid_request');
  });

  test('a confidential client may be declared to do without; what it began with PKCE stays with PKCE', async () => {
    await enter();
    const bare = ask({ ...without, prompt: 'none' }, lax);
    const { code = '' } = await direct(bare);
    expect((await redeem(world.issuer, bare, code, { code_verifier: undefined })).status).toBe(200);

    const plain = ask({ code_challenge_method: 'plain', prompt: 'none' }, lax);
    expect((await direct(plain)).error).toBe('invalid_request');
    const kept = ask({ prompt: 'none' }, lax);
    const second = (await direct(kept)).code ?? '';
    expect((await redeem(world.issuer, kept, second, { code_verifier: undefined })).json['error']).toBe(
      'invalid_grant',
    );
  });

  test('RFC 9700 §4.8.2: a verifier for a code that has no challenge is refused', async () => {
    await enter();
    const bare = ask({ ...without, prompt: 'none' }, lax);
    const { code = '' } = await direct(bare);
    expect((await redeem(world.issuer, bare, code)).json['error']).toBe('invalid_grant');
  });
});

describe('a pushed request (RFC 9126 §2)', () => {
  const push = (attempt: Attempt, changes: Changes = {}): Promise<Answer> =>
    postAs(attempt.tool, `${world.issuer}/par`, { ...parametersOf(attempt), ...changes });
  const urlOf = (tool: Tool, pushed: Answer, more: Changes = {}) =>
    `${world.issuer}/authorize?${queryOf({ client_id: tool.clientId, request_uri: String(pushed.json['request_uri']), ...more })}`;

  test('serves once', async () => {
    await enter();
    const attempt = ask({ prompt: 'none' });
    const pushed = await push(attempt);
    expect(pushed).toMatchObject({ status: 201, json: { expires_in: 60 } });
    const { code = '' } = toolAnswer((await go(urlOf(docs, pushed))).location);
    expect((await redeem(world.issuer, attempt, code)).status).toBe(200);
    const again = await go(urlOf(docs, pushed));
    expectRefusalPage(again, { status: 400, code: 'M-OIDC-003' });
  });

  test('two browsers that open the same one: one code', async () => {
    const other = createBrowser();
    await enter();
    await signIn(other, ask(), agent);
    const url = urlOf(docs, await push(ask({ prompt: 'none' })));
    const ends = await Promise.all(
      [browser, other].map((one) => one.get(url, { redirects: untilTool(docs) })),
    );
    const codes = ends.filter(
      ({ location }) => location !== undefined && toolAnswer(location).code !== undefined,
    );
    expect(codes).toHaveLength(1);
    await other.close();
  });

  test('is of the client that pushed it', async () => {
    const pushed = await push(ask());
    expectRefusalPage(await go(urlOf(lax, pushed), lax), { status: 400, code: /M-OIDC-00[23]/ });
  });

  test('lasts sixty seconds', async () => {
    await enter();
    const pushed = await push(ask({ prompt: 'none' }));
    later(75);
    expectRefusalPage(await go(urlOf(docs, pushed)), { status: 400, code: 'M-OIDC-003' });
  });

  test('is read alone: parameters beside it are ignored (§4)', async () => {
    await enter();
    const attempt = ask({ prompt: 'none' });
    const url = urlOf(docs, await push(attempt), {
      scope: 'openid siret',
      redirect_uri: 'https://evil.example/',
      state: 'evil',
      prompt: 'login',
    });
    const end = toolAnswer((await go(url)).location);
    expect(end.url.searchParams.get('state')).toBe(attempt.state);
    expect(tokensOf(await redeem(world.issuer, attempt, end.code ?? '')).scope).toBe('openid email');
  });

  test.each<readonly [string, Changes, string]>([
    ['prompt', { prompt: 'none login' }, 'invalid_request'],
    ['max_age', { max_age: '-1' }, 'invalid_request'],
    ['claims', { claims: '{"userinfo":{"organization_type":{"essential":1}}}' }, 'invalid_request'],
    ['idp_hint', { idp_hint: 'personne' }, 'invalid_request'],
    ['id_token_hint', { id_token_hint: 'garbage' }, 'invalid_request'],
    ['PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['scope', { scope: 'openid nonsense:everything "' }, 'invalid_scope'],
    ['redirect_uri', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ['request_uri (§2.1)', { request_uri: 'https://evil.example/' }, 'request_uri_not_supported'],
  ])('is checked when it is pushed: %s', async (_what, changes, error) => {
    const answer = await push(ask(), changes);
    expect(answer.status).toBe(400);
    expect(answer.json['error']).toBe(error);
  });

  test('a client that has to push is refused otherwise (§5)', async () => {
    expect((await direct(ask({}, pusher))).error).toBe('invalid_request');
    await enter();
    const pushed = await push(ask({ prompt: 'none' }, pusher));
    expect(toolAnswer((await go(urlOf(pusher, pushed), pusher)).location).code).toBeDefined();
  });

  test.each([
    'urn:ietf:params:oauth:request_uri:unknown',
    'urn:ietf:params:oauth:request_uri:',
    'https://rp.example/request.jwt',
  ])('request_uri=%s is none of ours, and is not fetched', async (request_uri) => {
    const page = await go(ask({ request_uri }).url);
    const error = page.location === undefined ? shownCode(page) : toolAnswer(page.location).error;
    expect(error).toMatch(/M-OIDC-003|invalid_request_uri|request_uri_not_supported/);
  });
});
