import { sql } from 'kysely';
import type { Kysely, SqlBool } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { actorReference } from './actor.ts';
import type { AuditActor } from './actor.ts';
import { appendAudit, lockAudit } from './append.ts';
import { inOrder } from './batches.ts';
import { readEntry } from './read-entry.ts';
import type { AuditEntry } from './read-entry.ts';
import { rangesOf } from './ranges.ts';

export const accountSubject = (accountId: string): string => actorReference({ kind: 'account', accountId });

/** Acts that change nothing: somebody was shown something. */
const readings = ['file.read', 'letter.read', 'evidence.read'] as const;

/**
 * What somebody did, what was done to their account, and who was shown the files that are theirs, oldest first (GDPR art.
 * 15; CJEU 22 June 2023, C-579/21: when and why one's data was consulted is told, not by which agent).
 *
 * @param files subjects, `registration:…`
 * @param about subjects that are the person under another number, `partner:…`
 */
export async function* personRecord(
  db: Kysely<Database>,
  accountId: string,
  files: readonly string[] = [],
  about: readonly string[] = [],
): AsyncGenerator<AuditEntry> {
  const person = accountSubject(accountId);
  const where = sql<SqlBool>`(actor = ${person} or subject = ${person} or subject = any(${about}::text[])
    or (subject = any(${files}::text[]) and act = any(${readings}::text[])))`;
  for await (const rows of inOrder(db, { where })) yield* rows.map(readEntry);
}

/** Canonical JSON: whoever is named in a detail comes first in it (append.ts). */
const isOfAnother = (person: string) =>
  sql<SqlBool>`subject like 'account:%' and subject <> ${person} and detail not like '{"actor":%'`;

export interface Erasing {
  readonly accountId: string;
  /** Further subjects that are about this person alone: a draft, a mail. Not an organization, nor a decision on one. */
  readonly subjects?: readonly string[];
  /** Subjects of which everything has to be kept for now: a file that was sent, an invitation. */
  readonly except?: readonly string[];
  readonly actor: AuditActor;
  /** Kept for ever: it names nobody. */
  readonly reason: string;
}

/**
 * Empties the details of what somebody did and of what was done to their account (GDPR art. 17): names, reasons, before
 * and after. That something was done, when and to what stays, and so does the name of an operator who did it (CRPA art.
 * L212-1; GDPR art. 17(3)(b)). What they did to somebody else's account stays too, while no name of theirs is in it: it is
 * as much about the other, who may ask who took a right from them, and why. What operators did to an organization or a file is not about the person, and stays
 * whole. The erasure is an entry, which says what was emptied: verification takes no other erasure for one.
 *
 * @returns how many entries lost their detail
 * @throws TypeError outside of a transaction
 */
export async function erasePerson(
  trx: Kysely<Database>,
  at: Date,
  { accountId, subjects = [], except = [], actor, reason }: Erasing,
): Promise<number> {
  if (!trx.isTransaction) throw new TypeError('an erasure and its entry go together');
  const person = accountSubject(accountId);
  await lockAudit(trx);
  const erased = await trx
    .updateTable('audit_entry')
    .set({ detail: null, salt: null })
    .where((eb) => eb.or([eb('actor', '=', person), eb('subject', 'in', [person, ...subjects])]))
    .where('detail', 'is not', null)
    .where('act', '!=', 'audit.erase')
    .where((eb) => eb.not(eb.and([eb('actor', '=', person), isOfAnother(person)])))
    .$if(except.length > 0, (query) => query.where('subject', 'not in', except))
    .returning('seq')
    .execute();
  if (erased.length === 0) return 0;
  const entries = rangesOf(erased.map(({ seq }) => seq));
  await appendAudit(trx, at, [{ act: 'audit.erase', subject: person, actor, reason, after: { entries } }]);
  return erased.length;
}
