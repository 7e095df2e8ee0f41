// The pages of docs/identity-providers/: every member of a record is explained, and their links lead somewhere.
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { identityProviderMembers } from './identity-provider.ts';

const folder = join(import.meta.dirname, '../../docs/identity-providers');
const pageOf = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const pages = (await readdir(folder)).filter((name) => name.endsWith('.md'));

describe('the table of a record', () => {
  it('explains every member', async () => {
    const cells = [...(await pageOf('README.md')).matchAll(/^\| (`[^|]*`) +\|/gm)].map(
      ([, cell = '']) => cell,
    );
    const explained = new Set(
      cells.flatMap((cell) => [...cell.matchAll(/`([a-z_]+)/g)].map(([, name = '']) => name)),
    );
    expect(identityProviderMembers.filter((member) => !explained.has(member))).toEqual([]);
    for (const member of ['client_secret', 'claims', 'gives_organization'])
      expect(explained.has(member), member).toBe(true);
  });

  it('leads to every page', async () => {
    const index = await pageOf('README.md');
    for (const page of pages.filter((name) => name !== 'README.md')) expect(index).toContain(`](${page}`);
  });
});

describe.each(pages)('%s', (name) => {
  it('leads to files and sections that exist', async () => {
    for (const [, file = '', section] of (await pageOf(name)).matchAll(
      /\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g,
    )) {
      const path = join(folder, file === '' ? name : file);
      expect(existsSync(path), file).toBe(true);
      if (section === undefined) continue;
      const titles = [...(await readFile(path, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(titles, `${file}#${section}`).toContain(section);
    }
  });
});
