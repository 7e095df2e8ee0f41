/**
 * From an address to a sign-in page: several of them, one that is remembered; and addresses of a domain that nobody knows.
 */
import { describe, expect, test } from 'vitest';
import type { Page } from '../support/browser-session.ts';
import { redeclare } from '../replay/support/declarations.ts';
import { expectRefusalPage } from '../replay/support/pages.ts';
import { toolAnswer } from '../replay/support/relying-party.ts';
import { secondRecord } from '../replay/support/second-idp.ts';
import { choosingStage, options, sentTo } from './choosing-stage.ts';

const stage = choosingStage();

const selected = (page: Page) => /name="idp" value="([a-z]+)"[^>]* checked/.exec(page.body)?.[1];
const isTicked = (page: Page) => /<input[^>]* name="remember"[^>]* checked/.test(page.body);
const kept = async () =>
  (await stage.browser.cookies(`${stage.world.issuer}/interaction/x`)).filter((cookie) =>
    cookie.startsWith('maillon-idp='),
  );

describe('several identity providers for one domain', () => {
  test('are offered by name, those that are hidden or closed left out; nothing is chosen or remembered beforehand', async () => {
    const page = await stage.type('agent@partage.example');
    expect(page.status).toBe(200);
    expect(options(page)).toEqual(['quatrieme', 'troisieme', 'second']);
    expect(page.body).not.toMatch(/Nouveauté secrète|Ancien portail/);
    expect([selected(page), isTicked(page), await kept()]).toEqual([undefined, false, []]);
    const end = await stage.browser.submitForm(page, { idp: 'second' }, stage.stop());
    expect(toolAnswer(end.location).code).toBeDefined();
    expect(await kept()).toEqual([]);
  });

  test('two of one name are told apart by where they are', async () => {
    await stage.declared({ name: 'École 10' });
    try {
      const page = await stage.type('agent@partage.example');
      expect(page.body.match(new RegExp(`Sur ${new URL(stage.second.issuer).host}`, 'g'))).toHaveLength(2);
    } finally {
      await stage.declared();
    }
  });

  test.each(['', 'cachee', 'fermee', 'demo', 'personne'])('%j is no answer', async (idp) => {
    const page = await stage.type('agent@partage.example');
    const path = new URL(`${page.url.replace(/\/email$/, '')}/idp`);
    const again = await stage.browser.post(
      path.href,
      { email: 'agent@partage.example', idp, remember: 'yes' },
      { redirects: 'manual' },
    );
    expect(again.status).toBe(422);
    expect(again.body).toContain('Choisissez l’une des pages de connexion.');
    expect(await kept()).toEqual([]);
  });
});

describe('a choice that this device remembers', () => {
  async function remember(): Promise<void> {
    const page = await stage.type('agent@partage.example', { prompt: 'login' });
    await stage.browser.submitForm(page, { idp: 'second', remember: 'yes' }, { redirects: 'manual' });
    expect(await kept()).toHaveLength(1);
  }

  test('is selected the next time, on a page that is shown all the same; for that domain only', async () => {
    await remember();
    const page = await stage.type('autre@partage.example');
    expect([selected(page), isTicked(page)]).toEqual(['second', true]);
    const end = await stage.browser.submitForm(page, {}, stage.stop());
    expect(toolAnswer(end.location).code).toBeDefined();
    expect(await kept()).toHaveLength(1);
    // The cookie says neither who nor where.
    expect((await kept()).join()).not.toMatch(/second|partage|autre/);
  });

  test('is forgotten by its button, at once', async () => {
    await remember();
    const page = await stage.browser.submitForm(await stage.type('agent@partage.example'), { forget: 'yes' });
    expect(stage.browser.text(page)).toContain('Votre choix est oublié sur cet appareil.');
    expect([selected(page), isTicked(page), await kept()]).toEqual([undefined, false, []]);
    expect(page.body).not.toContain('name="forget"');
    expect(sentTo(await stage.browser.submitForm(page, { idp: 'second' }, { redirects: 'manual' }))).toBe(
      'second',
    );
  });

  test('is forgotten when the box is no longer ticked; a form that does not have the box changes nothing', async () => {
    await remember();
    const page = await stage.type('agent@partage.example');
    const choose = (fields: Readonly<Record<string, string>>) =>
      stage.browser.post(
        `${page.url.replace(/\/email$/, '')}/idp`,
        { email: 'agent@partage.example', idp: 'troisieme', ...fields },
        { redirects: 'manual' },
      );
    expect(sentTo(await choose({}))).toBe('troisieme');
    expect(await kept()).toHaveLength(1);
    expect(page.body).toContain('name="remember_asked"');
    expect(sentTo(await choose({ remember_asked: 'yes' }))).toBe('troisieme');
    expect(await kept()).toEqual([]);
  });

  test('is worth nothing once it is closed or hidden', async () => {
    await remember();
    for (const changes of [{ enabled: false }, { test_addresses: ['autre-essai@second.example'] }]) {
      await stage.declared(changes);
      try {
        const page = await stage.type('agent@partage.example');
        expect(options(page)).toEqual(['quatrieme', 'troisieme']);
        expect([selected(page), isTicked(page)]).toEqual([undefined, false]);
      } finally {
        await stage.declared();
      }
    }
  });

  test('is worth nothing when it was tampered with', async () => {
    await remember();
    const [cookie = ''] = await kept();
    for (const forged of [`${cookie.slice(0, -2)}AA`, 'maillon-idp=second', 'maillon-idp=%5B%5D']) {
      await stage.browser.jar.setCookie(`${forged}; Path=/interaction`, stage.world.issuer);
      const page = await stage.type('agent@partage.example');
      expect([page.status, selected(page)]).toEqual([200, undefined]);
    }
  });

  test('is bounded: the oldest of nine domains goes', async () => {
    const domains = Array.from({ length: 9 }, (_, at) => `partage-${String(at)}.example`);
    const both = ['second.example', ...domains];
    await redeclare(stage.world, {
      identity_providers: [
        secondRecord(stage.second.issuer, { domains: both }),
        secondRecord(stage.second.issuer, { id: 'troisieme', domains }),
      ],
    });
    try {
      for (const domain of domains) {
        const page = await stage.type(`agent@${domain}`);
        await stage.browser.submitForm(page, { idp: 'second', remember: 'yes' }, { redirects: 'manual' });
      }
      expect((await kept()).join().length).toBeLessThan(1200);
      const remembered = [];
      for (const domain of domains) remembered.push(selected(await stage.type(`agent@${domain}`)));
      expect(remembered).toEqual([undefined, ...domains.slice(1).map(() => 'second')]);
    } finally {
      await stage.declared();
    }
  });

  test('is named among the cookies', async () => {
    const page = await stage.browser.get(`${stage.world.issuer}/donnees-personnelles`);
    expect(stage.browser.text(page)).toContain('nommé maillon-idp');
  });
});

describe('an address that nobody knows', () => {
  test('of almost a known domain: « Vouliez-vous dire … ? », and a button that goes on', async () => {
    const page = await stage.type('agent@secnd.example');
    expectRefusalPage(page, { status: 422, code: 'M-ROUT-002' });
    expect(stage.browser.text(page)).toContain('Vouliez-vous dire agent@second.example ?');
    const onward = await stage.browser.submitForm(
      page,
      { email: 'agent@second.example' },
      { redirects: 'manual' },
    );
    expect(sentTo(onward)).toBe('second');
  });

  test.each(['agent@nouveautes.example', 'agent@fermetur.example', 'agent@clubdelecture.example'])(
    '%s: no suggestion of what is hidden, closed or far',
    async (email) => {
      const page = await stage.type(email);
      expectRefusalPage(page, { status: 422, code: 'M-ROUT-002' });
      expect(stage.browser.text(page)).not.toContain('Vouliez-vous');
    },
  );

  test('of a mail service open to all: it proves no organization; what to do, and the way back', async () => {
    const page = await stage.type('camille@gmail.com');
    expectRefusalPage(page, { status: 422, code: 'M-ROUT-003' });
    const text = stage.browser.text(page);
    expect(text).toContain('Tout le monde peut ouvrir une adresse en @gmail.com');
    expect(text).toContain('Il peut vous inviter');
    expect(stage.browser.links(page).some(({ href }) => href.endsWith('/demandes'))).toBe(true);
    const { error, description } = toolAnswer(
      (await stage.browser.click(page, 'Revenir à', stage.stop())).location,
    );
    expect([error, description]).toEqual(['access_denied', 'M-ROUT-003']);
  });
});
