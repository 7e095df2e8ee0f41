import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { isOneself, isSameIdentity } from '../appointments/appointments.ts';
import type { OperatorAtWork } from '../appointments/appointments.ts';
import { accountSubject, appendAudit } from '../audit/audit.ts';
import { keptOperators } from '../declarations/declarations.ts';
import type { Operator } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';
import { erase } from './erase.ts';
import type { Person, PersonalDataNeeds } from './needs.ts';
import type { ErasurePlan } from './plan.ts';

/*
 * An erasure that somebody asked for in writing. It cannot be undone, and the person is not there to confirm it: it is an
 * exception to « the person asks, signed in », and exceptions are for two people.
 */

const authorSchema = z.object({ idp: z.string(), subject: z.string(), email: z.string() });

export interface WrittenRequest {
  readonly id: string;
  readonly accountId: string;
  /** By which the person was found, when it is proven to be theirs. */
  readonly address: string | undefined;
  readonly reason: string;
  /** The operator who prepared it, as of then. */
  readonly author: z.output<typeof authorSchema> & { readonly id: string };
  readonly askedAt: Date;
}

/** The oldest ones, and how many there are. */
export interface WrittenRequests {
  readonly requests: readonly WrittenRequest[];
  readonly count: number;
}

/** Nobody reads more at once. The others come forward as these are answered, or are found by the account. */
const mostListed = 50;

/** @throws BrokerError M-DATA-005 when one is waiting for this account already */
export async function askErasure(
  { db, clock, randomId }: PersonalDataNeeds,
  {
    person: { accountId, address },
    reason,
    by: { actor, operator },
  }: {
    /** With an address only when it is proven to be theirs. */
    readonly person: Person & { readonly accountId: string };
    readonly reason: string;
    readonly by: OperatorAtWork;
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
        asked_by: operator.id,
        author: JSON.stringify(authorSchema.parse(operator)),
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

const requestOf = (row: Selectable<Database['erasure_request']>): WrittenRequest => {
  const author: unknown = JSON.parse(row.author);
  return {
    id: row.id,
    accountId: row.account_id,
    address: row.address ?? undefined,
    reason: row.reason,
    author: { ...authorSchema.parse(author), id: row.asked_by },
    askedAt: row.asked_at,
  };
};

/** Who asked, and why, is about them: whoever reads the list has read something of each. */
export async function listErasures(
  { db, clock }: Pick<PersonalDataNeeds, 'db' | 'clock'>,
  { actor }: Pick<OperatorAtWork, 'actor'>,
): Promise<WrittenRequests> {
  return db.transaction().execute(async (trx) => {
    const rows = await trx
      .selectFrom('erasure_request')
      .selectAll()
      .orderBy('asked_at')
      .orderBy('id')
      .limit(mostListed)
      .execute();
    const { count } = await trx
      .selectFrom('erasure_request')
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    await appendAudit(
      trx,
      clock(),
      rows.map(({ account_id: accountId }) => ({
        act: 'person.list_erasures',
        subject: accountSubject(accountId),
        actor,
      })),
    );
    return { requests: rows.map(requestOf), count: Number(count) };
  });
}

/** What waits for this account. */
export async function erasureAskedOf(
  { db }: Pick<PersonalDataNeeds, 'db'>,
  accountId: string,
): Promise<WrittenRequest | undefined> {
  const row = await db
    .selectFrom('erasure_request')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return row && requestOf(row);
}

/** By whoever prepared it, or by somebody else. @throws BrokerError M-DATA-005 when it is not there any more */
export async function dropErasure(
  { db, clock }: PersonalDataNeeds,
  {
    id,
    by: { actor },
    reason,
  }: { readonly id: string; readonly by: Pick<OperatorAtWork, 'actor'>; readonly reason: string },
): Promise<void> {
  const at = clock();
  await db.transaction().execute(async (trx) => {
    const { accountId } = await taken(trx, id);
    await appendAudit(trx, at, [
      { act: 'person.drop_erasure', subject: accountSubject(accountId), actor, reason },
    ]);
  });
}

export interface Confirming {
  readonly id: string;
  /** Digest of the plan that was read. */
  readonly seen: string;
  readonly by: OperatorAtWork;
  /** Whether somebody may erase people today. */
  readonly mayErase: (operator: Operator) => boolean;
}

/**
 * Whom it is about, and under which address, is what was asked for, whatever the form says.
 *
 * @throws BrokerError M-DATA-004 for whoever prepared it, M-DATA-005 when it is not there any more, M-DATA-006 when one of
 * the two may not erase any more, and as `erase`
 */
export async function confirmErasure(needs: PersonalDataNeeds, asked: Confirming): Promise<ErasurePlan> {
  const { id, seen, by } = asked;
  const row = isId(id)
    ? await needs.db.selectFrom('erasure_request').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined;
  if (row === undefined) throw gone();
  const request = requestOf(row);
  await assertByTwo(needs.db, request, asked);
  const { accountId, address, reason } = request;
  return erase(needs, {
    person: { accountId, address },
    seen,
    actor: by.actor,
    reason,
    within: async (trx) => {
      await assertByTwo(trx, await taken(trx, id), asked);
    },
  });
}

/** @throws BrokerError M-DATA-004, M-DATA-006 */
async function assertByTwo(
  db: Kysely<Database>,
  { author }: WrittenRequest,
  { by: { operator }, mayErase }: Confirming,
): Promise<void> {
  if (isOneself(operator, author)) throw new BrokerError('M-DATA-004', { detail: operator.id });
  const kept = await keptOperators(db);
  for (const one of [author, operator]) {
    const now = kept.find(({ operator: { id } }) => id === one.id)?.operator;
    if (now === undefined || !isSameIdentity(now, one) || !mayErase(now))
      throw new BrokerError('M-DATA-006', { detail: one.id });
  }
}

const gone = (): BrokerError => new BrokerError('M-DATA-005', { detail: 'no such request' });

/** Out of the list: it is carried out or dropped once. @throws BrokerError M-DATA-005 */
async function taken(trx: Kysely<Database>, id: string): Promise<WrittenRequest> {
  const row = isId(id)
    ? await trx.deleteFrom('erasure_request').where('id', '=', id).returningAll().executeTakeFirst()
    : undefined;
  if (row === undefined) throw gone();
  return requestOf(row);
}

/** Ids come from forms that anybody writes. */
const isId = (written: string): boolean => z.uuid().safeParse(written).success;
