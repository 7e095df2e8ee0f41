import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Operator, Snapshot } from '../declarations/declarations.ts';
import { accountsOf, actedFor } from '../identity/identity.ts';
import { isSiren } from '../organizations/organizations.ts';
import { numbersOf } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { CorrectorAtWork } from './needs.ts';

interface Knowing {
  readonly snapshot: Snapshot;
  readonly actor?: CorrectorAtWork['actor'] | undefined;
}

/** Whether an operator is of the organization, by whichever of its numbers. Nobody decides on their own. */
export const isOwn = async (
  db: Kysely<Database>,
  organization: string,
  operator: Operator,
  knowing: Knowing,
): Promise<boolean> => (await ownAmong(db, [organization], operator, knowing)).has(organization);

/**
 * Those of which an operator is: declared of it, signed in for it now, or their account has ever acted for it, or filed
 * for it.
 *
 * @param organizations SIREN, RNA numbers or entries in a local register
 */
export async function ownAmong(
  db: Kysely<Database>,
  organizations: readonly string[],
  operator: Operator,
  { snapshot, actor }: Knowing,
): Promise<ReadonlySet<string>> {
  const issuer = snapshot.identityProviders.get(operator.idp)?.issuer;
  const known = issuer === undefined ? [] : await accountsOf(db, [{ issuer, subject: operator.subject }]);
  const accounts = [...new Set([...known, ...(actor?.accountId === undefined ? [] : [actor.accountId])])];
  const filed = await numbersFiledFor(db, accounts);
  const numbers = new Map<string, readonly string[]>();
  for (const one of organizations) {
    // A SIREN says enough, but to whoever filed for an association before it had one.
    const all = isSiren(one) && filed.size === 0 ? [] : ((await numbersOf(db, one))?.all ?? []);
    numbers.set(one, [...new Set([one, ...all])]);
  }
  const sirens = [...numbers.values()].flat().filter(isSiren);
  const acted = await actedFor(db, { accounts, sirens });
  const own = new Set([
    ...filed,
    ...acted.map(({ siren }) => siren),
    ...(actor?.sirens ?? []),
    operator.organization_siren,
  ]);
  return new Set(organizations.filter((one) => numbers.get(one)?.some((number) => own.has(number)) === true));
}

const rowsSchema = z.array(z.object({ organization: z.string().nullable(), siren: z.string().nullable() }));

/** As the files name the organizations, and by what the register calls them since. */
async function numbersFiledFor(
  db: Kysely<Database>,
  accounts: readonly string[],
): Promise<ReadonlySet<string>> {
  const known = accounts.filter((account) => z.uuid().safeParse(account).success);
  if (known.length === 0) return new Set();
  // As identifiers, not as texts: by the index.
  const { rows } = await sql`
    select distinct organization, siren from registration
    where account_id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(known)}::jsonb))
      and stage <> 'draft'`.execute(db);
  const named = rowsSchema
    .parse(rows)
    .flatMap(({ organization, siren }) => [organization, siren])
    .filter((one) => one !== null);
  const numbers = new Set(named);
  for (const one of named) for (const number of (await numbersOf(db, one))?.all ?? []) numbers.add(number);
  return numbers;
}
