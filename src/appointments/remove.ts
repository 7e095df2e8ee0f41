import { appendAudit } from '../audit/audit.ts';
import {
  keptOperators,
  lockDeclarations,
  raiseRevision,
  removeOperator,
} from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { queueMail } from '../mail/mail.ts';
import type { AppointmentsNeeds, OperatorAtWork } from './needs.ts';
import { removedMails } from './operator-mail.ts';
import { operatorRow } from './operator-row.ts';
import { nameOf } from './proposals.ts';
import { assertManages } from './propose.ts';
import { refusedRemoval } from './rules.ts';

/**
 * At once, by one administrator alone: the next request of the person is refused here, and within one poll elsewhere. What
 * they proposed to other administrators, or was proposed about them, is void; the files that they hold are let go.
 *
 * @throws BrokerError M-OPER-001, M-OPER-005, M-OPER-009, M-OPER-010
 */
export async function removeAtOnce(
  needs: AppointmentsNeeds,
  { id, reason, person }: { readonly id: string; readonly reason: string; readonly person: OperatorAtWork },
): Promise<void> {
  const { db, clock, randomId, manages, consoleHref, logger } = needs;
  await db.transaction().execute(async (trx) => {
    const at = clock();
    const today = parisDate(at);
    await lockDeclarations(trx);
    const kept = await keptOperators(trx);
    assertManages(needs, kept, person);
    const target = kept.find(({ operator }) => operator.id === id);
    if (target === undefined) throw new BrokerError('M-OPER-001', { detail: id.slice(0, 80) });
    const { operator, origin } = target;
    const all = kept.map((one) => one.operator);
    const refused = refusedRemoval(operator, person.operator, all, (one) => manages(one, today));
    if (refused !== undefined)
      throw new BrokerError(refused, { detail: `${person.operator.id}: remove ${id}` });
    await removeOperator(trx, {
      operator,
      origin,
      reason,
      removedById: person.operator.id,
      removedBy: nameOf(person.actor),
      removedAt: at,
    });
    const dropped = await trx
      .updateTable('operator_proposal')
      .set({ state: 'withdrawn', answered_at: at })
      .where('state', '=', 'proposed')
      .where((eb) =>
        eb.or([
          eb('author_id', '=', id),
          eb('operator_id', '=', id),
          eb.and([eb('idp_id', '=', operator.idp), eb('subject', '=', operator.subject)]),
        ]),
      )
      .returning('id')
      .execute();
    await raiseRevision(trx);
    const others = all.filter((one) => manages(one, today) && one.id !== person.operator.id && one.id !== id);
    await queueMail(trx, at, removedMails({ operator, by: person.operator, consoleHref }, others), randomId);
    await appendAudit(trx, at, [
      {
        act: 'operator.remove',
        subject: `operator:${id}`,
        actor: person.actor,
        reason,
        before: { origin, operator },
        after: { withdrawn_proposals: dropped.map((one) => one.id) },
        rows: await operatorRow(trx, id),
      },
    ]);
  });
  needs.onCommit();
  await needs.readAgain();
  try {
    await needs.letGo(id, person.actor);
  } catch (error) {
    // Whoever wants one takes it half an hour later all the same.
    logger.error(
      { event: 'operator.let_go', err: error, operator: id },
      'files of a removed operator stay held',
    );
  }
}
