/**
 * The sixty-second promise, with two processes on one PostgreSQL and one Redis, each with the memory that it has in
 * production: a right that ends anywhere (an act in the other process; a row that another program changes) is over
 * everywhere, for new sign-ins, refresh, userinfo and introspection, and the tool is told. An approval that is suspended, a
 * membership that is taken away with the guests of whoever had it, an invitation. And what is declared, an identity provider that
 * is closed, which every process knows within five seconds.
 */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startBroker } from '../../src/broker.ts';
import type { Broker } from '../../src/broker.ts';
import { parisDate } from '../../src/eligibility/eligibility.ts';
import { startReceiver } from '../../src/logout/testing/receiver.ts';
import type { Receiver } from '../../src/logout/testing/receiver.ts';
import { applicantOf, createDesk, operatorCalled, reasons } from '../../src/registrations/testing/room.ts';
import { noLimits } from '../support/no-limits.ts';
import { freePort, startPostgres, startRedis } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createOperator } from './operator.ts';
import type { Operator } from './operator.ts';
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
/** Of what is declared. */
const declaredWithin = 5_000;

describe.skipIf(postgres === undefined || redis === undefined)('a right that has ended', () => {
  let world: World;
  let operator: Operator;
  let other: Broker;
  let receiver: Receiver;
  let docs: ToolClient;
  let tchap: ToolClient;
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
    operator = await createOperator(world);
    for (const id of ['docs', 'tchap'])
      await operator.declare('client', id, (client) => ({
        ...client,
        backchannel_logout_uri: `${receiver.origin}/${id}`,
        backchannel_logout_session_required: true,
      }));
    otherPort = await freePort();
    other = await startBroker({
      config: { ...world.config, port: otherPort },
      logger: pino({ level: 'silent' }),
      clock: () => new Date(),
      limits: noLimits,
    });
    docs = createToolClient(world, 'docs');
    tchap = createToolClient(world, 'tchap');
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

  /** What a tool that asks silently is told by the other process, of somebody unknown who would sign in at the provider. */
  const silentlyElsewhere = () =>
    new Promise<string>((resolve, reject) => {
      const { pathname, search } = new URL(docs.attempt({ prompt: 'none', idp_hint: 'demo' }).url);
      const headers = { host: new URL(world.issuer).host };
      const path = `${pathname}${search}`;
      const asked = request({ host: '127.0.0.1', port: otherPort, path, headers }, (response) => {
        response.resume();
        const { location } = response.headers;
        resolve(location === undefined ? '' : (new URL(location).searchParams.get('error') ?? ''));
      });
      asked.on('error', reject);
      asked.end();
    });

  interface Watched {
    readonly tool: ToolClient;
    /** Of a new sign-in; not asked of a guest, who may have other rights to be told of. */
    readonly reason: string | undefined;
    readonly visitor: Visitor;
    readonly accessToken: string;
    refreshToken: string;
    readonly sid: string;
    /** Given while a process still remembered that access was allowed. */
    readonly late: string[];
  }

  async function enter(email: Email, tool: ToolClient, reason?: string): Promise<Watched> {
    const visitor = createVisitor(world);
    visitors.push(visitor);
    const { accessToken, refreshToken, idToken } = await visitor.enter(tool, email);
    const claims: unknown = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString());
    const sid = typeof claims === 'object' && claims !== null && 'sid' in claims ? String(claims.sid) : '';
    // Each process remembers that access is allowed.
    expect((await tool.userinfo(accessToken)).status).toBe(200);
    expect(await userinfoElsewhere(accessToken, otherPort)).toBe(200);
    return { tool, reason, visitor, accessToken, refreshToken, sid, late: [] };
  }

  /** Milliseconds until each of the ways is closed. */
  async function untilOver(watched: Watched, since: number): Promise<Record<string, number>> {
    const closed: Record<string, number> = {};
    const { tool, reason } = watched;
    const ways: Record<string, () => Promise<boolean>> = {
      userinfo: async () => (await tool.userinfo(watched.accessToken)).status === 401,
      'userinfo, other process': async () =>
        (await userinfoElsewhere(watched.accessToken, otherPort)) === 401,
      introspection: async () => (await tool.introspect(watched.accessToken))['active'] === false,
      refresh: async () => {
        const answer = await tool.refresh(watched.refreshToken);
        if (answer.status !== 200) return answer.error === 'invalid_grant';
        watched.refreshToken = answer.refresh_token ?? watched.refreshToken;
        return false;
      },
      'new sign-in': async () => {
        const attempt = tool.attempt({ prompt: 'none' });
        const answer = tool.answer(attempt, await watched.visitor.follow(tool, attempt));
        if (answer.code !== undefined) {
          const redeemed = await tool.redeem(attempt, answer.code);
          if (redeemed.access_token !== undefined) watched.late.push(redeemed.access_token);
        }
        return answer.error === 'access_denied' && (reason === undefined || answer.description === reason);
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
    ['/docs', '/tchap']
      .flatMap((path) => receiver.at(path))
      .map(({ token }) => {
        const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
        return typeof claims === 'object' && claims !== null && 'sid' in claims ? String(claims.sid) : '';
      });

  const memberOf = (email: Email) =>
    world.broker.stores.db
      .selectFrom('membership')
      .select(['id', 'account_id'])
      .where('email', '=', email)
      .orderBy('siren', 'desc')
      .executeTakeFirstOrThrow();

  /** Somebody who has signed in invites somebody to Tchap, who enters. */
  async function guestOf(sponsor: Email, address: Email): Promise<Watched> {
    const invited = await world.broker.inviting.invite(
      {
        accountId: (await memberOf(sponsor)).account_id,
        ...{ givenName: 'Yann', usualName: 'Bihan-Morel', email: sponsor },
      },
      { address, service: 'tchap', reason: 'Préparer les réunions.', endsOn: parisDate(inAMonth()) },
      [{ service: 'tchap', siret: '21440109300015', organization: 'Commune de Nantes' }],
    );
    expect(invited.kind).toBe('done');
    return enter(address, tchap);
  }
  const inAMonth = () => new Date(Date.now() + 30 * 86_400_000);

  test('that a declaration closes is closed in every process within five seconds, and opens again', async () => {
    for (const [enabled, answer] of [
      [false, 'temporarily_unavailable'],
      [true, 'login_required'],
    ] as const) {
      expect(await silentlyElsewhere()).not.toBe(answer);
      await operator.declare('identity_provider', 'demo', (idp) => ({ ...idp, enabled }));
      const since = Date.now();
      await vi.waitFor(async () => expect(await silentlyElsewhere()).toBe(answer), {
        timeout: declaredWithin,
        interval: 100,
      });
      process.stdout.write(`Identity provider, enabled ${String(enabled)}: ${Date.now() - since} ms.\n`);
    }
  });

  test('is over within sixty seconds, whoever ended it', { timeout: 180_000 }, async () => {
    const { db } = world.broker.stores;
    const desk = createDesk(other.registrations, () => new Date());
    const applicant = applicantOf('Ada');
    const anne = operatorCalled('anne');
    const id = await desk.draft(applicant);
    await desk.submit(id, applicant);
    await desk.act(id, anne, { act: 'take' });
    await desk.act(id, anne, { act: 'approve', service: 'docs', terms: desk.terms(), text: 'Accordé.' });

    // Guests first: each process remembers for a while that an address has no invitation.
    const watched = {
      'Membership taken away in the other process': await enter(
        people.commune,
        docs,
        'membership_not_verified',
      ),
      'Guest of that member': await guestOf(people.commune, people.approved),
      'Invitation ended by another program': await guestOf(people.approved, people.association),
      'Membership taken away by another program': await enter(people.state, docs, 'membership_not_verified'),
      'Approval suspended in the other process': await enter(people.association, docs, 'approval_suspended'),
      'Approval suspended by another program': await enter(people.approved, docs, 'approval_suspended'),
    };

    const since = Date.now();
    await Promise.all([
      desk.act(id, operatorCalled('bruno'), { act: 'suspend_urgently', service: 'docs', ...reasons }),
      other.members.change({
        act: 'revoke',
        id: (await memberOf(people.commune)).id,
        siren: '214401093',
        actor: operatorCalled('bruno'),
        seen: 0,
        reason: 'A quitté la commune.',
      }),
      db
        .updateTable('approval')
        .set({ status: 'suspended', updated_at: new Date() })
        .where('id', '=', 'amd-fictif-docs')
        .execute(),
      db
        .updateTable('membership')
        .set({ revoked_at: new Date(), revoked_by: 'operator:bruno' })
        .where('email', '=', people.state)
        .execute(),
      db
        .updateTable('invitation')
        .set({ revoked_at: new Date(), revoked_by: 'operator:bruno' })
        .where('address', '=', people.association)
        .execute(),
    ]);
    const measured = await Promise.all(
      Object.entries(watched).map(async ([what, one]) => [what, await untilOver(one, since), one] as const),
    );
    const seconds = (times: Record<string, number>) =>
      Object.entries(times)
        .map(([way, ms]) => `${way} ${(ms / 1000).toFixed(1)} s`)
        .join(', ');
    process.stdout.write(measured.map(([what, times]) => `${what}: ${seconds(times)}.\n`).join(''));
    for (const [what, times, { late, tool }] of measured) {
      for (const accessToken of late)
        expect([what, (await tool.userinfo(accessToken)).status]).toEqual([what, 401]);
      expect([what, ...Object.keys(times).sort()]).toEqual([
        what,
        'introspection',
        'new sign-in',
        'refresh',
        'tool told',
        'userinfo',
        'userinfo, other process',
      ]);
      for (const [way, ms] of Object.entries(times)) expect(ms, `${what}: ${way}`).toBeLessThan(promised);
    }
  });
});
