import { sql } from 'kysely';
import { z } from 'zod';
import { canonicalEmail } from '../identity/identity.ts';
import { accountsThatInvitedAs, invitationsOfPerson } from '../invitations/invitations.ts';
import { ofPerson } from '../registrations/registrations.ts';
import type { PersonalDataNeeds } from './needs.ts';

export interface AccountFound {
  readonly accountId: string;
  readonly createdAt: Date;
  readonly erasedAt: Date | undefined;
  /** As the last sign-in said. */
  readonly name: string | undefined;
}

export interface Found {
  /** In lower case, when it was an address that was typed. */
  readonly address: string | undefined;
  readonly accounts: readonly AccountFound[];
  /** Whether the address is kept without an account: somebody invited them, or named them. */
  readonly alone: boolean;
}

const accountsSchema = z.array(
  z.object({
    id: z.string(),
    created_at: z.date(),
    erased_at: z.date().nullable(),
    name: z.string().nullable(),
  }),
);

/**
 * Who has this number, or who is kept under exactly this address: an account has none, but what it was used for has (tools
 * opened, organizations, files, invitations). Undefined for what is neither a number nor an address.
 */
export async function findPeople(needs: PersonalDataNeeds, typed: string): Promise<Found | undefined> {
  const written = typed.trim();
  const accountId = z.uuid().safeParse(written.replace(/^account:/u, '')).data;
  if (accountId !== undefined)
    return { address: undefined, accounts: await accounts(needs, [accountId]), alone: false };
  const address = canonicalEmail(written)?.address.toLowerCase();
  if (address === undefined) return undefined;
  const found = await accounts(needs, await accountsUnder(needs, address));
  const without = { accountId: undefined, address };
  const alone =
    found.length === 0 &&
    ((await invitationsOfPerson(needs.db, needs.clock(), without)).length > 0 ||
      (await ofPerson.namedAsContact(needs.db, address)).length > 0);
  return { address, accounts: found, alone };
}

async function accountsUnder({ db }: PersonalDataNeeds, address: string): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select account_id as id from oidc_grant
    where lower(snapshot_text(snapshot, '{signIn,email}')) = ${address} and revoked_at is null
    union
    select account_id::text from membership where lower(email) = ${address}
    limit 50`.execute(db);
  return [
    ...new Set([
      ...rows.map(({ id }) => id),
      ...(await ofPerson.accountsThatFiledAs(db, address)),
      ...(await accountsThatInvitedAs(db, address)),
    ]),
  ];
}

async function accounts({ db }: PersonalDataNeeds, ids: readonly string[]): Promise<readonly AccountFound[]> {
  const { rows } = await sql`
    select account.id::text as id, account.created_at, erased_at, (
      select nullif(trim(concat(given_name, ' ', usual_name)), '') from membership
      where account_id = account.id order by last_seen_at desc limit 1) as name
    from account left join erasure on erasure.account_id = account.id
    where account.id = any(${ids}::uuid[]) order by account.created_at desc limit 20`.execute(db);
  return accountsSchema.parse(rows).map(({ id, created_at: createdAt, erased_at: erasedAt, name }) => ({
    accountId: id,
    createdAt,
    erasedAt: erasedAt ?? undefined,
    name: name ?? undefined,
  }));
}
