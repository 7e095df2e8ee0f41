import type { z } from 'zod';
import { fieldText, issueText } from './issue-text.ts';
import type { Problem, YamlFile } from './yaml-file.ts';

/** What may stand at the top of a file. */
export const sectionNames = [
  'services',
  'clients',
  'resource_servers',
  'identity_providers',
  'policies',
  'operators',
  'approvals',
  'memberships',
  'organizations',
] as const;

export type SectionName = (typeof sectionNames)[number];

/** One valid object and where it is written. */
export interface Located<T> {
  readonly value: T;
  /** `client "docs"`, for messages. */
  readonly label: string;
  readonly file: YamlFile;
  readonly path: readonly PropertyKey[];
}

interface Section<T> {
  readonly name: SectionName;
  readonly kind: string;
  readonly schema: z.ZodType<T>;
  readonly idOf: (value: T) => string;
}

/** The objects of one section over all files: each checked alone, and its id unique. */
export function readSection<T>(
  files: readonly YamlFile[],
  section: Section<T>,
): { readonly entries: readonly Located<T>[]; readonly problems: readonly Problem[] } {
  const entries: Located<T>[] = [];
  const problems: Problem[] = [];
  const seen = new Map<string, string>();

  for (const file of files) {
    const items = member(file.value, section.name);
    if (items === undefined) continue;
    if (!Array.isArray(items)) {
      problems.push({
        file: file.name,
        line: file.lineOf([], section.name),
        reason: `"${section.name}" must be a list`,
      });
      continue;
    }
    for (const [index, item] of items.entries()) {
      const path = [section.name, index];
      const read = section.schema.safeParse(item);
      if (!read.success) {
        problems.push(
          ...read.error.issues.flatMap((issue) =>
            locate(issue, { file, path, item, kind: section.kind, index }),
          ),
        );
        continue;
      }
      const id = section.idOf(read.data);
      const label = `${section.kind} "${id}"`;
      const line = file.lineOf(path);
      const earlier = seen.get(id);
      if (earlier !== undefined)
        problems.push({ file: file.name, line, reason: `${label} is already declared at ${earlier}` });
      seen.set(id, `${file.name}:${line}`);
      entries.push({ value: read.data, label, file, path });
    }
  }
  return { entries, problems };
}

/** The ids that the files name in a section, those of invalid objects included: one mistake is reported once. */
export function namedIds(
  files: readonly YamlFile[],
  name: SectionName,
  idField: string,
): ReadonlySet<unknown> {
  return new Set(
    files.flatMap((file) => {
      const items = member(file.value, name);
      return Array.isArray(items) ? items.map((item: unknown) => member(item, idField)) : [];
    }),
  );
}

export function member(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

function locate(
  issue: z.core.$ZodIssue,
  at: { file: YamlFile; path: readonly PropertyKey[]; item: unknown; kind: string; index: number },
): readonly Problem[] {
  const label = labelOf(at.item, at.kind, at.index);
  const path = [...at.path, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      file: at.file.name,
      line: at.file.lineOf(path, key),
      reason: `${label}: unknown key "${fieldText([...issue.path, key])}"`,
    }));
  }
  const value = issue.path.reduce<unknown>(member, at.item);
  const field = issue.path.length === 0 ? '' : ` "${fieldText(issue.path)}"`;
  return [
    {
      file: at.file.name,
      line: at.file.lineOf(path),
      reason: `${label}:${field} ${issueText(issue, value)}`,
    },
  ];
}

/** What a person calls it: the first thing that looks like a name. */
function labelOf(item: unknown, kind: string, index: number): string {
  const name = ['id', 'client_id', 'siret', 'subject', 'service']
    .map((key) => member(item, key))
    .find((id) => typeof id === 'string');
  return name === undefined ? `${kind} number ${index + 1}` : `${kind} "${name}"`;
}
