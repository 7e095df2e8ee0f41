/**
 * The guides of docs/relying-parties/: one page and one folder of files a tool. Their addresses are examples; a test
 * puts those of the servers that it runs in their place, and changes nothing else.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const guidesFolder = join(import.meta.dirname, '../../../docs/relying-parties');

/** Address of Maillon in each guide. */
export const exampleIssuer = 'https://connexion.example.org';

/** What a guide has, and what the test has in its place: `https://wiki.example.org` → `http://localhost:4180`. */
export type Addresses = Readonly<Record<string, string>>;

export async function guideNames(): Promise<readonly string[]> {
  const entries = await readdir(guidesFolder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** @param file relative to the folder of the guides: `grafana/grafana.ini` */
export async function guideFile(file: string, addresses: Addresses = {}): Promise<string> {
  let text = await readFile(join(guidesFolder, file), 'utf8');
  for (const [from, to] of Object.entries(addresses)) text = text.replaceAll(from, to);
  return text;
}

/** The variables of the guides: each is a secret. */
export const secretOf = (variable: string): string =>
  `${variable.toLowerCase()}-of-the-tests-`.padEnd(48, '0');

/** Variables that the declarations of these guides ask for. */
export async function variablesOf(guides: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const texts = await Promise.all(guides.map((guide) => guideFile(`${guide}/maillon.yaml`)));
  const names = texts.flatMap((text) => [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name));
  return Object.fromEntries(names.map((name) => [name, secretOf(name)]));
}

/** A folder with the declarations of the demonstration and of these guides; whoever asks for it removes it. */
export async function demoAndGuides(
  guides: readonly string[],
  addresses: Addresses = {},
): Promise<{ readonly dir: string; readonly remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'maillon-guides-'));
  await cp('config/demo', dir, { recursive: true });
  for (const guide of guides)
    await writeFile(join(dir, `${guide}.yaml`), await guideFile(`${guide}/maillon.yaml`, addresses));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}
