/** What sign-ins that nobody finished leave in a browser, and what they do not prevent. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import type { World } from '../support/world.ts';
import { startWorld } from '../support/world.ts';
import { expectRefusalPage } from '../replay/support/pages.ts';
import { authorizationRequest, demoTool, toolAnswer, untilTool } from '../replay/support/relying-party.ts';
import type { Attempt, Changes, Tool } from '../replay/support/relying-party.ts';
import { backToNow } from '../replay/support/timing.ts';
import { startTimeout } from './each-backend.ts';

const agent = { email: 'agent@etat.example', sub: 'agent-etat' };

let world: World;
let browser: Browser;
let docs: Tool;

beforeAll(async () => {
  world = await startWorld();
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

describe('abandoned sign-ins', () => {
  const stop = (url: URL) => url.origin === world.idp;
  const begin = async () => browser.get(ask({ login_hint: agent.email }).url, { redirects: stop });

  test('forty of them at one identity provider do not close the door: the next one comes in', async () => {
    for (let each = 0; each < 40; each += 1) await begin();
    const sent = await browser.cookies(`${world.issuer}/callback/demo`);
    expect(sent.filter((cookie) => cookie.includes('maillon-up-')).length).toBeLessThanOrEqual(12);
    expect(sent.join('; ').length).toBeLessThan(8_000);
    const attempt = ask();
    const people = await browser.submitForm(await browser.get(attempt.url), { email: agent.email });
    const end = await browser.submitForm(people, { person: agent.sub }, { redirects: untilTool(docs) });
    expect(toolAnswer(end.location).code).toBeDefined();
  });

  test('a few tabs at once all end well, in any order', async () => {
    const attempts = Array.from({ length: 4 }, () => ask({ login_hint: agent.email }));
    const tabs: Page[] = [];
    for (const { url } of attempts) tabs.push(await browser.get(url));
    for (const tab of tabs.toReversed()) {
      const end = await browser.submitForm(tab, { person: agent.sub }, { redirects: untilTool(docs) });
      expect(toolAnswer(end.location).code).toBeDefined();
    }
  });

  test('the oldest of many is told that it is no longer valid', async () => {
    const oldest = await browser.get(ask({ login_hint: agent.email }).url);
    for (let each = 0; each < 13; each += 1) await begin();
    const page = await browser.submitForm(oldest, { person: agent.sub }, { redirects: untilTool(docs) });
    expectRefusalPage(page, { code: 'M-UPST-004' });
  });
});
