import { z } from 'zod';
import { beginning, detailHash, entryHash } from './chain.ts';
import { createErasureCheck } from './check-erasures.ts';
import type { Head } from './head.ts';

/** What was found where the chain does not hold. */
export type Break =
  /** Entries that were removed: at the beginning, in the middle, or after the last one (the kept head says so). */
  | { readonly kind: 'missing'; readonly seq: number; readonly to: number }
  /** The entry is not what its digest was made of. */
  | { readonly kind: 'altered'; readonly seq: number }
  /** What stands here stood at `from`. */
  | { readonly kind: 'moved'; readonly seq: number; readonly from: number }
  /** Whole in itself, but it does not follow the entry before: one of the two was written anew. */
  | { readonly kind: 'not_linked'; readonly seq: number }
  | { readonly kind: 'detail_altered'; readonly seq: number }
  /** No later entry says that this detail was erased. */
  | { readonly kind: 'erased_without_entry'; readonly seq: number }
  /** Everything up to here was written anew since the head was kept. */
  | { readonly kind: 'not_the_head'; readonly seq: number };

/** The clock went back by more than transactions that run at once explain. It breaks nothing: the order is that of `seq`. */
export interface ClockNote {
  readonly seq: number;
  readonly at: Date;
  /** Of the entry before. */
  readonly after: Date;
}

export interface ChainVerified {
  readonly entries: number;
  readonly head: Head | undefined;
  readonly erased: number;
  /** By place. No more than `shown` of them. */
  readonly breaks: readonly Break[];
  /** All of them: 0 means that the chain is whole. */
  readonly broken: number;
  readonly clockWentBack: readonly ClockNote[];
}

const shown = 1000;
const simultaneousMs = 60_000;

const digest = z.string().regex(/^[0-9A-Za-z_-]{43}$/);
const rowSchema = z.object({
  seq: z.int().positive(),
  at: z.date(),
  act: z.string(),
  subject: z.string(),
  actor: z.string(),
  author: z.string().nullable(),
  detail: z.string().nullable(),
  salt: z.string().nullable(),
  detail_sha256: digest,
  previous: digest,
  hash: digest,
});
type Row = z.output<typeof rowSchema>;

/** Takes the entries in order of `seq`, one at a time, and keeps next to nothing of them. */
export function createChainCheck(expected?: Head): {
  /** Whatever the table holds: somebody may have written anything there. */
  readonly take: (row: { readonly seq: number }) => void;
  readonly finish: () => ChainVerified;
} {
  const breaks: Break[] = [];
  const altered: Row[] = [];
  const clockWentBack: ClockNote[] = [];
  const erasures = createErasureCheck();
  let broken = 0;
  let entries = 0;
  let head: Head = { seq: 0, hash: beginning };
  /** What the next entry has to name as the one before; undefined after what was found already. */
  let links: string | undefined = beginning;
  let lastAt: Date | undefined;

  function found(one: Break): void {
    broken += 1;
    if (breaks.length < shown) breaks.push(one);
  }

  function take(given: { readonly seq: number }): void {
    entries += 1;
    if (given.seq > head.seq + 1) {
      found({ kind: 'missing', seq: head.seq + 1, to: given.seq - 1 });
      links = undefined;
    }
    const read = rowSchema.safeParse(given);
    if (!read.success) {
      found({ kind: 'altered', seq: given.seq });
      links = undefined;
      head = { seq: given.seq, hash: '' };
      return;
    }
    const row = read.data;
    const computed = entryHash(row);
    const isWhole = computed === row.hash;
    if (isWhole) {
      if (links !== undefined && row.previous !== links) found({ kind: 'not_linked', seq: row.seq });
      if (!isDetailWhole(row)) found({ kind: 'detail_altered', seq: row.seq });
      else erasures.take(row);
    } else {
      found(changed(row));
      if (altered.length < shown) altered.push(row);
    }
    const isHead = [row.hash, computed].includes(expected?.hash ?? '');
    if (expected?.seq === row.seq && !isHead) found({ kind: 'not_the_head', seq: row.seq });
    if (lastAt !== undefined && lastAt.getTime() - row.at.getTime() > simultaneousMs)
      if (clockWentBack.length < shown) clockWentBack.push({ seq: row.seq, at: row.at, after: lastAt });
    links = isWhole ? row.hash : undefined;
    lastAt = row.at;
    head = { seq: row.seq, hash: row.hash };
  }

  function finish(): ChainVerified {
    if (expected !== undefined && head.seq < expected.seq)
      found({ kind: 'missing', seq: head.seq + 1, to: expected.seq });
    for (const seq of erasures.unexplained()) found({ kind: 'erased_without_entry', seq });
    return {
      entries,
      head: entries === 0 ? undefined : head,
      erased: erasures.count(),
      breaks: withMoves(breaks, altered).toSorted((a, b) => a.seq - b.seq),
      broken,
      clockWentBack,
    };
  }

  return { take, finish };
}

const isDetailWhole = ({ detail, salt, detail_sha256: expected }: Row): boolean =>
  detail === null || (salt !== null && detailHash(salt, detail) === expected);

const belongsAt = (row: Row, seq: number): boolean => entryHash({ ...row, seq }) === row.hash;

/** Renumbered, so that a gap does not show: it comes from the place beside. */
function changed(row: Row): Break {
  const from = [row.seq + 1, row.seq - 1].find((seq) => belongsAt(row, seq));
  return from === undefined ? { kind: 'altered', seq: row.seq } : { kind: 'moved', seq: row.seq, from };
}

/** Entries that changed places with each other are whole, each at the place of another one. */
function withMoves(breaks: readonly Break[], altered: readonly Row[]): Break[] {
  const bySeq = new Map(altered.map((row) => [row.seq, row]));
  return breaks.map((one) => {
    const row = bySeq.get(one.seq);
    if (one.kind !== 'altered' || row === undefined) return one;
    const from = altered.find(({ seq }) => seq !== row.seq && belongsAt(row, seq))?.seq;
    return from === undefined ? one : { kind: 'moved', seq: row.seq, from };
  });
}
