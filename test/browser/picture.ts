import type { Page } from 'playwright-core';

/** A picture of the whole page, for people to look at; where nobody looks, in CI, none: they take a third of the time. */
export async function picture(page: Page, path: string): Promise<void> {
  if (process.env['CI'] !== 'true') await page.screenshot({ path, fullPage: true });
}
