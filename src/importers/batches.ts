import type { LineItem } from './apply-items.ts';
import type { Reading } from './importer.ts';
import type { LeftOutReason } from './left-out-reasons.ts';
import type { Reject } from './reading/rejects.ts';
import type { TableRow } from './reading/table-file.ts';

/** What is written in one transaction. */
export interface Batch {
  /** Lines of the file, wrong ones and those left out included. */
  readonly lines: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly items: readonly LineItem[];
  /** Lines that cannot be used, and values left out of lines that can, in the order of the lines. */
  readonly rejects: readonly Reject[];
  readonly leftOut: readonly LeftOutReason[];
}

export interface BatchOptions {
  readonly read: (row: TableRow) => Reading;
  /** Lines in a batch. */
  readonly size: number;
  /** Lines at the beginning that an interrupted import has committed: passed over, not read. */
  readonly skip: number;
  readonly onSkipped: (lines: number) => void;
  /** Of a complete list: what each line is about, lines passed over included. */
  readonly named?: Set<string> | undefined;
}

export async function* batches(
  rows: AsyncIterable<readonly TableRow[]>,
  { read, size, skip, onSkipped, named }: BatchOptions,
): AsyncGenerator<Batch, void, undefined> {
  let skipped = 0;
  let draft = newDraft();
  for await (const some of rows) {
    const passed = Math.min(some.length, skip - skipped);
    if (passed > 0) {
      skipped += passed;
      if (named !== undefined) for (const row of some.slice(0, passed)) name(named, read(row));
      onSkipped(skipped);
    }
    for (const row of passed === 0 ? some : some.slice(passed)) {
      // At once: the values of a line that nobody keeps die young, and cost nothing to clear away.
      const reading = read(row);
      if (named !== undefined) name(named, reading);
      add(draft, row.line, reading);
      if (draft.lines < size) continue;
      yield draft;
      draft = newDraft();
    }
  }
  if (draft.lines > 0) yield draft;
}

function name(named: Set<string>, reading: Reading): void {
  if ('wrong' in reading && reading.about !== undefined) named.add(reading.about);
  if (!('items' in reading)) return;
  for (const item of reading.items) {
    if (item.kind !== 'organization') continue;
    const { siren, rna, localRegister } = item.record;
    for (const identifier of [siren, rna, localRegister]) if (identifier !== undefined) named.add(identifier);
  }
}

interface Draft extends Batch {
  lines: number;
  firstLine: number;
  lastLine: number;
  readonly items: LineItem[];
  readonly rejects: Reject[];
  readonly leftOut: LeftOutReason[];
}

const newDraft = (): Draft => ({ lines: 0, firstLine: 0, lastLine: 0, items: [], rejects: [], leftOut: [] });

function add(draft: Draft, line: number, reading: Reading): void {
  if (draft.lines === 0) draft.firstLine = line;
  draft.lines += 1;
  draft.lastLine = line;
  if ('wrong' in reading) draft.rejects.push({ line, kind: 'line', ...reading.wrong });
  else if ('leftOut' in reading) draft.leftOut.push(reading.leftOut);
  else {
    for (const item of reading.items) draft.items.push({ line, item });
    for (const wrong of reading.wrongValues ?? []) draft.rejects.push({ line, kind: 'value', ...wrong });
  }
}
