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
  const file = readYamlFile('', text, {});
  if (file.problems.length > 0)
    return problems(file.problems.map(({ line, reason }) => ({ line, kind: 'syntax', name: '', reason })));
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
