import type { Kysely } from 'kysely';
import { appendAudit } from '../audit/audit.ts';
import {
  keptOperators,
  lockDeclarations,
  readIssuers,
  removedOperators,
  wasRemoved,
} from '../declarations/declarations.ts';
import type { IssuerOf, KeptOperator, Operator } from '../declarations/declarations.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { queueMail } from '../mail/mail.ts';
import type { Database } from '../storage/storage.ts';
import { freeId } from './free-id.ts';
import type { AppointmentsNeeds, OperatorAtWork } from './needs.ts';
import { proposedMails } from './operator-mail.ts';
import { nameOf } from './proposals.ts';
import { isOneself, isSameIdentity, refusedProposal } from './rules.ts';
import type { ProposalKind } from './rules.ts';

/** What somebody is to be. The id in it does not count: it is chosen here, or kept. */
export type OperatorWritten = Operator;

export type Proposing =
  | { readonly kind: 'appoint'; readonly operator: OperatorWritten }
  | {
      readonly kind: 'change';
      readonly id: string;
      readonly operator: OperatorWritten;
      /** Digest of the operator on the page from which this comes. */
      readonly seen: string;
    }
  /** Somebody removed, by the id that they had. */
  | { readonly kind: 'readmit'; readonly id: string };

export type ProposalAsked = Proposing & { readonly reason: string; readonly person: OperatorAtWork };

/** @throws BrokerError M-OPER-010 when this person keeps the operators no more: their page was opened before */
export function assertManages(
  { manages, clock }: Pick<AppointmentsNeeds, 'manages' | 'clock'>,
  kept: readonly KeptOperator[],
  { operator }: OperatorAtWork,
): void {
  const now = kept.find(({ operator: { id } }) => id === operator.id)?.operator;
  if (now === undefined || !isSameIdentity(now, operator) || !manages(now, parisDate(clock())))
    throw new BrokerError('M-OPER-010', { detail: operator.id });
}

/** @returns the id of the proposal. @throws BrokerError of the family M-OPER: what rules.ts refuses, or a page too old */
export async function propose(needs: AppointmentsNeeds, asked: ProposalAsked): Promise<string> {
  const { db, clock, randomId, manages, consoleHref, onCommit } = needs;
  const { kind, person, reason } = asked;
  const id = await db.transaction().execute(async (trx) => {
    const at = clock();
    await lockDeclarations(trx);
    const kept = await keptOperators(trx);
    assertManages(needs, kept, person);
    const issuerOf = await readIssuers(trx);
    const operator = await proposed(trx, asked, kept, issuerOf);
    const current = kept.find((one) => one.operator.id === operator.id);
    if (asked.kind === 'change' && current?.digest !== asked.seen)
      throw new BrokerError(current === undefined ? 'M-OPER-001' : 'M-OPER-002', { detail: asked.id });
    const all = kept.map((one) => one.operator);
    const refused = refusedProposal({ kind, operator, current }, person.operator, all, issuerOf);
    if (refused !== undefined)
      throw new BrokerError(refused, { detail: `${person.operator.id}: ${kind} ${operator.id}` });
    await assertNoneOpen(trx, operator);
    const before = asked.kind === 'change' ? current : undefined;
    const proposal = randomId();
    await trx
      .insertInto('operator_proposal')
      .values({
        id: proposal,
        kind,
        operator_id: operator.id,
        idp_id: operator.idp,
        subject: operator.subject,
        document: JSON.stringify(operator),
        before: before === undefined ? null : JSON.stringify(before.operator),
        base: before?.digest ?? null,
        reason,
        state: 'proposed',
        author_id: person.operator.id,
        author: nameOf(person.actor),
        created_at: at,
      })
      .execute();
    const today = parisDate(at);
    const others = all.filter(
      (one) => manages(one, today) && one.id !== person.operator.id && !isOneself(one, operator),
    );
    const facts = { operator, by: person.operator, consoleHref };
    await queueMail(trx, at, proposedMails(facts, kind, others), randomId);
    await appendAudit(trx, at, [
      {
        act: acts[kind],
        subject: `operator:${operator.id}`,
        actor: person.actor,
        reason,
        before: before?.operator,
        after: operator,
      },
    ]);
    return proposal;
  });
  onCommit();
  return id;
}

const acts = {
  appoint: 'operator.propose_appointment',
  change: 'operator.propose_change',
  readmit: 'operator.propose_readmission',
} as const satisfies Record<ProposalKind, string>;

async function proposed(
  trx: Kysely<Database>,
  asked: Proposing,
  kept: readonly KeptOperator[],
  issuerOf: IssuerOf,
): Promise<Operator> {
  switch (asked.kind) {
    case 'appoint': {
      const { operator } = asked;
      // Under the id that they had, if they had one: the record is of one person.
      const removed = (await removedOperators(trx)).find((one) => wasRemoved(one, operator, issuerOf));
      // Whom files declare comes back by them: otherwise the next apply would meet the same person twice.
      if (removed?.origin === 'configuration')
        throw new BrokerError('M-OPER-007', { detail: removed.operator.id });
      const before = removed?.operator.id;
      const isFree = before !== undefined && kept.every((one) => one.operator.id !== before);
      return { ...operator, id: isFree ? before : await freeId(trx, operator) };
    }
    case 'change':
      return { ...asked.operator, id: asked.id };
    case 'readmit': {
      const removed = (await removedOperators(trx)).find(({ operator }) => operator.id === asked.id);
      if (removed?.origin !== 'configuration') throw new BrokerError('M-OPER-001', { detail: asked.id });
      return removed.operator;
    }
  }
}

/** @throws BrokerError M-OPER-008 */
async function assertNoneOpen(trx: Kysely<Database>, { idp, subject }: Operator): Promise<void> {
  const open = await trx
    .selectFrom('operator_proposal')
    .select('id')
    .where('idp_id', '=', idp)
    .where('subject', '=', subject)
    .where('state', '=', 'proposed')
    .executeTakeFirst();
  if (open !== undefined) throw new BrokerError('M-OPER-008', { detail: `proposal ${open.id}` });
}
