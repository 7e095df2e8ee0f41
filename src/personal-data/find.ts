import { sql } from 'kysely';
import { z } from 'zod';
import { canonicalEmail } from '../identity/identity.ts';
import { accountsThatInvitedAs, invitationsOfPerson } from '../invitations/invitations.ts';
import { ofPerson } from '../registrations/registrations.ts';
import { namedInLots } from './lots.ts';
import type { PersonalDataNeeds } from './needs.ts';

export interface AccountFound {
  readonly accountId: string;
  readonly createdAt: Date;
  readonly erasedAt: Date | undefined;
  /** As the last sign-in said. */
  readonly name: string | undefined;
  /** The identity provider answered for the mailbox. Otherwise the account has only said this address: it is not theirs. */
  readonly proven: boolean;
}

export interface Found {
  /** In lower case, when it was an address that was typed. */
  readonly address: string | undefined;
  readonly accounts: readonly AccountFound[];
  /** Whether something is kept under the address that belongs to none of these accounts: an invitation, a name in a file. */
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
    return {
      address: undefined,
      accounts: await accounts(needs, new Map([[accountId, false]])),
      alone: false,
    };
  const address = canonicalEmail(written)?.address.toLowerCase();
  if (address === undefined) return undefined;
  const found = await accounts(needs, await accountsUnder(needs, address));
  const alone = !found.some(({ proven }) => proven) && (await isKept(needs, address));
  return { address, accounts: found, alone };
}

const isKept = async ({ db, clock }: PersonalDataNeeds, address: string): Promise<boolean> =>
  (await invitationsOfPerson(db, clock(), { accountId: undefined, address })).length > 0 ||
  (await ofPerson.namedAsContact(db, address)).length > 0 ||
  (await namedInLots(db, address)).length > 0;

/** Whether it is proven, by account. Files and invitations do not say: what they have was typed, or told without a proof. */
async function accountsUnder(
  { db }: PersonalDataNeeds,
  address: string,
): Promise<ReadonlyMap<string, boolean>> {
  const { rows } = await sql<{ id: string; proven: boolean }>`
    select id, bool_or(proven) as proven from (
      select account_id as id,
        coalesce(snapshot_text(snapshot, '{signIn,emailVerified}') = 'true', false) as proven from oidc_grant
      where lower(snapshot_text(snapshot, '{signIn,email}')) = ${address} and revoked_at is null
      union all
      select account_id::text, email_verified from membership where lower(email) = ${address}) as used
    group by id order by 2 desc, 1 limit 50`.execute(db);
  const under = new Map(rows.map(({ id, proven }) => [id, proven]));
  const said = [
    ...(await ofPerson.accountsThatFiledAs(db, address)),
    ...(await accountsThatInvitedAs(db, address)),
  ];
  for (const id of said) under.set(id, under.get(id) ?? false);
  return under;
}

async function accounts(
  { db }: PersonalDataNeeds,
  under: ReadonlyMap<string, boolean>,
): Promise<readonly AccountFound[]> {
  const ids = [...under.keys()];
  // First: however many accounts say the address, whose it is stays on the list.
  const proven = ids.filter((id) => under.get(id) === true);
  const { rows } = await sql`
    select account.id::text as id, account.created_at, erased_at, (
      select nullif(trim(concat(given_name, ' ', usual_name)), '') from membership
      where account_id = account.id order by last_seen_at desc limit 1) as name
    from account left join erasure on erasure.account_id = account.id
    where account.id = any(${ids}::uuid[])
    order by account.id = any(${proven}::uuid[]) desc, account.created_at desc limit 20`.execute(db);
  return accountsSchema.parse(rows).map(({ id, created_at: createdAt, erased_at: erasedAt, name }) => ({
    accountId: id,
    createdAt,
    erasedAt: erasedAt ?? undefined,
    name: name ?? undefined,
    proven: under.get(id) === true,
  }));
}
