/**
 * The pages and files of docs/identity-providers/ for providers that a test runs: their addresses are examples, and a test
 * puts those of the servers that it started in their place.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const pagesFolder = join(import.meta.dirname, '../../../docs/identity-providers');

/** What a page has, and what the test has in its place. */
export type Addresses = Readonly<Record<string, string>>;

/** @param file relative to the folder of the pages */
export async function pageFile(file: string, addresses: Addresses = {}): Promise<string> {
  let text = await readFile(join(pagesFolder, file), 'utf8');
  for (const [from, to] of Object.entries(addresses)) {
    if (!text.includes(from)) throw new Error(`${file} does not have ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** The declarations of the demonstration and those that this page shows; whoever asks for the folder removes it. */
export async function demoAndPage(page: string, addresses: Addresses) {
  const shown = await pageFile(`${page}.md`, addresses);
  const [, record] = /^```yaml\n(identity_providers:[\s\S]*?)^```$/m.exec(shown) ?? [];
  if (record === undefined) throw new Error(`${page}.md shows no record`);
  const dir = await mkdtemp(join(tmpdir(), 'maillon-foreign-'));
  await cp('config/demo', dir, { recursive: true });
  await writeFile(join(dir, 'foreign.yaml'), record);
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}
