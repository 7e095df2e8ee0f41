/**
 * Signing keys change while people sign in, on processes that nobody restarts: one on the embedded stores, two that
 * share PostgreSQL and Redis.
 */
import { Readable } from 'node:stream';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose';
import { pino } from 'pino';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startBroker } from '../../src/broker.ts';
import type { Broker } from '../../src/broker.ts';
import { createSeal } from '../../src/config/config.ts';
import { listKeys, rotateKeys, withdrawKey } from '../../src/keys/keys.ts';
import { freePort } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { describeOnEachBackend } from './each-backend.ts';
import { movableTime } from './time.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const time = movableTime();
const hour = 3600;
const day = 24 * hour;

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), alg: z.string() })) });
const tokensSchema = z.object({ id_token: z.string() });

await describeOnEachBackend('Signing keys', (world) => {
  let second: Broker | undefined;
  let processes: readonly { readonly name: string; readonly port: number; readonly broker: Broker }[];
  let visitor: Visitor;
  let docs: ToolClient;

  beforeAll(async () => {
    const { config, broker } = world();
    processes = [{ name: 'first', port: config.port, broker }];
    if (config.databaseUrl === undefined) return;
    const port = await freePort();
    second = await startBroker({
      config: { ...config, port },
      logger: pino({ level: 'silent' }),
      clock: () => new Date(),
      factsTtlMs: 0,
    });
    processes = [...processes, { name: 'second', port, broker: second }];
  });
  afterAll(() => second?.close());
  beforeEach(() => {
    visitor = createVisitor(world());
    docs = createToolClient(world(), 'docs');
  });
  afterEach(() => visitor.browser.close());

  const store = () => {
    const { config, broker } = world();
    const seal = createSeal(config.encryptionKeys, 'signing-key');
    return { db: broker.stores.db, seal, clock: () => new Date() };
  };
  const refresh = () => Promise.all(processes.map(({ broker }) => broker.refresh()));
  /** Rotates ES256, on every process. */
  const rotate = async (publishFor: number) => {
    const [rotation] = await rotateKeys(store(), ['ES256'], publishFor);
    await refresh();
    if (rotation?.replaces === undefined) throw new Error('nothing was rotated');
    return { next: rotation.kid, former: rotation.replaces, activatesAt: rotation.activatesAt };
  };

  /** Asks one process, as a balancer would. */
  const ask = (port: number, path: string, form?: string | Readable) =>
    request(`http://127.0.0.1:${port}${path}`, {
      method: form === undefined ? 'GET' : 'POST',
      headers: {
        host: new URL(world().issuer).host,
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: form ?? null,
    });
  const jwksOf = async (port: number) => jwksSchema.parse(await (await ask(port, '/jwks')).body.json());
  const published = async (port: number) => (await jwksOf(port)).keys.map(({ kid }) => kid);
  const kidOf = (jwt: string) => decodeProtectedHeader(jwt).kid;

  const tokenRequest = (code: string, verifier: string) =>
    new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'docs',
      client_secret: 'docs-demo-secret-not-for-production-0123456789',
      redirect_uri: `${new URL(world().tools).origin}/docs/callback`,
      code,
      code_verifier: verifier,
    }).toString();

  /** Signs in, in this browser or by its session, as far as the code. */
  async function newCode(): Promise<{ readonly code: string; readonly verifier: string }> {
    const attempt = docs.attempt();
    const options = { redirects: docs.isCallback };
    const page = await visitor.identify(await visitor.follow(docs, attempt), people.state, options);
    return { code: docs.answer(attempt, page).code ?? '', verifier: attempt.verifier };
  }
  /** An ID token that this process signed. */
  async function idTokenOf(port: number): Promise<string> {
    const { code, verifier } = await newCode();
    const { body } = await ask(port, '/token', tokenRequest(code, verifier));
    return tokensSchema.parse(await body.json()).id_token;
  }
  const verifies = async (idToken: string, port: number): Promise<boolean> =>
    compactVerify(idToken, createLocalJWKSet(await jwksOf(port))).then(
      () => true,
      () => false,
    );

  test('the next key is published by every process within 5 seconds, and signs on none before its time', async () => {
    const [rotation] = await rotateKeys(store(), ['ES256'], day);
    for (const { port, name } of processes) {
      await expect.poll(() => published(port), { timeout: 5000, message: name }).toContain(rotation?.kid);
    }
    for (const { port, name } of processes)
      expect(kidOf(await idTokenOf(port)), name).toBe(rotation?.replaces);
    time.pass(day - 10);
    for (const { port, name } of processes)
      expect(kidOf(await idTokenOf(port)), name).toBe(rotation?.replaces);
    time.pass(10);
    for (const { port, name } of processes) expect(kidOf(await idTokenOf(port)), name).toBe(rotation?.kid);
  });

  test('every process publishes the same keys under the same ETag, for verification and nothing else', async () => {
    await rotate(hour);
    const answers = await Promise.all(
      processes.map(async ({ port }) => {
        const { headers, body } = await ask(port, '/jwks');
        return { etag: headers['etag'], text: await body.text() };
      }),
    );
    expect(new Set(answers.map(({ etag }) => etag)).size).toBe(1);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    for (const key of jwksSchema.parse(JSON.parse(answers[0]?.text ?? '')).keys) {
      expect(key['use']).toBe('sig');
      for (const member of ['key_ops', 'd', 'p', 'q', 'dp', 'dq', 'qi'])
        expect(key).not.toHaveProperty(member);
    }
    time.pass(hour);
  });

  test('a login under way across the change completes, signed with the new key', async () => {
    const { next } = await rotate(600);
    time.pass(590);
    const attempt = docs.attempt();
    const emailPage = await visitor.follow(docs, attempt);
    const idpPage = await visitor.browser.submitForm(emailPage, { email: people.state });
    expect(idpPage.url).toContain(world().idp);
    time.pass(11);
    const page = await visitor.identify(idpPage, people.state, { redirects: docs.isCallback });
    const tokens = await docs.tokens(attempt, docs.answer(attempt, page));
    expect(kidOf(tokens.idToken)).toBe(next);
    expect((await docs.userinfo(tokens.accessToken)).status).toBe(200);
    expect((await docs.refresh(tokens.refreshToken)).status).toBe(200);
  });

  test('a request under way at the change ends on the keys that it began with', async () => {
    const { former, next } = await rotate(600);
    time.pass(595);
    const { code, verifier } = await newCode();
    const whole = tokenRequest(code, verifier);
    const { port } = world().config;
    let sendTheRest: () => void = () => undefined;
    const changed = new Promise<void>((resolve) => (sendTheRest = resolve));
    const slowly = async function* () {
      yield whole.slice(0, 30);
      await changed;
      yield whole.slice(30);
    };
    const answer = ask(port, '/token', Readable.from(slowly()));
    // The request has arrived once another one, sent after it, has been answered.
    await ask(port, '/jwks').then(({ body }) => body.dump());
    time.pass(6);
    expect(kidOf(await idTokenOf(port))).toBe(next);
    sendTheRest();
    const { statusCode, body } = await answer;
    expect(statusCode).toBe(200);
    expect(kidOf(tokensSchema.parse(await body.json()).id_token)).toBe(former);
  });

  describe('an ID token of a retired key', () => {
    test('verifies and serves as a hint on every process, until nothing that the key signed lives', async () => {
      const port = world().config.port;
      const { former } = await rotate(hour);
      time.pass(hour - 1);
      const idToken = await idTokenOf(port);
      expect(kidOf(idToken)).toBe(former);
      time.pass(1);
      for (const each of processes) expect(await verifies(idToken, each.port), each.name).toBe(true);
      expect(await visitor.ask(docs, { prompt: 'none', id_token_hint: idToken })).toHaveProperty('code');

      time.pass(31 * day - 2);
      expect(kidOf(await idTokenOf(port))).not.toBe(former);
      expect(await visitor.ask(docs, { prompt: 'none', id_token_hint: idToken })).toHaveProperty('code');
      for (const each of processes) expect(await verifies(idToken, each.port), each.name).toBe(true);

      time.pass(2);
      for (const each of processes) expect(await published(each.port), each.name).not.toContain(former);
      expect(await visitor.ask(docs, { prompt: 'none', id_token_hint: idToken })).toMatchObject({
        error: 'invalid_request',
      });
      const page = await visitor.browser.get(docs.endSessionUrl({ id_token_hint: idToken }));
      expect(page.status).toBe(400);
    });
  });

  test('a withdrawn key is published by no process, and its tokens are no hints any more', async () => {
    const port = world().config.port;
    const idToken = await idTokenOf(port);
    const stolen = kidOf(idToken) ?? '';
    const { replacement } = await withdrawKey(store(), stolen);
    await refresh();
    for (const each of processes) {
      expect(await published(each.port), each.name).not.toContain(stolen);
      expect(kidOf(await idTokenOf(each.port)), each.name).toBe(replacement);
    }
    expect(await visitor.ask(docs, { prompt: 'none', id_token_hint: idToken })).toMatchObject({
      error: 'invalid_request',
    });
    expect(await visitor.ask(docs, { prompt: 'none' })).toHaveProperty('code');
  });

  test('a withdrawn key is out of force though the only key in its place cannot be opened: nothing signs', async () => {
    const { broker } = world();
    const codes = [];
    for (const each of processes) codes.push({ ...each, ...(await newCode()) });
    const stolen = kidOf(await idTokenOf(world().config.port)) ?? '';
    const others = broker.stores.db.deleteFrom('signing_key').where('alg', '=', 'ES256');
    await others.where('kid', '!=', stolen).execute();
    const seal = createSeal(['another-encryption-key-0123456789abcdefgh'], 'signing-key');
    const { replacement } = await withdrawKey({ ...store(), seal }, stolen);
    await refresh();
    for (const { port, name, code, verifier } of codes) {
      expect(
        (await jwksOf(port)).keys.map(({ alg }) => alg),
        name,
      ).not.toContain('ES256');
      expect(await published(port), name).not.toHaveLength(0);
      const answer = await ask(port, '/token', tokenRequest(code, verifier));
      expect([answer.statusCode, await answer.body.json()], name).toMatchObject([
        400,
        { error: 'invalid_client_metadata' },
      ]);
    }
    const withdrawn = await withdrawKey(store(), replacement ?? '');
    await refresh();
    for (const { port, name } of processes)
      expect(kidOf(await idTokenOf(port)), name).toBe(withdrawn.replacement);
  });

  test('sub of a person does not change with the keys', async () => {
    const before = await visitor.enter(docs, people.state);
    await rotateKeys(store(), ['ES256', 'RS256', 'PS256', 'EdDSA'], hour);
    await refresh();
    time.pass(hour);
    const after = await visitor.enter(docs, people.state);
    expect(kidOf(after.idToken)).not.toBe(kidOf(before.idToken));
    expect(after.claims['sub']).toBe(before.claims['sub']);
    const states = (await listKeys(store().db, new Date())).filter(({ state }) => state === 'current');
    expect(states.map(({ alg }) => alg)).toEqual(['ES256', 'RS256', 'PS256', 'EdDSA']);
  });
});
