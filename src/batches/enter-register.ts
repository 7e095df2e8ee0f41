import { appendAudit } from '../audit/audit.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { enterOwnLine } from '../importers/importers.ts';
import { lotLabel } from '../organizations/organizations.ts';
import type { Author } from '../organizations/organizations.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import { writtenReasons } from './decision.ts';
import type { BatchesNeeds } from './needs.ts';
import { enteredCellsOf, withoutMailbox } from './own-cells.ts';
import { readEntry, writeEntry } from './rows.ts';
import type { Batch, KeptLine } from './rows.ts';

/** As the history of the register names whoever decides something of it. */
export const authorOf = ({ givenName, usualName, capacity, organization }: OperatorActor): Author => ({
  given_name: givenName,
  usual_name: usualName,
  capacity,
  organization,
});

/**
 * Enters the organization of a line that no register held when it was decided, in a transaction of its own that marks the
 * line: whoever is interrupted does not enter it twice.
 *
 * @throws BrokerError M-BULK-011 when the register holds it by now: that is not what was read and confirmed
 */
export async function enterRegister(
  { db, clock }: BatchesNeeds,
  batch: Batch,
  { line, cells, organization }: KeptLine,
  decider: OperatorActor,
): Promise<void> {
  const { id, decision } = batch;
  await db.transaction().execute(async (trx) => {
    if ((await readEntry(trx, id, line)) !== 'asked') return;
    const now = clock();
    const own = enteredCellsOf(cells);
    const reason = writtenReasons(decision);
    const isNew = await enterOwnLine(trx, own, {
      asOf: parisDate(now),
      now,
      label: lotLabel(id),
      author: authorOf(decider),
      reason,
    });
    if (!isNew) throw new BrokerError('M-BULK-011', { detail: `${id}: line ${line}, ${organization ?? ''}` });
    await writeEntry(trx, id, line, { entry: 'entered' });
    await appendAudit(trx, now, [
      {
        act: 'register.enter',
        subject: `organization:${organization ?? ''}`,
        actor: decider,
        reason,
        after: { lot: id, ...withoutMailbox(own) },
      },
    ]);
  });
}
