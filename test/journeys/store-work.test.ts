/**
 * What each step of a login asks of the stores: trips to Redis and SQL statements. Both are bounded by design (12 and 4 for
 * a sign-in at an identity provider, from the address to userinfo; one statement more keeps the refresh token that this tool
 * gets), and grow by one line of code: who adds one sees it here.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { limitsTable } from '../../src/limits/limits.ts';
import { softwareAuthenticator } from '../../src/partners/testing/software-authenticator.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser, Page, VisitOptions } from '../support/browser-session.ts';
import { startPostgres, startRedis } from '../support/services.ts';
import type { PostgresService, RedisService } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createPartnerPerson, joinOrganization } from './partner-person.ts';
import { people } from './visitor.ts';

const dinum = '13002526500013';
const clock = () => new Date();

let postgres: PostgresService | undefined;
let redis: RedisService | undefined;
let world: World;
let docs: ToolClient;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres('Store work'), startRedis('Store work')]);
  world = await startWorld({
    ...(postgres === undefined ? {} : { databaseUrl: await postgres.createDatabase() }),
    ...(redis === undefined ? {} : { redisUrl: redis.url }),
    limits: limitsTable,
    // As in production: facts are read once, and believed for a while.
    factsTtlMs: 30_000,
  });
  docs = createToolClient(world, 'docs');
}, startTimeout);
afterAll(async () => {
  await world.close();
  await Promise.all([postgres?.stop(), redis?.stop()]);
});

type Work = readonly [redis: number, sql: number];
type Measure = <T>(step: string, request: () => Promise<T>) => Promise<T>;

/**
 * The least work of each step in some logins: the first ones read facts, and what goes on beside requests is counted
 * with them.
 */
async function workOf(login: (measure: Measure) => Promise<void>): Promise<Readonly<Record<string, Work>>> {
  const least: Record<string, Work> = {};
  const measure: Measure = async (step, request) => {
    const before = world.broker.stores.statistics();
    const answer = await request();
    const after = world.broker.stores.statistics();
    const [trips = Infinity, statements = Infinity] = least[step] ?? [];
    least[step] = [
      Math.min(trips, after.redisRoundTrips - before.redisRoundTrips),
      Math.min(statements, after.sql - before.sql),
    ];
    return answer;
  };
  for (let turn = 0; turn < 4; turn += 1) await login(measure);
  return least;
}

const sum = (work: Readonly<Record<string, Work>>): Work => [
  Object.values(work).reduce((total, [trips]) => total + trips, 0),
  Object.values(work).reduce((total, [, statements]) => total + statements, 0),
];

const expected = (work: Readonly<Record<string, Work>>): Readonly<Record<string, Work>> =>
  Object.fromEntries(
    Object.entries(work).map(([step, [trips, statements]]) => [
      step,
      [redis === undefined ? 0 : trips, statements],
    ]),
  );

const toTool = { redirects: (url: URL) => docs.isCallback(url) };

/** What the tool does with the answer, whoever signed in and how. */
async function redeemed(measure: Measure, attempt: ReturnType<ToolClient['attempt']>, end: Page) {
  const code = docs.answer(attempt, end).code ?? '';
  const tokens = await measure('token', () => docs.redeem(attempt, code));
  const { status } = await measure('userinfo', () => docs.userinfo(tokens.access_token ?? ''));
  expect(status).toBe(200);
  return tokens.refresh_token ?? '';
}

const askedSchema = z.object({
  challenge: z.string(),
  user: z.object({ id: z.string() }).default({ id: '' }),
});

/** What the page asks of a passkey, answered without its script. */
function answerWith(
  browser: Browser,
  page: Page,
  answer: (asked: z.output<typeof askedSchema>) => object,
  options: VisitOptions = {},
): Promise<Page> {
  const said = (name: string): string => {
    const [, value = ''] = new RegExp(` data-${name}="([^"]*)"`).exec(page.body) ?? [];
    return value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  };
  const asked = askedSchema.parse(JSON.parse(said('ask')));
  return browser.post(
    new URL(said('action'), page.url).href,
    { answer: JSON.stringify(answer(asked)), challenge: said('challenge') },
    options,
  );
}

/** The same whoever signs in. */
const atTool = { token: [2, 2], userinfo: [1, 1] } as const;

test('an address that is typed, an identity provider, the tool', async () => {
  const work = await workOf(async (measure) => {
    const browser = createBrowser();
    const attempt = docs.attempt();
    const page = await measure('page', () => browser.get(attempt.url, toTool));
    const atProvider = await measure('address', () => browser.submitForm(page, { email: people.state }));
    const end = await measure('way back', () =>
      browser.submitForm(atProvider, { person: 'agent-etat' }, toTool),
    );
    await redeemed(measure, attempt, end);
    await browser.close();
  });
  expect(work).toEqual(expected({ page: [2, 0], address: [2, 0], 'way back': [5, 2], ...atTool }));
  const [trips, statements] = sum(work);
  expect(trips).toBeLessThanOrEqual(12);
  expect(statements).toBeLessThanOrEqual(5);
});

test('single sign-on, and a refresh', async () => {
  const browser = createBrowser();
  const page = await browser.get(docs.attempt().url, toTool);
  await browser.submitForm(
    await browser.submitForm(page, { email: people.state }),
    { person: 'agent-etat' },
    toTool,
  );
  const work = await workOf(async (measure) => {
    const attempt = docs.attempt();
    const end = await measure('single sign-on', () => browser.get(attempt.url, toTool));
    const refreshToken = await redeemed(measure, attempt, end);
    await measure('refresh', () => docs.refresh(refreshToken));
  });
  await browser.close();
  expect(work).toEqual(expected({ 'single sign-on': [3, 1], ...atTool, refresh: [3, 4] }));
});

test('an account kept here: a code that is mailed', async () => {
  let person = createPartnerPerson(world, 'camille@atelier-compte.example', clock);
  const name = await person.typeCode(
    await person.typeAddress(await person.browser.get(docs.attempt().url, toTool)),
  );
  await person.browser.submitForm(name, { given_name: 'Camille', usual_name: 'Le Marchand' }, toTool);
  await joinOrganization(world, person.email, { siret: dinum, level: 'moderated' });
  const work = await workOf(async (measure) => {
    await person.browser.close();
    person = person.inAnotherBrowser();
    const attempt = docs.attempt();
    const page = await measure('page', () => person.browser.get(attempt.url, toTool));
    const code = await measure('address', () => person.typeAddress(page));
    const typed = await person.code();
    const end = await measure('code', () => person.typeCode(code, typed, toTool));
    await redeemed(measure, attempt, end);
  });
  await person.browser.close();
  expect(work).toEqual(expected({ page: [2, 0], address: [9, 1], code: [12, 16], ...atTool }));
});

test('an account kept here: a passkey', async () => {
  const person = createPartnerPerson(world, 'camille@atelier-cle.example', clock);
  const own = await person.browser.get(`${world.issuer}/entrer?vers=/compte&renforce=1`);
  const name = await person.typeCode(await person.typeAddress(own));
  const enrolment = await person.browser.submitForm(name, {
    given_name: 'Camille',
    usual_name: 'Le Marchand',
  });
  const passkey = softwareAuthenticator({ origin: world.issuer, rpId: 'localhost' });
  const kept = await answerWith(person.browser, enrolment, (asked) => passkey.create(asked));
  await person.browser.submitForm(kept, { kept: 'yes' });
  await joinOrganization(world, person.email, { siret: dinum, level: 'moderated' });
  await person.browser.close();
  const work = await workOf(async (measure) => {
    const browser = createBrowser();
    const attempt = docs.attempt();
    const page = await measure('page', () => browser.get(attempt.url, toTool));
    const end = await measure('passkey', () =>
      answerWith(browser, page, (asked) => passkey.get(asked), toTool),
    );
    await redeemed(measure, attempt, end);
    await browser.close();
  });
  expect(work).toEqual(expected({ page: [2, 0], passkey: [7, 22], ...atTool }));
});
