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
export const commandHelp = ({ usage, summary }: Command): string => ownHelp([usage, summary], []);

/** For a command of which help is asked: with the words that its usage takes. */
export const fullCommandHelp = async ({ usage, summary, words }: Command): Promise<string> =>
  ownHelp([usage, summary], (await words?.()) ?? []);

function ownHelp(
  [usage, summary]: readonly [string, string],
  words: readonly (readonly [string, string])[],
): string {
  const width = Math.max(0, ...words.map(([word]) => word.length));
  return [
    `Usage: maillon ${usage}`,
    '',
    `  ${summary}`,
    '',
    ...words.map(([word, meaning]) => `  ${word.padEnd(width)}  ${meaning}`),
    ...(words.length === 0 ? [] : ['']),
    'All commands: maillon help',
  ].join('\n');
}

const manifest = z.object({ version: z.string() });

export async function versionText(root: string): Promise<string> {
  return manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))).version;
}
