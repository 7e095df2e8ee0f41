import { stringify } from 'yaml';
import { fieldText, issueText, readYamlFile } from '../declarations/declarations.ts';
import type { YamlFile } from '../declarations/declarations.ts';
import { policySchema } from '../eligibility/eligibility.ts';
import type { Policy } from '../eligibility/eligibility.ts';

/** `settled`: the service or the number, which the draft has already. */
export type ProblemKind =
  'syntax' | 'too_long' | 'unknown_predicate' | 'unknown_key' | 'missing' | 'value' | 'settled';

export interface DocumentProblem {
  readonly line: number;
  /** For people who read the page in their language; `reason` says the same in English, and in detail. */
  readonly kind: ProblemKind;
  /** The key or the predicate, where there is one. */
  readonly name: string;
  readonly reason: string;
}

export type ReadDocument =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'problems'; readonly problems: readonly DocumentProblem[] };

/** What the document has to be, where that is settled already. */
export interface Expected {
  readonly service?: string;
  readonly version?: number;
}

/** Characters: no policy that people can read comes near. */
export const longestDocument = 100_000;

/** More than anybody corrects at once: to say the line of each takes time. */
const mostProblems = 100;

/** One policy as somebody writes it, YAML or JSON: alone, or as the only one under `policies:`. */
export function readPolicyDocument(text: string, expected: Expected = {}): ReadDocument {
  if (text.length > longestDocument)
    return problems([
      { line: 1, kind: 'too_long', name: '', reason: `is longer than ${longestDocument} characters` },
    ]);
  const unseen = unseenIn(text.replace(/^\ufeff/u, ''));
  if (unseen.length > 0) return problems(unseen);
  const file = readYamlFile('', text, {});
  if (file.problems.length > 0)
    return problems(file.problems.map(({ line, reason }) => ({ line, kind: 'syntax', name: '', reason })));
  const strange = strangeIn(file.value);
  if (strange !== undefined) {
    const [at, reason] = strange;
    return problems([{ line: file.lineOf(at), kind: 'syntax', name: '', reason }]);
  }
  const { value, path } = onlyPolicy(file.value);
  const read = policySchema.safeParse(value);
  if (!read.success)
    return problems(
      read.error.issues.slice(0, mostProblems).flatMap((issue) => located(issue, { file, value, path })),
    );
  const other = [
    ...differs('service', read.data.service, expected.service),
    ...differs('version', read.data.version, expected.version),
  ].map(({ field, reason }) => ({
    line: file.lineOf([...path, field]),
    kind: 'settled' as const,
    name: field,
    reason,
  }));
  return other.length > 0 ? problems(other) : { kind: 'policy', policy: read.data };
}

/** A policy as text to be edited. */
export const policyText = (policy: Policy): string => stringify(policy, { lineWidth: 110 });

const problems = (found: readonly DocumentProblem[]): ReadDocument => ({
  kind: 'problems',
  problems: found.toSorted((one, other) => one.line - other.line),
});

/**
 * Signs that nobody sees, and those that turn the words around them: a second person has to read what the machine reads.
 */
const unseenSign = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Conditions of conditions: more than anybody follows, and less than what a process can. */
const deepest = 30;

const signIn = (text: string): string | undefined => {
  const code = unseenSign.exec(text)?.[0].codePointAt(0);
  return code === undefined
    ? undefined
    : `holds U+${code.toString(16).toUpperCase().padStart(4, '0')}, which nobody sees`;
};

function unseenIn(text: string): readonly DocumentProblem[] {
  if (!unseenSign.test(text)) return [];
  return text
    .split('\n')
    .flatMap((line, index): DocumentProblem[] => {
      const reason = signIn(line);
      return reason === undefined ? [] : [{ line: index + 1, kind: 'syntax', name: '', reason }];
    })
    .slice(0, mostProblems);
}

/** The same in what the letters of YAML stand for; and what is too deep. */
function strangeIn(
  value: unknown,
  path: readonly PropertyKey[] = [],
): [readonly PropertyKey[], string] | undefined {
  if (path.length > deepest) return [path, `is nested more than ${deepest} deep`];
  const sign = typeof value === 'string' ? signIn(value) : undefined;
  if (sign !== undefined) return [path, sign];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = strangeIn(key) ?? strangeIn(part, [...path, key]);
    if (found !== undefined) return found[0].length === 0 ? [path, found[1]] : found;
  }
  return undefined;
}

const differs = (field: string, value: string | number, expected: string | number | undefined) =>
  expected === undefined || value === expected
    ? []
    : [{ field, reason: `"${field}" must be ${JSON.stringify(expected)} here` }];

function member(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

function onlyPolicy(value: unknown): { readonly value: unknown; readonly path: readonly PropertyKey[] } {
  const list: unknown = member(value, 'policies');
  return Array.isArray(list) && list.length === 1
    ? { value: list[0], path: ['policies', 0] }
    : { value, path: [] };
}

type Issue = NonNullable<ReturnType<typeof policySchema.safeParse>['error']>['issues'][number];

function located(
  issue: Issue,
  { file, value, path }: { file: YamlFile; value: unknown; path: readonly PropertyKey[] },
): readonly DocumentProblem[] {
  const at = [...path, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, mostProblems).map((key): DocumentProblem => {
      const field = fieldText([...issue.path, key]);
      const line = file.lineOf(at, key);
      return issue.message.startsWith('unknown predicate')
        ? { line, kind: 'unknown_predicate', name: key, reason: `unknown predicate "${key}"` }
        : { line, kind: 'unknown_key', name: field, reason: `unknown key "${field}"` };
    });
  const name = fieldText(issue.path);
  const there = issue.path.reduce<unknown>(member, value);
  const reason = `${name === '' ? '' : `"${name}" `}${issueText(issue, there)}`;
  return [{ line: file.lineOf(at), kind: there === undefined ? 'missing' : 'value', name, reason }];
}
