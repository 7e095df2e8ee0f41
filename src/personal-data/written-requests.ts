import { z } from 'zod';
import { accountSubject, appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import { erase } from './erase.ts';
import type { Person, PersonalDataNeeds } from './needs.ts';
import type { ErasurePlan } from './plan.ts';

/*
 * An erasure that somebody asked for in writing. It cannot be undone, and the person is not there to confirm it: it is an
 * exception to « the person asks, signed in », and exceptions are for two people.
 */

type OperatorActor = Extract<AuditActor, { kind: 'operator' }>;

export interface WrittenRequest {
  readonly id: string;
  readonly accountId: string;
  /** By which the person was found. */
  readonly address: string | undefined;
  readonly reason: string;
  /** Id of the operator who prepared it. */
  readonly askedBy: string;
  readonly askedAt: Date;
}

/** @throws BrokerError M-DATA-005 when one is waiting for this account already */
export async function askErasure(
  { db, clock, randomId }: PersonalDataNeeds,
  {
    person: { accountId, address },
    reason,
    actor,
  }: {
    readonly person: Person & { readonly accountId: string };
    readonly reason: string;
    readonly actor: OperatorActor;
  },
): Promise<void> {
  const at = clock();
  await db.transaction().execute(async (trx) => {
    const written = await trx
      .insertInto('erasure_request')
      .values({
        id: randomId(),
        account_id: accountId,
        address: address ?? null,
        reason,
        asked_by: actor.id,
        asked_at: at,
      })
      .onConflict((conflict) => conflict.column('account_id').doNothing())
      .returning('id')
      .executeTakeFirst();
    if (written === undefined) throw new BrokerError('M-DATA-005', { detail: `${accountId} waits already` });
    await appendAudit(trx, at, [
      { act: 'person.ask_erasure', subject: accountSubject(accountId), actor, reason },
    ]);
  });
}

/** The oldest first. */
export async function writtenRequests({
  db,
}: Pick<PersonalDataNeeds, 'db'>): Promise<readonly WrittenRequest[]> {
  const rows = await db.selectFrom('erasure_request').selectAll().orderBy('asked_at').limit(200).execute();
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    address: row.address ?? undefined,
    reason: row.reason,
    askedBy: row.asked_by,
    askedAt: row.asked_at,
  }));
}

/** By whoever prepared it, or by somebody else. @throws BrokerError M-DATA-005 when it is not there any more */
export async function dropErasure(
  { db, clock }: PersonalDataNeeds,
  { id, actor, reason }: { readonly id: string; readonly actor: OperatorActor; readonly reason: string },
): Promise<void> {
  const at = clock();
  await db.transaction().execute(async (trx) => {
    const gone = isId(id)
      ? await trx.deleteFrom('erasure_request').where('id', '=', id).returning('account_id').execute()
      : [];
    const [row] = gone;
    if (row === undefined) throw new BrokerError('M-DATA-005', { detail: 'no such request' });
    await appendAudit(trx, at, [
      { act: 'person.drop_erasure', subject: accountSubject(row.account_id), actor, reason },
    ]);
  });
}

/**
 * @param person the account of the request, and the address by which it was found
 * @throws BrokerError M-DATA-004 for whoever prepared it, M-DATA-005 when it is not there any more, and as `erase`
 */
export async function confirmErasure(
  needs: PersonalDataNeeds,
  {
    id,
    person,
    seen,
    actor,
  }: {
    readonly id: string;
    readonly person: Person & { readonly accountId: string };
    readonly seen: string;
    readonly actor: OperatorActor;
  },
): Promise<ErasurePlan> {
  const found = (await writtenRequests(needs)).find((one) => one.id === id);
  if (found?.accountId !== person.accountId)
    throw new BrokerError('M-DATA-005', { detail: 'no such request' });
  if (found.askedBy === actor.id) throw new BrokerError('M-DATA-004', { detail: actor.id });
  return erase(needs, { person, seen, actor, reason: found.reason });
}

/** Ids come from forms that anybody writes. */
const isId = (written: string): boolean => z.uuid().safeParse(written).success;
