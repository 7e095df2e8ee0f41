import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { commands } from './commands.ts';
import type { Command } from './commands.ts';

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

/** For a command that was named and not understood: its own lines, so that what was wrong stays in sight. */
export const commandHelp = ({ usage, summary }: Command): string =>
  [`Usage: maillon ${usage}`, '', `  ${summary}`, '', 'All commands: maillon help'].join('\n');

const manifest = z.object({ version: z.string() });

export async function versionText(root: string): Promise<string> {
  return manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))).version;
}
