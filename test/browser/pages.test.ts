// Every page in Chromium: axe finds nothing in light and dark, 320 px holds without scrolling sideways, the keyboard
// shows where it is, nothing is fetched from elsewhere, and a picture of each page is kept in test/artifacts/, but in CI.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, ConsoleMessage, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chromiumIsHere, launchChromium, sayThatChromiumIsMissing } from '../support/chromium.ts';
import { violations } from './axe.ts';
import { samples } from './page-samples.ts';
import type { Sample } from './page-samples.ts';
import { startPageServer } from './page-server.ts';
import type { PageServer } from './page-server.ts';
import { picture } from './picture.ts';

const artifacts = fileURLToPath(new URL('../artifacts/pages/', import.meta.url));

/** As long as names get: the registers hold organizations of more than a hundred letters. */
const long =
  'Syndicat intercommunal à vocation multiple de Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson, anticonstitutionnellement-électroencéphalographistes';
const longSamples: readonly Sample[] = [
  {
    name: 'long-choice',
    page: 'choose-organization',
    model: {
      service: long,
      action: '/x',
      organizations: [
        { siret: '21440109300015', name: long, type: long, commune: long, opens: 'no' },
        { siret: '00000010900009', name: long.replaceAll(' ', ''), type: 'Commune', opens: 'yes' },
      ],
      back: { href: '/x' },
    },
  },
  {
    name: 'long-refusal',
    page: 'refusal',
    model: {
      service: long,
      organization: { name: long.replaceAll(' ', ''), type: long, kind: 'local_authority' },
      decidedBy: { name: long, contact: 'mailto:a@b.example' },
      back: { href: '/x' },
      reference: { code: 'M-ELIG-007', id: '7F3A-91C2' },
    },
  },
  {
    name: 'long-idp',
    page: 'choose-idp',
    model: {
      action: '/x',
      email: `${'a'.repeat(64)}@${'b'.repeat(60)}.example`,
      idps: [{ id: 'x', name: long.replaceAll(' ', '') }],
      remembered: false,
    },
  },
];
/** Of the long pages of requests and of the console, one state each: the others differ in words, and render.test.ts reads all. */
const others = samples.filter(({ page }) => !/^(?:applicants|operator|partner|sponsors|members)/u.test(page));
const oneEach = new Map(
  samples
    .filter((sample) => !others.includes(sample))
    .toReversed()
    .map((sample) => [sample.page, sample]),
);
const all = [...others, ...oneEach.values(), ...longSamples];

const size = { width: 1000, height: 900 };

interface Watched {
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
  readonly end: () => void;
}

if (!chromiumIsHere) sayThatChromiumIsMissing('the pages, one by one');

describe.runIf(chromiumIsHere)('pages', () => {
  let server: PageServer;
  let browser: Browser;
  let contexts: Record<'light' | 'plain' | 'contrast', BrowserContext>;

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    server = await startPageServer({
      samples: all,
      routes: () => async (ctx, next) => {
        await (ctx.path === '/session/end/confirm' ? (ctx.body = 'fini') : next());
      },
    });
    browser = await launchChromium();
    // Colors are read at once: no transition.
    const shape = { viewport: size, reducedMotion: 'reduce' } as const;
    contexts = {
      light: await browser.newContext({ ...shape, colorScheme: 'light' }),
      plain: await browser.newContext({ ...shape, javaScriptEnabled: false }),
      contrast: await browser.newContext({ ...shape, forcedColors: 'active' }),
    };
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** Goes to a page, and reports until `end` what it asks for and what the browser complains of. */
  const watch = async (page: Page, path: string): Promise<Watched> => {
    const requests: string[] = [];
    const complaints: string[] = [];
    const onRequest = (sent: Request): void => void requests.push(sent.url());
    const onConsole = (message: ConsoleMessage): void => void complaints.push(message.text());
    const onError = (error: Error): void => void complaints.push(error.message);
    page.on('request', onRequest).on('console', onConsole).on('pageerror', onError);
    await page.goto(server.origin + path);
    return {
      requests,
      complaints,
      end: () => void page.off('request', onRequest).off('console', onConsole).off('pageerror', onError),
    };
  };

  const open = async (kind: keyof typeof contexts, path: string): Promise<Page> => {
    const page = await contexts[kind].newPage();
    await page.goto(server.origin + path);
    return page;
  };

  const number = async (page: Page, expression: string): Promise<number> =>
    z.number().parse(await page.evaluate(expression));

  const stops = `[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex="0"]')]
    .filter((element) => element.checkVisibility())
    .filter((element) => element.type !== 'radio' || element === (
      document.querySelector('input[type=radio]:checked') ?? document.querySelector('input[type=radio]')))`;
  /** Where the focus is, whether a person sees it, and by how many Tabs one leaves it. */
  const here = `(() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return {
      stop: ${stops}.indexOf(element),
      inView: box.width > 0 && box.left >= 0 && box.top >= 0 && box.top < innerHeight,
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      // Day, month, year and calendar are four stops of one field.
      parts: element.type === 'date' ? 4 : 1,
    };
  })()`;
  const hereSchema = z.object({
    stop: z.number(),
    inView: z.boolean(),
    outlined: z.boolean(),
    parts: z.number(),
  });

  describe('each of them', () => {
    /** One window for all: to open one takes longer than to look at most pages. Each page is gone to anew. */
    let page: Page;
    beforeAll(async () => {
      page = await contexts.light.newPage();
    });
    afterAll(() => page.close());

    describe.each(all.map((sample) => sample.name))('%s', (name) => {
      let watched: Watched;
      beforeAll(async () => {
        watched = await watch(page, `/page/${name}`);
      });
      afterAll(() => {
        watched.end();
      });
      beforeEach(async () => {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize(size);
      });

      test('axe finds nothing in light and dark; all of it fits in 60 kB and 320 px; nothing is left behind', async () => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          // The dark scheme changes colors and nothing else.
          expect(await violations(page, colorScheme === 'dark' ? ['color-contrast'] : undefined)).toEqual([]);
          await picture(page, `${artifacts}${name}-${colorScheme}.png`);
        }
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize({ width: 320, height: 640 });
        expect(await number(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
        await picture(page, `${artifacts}${name}-320.png`);

        const { requests, complaints } = watched;
        expect(requests.filter((url) => !url.startsWith(`${server.origin}/`))).toEqual([]);
        expect(complaints).toEqual([]);
        const sizes = await Promise.all(
          [...new Set(requests)].map(async (url) => (await (await fetch(url)).arrayBuffer()).byteLength),
        );
        expect(sizes.reduce((sum, each) => sum + each, 0)).toBeLessThan(60_000);
        expect(await contexts.light.storageState()).toEqual({ cookies: [], origins: [] });
      });

      test('the keyboard goes everywhere in order, and shows where it is', async () => {
        const count = await number(page, `${stops}.length`);
        // From the top, even where an error summary took the focus.
        await page.evaluate(`document.querySelector('.skip').focus()`);
        for (let stop = 0; stop < count; stop += 1) {
          const { parts, ...seen } = hereSchema.parse(await page.evaluate(here));
          expect(seen).toEqual({ stop, inView: true, outlined: true });
          for (let part = 0; part < parts; part += 1) await page.keyboard.press('Tab');
        }
      });
    });
  });

  test('the skip link leads to the content', async () => {
    const page = await open('light', '/page/email');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('contenu');
    await page.close();
  });

  test('after an error, the focus is on the summary, whose link leads to the field', async () => {
    const page = await open('plain', '/page/email-error');
    expect(await page.title()).toBe('Erreur – Se connecter à Docs – Maillon');
    await page.locator('#erreurs:focus').waitFor();
    await page.locator('#erreurs a').press('Enter');
    await page.locator('#email:focus').waitFor();
    await page.close();
  });

  test('without JavaScript the form posts what was typed, and Enter is enough', async () => {
    const page = await open('plain', '/page/email');
    await page.fill('#email', 'agent@commune.example');
    const posted = page.waitForRequest((sent) => sent.method() === 'POST');
    await page.press('#email', 'Enter');
    const sent = await posted;
    expect(sent.postData()).toBe('email=agent%40commune.example');
    expect(new URL(sent.url()).pathname).toBe('/interaction/essai/adresse');
    // no-referrer: the post of our own page carries Origin null, and Sec-Fetch-Site says that it is ours.
    expect(await sent.allHeaders()).toMatchObject({ origin: 'null', 'sec-fetch-site': 'same-origin' });
    await page.close();
  });

  test('the logout page posts by itself when it may, as « everywhere », and by its button without JavaScript', async () => {
    const automatic = await startPageServer({
      samples: [
        {
          name: 'now',
          page: 'logout',
          model: { action: '/session/end/confirm', xsrf: 'abc', autoSubmit: true },
        },
      ],
      routes: () => async (ctx, next) => {
        await (ctx.path === '/session/end/confirm' ? (ctx.body = 'fini') : next());
      },
    });
    const page = await contexts.light.newPage();
    const posted = page.waitForRequest((sent) => sent.method() === 'POST');
    await page.goto(`${automatic.origin}/page/now`, { waitUntil: 'commit' });
    expect((await posted).postData()).toBe('xsrf=abc&logout=yes');
    await page.waitForURL('**/session/end/confirm');
    await page.close();
    const plain = await contexts.plain.newPage();
    await plain.goto(`${automatic.origin}/page/now`);
    const pressed = plain.waitForRequest((sent) => sent.method() === 'POST');
    await plain.click('button');
    expect((await pressed).postData()).toBe('xsrf=abc&logout=yes');
    await plain.close();
    await automatic.close();
  });

  test('forced colors keep the choice and the buttons visible', async () => {
    for (const name of ['choose-organization', 'refusal', 'email-error']) {
      const page = await open('contrast', `/page/${name}`);
      await picture(page, `${artifacts}${name}-forced-colors.png`);
      await page.close();
    }
    const page = await open('contrast', '/page/choose-organization');
    const outline = await page.evaluate(
      `getComputedStyle(document.querySelector('.choice:has(:checked)')).outlineStyle`,
    );
    expect(outline).toBe('solid');
    await page.close();
  });

  test('the language link turns the page to English and stays', async () => {
    const page = await open('light', '/page/choose-idp');
    await page.click('footer a[hreflang=en]');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.textContent('h1')).toBe('Choose your sign-in page');
    await page.goto(`${server.origin}/page/email`);
    expect(await page.textContent('h1')).toBe('Sign in to Docs');
    await picture(page, `${artifacts}email-english.png`);
    await contexts.light.clearCookies();
    await page.close();
  });
});
