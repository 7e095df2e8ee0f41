import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { hashId } from './keys.ts';
import type { Database } from './tables.ts';

/** A grant under which something may still be used. */
export interface LiveGrant {
  /** SHA-256 of the id that the library knows. */
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  /** JSON text: the identity snapshot. */
  readonly snapshot: string;
}

const rowsSchema = z.array(
  z.object({ id: z.string(), account_id: z.string(), client_id: z.string(), snapshot: z.string() }),
);

/** As the indexes of migration 0007 have them. */
const sirenOfSnapshot = sql<string>`left(snapshot_text(snapshot, '{membership,siret}'), 9)`;
const emailOfSnapshot = sql<string>`lower(snapshot_text(snapshot, '{signIn,email}'))`;

/** People who act for one legal unit, who have proven one address (in lower case), or one account. */
export type Holders =
  { readonly siren: string } | { readonly address: string } | { readonly accountId: string };

function heldBy(holders: Holders) {
  if ('siren' in holders) return sql<boolean>`${sirenOfSnapshot} = ${holders.siren}`;
  if ('address' in holders) return sql<boolean>`${emailOfSnapshot} = ${holders.address}`;
  return sql<boolean>`account_id = ${holders.accountId}`;
}

/**
 * Grants given to these clients, in the order of their ids.
 *
 * @param after id of the last one of the page before
 */
export async function liveGrantsOf(
  db: Kysely<Database>,
  {
    clientIds,
    now,
    after,
    limit,
    ...holders
  }: Holders & {
    readonly clientIds: readonly string[];
    readonly now: Date;
    readonly after: string;
    readonly limit: number;
  },
): Promise<readonly LiveGrant[]> {
  if (clientIds.length === 0) return [];
  const rows: unknown[] = await db
    .selectFrom('oidc_grant')
    .select(['id', 'account_id', 'client_id', 'snapshot'])
    .where(heldBy(holders))
    .where('revoked_at', 'is', null)
    .where('client_id', 'in', clientIds)
    .where('expires_at', '>', now)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rowsSchema.parse(rows).map(({ id, account_id: accountId, client_id: clientId, snapshot }) => ({
    id,
    accountId,
    clientId,
    snapshot,
  }));
}

/** What these legal units hold of these clients. */
export interface OpenedFor {
  readonly sirens: readonly string[];
  readonly clientIds: readonly string[];
}

export interface OpenCounted {
  readonly people: number;
  /** Browsers in which a tool was opened. */
  readonly sessions: number;
  readonly grants: number;
  /** Clients that have one, sorted. */
  readonly clientIds: readonly string[];
}

const countedSchema = z.tuple([
  z.object({
    people: z.int(),
    sessions: z.int(),
    grants: z.int(),
    clients: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  }),
]);

/**
 * In one statement, however many legal units there are.
 *
 * @param most grants that are looked at
 */
export async function countLiveGrants(
  db: Kysely<Database>,
  { open, now, most }: { readonly open: readonly OpenedFor[]; readonly now: Date; readonly most: number },
): Promise<OpenCounted> {
  const asked = open.filter(({ sirens, clientIds }) => sirens.length > 0 && clientIds.length > 0);
  if (asked.length === 0) return { people: 0, sessions: 0, grants: 0, clientIds: [] };
  // Apart for each legal unit: by the index, and the text of a snapshot is read of what was found only.
  const theirs = asked.map(
    ({ sirens, clientIds }) => sql`
      select open.* from (select distinct unnest(${[...sirens]}::text[]) as siren) as held cross join lateral (
        select account_id, client_id, snapshot from oidc_grant
        where ${sirenOfSnapshot} = held.siren and client_id = any(${[...clientIds]}::text[])
          and revoked_at is null and expires_at > ${now}::timestamptz
        offset 0) as open`,
  );
  const { rows } = await sql`
    select count(distinct account_id)::int as people, count(*)::int as grants,
      count(distinct snapshot_text(snapshot, '{session}'))::int as sessions,
      coalesce(json_agg(distinct client_id), '[]')::text as clients
    from (${sql.join(theirs, sql` union all `)} limit ${most}::int) as live`.execute(db);
  const [{ people, sessions, grants, clients }] = countedSchema.parse(rows);
  return { people, sessions, grants, clientIds: clients.toSorted() };
}

/** A grant of somebody who signed in for an establishment. */
export interface OpenedAt {
  readonly accountId: string;
  readonly clientId: string;
  readonly siret: string;
  readonly session: string | undefined;
}

const openedAtSchema = z.array(
  z.object({
    account: z.string(),
    client: z.string(),
    siret: z.string().nullable(),
    session: z.string().nullable(),
  }),
);

/** Who has something open at these clients, and for whom. @param limit grants that are read */
export async function openedAtClients(
  db: Kysely<Database>,
  {
    clientIds,
    now,
    limit,
  }: { readonly clientIds: readonly string[]; readonly now: Date; readonly limit: number },
): Promise<readonly OpenedAt[]> {
  const { rows } = await sql`
    select account_id as account, client_id as client,
      snapshot_text(snapshot, '{membership,siret}') as siret, snapshot_text(snapshot, '{session}') as session
    from oidc_grant
    where revoked_at is null and expires_at > ${now}::timestamptz and client_id = any(${[...clientIds]}::text[])
    limit ${limit}::int`.execute(db);
  return openedAtSchema
    .parse(rows)
    .flatMap(({ account: accountId, client: clientId, siret, session }) =>
      siret === null ? [] : [{ accountId, clientId, siret, session: session ?? undefined }],
    );
}

/** Whether this grant is the one that the library calls so. */
export const isGrant = ({ id }: LiveGrant, grantId: string): boolean => hashId(grantId) === id;
