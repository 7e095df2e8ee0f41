/**
 * Every factor of a sign-in is limited where it is really tried, over HTTP, and in every spelling of an address. The table is
 * narrower than that of production, which src/limits/ holds to its figures; the matrix is printed.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limitsTable } from '../../src/limits/limits.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createPartnerPerson } from './partner-person.ts';
import type { PartnerPerson } from './partner-person.ts';

const hour = 3600;
const narrow = {
  code_sent: 3,
  code_tried: 4,
  totp_tried: 2,
  recovery_tried: 2,
  passkey_tried: 2,
} as const;
const limit = (act: keyof typeof narrow) => ({ times: narrow[act], seconds: hour });

let world: World;
let docs: ToolClient;
const clock = () => new Date();
const matrix: string[] = [];

beforeAll(async () => {
  world = await startWorld({
    clock,
    limits: {
      ...limitsTable,
      code_sent: { ...limitsTable.code_sent, address: { ...limit('code_sent'), here: true } },
      code_tried: { ...limitsTable.code_tried, address: { ...limit('code_tried'), here: true } },
      totp_tried: { ...limitsTable.totp_tried, account: limit('totp_tried') },
      recovery_tried: { ...limitsTable.recovery_tried, account: limit('recovery_tried') },
      passkey_tried: { ...limitsTable.passkey_tried, ip: limit('passkey_tried') },
    },
  });
  docs = createToolClient(world, 'docs');
}, startTimeout);
afterAll(async () => {
  process.stdout.write(`${matrix.join('\n')}\n`);
  await world.close();
});

/** Somebody with an application and recovery codes. */
async function registered(): Promise<PartnerPerson> {
  const person = createPartnerPerson(world, `camille@atelier-${randomUUID().slice(0, 8)}.example`, clock);
  const first = await person.browser.get(`${world.issuer}/entrer?vers=/compte&renforce=1`);
  const name = await person.typeCode(await person.typeAddress(first));
  await person.connectApplication(
    await person.browser.submitForm(name, { given_name: 'Camille', usual_name: 'Le Marchand' }),
  );
  return person;
}

/** The page that asks for a second factor, in a browser that nobody knows. */
async function secondFactor(person: PartnerPerson): Promise<{ stranger: PartnerPerson; page: Page }> {
  const stranger = person.inAnotherBrowser();
  const code = await stranger.typeAddress(await stranger.browser.get(docs.attempt().url));
  return { stranger, page: await stranger.typeCode(code) };
}

async function expectLimited(
  act: keyof typeof narrow,
  attempt: (each: number) => Promise<Page>,
  told: number,
): Promise<void> {
  for (let each = 1; each <= narrow[act]; each += 1) expect((await attempt(each)).status).toBe(told);
  const page = await attempt(narrow[act] + 1);
  const after = Number(page.headers['retry-after']);
  expect([page.status, page.body.includes('M-LIMI-001')]).toEqual([429, true]);
  expect(after).toBeGreaterThan(hour - 120);
  matrix.push(`${act.padEnd(14)} ${narrow[act]} answered ${told}, the next one 429 M-LIMI-001 for an hour`);
}

test('codes that are mailed: in whatever spelling, and its owner goes on from a device of theirs', async () => {
  const person = await registered();
  const [local = '', domain = ''] = person.email.split('@');
  const spellings = [
    person.email,
    `${local.toUpperCase()}@${domain}`,
    `${local}+a@${domain}`,
    `${local}+b@${domain}`,
  ];
  await expectLimited(
    'code_sent',
    async (each) => {
      const stranger = createPartnerPerson(world, spellings[each - 1] ?? '', clock);
      const page = await stranger.typeAddress(await stranger.browser.get(docs.attempt().url));
      await stranger.browser.close();
      return page;
    },
    200,
  );
  const page = await person.typeAddress(await person.browser.get(docs.attempt({ prompt: 'login' }).url));
  expect(person.text(page)).toContain(`Nous avons écrit à ${person.email}`);
  await person.browser.close();
});

test('codes that are typed, the right one included', async () => {
  const stranger = createPartnerPerson(world, `camille@atelier-${randomUUID().slice(0, 8)}.example`, clock);
  const page = await stranger.typeAddress(await stranger.browser.get(docs.attempt().url));
  const right = await stranger.code();
  const wrong = right === '00000000' ? '11111111' : '00000000';
  await expectLimited(
    'code_tried',
    (each) => stranger.typeCode(page, each > narrow.code_tried ? right : wrong),
    422,
  );
  await stranger.browser.close();
});

test.each([
  ['totp_tried', 'totp'],
  ['recovery_tried', 'recovery'],
] as const)('%s, by whoever has read the mailbox: the account, in whatever browser', async (act, field) => {
  const person = await registered();
  const { stranger, page } = await secondFactor(person);
  await expectLimited(act, () => stranger.browser.submitForm(page, { [field]: '000000' }), 422);
  const other = await secondFactor(person);
  const right = field === 'totp' ? person.shown() : (person.recoveryCodes[0] ?? '');
  expect((await other.stranger.browser.submitForm(other.page, { [field]: right })).status).toBe(429);
  for (const { browser } of [person, stranger, other.stranger]) await browser.close();
});

test('passkeys that say by themselves who signs in', async () => {
  const { browser } = createPartnerPerson(world, 'camille@atelier.example', clock);
  const attempt = docs.attempt();
  await expectLimited(
    'passkey_tried',
    async () => {
      const page = await browser.get(attempt.url);
      const said = (name: string): string =>
        new RegExp(` data-${name}="([^"]*)"`).exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
      return browser.post(new URL(said('action'), page.url).href, {
        answer: '{}',
        challenge: said('challenge'),
      });
    },
    400,
  );
  await browser.close();
});
