import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';

/** Somebody who has signed in: what an operator is declared by, and when that was. */
export interface FoundPerson {
  readonly accountId: string;
  readonly idp: string;
  readonly issuer: string;
  readonly subject: string;
  readonly lastSeenAt: Date;
}

const rowsSchema = z.array(
  z.object({
    account_id: z.string(),
    idp_id: z.string(),
    issuer: z.string(),
    subject: z.string(),
    last_seen_at: z.date(),
  }),
);

/**
 * By the ids of their accounts, the last one seen first. Whoever is found by an address (personal-data/) is named by what the
 * identity provider says all the same: an address proves nothing.
 */
export async function identitiesOf(
  db: Kysely<Database>,
  accounts: readonly string[],
): Promise<readonly FoundPerson[]> {
  const ids = accounts.filter((id) => z.uuid().safeParse(id).success);
  if (ids.length === 0) return [];
  const rows: unknown[] = await db
    .selectFrom('identity')
    .select(['account_id', 'idp_id', 'issuer', 'subject', 'last_seen_at'])
    .where('account_id', 'in', ids)
    .orderBy('last_seen_at', 'desc')
    .limit(20)
    .execute();
  return rowsOf(rows);
}

/** When this identity last signed in; undefined when it never did. */
export async function lastSeen(
  db: Kysely<Database>,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): Promise<Date | undefined> {
  const row = await db
    .selectFrom('identity')
    .select('last_seen_at')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.last_seen_at;
}

const rowsOf = (rows: unknown): readonly FoundPerson[] =>
  rowsSchema
    .parse(rows)
    .map(({ account_id: accountId, idp_id: idp, issuer, subject, last_seen_at: lastSeenAt }) => ({
      accountId,
      idp,
      issuer,
      subject,
      lastSeenAt,
    }));
