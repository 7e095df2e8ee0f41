import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import {
  keptOperators,
  lockDeclarations,
  raiseRevision,
  readIssuers,
  readmitOperator,
  removedOperators,
  wasRemoved,
  writeAppointed,
} from '../declarations/declarations.ts';
import type { KeptOperator, Operator } from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { queueMail } from '../mail/mail.ts';
import type { Mail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import type { AppointmentsNeeds, OperatorAtWork } from './needs.ts';
import { appointedMails, changedMails } from './operator-mail.ts';
import { operatorRow } from './operator-row.ts';
import { nameOf, readProposal } from './proposals.ts';
import type { Proposal } from './proposals.ts';
import { assertManages } from './propose.ts';
import { isSameIdentity, leavesSomebody, refusedAnswer, refusedProposal } from './rules.ts';
import type { Answer } from './rules.ts';

export interface AnswerAsked {
  readonly id: string;
  readonly answer: Answer;
  /** Why it is declined. */
  readonly reason?: string | undefined;
  readonly person: OperatorAtWork;
}

const states = { confirm: 'confirmed', decline: 'declined', withdraw: 'withdrawn' } as const;
const acts = {
  appoint: 'operator.appoint',
  change: 'operator.change',
  readmit: 'operator.readmit',
  decline: 'operator.decline_proposal',
  withdraw: 'operator.withdraw_proposal',
} as const;

/** @throws BrokerError of the family M-OPER: what rules.ts refuses, or what has changed since */
export async function answerProposal(
  needs: AppointmentsNeeds,
  { id, answer, reason, person }: AnswerAsked,
): Promise<Proposal> {
  const { db, clock, randomId, onCommit, readAgain } = needs;
  await db.transaction().execute(async (trx) => {
    const at = clock();
    await lockDeclarations(trx);
    const proposal = await readProposal(trx, id);
    const { kind, state, authorId, operator } = proposal;
    const refused = refusedAnswer({ state, authorId, about: operator }, answer, person.operator);
    if (refused !== undefined)
      throw new BrokerError(refused, { detail: `${person.operator.id}: ${answer} ${id}` });
    const kept = await keptOperators(trx);
    assertManages(needs, kept, person);
    const confirmed = answer === 'confirm';
    if (confirmed) await carryOut(needs, trx, { proposal, kept, person, at });
    const isSecond = answer !== 'withdraw';
    await trx
      .updateTable('operator_proposal')
      .set({
        state: states[answer],
        answered_at: at,
        answer: reason ?? null,
        ...(isSecond && { second_id: person.operator.id, second: nameOf(person.actor) }),
      })
      .where('id', '=', id)
      .execute();
    if (confirmed) {
      await raiseRevision(trx);
      await queueMail(trx, at, mailsOf(needs, proposal, person.operator), randomId);
    }
    await appendAudit(trx, at, [
      {
        act: acts[answer === 'confirm' ? kind : answer],
        subject: `operator:${operator.id}`,
        actor: person.actor,
        reason: confirmed ? proposal.reason : reason,
        before: proposal.before,
        after: confirmed ? { proposed_by: authorId, operator } : { proposed_by: authorId },
        rows: await operatorRow(trx, operator.id),
      },
    ]);
  });
  onCommit();
  if (answer === 'confirm') await readAgain();
  return readProposal(db, id);
}

/** @throws BrokerError when it is no longer what was proposed, or its author keeps the operators no more */
async function carryOut(
  { manages }: AppointmentsNeeds,
  trx: Kysely<Database>,
  {
    proposal,
    kept,
    person,
    at,
  }: {
    readonly proposal: Proposal;
    readonly kept: readonly KeptOperator[];
    readonly person: OperatorAtWork;
    readonly at: Date;
  },
): Promise<void> {
  const { kind, operator, base, authorId } = proposal;
  const today = parisDate(at);
  const all = kept.map((one) => one.operator);
  const author = all.find((one) => one.id === authorId);
  if (author === undefined || !manages(author, today))
    throw new BrokerError('M-OPER-010', { detail: `${authorId} proposed it` });
  const current = kept.find((one) => one.operator.id === operator.id);
  if (kind === 'change' && current?.digest !== base)
    throw new BrokerError('M-OPER-002', { detail: operator.id });
  const issuerOf = await readIssuers(trx);
  const refused = refusedProposal({ kind, operator, current }, person.operator, all, issuerOf);
  if (refused !== undefined)
    throw new BrokerError(refused, { detail: `${person.operator.id}: ${kind} ${operator.id}` });
  if (kind === 'readmit') {
    const removed = await removedOperators(trx);
    if (!removed.some((one) => isSameIdentity(one.operator, operator)))
      throw new BrokerError('M-OPER-002', { detail: operator.id });
    await readmitOperator(trx, operator);
    return;
  }
  const after = [...all.filter(({ id }) => id !== operator.id), operator];
  if (!leavesSomebody(after, (one) => manages(one, today)))
    throw new BrokerError('M-OPER-009', { detail: operator.id });
  // Under whatever name of their identity provider they were removed, they are not any more.
  for (const one of await removedOperators(trx))
    if (wasRemoved(one, operator, issuerOf)) await readmitOperator(trx, one.operator);
  await writeAppointed(trx, operator, at);
}

/** Whoever comes back by the files hears of it when they are applied, from whoever applies them. */
function mailsOf(
  { consoleHref }: AppointmentsNeeds,
  { kind, operator, before }: Proposal,
  by: Operator,
): readonly Mail[] {
  if (kind === 'readmit') return [];
  return before === undefined
    ? appointedMails({ operator, by, consoleHref })
    : changedMails({ operator, before, by, consoleHref });
}
