/** An identity provider that is closed, removed or down: the others go on, and the person gets a page and a way back. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { auditPage } from '../../src/audit/audit.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { redeclare } from './support/declarations.ts';
import { expectRefusalPage } from './support/pages.ts';
import {
  authorizationRequest,
  demoTool,
  postAs,
  redeem,
  send,
  silently,
  tokensOf,
  toolAnswer,
  untilTool,
  userinfo,
} from './support/relying-party.ts';
import type { Tool } from './support/relying-party.ts';
import { approvedSiret, idpTimeout, secondPerson, secondRecord, startTwoIdps } from './support/second-idp.ts';
import type { TwoIdps } from './support/second-idp.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';

let idps: TwoIdps;
let docs: Tool;
let browser: Browser;

beforeAll(async () => {
  idps = await startTwoIdps(['asleep', 'down']);
  docs = demoTool(idps.world, 'docs');
}, startUp);
afterAll(() => idps.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  await redeclare(idps.world, idps.extra);
  idps.second.restore();
  await browser.close();
});

const begin = () => authorizationRequest(idps.world.issuer, docs);
const state = () => storeState(idps.world.broker.stores.db);
const close = () =>
  redeclare(idps.world, { identity_providers: [secondRecord(idps.second.issuer, { enabled: false })] });

/** The one thing that it leaves: an entry about the identity provider, with nobody in it. */
async function expectOneRefusalRecorded(before: Awaited<ReturnType<typeof state>>): Promise<void> {
  const [{ audit_entry: record, ...tables }, { audit_entry: recordBefore, ...tablesBefore }] = [
    await state(),
    before,
  ];
  expect(tables).toEqual(tablesBefore);
  expect(record?.rows).toBe((recordBefore?.rows ?? 0) + 1);
  const { entries } = await auditPage(idps.world.broker.stores.db, { act: 'upstream.refuse' });
  expect(entries[0]).toMatchObject({
    actor: 'broker',
    subject: 'upstream:second',
    after: { code: 'M-UPST-014' },
  });
}

test('CVE-2026-2603: closed while the person was there, an identity provider signs nobody in', async () => {
  const attempt = begin();
  const there = await browser.submitForm(
    await browser.get(attempt.url),
    { email: secondPerson.claims.email },
    { redirects: (url) => url.pathname.startsWith('/callback/') },
  );
  await close();
  const before = await state();
  const page = await browser.follow(there);
  expectRefusalPage(page, { status: 403, code: 'M-UPST-014' });
  const back = await browser.click(page, 'Docs', { redirects: untilTool(docs) });
  expect(toolAnswer(back.location)).toMatchObject({ error: 'access_denied', description: 'M-UPST-014' });
  expect((await silently(browser, idps.world.issuer, docs)).error).toBe('login_required');
  await expectOneRefusalRecorded(before);
});

test('CVE-2025-64717: closed, it opens no session, and what it opened before ends: SSO, refresh, userinfo', async () => {
  const attempt = begin();
  const end = await browser.submitForm(
    await browser.get(attempt.url),
    { email: secondPerson.claims.email },
    { redirects: untilTool(docs) },
  );
  const tokens = tokensOf(await redeem(idps.world.issuer, attempt, toolAnswer(end.location).code ?? ''));
  expect((await userinfo(idps.world.issuer, tokens.access_token)).status).toBe(200);
  await close();
  expect((await silently(browser, idps.world.issuer, docs)).error).toBe('login_required');
  expect((await userinfo(idps.world.issuer, tokens.access_token)).status).toBe(401);
  const refreshed = await postAs(docs, `${idps.world.issuer}/token`, {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
  });
  expect(refreshed.json['error']).toBe('invalid_grant');
  const page = await browser.submitForm(await browser.get(begin().url), { email: secondPerson.claims.email });
  expect(page.url.startsWith(idps.world.issuer)).toBe(true);
  expect(page.status).toBeGreaterThanOrEqual(400);
});

test.each([
  ['who they are: it is another issuer', { issuer: 'https://another.example' }],
  ['the address', { domains: ['another.example'] }],
  ['the organization', { sirets: [approvedSiret] }],
  ['the level', { acr: { values: { eidas1: 'eidas1' }, maximum: 'eidas0' } }],
])(
  '%s that it may not assert any more ends what it opened before: SSO, refresh, userinfo',
  async (_what, change) => {
    const attempt = begin();
    const end = await browser.submitForm(
      await browser.get(attempt.url),
      { email: secondPerson.claims.email },
      { redirects: untilTool(docs) },
    );
    const tokens = tokensOf(await redeem(idps.world.issuer, attempt, toolAnswer(end.location).code ?? ''));
    expect((await userinfo(idps.world.issuer, tokens.access_token)).status).toBe(200);
    await redeclare(idps.world, { identity_providers: [secondRecord(idps.second.issuer, change)] });
    expect((await silently(browser, idps.world.issuer, docs)).error).toBe('login_required');
    expect((await userinfo(idps.world.issuer, tokens.access_token)).status).toBe(401);
    const refreshed = await postAs(docs, `${idps.world.issuer}/token`, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    });
    expect(refreshed.json['error']).toBe('invalid_grant');
  },
);

test('removed while the person was there, it is not known any more', async () => {
  const there = await browser.submitForm(
    await browser.get(begin().url),
    { email: secondPerson.claims.email },
    { redirects: (url) => url.pathname.startsWith('/callback/') },
  );
  await redeclare(idps.world, {});
  const before = await state();
  expectRefusalPage(await browser.follow(there), { status: 403, code: 'M-UPST-014' });
  await expectOneRefusalRecorded(before);
});

test('one that sleeps costs its timeout once; the tools and the other identity provider do not wait for it', async () => {
  idps.second.mutate('discovery_timeout');
  const started = Date.now();
  const [asleep, other, health] = await Promise.all([
    browser.submitForm(await browser.get(begin().url), { email: 'agent@asleep.example' }),
    (async () => {
      const second = createBrowser();
      const page = await second.submitForm(await second.get(begin().url), { email: 'agent@etat.example' });
      await second.close();
      return page;
    })(),
    send(`${idps.world.issuer}/readyz`),
  ]);
  expectRefusalPage(asleep, { status: 502, code: 'M-UPST-001' });
  expect(other.url.startsWith(idps.world.idp)).toBe(true);
  expect(health.status).toBe(200);
  expect(Date.now() - started).toBeLessThan(idpTimeout * 1000 + 4_000);

  // Asked again at once, it is not waited for: nobody goes there.
  const { discovery } = idps.second.counts;
  const page = await browser.submitForm(await browser.get(begin().url), { email: 'agent@asleep.example' });
  expectRefusalPage(page, { status: 502, code: 'M-UPST-001' });
  expect(idps.second.counts.discovery).toBe(discovery);
});

test('one that dies while the person comes back, or was never reached, gives a page with a way back', async () => {
  const there = await browser.submitForm(
    await browser.get(begin().url),
    { email: secondPerson.claims.email },
    { redirects: (url) => url.pathname.startsWith('/callback/') },
  );
  const before = await state();
  await idps.second.close();
  const stranger = createBrowser();
  const pages = [
    [browser, await browser.follow(there)],
    [stranger, await stranger.submitForm(await stranger.get(begin().url), { email: 'agent@down.example' })],
  ] as const;
  for (const [from, page] of pages) {
    expectRefusalPage(page, { status: 502, code: 'M-UPST-001' });
    const back = await from.click(page, 'Docs', { redirects: untilTool(docs) });
    expect(toolAnswer(back.location)).toMatchObject({
      error: 'temporarily_unavailable',
      description: 'M-UPST-001',
    });
    expect((await silently(from, idps.world.issuer, docs)).error).toBe('login_required');
  }
  expect(await state()).toEqual(before);
  await stranger.close();
});
