import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const wcagAndBestPractice = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What axe finds wrong in a page without frames: WCAG 2.2 AA and best practice, or some rules only. It runs in the page
 * itself (« legacy mode »): to put together what it finds in frames, it would open a window each time, a second of work.
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (page.frames().length > 1) throw new Error('axe would not see into the frames of this page');
  const builder = new AxeBuilder({ page }).setLegacyMode();
  const asked = rules === undefined ? builder.withTags(wcagAndBestPractice) : builder.withRules([...rules]);
  const { violations: found } = await asked.analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
