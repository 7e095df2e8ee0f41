/**
 * Who signs in, and when (OpenID Connect Core §3.1.2.1): `max_age` and `auth_time`, `id_token_hint`, a requested `sub`. The
 * second identity provider answers at once, and wrongly when told to.
 */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page } from '../support/browser-session.ts';
import type { MutatingIdp } from '../support/mutating-idp.ts';
import type { World } from '../support/world.ts';
import { extraClient, extraTool } from '../replay/support/extra-clients.ts';
import { shownCode } from '../replay/support/pages.ts';
import {
  authorizationRequest,
  demoTool,
  redeem,
  signIn,
  silently,
  toolAnswer,
  tokensOf,
  untilTool,
} from '../replay/support/relying-party.ts';
import type { Attempt, Changes, Tool, ToolAnswer } from '../replay/support/relying-party.ts';
import { secondPerson, startTwoIdps } from '../replay/support/second-idp.ts';
import type { TwoIdps } from '../replay/support/second-idp.ts';
import { goThrough } from '../replay/support/upstream-visit.ts';
import { startTimeout } from './each-backend.ts';

const watchful = extraTool('vigilant');
const agent = { email: 'agent@etat.example', sub: 'agent-etat' };
const other = {
  sub: 'other-second',
  claims: { ...secondPerson.claims, email: 'autre@second.example', given_name: 'Léo' },
};

let idps: TwoIdps;
let world: World;
let second: MutatingIdp;
let docs: Tool;
let browser: Browser;

beforeAll(async () => {
  idps = await startTwoIdps([], {
    more: {
      clients: [extraClient('vigilant', { default_max_age: 300, require_auth_time: true })],
    },
  });
  ({ world, second } = idps);
  docs = demoTool(world, 'docs');
}, startTimeout);
afterAll(() => idps.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  second.restore();
  second.become(secondPerson);
  second.forget();
  await browser.close();
});

const ask = (changes: Changes = {}, tool = docs): Attempt =>
  authorizationRequest(world.issuer, tool, changes);
const go = (attempt: Attempt): Promise<Page> =>
  browser.get(attempt.url, { redirects: untilTool(attempt.tool) });
const direct = async (attempt: Attempt): Promise<ToolAnswer> => toolAnswer((await go(attempt)).location);
const idTokenOf = async (attempt: Attempt, { code = '' }: { readonly code?: string | undefined }) =>
  tokensOf(await redeem(world.issuer, attempt, code)).id_token;
const claims = async (attempt: Attempt, answer: ToolAnswer) => decodeJwt(await idTokenOf(attempt, answer));
async function enter(
  changes: Changes = {},
  tool = docs,
): Promise<{ idToken: string; claims: ReturnType<typeof decodeJwt> }> {
  const attempt = ask(changes, tool);
  const idToken = await idTokenOf(attempt, toolAnswer((await goThrough(browser, attempt)).location));
  return { idToken, claims: decodeJwt(idToken) };
}
const back = async (page: Page, tool = docs): Promise<ToolAnswer> =>
  toolAnswer((await browser.click(page, 'Revenir à', { redirects: untilTool(tool) })).location);
const seconds = () => Math.floor(Date.now() / 1000);
/** The identity provider says that the person authenticated long ago. */
const longAgo = (ago: number) =>
  second.mutate({ idToken: (payload, { now }) => ({ ...payload, auth_time: now - ago }) });
const upstream = (): URLSearchParams => second.received.authorize.at(-1) ?? new URLSearchParams();

describe('max_age and auth_time', () => {
  test('auth_time is the identity provider’s, not ours, and is told whenever max_age is asked', async () => {
    longAgo(1000);
    const { claims: first } = await enter();
    expect(Math.abs(Number(first['auth_time']) - (seconds() - 1000))).toBeLessThan(30);
    const attempt = ask({ max_age: '5000', prompt: 'none' });
    const { auth_time: told } = await claims(attempt, await direct(attempt));
    expect(Math.abs(Number(told) - (seconds() - 1000))).toBeLessThan(30);
    expect(second.counts.authorize).toBe(1);
  });

  test('a session that is too old: the identity provider is asked again, within the same max_age', async () => {
    longAgo(1000);
    await enter();
    expect((await direct(ask({ max_age: '500', prompt: 'none' }))).error).toBe('login_required');
    second.restore();
    const { claims: again } = await enter({ max_age: '500' });
    expect(Math.abs(Number(again['auth_time']) - seconds())).toBeLessThan(30);
    expect(upstream().get('prompt')).toBe('login');
    expect(upstream().get('max_age')).toBe('500');
  });

  test('nobody signed in: max_age goes along, and a fresh session of the identity provider is enough', async () => {
    longAgo(100);
    await enter({ max_age: '500' });
    expect(upstream().get('prompt')).toBeNull();
    expect(upstream().get('max_age')).toBe('500');
  });

  test('max_age=0 is prompt=login', async () => {
    await enter();
    const { claims: again } = await enter({ max_age: '0' });
    expect(again['auth_time']).toBeTypeOf('number');
    expect(upstream().get('prompt')).toBe('login');
  });

  test.each<readonly [string, Changes]>([
    ['prompt=login', { prompt: 'login' }],
    ['max_age=0', { max_age: '0' }],
    ['max_age=60', { max_age: '60' }],
  ])(
    '%s at an identity provider that does not ask again: login_required, no code, no loop',
    async (_what, changes) => {
      longAgo(1000);
      await enter();
      second.forget();
      const attempt = ask(changes);
      const page = await goThrough(browser, attempt);
      expect(page.status).toBe(403);
      expect(shownCode(page)).toBe('M-UPST-017');
      expect(second.counts.authorize).toBe(1);
      expect(await back(page)).toMatchObject({
        error: 'login_required',
        description: 'M-UPST-017',
        code: undefined,
      });
    },
  );

  test('no auth_time at all proves nothing: the same', async () => {
    second.mutate('auth_time_missing');
    expect(shownCode(await goThrough(browser, ask({ max_age: '500' })))).toBe('M-UPST-017');
  });

  test('default_max_age and require_auth_time hold without being asked', async () => {
    longAgo(100);
    const { claims: first } = await enter({}, watchful);
    expect(first['auth_time']).toBeTypeOf('number');
    expect(upstream().get('max_age')).toBe('300');
    await browser.close();
    browser = createBrowser();
    longAgo(1000);
    await enter();
    expect((await direct(ask({ prompt: 'none' }, watchful))).error).toBe('login_required');
    expect((await direct(ask({ prompt: 'none', max_age: '5000' }, watchful))).code).toBeDefined();
  });

  test.each(['-1', '1.5', 'soon', '9007199254740993'])('max_age=%s is invalid_request', async (max_age) => {
    expect((await direct(ask({ max_age }))).error).toBe('invalid_request');
  });

  test('a large max_age asks for nothing', async () => {
    await enter();
    expect((await direct(ask({ max_age: '9007199254740991', prompt: 'none' }))).code).toBeDefined();
  });
});

describe.each<readonly [string, (idToken: string) => Changes]>([
  ['id_token_hint', (idToken) => ({ id_token_hint: idToken })],
  [
    'claims.id_token.sub',
    (idToken) => ({ claims: JSON.stringify({ id_token: { sub: { value: decodeJwt(idToken).sub } } }) }),
  ],
])('%s', (_name, hint) => {
  test('of the person who is there: goes on, silently too', async () => {
    const { idToken } = await enter();
    expect((await direct(ask({ ...hint(idToken), prompt: 'none' }))).code).toBeDefined();
    expect((await direct(ask(hint(idToken)))).code).toBeDefined();
  });

  test('of somebody else: login_required for a silent request', async () => {
    const { idToken } = await enter();
    const stranger = createBrowser();
    await signIn(stranger, ask(), agent);
    const { url } = ask({ ...hint(idToken), prompt: 'none' });
    expect(toolAnswer((await stranger.get(url, { redirects: untilTool(docs) })).location).error).toBe(
      'login_required',
    );
    await stranger.close();
  });

  test('of somebody else: a sign-in, forced; who then is the one gets a code', async () => {
    const { idToken, claims: mine } = await enter();
    second.become(other);
    const strangers = ask({ prompt: 'login' });
    await goThrough(browser, strangers);
    second.become(secondPerson);
    const attempt = ask(hint(idToken));
    const answer = toolAnswer((await goThrough(browser, attempt)).location);
    expect(upstream().get('prompt')).toBe('login');
    expect((await claims(attempt, answer)).sub).toBe(mine.sub);
  });

  test('of somebody else, and another person comes again: login_required, no code, no loop', async () => {
    const { idToken } = await enter();
    second.become(other);
    await goThrough(browser, ask({ prompt: 'login' }));
    second.forget();
    const page = await goThrough(browser, ask(hint(idToken)));
    expect(toolAnswer(page.location)).toMatchObject({ error: 'login_required', code: undefined });
    expect(second.counts.authorize).toBe(1);
  });

  test('with nobody there, who comes has to be the one', async () => {
    const { idToken } = await enter();
    await browser.close();
    browser = createBrowser();
    second.become(other);
    const wrong = toolAnswer((await goThrough(browser, ask(hint(idToken)))).location);
    expect(wrong).toMatchObject({ error: 'login_required', code: undefined });
    await browser.close();
    browser = createBrowser();
    second.become(secondPerson);
    expect(toolAnswer((await goThrough(browser, ask(hint(idToken)))).location).code).toBeDefined();
  });
});

describe('an id_token_hint that proves nothing is invalid_request', () => {
  test.each<readonly [string, (idToken: string) => string]>([
    ['garbage', () => 'garbage'],
    [
      'unsigned',
      (token) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1] ?? ''}.`,
    ],
    ['another signature', (token) => `${token.slice(0, -8)}AAAAAAAA`],
    ['nothing inside', () => `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.e30.AAAA`],
  ])('%s', async (_what, change) => {
    const { idToken } = await enter();
    expect((await direct(ask({ id_token_hint: change(idToken) }))).error).toBe('invalid_request');
  });

  test('that of another client, too', async () => {
    const { idToken } = await enter({}, watchful);
    expect((await direct(ask({ id_token_hint: idToken, prompt: 'none' }))).error).toBe('invalid_request');
  });
});

test('a silent request of one browser says nothing of another', async () => {
  await enter();
  const stranger = createBrowser();
  expect((await silently(stranger, world.issuer, docs)).error).toBe('login_required');
  await stranger.close();
});
