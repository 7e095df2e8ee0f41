import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What zod found, as the end of a sentence about the field that `fieldText` names. @param value what stands at the path of the issue */
export function issueText(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_type' || issue.code === 'invalid_union') {
    if (value === undefined) return 'is missing';
    if (issue.code === 'invalid_type') return `must be ${typeText(issue.expected, value)}`;
  }
  if (issue.code === 'invalid_value') {
    if (value === undefined) return 'is missing';
    const values = issue.values.map((allowed) => String(allowed)).join(', ');
    return issue.message.startsWith('Invalid') ? `must be one of ${values}` : issue.message;
  }
  return issue.message.startsWith('Too ')
    ? issue.message.replace(/^Too \w+: expected \w+ to /, 'must ')
    : issue.message;
}

/** `redirect_uris[0].x` */
export function fieldText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}

const names: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a block of `key: value` lines',
  record: 'a block of `key: value` lines',
  array: 'a list',
};

function typeText(expected: string, value: unknown): string {
  const name = names[expected] ?? expected;
  // 00000010900009 without quotes is the number 10900009: the usual slip, worth its own words.
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean'))
    return `${name}: put it between quotes`;
  return name;
}
