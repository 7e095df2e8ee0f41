/**
 * The stage of the journeys: one demonstration and one Chromium for the file, and for each test a browser of its own
 * that starts with nothing. Whatever the test looks at, every visit ends with the same two questions: did a request
 * leave the three sites of the demonstration, and did the browser complain (errors, Content-Security-Policy)?
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { demoPeople } from '../../demo/people.ts';
import { launchChromium } from '../support/chromium.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

export type Tool = 'docs' | 'tchap' | 'visio';
export type Email = (typeof demoPeople)[number]['email'];

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Another tab of the same browser. */
  tab(): Promise<Page>;
}

export interface Stage {
  readonly world: World;
  visit(options?: BrowserContextOptions): Promise<Visit>;
}

interface Watched extends Visit {
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

/** To be called once in a `describe`; the stage is there when its tests run. */
export function createStage(): () => Stage {
  let stage: Stage | undefined;
  let browser: Browser | undefined;
  const visits: Watched[] = [];

  beforeAll(async () => {
    const launched = await launchChromium();
    browser = launched;
    stage = {
      world: await startWorld(),
      async visit(options = {}) {
        const visit = await open(launched, options);
        visits.push(visit);
        return visit;
      },
    };
    // A first start unpacks PGlite: seconds, more on a busy machine.
  }, 180_000);

  afterEach(async () => {
    for (const visit of visits.splice(0)) {
      await visit.context.close();
      const { issuer, tools, idp } = here().world;
      const ours = [`${issuer}/`, `${tools}/`, `${idp}/`, 'data:'];
      expect(visit.requests.filter((url) => !ours.some((origin) => url.startsWith(origin)))).toEqual([]);
      expect(visit.complaints).toEqual([]);
    }
  });

  afterAll(async () => {
    await browser?.close();
    await stage?.world.close();
  });

  const here = (): Stage => {
    if (stage === undefined) throw new Error('the demonstration has not started');
    return stage;
  };
  return here;
}

async function open(browser: Browser, options: BrowserContextOptions): Promise<Watched> {
  const context = await browser.newContext({
    locale: 'fr-FR',
    viewport: { width: 1000, height: 900 },
    // Colors are read at once: no transition.
    reducedMotion: 'reduce',
    ...options,
  });
  // Shorter than a test may take, so that a failure names the gesture.
  context.setDefaultTimeout(15_000);
  const requests: string[] = [];
  const documents = new Set<string>();
  const complaints: string[] = [];
  context.on('request', (sent) => {
    requests.push(sent.url());
    if (sent.resourceType() === 'document') documents.add(sent.url());
  });
  context.on('console', (message) => {
    // A page that says no with its status (403, 422): Chromium notes it, nothing is wrong.
    const noted = message
      .text()
      .startsWith('Failed to load resource: the server responded with a status of 4');
    if (!(noted && documents.has(message.location().url))) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  return { context, page: await context.newPage(), tab: () => context.newPage(), requests, complaints };
}

const personOf = (email: Email): string => {
  const person = demoPeople.find((one) => one.email === email);
  if (person === undefined) throw new Error(`${email} is nobody of the demonstration`);
  return `${person.given_name} ${person.usual_name}`;
};

export interface Way {
  /** From the home of the tool, by its button. */
  openTool(tool: Tool): Promise<void>;
  giveAddress(email: string): Promise<void>;
  /** At the demo identity provider. */
  pick(email: Email): Promise<void>;
  press(button: string): Promise<void>;
  follow(link: string): Promise<void>;
  signIn(tool: Tool, email: Email): Promise<void>;
  /** What is read in the page, with ordinary spaces. */
  text(selector?: string): Promise<string>;
}

/** The gestures of a person with a mouse. */
export function wayOf(page: Page, { tools }: Pick<World, 'tools'>): Way {
  const way: Way = {
    async openTool(tool) {
      await page.goto(`${tools}/${tool}/`);
      await way.follow('Se connecter');
    },
    async giveAddress(email) {
      await page.getByLabel('Adresse électronique professionnelle').fill(email);
      await way.press('Continuer');
    },
    pick: (email) => page.getByRole('button', { name: personOf(email) }).click(),
    press: (button) => page.getByRole('button', { name: button, exact: true }).click(),
    follow: (link) => page.getByRole('link', { name: link, exact: true }).click(),
    async signIn(tool, email) {
      await way.openTool(tool);
      await way.giveAddress(email);
      await way.pick(email);
    },
    text: async (selector = 'main') => (await page.innerText(selector)).replaceAll(/[\u00a0\u202f]/g, ' '),
  };
  return way;
}
