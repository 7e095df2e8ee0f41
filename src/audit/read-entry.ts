import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { auditActorSchema } from './actor.ts';
import type { AuditActor } from './actor.ts';

type Row = Database['audit_entry'];

export interface AuditEntry {
  readonly seq: number;
  readonly at: Date;
  readonly act: string;
  readonly subject: string;
  /** Without a name: `operator:anne`. */
  readonly actor: string;
  /** With the name, unless the actor is nobody or the name was erased. */
  readonly who: AuditActor | undefined;
  /** `unreadable`: somebody altered it; verification says so too. */
  readonly detail: 'held' | 'erased' | 'unreadable';
  readonly reason: string | undefined;
  readonly before: unknown;
  readonly after: unknown;
  readonly hash: string;
}

const detailSchema = z.object({
  actor: auditActorSchema.optional(),
  reason: z.string().optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});

export function readEntry(row: Row): AuditEntry {
  const { seq, at, act, subject, actor, hash } = row;
  const read = detailSchema.safeParse(jsonOf(row.detail));
  const author = auditActorSchema.safeParse(jsonOf(row.author));
  const held = read.success ? read.data : undefined;
  return {
    seq,
    at,
    act,
    subject,
    actor,
    who: author.success ? author.data : held?.actor,
    detail: row.detail === null ? 'erased' : held === undefined ? 'unreadable' : 'held',
    reason: held?.reason,
    before: held?.before,
    after: held?.after,
    hash,
  };
}

/** Undefined for what is not there, or is not JSON. */
export function jsonOf(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
