/**
 * The way back from an identity provider: for whom a callback signs somebody in, how often, in which browser, and whose
 * account it is (RFC 6749 §10.12, RFC 9700 §4.4, OpenID Connect Core §5.7; advisories of other brokers, replayed).
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { auditPage } from '../../src/audit/audit.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { expectRefusalPage, shownCode } from './support/pages.ts';
import {
  authorizationRequest,
  claimsOf,
  demoTool,
  redeem,
  silently,
  toolAnswer,
  tokensOf,
  untilTool,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { secondPerson, startTwoIdps } from './support/second-idp.ts';
import type { TwoIdps } from './support/second-idp.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';
import { expectNobodySignedIn, expectWayBack, goThrough, untilCallback } from './support/upstream-visit.ts';

let idps: TwoIdps;
let docs: Tool;
let browser: Browser;
let clockOffset = 0;

beforeAll(async () => {
  const clock = () => new Date(Date.now() + clockOffset);
  idps = await startTwoIdps([], { clock });
  docs = demoTool(idps.world, 'docs');
}, startUp);
afterAll(() => idps.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  idps.second.restore();
  idps.second.become(secondPerson);
  clockOffset = 0;
  await browser.close();
});

const state = () => storeState(idps.world.broker.stores.db);
const begin = (changes = {}) => authorizationRequest(idps.world.issuer, docs, changes);

describe('an account is (issuer, subject), never an address (nOAuth)', () => {
  const accountOf = async (): Promise<unknown> => {
    const attempt = begin({ scope: 'openid' });
    const answer = toolAnswer((await goThrough(browser, attempt)).location);
    const tokens = tokensOf(await redeem(idps.world.issuer, attempt, answer.code ?? ''));
    await browser.close();
    browser = createBrowser();
    return claimsOf(tokens.id_token)['sub'];
  };
  const as = (sub: string, email: string) =>
    idps.second.become({ sub, claims: { ...secondPerson.claims, email } });

  test('the same subject with another address is the same account; another subject with the same address is not', async () => {
    as('noauth-1', 'agent@second.example');
    const first = await accountOf();
    as('noauth-1', 'renamed@second.example');
    expect(await accountOf()).toBe(first);
    as('noauth-2', 'agent@second.example');
    expect(await accountOf()).not.toBe(first);
    as('noauth-1 ', 'agent@second.example');
    expect(await accountOf()).not.toBe(first);
    as('NOAUTH-1', 'agent@second.example');
    expect(await accountOf()).not.toBe(first);
  });

  test('a subject of the other identity provider is somebody else here', async () => {
    const attempt = begin();
    const people = await browser.submitForm(await browser.get(attempt.url), { email: 'agent@etat.example' });
    const end = await browser.submitForm(people, { person: 'agent-etat' }, { redirects: untilTool(docs) });
    const tokens = tokensOf(await redeem(idps.world.issuer, attempt, toolAnswer(end.location).code ?? ''));
    await browser.close();
    browser = createBrowser();
    as('agent-etat', 'agent@second.example');
    expect(await accountOf()).not.toBe(claimsOf(tokens.id_token)['sub']);
  });
});

describe('a callback serves once, in the browser and for the identity provider that it was made for (RFC 9700 §4.4, §4.7)', () => {
  const attemptCookies = async () =>
    (await browser.jar.getCookies(`${idps.world.issuer}/callback/second`)).filter(({ key }) =>
      key.startsWith('maillon-up-'),
    );

  test('CVE-2026-109372: a callback of the demo identity provider for an attempt at the second', async () => {
    const attempt = begin();
    const callback = await untilCallback(browser, attempt);
    const before = await state();
    const elsewhere = new URL(callback);
    elsewhere.pathname = '/callback/demo';
    // The browser keeps the cookie of the attempt for the other path…
    expectRefusalPage(await browser.get(elsewhere.href), { code: 'M-UPST-004' });
    // …and when something makes it travel, the attempt says whom it was for.
    const cookie = (await attemptCookies()).map((one) => one.cookieString()).join('; ');
    const page = await browser.get(elsewhere.href, { headers: { cookie } });
    expectRefusalPage(page, { code: 'M-UPST-005' });
    await expectWayBack(browser, page, attempt, 'M-UPST-005');
    await expectNobodySignedIn(browser, attempt);
    const [{ audit_entry: record, ...tables }, { audit_entry: recordBefore, ...tablesBefore }] = [
      await state(),
      before,
    ];
    expect(tables).toEqual(tablesBefore);
    // The one thing that a mix-up leaves: an entry about the identity provider that was asked, and the one that answered.
    expect(record?.rows).toBe((recordBefore?.rows ?? 0) + 1);
    const { entries } = await auditPage(idps.world.broker.stores.db, { act: 'upstream.refuse' });
    expect(entries).toMatchObject([
      { subject: 'upstream:second', after: { code: 'M-UPST-005', answered_at: 'demo' } },
    ]);
  });

  test('CVE-2025-46815: a callback is not answered twice', async () => {
    const callback = await untilCallback(browser, begin());
    const cookie = (await attemptCookies()).map((one) => one.cookieString()).join('; ');
    expect(
      toolAnswer((await browser.get(callback.href, { redirects: untilTool(docs) })).location).code,
    ).toBeDefined();
    expect(await attemptCookies()).toEqual([]);
    const before = await state();
    expectRefusalPage(await browser.get(callback.href), { code: 'M-UPST-004' });
    // The cookie that was taken away, put back by hand.
    const thief = createBrowser();
    const page = await thief.get(callback.href, { headers: { cookie } });
    expectRefusalPage(page, { code: 'M-UPST-004' });
    expect((await silently(thief, idps.world.issuer, docs)).error).toBe('login_required');
    expect(await state()).toEqual(before);
    await thief.close();
  });

  test('invariant 5: of twenty callbacks at once, one signs in', async () => {
    const callback = await untilCallback(browser, begin());
    const cookie = (await attemptCookies()).map((one) => one.cookieString()).join('; ');
    const pages = await Promise.all(
      Array.from({ length: 20 }, () =>
        browser.get(callback.href, { redirects: 'manual', headers: { cookie } }),
      ),
    );
    expect(pages.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(pages.filter((page) => shownCode(page) === 'M-UPST-004')).toHaveLength(19);
  });

  test('CVE-2022-39222: a callback opened in another browser signs nobody in there, and the first one goes on', async () => {
    const callback = await untilCallback(browser, begin());
    const before = await state();
    const victim = createBrowser();
    expectRefusalPage(await victim.get(callback.href), { code: 'M-UPST-004' });
    expect((await silently(victim, idps.world.issuer, docs)).error).toBe('login_required');
    expect(await state()).toEqual(before);
    await victim.close();
    const end = await browser.get(callback.href, { redirects: untilTool(docs) });
    expect(toolAnswer(end.location).code).toBeDefined();
  });

  test('CVE-2026-7507: the way on after the callback is bound to the browser too', async () => {
    const callback = await untilCallback(browser, begin());
    const resume = await browser.get(callback.href, { redirects: 'manual' });
    expect(resume.status).toBe(303);
    const before = await state();
    const thief = createBrowser();
    expectRefusalPage(await thief.get(resume.location ?? ''), { status: 400, code: 'M-OIDC-004' });
    expect((await silently(thief, idps.world.issuer, docs)).error).toBe('login_required');
    expect(await state()).toEqual(before);
    await thief.close();
    expect(
      toolAnswer((await browser.follow(resume, { redirects: untilTool(docs) })).location).code,
    ).toBeDefined();
  });

  test('a cookie of the attempt that was changed does not open', async () => {
    const callback = await untilCallback(browser, begin());
    const before = await state();
    for (const cookie of await attemptCookies()) {
      const { value } = cookie;
      for (const changed of [
        `${value.slice(0, -2)}AA`,
        `${value.slice(0, 40)}A${value.slice(41)}`,
        value.slice(1),
        '',
        'a.b.c.d.e',
      ]) {
        const page = await browser.get(callback.href, { headers: { cookie: `${cookie.key}=${changed}` } });
        expectRefusalPage(page, { code: 'M-UPST-004' });
      }
    }
    expect(await state()).toEqual(before);
  });

  test('a cookie of another attempt under this one’s name does not open it', async () => {
    const first = await untilCallback(browser, begin());
    const [own] = await attemptCookies();
    await untilCallback(browser, begin());
    const other = (await attemptCookies()).find(({ key }) => key !== own?.key);
    const page = await browser.get(first.href, {
      headers: { cookie: `${own?.key ?? ''}=${other?.value ?? ''}` },
    });
    expectRefusalPage(page, { code: 'M-UPST-004' });
  });

  test('after ten minutes an attempt is over, and the tool can be reached again', async () => {
    const attempt = begin();
    const callback = await untilCallback(browser, attempt);
    const before = await state();
    clockOffset = 601_000;
    const page = await browser.get(callback.href);
    expectRefusalPage(page, { status: 400, code: 'M-UPST-004' });
    await expectWayBack(browser, page, attempt, 'M-UPST-004');
    expect(await state()).toEqual(before);
  });

  test.each([
    ['of nobody', 'M-UPST-004', '/callback/personne?code=a&state=b'],
    ['with nothing', 'M-UPST-004', '/callback/second'],
    ['with two states', 'M-UPST-004', '/callback/second?code=a&state=b&state=c'],
    ['with a prototype for a name', 'M-UPST-004', '/callback/__proto__?code=a&state=b'],
    ['with an encoded slash', 'M-UPST-004', '/callback/second%2F..%2Fdemo?code=a&state=b'],
    ['with a broken escape', 'M-UPST-004', '/callback/%E0%A4%A?code=a&state=b'],
  ])('a callback %s is a page, not a failure', async (_name, code, path) => {
    const page = await browser.get(`${idps.world.issuer}${path}`);
    expectRefusalPage(page, { code });
    expect(page.status).toBeLessThan(500);
  });

  test('a callback by POST is read as one by GET, whatever the record says: with no attempt of this browser, nothing', async () => {
    const page = await browser.post(`${idps.world.issuer}/callback/second`, { code: 'a', state: 'b' });
    expectRefusalPage(page, { status: 400, code: 'M-UPST-004' });
  });
});
