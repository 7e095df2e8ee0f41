/** Without a mouse: Tab, Space, Enter, arrows in a choice. Every stop is seen. */
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { wayOf } from './journey-visit.ts';
import type { Stage } from './journey-visit.ts';

/** Where the focus is, and whether a person sees it. */
const here = `(() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return {
    stop: element.outerHTML.slice(0, 120),
    isSkipLink: element.classList.contains('skip'),
    inView: box.width > 0 && box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.top < innerHeight,
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
})()`;

const hereSchema = z.object({
  stop: z.string(),
  isSkipLink: z.boolean(),
  inView: z.boolean(),
  outlined: z.boolean(),
});

async function expectSeen(page: Page, expected: { isSkipLink?: true } = {}): Promise<void> {
  const focus = hereSchema.parse(await page.evaluate(here));
  expect(focus, focus.stop).toMatchObject({ ...expected, inView: true, outlined: true });
}

/** The first stop of a page is the link to its content. */
async function firstStop(page: Page): Promise<void> {
  await page.keyboard.press('Tab');
  await expectSeen(page, { isSkipLink: true });
}

/** Goes on with Tab until the target has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < 30; stop += 1) {
    await page.keyboard.press('Tab');
    await expectSeen(page);
    if ((await target.and(page.locator(':focus')).count()) > 0) return;
  }
  throw new Error(`the keyboard does not reach ${target.toString()}`);
}

export function keyboard(stage: () => Stage): void {
  test('an agent opens Docs and signs out', async () => {
    const { world } = stage();
    const { page } = await stage().visit();
    const way = wayOf(page, world);
    const button = (name: string) => page.getByRole('button', { name });

    await page.goto(`${world.tools}/docs/`);
    await firstStop(page);
    await tabTo(page, page.getByRole('link', { name: 'Se connecter' }));
    await page.keyboard.press('Enter');

    await page.waitForURL(`${world.issuer}/interaction/**`);
    await firstStop(page);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('contenu');
    await tabTo(page, page.getByLabel('Adresse électronique professionnelle'));
    await page.keyboard.type('agent@commune.example');
    await tabTo(page, button('Continuer'));
    await page.keyboard.press('Space');

    await page.waitForURL(`${world.idp}/**`);
    await firstStop(page);
    await tabTo(page, button('Yann Bihan-Morel'));
    await page.keyboard.press('Enter');

    await page.waitForURL(`${world.tools}/docs/`);
    expect(await way.text('h1')).toBe('Vous êtes connecté à Docs');
    await firstStop(page);
    await tabTo(page, button('Se déconnecter'));
    await page.keyboard.press('Space');
    await page.waitForURL(`${world.tools}/docs/`);
    await page.getByText('Vous êtes déconnecté.').waitFor();
  });

  test('an elected member corrects an address, chooses the association, is refused, goes back', async () => {
    const { world } = stage();
    const { page } = await stage().visit();
    const way = wayOf(page, world);

    await page.goto(`${world.tools}/tchap/login`);
    await tabTo(page, page.locator('#email'));
    await page.keyboard.type('elu@commune');
    await page.keyboard.press('Enter');
    await page.locator('#erreurs:focus').waitFor();
    await expectSeen(page);
    await tabTo(page, page.locator('#erreurs a'));
    await page.keyboard.press('Enter');
    await page.locator('#email:focus').waitFor();
    await expectSeen(page);
    await page.keyboard.press('End');
    await page.keyboard.type('.example');
    await page.keyboard.press('Enter');

    await page.waitForURL(`${world.idp}/**`);
    await tabTo(page, page.getByRole('button', { name: 'Bernard Tanguy' }));
    await page.keyboard.press('Space');

    await page.waitForURL(`${world.issuer}/interaction/**`);
    await firstStop(page);
    await tabTo(page, page.getByRole('radio', { name: 'Commune de Nantes' }));
    await page.keyboard.press('ArrowDown');
    const association = page.getByRole('radio', { name: 'AMD-FICTIF' });
    expect(await association.isChecked()).toBe(true);
    await expectSeen(page);
    await tabTo(page, page.getByRole('button', { name: 'Continuer' }));
    await page.keyboard.press('Enter');

    await page.getByText('Tchap n’est pas encore ouvert').waitFor();
    await firstStop(page);
    await tabTo(page, page.getByRole('link', { name: 'Choisir une autre organisation' }));
    await tabTo(page, page.getByRole('link', { name: 'Revenir à Tchap' }));
    await page.keyboard.press('Enter');
    await page.waitForURL(`${world.tools}/tchap/`);
    expect(await way.text('.notice')).toContain('Le portail de connexion a refusé l’accès.');
  });
}
