/** docs/standards.md is true as far as files can tell: its paths exist, and its rows are shown or explained. */
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

const page = readFileSync('docs/standards.md', 'utf8');

interface Row {
  readonly specification: string;
  readonly rfcs: readonly number[];
  readonly implemented: string;
  readonly shownBy: readonly string[];
  readonly not: string;
}

/** « RFC 7515 to 7519, JOSE » is about five. */
function rfcsOf(specification: string): readonly number[] {
  const [, first, last = first] = /^RFC (\d{4})(?: to (\d{4}))?/.exec(specification) ?? [];
  if (first === undefined) return [];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
}

const paths = (text: string): readonly string[] =>
  [...text.matchAll(/`([a-z]+\/[^`]*)`/g)].flatMap(([, path]) =>
    path !== undefined && /^(?:src|test|docs|scripts|config)\//.test(path) ? [path] : [],
  );

const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+$/.test(line) && !line.startsWith('| Specification'))
  .map((line) => {
    const [specification = '', implemented = '', shownBy = '', not = '', ...more] = line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim());
    if (more.length > 0) throw new Error(`more than four cells: ${line}`);
    return { specification, rfcs: rfcsOf(specification), implemented, shownBy: paths(shownBy), not };
  });

/** Those whose mandatory refusals have each a test (9396 where it applies: it is not implemented). */
const mandatory = [
  ...[6749, 6750, 7009, 7523, 7591, 7636, 7662, 8414, 8705, 9068, 9101, 9126, 9207, 9396, 9449, 9700, 9701],
];

/** Whether a title, or a row of a table of titles, names a section of the RFC; comments do not count. */
function namesSection(source: string, rfc: number): boolean {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return new RegExp(`['"\`][^'"\`\\n]*RFC ${rfc} §\\d[^'"\`\\n]*['"\`]`).test(code);
}

test('the table is read whole', () => {
  expect(rows.length).toBeGreaterThanOrEqual(35);
  expect(new Set(rows.map(({ specification }) => specification)).size).toBe(rows.length);
});

test('each path of the page exists', () => {
  const named = paths(page);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

test.each(rows)('$specification: a test shows it, or a reason says why it is not there', (row) => {
  if (row.implemented === '') expect(row.not).not.toBe('');
  else expect(row.shownBy).not.toEqual([]);
  for (const path of row.shownBy) expect(path).toMatch(/\.test\.ts$/);
});

describe.each(mandatory)('RFC %i', (rfc) => {
  const row = rows.find(({ rfcs }) => rfcs.includes(rfc));
  test('has a row', () => expect(row).toBeDefined());
  test('a test of its row names a section in its title', () => {
    const naming = row?.shownBy.filter((path) => namesSection(readFileSync(path, 'utf8'), rfc));
    expect(naming).not.toEqual([]);
    expect(naming).toBeDefined();
  });
});

test('each file of test/refusals and test/conformance is shown by a row', async () => {
  const shown = new Set(rows.flatMap(({ shownBy }) => shownBy));
  const files = [];
  for (const folder of ['test/refusals', 'test/conformance'])
    for (const name of await readdir(folder)) if (name.endsWith('.test.ts')) files.push(`${folder}/${name}`);
  expect(files.filter((file) => !shown.has(file))).toEqual(['test/conformance/field-names.test.ts']);
});

test('a title in a comment, without section or of another RFC, does not count', () => {
  expect(namesSection("test('RFC 7009 §2.1: a token', f);", 7009)).toBe(true);
  expect(namesSection("test('RFC 7009: a token', f);", 7009)).toBe(false);
  expect(namesSection("test('RFC 7009 §2.1: a token', f);", 7662)).toBe(false);
  expect(namesSection("/** 'RFC 7009 §2.1' */\n// 'RFC 7009 §2.1'\n", 7009)).toBe(false);
});
