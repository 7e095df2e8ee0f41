/**
 * Whether anybody has an account at an address is told to nobody who has not read its mailbox: not by a page, a header or a mail,
 * and not by how long an answer takes, which is counted in what makes it long (SQL statements, trips to Redis, mails). Limits are
 * those of production.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limitsTable } from '../../src/limits/limits.ts';
import type { Page } from '../support/browser-session.ts';
import { startRedis } from '../support/services.ts';
import type { RedisService } from '../support/services.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createPartnerPerson, mailsTo } from './partner-person.ts';
import type { PartnerPerson } from './partner-person.ts';

let redis: RedisService | undefined;
let world: World;
let docs: ToolClient;
let ahead = 0;
const clock = () => new Date(Date.now() + ahead);

beforeAll(async () => {
  redis = await startRedis('Equal answers');
  world = await startWorld({
    clock,
    limits: limitsTable,
    ...(redis === undefined ? {} : { redisUrl: redis.url }),
  });
  docs = createToolClient(world, 'docs');
}, startTimeout);
afterAll(async () => {
  await world.close();
  await redis?.stop();
});

const named = { given_name: 'Camille', usual_name: 'Le Marchand' };
/** As long as one another: what is counted in letters does not differ. */
const someAddress = (): string => `camille@atelier-${randomUUID().slice(0, 8)}.example`;

/** Somebody who has an account, with an application and recovery codes, known to no browser that is used here. */
async function registered(): Promise<PartnerPerson> {
  const person = createPartnerPerson(world, someAddress(), clock);
  const { browser } = person;
  const name = await person.typeCode(
    await person.typeAddress(await browser.get(`${world.issuer}/entrer?vers=/compte&renforce=1`)),
  );
  await person.connectApplication(await browser.submitForm(name, named));
  await browser.close();
  return person;
}

interface Seen {
  readonly status: number;
  readonly headers: readonly string[];
  readonly text: string;
  readonly statements: number;
  readonly trips: number;
}

/** What a stranger who types this address sees of each step, and what each cost; the least of some strangers. */
async function strangers(email: string): Promise<Readonly<Record<string, Seen>>> {
  const least: Record<string, Seen> = {};
  for (let turn = 0; turn < 3; turn += 1) {
    const stranger = createPartnerPerson(world, email, clock);
    const { browser } = stranger;
    const see = async (step: string, ask: () => Promise<Page>): Promise<Page> => {
      const before = world.broker.stores.statistics();
      const page = await ask();
      const after = world.broker.stores.statistics();
      const known = least[step];
      least[step] = {
        status: page.status,
        headers: Object.keys(page.headers).toSorted(),
        // The number of the login, and the minute in which it stands.
        text: browser
          .text(page)
          .replaceAll(email, 'the address')
          .replace(/\d{2}:\d{2}/gu, 'then'),
        statements: Math.min(known?.statements ?? Infinity, after.sql - before.sql),
        trips: Math.min(known?.trips ?? Infinity, after.redisRoundTrips - before.redisRoundTrips),
      };
      return page;
    };
    const first = await browser.get(docs.attempt().url);
    const code = await see('the address', () => stranger.typeAddress(first));
    await see('a wrong code', () => browser.submitForm(code, { code: '00000000' }));
    await see('no code', () => browser.submitForm(code, { code: '' }));
    await see('the page again', () => browser.get(code.url));
    await see('a step further', () => browser.get(code.url.replace(/\/code$/u, '/second-factor')));
    await see('the factors that were lost', () =>
      browser.get(code.url.replace(/\/code$/u, '/second-factor/lost')),
    );
    if (turn < 2) {
      ahead += 601_000;
      const late = await browser.get(code.url);
      await see('another code', () => browser.submitForm(late, {}, { form: '/code/resend' }));
    }
    await browser.close();
  }
  return least;
}

test('a stranger is told the same of an address with an account and of one without, at the same cost', async () => {
  const { email: known } = await registered();
  const unknown = someAddress();
  const before = (await mailsTo(world, known)).length;
  const ofKnown = await strangers(known);
  const ofUnknown = await strangers(unknown);
  expect(ofKnown).toEqual(ofUnknown);
  // The mails are the same, but for the digits.
  const written = async (email: string, from = 0) =>
    (await mailsTo(world, email))
      .toReversed()
      .slice(from)
      .map(({ subject, text, about }) => [subject, text.replace(/\d{8}/gu, 'digits'), about]);
  const mails = await written(known, before);
  expect(mails).toHaveLength(5);
  expect(mails).toEqual(await written(unknown));
}, 60_000);

test('somebody who is signed in and adds an address is told that another has it once its mailbox was read, not before', async () => {
  const { email: taken } = await registered();
  const me = createPartnerPerson(world, someAddress(), clock);
  const { browser } = me;
  const name = await me.typeCode(
    await me.typeAddress(await browser.get(`${world.issuer}/entrer?vers=/compte/identite`)),
  );
  const page = await browser.submitForm(name, named);
  const adding = async (email: string): Promise<string> => {
    const asked = await browser.submitForm(page, { email });
    const wrong = await browser.submitForm(asked, { code: '00000000' });
    return [asked, wrong].map((one) => `${one.status} ${browser.text(one)}`.replaceAll(email, 'it')).join();
  };
  expect(await adding(taken)).toEqual(await adding(someAddress()));
  await browser.close();
}, 60_000);
