import { parseArgs } from 'node:util';
import { commands } from './commands.ts';
import type { Arguments, Command } from './commands.ts';
import { commandHelp, fullCommandHelp, helpText, versionText } from './help.ts';
import { failureText } from './sentences.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';

/**
 * @param argv what follows `maillon`
 * @returns the exit code: 0 done, 1 failed, 2 not understood
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { print, printError, root } = surroundings;
  let meant: Command | undefined;
  try {
    const [name, ...rest] = argv;
    if (name === undefined) throw new UsageError('a command is missing');
    const isHelpAsked = rest.includes('--help') || rest.includes('-h');
    if (['help', '--help', '-h'].includes(name) || (isHelpAsked && !isCommand(name, rest))) {
      print(helpText());
      return 0;
    }
    if (['version', '--version', '-v'].includes(name)) {
      print(await versionText(root));
      return 0;
    }
    const { command, args } = named(name, rest);
    if (isHelpAsked) {
      print(await fullCommandHelp(command));
      return 0;
    }
    meant = command;
    await command.run(surroundings, readArguments(command, args));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      printError(`maillon: ${error.message}\n\n${meant === undefined ? helpText() : commandHelp(meant)}`);
      return 2;
    }
    printError(failureText(error, surroundings.env));
    return 1;
  }
}

const isCommand = (name: string, [second = '']: readonly string[]): boolean =>
  Object.hasOwn(commands, name) || Object.hasOwn(commands, `${name} ${second}`);

/** A command is one word, or two. */
function named(name: string, rest: readonly string[]): { command: Command; args: readonly string[] } {
  const [second = '', ...others] = rest;
  const found = (words: string) => (Object.hasOwn(commands, words) ? commands[words] : undefined);
  const ofTwo = found(`${name} ${second}`);
  if (ofTwo !== undefined) return { command: ofTwo, args: others };
  const ofOne = found(name);
  if (ofOne !== undefined) return { command: ofOne, args: rest };
  const begun = Object.entries(commands).filter(([words]) => words.startsWith(`${name} `));
  throw new UsageError(
    begun.length === 0
      ? `unknown command "${name}"`
      : `expected: ${begun.map(([, { usage }]) => `maillon ${usage}`).join(', or ')}`,
  );
}

function readArguments(command: Command, args: readonly string[]): Arguments {
  const { values, positionals } = parse(command, args);
  const missing = command.positionals - positionals.length;
  if (missing > 0) throw new UsageError(missing === 1 ? 'an argument is missing' : 'arguments are missing');
  const tooMany = positionals.slice(command.positionals + (command.optionalPositionals ?? 0));
  if (tooMany.length > 0)
    throw new UsageError(`not understood: ${tooMany.join(' ')}. What has spaces in it needs quotation marks`);
  const withValue = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return { positionals, flags: new Set(Object.keys(values)), values: new Map(withValue) };
}

function parse(command: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: command.options ?? {}, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // What follows the first sentence is about the dashes of shells.
    throw new UsageError(message.replace(/(?<=^Unknown option '[^']*')\..*/s, ''));
  }
}
