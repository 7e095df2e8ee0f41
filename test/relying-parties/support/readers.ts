/** Just enough of each tool's own format to read what its guide says. Whatever is not read is a failure, never a guess. */
import { z } from 'zod';

export type Settings = Readonly<Record<string, string>>;

/** `KEY=value`, with or without double quotes. */
export function readEnvironment(text: string): Settings {
  return Object.fromEntries(
    meaningfulLines(text).map((line) => {
      const [, name, value] = /^([A-Z0-9_]+)=(.*)$/.exec(line) ?? fail(line);
      return [name ?? '', (value ?? '').replace(/^"(.*)"$/, '$1')];
    }),
  );
}

/** Sections of `key = value`. */
export function readIni(text: string): Readonly<Record<string, Settings>> {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  for (const line of meaningfulLines(text)) {
    const [, name] = /^\[([\w.]+)\]$/.exec(line) ?? [];
    if (name !== undefined) {
      section = {};
      sections[name] = section;
      continue;
    }
    const [, key, value] = /^(\w+) = (.+)$/.exec(line) ?? fail(line);
    section[key ?? ''] = value ?? '';
  }
  return sections;
}

/** The part of TOML that is also JSON: strings, booleans and lists of strings, one a line. */
export function readToml(text: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    meaningfulLines(text).map((line): [string, unknown] => {
      const [, key, value] = /^(\w+) = (.+)$/.exec(line) ?? fail(line);
      return [key ?? '', JSON.parse(value ?? '')];
    }),
  );
}

/** A Ruby literal of hashes with symbol keys, lists, strings and booleans, given to `gitlab_rails['<name>']`. */
export function readRuby(text: string, name: string): unknown {
  const start = text.indexOf(`gitlab_rails['${name}'] = `);
  if (start === -1) fail(name);
  const literal = text.slice(text.indexOf(' = ', start) + 3).split(/^gitlab_rails/m)[0] ?? '';
  return JSON.parse(
    literal
      .replaceAll(/ENV\["(\w+)"\]/g, '"$1"')
      .replaceAll("'", '"')
      .replaceAll(/^(\s*)(\w+): /gm, '$1"$2": '),
  );
}

/** The options of the one command of a shell script. */
export function readOptions(text: string): Settings {
  const command = meaningfulLines(text.replaceAll('\\\n', ' ')).join('\n');
  return Object.fromEntries(
    [...command.matchAll(/--([\w-]+)=(?:"([^"]*)"|'([^']*)'|(\S+))/g)].map(
      ([, name = '', double, single, bare]) => [name, double ?? single ?? bare ?? ''],
    ),
  );
}

const meaningfulLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

function fail(what: string): never {
  throw new Error(`cannot be read: ${what}`);
}

export const strings = z.array(z.string());
