import type { Batch } from './batches.ts';
import type { Importer } from './importer.ts';
import type { LeftOutReason } from './left-out-reasons.ts';
import type { Reject } from './reading/rejects.ts';

/** What became of the lines of a batch that were not kept whole. */
export interface Fate {
  readonly wrongLines: number;
  /** In the order of the lines. What the register refuses of one line for one reason is one reject. */
  readonly rejects: readonly Reject[];
  readonly leftOut: readonly LeftOutReason[];
}

/** @param refused what the register does not take of lines that the importer could read */
export function fateOf(
  batch: Batch,
  refused: readonly Reject[],
  leftOutWhen: NonNullable<Importer['leftOutWhen']>,
): Fate {
  if (refused.length === 0)
    return {
      wrongLines: batch.rejects.filter(isLine).length,
      rejects: batch.rejects,
      leftOut: batch.leftOut,
    };
  const leftOut = [...batch.leftOut];
  const wrong = new Map<string, Reject>();
  const gone = new Set<number>();
  for (const one of refused) {
    gone.add(one.line);
    const instead = leftOutWhen[one.reason];
    if (instead === undefined) wrong.set(`${one.line} ${one.reason}`, one);
    else leftOut.push(instead);
  }
  // The values of a line that is gone went with it.
  const before = batch.rejects.filter(({ kind, line }) => kind === 'line' || !gone.has(line));
  const rejects = [...before, ...wrong.values()].sort((a, b) => a.line - b.line);
  return { wrongLines: new Set(rejects.filter(isLine).map(({ line }) => line)).size, rejects, leftOut };
}

const isLine = ({ kind }: Reject): boolean => kind === 'line';
