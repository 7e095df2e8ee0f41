import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import {
  keptOperators,
  lockDeclarations,
  raiseRevision,
  readIssuers,
  readmitOperator,
  removedOperators,
  removeOperator,
  writeAppointed,
} from '../declarations/declarations.ts';
import type { Operator, RemovedOperator } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import { onTheServerMails } from './operator-mail.ts';
import { operatorRow } from './operator-row.ts';
import { isSameIdentity } from './rules.ts';

/*
 * What whoever keeps the server does when the console cannot: it asks for two administrators, and they may be the ones who
 * are out, or whom nobody trusts any more. Recorded under the name on the machine; the administrators hear of it.
 */

export interface OnTheServer {
  readonly db: Kysely<Database>;
  readonly id: string;
  readonly reason: string;
  readonly actor: Extract<AuditActor, { kind: 'command_line' }>;
  readonly at: Date;
  readonly randomId: () => string;
}

/**
 * Takes back a removal. Somebody whom the console had appointed is an operator again, as they were; somebody of the files
 * with the next apply.
 *
 * @throws BrokerError M-OPER-001, M-OPER-008
 */
export async function readmitOnTheServer(asked: OnTheServer): Promise<RemovedOperator> {
  const { db, id } = asked;
  return db.transaction().execute(async (trx) => {
    await lockDeclarations(trx);
    const removed = (await removedOperators(trx)).find(({ operator }) => operator.id === id);
    if (removed === undefined)
      throw new BrokerError('M-OPER-001', { detail: `"${id.slice(0, 80)}" was not removed.` });
    const { operator, origin } = removed;
    const kept = (await keptOperators(trx)).map((one) => one.operator);
    const issuerOf = await readIssuers(trx);
    const twin = kept.find((one) => one.id === id || isSameIdentity(one, operator, issuerOf));
    if (twin !== undefined) throw new BrokerError('M-OPER-008', { detail: `"${twin.id}" is an operator.` });
    if (origin === 'console') await writeAppointed(trx, operator, asked.at);
    else await readmitOperator(trx, operator);
    await tell(trx, asked, { act: 'readmit', operator, origin, others: kept });
    return removed;
  });
}

/** Removes somebody at once, even the last administrator. @throws BrokerError M-OPER-001 */
export async function removeOnTheServer(asked: OnTheServer): Promise<Operator> {
  const { db, id, reason, actor, at } = asked;
  return db.transaction().execute(async (trx) => {
    await lockDeclarations(trx);
    const kept = await keptOperators(trx);
    const target = kept.find((one) => one.operator.id === id);
    if (target === undefined)
      throw new BrokerError('M-OPER-001', { detail: `"${id.slice(0, 80)}" is not an operator.` });
    const { operator, origin } = target;
    const removedBy = JSON.stringify({
      givenName: '',
      usualName: actor.user ?? 'maillon',
      capacity: 'sur le serveur',
      organization: '',
    });
    await removeOperator(trx, {
      ...{ operator, origin, reason, removedById: 'command_line', removedBy, removedAt: at },
    });
    await trx
      .updateTable('operator_proposal')
      .set({ state: 'withdrawn', answered_at: at })
      .where('state', '=', 'proposed')
      .where((eb) => eb.or([eb('author_id', '=', id), eb('operator_id', '=', id)]))
      .execute();
    const others = kept.map((one) => one.operator).filter((one) => one.id !== id);
    await tell(trx, asked, { act: 'remove', operator, origin, others });
    return operator;
  });
}

/** Record, revision, mails: of the same transaction. */
async function tell(
  trx: Kysely<Database>,
  { id, reason, actor, at, randomId }: OnTheServer,
  {
    act,
    operator,
    origin,
    others,
  }: Pick<RemovedOperator, 'operator' | 'origin'> & {
    readonly act: 'readmit' | 'remove';
    readonly others: readonly Operator[];
  },
): Promise<void> {
  await raiseRevision(trx);
  const administrators = others.filter(({ roles }) => roles.includes('administrator'));
  await queueMail(trx, at, onTheServerMails(act, operator, administrators), randomId);
  await appendAudit(trx, at, [
    {
      act: `operator.${act}`,
      subject: `operator:${id}`,
      actor,
      reason,
      before: { origin, operator },
      rows: await operatorRow(trx, id),
    },
  ]);
}
