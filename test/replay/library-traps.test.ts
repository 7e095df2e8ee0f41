/**
 * What `oidc-provider` does that surprises (found by reading and trying it, version 9.13.3): each trap is cured, or
 * shown to be absent, through the running broker. The cures are in `src/provider/library.ts` and its neighbours.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { formsOf } from '../support/html-form.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd, redeclare } from './support/declarations.ts';
import { extraClient, extraTool } from './support/extra-clients.ts';
import { expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  claimsOf,
  demoTool,
  postAs,
  redeem,
  send,
  signIn,
  silently,
  toolAnswer,
  tokensOf,
  untilTool,
  userinfo,
} from './support/relying-party.ts';
import type { Attempt, Changes, Tool } from './support/relying-party.ts';
import { backToNow, startUp } from './support/timing.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
/** Has no second factor. */
const member = { email: 'membre@amd-fictif.example', sub: 'membre-amd-fictif' };
const changing = { clients: [extraClient('mouvant')] };
let world: World;
let docs: Tool;
let visio: Tool;
let browser: Browser;

beforeAll(async () => {
  const { dir, remove } = await demoAnd(changing);
  world = await startWorld({ configDir: dir });
  await remove();
  docs = demoTool(world, 'docs');
  visio = demoTool(world, 'visio');
}, startUp);
afterAll(async () => {
  backToNow();
  await world.close();
});
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await browser.close();
});

const begin = (tool: Tool, changes: Changes = {}): Attempt =>
  authorizationRequest(world.issuer, tool, changes);
const essential = (...values: readonly string[]) => ({
  claims: JSON.stringify({ id_token: { acr: { essential: true, values } } }),
});
async function idTokenOf(
  attempt: Attempt,
  code: string | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  return claimsOf(tokensOf(await redeem(world.issuer, attempt, code ?? '')).id_token);
}
/** E-mail page → list of people → the end, whatever it is. */
async function through(attempt: Attempt, person = agent): Promise<Page> {
  const people = await browser.submitForm(await browser.get(attempt.url), { email: person.email });
  return browser.submitForm(people, { person: person.sub }, { redirects: untilTool(attempt.tool) });
}

describe('trap 5, 6: what is consumed is consumed once', () => {
  test('a code, by ten at once; and what it gave is revoked', async () => {
    const attempt = begin(docs);
    const { code = '' } = await signIn(browser, attempt, agent);
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(world.issuer, attempt, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 400),
    ]);
  });

  test('a pushed request is stored, read, and consumed without a failure', async () => {
    const attempt = begin(docs);
    const pushed = await postAs(
      docs,
      `${world.issuer}/par`,
      Object.fromEntries(new URL(attempt.url).searchParams),
    );
    const url = `${world.issuer}/authorize?client_id=docs&request_uri=${encodeURIComponent(String(pushed.json['request_uri']))}`;
    const { code } = await signIn(browser, { ...attempt, url }, agent);
    expect((await redeem(world.issuer, attempt, code ?? '')).status).toBe(200);
  });
});

describe('trap 7: absolute addresses come from the issuer', () => {
  test('in the form of logout, in redirects, in metadata', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    await signIn(browser, begin(docs), agent);
    const logout = await browser.get(`${world.issuer}/session/end`, { headers });
    expect(formsOf(logout.body, logout.url)[0]?.action).toBe(`${world.issuer}/session/end/confirm`);
    const page = await browser.get(begin(docs, { prompt: 'login' }).url, { headers, redirects: 'manual' });
    expect(page.location?.startsWith(`${world.issuer}/interaction/`)).toBe(true);
    expect((await send(`${world.issuer}/.well-known/openid-configuration`, { headers })).body).not.toContain(
      'evil',
    );
  });
});

describe('trap 8, 9: essential levels', () => {
  test('8: acr_values beside an essential acr do not lower it', async () => {
    await signIn(browser, begin(visio), agent);
    const asked = { ...essential('eidas1-mfa'), acr_values: 'eidas1', prompt: 'none' };
    const page = await browser.get(begin(visio, asked).url, { redirects: untilTool(visio) });
    expect(toolAnswer(page.location)).toMatchObject({
      error: 'unmet_authentication_requirements',
      code: undefined,
    });

    const attempt = begin(visio, { ...essential('eidas1-mfa'), acr_values: 'eidas1' });
    const end = await through(attempt);
    expect((await idTokenOf(attempt, toolAnswer(end.location).code))['acr']).toBe('eidas1-mfa');
  });

  test('8: acr_values alone are a wish: what was reached is told', async () => {
    const attempt = begin(visio, { acr_values: 'eidas3' });
    expect((await idTokenOf(attempt, toolAnswer((await through(attempt)).location).code))['acr']).toBe(
      'eidas1',
    );
  });

  test('9: a level that the person cannot reach ends on a page, not in a loop', async () => {
    const attempt = begin(visio, essential('eidas1-mfa'));
    const page = await through(attempt, member);
    expectRefusalPage(page, { status: 403, code: 'M-UPST-015' });
    expect(browser.history.length).toBeLessThan(15);
    const back = toolAnswer((await browser.click(page, 'Visio', { redirects: untilTool(visio) })).location);
    expect(back).toMatchObject({ error: 'unmet_authentication_requirements', description: 'M-UPST-015' });
  });

  test('9: a level that no identity provider of the address has is told before going there', async () => {
    const attempt = begin(visio, essential('eidas3'));
    const page = await browser.submitForm(await browser.get(attempt.url), { email: agent.email });
    expectRefusalPage(page, { status: 403, code: 'M-UPST-015' });
    expect(page.url.startsWith(world.issuer)).toBe(true);
  });
});

describe('trap 10: a session whose sign-in is gone', () => {
  const isSignIn = (key: string): boolean => key.startsWith('signin:');

  /** Signs in, and loses what the broker keeps beside the library’s session, as a store that evicts would. */
  async function signInAndForget(): Promise<ReturnType<typeof tokensOf>> {
    const { ephemeral } = world.broker.stores;
    const written = vi.spyOn(ephemeral, 'pipeline');
    const attempt = begin(docs);
    const { code = '' } = await signIn(browser, attempt, agent);
    const keys = written.mock.calls.flatMap(([writes]) => writes.map(({ key }) => key)).filter(isSignIn);
    expect(keys.length).toBeGreaterThan(0);
    const tokens = tokensOf(await redeem(world.issuer, attempt, code));
    await ephemeral.delete(...keys);
    return tokens;
  }

  test('asks to sign in again, and does not fail', async () => {
    await signInAndForget();
    expect((await silently(browser, world.issuer, docs)).error).toBe('login_required');
    const attempt = begin(docs);
    const page = await browser.get(attempt.url);
    expect([page.status, page.body.includes('id="email"')]).toEqual([200, true]);
    // The identity provider still knows the person.
    const end = await browser.submitForm(page, { email: agent.email }, { redirects: untilTool(docs) });
    expect((await redeem(world.issuer, attempt, toolAnswer(end.location).code ?? '')).status).toBe(200);
  });

  test('leaves tokens as they are: their identity is with their grant', async () => {
    const tokens = await signInAndForget();
    expect((await userinfo(world.issuer, tokens.access_token)).status).toBe(200);
    const again = await postAs(docs, `${world.issuer}/token`, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    expect(again.status).toBe(200);
  });

  test('in the middle of a choice or of a refusal, gives a page with the way back', async () => {
    const tchap = demoTool(world, 'tchap');
    const refusal = await through(begin(tchap), member);
    expect(refusal.status).toBe(403);
    const { ephemeral } = world.broker.stores;
    const get = ephemeral.get.bind(ephemeral);
    vi.spyOn(ephemeral, 'get').mockImplementation(async (key) => (isSignIn(key) ? undefined : get(key)));
    const page = await browser.get(refusal.url);
    vi.restoreAllMocks();
    expectRefusalPage(page, { status: 400, code: 'M-OIDC-004' });
    const back = toolAnswer((await browser.click(page, 'Tchap', { redirects: untilTool(tchap) })).location);
    expect(back.code).toBeUndefined();
  });
});

describe('trap 15: keys', () => {
  test('what is published has no private part', async () => {
    const { body, json } = await send(`${world.issuer}/jwks`);
    expect(json['keys']).toHaveLength(4);
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(body).not.toContain(`"${member}":`);
  });
});

describe('trap 4: clients are read from the declarations in force', () => {
  const mouvant = extraTool('mouvant');

  test('a redirect URI that was taken away is refused at once, a client that was removed is unknown, mid-way too', async () => {
    const attempt = begin(mouvant);
    const page = await browser.get(attempt.url);
    expect(page.status).toBe(200);
    try {
      await redeclare(world, {
        clients: [extraClient('mouvant', { redirect_uris: ['https://rp.example/new'] })],
      });
      const stop = { redirects: untilTool(mouvant) };
      expectRefusalPage(await browser.get(begin(mouvant).url, stop), { status: 400, code: 'M-OIDC-002' });
      await redeclare(world, {});
      expectRefusalPage(await browser.get(begin(mouvant).url, stop), { status: 400, code: 'M-OIDC-001' });
      expectRefusalPage(await browser.get(page.url), { status: 400, code: 'M-OIDC-001' });
      const answer = await postAs(mouvant, `${world.issuer}/token`, {
        grant_type: 'refresh_token',
        refresh_token: 'a',
      });
      expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client']);
    } finally {
      await redeclare(world, changing);
    }
    expect((await browser.get(begin(mouvant).url)).status).toBe(200);
  });

  test('a client that is removed while the person is at the identity provider gets nothing, and the person a page', async () => {
    const people = await browser.submitForm(await browser.get(begin(mouvant).url), { email: agent.email });
    try {
      await redeclare(world, {});
      const page = await browser.submitForm(people, { person: agent.sub });
      expectRefusalPage(page, { status: 400, code: 'M-OIDC-001' });
    } finally {
      await redeclare(world, changing);
    }
  });
});

test('no answer of all this was a failure of ours', () => {
  const failures = world.log.filter((line) => line.includes('server_error') || line.includes('M-HTTP-001'));
  expect(failures).toEqual([]);
});
