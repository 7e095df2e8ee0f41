/**
 * What happens to sign-ins that are there when a right ends, whoever ended it: the process looks for rights that have
 * ended, as it does every twenty seconds. How long all of it takes is in sixty-seconds.test.ts.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startReceiver } from '../../src/logout/testing/receiver.ts';
import type { Receiver } from '../../src/logout/testing/receiver.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const approval = 'amd-fictif-docs';
const [mayors, nantes] = ['00000010900009', '21440109300015'];

let world: World;
let receiver: Receiver;
let operator: Operator;
let visitor: Visitor;
let docs: ToolClient;

beforeAll(async () => {
  receiver = await startReceiver();
  world = await startWorld();
  operator = await createOperator(world);
}, startTimeout);
afterAll(async () => {
  await world.close();
  await receiver.close();
});
beforeEach(async () => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
  await declare({});
});
afterEach(async () => {
  await operator.restore();
  await visitor.browser.close();
  await look();
});

const look = () => world.broker.registrations.watchRights();
let told = 0;
const declare = async (change: object) => {
  await operator.declare('client', 'docs', (client) => ({
    ...client,
    backchannel_logout_uri: `${receiver.origin}/docs`,
    backchannel_logout_session_required: true,
    ...change,
  }));
  told = receiver.at('/docs').length;
  await look();
};
/** `sid` of each logout token since the test began. */
const sids = () =>
  receiver
    .at('/docs')
    .slice(told)
    .map(({ token }): unknown => {
      const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      return typeof claims === 'object' && claims !== null && 'sid' in claims ? claims.sid : undefined;
    });
const settled = () =>
  expect
    .poll(
      () =>
        world.broker.stores.db
          .selectFrom('logout_delivery')
          .select('id')
          .where('delivered_at', 'is', null)
          .execute(),
      { timeout: 10_000 },
    )
    .toEqual([]);
const suspend = async () => {
  await operator.approval(approval, { status: 'suspended' });
  await look();
  await settled();
};

test('the tool is told, and what was issued is over for good; other tools of the session stay open', async () => {
  const visio = createToolClient(world, 'visio');
  const { accessToken, refreshToken, claims } = await visitor.enter(docs, people.approved);
  await visitor.enter(visio, people.approved);
  await suspend();
  expect(sids()).toEqual([claims['sid']]);
  await operator.approval(approval, { status: 'active' });
  expect((await docs.userinfo(accessToken)).status).toBe(401);
  expect(await docs.refresh(refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
  expect(await visitor.ask(visio, { prompt: 'none' })).toEqual(aCode);
  // The person is still signed in here: the tool opens again without a page.
  expect(await visitor.ask(docs, { prompt: 'none' })).toEqual(aCode);
});

test('a code that is not redeemed yet is worth nothing any more', async () => {
  await visitor.enter(docs, people.approved);
  const attempt = docs.attempt();
  const { code = '' } = docs.answer(attempt, await visitor.follow(docs, attempt));
  await suspend();
  await operator.approval(approval, { status: 'active' });
  expect(await docs.redeem(attempt, code)).toMatchObject({ status: 400, error: 'invalid_grant' });
});

test('a tool that decides by itself is told once, and reads the refusal in its tokens', async () => {
  await declare({ enforcement: 'claims' });
  const { accessToken, claims } = await visitor.enter(docs, people.approved);
  await suspend();
  await look();
  await settled();
  expect(sids()).toEqual([claims['sid']]);
  expect((await docs.userinfo(accessToken)).claims).toMatchObject({
    eligibility: { decision: 'deny', reason: 'approval_suspended' },
  });
  // Given back, then lost again: that is news.
  await operator.approval(approval, { status: 'active' });
  await look();
  await suspend();
  expect(sids()).toEqual([claims['sid'], claims['sid']]);
});

test('whoever came back for another organization in the same session stays; the former grant ends', async () => {
  const asMayor = await visitor.enter(docs, people.elected, {}, mayors);
  const asCouncillor = await visitor.enter(docs, people.elected, { prompt: 'select_organization' }, nantes);
  await suspend();
  expect(sids()).not.toContain(asMayor.claims['sid']);
  expect((await docs.userinfo(asCouncillor.accessToken)).status).toBe(200);
  await operator.approval(approval, { status: 'active' });
  expect((await docs.userinfo(asMayor.accessToken)).status).toBe(401);
});

test('an approval that the configuration no longer declares, an organization that is suspended or has ceased', async () => {
  for (const happens of [
    () => operator.withdraw(approval),
    () => operator.organization('000000109', { suspended_at: new Date() }),
    () => operator.organization('000000109', { unit_state: 'C' }),
  ]) {
    const someone = createVisitor(world);
    const { claims } = await someone.enter(docs, people.approved);
    await happens();
    await look();
    await settled();
    expect(sids().at(-1)).toBe(claims['sid']);
    await operator.restore();
    await declare({});
    await someone.browser.close();
  }
});

test('an organization of the State that is suspended, without any approval', async () => {
  const { claims } = await visitor.enter(docs, people.state);
  await operator.organization('130025265', { suspended_at: new Date() });
  await look();
  await settled();
  expect(sids()).toEqual([claims['sid']]);
});

test('an outage of a register takes nothing away for good', async () => {
  const { accessToken } = await visitor.enter(docs, people.approved);
  await operator.establishment(mayors, {
    source: 'api_sirene',
    fetched_at: new Date(Date.now() - 31 * 24 * 3600 * 1000),
  });
  await operator.approval(approval, { level: 'guest' });
  await look();
  await operator.restore();
  await declare({});
  expect((await docs.userinfo(accessToken)).status).toBe(200);
});

test('others keep what they have', async () => {
  const { accessToken, claims } = await visitor.enter(docs, people.commune);
  await suspend();
  expect(claims['sid']).toBeDefined();
  expect(sids()).not.toContain(claims['sid']);
  expect((await docs.userinfo(accessToken)).status).toBe(200);
});
