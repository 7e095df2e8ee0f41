/**
 * Too many attempts on the way to an identity provider: whoever makes them is stopped with a page that says until when and
 * leads back, and nobody else is: not another person of the same network, not the same address elsewhere, not its owner on
 * a device where they have signed in. Stands behind one proxy of ours, which says where people come from.
 */
import { TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { limitsTable } from '../../src/limits/limits.ts';
import type { Page } from '../support/browser-session.ts';
import { createToolClient } from '../support/tool-client.ts';
import type { ToolClient } from '../support/tool-client.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';
import { startTimeout } from './each-backend.ts';
import { createPartnerPerson } from './partner-person.ts';
import { aCode, createVisitor, people } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const typed = limitsTable.email_typed.address.times;
/** Narrower than it is, for this file to be quick. */
const started = 40;
const changed = 5;

let world: World;
let visitor: Visitor;
let docs: ToolClient;

beforeAll(async () => {
  const network = { ip: { times: started, seconds: 300 } };
  world = await startWorld({
    environment: { TRUSTED_PROXIES: '1' },
    limits: {
      ...limitsTable,
      upstream_started: network,
      account_changed: { ...limitsTable.account_changed, account: { times: changed, seconds: 3600 } },
    },
  });
}, startTimeout);
afterAll(() => world.close());

beforeEach(() => {
  visitor = createVisitor(world);
  docs = createToolClient(world, 'docs');
});
afterEach(() => visitor.browser.close());

const from = (ip: string) => ({ 'x-forwarded-for': ip });

/** The page of the address, and what is answered to what is typed there, before anybody is sent anywhere. */
async function typing(by: Visitor = visitor) {
  const attempt = docs.attempt();
  const page = await by.follow(docs, attempt);
  const type = (email: string, ip: string): Promise<Page> =>
    by.browser.submitForm(page, { email }, { redirects: 'manual', headers: from(ip) });
  return { attempt, page, type };
}

const goesToIdp = ({ location }: Page): boolean => location?.startsWith(world.idp) === true;

test('an address that is typed too often is stopped, in all its spellings, with the way back to the tool', async () => {
  const { attempt, type } = await typing();
  for (let each = 0; each < typed; each += 1)
    expect(goesToIdp(await type(each % 2 === 0 ? people.state : 'Agent+x@etat.example', '192.0.2.1'))).toBe(
      true,
    );
  const attempts = await visitor.browser.cookies(`${world.issuer}/callback/demo`);
  const stopped = await type(people.state, '::ffff:192.0.2.1');
  expect(stopped.status).toBe(429);
  const seconds = Number(stopped.headers['retry-after']);
  expect(seconds).toBeGreaterThan(limitsTable.email_typed.address.seconds - 120);
  expect(seconds).toBeLessThanOrEqual(limitsTable.email_typed.address.seconds);
  const text = visitor.browser.text(stopped);
  expect(text).toContain('Il y a eu trop d’essais');
  expect(text).toContain(`Attendez ${Math.ceil(seconds / 60)} minutes, puis recommencez.`);
  expect(text).toContain('M-LIMI-001');
  // Nothing changed: the ways that were begun before are still there, and the login goes on for another address.
  expect(await visitor.browser.cookies(`${world.issuer}/callback/demo`)).toEqual(attempts);
  expect(goesToIdp(await type(people.commune, '192.0.2.1'))).toBe(true);
  const end = await visitor.browser.click(stopped, 'Revenir à Docs', { redirects: docs.isCallback });
  expect(docs.answer(attempt, end)).toEqual({ error: 'temporarily_unavailable', description: 'M-LIMI-001' });
});

test('meanwhile others are not stopped: the same address elsewhere, and another person of that network', async () => {
  const { type } = await typing();
  expect((await type(people.state, '192.0.2.1')).status).toBe(429);
  expect(goesToIdp(await type(people.state, '192.0.2.2'))).toBe(true);
  expect(goesToIdp(await type(people.elected, '192.0.2.1'))).toBe(true);
});

test('an owner who has signed in from a device goes on there, in the very network that uses up their address', async () => {
  const attempt = docs.attempt();
  const page = await visitor.follow(docs, attempt);
  const end = await visitor.identify(page, people.approved, { redirects: docs.isCallback });
  expect(docs.answer(attempt, end)).toEqual(aCode);
  await visitor.browser.get(`${world.issuer}/session/end`);

  const stranger = createVisitor(world);
  const { type } = await typing(stranger);
  for (let each = 0; each < typed; each += 1) await type(people.approved, '192.0.2.3');
  expect((await type(people.approved, '192.0.2.3')).status).toBe(429);
  await stranger.browser.close();

  const again = docs.attempt({ prompt: 'login' });
  const back = await visitor.browser.submitForm(
    await visitor.follow(docs, again),
    { email: people.approved },
    { redirects: 'manual', headers: from('192.0.2.3') },
  );
  expect(goesToIdp(back)).toBe(true);
  // The device excuses nobody else.
  const other = await visitor.browser.submitForm(
    await visitor.follow(docs, docs.attempt({ prompt: 'login' })),
    { email: people.state },
    { redirects: 'manual', headers: from('192.0.2.1') },
  );
  expect(other.status).toBe(429);
});

test('a network that starts too many sign-ins by tools that name an address is stopped, and no other', async () => {
  const go = async (ip: string) => {
    const { url } = docs.attempt({ login_hint: people.commune });
    const first = await visitor.browser.get(url, { redirects: 'manual' });
    return visitor.browser.follow(first, { redirects: 'manual', headers: from(ip) });
  };
  for (let each = 0; each < started; each += 1)
    expect(goesToIdp(await go(`2001:db8:7:7::${each}`))).toBe(true);
  const stopped = await go('2001:db8:7:7:ffff::1');
  expect([stopped.status, visitor.browser.text(stopped).includes('M-LIMI-001')]).toEqual([429, true]);
  expect(goesToIdp(await go('2001:db8:7:8::1'))).toBe(true);
});

test('a page that is asked for too often says so to a person who reads English, too', async () => {
  const { page } = await typing();
  const answer = await visitor.browser.submitForm(
    page,
    { email: people.state },
    { redirects: 'manual', headers: { ...from('192.0.2.1'), 'accept-language': 'en' } },
  );
  expect(visitor.browser.text(answer)).toContain('There were too many attempts');
});

test('what changes an account leaves an entry and mails: neither the pages of the account nor a sign-in do it for ever', async () => {
  const clock = () => new Date();
  const person = createPartnerPerson(world, 'camille@atelier-limites.example', clock);
  const { browser } = person;
  const first = await browser.get(`${world.issuer}/entrer?vers=/compte&renforce=1`);
  const name = await person.typeCode(await person.typeAddress(first));
  const named = { given_name: 'Camille', usual_name: 'Le Marchand' };
  const form = await browser.click(await browser.submitForm(name, named), 'application de codes');
  const [, secret = ''] = /<code>([A-Z2-7 ]+)<\/code>/.exec(form.body) ?? [];
  const application = new TOTP({ secret: secret.replaceAll(' ', '') });
  let codes = await browser.submitForm(form, { totp: application.generate() });
  // The application was the first change.
  for (let each = 1; each < changed; each += 1) {
    expect(codes.body.match(/<li><code>/g)).toHaveLength(10);
    codes = await browser.submitForm(codes, {});
  }
  const stopped = await browser.submitForm(codes, {});
  expect([stopped.status, browser.text(stopped)]).toEqual([429, expect.stringContaining('M-LIMI-001')]);
  await browser.submitForm(codes, { kept: 'yes' });
  const acts = [
    ['identite/noms', named],
    ['securite/codes', {}],
    ['securite/cle', { answer: '{}', challenge: 'x' }],
    ['securite/application', { totp: '000000', sealed: 'x' }],
  ] as const;
  for (const [act, fields] of acts) {
    const page = await browser.post(`${world.issuer}/compte/${act}`, fields);
    expect([act, page.status, browser.text(page)]).toEqual([act, 429, expect.stringContaining('M-LIMI-001')]);
  }
  await browser.close();
});
