import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Fingerprints } from '../config/config.ts';
import { mailboxSpelling } from '../limits/limits.ts';
import type { Database } from '../storage/storage.ts';
import { askAgainDays } from './join-facts.ts';

/*
 * A refusal, or a revocation, is not undone by an erasure: whoever was told no and comes back as somebody new is known again for
 * `askAgainDays`, by keyed hashes of their identities and mailboxes, which name nobody.
 */

const identitiesSchema = z.array(z.object({ issuer: z.string(), subject: z.string() }));

/** What tells one person from another: their identities, and their mailboxes in one spelling. */
async function marksOf(
  db: Kysely<Database>,
  { accountId, addresses }: { readonly accountId: string; readonly addresses: readonly string[] },
): Promise<readonly string[]> {
  const rows: unknown[] = await db
    .selectFrom('identity')
    .select(['issuer', 'subject'])
    .where('account_id', '=', accountId)
    .execute();
  return [
    ...identitiesSchema.parse(rows).map((identity) => JSON.stringify([identity.issuer, identity.subject])),
    ...addresses.map((address) => mailboxSpelling(address)),
  ];
}

const untilSchema = z.array(z.object({ siren: z.string(), until: z.date() }));

/** What would be kept of an account that is erased now: each legal unit that said no lately, and until when. */
export async function lateRefusals(
  db: Kysely<Database>,
  now: Date,
  accountId: string,
): Promise<readonly { readonly siren: string; readonly until: Date }[]> {
  const { rows } = await sql`
    select siren, max(changed_at) + make_interval(days => ${askAgainDays}::int) as until from joined_membership
    where account_id = ${accountId}::uuid and ended in ('refused', 'revoked')
    group by siren having max(changed_at) + make_interval(days => ${askAgainDays}::int) > ${now}::timestamptz`.execute(
    db,
  );
  return untilSchema.parse(rows);
}

/** Before the identities of the account go. */
export async function keepRefusals(
  trx: Kysely<Database>,
  now: Date,
  person: { readonly accountId: string; readonly addresses: readonly string[] },
  fingerprints: Fingerprints,
): Promise<void> {
  const marks = await marksOf(trx, person);
  for (const { siren, until } of await lateRefusals(trx, now, person.accountId)) {
    for (const mark of marks) {
      const [fingerprint] = fingerprints(mark);
      if (fingerprint === undefined) continue;
      await trx
        .insertInto('joining_refusal')
        .values({ fingerprint, siren, until })
        .onConflict((conflict) =>
          conflict
            .columns(['fingerprint', 'siren'])
            .doUpdateSet({ until: sql<Date>`greatest(joining_refusal.until, excluded.until)` }),
        )
        .execute();
    }
  }
}

export async function isRefusalKept(
  db: Kysely<Database>,
  now: Date,
  person: { readonly accountId: string; readonly siren: string; readonly addresses: readonly string[] },
  fingerprints: Fingerprints,
): Promise<boolean> {
  const marks = (await marksOf(db, person)).flatMap((mark) => [...fingerprints(mark)]);
  const { rows } = await sql`
    select 1 from joining_refusal
    where siren = ${person.siren} and until > ${now}::timestamptz and fingerprint = any(${marks}::text[]) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}
