import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const wcagAndBestPractice = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

const found = z.array(z.string());

/**
 * What axe finds wrong in a page without frames: WCAG 2.2 AA and best practice, or some rules only. It is brought into a
 * page once, and describes only what is wrong: to describe all that is right takes longer than to look.
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  if (page.frames().length > 1) throw new Error('axe would not see into the frames of this page');
  const runOnly =
    rules === undefined ? { type: 'tag', values: wcagAndBestPractice } : { type: 'rule', values: rules };
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(source);
  const wrong: unknown = await page.evaluate(`axe
    .run({ runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.map(({ html }) => html).join(' | ')))`);
  return found.parse(wrong);
}
