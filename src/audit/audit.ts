/**
 * audit/: the record of every act.
 *
 * What it does: whatever changes a decision, or shows somebody personal data, leaves an entry that says who, what, why,
 * before and after. Entries are only ever added. Each holds the digest of the one before, so that whoever removes,
 * alters or moves one breaks a chain that `verifyAudit` walks. What can be rewritten as a whole, only a head that was
 * kept elsewhere shows (head.ts).
 *
 * Flow: a room that acts ──appendAudit(), in its own transaction, as the last thing it does there──▶ append.ts (one
 * writer at a time, chain.ts makes digests) ──▶ table audit_entry ──▶ page.ts (console), export.ts (CSV, JSON lines),
 * person.ts (what concerns somebody; erasure), verify.ts ──▶ check-chain.ts.
 * An entry has two parts. What names nobody but those who answer for an act (subject, act, actor, author) is in the
 * digest as it is and stays. The detail (reason, before, after, names of applicants) is in it through a salted digest of
 * its own: it can be erased, and the chain still holds. Never put a name or an address into a subject.
 * What an act decided is in rows of other rooms. Whoever writes such a row reads it back with rowsNow() (kept-rows.ts) and
 * hands its digest over with the event: verify.ts ──▶ check-rows.ts finds what was rewritten there, unknown-rows.ts what
 * nobody wrote by an act.
 *
 * May import: storage, config (canonical JSON), errors. Nothing else of the house.
 */
export { actorReference, auditActorSchema } from './actor.ts';
export type { AuditActor } from './actor.ts';
export { appendAudit, recordAccess } from './append.ts';
export type { AuditEvent } from './append.ts';
export type { AuditEntry } from './read-entry.ts';
export type { Break, ClockNote } from './check-chain.ts';
export type { RowFinding } from './check-rows.ts';
export { exportAudit, exportFormats } from './export.ts';
export type { AuditExport, ExportFormat } from './export.ts';
export { auditFilterSchema } from './filter.ts';
export type { AuditFilter } from './filter.ts';
export { auditHead, headText, parseHead } from './head.ts';
export type { Head } from './head.ts';
export { rowsNow } from './kept-rows.ts';
export type { KeptTable, RowDigest, RowKey } from './kept-rows.ts';
export { namesOfAccounts } from './names.ts';
export { isNamed, lastTimes } from './last-times.ts';
export { auditPage, largestPage } from './page.ts';
export type { AuditPage } from './page.ts';
export { accountSubject, erasePerson, personRecord } from './person.ts';
export type { Erasing } from './person.ts';
export { verifyAudit } from './verify.ts';
export type { Verification } from './verify.ts';
