/**
 * The sixty-second promise, with two processes on one PostgreSQL and one Redis, each with the memory that it has in
 * production: a right that ends anywhere (an act in the other process; a row that another program changes) is over
 * everywhere, for new sign-ins, refresh, userinfo and introspection, and the tool is told.
 */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBroker } from '../../src/broker.ts';
import type { Broker } from '../../src/broker.ts';
import { startReceiver } from '../../src/logout/testing/receiver.ts';
import type { Receiver } from '../../src/logout/testing/receiver.ts';
import { applicantOf, createDesk, operatorCalled, reasons } from '../../src/registrations/testing/room.ts';
import { freePort, startPostgres, startRedis } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import { createVisitor, people } from './visitor.ts';
import type { Email, Visitor } from './visitor.ts';

const suite = 'The sixty-second promise, on PostgreSQL and Redis';
const postgres = await startPostgres(suite);
const redis = await startRedis(suite);
afterAll(async () => {
  await postgres?.stop();
  await redis?.stop();
});

const promised = 60_000;

describe.skipIf(postgres === undefined || redis === undefined)('a right that has ended', () => {
  let world: World;
  let other: Broker;
  let receiver: Receiver;
  let docs: ToolClient;
  let otherPort = 0;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    if (postgres === undefined || redis === undefined) return;
    receiver = await startReceiver();
    world = await startWorld({
      databaseUrl: await postgres.createDatabase(),
      redisUrl: redis.url,
      factsTtlMs: 30_000,
      rightsEveryMs: 20_000,
    });
    const operator = await createOperator(world);
    await operator.declare('client', 'docs', (client) => ({
      ...client,
      backchannel_logout_uri: `${receiver.origin}/docs`,
      backchannel_logout_session_required: true,
    }));
    otherPort = await freePort();
    other = await startBroker({
      config: { ...world.config, port: otherPort },
      logger: pino({ level: 'silent' }),
      clock: () => new Date(),
    });
    docs = createToolClient(world, 'docs');
  }, startTimeout);
  afterAll(async () => {
    await Promise.all(visitors.map(({ browser }) => browser.close()));
    await other.close();
    await world.close();
    await receiver.close();
  });

  /** Status of userinfo at the other process: same address as everybody knows it by, another port behind it. */
  const userinfoElsewhere = (accessToken: string, port: number) =>
    new Promise<number>((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          path: '/userinfo',
          headers: { host: new URL(world.issuer).host, authorization: `Bearer ${accessToken}` },
        },
        (response) => void text(response).then(() => resolve(response.statusCode ?? 0), reject),
      );
      asked.on('error', reject);
      asked.end();
    });

  interface Watched {
    readonly visitor: Visitor;
    readonly accessToken: string;
    refreshToken: string;
    readonly sid: string;
    /** Given while a process still remembered that access was allowed. */
    readonly late: string[];
  }

  async function enter(email: Email): Promise<Watched> {
    const visitor = createVisitor(world);
    visitors.push(visitor);
    const { accessToken, refreshToken, idToken } = await visitor.enter(docs, email);
    const claims: unknown = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString());
    const sid = typeof claims === 'object' && claims !== null && 'sid' in claims ? String(claims.sid) : '';
    // Each process remembers that access is allowed.
    expect((await docs.userinfo(accessToken)).status).toBe(200);
    return { visitor, accessToken, refreshToken, sid, late: [] };
  }

  /** Milliseconds until each of the ways is closed. */
  async function untilOver(watched: Watched, since: number): Promise<Record<string, number>> {
    const closed: Record<string, number> = {};
    const ways: Record<string, () => Promise<boolean>> = {
      userinfo: async () => (await docs.userinfo(watched.accessToken)).status === 401,
      'userinfo, other process': async () =>
        (await userinfoElsewhere(watched.accessToken, otherPort)) === 401,
      introspection: async () => (await docs.introspect(watched.accessToken))['active'] === false,
      refresh: async () => {
        const answer = await docs.refresh(watched.refreshToken);
        if (answer.status !== 200) return answer.error === 'invalid_grant';
        watched.refreshToken = answer.refresh_token ?? watched.refreshToken;
        return false;
      },
      'new sign-in': async () => {
        const attempt = docs.attempt({ prompt: 'none' });
        const answer = docs.answer(attempt, await watched.visitor.follow(docs, attempt));
        if (answer.code !== undefined) {
          const redeemed = await docs.redeem(attempt, answer.code);
          if (redeemed.access_token !== undefined) watched.late.push(redeemed.access_token);
        }
        return answer.error === 'access_denied' && answer.description === 'approval_suspended';
      },
      'tool told': async () => toldSids().includes(watched.sid),
    };
    while (Object.keys(closed).length < Object.keys(ways).length && Date.now() - since < promised + 10_000) {
      for (const [name, isClosed] of Object.entries(ways)) {
        if (closed[name] === undefined && (await isClosed())) closed[name] = Date.now() - since;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return closed;
  }

  const toldSids = (): readonly string[] =>
    receiver.at('/docs').map(({ token }) => {
      const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      return typeof claims === 'object' && claims !== null && 'sid' in claims ? String(claims.sid) : '';
    });

  test('is over within sixty seconds, whoever ended it', { timeout: 180_000 }, async () => {
    const desk = createDesk(other.registrations, () => new Date());
    const applicant = applicantOf('Ada');
    const anne = operatorCalled('anne');
    const id = await desk.draft(applicant);
    await desk.submit(id, applicant);
    await desk.act(id, anne, { act: 'take' });
    await desk.act(id, anne, { act: 'approve', service: 'docs', terms: desk.terms(), text: 'Accordé.' });

    const [byAct, byRow] = [await enter(people.association), await enter(people.approved)];
    for (const { accessToken } of [byAct, byRow]) {
      expect(await userinfoElsewhere(accessToken, otherPort)).toBe(200);
    }

    const since = Date.now();
    await desk.act(id, operatorCalled('bruno'), { act: 'suspend_urgently', service: 'docs', ...reasons });
    await world.broker.stores.db
      .updateTable('approval')
      .set({ status: 'suspended', updated_at: new Date() })
      .where('id', '=', 'amd-fictif-docs')
      .execute();
    const [act, row] = await Promise.all([untilOver(byAct, since), untilOver(byRow, since)]);
    const seconds = (times: Record<string, number>) =>
      Object.entries(times)
        .map(([way, ms]) => `${way} ${(ms / 1000).toFixed(1)} s`)
        .join(', ');
    process.stdout.write(
      `Suspended by an act in the other process: ${seconds(act)}.\nSuspended by another program: ${seconds(row)}.\n`,
    );
    for (const accessToken of [...byAct.late, ...byRow.late]) {
      expect((await docs.userinfo(accessToken)).status).toBe(401);
    }
    for (const times of [act, row]) {
      expect(Object.keys(times).sort()).toEqual([
        'introspection',
        'new sign-in',
        'refresh',
        'tool told',
        'userinfo',
        'userinfo, other process',
      ]);
      for (const [way, ms] of Object.entries(times)) expect(ms, way).toBeLessThan(promised);
    }
  });
});
