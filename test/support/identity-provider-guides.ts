/**
 * The records that the pages of docs/identity-providers/ tell people to write, and two more: loaded from the pages
 * themselves, so that what they say is what is tested.
 */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const guidesFolder = join(import.meta.dirname, '../../docs/identity-providers');
const samplesFolder = join(import.meta.dirname, '../samples/identity-providers');

/** Each a page with a record; the id of the record beside it. */
export const guides = {
  keycloak: 'mairie',
  'entra-id': 'entra',
  proconnect: 'proconnect',
  franceconnect: 'franceconnect',
} as const;

/** Kinds of answers that have a sample: those of the guides, and two with a record of their own. */
export const kinds = { ...guides, standard: 'standard', renater: 'renater' } as const;
export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds).filter((name): name is Kind => name in kinds);

export const sample = (kind: Kind, what: string): string => join(samplesFolder, `${kind}.${what}`);

const answersSchema = z.object({
  id_token: z.record(z.string(), z.unknown()),
  userinfo: z.record(z.string(), z.unknown()),
});

export async function answersOf(kind: Kind): Promise<z.output<typeof answersSchema>> {
  return answersSchema.parse(JSON.parse(await readFile(sample(kind, 'answers.json'), 'utf8')));
}

/** The one record that a page shows. */
async function recordOf(guide: string): Promise<string> {
  const page = await readFile(join(guidesFolder, `${guide}.md`), 'utf8');
  const [first, ...others] = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  if (first === undefined || others.length > 0) throw new Error(`${guide}.md should show one record`);
  return first;
}

export interface Records {
  readonly dir: string;
  /** Each secret that they ask for. */
  readonly variables: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
}

/** A folder with all of them; whoever asks for it removes it. */
export async function recordsFolder(): Promise<Records> {
  const dir = await mkdtemp(join(tmpdir(), 'maillon-idps-'));
  const texts = new Map<string, string>();
  for (const guide of Object.keys(guides)) texts.set(`${guide}.yaml`, await recordOf(guide));
  for (const name of await readdir(samplesFolder))
    if (name.endsWith('.yaml')) texts.set(name, await readFile(join(samplesFolder, name), 'utf8'));
  for (const [name, text] of texts) await writeFile(join(dir, name), text);
  const names = [...texts.values()].flatMap((text) =>
    [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name),
  );
  return {
    dir,
    variables: Object.fromEntries(names.map((name) => [name, `${name.toLowerCase()}-of-the-tests`])),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
