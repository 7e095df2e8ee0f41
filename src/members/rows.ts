import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { linkLevels } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import { confirmationDays, stateOf } from './rules.ts';
import type { MemberState } from './rules.ts';

/** One person who has acted for an organization, as its representative and operators read it. */
export interface Member {
  readonly id: string;
  readonly accountId: string;
  readonly siren: string;
  readonly siret: string;
  /** Id of the identity provider of the last sign-in. */
  readonly idp: string;
  readonly origin: 'idp' | 'declared';
  readonly level: (typeof linkLevels)[number];
  readonly method: string;
  /** As of the last sign-in; empty when it said nothing, or when it is forgotten. */
  readonly name: string;
  readonly email: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly confirmedAt: Date | undefined;
  /** `account:…`, `operator:anne`. */
  readonly confirmedBy: string | undefined;
  readonly revokedAt: Date | undefined;
  readonly revokedBy: string | undefined;
  readonly revokedReason: string | undefined;
  readonly state: MemberState;
  readonly version: number;
}

const text = z.string().nullable();
const rowSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  siren: z.string(),
  siret: z.string(),
  idp_id: z.string(),
  origin: z.enum(['idp', 'declared']),
  level: z.enum(linkLevels),
  method: z.string(),
  given_name: text,
  usual_name: text,
  email: text,
  first_seen_at: z.date(),
  last_seen_at: z.date(),
  confirmed_at: z.date().nullable(),
  confirmed_by: text,
  revoked_at: z.date().nullable(),
  revoked_by: text,
  revoked_reason: text,
  version: z.int(),
});

function memberOf(row: z.output<typeof rowSchema>, now: Date): Member {
  const confirmedAt = row.confirmed_at ?? undefined;
  const revokedAt = row.revoked_at ?? undefined;
  return {
    id: row.id,
    accountId: row.account_id,
    siren: row.siren,
    siret: row.siret,
    idp: row.idp_id,
    origin: row.origin,
    level: row.level,
    method: row.method,
    name: [row.given_name, row.usual_name].filter((part) => part !== null).join(' '),
    email: row.email ?? '',
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    confirmedAt,
    confirmedBy: row.confirmed_by ?? undefined,
    revokedAt,
    revokedBy: row.revoked_by ?? undefined,
    revokedReason: row.revoked_reason ?? undefined,
    state: stateOf({ confirmedAt, revokedAt }, now),
    version: row.version,
  };
}

export const perPage = 50;

export interface MembersPage {
  readonly members: readonly Member[];
  readonly total: number;
  /** Not confirmed, or more than a year ago. */
  readonly toConfirm: number;
  readonly page: number;
  readonly pages: number;
}

/**
 * A page that is not there is the nearest one. Those to confirm first, those who were revoked last.
 *
 * @param among only these accounts, if given
 * @param represent accounts that represent the organization: an operator has examined their mandate
 */
export async function readMembers(
  db: Kysely<Database>,
  now: Date,
  {
    siren,
    asked,
    represent,
    among,
  }: { siren: string; asked: number; represent: readonly string[]; among?: readonly string[] | undefined },
): Promise<MembersPage> {
  const since = new Date(now.getTime() - confirmationDays * 24 * 3600 * 1000);
  const due = sql`revoked_at is null and not (account_id = any(${represent}::uuid[])) and (confirmed_at is null or confirmed_at <= ${since}::timestamptz)`;
  const where =
    among === undefined
      ? sql`siren = ${siren}`
      : sql`siren = ${siren} and account_id = any(${among}::uuid[])`;
  const counted = await sql`
    select count(*)::int as total, (count(*) filter (where ${due}))::int as due
    from membership where ${where}`.execute(db);
  const { total, due: toConfirm } = z
    .object({ total: z.int(), due: z.int() })
    .parse(counted.rows.at(0) ?? { total: 0, due: 0 });
  const pages = Math.max(1, Math.ceil(total / perPage));
  const page = Math.min(Math.max(1, Number.isSafeInteger(asked) ? asked : 1), pages);
  const { rows } = await sql`
    select *, id::text as id, account_id::text as account_id from membership where ${where}
    order by (revoked_at is not null), (not (${due})), lower(usual_name) nulls last, lower(given_name) nulls last, membership.id
    limit ${perPage}::int offset ${(page - 1) * perPage}::int`.execute(db);
  const members = z
    .array(rowSchema)
    .parse(rows)
    .map((row) => memberOf(row, now));
  return { members, total, toConfirm, page, pages };
}

/**
 * One member of one organization: ids come from addresses that anybody writes, and that of another organization is
 * nobody's.
 */
export async function readMember(
  db: Kysely<Database>,
  now: Date,
  { id, siren }: { readonly id: string; readonly siren: string },
  lock?: 'wait',
): Promise<Member | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined;
  const { rows } = await sql`
    select *, id::text as id, account_id::text as account_id from membership
    where membership.id = ${id}::uuid and siren = ${siren} ${lock === undefined ? sql`` : sql`for update`}`.execute(
    db,
  );
  const [row] = z.array(rowSchema).parse(rows);
  return row === undefined ? undefined : memberOf(row, now);
}
