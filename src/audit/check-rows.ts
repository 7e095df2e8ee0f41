import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { digestsNow, isWrittenOnce, keptTables, rowDigestSchema } from './kept-rows.ts';
import type { KeptTable, RowDigest, RowKey } from './kept-rows.ts';
import { jsonOf } from './read-entry.ts';
import { createKnownRows } from './unknown-rows.ts';

/** Where what was decided is no longer what the record says was written. */
export interface RowFinding extends RowKey {
  /** Rewritten; removed; or there, and no entry says who wrote it. */
  readonly kind: 'altered' | 'missing' | 'unknown';
  /** The last entry that wrote it. */
  readonly seq?: number;
}

export interface RowsVerified {
  /** No more than `shown` of them. */
  readonly rows: readonly RowFinding[];
  readonly count: number;
  /** Acts on files whose entries are of before the digests: what they decided is in no chain. */
  readonly olderThanDigests: number;
}

interface Entry {
  readonly seq: number;
  readonly act: string;
  readonly subject: string;
  readonly detail: string | null;
}

interface Open {
  readonly finding: RowFinding;
  readonly sha256: string | null;
  readonly subject: string;
}

const shown = 1000;
/** Acts that write rows which have a digest: not a reading, nor the end of a job. */
const writing = new RegExp(
  [
    '^registration[.]',
    '^declaration[.]',
    '^file[.]destroy$',
    '^policy[.]publish$',
    '^operator[.](appoint|change|readmit|remove)$',
    '^invitation[.](send|renew|revoke|take_over)$',
    '^member[.](confirm|revoke|restore)$',
    '^partner[.]',
    '^batch[.](?!start$|carried_out$|announced$|undone$)',
  ].join('|'),
);
const heldSchema = z.object({ rows: z.array(rowDigestSchema) });
const id = ({ table, key }: RowKey): string => `${table} ${key}`;

/**
 * Compares what entries say that they wrote with what is there. The last entry that wrote a row decides; of what is written
 * once and for all, every one. Entries come in order; what agrees is forgotten at once.
 */
export function createRowsCheck(db: Kysely<Database>): {
  readonly take: (entries: readonly Entry[]) => Promise<void>;
  readonly finish: () => Promise<RowsVerified>;
} {
  const open = new Map<string, Open>();
  const certain: RowFinding[] = [];
  const known = createKnownRows(db);
  let olderThanDigests = 0;

  function compare(entry: Entry, claim: RowDigest, now: string | undefined): void {
    const { table, key, sha256, was, mayGo } = claim;
    const before = open.get(id(claim));
    // Rewritten before its words were destroyed.
    if (was !== undefined && before !== undefined && before.sha256 !== was) certain.push(before.finding);
    open.delete(id(claim));
    if (sha256 === (now ?? null) || (now === undefined && mayGo === true)) return;
    const kind = now === undefined ? 'missing' : 'altered';
    open.set(id(claim), {
      finding: { kind, table, key, seq: entry.seq },
      sha256,
      subject: entry.subject,
    });
  }

  /** What this entry wrote, it does not say: erased, or of a version before the digests. */
  function forget({ act, subject }: Entry): void {
    if (!writing.test(act)) return;
    for (const [one, { subject: about, finding }] of open)
      if (about === subject && (act === 'file.destroy' || !isWrittenOnce(finding.table))) open.delete(one);
  }

  return {
    async take(entries) {
      const read = entries.map((entry) => ({ entry, claims: claimsOf(entry) }));
      const now = new Map<KeptTable, ReadonlyMap<string, string>>();
      for (const table of keptTables) {
        const keys = read.flatMap(({ claims = [] }) =>
          claims.filter((one) => one.table === table).map(({ key }) => key),
        );
        now.set(table, await digestsNow(db, table, keys));
      }
      for (const { entry, claims } of read) {
        known.take(entry, claims);
        if (claims === undefined) {
          forget(entry);
          if (entry.detail !== null && entry.act.startsWith('registration.')) olderThanDigests += 1;
        } else for (const claim of claims) compare(entry, claim, now.get(claim.table)?.get(claim.key));
      }
    },
    async finish() {
      const unknown = await known.finish();
      const all = [...certain, ...[...open.values()].map(({ finding }) => finding), ...unknown];
      const rows = all.toSorted((one, other) => (one.seq ?? Infinity) - (other.seq ?? Infinity));
      return { rows: rows.slice(0, shown), count: rows.length, olderThanDigests };
    },
  };
}

function claimsOf({ detail }: Entry): readonly RowDigest[] | undefined {
  const read = heldSchema.safeParse(jsonOf(detail));
  return read.success ? read.data.rows : undefined;
}
