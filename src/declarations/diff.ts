import { isDeepStrictEqual } from 'node:util';

export type DeclarationKind =
  | 'service'
  | 'client'
  | 'resource_server'
  | 'identity_provider'
  | 'policy'
  | 'operator'
  | 'approval'
  | 'membership'
  | 'organization';

/** An object in the form in which two are compared. JSON values only. */
export interface Comparable {
  readonly kind: DeclarationKind;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface FieldChange {
  readonly field: string;
  /** Absent for secrets. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface Change {
  readonly kind: DeclarationKind;
  readonly id: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** Empty unless `changed`. */
  readonly fields: readonly FieldChange[];
}

export interface Diff {
  readonly changes: readonly Change[];
  /** How many objects are as declared already. */
  readonly same: number;
  /** What was left alone, and why. */
  readonly notes?: readonly string[];
}

const secretFields = new Set([
  'client_secret',
  'client_secret_sha256',
  'former_client_secret_sha256',
  'client_secret_sealed',
]);

export const isSecretField = (field: string): boolean => secretFields.has(field);

/** What applying would do: additions and changes in the order of the files, then removals. */
export function diffDeclarations(declared: readonly Comparable[], stored: readonly Comparable[]): Diff {
  const before = new Map(stored.map((object) => [keyOf(object), object]));
  const after = new Set(declared.map(keyOf));
  const written = declared.flatMap((object): Change[] => {
    const known = before.get(keyOf(object));
    const { kind, id } = object;
    if (known === undefined) return [{ kind, id, change: 'added', fields: [] }];
    const fields = changedFields(known.fields, object.fields);
    return fields.length === 0 ? [] : [{ kind, id, change: 'changed', fields }];
  });
  const removed = stored
    .filter((object) => !after.has(keyOf(object)))
    .map(({ kind, id }): Change => ({ kind, id, change: 'removed', fields: [] }));
  return { changes: [...written, ...removed], same: declared.length - written.length };
}

export function changedFields(
  before: Comparable['fields'],
  after: Comparable['fields'],
): readonly FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) =>
      secretFields.has(field) ? { field } : { field, before: before[field], after: after[field] },
    );
}

const keyOf = ({ kind, id }: Comparable): string => `${kind} ${id}`;

/** For a terminal: one line per object, one more per changed field, and a count. Secrets are named, never shown. */
export function formatDiff({ changes, same, notes = [] }: Diff): string {
  const sign = { added: '+', changed: '~', removed: '-' } as const;
  const lines = changes.flatMap(({ kind, id, change, fields }) => [
    `${sign[change]} ${kind.replaceAll('_', ' ')} ${id}`,
    ...fields.map((field) => `    ${fieldLine(field)}`),
  ]);
  const count = (change: Change['change']): number => changes.filter((one) => one.change === change).length;
  const total = `${count('added')} added, ${count('changed')} changed, ${count('removed')} removed, ${same} unchanged`;
  return [...lines, ...notes, changes.length === 0 ? `Nothing to do: ${total}.` : `${total}.`].join('\n');
}

function fieldLine(change: FieldChange): string {
  if (secretFields.has(change.field)) return `${change.field}: changed (not shown)`;
  return `${change.field}: ${short(change.before)} → ${short(change.after)}`;
}

function short(value: unknown): string {
  const text = value === undefined ? '(none)' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
