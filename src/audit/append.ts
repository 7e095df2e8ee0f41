import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { canonicalJson } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import { actorReference, auditActorSchema, authorText, erasableActor } from './actor.ts';
import type { AuditActor } from './actor.ts';
import { beginning, detailHash, entryHash } from './chain.ts';
import { auditHead } from './head.ts';
import type { Head } from './head.ts';
import { rowDigestSchema } from './kept-rows.ts';
import type { RowDigest } from './kept-rows.ts';

export interface AuditEvent {
  /** `registration.approve`: the thing, then the verb. */
  readonly act: string;
  /** `registration:D-26-7K3QXWPB`, `account:…`: kept for ever, hence never a name or an address of a person. */
  readonly subject: string;
  readonly actor: AuditActor;
  /** Why, as it was written. */
  readonly reason?: string | undefined;
  /** JSON values, without secrets. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** What it wrote elsewhere, as it stands now (`rowsNow`). */
  readonly rows?: readonly RowDigest[] | undefined;
}

/** Any number will do, as long as every version of Maillon takes the same. */
const lockNumber = 7_214_400_938;

/** Before anything else of the record: whoever took rows of it first would wait for somebody who waits for them. */
export async function lockAudit(trx: Kysely<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockNumber}::bigint)`.execute(trx);
}

const eventSchema = z.object({
  act: z.string().regex(/^[a-z][a-z_-]*(?:\.[a-z_-]+)+$/),
  subject: z.string().regex(/^[a-z][a-z_]*(?::[^\p{C}]{1,300})?$/u),
  actor: auditActorSchema,
  reason: z.string().optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  rows: z.array(rowDigestSchema).readonly().optional(),
});

/**
 * Adds entries in the caller's transaction: act and record are kept together, or neither is. To be called last, since
 * every other act waits from here to the commit. The time is written as it was told, even when it goes back.
 *
 * @returns the head from now on, if the transaction is committed
 * @throws TypeError outside of a transaction, where two that append at once would take the same place
 */
export async function appendAudit(
  trx: Kysely<Database>,
  at: Date,
  events: readonly AuditEvent[],
): Promise<Head | undefined> {
  if (!trx.isTransaction) throw new TypeError('the record is written in the transaction of the act');
  const checked = z.array(eventSchema).parse(events);
  if (checked.length === 0) return auditHead(trx);
  await lockAudit(trx);
  let head = (await auditHead(trx)) ?? { seq: 0, hash: beginning };
  const rows = checked.map((event) => {
    const row = rowOf(event, at, head);
    head = { seq: row.seq, hash: row.hash };
    return row;
  });
  const size = 1000;
  for (let start = 0; start < rows.length; start += size) {
    await trx
      .insertInto('audit_entry')
      .values(rows.slice(start, start + size))
      .execute();
  }
  return head;
}

function rowOf(event: z.output<typeof eventSchema>, at: Date, last: Head) {
  const { act, subject, actor, reason, before, after, rows } = event;
  const detail = jsonText({ actor: erasableActor(actor), reason, before, after, rows });
  const salt = randomBytes(16).toString('base64url');
  const digested = {
    seq: last.seq + 1,
    at,
    act,
    subject,
    actor: actorReference(actor),
    author: authorText(actor),
    detail_sha256: detailHash(salt, detail),
    previous: last.hash,
  };
  return { ...digested, salt, detail, hash: entryHash(digested) };
}

/** Dates as JSON has them. */
function jsonText(value: object): string {
  const json: unknown = JSON.parse(JSON.stringify(value));
  return canonicalJson(json);
}

/** Somebody was shown personal data. In the transaction given, or in one of its own. */
export async function recordAccess(db: Kysely<Database>, at: Date, access: AuditEvent): Promise<void> {
  await inTransaction(db, (trx) => appendAudit(trx, at, [access]));
}

export const inTransaction = <T>(
  db: Kysely<Database>,
  work: (trx: Kysely<Database>) => Promise<T>,
): Promise<T> => (db.isTransaction ? work(db) : db.transaction().execute(work));
