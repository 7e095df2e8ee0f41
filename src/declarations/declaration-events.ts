import { createHash } from 'node:crypto';
import type { AuditActor, AuditEvent } from '../audit/audit.ts';
import { isSecretField } from './diff.ts';
import type { Change, Comparable } from './diff.ts';
import { sirenOfSiret } from './organization.ts';

const acts = {
  added: 'declaration.add',
  changed: 'declaration.change',
  removed: 'declaration.remove',
} as const;

/** What the record says of an apply: one entry an object, with what it was and is. Secrets are named, never told. */
export function declarationEvents(
  changes: readonly Change[],
  {
    before,
    after,
    actor,
  }: {
    readonly before: readonly Comparable[];
    readonly after: readonly Comparable[];
    readonly actor: AuditActor;
  },
): readonly AuditEvent[] {
  const [was, is] = [byKey(before), byKey(after)];
  return changes.map(({ kind, id, change, fields }) => {
    const changed = change === 'changed' ? new Set(fields.map(({ field }) => field)) : undefined;
    return {
      act: acts[change],
      subject: subjectOf(kind, id),
      actor,
      before: shown(was.get(keyOf({ kind, id })), { id, changed }),
      after: shown(change === 'removed' ? undefined : is.get(keyOf({ kind, id })), { id, changed }),
    };
  });
}

/** A legal unit has one history; the id of a membership may hold an address, which a subject never does. */
function subjectOf(kind: Change['kind'], id: string): string {
  if (kind === 'organization') return `organization:${sirenOfSiret(id)}`;
  if (kind === 'membership')
    return `membership:${createHash('sha256').update(id).digest('base64url').slice(0, 22)}`;
  return `${kind}:${id}`;
}

/** @param what `changed`: only these fields */
function shown(
  object: Comparable | undefined,
  { id, changed }: { readonly id: string; readonly changed: ReadonlySet<string> | undefined },
): object | undefined {
  if (object === undefined) return undefined;
  const fields = Object.entries(object.fields)
    .filter(([field]) => changed === undefined || changed.has(field))
    .map(([field, value]): [string, unknown] => [field, isSecretField(field) ? '(not shown)' : value]);
  return object.kind === 'membership' || object.kind === 'organization'
    ? { id, ...Object.fromEntries(fields) }
    : Object.fromEntries(fields);
}

const keyOf = ({ kind, id }: Pick<Comparable, 'kind' | 'id'>): string => `${kind} ${id}`;

const byKey = (objects: readonly Comparable[]): ReadonlyMap<string, Comparable> =>
  new Map(objects.map((object) => [keyOf(object), object]));
