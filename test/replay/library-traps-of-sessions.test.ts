/**
 * What `oidc-provider` does with sessions and grants that surprises (version 9.13.3): several tabs, ids that change,
 * grants that pile up. Each is cured, or shown to be absent, through the running broker.
 */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from './support/declarations.ts';
import { extraClient } from './support/extra-clients.ts';
import {
  authorizationRequest,
  demoTool,
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
import { backToNow, later, startUp } from './support/timing.ts';

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
/** E-mail page → list of people → the end, whatever it is. */
async function through(attempt: Attempt, person = agent): Promise<Page> {
  const people = await browser.submitForm(await browser.get(attempt.url), { email: person.email });
  return browser.submitForm(people, { person: person.sub }, { redirects: untilTool(attempt.tool) });
}

async function grants(): Promise<number> {
  const { db } = world.broker.stores;
  const live = await db.selectFrom('oidc_grant').select('id').where('revoked_at', 'is', null).execute();
  return live.length;
}

describe('trap 12: several tabs', () => {
  test('two logins begun side by side both end, in the other order', async () => {
    const [first, second] = [begin(docs), begin(visio)];
    const [one, two] = [await browser.get(first.url), await browser.get(second.url)];
    const [peopleOne, peopleTwo] = [
      await browser.submitForm(one, { email: agent.email }),
      await browser.submitForm(two, { email: agent.email }),
    ];
    const endTwo = await browser.submitForm(
      peopleTwo,
      { person: agent.sub },
      { redirects: untilTool(visio) },
    );
    const endOne = await browser.submitForm(peopleOne, { person: agent.sub }, { redirects: untilTool(docs) });
    expect((await redeem(world.issuer, second, toolAnswer(endTwo.location).code ?? '')).status).toBe(200);
    expect((await redeem(world.issuer, first, toolAnswer(endOne.location).code ?? '')).status).toBe(200);
  });

  test('tools that are opened at once are all remembered: their grants serve again, and they are told of the sign-out', async () => {
    await signIn(browser, begin(docs), agent);
    const tools = [visio, demoTool(world, 'tchap'), docs];
    const open = (tool: Tool) => silently(browser, world.issuer, tool);
    for (const { code } of await Promise.all(tools.map(open))) expect(code).toBeDefined();
    const before = await grants();
    for (const tool of tools) expect((await open(tool)).code).toBeDefined();
    expect(await grants()).toBe(before);
  });
});

describe('trap 13: the id of a session changes while requests are under way', () => {
  const asked = async (cookie: string) => {
    const { headers } = await send(begin(docs, { prompt: 'none' }).url, { headers: { cookie } });
    return {
      answer: toolAnswer(String(headers['location'])),
      setCookie: [headers['set-cookie'] ?? []].flat(),
    };
  };

  test('a request that set out with the former cookie keeps its session, and takes nobody’s away', async () => {
    await signIn(browser, begin(docs), agent);
    const former = (await browser.cookies(world.issuer)).join('; ');
    const again = begin(visio, { prompt: 'login' });
    const people = await browser.submitForm(await browser.get(again.url), { email: agent.email });
    const callback = await browser.submitForm(
      people,
      { person: agent.sub },
      { redirects: (url) => url.pathname.startsWith('/authorize/') && url.origin === world.issuer },
    );
    const [end, ...underway] = await Promise.all([
      browser.get(callback.location ?? '', { redirects: untilTool(visio) }),
      ...Array.from({ length: 8 }, () => asked(former)),
    ]);
    expect(toolAnswer(end.location).code).toBeDefined();
    for (const { answer } of underway) expect(answer.error).toBeUndefined();

    expect((await browser.cookies(world.issuer)).join('; ')).not.toBe(former);
    const late = await asked(former);
    expect(late.answer.code).toBeDefined();
    // A new anonymous session would overwrite the cookie of the signed-in one: what is set, if anything, is the latter.
    const current = (await browser.cookies(world.issuer)).find((one) => one.startsWith('maillon-session='));
    for (const line of late.setCookie.filter((one) => one.startsWith('maillon-session='))) {
      expect(line.split(';')[0]).toBe(current);
    }
    expect((await silently(browser, world.issuer, docs)).code).toBeDefined();
  });

  test('a sign-out that overtakes it stands: nobody is signed in again, and nothing of the session is kept', async () => {
    const first = begin(docs);
    const { code } = await signIn(browser, first, agent);
    const { id_token: hint } = tokensOf(await redeem(world.issuer, first, code ?? ''));
    const { db, ephemeral } = world.broker.stores;
    const given = await db
      .selectFrom('oidc_grant')
      .select(sql<string>`snapshot_text(snapshot, '{session}')`.as('uid'))
      .where('revoked_at', 'is', null)
      .execute();
    const records = async () =>
      (await ephemeral.getMany(given.map(({ uid }) => `signin:${uid}`))).filter((one) => one !== undefined);
    const leaving = await browser.get(
      `${world.issuer}/session/end?${new URLSearchParams({ id_token_hint: hint }).toString()}`,
    );
    const again = begin(visio, { prompt: 'login' });
    const people = await browser.submitForm(await browser.get(again.url), { email: agent.email });
    const callback = await browser.submitForm(
      people,
      { person: agent.sub },
      { redirects: (url) => url.pathname.startsWith('/authorize/') && url.origin === world.issuer },
    );
    const kept = (await records()).length;
    const { pipeline } = ephemeral;
    const batches = vi.spyOn(ephemeral, 'pipeline');
    batches.mockImplementationOnce(async (writes) => {
      expect(writes.some(({ key }) => key.startsWith('o:u:'))).toBe(true);
      await browser.submitForm(leaving, { logout: 'yes' });
      return pipeline(writes);
    });
    const end = await browser.get(callback.location ?? '', { redirects: untilTool(visio) });
    expect((await redeem(world.issuer, again, toolAnswer(end.location).code ?? '')).status).toBe(400);
    expect((await silently(browser, world.issuer, docs)).error).toBe('login_required');
    expect((await records()).length).toBe(kept - 1);
  });

  test('for a few seconds only', async () => {
    await signIn(browser, begin(docs), agent);
    const former = (await browser.cookies(world.issuer)).join('; ');
    await through(begin(visio, { prompt: 'login' }));
    later(16);
    expect((await asked(former)).answer.error).toBe('login_required');
    expect((await silently(browser, world.issuer, docs)).code).toBeDefined();
  });
});

describe('trap 14: grants', () => {
  test('single sign-on uses the grant that is there; a wider request widens it; a new sign-in has its own', async () => {
    await signIn(browser, begin(docs), agent);
    const first = await grants();
    await silently(browser, world.issuer, docs);
    await silently(browser, world.issuer, docs);
    expect(await grants()).toBe(first);
    const wider = begin(docs, { scope: 'openid email siret', prompt: 'none' });
    const page = await browser.get(wider.url, { redirects: untilTool(docs) });
    const tokens = tokensOf(await redeem(world.issuer, wider, toolAnswer(page.location).code ?? ''));
    expect((await userinfo(world.issuer, tokens.access_token)).json).toHaveProperty('siret');
    expect(await grants()).toBe(first);
    await through(begin(docs, { prompt: 'login' }));
    expect(await grants()).toBe(first + 1);
    // The tokens of the former sign-in are what they were.
    expect((await userinfo(world.issuer, tokens.access_token)).json).toHaveProperty('siret');
  });
});

describe('further: what a session may be used for', () => {
  test('max_age, id_token_hint of somebody else, a sub that is not the person’s: nobody is passed on silently', async () => {
    const attempt = begin(docs);
    const { code } = await signIn(browser, attempt, agent);
    const { id_token: hint } = tokensOf(await redeem(world.issuer, attempt, code ?? ''));
    const silent = async (changes: Changes) => {
      const page = await browser.get(begin(docs, { prompt: 'none', ...changes }).url, {
        redirects: untilTool(docs),
      });
      return toolAnswer(page.location);
    };
    expect((await silent({ id_token_hint: hint })).code).toBeDefined();
    later(120);
    expect((await silent({ max_age: '60' })).error).toBe('login_required');
    expect((await silent({ max_age: '3600' })).code).toBeDefined();
    expect((await silent({ claims: '{"id_token":{"sub":{"value":"somebody-else"}}}' })).error).toBe(
      'login_required',
    );

    const stranger = createBrowser();
    await signIn(stranger, begin(docs), member);
    const page = await stranger.get(begin(docs, { prompt: 'none', id_token_hint: hint }).url, {
      redirects: untilTool(docs),
    });
    expect(toolAnswer(page.location).error).toBe('login_required');
    await stranger.close();
  });

  test('prompt=consent is answered without a page; prompt=select_account asks which account', async () => {
    await signIn(browser, begin(docs), agent);
    const consent = await browser.get(begin(docs, { prompt: 'consent' }).url, { redirects: untilTool(docs) });
    expect(toolAnswer(consent.location).code).toBeDefined();
    const select = await browser.get(begin(docs, { prompt: 'select_account' }).url, {
      redirects: untilTool(docs),
    });
    expect(select.location).toBeUndefined();
    expect(select.body).toContain('name="account"');
  });
});

test('no answer of all this was a failure of ours', () => {
  const failures = world.log.filter((line) => line.includes('server_error') || line.includes('M-HTTP-001'));
  expect(failures).toEqual([]);
});
