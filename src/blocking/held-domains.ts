import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { actorReference, appendAudit } from '../audit/audit.ts';
import { liesInHeldDomain, raiseRevision } from '../declarations/declarations.ts';
import { BrokerError } from '../errors/errors.ts';
import { restsOnHeldDomain } from '../identity/identity.ts';
import type { Database } from '../storage/storage.ts';
import { inOneLine, settledMs } from './block.ts';
import type { BlockingNeeds, BlockRequest } from './block.ts';

export interface DomainRequest {
  /** Canonical: A-labels, lower case. */
  readonly domain: string;
  /** Why: for the record. */
  readonly reason: string;
  readonly actor: BlockRequest['actor'];
}

type Needs = Pick<BlockingNeeds, 'db' | 'clock'>;

/**
 * From the next look of each process at what is declared, some seconds later, nobody is believed by an address of this domain, or
 * of one below. What its people have open ends by the watch.
 *
 * @returns how many accounts have an address there
 * @throws BrokerError M-ROUT-005 when it is held already
 */
export async function holdDomain(
  { db, clock }: Needs,
  { domain, reason, actor }: DomainRequest,
): Promise<number> {
  const at = clock();
  return db.transaction().execute(async (trx) => {
    const held = await trx
      .insertInto('held_domain')
      .values({ domain, since: at, held_by: actorReference(actor), reason: inOneLine(reason) })
      .onConflict((conflict) => conflict.doNothing())
      .returning('domain')
      .executeTakeFirst();
    if (held === undefined) throw new BrokerError('M-ROUT-005', { detail: `${domain}: held already` });
    await raiseRevision(trx);
    await appendAudit(trx, at, [
      { act: 'mail_domain.hold', subject: `mail_domain:${domain}`, actor, reason: inOneLine(reason) },
    ]);
    return (await accountsOfHeldDomains(trx, at)).length;
  });
}

/**
 * Its people may sign in again. What was open before stays ended.
 *
 * @throws BrokerError M-ROUT-005 when it is not held, or only since a minute ago
 */
export async function giveBackDomain(
  { db, clock }: Needs,
  { domain, reason, actor }: DomainRequest,
): Promise<void> {
  const at = clock();
  await db.transaction().execute(async (trx) => {
    const held = await trx
      .deleteFrom('held_domain')
      .where('domain', '=', domain)
      .where('since', '<=', new Date(at.getTime() - settledMs))
      .returning(['since', 'held_by'])
      .executeTakeFirst();
    if (held === undefined)
      throw new BrokerError('M-ROUT-005', { detail: `${domain}: not held, or since less than a minute` });
    await raiseRevision(trx);
    await appendAudit(trx, at, [
      {
        act: 'mail_domain.give_back',
        subject: `mail_domain:${domain}`,
        actor,
        reason: inOneLine(reason),
        before: { since: held.since.toISOString(), by: held.held_by },
      },
    ]);
  });
}

export interface HeldSince {
  readonly domain: string;
  readonly since: Date;
  /** `operator:anne`, `command_line:root`. */
  readonly by: string;
  readonly reason: string;
}

/** Those that are held, the last one first. */
export async function heldDomains(db: Kysely<Database>): Promise<readonly HeldSince[]> {
  const rows = await db.selectFrom('held_domain').selectAll().orderBy('since', 'desc').execute();
  return rows.map(({ domain, since, held_by: by, reason }) => ({ domain, since, by, reason }));
}

const rowsSchema = z.array(z.object({ account_id: z.string() }));

/**
 * Accounts to which an address in a domain that is held since then leads: their own, as their provider said it for an organization,
 * or any that they proved here; and those who act for an organization by what was read in a mailbox there.
 */
export async function accountsOfHeldDomains(db: Kysely<Database>, since: Date): Promise<readonly string[]> {
  // Asked every twenty seconds, and nearly always of nothing: every address of everybody is read only for an answer.
  if (
    (await db.selectFrom('held_domain').select('domain').where('since', '>=', since).limit(1).execute())
      .length === 0
  )
    return [];
  const held = sql<boolean>`since >= ${since}::timestamptz`;
  const { rows } = await sql`
    select account_id::text as account_id from membership where ${liesInHeldDomain(sql`email`, held)}
    union
    select identity.account_id::text from partner_address
    join identity on identity.subject = partner_address.partner_id::text
    where ${liesInHeldDomain(sql`address`, held)}
    union
    select account_id::text from joined_membership where state = 'active' and ${restsOnHeldDomain(held)}`.execute(
    db,
  );
  return rowsSchema.parse(rows).map(({ account_id: accountId }) => accountId);
}
