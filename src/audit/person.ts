import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { actorReference } from './actor.ts';
import type { AuditActor } from './actor.ts';
import { appendAudit, lockAudit } from './append.ts';
import { readEntry } from './read-entry.ts';
import type { AuditEntry } from './read-entry.ts';
import { rangesOf } from './ranges.ts';

export const accountSubject = (accountId: string): string => actorReference({ kind: 'account', accountId });

/** What somebody did, and what was done to their account, oldest first (GDPR art. 15). */
export async function personRecord(db: Kysely<Database>, accountId: string): Promise<readonly AuditEntry[]> {
  const person = accountSubject(accountId);
  const rows = await db
    .selectFrom('audit_entry')
    .selectAll()
    .where((eb) => eb.or([eb('actor', '=', person), eb('subject', '=', person)]))
    .orderBy('seq')
    .execute();
  return rows.map(readEntry);
}

export interface Erasing {
  readonly accountId: string;
  /** Further subjects that are about this person alone: a draft, a mail. Not an organization, nor a decision on one. */
  readonly subjects?: readonly string[];
  readonly actor: AuditActor;
  /** Kept for ever: it names nobody. */
  readonly reason: string;
}

/**
 * Empties the details of what somebody did and of what was done to their account (GDPR art. 17): names, reasons, before
 * and after. That something was done, when and to what stays, and so does the name of an operator who did it (CRPA art.
 * L212-1; GDPR art. 17(3)(b)). What operators did to an organization or a file is not about the person, and stays
 * whole. The erasure is an entry, which says what was emptied: verification takes no other erasure for one.
 *
 * @returns how many entries lost their detail
 * @throws TypeError outside of a transaction
 */
export async function erasePerson(
  trx: Kysely<Database>,
  at: Date,
  { accountId, subjects = [], actor, reason }: Erasing,
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
    .returning('seq')
    .execute();
  if (erased.length === 0) return 0;
  const entries = rangesOf(erased.map(({ seq }) => seq));
  await appendAudit(trx, at, [{ act: 'audit.erase', subject: person, actor, reason, after: { entries } }]);
  return erased.length;
}
