/**
 * Whatever is sent, anywhere: an answer of ours, never a failure of ours, never an address of the request (property
 * test over every route of the provider and of the pages).
 */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { expectInert, polyglot } from './support/inert.ts';
import { authorizationRequest, demoTool, send, untilTool } from './support/relying-party.ts';
import { storeState } from './support/stores.ts';
import { startUp } from './support/timing.ts';

let world: World;
const browsers: Browser[] = [];

beforeAll(async () => {
  world = await startWorld();
}, startUp);
afterAll(() => world.close());
afterEach(() => Promise.all(browsers.splice(0).map((browser) => browser.close())));

const openBrowser = (): Browser => {
  const browser = createBrowser();
  browsers.push(browser);
  return browser;
};
const failures = () =>
  world.log.filter((line) => line.includes('M-HTTP-001') || line.includes('"event":"server_error"'));

const routes = [
  ...['/', '/aide', '/jwks', '/authorize', '/authorize/x', '/token', '/userinfo', '/par', '/session/end'],
  ...[
    '/session/end/confirm',
    '/session/end/success',
    '/token/introspection',
    '/token/revocation',
    '/callback/demo',
  ],
  ...['/interaction/x', '/interaction/x/email', '/interaction/x/organization', '/interaction/x/cancel'],
];
const names = [
  ...[
    'client_id',
    'redirect_uri',
    'response_type',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'prompt',
    'max_age',
  ],
  ...[
    'ui_locales',
    'login_hint',
    'acr_values',
    'claims',
    'id_token_hint',
    'code_challenge',
    'code_challenge_method',
  ],
  ...[
    'request',
    'request_uri',
    'display',
    'lang',
    'claims_locales',
    'resource',
    'authorization_details',
    'dpop_jkt',
  ],
  ...[
    'registration',
    'grant_type',
    'code',
    'refresh_token',
    'client_secret',
    'client_assertion',
    'token',
    'xsrf',
  ],
  ...[
    'client_assertion_type',
    'logout',
    'siret',
    'email',
    'idp',
    'iss',
    'error',
    'because',
    'access_token',
    'change',
  ],
];
const awkward = [
  ...[
    '',
    'null',
    '{}',
    '[]',
    '0',
    '-1',
    '1e999',
    '__proto__',
    'constructor',
    '%',
    '%00',
    '\u0000',
    'a b',
    'openid',
  ],
  ...['{"id_token":{"acr":{"essential":true}}}', '{"id_token":{"acr":{"essential":true,"values":[]}}}'],
  ...['{"userinfo":{"__proto__":null}}', '{"id_token":{"sub":{"value":1}}}', '{"userinfo":{"email":[]}}'],
  ...['https://evil.example/', '//evil.example', 'javascript:alert(1)', polyglot],
];
const pair = fc.tuple(
  fc.constantFrom(...names),
  fc.oneof(fc.constantFrom(...awkward), fc.json(), fc.string(), fc.string({ unit: 'binary', maxLength: 30 })),
);
const cookie = fc.tuple(
  fc.constantFrom('maillon-session', 'maillon-session.sig', 'maillon-interaction', 'maillon-resume', 'lang'),
  fc.string({ maxLength: 20 }),
);

test('no request, right in part or in nothing, is a failure of ours', async () => {
  const before = await storeState(world.broker.stores.db);
  const right = new URL(authorizationRequest(world.issuer, demoTool(world, 'docs')).url).searchParams;
  const tool = new URL(world.tools).origin;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.constantFrom('GET' as const, 'POST' as const),
      fc.boolean(),
      fc.array(pair, { maxLength: 4 }),
      fc.array(cookie, { maxLength: 2 }),
      async (path, method, startsRight, pairs, cookies) => {
        const query = new URLSearchParams(startsRight ? right : undefined);
        for (const [index, [name, value]] of pairs.entries()) {
          if (index % 2 === 0) query.set(name, value);
          else query.append(name, value);
        }
        const headers = {
          accept: 'text/html',
          cookie: cookies.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; '),
          ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        };
        const text = query.toString();
        const answer =
          method === 'GET'
            ? await send(`${world.issuer}${path}?${text}`, { headers })
            : await send(`${world.issuer}${path}`, { method, headers, body: text });
        expect(answer.status).toBeLessThan(500);
        const location = answer.headers['location'];
        if (typeof location === 'string') {
          expect([new URL(world.issuer).origin, tool]).toContain(new URL(location, world.issuer).origin);
          expect(location).not.toContain('error=server_error');
        }
        if (
          String(answer.headers['content-type']).startsWith('text/html') &&
          query.get('response_mode') !== 'form_post'
        ) {
          expectInert(answer);
        }
      },
    ),
    { numRuns: 600 },
  );
  expect(failures()).toEqual([]);
  expect(await storeState(world.broker.stores.db)).toEqual(before);
});

test('CVE-2026-18963: at each step of a login, every form and every page of the others moves nobody on without a right', async () => {
  const cases = [
    {
      tool: 'docs',
      email: 'agent@etat.example',
      person: 'agent-etat',
      ask: { prompt: 'login' },
      mayEnter: [],
    },
    {
      tool: 'docs',
      email: 'elu@commune.example',
      person: 'elu-commune',
      ask: {},
      mayEnter: ['21440109300015', '00000010900009'],
    },
    { tool: 'docs', email: 'membre@asso.example', person: 'membre-asso', ask: {}, mayEnter: [] },
    { tool: 'tchap', email: 'membre@amd-fictif.example', person: 'membre-amd-fictif', ask: {}, mayEnter: [] },
  ] as const;
  const sirets = ['', '13002526500013', '00000010900009', '21440109300015'];
  for (const { tool: id, email, person, ask, mayEnter } of cases) {
    const tool = demoTool(world, id);
    const stop = { redirects: (url: URL) => untilTool(tool)(url) || url.href.startsWith(world.idp) };
    const browser = openBrowser();
    const people = await browser.submitForm(await browser.get(authorizationRequest(world.issuer, tool).url), {
      email,
    });
    await browser.submitForm(people, { person }, { redirects: untilTool(tool) });
    expect((await browser.cookies(world.issuer)).length, email).toBeGreaterThan(0);
    for (const siret of sirets) {
      for (const step of ['/email', '/idp', '/organization', '/step-up']) {
        const page = await browser.get(
          authorizationRequest(world.issuer, tool, {
            ...ask,
            ...(mayEnter.length > 0 ? { prompt: 'select_organization' } : {}),
          }).url,
          stop,
        );
        const at = new URL(page.url).pathname;
        expect(at, page.location).toMatch(/^\/interaction\/[\w-]+$/);
        const end = await browser.post(`${world.issuer}${at}${step}`, { siret }, stop);
        const entered =
          end.location?.startsWith(tool.redirectUri) === true &&
          new URL(end.location).searchParams.has('code');
        expect(entered, `${email} ${step} ${siret}`).toBe(
          step === '/organization' && mayEnter.some((one) => one === siret),
        );
        expect(end.status).toBeLessThan(500);
      }
    }
  }
  expect(failures()).toEqual([]);
});

test('CVE-2026-29192: a name in the register is text on every page that shows it', async () => {
  const { db } = world.broker.stores;
  const siren = '000000406';
  await db
    .updateTable('organization')
    .set({ name: polyglot, statements: '{}' })
    .where('siren', '=', siren)
    .execute();
  const browser = openBrowser();
  const docs = demoTool(world, 'docs');
  const emailPage = await browser.get(authorizationRequest(world.issuer, docs).url);
  const people = await browser.submitForm(emailPage, { email: 'membre@asso.example' });
  const refusal = await browser.submitForm(people, { person: 'membre-asso' });
  const catalogue = await browser.get(`${world.issuer}/?siret=00000040600009`);
  for (const page of [refusal, catalogue]) {
    expect(browser.text(page)).toContain('<script>alert(1)</script>');
    expectInert(page);
  }
});
