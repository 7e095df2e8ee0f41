/**
 * Back-Channel Logout 1.0 through the whole broker, with a real small server in the place of the tools: what they are
 * told, of whom, and that nobody who signs out waits for them. What a queue owes is in src/logout/logout.test.ts.
 */
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startReceiver } from '../../src/logout/testing/receiver.ts';
import type { Receiver } from '../../src/logout/testing/receiver.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import {
  authorizationRequest,
  claimsOf,
  redeem,
  send,
  signIn,
  tokensOf,
  toolAnswer,
  untilTool,
} from '../replay/support/relying-party.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';

const state = { email: 'agent@etat.example', sub: 'agent-etat' };
const commune = { email: 'agent@commune.example', sub: 'agent-commune' };
const event = 'http://schemas.openid.net/event/backchannel-logout';

/** Client id, and what differs from a client that is told its `sid` in a token of ES256. */
const declared = {
  plain: {},
  rsa: { id_token_signed_response_alg: 'RS256' },
  pss: { id_token_signed_response_alg: 'PS256', subject_type: 'public' },
  nosid: { backchannel_logout_session_required: false },
  slow: {},
  failing: {},
} as const;
type Told = keyof typeof declared;
const ids: readonly Told[] = ['plain', 'rsa', 'pss', 'nosid', 'slow', 'failing'];

let world: World;
let receiver: Receiver;
let browser: Browser;

beforeAll(async () => {
  receiver = await startReceiver();
  const { dir, remove } = await demoAnd({
    clients: [
      ...ids.map((id) =>
        extraClient(id, { backchannel_logout_uri: `${receiver.origin}/${id}`, ...declared[id] }),
      ),
      extraClient('silent'),
    ],
  });
  world = await startWorld({ configDir: dir });
  await remove();
}, startTimeout);
afterAll(async () => {
  await world.close();
  await receiver.close();
});
beforeEach(() => {
  browser = createBrowser();
});
afterEach(() => browser.close());

async function enter(id: string, person?: typeof state) {
  const attempt = authorizationRequest(world.issuer, extraTool(id));
  const answer =
    person === undefined
      ? toolAnswer((await browser.get(attempt.url, { redirects: untilTool(attempt.tool) })).location)
      : await signIn(browser, attempt, person);
  const { id_token: idToken } = tokensOf(await redeem(world.issuer, attempt, answer.code ?? ''));
  return { idToken, claims: claimsOf(idToken) };
}

async function signOut(choice: Record<string, string> = { logout: 'yes' }, query = ''): Promise<void> {
  const page = await browser.get(`${world.issuer}/session/end${query}`);
  await browser.submitForm(page, choice);
}

const verified = async (token: string, audience: string) =>
  (
    await jwtVerify(token, createRemoteJWKSet(new URL(`${world.issuer}/jwks`)), {
      issuer: world.issuer,
      audience,
      typ: 'logout+jwt',
    })
  ).payload;

const told = (id: Told, count: number) =>
  vi.waitFor(() => expect(receiver.at(`/${id}`)).toHaveLength(count), { timeout: 10_000, interval: 20 });

test('discovery says so (Back-Channel Logout §2.1)', async () => {
  expect((await send(`${world.issuer}/.well-known/openid-configuration`)).json).toMatchObject({
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

describe('who signs out everywhere', () => {
  test.each([
    ['plain', 'ES256'],
    ['rsa', 'RS256'],
    ['pss', 'PS256'],
  ] as const)('%s gets a logout token like its ID tokens (§2.4)', async (id, alg) => {
    const before = receiver.at(`/${id}`).length;
    const { claims, idToken } = await enter(id, state);
    await signOut();
    await told(id, before + 1);
    const { token, contentType } = receiver.at(`/${id}`).at(-1) ?? { token: '' };
    expect(contentType).toBe('application/x-www-form-urlencoded');
    expect(decodeProtectedHeader(token)).toEqual({
      alg,
      kid: decodeProtectedHeader(idToken).kid,
      typ: 'logout+jwt',
    });
    const payload = await verified(token, id);
    expect(Object.keys(payload).sort()).toEqual(['aud', 'events', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
    expect(payload).toMatchObject({ sub: claims['sub'], sid: claims['sid'], events: { [event]: {} } });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(120);
    expect(claims['sid']).toEqual(expect.any(String));
  });

  test('no sid for a client that does not ask for it', async () => {
    const { claims } = await enter('nosid', state);
    await signOut();
    await told('nosid', 1);
    const payload = await verified(receiver.at('/nosid')[0]?.token ?? '', 'nosid');
    expect(payload).toMatchObject({ sub: claims['sub'] });
    expect(payload).not.toHaveProperty('sid');
    expect(claims).not.toHaveProperty('sid');
  });

  test('every tool of the session is told, each its own sub and sid; a tool without address is none', async () => {
    const before = { plain: receiver.at('/plain').length, rsa: receiver.at('/rsa').length };
    await enter('silent', commune);
    const one = await enter('plain');
    const other = await enter('rsa');
    await signOut();
    await told('plain', before.plain + 1);
    await told('rsa', before.rsa + 1);
    const payloads = await Promise.all(
      (['plain', 'rsa'] as const).map(async (id) => verified(receiver.at(`/${id}`).at(-1)?.token ?? '', id)),
    );
    expect(payloads.map(({ sid }) => sid)).toEqual([one.claims['sid'], other.claims['sid']]);
    expect(new Set(payloads.map(({ sid }) => sid)).size).toBe(2);
    expect(new Set(payloads.map(({ jti }) => jti)).size).toBe(2);
  });

  test('waits for no tool, and for no tool that is down', async () => {
    const release = Promise.withResolvers<number>();
    receiver.answer('/slow', () => release.promise);
    receiver.answer('/failing', 503);
    await enter('slow', state);
    await enter('failing');
    const page = await browser.get(`${world.issuer}/session/end`);
    const begun = performance.now();
    const end = await browser.submitForm(page, { logout: 'yes' });
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(browser.text(end)).toContain('La déconnexion est terminée');
    await told('slow', 1);
    await told('failing', 1);
    release.resolve(200);
    await vi.waitFor(() => {
      const events = world.log.filter((line) => line.includes('backchannel.'));
      expect(events.some((line) => line.includes('backchannel.retry') && line.includes('failing'))).toBe(
        true,
      );
      expect(events.some((line) => line.includes('backchannel.delivered') && line.includes('slow'))).toBe(
        true,
      );
    }, 5_000);
    expect(world.log.join('\n')).not.toContain(receiver.at('/slow')[0]?.token);
  });
});

test('who stays signed in to the others has this tool told, and it alone; then not again', async () => {
  const before = { plain: receiver.at('/plain').length, rsa: receiver.at('/rsa').length };
  const { claims } = await enter('plain', state);
  await enter('rsa');
  await signOut({}, '?client_id=plain');
  await told('plain', before.plain + 1);
  const payload = await verified(receiver.at('/plain').at(-1)?.token ?? '', 'plain');
  expect(payload).toMatchObject({ sid: claims['sid'] });
  expect(receiver.at('/rsa')).toHaveLength(before.rsa);
  await signOut();
  await told('rsa', before.rsa + 1);
  expect(receiver.at('/plain')).toHaveLength(before.plain + 1);
});

test('who takes the place of somebody else in a browser has the tools of the former told', async () => {
  const before = receiver.at('/plain').length;
  const { claims } = await enter('plain', state);
  const attempt = authorizationRequest(world.issuer, extraTool('silent'), { prompt: 'login' });
  await signIn(browser, attempt, commune);
  await told('plain', before + 1);
  const payload = await verified(receiver.at('/plain').at(-1)?.token ?? '', 'plain');
  expect(payload).toMatchObject({ sid: claims['sid'], sub: claims['sub'] });
});
