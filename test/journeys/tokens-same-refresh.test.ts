/**
 * Refreshes of one token at once, and for ten seconds after (docs/adr/0007-same-refresh-answer.md; RFC 9700 §4.14.2,
 * Hydra #3604): one answer for all, one family, and no way around rotation.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { demoAnd } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { expectDead, expectGrantRefused, refresh, revoke, tokensFor } from '../replay/support/granted.ts';
import { tokensOf, userinfo } from '../replay/support/relying-party.ts';
import type { Tokens } from '../replay/support/relying-party.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { movableTime } from './time.ts';
import { api, archive, codeForResources, redeemFor } from './tokens-support.ts';

const time = movableTime();
const tool = extraTool('lecteur');
const other = extraTool('autre');
let world: World;
let browser: Browser;
let operator: Operator;
let tokens: Tokens;

beforeAll(async () => {
  const gated = { service: 'docs', enforcement: 'gate', refresh_token: 'always' };
  const { dir, remove } = await demoAnd({
    clients: [extraClient('lecteur', gated), extraClient('autre', gated)],
    resource_servers: [api('archive', archive)],
  });
  world = await startWorld({ configDir: dir });
  await remove();
  operator = await createOperator(world);
}, startTimeout);
afterAll(() => world.close());
beforeEach(async () => {
  browser = createBrowser();
  tokens = await tokensFor(world, browser, tool);
});
afterEach(async () => {
  await operator.restore();
  await browser.close();
});

const again = (changes = {}) => refresh(world, tool, tokens.refresh_token, changes);
const alive = async (accessToken: string) => (await userinfo(world.issuer, accessToken)).status === 200;
/** Everything that was issued for the tool since it signed in. */
const refreshTokens = async () => {
  const rows = await world.broker.stores.db.selectFrom('oidc_refresh_token').select('grant_id').execute();
  return rows.length;
};

describe('a token presented again within ten seconds, by its own client', () => {
  test('gets the very answer of the first time, byte for byte, and nothing new is issued', async () => {
    const first = await again();
    const issued = await refreshTokens();
    time.pass(9);
    const second = await again();
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect(second.headers['cache-control']).toBe('no-store');
    expect(second.headers['content-type']).toContain('application/json');
    expect(await refreshTokens()).toBe(issued);
  });

  test('twenty times at once gets the same twenty times, and one family lives on', async () => {
    const before = await refreshTokens();
    const answers = await Promise.all(Array.from({ length: 20 }, () => again()));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(await refreshTokens()).toBe(before + 1);
    const given = answers.map(tokensOf).at(0);
    expect(await alive(given?.access_token ?? '')).toBe(true);
    expect((await refresh(world, tool, given?.refresh_token)).status).toBe(200);
  });

  test('after ten seconds is a replay: the family ends, the answer is gone', async () => {
    const first = tokensOf(await again());
    time.pass(11);
    expectGrantRefused(await again());
    await expectDead(world, first, tool);
  });

  test('does not prolong the grace by asking again and again', async () => {
    await again();
    for (let second = 0; second < 9; second += 3) {
      time.pass(3);
      expect((await again()).status).toBe(200);
    }
    time.pass(2);
    expectGrantRefused(await again());
  });

  test('a copy shared that way is caught as soon as the two do not act in the same ten seconds', async () => {
    const tool1 = tokensOf(await again());
    const thief = tokensOf(await again());
    expect(thief.refresh_token).toBe(tool1.refresh_token);
    const next = tokensOf(await refresh(world, tool, tool1.refresh_token));
    time.pass(11);
    expectGrantRefused(await refresh(world, tool, thief.refresh_token));
    await expectDead(world, next, tool);
  });
});

describe('no answer is shared', () => {
  test('with another client: it is refused, and the family ends', async () => {
    const first = tokensOf(await again());
    expectGrantRefused(await refresh(world, other, tokens.refresh_token));
    await expectDead(world, first, tool);
  });

  test('once the successor was used: the tool has its answer', async () => {
    const first = tokensOf(await again());
    const second = tokensOf(await refresh(world, tool, first.refresh_token));
    expectGrantRefused(await again());
    expect(await alive(second.access_token)).toBe(true);
  });

  test('for another scope', async () => {
    const first = tokensOf(await again());
    expectGrantRefused(await again({ scope: 'openid' }));
    expect(await alive(first.access_token)).toBe(true);
    expect((await refresh(world, tool, first.refresh_token)).status).toBe(200);
  });

  test('for another resource', async () => {
    const granted = await codeForResources(world, browser, tool, [archive], { prompt: 'login' });
    const { refresh_token: token } = tokensOf(await redeemFor(world, granted, archive));
    expect((await refresh(world, tool, token)).status).toBe(200);
    expectGrantRefused(await refresh(world, tool, token, { resource: archive }));
  });

  test('once the family was revoked', async () => {
    const first = tokensOf(await again());
    await revoke(world, tool, first.access_token);
    expectGrantRefused(await again());
  });

  test('once access was lost', async () => {
    await again();
    await operator.organization('130025265', { suspended_at: new Date() });
    expectGrantRefused(await again());
  });

  test('once the person signed out', async () => {
    const first = tokensOf(await again());
    const page = await browser.get(`${world.issuer}/session/end?id_token_hint=${first.id_token}`);
    await browser.submitForm(page, { logout: 'yes' });
    expectGrantRefused(await again());
  });

  test('with whoever reads the log', async () => {
    const first = tokensOf(await again());
    await again();
    expect(world.log.join('')).toContain('grant.repeated');
    for (const secret of [first.refresh_token ?? '', first.access_token, tokens.refresh_token ?? ''])
      expect(world.log.join('')).not.toContain(secret);
  });
});

test('when the first one’s answer could not be kept, it has its tokens, and the others are refused; nobody gets a 500', async () => {
  const { ephemeral } = world.broker.stores;
  const { set } = ephemeral;
  Object.assign(ephemeral, { set: () => Promise.reject(new Error('refused by the test')) });
  try {
    const first = await again();
    expect(first.status).toBe(200);
    const started = performance.now();
    expectGrantRefused(await again());
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(await alive(tokensOf(first).access_token)).toBe(true);
  } finally {
    Object.assign(ephemeral, { set });
  }
});
