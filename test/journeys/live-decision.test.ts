import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { reasonErrorCode } from '../../src/eligibility/eligibility.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { movableTime } from './time.ts';
import { createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';
import { notYet, onlyIf, waysToLoseDocs } from './ways-to-lose-access.ts';

const time = movableTime();
let world: World;
let operator: Operator;
let visitor: Visitor;
let docs: ToolClient;

beforeAll(async () => {
  world = await startWorld();
  operator = await createOperator(world);
}, startTimeout);
afterAll(() => world.close());

beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
});
afterEach(async () => {
  await operator.restore();
  await visitor.browser.close();
});

const approval = 'amd-fictif-docs';

test('every reason is walked here, but those that nothing can give yet', () => {
  const walked = new Set([...waysToLoseDocs.map(({ reason }) => reason), ...notYet, 'session_too_old']);
  expect([...walked].sort()).toEqual(Object.keys(reasonErrorCode).sort());
});

describe.each(waysToLoseDocs)('$reason: $when', ({ reason, who = people.approved, happens, stepUp }) => {
  const change = () => happens(operator);
  const decision = stepUp === undefined ? 'deny' : 'step_up';
  const refusal = {
    error: stepUp === undefined ? 'access_denied' : 'unmet_authentication_requirements',
    description: reason,
  };
  const stop = { redirects: (url: URL) => docs.isCallback(url) };

  test('at the first sign-in, our page, and the tool is told when the person goes back', async () => {
    await change();
    const attempt = docs.attempt();
    const page = await visitor.identify(await visitor.follow(docs, attempt), who, stop);
    expect(page.status).toBe(403);
    expect(visitor.browser.text(page)).toContain(reasonErrorCode[reason]);
    const end = await visitor.browser.click(page, 'Revenir à', stop);
    expect(docs.answer(attempt, end)).toEqual(refusal);
  });

  test('at single sign-on, the same page; silently, the same error', async () => {
    await visitor.enter(docs, who);
    await change();
    const page = await visitor.follow(docs, docs.attempt());
    expect(page.status).toBe(403);
    expect(visitor.browser.text(page)).toContain(reasonErrorCode[reason]);
    expect(await visitor.ask(docs, { prompt: 'none' })).toEqual(refusal);
  });

  test('behind tokens already given: userinfo, introspection and refresh refuse', async () => {
    const tokens = await visitor.enter(docs, who);
    await change();
    expect(await docs.userinfo(tokens.accessToken)).toMatchObject({ status: 401, error: 'invalid_token' });
    expect(await docs.introspect(tokens.accessToken)).toEqual({ active: false });
    expect(await docs.introspect(tokens.refreshToken)).toEqual({ active: false });
    expect(await docs.refresh(tokens.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('behind a code not yet redeemed: no token', async () => {
    await visitor.enter(docs, who);
    const attempt = docs.attempt();
    const { code = '' } = docs.answer(attempt, await visitor.follow(docs, attempt));
    await change();
    expect(await docs.redeem(attempt, code)).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('a tool that enforces by itself is told, on every path', async () => {
    await operator.declare('client', 'docs', (client) => ({ ...client, enforcement: 'claims' }));
    const told = async (accessToken: string) => {
      const { status, claims } = await docs.userinfo(accessToken);
      expect(status).toBe(200);
      expect(claims).toMatchObject({ eligibility: { decision, reason }, entitlements: [], guest: false });
    };
    const before = await visitor.enter(docs, who);
    expect((await docs.userinfo(before.accessToken)).claims).toMatchObject({
      eligibility: { decision: 'allow' },
    });
    await change();
    await told(before.accessToken);
    const refreshed = await docs.refresh(before.refreshToken);
    await told(refreshed.access_token ?? '');
    const attempt = docs.attempt({ prompt: 'none' });
    const silent = await docs.tokens(attempt, docs.answer(attempt, await visitor.follow(docs, attempt)));
    await told(silent.accessToken);
    const other = createVisitor(world);
    await told((await other.enter(docs, who)).accessToken);
    await other.browser.close();
  });
});

describe('the other way round', () => {
  test('an approval given while the refusal is shown: loading the page again opens the tool', async () => {
    const page = await visitor.signIn('docs', people.association);
    expect(page.status).toBe(403);
    await operator.approve({ id: 'asso-docs', siren: '000000406', service_id: 'docs' });
    const end = await visitor.browser.get(page.url);
    expect(end.url).toBe(`${world.tools}/docs/`);
    expect((await visitor.session('docs')).userinfo).toMatchObject({
      siret: '00000040600009',
      eligibility: { decision: 'allow', basis: 'approval' },
    });
  });

  test('a suspension that is lifted gives the tokens back: nothing was revoked', async () => {
    const { accessToken, refreshToken } = await visitor.enter(docs, people.approved);
    await operator.approval(approval, { status: 'suspended' });
    expect((await docs.userinfo(accessToken)).status).toBe(401);
    expect((await docs.refresh(refreshToken)).status).toBe(400);
    await operator.approval(approval, { status: 'active' });
    expect((await docs.userinfo(accessToken)).status).toBe(200);
    expect((await docs.refresh(refreshToken)).status).toBe(200);
  });

  test('a refusal changes nothing for another tool that is open', async () => {
    const visio = createToolClient(world, 'visio');
    const { accessToken } = await visitor.enter(visio, people.approved);
    await operator.withdraw(approval);
    expect((await visio.userinfo(accessToken)).claims).toMatchObject({
      eligibility: { decision: 'allow', basis: 'open' },
    });
  });
});

describe('a sign-in that is too old for the policy', () => {
  beforeEach(() => onlyIf(operator, { 'auth.age_s': { lt: 60 } }));

  test('opens the tool when it is fresh, for as long as it is', async () => {
    const { accessToken, refreshToken, expiresIn } = await visitor.enter(docs, people.approved);
    expect(expiresIn).toBeLessThanOrEqual(60);
    time.pass(61);
    expect((await docs.userinfo(accessToken)).status).toBe(401);
    expect(await docs.refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await visitor.ask(docs, { prompt: 'none' })).toEqual({
      error: 'unmet_authentication_requirements',
      description: 'session_too_old',
    });
  });

  test('then the identity provider is asked again at once, without a page of ours', async () => {
    const first = await visitor.enter(docs, people.approved);
    time.pass(61);
    const attempt = docs.attempt();
    const page = await visitor.follow(docs, attempt);
    expect(page.url).toContain(`${world.idp}/interaction/`);
    const end = await visitor.identify(page, people.approved, { redirects: docs.isCallback });
    const again = await docs.tokens(attempt, docs.answer(attempt, end));
    expect(Number(again.claims['auth_time'])).toBeGreaterThan(Number(first.claims['auth_time']) + 60);
  });
});

describe('no token outlives the decision behind it', () => {
  /** A quarter to midnight in Paris, on the last day of the approval. */
  const quarterToMidnight = '2027-12-31T22:45:00Z';
  const midnight = new Date('2027-12-31T23:00:00Z');

  beforeEach(async () => {
    time.goTo(quarterToMidnight);
    await operator.approval(approval, { ends_on: '2027-12-31' });
  });

  test('access token, ID token and refresh token end with valid_until', async () => {
    const { accessToken, idToken, claims, expiresIn, refreshToken } = await visitor.enter(
      docs,
      people.approved,
      {
        scope: 'openid eligibility offline_access',
        prompt: 'consent',
      },
    );
    expect((await docs.userinfo(accessToken)).claims).toMatchObject({
      eligibility: { valid_until: midnight.getTime() / 1000 },
    });
    expect(expiresIn).toBeLessThanOrEqual(900);
    expect(expiresIn).toBeGreaterThan(800);
    expect(Number(claims['exp'])).toBeLessThanOrEqual(midnight.getTime() / 1000);
    expect(idToken).not.toBe('');
    const { expires_at: expiresAt } = await world.broker.stores.db
      .selectFrom('oidc_refresh_token')
      .select('expires_at')
      .orderBy('expires_at', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    // The store keeps a token for as long as the library tolerates between clocks: 15 s.
    expect(expiresAt.getTime()).toBeLessThanOrEqual(midnight.getTime() + 15_000);
    expect((await docs.refresh(refreshToken)).expires_in).toBeLessThanOrEqual(900);
  });

  test('at midnight the door is closed on every path', async () => {
    const { accessToken, refreshToken } = await visitor.enter(docs, people.approved);
    time.pass(900);
    expect((await docs.userinfo(accessToken)).status).toBe(401);
    expect(await docs.refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await visitor.ask(docs, { prompt: 'none' })).toEqual({
      error: 'access_denied',
      description: 'approval_expired',
    });
  });
});

describe('where the policy lets a right go on for two days', () => {
  test('people enter as guests from midnight on, and the tools read until when; then the door is closed', async () => {
    await operator.declare('policy', 'docs@1', (document) => ({
      ...document,
      rules: z
        .array(z.looseObject({ basis: z.string() }))
        .parse(document['rules'])
        .map((rule) =>
          rule.basis === 'approval'
            ? { ...rule, grace: { days: 2, level: 'guest', entitlements: ['use'] } }
            : rule,
        ),
    }));
    time.goTo('2028-02-29T22:59:00Z');
    await operator.approval(approval, { ends_on: '2028-02-29' });
    // A day that is moved back is an end that somebody decided: here it stands for one that was always that.
    await operator.approval(approval, { lapses: true });
    const scope = 'openid eligibility entitlements';
    const { accessToken, refreshToken } = await visitor.enter(docs, people.approved, { scope });
    expect((await docs.userinfo(accessToken)).claims).toMatchObject({ eligibility: { level: 'member' } });
    time.pass(61);
    // What was given to a member ends with the approval; nobody has to sign in again to go on as a guest.
    expect((await docs.refresh(refreshToken)).status).toBe(400);
    const attempt = docs.attempt({ prompt: 'none', scope });
    const after = await docs.tokens(attempt, docs.answer(attempt, await visitor.follow(docs, attempt)));
    expect((await docs.userinfo(after.accessToken)).claims).toMatchObject({
      eligibility: {
        decision: 'allow',
        level: 'guest',
        basis: 'approval',
        valid_until: Date.parse('2028-03-02T23:00:00Z') / 1000,
      },
      guest: true,
    });
    // Suspended meanwhile, nothing goes on.
    await operator.approval(approval, { status: 'suspended' });
    time.pass(31);
    expect(await visitor.ask(docs, { prompt: 'none' })).toMatchObject({ description: 'approval_expired' });
    await operator.approval(approval, { status: 'active', lapses: true });
    time.goTo('2028-03-02T22:59:00Z');
    const last = createVisitor(world);
    const { expiresIn, refreshToken: ending } = await last.enter(docs, people.approved);
    expect(expiresIn).toBeLessThanOrEqual(60);
    time.pass(61);
    expect(await docs.refresh(ending)).toMatchObject({ status: 400, error: 'invalid_grant' });
    const page = await last.follow(docs, docs.attempt());
    expect(page.status).toBe(403);
    expect(last.browser.text(page)).toContain(reasonErrorCode.approval_expired);
    await last.browser.close();
  });
});

describe('an identity provider that is disabled', () => {
  const enabled = (value: boolean) =>
    operator.declare('identity_provider', 'demo', (idp) => ({ ...idp, enabled: value }));

  test('takes its people’s access with it: userinfo, introspection and refresh refuse; signing on asks again', async () => {
    const { accessToken, refreshToken } = await visitor.enter(docs, people.state);
    await enabled(false);
    expect(await docs.userinfo(accessToken)).toMatchObject({ status: 401, error: 'invalid_token' });
    expect(await docs.introspect(accessToken)).toEqual({ active: false });
    expect(await docs.refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await visitor.ask(docs, { prompt: 'none' })).toMatchObject({ error: 'login_required' });
    const page = await visitor.follow(docs, docs.attempt());
    expect(page.body).toContain('name="email"');
    const closed = await visitor.browser.submitForm(page, { email: people.state });
    expect(closed.status).toBe(403);
    expect(closed.body).toContain('M-UPST-014');
    expect(closed.url.startsWith(world.issuer)).toBe(true);
  });

  test('also for a tool that enforces by itself: nobody stands for the identity any more', async () => {
    const visio = createToolClient(world, 'visio');
    const { accessToken } = await visitor.enter(visio, people.state);
    await enabled(false);
    expect((await visio.userinfo(accessToken)).status).toBe(401);
  });

  test('enabled again, tokens serve again', async () => {
    const { accessToken } = await visitor.enter(docs, people.state);
    await enabled(false);
    await enabled(true);
    expect((await docs.userinfo(accessToken)).status).toBe(200);
  });
});

test('a database that does not answer is never a yes', async () => {
  const { accessToken, refreshToken } = await visitor.enter(docs, people.approved);
  const { db } = world.broker.stores;
  await sql`alter table approval rename to approval_away`.execute(db);
  try {
    const page = await visitor.follow(docs, docs.attempt());
    expect(page.status).toBe(500);
    expect(visitor.browser.text(page)).toContain('M-HTTP-001');
    expect((await docs.userinfo(accessToken)).status).toBe(500);
    expect(await docs.refresh(refreshToken)).toMatchObject({ status: 500, error: 'server_error' });
  } finally {
    await sql`alter table approval_away rename to approval`.execute(db);
  }
  expect((await docs.userinfo(accessToken)).status).toBe(200);
});
