/** A request that the client signs (RFC 9101): what is inside counts, and only when everything about it is right. */
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import type { World } from '../support/world.ts';
import { startWorld } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import {
  authorizationRequest,
  demoTool,
  postAs,
  queryOf,
  redeem,
  signIn,
  toolAnswer,
  untilTool,
} from '../replay/support/relying-party.ts';
import type { Attempt, Changes, Tool, ToolAnswer } from '../replay/support/relying-party.ts';
import { backToNow } from '../replay/support/timing.ts';
import { startTimeout } from './each-backend.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
const signer = extraTool('signe');
const always = extraTool('signe-toujours');
const keys = await generateKeyPair('ES256', { extractable: true });
const strangers = await generateKeyPair('ES256', { extractable: true });
const publicJwk = { ...(await exportJWK(keys.publicKey)), kid: 'un', alg: 'ES256', use: 'sig' };

let world: World;
let browser: Browser;
let docs: Tool;

beforeAll(async () => {
  const jwks = { keys: [publicJwk] };
  const { dir, remove } = await demoAnd({
    clients: [
      extraClient('signe', { jwks, request_object_signing_alg: 'ES256' }),
      extraClient('signe-toujours', { jwks, require_signed_request_object: true }),
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

describe('a signed request (RFC 9101 §4 to §6)', () => {
  interface Made {
    readonly payload?: Readonly<Record<string, unknown>>;
    readonly key?: typeof keys.privateKey;
    readonly kid?: string;
    readonly exp?: number | undefined;
  }
  const now = () => Math.floor(Date.now() / 1000);

  async function requestOf(attempt: Attempt, made: Made = {}): Promise<string> {
    const { payload = {}, key = keys.privateKey, kid = 'un' } = made;
    const claims = {
      ...parametersOf(attempt),
      iss: attempt.tool.clientId,
      aud: world.issuer,
      iat: now(),
      exp: 'exp' in made ? made.exp : now() + 300,
      ...payload,
    };
    const written = Object.entries(claims).filter(([, value]) => value !== undefined);
    return new SignJWT(Object.fromEntries(written))
      .setProtectedHeader({ alg: 'ES256', kid, typ: 'oauth-authz-req+jwt' })
      .sign(key);
  }
  const urlWith = (tool: Tool, request: string, more: Changes = {}) =>
    `${world.issuer}/authorize?${queryOf({ client_id: tool.clientId, request, ...more })}`;
  /** OpenID Connect Core §6.1 wants these outside as well; and errors then know where to go. */
  const outside = { response_type: 'code', scope: 'openid', redirect_uri: signer.redirectUri };

  test('gives a code, and only what is inside counts (§6.3)', async () => {
    await enter();
    const attempt = ask({ prompt: 'none', max_age: '5000' }, signer);
    const url = urlWith(signer, await requestOf(attempt), {
      ...outside,
      state: 'evil',
      nonce: 'evil',
      prompt: 'login',
      scope: 'openid email',
    });
    const end = toolAnswer((await go(url, signer)).location);
    expect(end.url.searchParams.get('state')).toBe(attempt.state);
    expect((await redeem(world.issuer, attempt, end.code ?? '')).status).toBe(200);
  });

  test('claims may be an object inside it', async () => {
    await enter();
    const attempt = ask({ prompt: 'none' }, signer);
    const claims = { userinfo: { organization_category: { essential: true, value: 'association' } } };
    const url = urlWith(signer, await requestOf(attempt, { payload: { claims } }), outside);
    expect(toolAnswer((await go(url, signer)).location).error).toBe('access_denied');
  });

  const unsigned = (token: string) =>
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`;
  const asItIs = (token: string) => token;
  test.each<readonly [string, Made, (token: string) => string]>([
    ['alg none', {}, unsigned],
    ['a key that is not the client’s', { key: strangers.privateKey }, asItIs],
    ['a kid that the client has not', { kid: 'deux' }, asItIs],
    ['a signature changed', {}, (token) => `${token.slice(0, -6)}AAAAAA`],
    ['another audience', { payload: { aud: 'https://elsewhere.example' } }, asItIs],
    ['no audience', { payload: { aud: undefined } }, asItIs],
    ['another issuer', { payload: { iss: 'docs' } }, asItIs],
    ['no issuer', { payload: { iss: undefined } }, asItIs],
    ['another client_id inside', { payload: { client_id: 'docs' } }, asItIs],
    ['expired', { exp: now() - 60 }, asItIs],
    ['without end', { exp: undefined }, asItIs],
    ['of a day', { exp: now() + 86_400 }, asItIs],
    ['not yet valid', { payload: { nbf: now() + 600 } }, asItIs],
    ['a request inside the request', { payload: { request: 'a.b.c' } }, asItIs],
    ['garbage', {}, () => 'garbage'],
  ])('%s: invalid_request_object', async (_what, made, change) => {
    await enter();
    const attempt = ask({ prompt: 'none' }, signer);
    const page = await go(urlWith(signer, change(await requestOf(attempt, made)), outside), signer);
    expect(toolAnswer(page.location)).toMatchObject({ error: 'invalid_request_object', code: undefined });
  });

  test('may be pushed, and is checked there', async () => {
    await enter();
    const attempt = ask({ prompt: 'none' }, signer);
    const pushed = await postAs(signer, `${world.issuer}/par`, {
      request: await requestOf(attempt),
      client_id: 'signe',
    });
    expect(pushed.status).toBe(201);
    const url = `${world.issuer}/authorize?${queryOf({ client_id: 'signe', request_uri: String(pushed.json['request_uri']) })}`;
    expect(toolAnswer((await go(url, signer)).location).code).toBeDefined();
    const stolen = await requestOf(attempt, { key: strangers.privateKey });
    const refused = await postAs(signer, `${world.issuer}/par`, { request: stolen, client_id: 'signe' });
    expect(refused.json['error']).toBe('invalid_request_object');
  });

  test('a client that has to sign is refused otherwise, pushed or not', async () => {
    expect((await direct(ask({}, always))).error).toBe('invalid_request');
    const pushed = await postAs(always, `${world.issuer}/par`, parametersOf(ask({}, always)));
    expect(pushed.json['error']).toBe('invalid_request');
    await enter();
    const attempt = ask({ prompt: 'none' }, always);
    const page = await go(urlWith(always, await requestOf(attempt)), always);
    expect(toolAnswer(page.location).code).toBeDefined();
  });
});
