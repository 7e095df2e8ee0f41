import { appendAudit } from '../audit/audit.ts';
import { canonicalJson } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { asOnlyWriter, correctFact, endCorrection } from '../register/register.ts';
import { effectOf, shownDigest } from './effect.ts';
import { authorOf } from './needs.ts';
import type { CorrectionsNeeds, CorrectorAtWork } from './needs.ts';
import { isOwn } from './own.ts';
import { readCorrection } from './proposals.ts';
import type { CorrectionProposal } from './proposals.ts';
import { refusedCorrectionAnswer } from './rules.ts';
import type { CorrectionAnswer } from './rules.ts';
import { rulesFor } from './rules-for.ts';

export interface CorrectionAnswered {
  readonly id: string;
  readonly answer: CorrectionAnswer;
  /** Why it is declined. */
  readonly reason?: string | undefined;
  /** Of what the page showed; asked for to confirm. */
  readonly seen?: string | undefined;
  readonly person: CorrectorAtWork;
}

const states = { confirm: 'confirmed', decline: 'declined', withdraw: 'withdrawn' } as const;
const acts = {
  confirm: 'register.confirm_correction',
  decline: 'register.decline_correction',
  withdraw: 'register.withdraw_correction',
} as const;

/**
 * @throws BrokerError M-REGI-003 (answered already), M-REGI-004 (the same person), M-REGI-005 (what was shown, or proposed,
 * is not true any more), M-REGI-007 (its author is not in charge any more), M-FILE-005 (one's own organization), M-FILE-006
 */
export async function answerCorrection(
  needs: CorrectionsNeeds,
  { id, answer, reason, seen, person }: CorrectionAnswered,
): Promise<CorrectionProposal> {
  const { db, clock } = needs;
  const asked = await readCorrection(db, id);
  if (asked.state !== 'proposed') throw new BrokerError('M-REGI-003', { detail: `${id}: ${asked.state}` });
  const inCharge = await needs.inCharge(asked.organization);
  const first = answer === 'confirm' ? await foreseenOf(needs, db, asked, clock()) : undefined;
  const rules = await rulesFor(needs, first?.siren);
  const isConfirmed = answer === 'confirm';
  const changed = await db.transaction().execute(async (trx) => {
    const at = clock();
    const proposal = await readCorrection(trx, id, 'lock');
    const declared = needs.snapshot();
    const { operator, actor } = person;
    if (!inCharge.some((one) => one.id === operator.id))
      throw new BrokerError('M-FILE-006', { detail: `${operator.id}: fact.correct` });
    const siren = first?.siren ?? sirenIn(proposal);
    const own = await isOwn(trx, proposal.organization, operator, { snapshot: declared, actor });
    const refused = refusedCorrectionAnswer(proposal, answer, { ...operator, own });
    if (refused !== undefined) throw new BrokerError(refused, { detail: `${operator.id}: ${answer} ${id}` });
    if (isConfirmed) {
      const author = inCharge.find((one) => one.id === proposal.authorId);
      const isCompetent =
        proposal.authorId === undefined ||
        (author !== undefined && !(await isOwn(trx, proposal.organization, author, { snapshot: declared })));
      if (!isCompetent) throw new BrokerError('M-REGI-007', { detail: `${proposal.authorId}: ${id}` });
      // What is judged is what is corrected: an import that is being written is waited for, and read.
      await asOnlyWriter(trx, async () => {
        const foreseen = await foreseenOf(needs, trx, proposal, at);
        const effect = effectOf(foreseen, rules);
        const isAsProposed = canonicalJson(valueIn(foreseen)) === canonicalJson(valueIn(proposal.before));
        if (!isAsProposed || seen !== shownDigest(foreseen, effect))
          throw new BrokerError('M-REGI-005', {
            detail: `${id}: ${proposal.fact} of ${proposal.organization}`,
          });
        const correcting = { ...correctingOf(proposal, at), actor };
        if (proposal.kind === 'end') await endCorrection(trx, correcting);
        else await correctFact(trx, { ...correcting, value: proposal.value });
      });
    }
    await trx
      .updateTable('correction_proposal')
      .set({
        state: states[answer],
        answered_at: at,
        answer: reason ?? null,
        ...(answer !== 'withdraw' && { second_id: operator.id, second: JSON.stringify(authorOf(person)) }),
      })
      .where('id', '=', id)
      .execute();
    await appendAudit(trx, at, [
      {
        act: acts[answer],
        subject: `organization:${proposal.organization}`,
        actor,
        reason: isConfirmed ? proposal.reason : reason,
        before: { fact: proposal.fact, value: proposal.before.value },
        after: {
          proposal: id,
          proposed_by: proposal.authorId ?? proposal.author,
          fact: proposal.fact,
          ...(proposal.kind === 'correct' ? { value: proposal.value } : { ends: true }),
        },
      },
    ]);
    return siren;
  });
  needs.onCommit();
  if (isConfirmed && changed !== undefined) await needs.onFactsChanged(changed);
  return readCorrection(db, id);
}

/** JSON has no undefined: no source said. */
const valueIn = ({ value }: { readonly value?: unknown }): { readonly value?: unknown } =>
  value === undefined ? {} : { value };

const sirenIn = ({ organization }: CorrectionProposal): string | undefined =>
  /^[0-9]{9}$/.test(organization) ? organization : undefined;

const correctingOf = ({ organization, fact, reason, author }: CorrectionProposal, now: Date) => ({
  organization,
  fact,
  reason,
  author,
  now,
});

/** What it would make of the organization now. @throws BrokerError M-REGI-001 when it cannot be done any more */
export const foreseenOf = (
  { foresee }: Pick<CorrectionsNeeds, 'foresee'>,
  db: CorrectionsNeeds['db'],
  proposal: CorrectionProposal,
  now: Date,
): ReturnType<CorrectionsNeeds['foresee']> =>
  foresee(db, {
    ...correctingOf(proposal, now),
    ...(proposal.kind === 'correct' && { value: proposal.value }),
  });
