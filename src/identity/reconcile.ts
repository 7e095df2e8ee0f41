import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { accountSubject, appendAudit } from '../audit/audit.ts';
import { BrokerError } from '../errors/errors.ts';
import type { Database } from '../storage/storage.ts';

/** An identity of somebody, by which it stands in the table: a `sub` means somebody together with its issuer. */
export interface IdentityKey {
  readonly issuer: string;
  readonly subject: string;
}

/** One identity that was linked to an account which its person already had. */
export interface Reconciliation {
  readonly id: string;
  /** Id of the identity provider. */
  readonly idp: string;
  readonly at: Date;
}

const identitySchema = z.object({ account_id: z.string(), idp_id: z.string() });
const idSchema = z.uuid();

/**
 * Links an identity to an account that the same person has had for longer, so that tools go on knowing them by one `sub`. That
 * they are the same person was proven by the caller, in both: signed in with the identity now, and the mailbox of the other
 * account (and its second factor, when it has one). An e-mail address alone links nothing (invariant 3).
 *
 * The account that the identity leaves must have nothing that outlives a sign-in (files, invitations, memberships kept here):
 * nobody would find it again. It stays, empty, for the way back.
 *
 * @param from the account of the identity now; what was opened for it is ended by the caller after this returns
 * @throws BrokerError M-ACCT-002 when there is nothing (any more) to link, M-ACCT-003 when something would be left behind
 */
export async function reconcile(
  db: Kysely<Database>,
  {
    identity: { issuer, subject },
    from,
    to,
    at,
    id,
  }: {
    readonly identity: IdentityKey;
    readonly from: string;
    readonly to: string;
    readonly at: Date;
    readonly id: string;
  },
): Promise<Reconciliation> {
  return db.transaction().execute(async (trx) => {
    const usable = await lockUsable(trx, [from, to]);
    const standing = await standingOf(trx, { issuer, subject });
    if (from === to || !usable || standing?.account_id !== from) throw nothingToLink(`${from} to ${to}`);
    const left = await leftBehind(trx, from);
    if (left !== undefined) throw new BrokerError('M-ACCT-003', { detail: `account ${from}: ${left}` });
    await moveIdentity(trx, { issuer, subject }, to);
    await carryRevocations(trx, from, to);
    await trx
      .insertInto('reconciliation')
      .values({
        id,
        idp_id: standing.idp_id,
        issuer,
        subject,
        from_account_id: from,
        to_account_id: to,
        at,
        undone_at: null,
      })
      .execute();
    await record(trx, at, 'account.reconcile', { account: to, other: from, idp: standing.idp_id, id });
    return { id, idp: standing.idp_id, at };
  });
}

/** Those that stand, the newest first. */
export async function reconciliationsOf(
  db: Kysely<Database>,
  accountId: string,
): Promise<readonly Reconciliation[]> {
  const rows = await db
    .selectFrom('reconciliation')
    .select(['id', 'idp_id', 'at'])
    .where('to_account_id', '=', accountId)
    .where('undone_at', 'is', null)
    .orderBy('at', 'desc')
    .execute();
  return rows.map(({ id, idp_id: idp, at }) => ({ id, idp, at }));
}

/**
 * Takes a link back: the identity leads to the account where it stood, or to a new one when that was erased.
 *
 * @param newAccountId of the account to make, should it be needed
 * @returns the account to which the identity leads now
 * @throws BrokerError M-ACCT-002 when it is not a link of this account, was taken back already, or the account is blocked
 */
export async function undoReconciliation(
  db: Kysely<Database>,
  {
    id,
    accountId,
    at,
    newAccountId,
  }: Record<'id' | 'accountId' | 'newAccountId', string> & { readonly at: Date },
): Promise<string> {
  if (!idSchema.safeParse(id).success) throw nothingToLink('no such link');
  return db.transaction().execute(async (trx) => {
    // Blocked meanwhile: its identity is not led out of the block.
    if (!(await lockUsable(trx, [accountId]))) throw nothingToLink(`account ${accountId}: not usable`);
    const link = await trx
      .updateTable('reconciliation')
      .set({ undone_at: at })
      .where('id', '=', id)
      .where('to_account_id', '=', accountId)
      .where('undone_at', 'is', null)
      .returning(['issuer', 'subject', 'idp_id', 'from_account_id'])
      .executeTakeFirst();
    if (link === undefined) throw nothingToLink(`link ${id} of account ${accountId}`);
    const back = link.from_account_id ?? newAccountId;
    if (link.from_account_id === null)
      await trx.insertInto('account').values({ id: back, created_at: at }).execute();
    await moveIdentity(trx, link, back);
    await carryRevocations(trx, accountId, back);
    await record(trx, at, 'account.separate', { account: accountId, other: back, idp: link.idp_id, id });
    return back;
  });
}

const nothingToLink = (detail: string): BrokerError => new BrokerError('M-ACCT-002', { detail });

/** Always in one order, so that two that meet do not wait for each other. @returns whether all are there, and none is blocked */
async function lockUsable(trx: Kysely<Database>, accounts: readonly string[]): Promise<boolean> {
  const wanted = [...new Set(accounts)].toSorted();
  const rows = await trx
    .selectFrom('account')
    .select(['id', 'blocked_at'])
    .where('id', 'in', wanted)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.length === wanted.length && rows.every(({ blocked_at }) => blocked_at === null);
}

async function standingOf(trx: Kysely<Database>, { issuer, subject }: IdentityKey) {
  const row = await trx
    .selectFrom('identity')
    .select(['account_id', 'idp_id'])
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : identitySchema.parse(row);
}

/** What would be left without anybody: the name of its table. */
async function leftBehind(trx: Kysely<Database>, accountId: string): Promise<string | undefined> {
  const { rows } = await sql`
    select 'registration' as found where exists (select from registration where account_id = ${accountId}::uuid)
    union all
    select 'invitation' where exists (select from invitation where sponsor_account_id = ${accountId}::uuid)
    union all
    select 'joined_membership' where exists (select from joined_membership where account_id = ${accountId}::uuid)
    union all
    select 'identity' where (select count(*) from identity where account_id = ${accountId}::uuid) > 1`.execute(
    trx,
  );
  return z.array(z.object({ found: z.string() })).parse(rows)[0]?.found;
}

const moveIdentity = (trx: Kysely<Database>, { issuer, subject }: IdentityKey, to: string) =>
  trx
    .updateTable('identity')
    .set({ account_id: to })
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .execute();

/** What an organization took away from the person stays taken away, under whichever account they come. */
const carryRevocations = (trx: Kysely<Database>, from: string, to: string) =>
  sql`
    insert into membership (account_id, siren, siret, idp_id, origin, level, method, email_verified,
                            first_seen_at, last_seen_at, revoked_at, revoked_by, revoked_reason)
    select ${to}::uuid, siren, siret, idp_id, origin, level, method, false,
           first_seen_at, last_seen_at, revoked_at, revoked_by, revoked_reason
    from membership where account_id = ${from}::uuid and revoked_at is not null
    on conflict (account_id, siren) do update set
      revoked_at = excluded.revoked_at, revoked_by = excluded.revoked_by, revoked_reason = excluded.revoked_reason,
      confirmed_at = null, confirmed_by = null, version = membership.version + 1
    where membership.revoked_at is null`.execute(trx);

/** About both accounts: each finds it in its own record. */
async function record(
  trx: Kysely<Database>,
  at: Date,
  act: string,
  { account, other, idp, id }: Record<'account' | 'other' | 'idp' | 'id', string>,
): Promise<void> {
  const actor = { kind: 'account', accountId: account } as const;
  await appendAudit(trx, at, [
    { act, subject: accountSubject(account), actor, after: { link: id, idp, other } },
    { act, subject: accountSubject(other), actor, after: { link: id, idp, other: account } },
  ]);
}
