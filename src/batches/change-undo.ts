import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { change } from './change.ts';
import type { ActOnBatch } from './change.ts';
import { checkUndoAuthor } from './charge.ts';
import { tellConfirmers } from './lot-mail.ts';
import type { BatchesNeeds } from './needs.ts';
import { carriedPlaces } from './places.ts';
import { countLines, giveUpLines } from './rows.ts';

/*
 * The way back of what was carried out: asked by one, agreed to by another, announced, then finished or given up.
 */

/** Taking back what a lot granted by mistake (CRPA art. L242-1): asked by one, agreed to by another. */
export const proposeUndo = (
  needs: BatchesNeeds,
  asked: ActOnBatch,
  { text, rule }: { readonly text: string; readonly rule: string },
): Promise<void> =>
  change(needs, 'propose_undo', asked, async (trx, batch) => {
    const { id } = batch;
    const { done: lines } = await countLines(trx, id);
    if (lines === undefined) throw new BrokerError('M-BULK-006', { detail: id });
    const places = (await carriedPlaces(trx, [id])).get(id) ?? [];
    await tellConfirmers(trx, needs, { ...asked, batch, places, about: 'undo', lines });
    return {
      set: {
        state: 'undo_proposed',
        undo_author_id: asked.viewer.actor.id,
        undo_author: JSON.stringify(asked.viewer.actor),
        undo_text: text,
        undo_rule: rule,
      },
      act: 'propose_undo',
      reason: text,
      after: { rule },
    };
  });

/**
 * Agreed to by another person. Each organization is told first, and has fifteen days to answer (CRPA art. L121-1, L211-2):
 * nothing is taken from it before.
 */
export const confirmUndo = (needs: BatchesNeeds, asked: ActOnBatch): Promise<void> =>
  change(needs, 'confirm_undo', asked, async (trx, batch) => {
    const { undo } = batch;
    await checkUndoAuthor(trx, batch, asked.viewer);
    return {
      set: { state: 'announcing', undo_decider: JSON.stringify(asked.viewer.actor) },
      act: 'confirm_undo',
      reason: undo?.text,
      after: { rule: undo?.rule, proposedBy: undo?.author.id },
    };
  });

/** The organizations were heard. @throws BrokerError M-BULK-008 while one of them may still answer */
export const finishUndo = (needs: BatchesNeeds, asked: ActOnBatch): Promise<void> =>
  change(needs, 'finish_undo', asked, async (trx, batch) => {
    const { id, undo } = batch;
    if (undo?.answerBy !== undefined && parisDate(needs.clock()) <= undo.answerBy)
      throw new BrokerError('M-BULK-008', { detail: `${id}: until ${undo.answerBy}` });
    await checkUndoAuthor(trx, batch, asked.viewer);
    return {
      set: { state: 'undoing', undo_decider: JSON.stringify(asked.viewer.actor) },
      act: 'finish_undo',
      reason: undo?.text,
      after: { rule: undo?.rule, proposedBy: undo?.author.id },
    };
  });

const noUndo = {
  undo_author_id: null,
  undo_author: null,
  undo_text: null,
  undo_rule: null,
  undo_decider: null,
  undo_answer_by: null,
} as const;

/** Declined by the second person, who says why, or taken back by who asked. */
export const endUndo = (
  needs: BatchesNeeds,
  act: 'decline_undo' | 'cancel_undo',
  asked: ActOnBatch,
  text?: string,
): Promise<void> =>
  change(needs, act, asked, () => ({
    set: {
      state: 'done',
      ...noUndo,
      returned: text ?? null,
    },
    act,
    reason: text,
  }));

/**
 * What was announced is given up. Each organization was told, and is owed a decision: in its file, by whoever reads what it
 * says. This lot takes nothing back from it any more.
 */
export const abandonUndo = (needs: BatchesNeeds, asked: ActOnBatch, text: string): Promise<void> =>
  change(needs, 'abandon', asked, async (trx, { id, undo }) => {
    const kept = await giveUpLines(trx, id, needs.clock());
    return {
      set: { state: 'done', ...noUndo },
      act: 'abandon_undo',
      reason: text,
      after: { kept, rule: undo?.rule, proposedBy: undo?.author.id },
    };
  });
