import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { auditFilterSchema, matching } from './filter.ts';
import type { AuditFilter } from './filter.ts';
import { readEntry } from './read-entry.ts';
import type { AuditEntry } from './read-entry.ts';

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** What `before` is to be for the next page; undefined on the last. */
  readonly next: number | undefined;
}

export const largestPage = 50;

/**
 * Whoever shows it records that they did (`recordAccess`): an entry may hold personal data.
 *
 * @throws ZodError when a day of the filter is none
 */
export async function auditPage(
  db: Kysely<Database>,
  asked: AuditFilter & { readonly before?: number | undefined; readonly limit?: number | undefined },
): Promise<AuditPage> {
  const limit = Math.min(Math.max(Math.trunc(asked.limit ?? largestPage), 1), largestPage);
  const { before } = asked;
  const rows = await db
    .selectFrom('audit_entry')
    .selectAll()
    .where(matching(auditFilterSchema.parse(asked)))
    .$if(before !== undefined, (query) => query.where('seq', '<', before ?? 0))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  const entries = rows.slice(0, limit).map(readEntry);
  return { entries, next: rows.length > limit ? entries.at(-1)?.seq : undefined };
}
