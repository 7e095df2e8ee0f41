import { parseArgs } from 'node:util';
import { commands } from './commands.ts';
import type { Arguments, Command } from './commands.ts';
import { helpText, versionText } from './help.ts';
import { failureText } from './sentences.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';

/**
 * @param argv what follows `maillon`
 * @returns the exit code: 0 done, 1 failed, 2 not understood
 */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { print, printError, root } = surroundings;
  try {
    const [name, ...rest] = argv;
    if (name === undefined) throw new UsageError('a command is missing');
    if (['help', '--help', '-h'].includes(name) || rest.includes('--help') || rest.includes('-h')) {
      print(helpText());
      return 0;
    }
    if (['version', '--version', '-v'].includes(name)) {
      print(await versionText(root));
      return 0;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) throw new UsageError(`unknown command "${name}"`);
    await command.run(surroundings, readArguments(command, rest));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      printError(`maillon: ${error.message}\n\n${helpText()}`);
      return 2;
    }
    printError(failureText(error, surroundings.env));
    return 1;
  }
}

function readArguments(command: Command, args: readonly string[]): Arguments {
  const { values, positionals } = parse(command, args);
  if (positionals.length !== command.positionals) throw new UsageError(`expected: maillon ${command.usage}`);
  return { positionals, flags: new Set(Object.keys(values)) };
}

function parse(command: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: command.options ?? {}, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
