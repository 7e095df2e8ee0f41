import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { sql } from 'kysely';
import { z } from 'zod';
import { destroyedContent } from './destroy-file.ts';
import { oneAtATime } from './drafts.ts';
import { retentionEnd } from './evidence/retention.ts';
import type { RequestState } from './file.ts';
import { readFile, readRow } from './open.ts';

/** What is to become of a file when the person who filed it asks that their data be erased. */
export interface FileOfPerson {
  readonly id: string;
  readonly organizationName: string | undefined;
  readonly states: readonly RequestState[];
  /** `running`: examined, in force, or appealed: nothing is counted yet. `destroyed`: only a trace is left. */
  readonly standing: 'draft' | 'running' | 'ended' | 'destroyed';
  /** First civil day (Paris) on which it is no longer kept, of one that has ended. */
  readonly until: string | undefined;
  /** Nobody else has a file for this organization that was sent and has not ended. */
  readonly alone: boolean;
}

const rowsSchema = z.array(
  z.object({
    id: z.string(),
    organization_name: z.string().nullable(),
    stage: z.string(),
    destroyed: z.boolean(),
    alone: z.boolean(),
  }),
);

/** The newest first. */
async function filesOfPerson(db: Kysely<Database>, accountId: string): Promise<readonly FileOfPerson[]> {
  const { rows } = await sql`
    select id, organization_name, stage, draft = ${destroyedContent} and submitted_at is not null as destroyed,
      not exists (
        select from registration as other
        where other.organization = registration.organization and other.account_id <> registration.account_id
          and other.stage in ('examination', 'decided')) as alone
    from registration where account_id = ${accountId}::uuid order by created_at desc, id`.execute(db);
  const files: FileOfPerson[] = [];
  for (const { id, organization_name: name, stage, destroyed, alone } of rowsSchema.parse(rows)) {
    const about = { id, organizationName: name ?? undefined, alone };
    if (stage === 'draft') files.push({ ...about, states: [], standing: 'draft', until: undefined });
    else files.push({ ...about, ...(await standingOf(db, id, destroyed)) });
  }
  return files;
}

async function standingOf(
  db: Kysely<Database>,
  id: string,
  destroyed: boolean,
): Promise<Pick<FileOfPerson, 'states' | 'standing' | 'until'>> {
  const row = await readRow(db, id);
  if (row === undefined) return { states: [], standing: 'destroyed', until: undefined };
  const file = await readFile(db, row);
  const states = file.requests.map(({ state }) => state);
  if (destroyed) return { states, standing: 'destroyed', until: undefined };
  const end = retentionEnd(file, file.events.at(-1)?.at ?? row.updatedAt);
  return { states, standing: end === undefined ? 'running' : 'ended', until: end?.on };
}

/** Files of which everything is kept for now; a file that is gone, or destroyed, is not among them. */
async function filesStillKept(db: Kysely<Database>, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('registration')
    .select('id')
    .where('id', 'in', ids)
    .where((eb) => eb.or([eb('stage', '=', 'draft'), eb('draft', '<>', destroyedContent)]))
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Drafts and their evidence, of somebody whose data is erased. @returns their numbers */
async function eraseDraftsOf(trx: Kysely<Database>, accountId: string): Promise<readonly string[]> {
  await oneAtATime(trx, `drafts ${accountId}`);
  const gone = await trx
    .deleteFrom('registration')
    .where('account_id', '=', accountId)
    .where('stage', '=', 'draft')
    .returning('id')
    .execute();
  return gone.map(({ id }) => id).toSorted();
}

const asContactSchema = z.array(
  z.object({
    id: z.string(),
    organization_name: z.string().nullable(),
    contact: z.enum(['dataProtection', 'security', 'organization']),
  }),
);

/** Files that name an address as the one to write to, by the indexes of migration 0012. */
async function namedAsContact(
  db: Kysely<Database>,
  address: string,
): Promise<
  readonly {
    readonly id: string;
    readonly organizationName: string | undefined;
    /** `organization`: where letters go, of a file that the administration opened. */
    readonly as: z.output<typeof asContactSchema>[number]['contact'];
  }[]
> {
  const { rows } = await sql`
    select id, organization_name, 'dataProtection' as contact from registration
    where left(lower(snapshot_text(draft, '{dataProtection,email}')), 320) = ${address}
    union all
    select id, organization_name, 'security' from registration
    where left(lower(snapshot_text(draft, '{security,email}')), 320) = ${address}
    union all
    select id, organization_name, 'organization' from registration_event
    join registration on registration.id = registration_event.registration_id
    where seq = 1 and left(lower(snapshot_text(event, '{act,contact}')), 320) = ${address}
    order by 1, 3 limit 200`.execute(db);
  return asContactSchema.parse(rows).map(({ id, organization_name: name, contact }) => ({
    id,
    organizationName: name ?? undefined,
    as: contact,
  }));
}

/** Accounts that sent a file with this address, by the index of migration 0012. */
async function accountsThatFiledAs(db: Kysely<Database>, address: string): Promise<readonly string[]> {
  const { rows } = await sql<{ account_id: string }>`
    select distinct registration.account_id::text as account_id from registration_event
    join registration on registration.id = registration_event.registration_id
    where seq = 1 and left(lower(snapshot_text(event, '{actor,email}')), 320) = ${address}
      and registration.account_id is not null
    limit 50`.execute(db);
  return rows.map(({ account_id: id }) => id);
}

/** What a person has here by their account or their address: for personal-data/. */
export const ofPerson = {
  files: filesOfPerson,
  stillKept: filesStillKept,
  eraseDrafts: eraseDraftsOf,
  namedAsContact,
  accountsThatFiledAs,
};
