/**
 * An identity provider says who signed out there (OpenID Connect Back-Channel Logout 1.0 §2.5 to §2.8): their sessions here
 * end, and their tools hear of it. What makes a token right or wrong is in src/upstream/logout-token.test.ts.
 */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { auditPage } from '../../src/audit/audit.ts';
import { startReceiver } from '../../src/logout/testing/receiver.ts';
import type { Receiver } from '../../src/logout/testing/receiver.ts';
import { redeclare } from '../replay/support/declarations.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import {
  authorizationRequest,
  claimsOf,
  postForm,
  redeem,
  send,
  silently,
  toolAnswer,
  tokensOf,
  untilTool,
  userinfo,
} from '../replay/support/relying-party.ts';
import { secondPerson, secondRecord, startTwoIdps } from '../replay/support/second-idp.ts';
import type { TwoIdps } from '../replay/support/second-idp.ts';
import { goThrough } from '../replay/support/upstream-visit.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import { backends, startTimeout } from './each-backend.ts';
import { createVisitor, people } from './visitor.ts';

const tools = ['agenda', 'wiki'] as const;
type ToolId = (typeof tools)[number];

const suite = 'Signed out by an identity provider';
describe.each(await backends(suite))(`${suite}, on %s`, (_name, options) => {
  let idps: TwoIdps;
  let receiver: Receiver;
  let browsers: Browser[] = [];
  let sub = '';
  let number = 0;

  const declared = (changes: Readonly<Record<string, unknown>> = {}) => ({
    clients: tools.map((id) => extraClient(id, { backchannel_logout_uri: `${receiver.origin}/${id}` })),
    identity_providers: [
      secondRecord(idps.second.issuer, { back_channel_logout: true, ...changes }),
      secondRecord(idps.second.issuer, {
        id: 'third',
        domains: ['third.example'],
        back_channel_logout: true,
      }),
      secondRecord(idps.second.issuer, { id: 'mute', domains: ['mute.example'] }),
    ],
  });

  beforeAll(async () => {
    receiver = await startReceiver();
    idps = await startTwoIdps([], await options());
    await redeclare(idps.world, declared());
  }, startTimeout);
  afterAll(async () => {
    await idps.close();
    await receiver.close();
  });
  beforeEach(() => {
    sub = `agent-${String((number += 1))}`;
  });
  afterEach(async () => {
    await Promise.all(browsers.splice(0).map((each) => each.close()));
    browsers = [];
    idps.second.restore();
  });

  const issuer = () => idps.world.issuer;

  /** A browser in which somebody signed in through the second provider, in a session of theirs there, and a tool open in it. */
  async function enter(
    sid: string | undefined,
    {
      tool = 'agenda',
      idp = 'second',
      as = sub,
      browser = newBrowser(),
    }: {
      readonly tool?: ToolId;
      readonly idp?: string;
      readonly as?: string;
      readonly browser?: Browser;
    } = {},
  ) {
    const email = `agent@${idp}.example`;
    idps.second.become({ sub: as, claims: { ...secondPerson.claims, email } });
    idps.second.mutate({ idToken: (claims) => ({ ...claims, ...(sid === undefined ? {} : { sid }) }) });
    const attempt = authorizationRequest(issuer(), extraTool(tool));
    const page = await goThrough(browser, attempt, email);
    const tokens = tokensOf(await redeem(issuer(), attempt, toolAnswer(page.location).code ?? ''));
    return {
      browser,
      sid: claimsOf(tokens.id_token)['sid'],
      isSignedIn: async () => (await silently(browser, issuer(), extraTool(tool))).code !== undefined,
      isTokenAlive: async () => (await userinfo(issuer(), tokens.access_token)).status === 200,
    };
  }

  /** Another tool in the same browser: nothing is asked. */
  async function alsoOpen(browser: Browser, tool: ToolId) {
    const attempt = authorizationRequest(issuer(), extraTool(tool));
    const { location } = await browser.get(attempt.url, { redirects: untilTool(attempt.tool) });
    return claimsOf(tokensOf(await redeem(issuer(), attempt, toolAnswer(location).code ?? '')).id_token);
  }

  function newBrowser(): Browser {
    const browser = createBrowser();
    browsers.push(browser);
    return browser;
  }

  const post = (token: string, idp = 'second') =>
    postForm(`${issuer()}/backchannel-logout/${idp}`, { logout_token: token });
  const announce = async (claims: Readonly<Record<string, unknown>>, idp = 'second') =>
    post(await idps.second.logoutToken(claims), idp);
  const toldSids = (tool: ToolId) => receiver.at(`/${tool}`).map(({ token }) => claimsOf(token)['sid']);
  const both = async (session: Awaited<ReturnType<typeof enter>>) => [
    await session.isSignedIn(),
    await session.isTokenAlive(),
  ];
  const alive = [true, true];
  const ended = [false, false];

  describe('a person', () => {
    test('every session that they began with this provider ends, its tokens too, and both tools hear of it', async () => {
      const one = await enter('there-1');
      const other = await enter('there-2', { tool: 'wiki' });
      const wiki = await alsoOpen(one.browser, 'wiki');
      const someone = await enter('there-3', { as: `${sub}-else` });
      const answer = await announce({ sub });
      // Not soon: when the answer comes, it is done.
      expect(answer).toMatchObject({ status: 200, body: '' });
      expect(answer.headers['cache-control']).toBe('no-store');
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(await both(one)).toEqual(ended);
      expect(await both(other)).toEqual(ended);
      expect(await both(someone)).toEqual(alive);
      await vi.waitFor(() => {
        expect(toldSids('agenda')).toContain(one.sid);
        expect(toldSids('wiki')).toEqual(expect.arrayContaining([wiki['sid'], other.sid]));
      }, 5_000);
      expect(toldSids('agenda')).not.toContain(someone.sid);
    });

    test('signs in again later as if nothing had been', async () => {
      const { browser, isSignedIn } = await enter('there-1');
      await announce({ sub });
      expect(await isSignedIn()).toBe(false);
      expect(await both(await enter('there-2', { browser }))).toEqual(alive);
    });

    test('what they opened with another provider goes on', async () => {
      const visitor = createVisitor(idps.world);
      browsers.push(visitor.browser);
      const docs = createToolClient(idps.world, 'docs');
      const { accessToken } = await visitor.enter(docs, people.state);
      const third = await enter('there-1', { idp: 'third' });
      const second = await enter('there-1');
      await announce({ sub });
      expect(await both(second)).toEqual(ended);
      expect(await both(third)).toEqual(alive);
      expect((await docs.userinfo(accessToken)).status).toBe(200);
    });

    test('is signed out by a provider that is disabled too: nobody signs in there, and ending is always safe', async () => {
      const session = await enter('there-1');
      await redeclare(idps.world, declared({ enabled: false }));
      expect((await announce({ sub })).status).toBe(200);
      await redeclare(idps.world, declared());
      expect(await both(session)).toEqual(ended);
    });

    test('who is not signed in, or was never seen, is answered alike', async () => {
      await enter('there-1');
      await announce({ sub });
      const answers = [
        await announce({ sub }),
        await announce({ sub: 'nobody' }),
        await announce({ sid: 'none' }),
      ];
      for (const { status, body } of answers) expect([status, body]).toEqual([200, '']);
    });
  });

  describe('a sign-in that is under way', () => {
    /** As far as the callback, which has answered, and whose way on the browser has not taken yet. */
    async function halfway(sid: string) {
      const browser = newBrowser();
      idps.second.become({ sub, claims: { ...secondPerson.claims, email: 'agent@second.example' } });
      idps.second.mutate({ idToken: (claims) => ({ ...claims, sid }) });
      const attempt = authorizationRequest(issuer(), extraTool('agenda'));
      const sent = await goThrough(browser, attempt, 'agent@second.example', (url) =>
        url.pathname.startsWith('/callback/'),
      );
      const resume = await browser.get(sent.location ?? '', { redirects: 'manual' });
      expect(resume.status).toBe(303);
      const goOn = () => browser.follow(resume, { redirects: untilTool(attempt.tool) });
      return { browser, attempt, goOn };
    }

    test.each([
      ['the person', () => ({ sub })],
      ['the session', () => ({ sid: `${sub}-1` })],
      ['both', () => ({ sid: `${sub}-1`, sub })],
    ])('does not survive a logout of %s: it is asked for again', async (_what, claims) => {
      const { browser, attempt, goOn } = await halfway(`${sub}-1`);
      expect((await announce(claims())).status).toBe(200);
      const page = await goOn();
      expect(page.location === undefined ? undefined : toolAnswer(page.location).code).toBeUndefined();
      expect(page.url).toContain('/interaction/');
      expect((await silently(browser, issuer(), attempt.tool)).error).toBe('login_required');
      // Begun after it, it is another one.
      const end = await browser.submitForm(
        await browser.get(authorizationRequest(issuer(), attempt.tool).url),
        { email: 'agent@second.example' },
        { redirects: untilTool(attempt.tool) },
      );
      expect(toolAnswer(end.location).code).toBeDefined();
    });

    test.each([
      ['somebody else', () => ({ sub: `${sub}-else` })],
      ['another session', () => ({ sid: `${sub}-2` })],
      ['this session, in the name of somebody else', () => ({ sid: `${sub}-1`, sub: `${sub}-else` })],
    ])('goes on after a logout of %s', async (_what, claims) => {
      const { goOn } = await halfway(`${sub}-1`);
      await announce(claims());
      expect(toolAnswer((await goOn()).location).code).toBeDefined();
    });
  });

  describe('a session of theirs there', () => {
    test.each([
      ['named alone', () => ({ sid: `${sub}-1` })],
      ['named with the person', () => ({ sid: `${sub}-1`, sub })],
    ])('%s: what began in it ends, and nothing else', async (_what, claims) => {
      const one = await enter(`${sub}-1`);
      const same = await enter(`${sub}-1`, { tool: 'wiki' });
      const other = await enter(`${sub}-2`);
      const unknown = await enter(undefined);
      expect((await announce(claims())).status).toBe(200);
      expect(await both(one)).toEqual(ended);
      expect(await both(same)).toEqual(ended);
      expect(await both(other)).toEqual(alive);
      expect(await both(unknown)).toEqual(alive);
    });

    test('of one person is not ended in the name of another', async () => {
      const session = await enter(`${sub}-1`);
      await announce({ sid: `${sub}-1`, sub: `${sub}-else` });
      expect(await both(session)).toEqual(alive);
    });

    test('of one identity is not ended in the name of another of the same account', async () => {
      const session = await enter(`${sub}-1`);
      const { db } = idps.world.broker.stores;
      const identity = await db
        .selectFrom('identity')
        .selectAll()
        .where('subject', '=', sub)
        .executeTakeFirstOrThrow();
      await db
        .insertInto('identity')
        .values({ ...identity, subject: `${sub}-former` })
        .execute();
      await announce({ sub: `${sub}-former` });
      expect(await both(session)).toEqual(alive);
      await announce({ sub });
      expect(await both(session)).toEqual(ended);
    });

    test('of one provider is not ended by another one', async () => {
      const session = await enter(`${sub}-1`);
      await announce({ sid: `${sub}-1` }, 'third');
      expect(await both(session)).toEqual(alive);
    });

    test('counts no more once the browser has been signed in anew', async () => {
      const { browser } = await enter(`${sub}-1`);
      idps.second.mutate({ idToken: (claims) => ({ ...claims, sid: `${sub}-2` }) });
      const attempt = authorizationRequest(issuer(), extraTool('agenda'), { prompt: 'login' });
      toolAnswer((await goThrough(browser, attempt, 'agent@second.example')).location);
      const isSignedIn = async () =>
        (await silently(browser, issuer(), extraTool('agenda'))).code !== undefined;
      await announce({ sid: `${sub}-1` });
      expect(await isSignedIn()).toBe(true);
      await announce({ sid: `${sub}-2` });
      expect(await isSignedIn()).toBe(false);
    });
  });

  describe('sessions that the version before wrote', () => {
    const forgetIndex = (sid: string) =>
      idps.world.broker.stores.ephemeral.deleteIndexed(
        `idp-session:second:${createHash('sha256').update(sid).digest('base64url')}`,
      );

    test('have no index: a session that is named with its person is found, alone it is not', async () => {
      const session = await enter(`${sub}-1`);
      await forgetIndex(`${sub}-1`);
      await announce({ sid: `${sub}-1` });
      expect(await both(session)).toEqual(alive);
      await announce({ sid: `${sub}-1`, sub });
      expect(await both(session)).toEqual(ended);
    });

    test('without the ID token: the person ends them, a session of theirs does not', async () => {
      const session = await enter(`${sub}-1`);
      await withoutHints();
      await announce({ sid: `${sub}-1`, sub });
      expect(await both(session)).toEqual(alive);
      await announce({ sub });
      expect(await both(session)).toEqual(ended);
    });

    async function withoutHints(): Promise<void> {
      const { db, ephemeral } = idps.world.broker.stores;
      const { account_id: account } = await db
        .selectFrom('identity')
        .select('account_id')
        .where('subject', '=', sub)
        .executeTakeFirstOrThrow();
      for (const uid of await ephemeral.members(`signins:${account}`)) {
        const record = z.looseObject({}).parse(JSON.parse((await ephemeral.get(`signin:${uid}`)) ?? ''));
        await ephemeral.set(`signin:${uid}`, JSON.stringify({ ...record, signOutHint: undefined }), 3_600);
      }
    }
  });

  describe('refused, and nobody is signed out', () => {
    const expectRefusal = async (
      posting: Promise<Awaited<ReturnType<typeof post>>>,
      status: number,
      code: string,
    ) => {
      const answer = await posting;
      expect([answer.status, answer.json['code']]).toEqual([status, code]);
      expect(answer.headers['cache-control']).toBe('no-store');
      if (status === 400) expect(answer.json['error']).toBe('invalid_request');
      return answer;
    };

    test('a token that was used, also by fifty at once', async () => {
      const session = await enter('there-1');
      const token = await idps.second.logoutToken({ sub });
      const answers = await Promise.all(Array.from({ length: 50 }, () => post(token)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { status, json } of answers.filter((each) => each.status !== 200))
        expect([status, json['code']]).toEqual([400, 'M-UPST-045']);
      expect(await both(session)).toEqual(ended);
      const again = await enter('there-2', { browser: session.browser });
      await expectRefusal(post(token), 400, 'M-UPST-045');
      expect(await both(again)).toEqual(alive);
    });

    test('a token of another provider at this path (mix-up), and one that nobody signed', async () => {
      const session = await enter('there-1');
      const token = await idps.second.logoutToken({ sub });
      const unsigned = `${Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`;
      await expectRefusal(announce({ sub, iss: idps.world.idp }), 400, 'M-UPST-043');
      await expectRefusal(post(unsigned), 400, 'M-UPST-042');
      await expectRefusal(announce({ sub, nonce: 'n' }), 400, 'M-UPST-043');
      await expectRefusal(announce({ sub, iat: 1 }), 400, 'M-UPST-044');
      expect(await both(session)).toEqual(alive);
    });

    test('an answer to a refusal is the same for somebody and for nobody', async () => {
      await enter('there-1');
      const said = await Promise.all(
        [sub, 'nobody'].map(async (who) => {
          const { status, json } = await announce({ sub: who, nonce: 'n' });
          return [status, json['error'], json['error_description'], json['code']];
        }),
      );
      expect(said[0]).toEqual(said[1]);
    });

    test('a form without one logout_token, too long, or of another kind', async () => {
      const url = `${issuer()}/backchannel-logout/second`;
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const token = await idps.second.logoutToken({ sub });
      const bodies = [
        '',
        'logout_token',
        `logout_token=${token}&logout_token=${token}`,
        `logout_token=${'x'.repeat(20_000)}`,
      ];
      for (const body of bodies) {
        const { status } = await send(url, { method: 'POST', headers: form, body });
        expect([body.slice(0, 60), status]).toEqual([body.slice(0, 60), 400]);
      }
      const json = { 'content-type': 'application/json' };
      const answer = await send(url, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ logout_token: token }),
      });
      expect(answer.status).toBe(400);
      // §2.5: what else there is is ignored. The token was not used by the refusals before.
      const right = await send(url, { method: 'POST', headers: form, body: `logout_token=${token}&more=1` });
      expect(right.status).toBe(200);
    });

    test.each(['mute', 'demo', 'unknown', 'constructor'])(
      'by a provider whose record does not say so: %s',
      async (idp) => {
        await expectRefusal(announce({ sub }, idp), 404, 'M-HTTP-002');
      },
    );
  });

  test('the log and the record of acts know the provider, never the person', async () => {
    await enter('there-1');
    const from = idps.world.log.length;
    const token = await idps.second.logoutToken({ sub });
    await post(token);
    await post(token);
    const log = idps.world.log.slice(from).filter((line) => line.includes('"upstream.'));
    expect(log.join('\n')).toContain('"event":"upstream.logged_out","idp":"second","sessions":1');
    expect(log.join('\n')).toContain('"event":"upstream.refused","idp":"second","code":"M-UPST-045"');
    expect(log.join('\n')).not.toContain(sub);
    expect(idps.world.log.slice(from).join('\n')).not.toContain(token);
    const { entries } = await auditPage(idps.world.broker.stores.db, { limit: 100 });
    const ours = entries.filter(({ subject }) => subject === 'upstream:second');
    const acts = ours.map(({ act }) => act);
    expect(acts.filter((act) => act === 'upstream.log_out').length).toBeGreaterThan(0);
    expect(acts.filter((act) => act === 'upstream.log_out').length).toBeLessThanOrEqual(6);
    expect(JSON.stringify(ours)).not.toContain('agent-');
  });
});
