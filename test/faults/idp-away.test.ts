/** What people, tools and operators see when an identity provider does not answer. */
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { heardFor } from '../../src/upstream/door.ts';
import { usualPace } from '../../src/upstream/upstream.ts';
import { expectRefusalPage } from '../replay/support/pages.ts';
import {
  authorizationRequest,
  demoTool,
  silently,
  toolAnswer,
  untilTool,
} from '../replay/support/relying-party.ts';
import type { Tool } from '../replay/support/relying-party.ts';
import { startUp } from '../replay/support/timing.ts';
import { createBrowser } from '../support/browser-session.ts';
import type { Browser } from '../support/browser-session.ts';
import { login, startFaultyIdps } from './idp-people.ts';
import type { FaultyIdps } from './idp-people.ts';

const names = ['one', 'twin', 'dead', 'keys', 'crowded', 'token'] as const;
let faulty: FaultyIdps<(typeof names)[number]>;
let docs: Tool;
let browser: Browser;

beforeAll(async () => {
  faulty = await startFaultyIdps(names, {
    watching: {
      pace: { firstMs: 100, usedMs: 400, idleMs: 400, failingMs: 100 },
      protection: { failures: 3, restMs: 60_000 },
    },
    changes: (name) => ({
      help_url: `https://aide.${name}.example/connexion`,
      status_url: `https://etat.${name}.example/`,
      ...(name === 'twin' ? { domains: ['one.example', 'twin.example'] } : {}),
      ...(name === 'crowded' ? { concurrency: 1 } : {}),
    }),
  });
  docs = demoTool(faulty.world, 'docs');
}, startUp);
afterAll(() => faulty.close());
beforeEach(() => {
  browser = createBrowser();
});
afterEach(async () => {
  for (const name of names) faulty.idp(name).restore();
  await browser.close();
});

const begin = (changes = {}) => authorizationRequest(faulty.world.issuer, docs, changes);
const stop = () => ({ redirects: untilTool(docs) });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to hold in time');
    await pause(50);
  }
}
const up = async (name: string) =>
  (await faulty.world.broker.metrics()).includes(`maillon_idp_up{idp="${name}"} 1`);
const told = async (name: string): Promise<string> =>
  (await faulty.world.broker.metrics())
    .split('\n')
    .filter((line) => line.includes(`"${name}"`))
    .join('\n');

describe('an identity provider that does not answer', () => {
  test('has a page that names it and says what can be done, and the retry retries', async () => {
    const idp = faulty.idp('one');
    idp.mutate({ token: 'unavailable' });
    const choice = await browser.submitForm(await browser.get(begin().url), { email: 'agent@one.example' });
    const page = await browser.submitForm(choice, { idp: 'one' });
    expectRefusalPage(page, { status: 502, code: 'M-UPST-001' });
    const text = browser.text(page);
    expect(text).toContain('Annuaire one ne répond pas');
    const links = browser.links(page).map(({ href }) => href);
    expect(links).toContain('mailto:aide@second.example');
    expect(links).toContain('https://aide.one.example/connexion');
    expect(links).toContain('https://etat.one.example/');
    expect(text).toContain('Se connecter avec Annuaire twin');
    expect(text).toContain('Se connecter avec une autre adresse');

    // The login is still there: the same provider again, and it works.
    idp.restore();
    const back = await browser.submitForm(page, {}, { ...stop(), form: 0 });
    expect(toolAnswer(back.location).code).toBeDefined();
  });

  test('does not keep the person from another one that they have', async () => {
    faulty.idp('one').mutate({ token: 'cut' });
    const choice = await browser.submitForm(await browser.get(begin().url), { email: 'agent@one.example' });
    const page = await browser.submitForm(choice, { idp: 'one' });
    expectRefusalPage(page, { status: 502, code: 'M-UPST-001' });
    faulty.idp('twin').become({
      sub: 'twin',
      claims: {
        given_name: 'Inès',
        usual_name: 'Marrec',
        email: 'agent@one.example',
        siret: '21440109300015',
      },
    });
    const back = await browser.submitForm(page, {}, { ...stop(), form: 1 });
    expect(toolAnswer(back.location).code).toBeDefined();
  });

  test('nor from another address', async () => {
    faulty.idp('one').mutate({ token: 'cut' });
    const choice = await browser.submitForm(await browser.get(begin().url), { email: 'agent@one.example' });
    const page = await browser.submitForm(choice, { idp: 'one' });
    const emails = await browser.click(page, 'Se connecter avec une autre adresse');
    const end = await browser.submitForm(emails, { email: 'agent@twin.example' }, stop());
    expect(toolAnswer(end.location).code).toBeDefined();
  });
});

describe('one of which nothing answers', () => {
  beforeAll(async () => {
    await login(faulty.world, 'dead');
    await faulty.idp('dead').close();
    await until(async () => !(await up('dead')));
  });

  test('is known to be down: a person learns it at once, and is not sent there', async () => {
    const startedAt = performance.now();
    const page = await browser.submitForm(await browser.get(begin().url), { email: 'agent@dead.example' });
    expectRefusalPage(page, { status: 502, code: 'M-UPST-001' });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(browser.history.filter((url) => url.startsWith(faulty.idp('dead').issuer))).toEqual([]);
  });

  test('makes a silent request temporarily_unavailable, when nobody else could sign the person in', async () => {
    const silent = async (changes: Record<string, string>) => {
      const { url } = begin({ prompt: 'none', ...changes });
      return toolAnswer((await browser.get(url, stop())).location);
    };
    expect((await silent({ idp_hint: 'dead' })).error).toBe('temporarily_unavailable');
    expect((await silent({ login_hint: 'agent@dead.example' })).error).toBe('temporarily_unavailable');
    expect((await silent({ login_hint: 'agent@token.example' })).error).toBe('login_required');
    expect((await silent({})).error).toBe('login_required');
  });

  test('is asked again with the address that was typed, and only by whom it is offered', async () => {
    const page = await browser.submitForm(await browser.get(begin().url), { email: 'agent@dead.example' });
    const again = await browser.submitForm(page, {}, { form: 0 });
    expectRefusalPage(again, { status: 502, code: 'M-UPST-001' });
    expect(again.body).toContain('value="agent@dead.example"');
    const uid = new URL(again.url).pathname.split('/')[2] ?? '';
    const forged = await browser.post(`${faulty.world.issuer}/interaction/${uid}/again`, { idp: 'nobody' });
    expectRefusalPage(forged, { status: 403, code: 'M-UPST-014' });
  });

  test('does not touch a session that is good enough, and says so of one that is too old', async () => {
    const attempt = begin();
    const idp = faulty.idp('token');
    await browser.submitForm(await browser.get(attempt.url), { email: 'agent@token.example' }, stop());
    idp.mutate({ discovery: 'unavailable', token: 'unavailable' });
    // An answer of 503 closes the way when most of ten say so: a few may be about somebody's junk.
    for (let times = 0; times < 14; times += 1) await login(faulty.world, 'token');
    expect(await up('token')).toBe(false);
    expect((await silently(browser, faulty.world.issuer, docs)).code).toBeDefined();
    await pause(2_100);
    const tooOld = begin({ prompt: 'none', max_age: '1' });
    expect(toolAnswer((await browser.get(tooOld.url, stop())).location).error).toBe(
      'temporarily_unavailable',
    );
  });

  test('does not make this process unready', async () => {
    expect((await fetch(`${faulty.world.issuer}/readyz`)).status).toBe(200);
  });
});

describe('keys', () => {
  test('that cannot be read are those that were known; new ones are found, and noticed', async () => {
    const idp = faulty.idp('keys');
    expect((await login(faulty.world, 'keys')).outcome).toBe('ok');
    await until(async () => (await told('keys')).includes('keys_read_timestamp_seconds'));
    idp.mutate({ jwks: 'unavailable' });
    await pause(1_000);
    expect((await login(faulty.world, 'keys')).outcome).toBe('ok');
    idp.restore();
    await idp.rotateKeys();
    await until(async () => (await told('keys')).includes('maillon_idp_key_changes{idp="keys"} 1'));
    expect((await login(faulty.world, 'keys')).outcome).toBe('ok');
  });
});

describe('more people than an identity provider may have at once', () => {
  test('are told so at once, and nobody queues', async () => {
    faulty.idp('crowded').mutate({ token: 'timeout' });
    const [first, second] = await Promise.all([
      login(faulty.world, 'crowded'),
      pause(300).then(() => login(faulty.world, 'crowded')),
    ]);
    expect([first.outcome, second.outcome]).toEqual(['M-UPST-001', 'M-UPST-034']);
    expect(second.ms).toBeLessThan(first.ms);
    expect(await told('crowded')).toMatch(/exchanges_total\{idp="crowded",outcome="M-UPST-001"\} 1/);
  });
});

describe('one that has gone since the last look', () => {
  let alone: FaultyIdps<'gone'>;
  beforeAll(async () => {
    alone = await startFaultyIdps(['gone'], {
      watching: { pace: { ...usualPace, firstMs: 100 } },
      changes: () => ({ timeout_s: 5 }),
    });
  }, startUp);
  afterAll(() => alone.close());

  test('is named by a page within a second: nobody is sent there, not even the first', async () => {
    expect((await login(alone.world, 'gone')).outcome).toBe('ok');
    // Looked at, beside the person who went there.
    await until(() => alone.idp('gone').counts.authorize === 2);
    await alone.idp('gone').close();
    await pause(heardFor);
    const { outcome, ms } = await login(alone.world, 'gone');
    expect(outcome).toBe('M-UPST-001');
    expect(ms).toBeLessThan(1_000);
  });
});
