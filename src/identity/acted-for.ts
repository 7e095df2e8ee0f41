import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../storage/storage.ts';
import { declaredPeople } from './declared-people.ts';

const accountsSchema = z.array(z.object({ account_id: z.string() }));

/** Accounts of these people, each a `sub` of an issuer. */
export async function accountsOf(
  db: Kysely<Database>,
  people: readonly { readonly issuer: string; readonly subject: string }[],
): Promise<readonly string[]> {
  if (people.length === 0) return [];
  const { rows } = await sql`
    select distinct account_id from identity
    join jsonb_to_recordset(${JSON.stringify(people)}::jsonb) as person (issuer text, subject text)
      using (issuer, subject)`.execute(db);
  return accountsSchema.parse(rows).map(({ account_id }) => account_id);
}

const actedSchema = z.array(z.object({ account_id: z.string(), siren: z.string() }));

/**
 * For which of these legal units each of these accounts has ever acted, or is declared to: today's sign-in says only for which
 * one it is, and what was taken away since was there.
 */
export async function actedFor(
  db: Kysely<Database>,
  { accounts, sirens }: { readonly accounts: readonly string[]; readonly sirens: readonly string[] },
): Promise<readonly { readonly accountId: string; readonly siren: string }[]> {
  const known = accounts.filter((account) => z.uuid().safeParse(account).success);
  if (known.length === 0 || sirens.length === 0) return [];
  const { rows } = await sql`
    with account_asked as (
      select value::uuid as account_id from jsonb_array_elements_text(${JSON.stringify(known)}::jsonb)),
    siren_asked as (
      select value as siren from jsonb_array_elements_text(${JSON.stringify(sirens)}::jsonb))
    select account_id, siren from membership
    where account_id in (select account_id from account_asked) and siren in (select siren from siren_asked)
    union
    select account_id, left(siret, 9) as siren from ${declaredPeople()} as person
    where account_id in (select account_id from account_asked)
      and left(siret, 9) in (select siren from siren_asked)`.execute(db);
  return actedSchema.parse(rows).map(({ account_id, siren }) => ({ accountId: account_id, siren }));
}
