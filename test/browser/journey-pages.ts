/**
 * Each page of the broker that a journey meets, looked at as it really comes: axe finds nothing, in light, in dark and
 * at 320 px; nothing overflows, at 320 px or with text twice as large (WCAG 2.2, 1.4.4 and 1.4.10); all of it weighs
 * at most 60 kB. Pictures are kept in test/artifacts/journey/.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createOperator } from '../journeys/operator.ts';
import { violations } from './axe.ts';
import { picture } from './picture.ts';
import { wayOf } from './journey-visit.ts';
import type { Stage, Way } from './journey-visit.ts';

const artifacts = fileURLToPath(new URL('../artifacts/journey/', import.meta.url));

type Arrival = (way: Way, page: Page, stage: Stage) => Promise<unknown>;
type Visited = readonly [name: string, title: string, arrive: Arrival];

/** Name, title, and the way to it. */
const pages: readonly Visited[] = [
  ['email', 'Se connecter à Docs', (way) => way.openTool('docs')],
  [
    'email-error',
    'Erreur – Se connecter à Docs',
    async (way) => {
      await way.openTool('docs');
      await way.giveAddress('agent@@commune.example');
    },
  ],
  [
    'email-english',
    'Sign in to Docs',
    async (way) => {
      await way.openTool('docs');
      await way.follow('English');
    },
  ],
  [
    'unknown-domain',
    'Erreur – Nous ne connaissons pas encore votre adresse',
    async (way) => {
      await way.openTool('docs');
      await way.giveAddress('camille@comune.example');
    },
  ],
  [
    'cancelled',
    'Erreur – Vous avez interrompu la connexion',
    async (way) => {
      await way.openTool('docs');
      await way.giveAddress('agent@commune.example');
      await way.press('Annuler');
    },
  ],
  [
    'choose-organization',
    'Pour quelle organisation agissez-vous ?',
    (way) => way.signIn('tchap', 'elu@commune.example'),
  ],
  [
    'refusal-covered-elsewhere',
    'Tchap n’est pas encore ouvert à votre association',
    (way) => way.signIn('tchap', 'membre@amd-fictif.example'),
  ],
  [
    'refusal-no-approval',
    'Docs n’est pas encore ouvert à votre association',
    (way) => way.signIn('docs', 'membre@asso.example'),
  ],
  ['step-up', 'Tchap demande une connexion plus sûre', approvedForTchap],
  [
    'step-up-refused',
    'Erreur – Tchap demande une connexion plus sûre',
    async (way, page, stage) => {
      await approvedForTchap(way, page, stage);
      await page.getByRole('button', { name: 'Continuer avec' }).click();
      await way.pick('membre@amd-fictif.example');
    },
  ],
  [
    'over',
    'Erreur – Cette page de connexion n’est plus valable',
    (_way, page, { world }) => page.goto(`${world.issuer}/interaction/of-another-day`),
  ],
  [
    'logout',
    'Se déconnecter',
    async (way, page, { world }) => {
      await way.signIn('docs', 'agent@commune.example');
      await page.goto(`${world.issuer}/session/end`);
    },
  ],
  [
    'logout-automatic',
    'Se déconnecter',
    async (way, page) => {
      // As it stands while the script is on its way.
      await page.route(/\/assets\/submit\./, (route) =>
        route.fulfill({ contentType: 'text/javascript', body: '' }),
      );
      await way.signIn('docs', 'agent@commune.example');
      await way.press('Se déconnecter');
    },
  ],
  [
    'logged-out',
    'La déconnexion est terminée',
    async (way, page, { world }) => {
      await way.signIn('docs', 'agent@commune.example');
      await page.goto(`${world.issuer}/session/end`);
      await way.press('Se déconnecter partout');
    },
  ],
  [
    'home-result',
    'Réponse pour AMD-FICTIF, association des maires du département fictif',
    async (way, page, { world }) => {
      await page.goto(`${world.issuer}/`);
      await page.locator('#q').fill('000 000 109 00009');
      await way.press('Chercher');
    },
  ],
];

/** The pages of the demonstration around it: other sites, held to the same. */
const around: readonly Visited[] = [
  ['demo-tool', 'Accueil – Docs', (_way, page, { world }) => page.goto(`${world.tools}/docs/`)],
  [
    'demo-identity-provider',
    'Qui êtes-vous ? – Fournisseur d’identité de démonstration',
    async (way) => {
      await way.openTool('docs');
      await way.giveAddress('elu@commune.example');
    },
  ],
  [
    'demo-tool-signed-in',
    'Vous êtes connecté – Docs',
    (way) => way.signIn('docs', 'membre@amd-fictif.example'),
  ],
  [
    'demo-tool-refused',
    'Accueil – Tchap',
    async (way) => {
      await way.signIn('tchap', 'membre@amd-fictif.example');
      await way.follow('Revenir à Tchap');
    },
  ],
];

/** An approval for Tchap is not enough: its policy wants two proofs of who one is. */
async function approvedForTchap(way: Way, _page: Page, { world }: Stage): Promise<void> {
  const operator = await createOperator(world);
  await operator.approve({ id: 'journey-tchap', siren: '000000109', service_id: 'tchap' });
  onTestFinished(() => operator.withdraw('journey-tchap'));
  await way.signIn('tchap', 'membre@amd-fictif.example');
}

export function everyPage(stage: () => Stage): void {
  const arriveAt = async (arrive: Arrival): Promise<Page> => {
    const { page } = await stage().visit();
    await arrive(wayOf(page, stage().world), page, stage());
    return page;
  };
  beforeAll(() => void mkdirSync(artifacts, { recursive: true }));

  test.each(pages)('%s', async (name, title, arrive) => {
    const page = await arriveAt(arrive);
    expect(page.url()).toContain(stage().world.issuer);
    await inspect(page, name, `${title} – Maillon`);
  });

  test.each(around)('%s', async (name, title, arrive) => {
    await inspect(await arriveAt(arrive), name, title);
  });
}

async function inspect(page: Page, name: string, title: string): Promise<void> {
  expect((await page.title()).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(title);
  expect(await weight(page)).toBeLessThanOrEqual(60_000);

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(page), colorScheme).toEqual([]);
    await picture(page, `${artifacts}${name}-${colorScheme}.png`);
  }
  await page.emulateMedia({ colorScheme: 'light' });

  await textAt(page, 200);
  expect(await overflows(page), 'text at 200 %').toEqual([]);
  await picture(page, `${artifacts}${name}-200-percent.png`);
  await textAt(page, 100);

  await page.setViewportSize({ width: 320, height: 640 });
  expect(await overflows(page), '320 px').toEqual([]);
  expect(await violations(page), '320 px').toEqual([]);
  await picture(page, `${artifacts}${name}-320.png`);
}

/** As a browser that enlarges text only: lengths in rem follow, the window stays. */
async function textAt(page: Page, percent: 100 | 200): Promise<void> {
  await page.evaluate(`document.documentElement.style.fontSize = '${percent}%'`);
  expect(await page.evaluate('getComputedStyle(document.body).fontSize')).toBe(`${percent * 0.16}px`);
}

/** What sticks out of the page sideways, or is cut by its own box. A table may scroll in its frame. */
async function overflows(page: Page): Promise<readonly string[]> {
  return z.array(z.string()).parse(
    await page.evaluate(`[...document.querySelectorAll('body, body *')]
      .filter((element) => !element.closest('.scroll, .skip, thead'))
      .filter((element) => {
        const box = element.getBoundingClientRect();
        const cut =
          element.localName !== 'input' && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
        return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1 || cut);
      })
      .map((element) => element.outerHTML.slice(0, 120))`),
  );
}

/** Bytes of the document and of everything that it asks for, uncompressed. */
async function weight(page: Page): Promise<number> {
  const assets = z.array(z.string()).parse(
    await page.evaluate(
      `[...document.querySelectorAll('link[rel~=stylesheet], link[rel~=icon], script[src], img[src]')]
          .map((element) => element.href || element.src)`,
    ),
  );
  const sizes = await Promise.all(
    assets.map(async (url) => (await (await fetch(url)).arrayBuffer()).byteLength),
  );
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(await page.content()));
}
