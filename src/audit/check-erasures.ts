import { z } from 'zod';
import { jsonOf } from './read-entry.ts';
import { isIn } from './ranges.ts';
import type { Range } from './ranges.ts';

const announced = z.object({
  after: z.object({ entries: z.array(z.tuple([z.int().positive(), z.int().positive()])) }),
});

/** Every erased detail has to be announced by a later entry `audit.erase`, whose own detail is never erased. */
export function createErasureCheck(): {
  readonly take: (row: {
    readonly seq: number;
    readonly act: string;
    readonly detail: string | null;
  }) => void;
  readonly count: () => number;
  readonly unexplained: () => readonly number[];
} {
  const waiting = new Set<number>();
  const never: number[] = [];
  let count = 0;

  return {
    take({ seq, act, detail }) {
      if (detail === null) {
        count += 1;
        if (act === 'audit.erase') never.push(seq);
        else waiting.add(seq);
        return;
      }
      if (act !== 'audit.erase') return;
      const read = announced.safeParse(jsonOf(detail));
      if (read.success) explain(waiting, read.data.after.entries);
    },
    count: () => count,
    unexplained: () => [...never, ...waiting],
  };
}

/** Entry by entry where that is short: nobody can make it long with a range that has no end. */
function explain(waiting: Set<number>, ranges: readonly Range[]): void {
  const size = ranges.reduce((sum, [first, last]) => sum + Math.max(0, last - first + 1), 0);
  if (size > waiting.size) {
    for (const seq of waiting) if (isIn(ranges, seq)) waiting.delete(seq);
    return;
  }
  for (const [first, last] of ranges) for (let seq = first; seq <= last; seq += 1) waiting.delete(seq);
}
