import { expect, test } from 'vitest';
import { batchStates, possibleActs } from './rules.ts';
import type { BatchState } from './rules.ts';

const author = { id: 'anne', accountId: 'a1' };
/** The same person, declared twice. */
const alias = { id: 'anne-bis', accountId: 'a1' };
const other = { id: 'marc', accountId: 'm1' };

/** State → what the author, and somebody else, may do; of an undoing, `author` asked for it. */
const expected: Readonly<Record<BatchState, readonly [string, string]>> = {
  draft: ['save propose carry_out cancel', ''],
  proposed: ['cancel', 'confirm send_back'],
  carrying_out: ['stop', 'stop'],
  done: ['propose_undo', 'propose_undo'],
  undo_proposed: ['cancel_undo', 'confirm_undo decline_undo'],
  announcing: ['', ''],
  announced: ['abandon', 'abandon finish_undo'],
  undoing: ['', ''],
  undone: ['', ''],
  cancelled: ['', ''],
};

test.each(batchStates)('%s: who may do what', (state) => {
  const batch = { state, author, undoAuthor: author };
  expect([author, alias, other].map((person) => possibleActs(batch, person).join(' '))).toEqual([
    expected[state][0],
    expected[state][0],
    expected[state][1],
  ]);
});

test('what nobody in charge stands behind any more is ended by somebody else', () => {
  const orphan = { state: 'draft', author, isOrphan: true } as const;
  expect(possibleActs(orphan, other)).toEqual(['cancel']);
  expect(possibleActs({ ...orphan, state: 'proposed' }, other)).toContain('cancel');
});
