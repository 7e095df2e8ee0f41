import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { commands } from './commands.ts';

export function helpText(): string {
  const usages = [
    ...Object.values(commands).map(({ usage, summary }) => [usage, summary] as const),
    ['help', 'Show this.'] as const,
    ['version', 'Show the version.'] as const,
  ];
  const width = Math.max(...usages.map(([usage]) => usage.length));
  return [
    'Usage: maillon COMMAND',
    '',
    ...usages.map(([usage, summary]) => `  ${usage.padEnd(width)}  ${summary}`),
    '',
    'Configuration comes from the environment: see the table in README.md.',
  ].join('\n');
}

const manifest = z.object({ version: z.string() });

export async function versionText(root: string): Promise<string> {
  return manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))).version;
}
