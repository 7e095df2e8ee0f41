// The pages quote the files that are tested, all of them and to the letter; their links lead somewhere.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guideFile, guideNames, guidesFolder } from './support/guides.ts';

const guides = await guideNames();
const pageOf = (guide: string): Promise<string> => guideFile(`${guide}.md`);

/** `[`file`](file):` and the block of code that follows it. */
const quotations = (page: string): ReadonlyMap<string, string> =>
  new Map(
    [...page.matchAll(/^\[`([^`]+)`\]\(\1\):\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
      ([, file = '', text = '']) => [file, text],
    ),
  );

test('the index leads to each guide', async () => {
  const index = await guideFile('README.md');
  for (const guide of guides) expect(index).toContain(`](${guide}.md)`);
});

describe.each(guides)('%s', (guide) => {
  test('its page quotes each of its files, to the letter', async () => {
    const quoted = quotations(await pageOf(guide));
    const files = (await readdir(join(guidesFolder, guide))).map((file) => `${guide}/${file}`);
    expect([...quoted.keys()].sort()).toEqual(files.sort());
    for (const [file, text] of quoted) expect(text, file).toBe(await guideFile(file));
  });

  test('it says how to declare, to configure, to enforce and to sign out, what to look at, and where it is from', async () => {
    const page = await pageOf(guide);
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(
      expect.arrayContaining([
        'Declare it to Maillon',
        'Enforce eligibility',
        'Sign-out',
        'Quirks, and what to check',
        'Sources',
      ]),
    );
    expect(headings.at(-1)).toBe('Sources');
    expect(page.slice(page.indexOf('## Sources'))).toMatch(/^- <?https:\/\//m);
  });

  test('its links lead to files', async () => {
    const page = await pageOf(guide);
    for (const [, target = ''] of page.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(existsSync(join(guidesFolder, target)), target).toBe(true);
  });

  test('its secrets are variables, and its addresses are examples', async () => {
    for (const file of await readdir(join(guidesFolder, guide))) {
      const text = await readFile(join(guidesFolder, guide, file), 'utf8');
      for (const [, value = ''] of text.matchAll(/client_?secret["']?\s*[:=]\s*["']?([^\s"',]+)/gi))
        expect(value, file).toMatch(/^(?:\$|ENV\[|the-output-of-|openid\.|env$)/);
      for (const [host] of text.matchAll(/https?:\/\/[\w.-]+/g))
        expect(host, file).toMatch(
          /\.example\.org$|^http:\/\/(?:localhost|127\.0\.0\.1|schemas\.openid\.net)$/,
        );
    }
  });
});
