import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { accountSubject, actorReference, appendAudit } from '../audit/audit.ts';
import type { AuditActor } from '../audit/audit.ts';
import type { Clock, Logger } from '../config/config.ts';
import { BrokerError } from '../errors/errors.ts';
import { endGrantsOfAccount } from '../storage/storage.ts';
import type { Database } from '../storage/storage.ts';

export interface BlockingNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  /** After the commit: whatever remembers the account forgets. */
  readonly onChanged: (accountId: string) => void;
  /** Seconds that a session lives at most. */
  readonly sessionSeconds: number;
  /**
   * Ends sessions, grants and tokens of an account, and has its tools told.
   *
   * @param openedUntil only the sessions that were opened until then, and what they opened
   */
  readonly endAccess: (accountId: string, openedUntil?: Date) => Promise<void>;
  /** What follows from a block elsewhere: guests whose sponsor is blocked. */
  readonly onBlocked: () => Promise<unknown>;
}

/** How an account stands. */
export interface Block {
  readonly accountId: string;
  /** Undefined: it may be used. */
  readonly blockedAt: Date | undefined;
  /** `operator:anne`, `command_line:root`; undefined for one that was blocked before this was written down. */
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

export interface BlockRequest {
  readonly act: 'block' | 'unblock';
  readonly accountId: string;
  /** Why: for the record, and for the person, who may ask. */
  readonly reason: string;
  readonly actor: Extract<AuditActor, { kind: 'operator' | 'command_line' }>;
}

/** Characters. */
export const longestBlockReason = 500;

export const hasBlockReason = (reason: string): boolean =>
  reason.trim() !== '' && reason.trim().length <= longestBlockReason;

/** Until then some process may not have ended everything: what it missed would come alive again. */
export const settledMs = 60_000;

const rowsSchema = z.array(
  z.object({
    blocked_at: z.date().nullable(),
    blocked_by: z.string().nullable(),
    blocked_reason: z.string().nullable(),
  }),
);

/**
 * Of an account to which something leads: an erasure blocks for good what it left without identity.
 *
 * @param lock the row, until the caller's transaction ends
 */
export async function readBlock(
  db: Kysely<Database>,
  accountId: string,
  lock?: 'wait',
): Promise<Block | undefined> {
  if (!z.uuid().safeParse(accountId).success) return undefined;
  const { rows } = await sql`
    select blocked_at, blocked_by, blocked_reason from account where id = ${accountId}::uuid
      and not (exists (select from erasure where account_id = account.id)
        and not exists (select from identity where account_id = account.id))
    ${lock === undefined ? sql`` : sql`for update`}`.execute(db);
  const [row] = rowsSchema.parse(rows);
  if (row === undefined) return undefined;
  return {
    accountId,
    blockedAt: row.blocked_at ?? undefined,
    by: row.blocked_by ?? undefined,
    reason: row.blocked_reason ?? undefined,
  };
}

/**
 * Row, end of what the account granted, and record, in one transaction. Where a command does it no session can be ended:
 * the watch of the processes that serve does, and finds no grant left.
 *
 * @throws BrokerError M-ACCT-006 unblocked too soon, M-DATA-001 no such account, M-ACCT-004 it stands so already, M-ACCT-005 one's own
 */
export async function changeBlock(
  { db, clock }: Pick<BlockingNeeds, 'db' | 'clock'>,
  { act, accountId, reason, actor }: BlockRequest,
): Promise<void> {
  const at = clock();
  await db.transaction().execute(async (trx) => {
    const found = await readBlock(trx, accountId, 'wait');
    if (found === undefined) throw new BrokerError('M-DATA-001', { detail: accountId.slice(0, 40) });
    if (actor.kind === 'operator' && actor.accountId === accountId)
      throw new BrokerError('M-ACCT-005', { detail: accountId });
    if ((found.blockedAt !== undefined) === (act === 'block'))
      throw new BrokerError('M-ACCT-004', { detail: `${accountId}: ${act}` });
    if (found.blockedAt !== undefined && at.getTime() - found.blockedAt.getTime() < settledMs)
      throw new BrokerError('M-ACCT-006', { detail: accountId });
    await trx
      .updateTable('account')
      .set(
        act === 'block'
          ? { blocked_at: at, blocked_by: actorReference(actor), blocked_reason: inOneLine(reason) }
          : { blocked_at: null, blocked_by: null, blocked_reason: null },
      )
      .where('id', '=', accountId)
      .execute();
    await endGrantsOfAccount(trx, accountId, at);
    await appendAudit(trx, at, [
      {
        act: `account.${act}`,
        subject: accountSubject(accountId),
        actor,
        reason: inOneLine(reason),
        ...(found.blockedAt === undefined
          ? {}
          : { before: { blockedAt: found.blockedAt.toISOString(), by: found.by } }),
      },
    ]);
  });
}

export const inOneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, longestBlockReason);
