import { stringify } from 'csv-stringify/sync';
import type { Kysely } from 'kysely';
import { canonicalJson } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import type { AuditActor } from './actor.ts';
import { appendAudit, inTransaction } from './append.ts';
import { inOrder } from './batches.ts';
import type { AuditRow } from './batches.ts';
import { auditFilterSchema, matching } from './filter.ts';
import type { AuditFilter } from './filter.ts';
import type { Head } from './head.ts';
import { readEntry } from './read-entry.ts';

export const exportFormats = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface AuditExport {
  /** That of the entry which records this export: to be kept beside it. */
  readonly head: Head;
  /** Pieces of the file, each of whole lines. */
  readonly chunks: AsyncIterable<string>;
}

/**
 * Everything up to now that the filter lets pass. The export is recorded before its first line is read, so that one
 * that somebody interrupts is recorded too; its own entry is in it, when the filter lets it pass.
 *
 * @throws ZodError when a day of the filter is none
 */
export async function exportAudit(
  db: Kysely<Database>,
  {
    at,
    actor,
    format,
    filter = {},
  }: {
    readonly at: Date;
    readonly actor: AuditActor;
    readonly format: ExportFormat;
    readonly filter?: AuditFilter;
  },
): Promise<AuditExport> {
  const asked = auditFilterSchema.parse(filter);
  const head = await inTransaction(db, (trx) =>
    appendAudit(trx, at, [
      { act: 'audit.export', subject: 'audit', actor, after: { format, filter: asked } },
    ]),
  );
  if (head === undefined) throw new Error('an entry was appended');
  return { head, chunks: chunks(inOrder(db, { where: matching(asked), upTo: head.seq }), format) };
}

async function* chunks(
  batches: AsyncIterable<readonly AuditRow[]>,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield csv([columns]);
  for await (const rows of batches)
    yield format === 'csv' ? csv(rows.map(cells)) : rows.map(jsonLine).join('');
}

const columns = [
  'seq',
  'at',
  'act',
  'subject',
  'actor',
  'given_name',
  'usual_name',
  'capacity',
  'organization',
  'reason',
  'before',
  'after',
  'detail',
  'hash',
] as const;

function cells(row: AuditRow): readonly string[] {
  const { seq, at, act, subject, actor, who, reason, before, after, detail, hash } = readEntry(row);
  return [
    String(seq),
    at.toISOString(),
    act,
    subject,
    actor,
    ...names(who),
    reason ?? '',
    before === undefined ? '' : canonicalJson(before),
    after === undefined ? '' : canonicalJson(after),
    detail,
    hash,
  ];
}

function names(who: AuditActor | undefined): readonly string[] {
  if (who?.kind === 'operator') return [who.givenName, who.usualName, who.capacity, who.organization];
  if (who?.kind === 'applicant') return [who.givenName, who.usualName, '', ''];
  if (who?.kind !== 'command_line' || who.author === undefined) return ['', '', '', ''];
  const { given_name: given, usual_name: usual, capacity, organization } = who.author;
  return [given, usual, capacity, organization];
}

/** A cell that a spreadsheet would take for a formula is quoted as text; one of several lines stays one cell. */
const csv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, quoted_match: /[\r\n\t]/ },
  );

/** All that a digest covers, as it is stored: whoever has this line can compute both digests again. */
function jsonLine(row: AuditRow): string {
  const { seq, at, act, subject, actor, author, salt, detail, previous, hash } = row;
  return `${JSON.stringify({
    seq,
    at: at.toISOString(),
    act,
    subject,
    actor,
    author,
    detail,
    salt,
    detail_sha256: row.detail_sha256,
    previous,
    hash,
  })}\n`;
}
