import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { actedFor } from '../identity/identity.ts';
import type { Database } from '../storage/storage.ts';
import { examined } from './file.ts';
import { approvalRowsSchema, heldOf } from './similar.ts';
import type { ApprovalHeld } from './similar.ts';

/** What stands between many organizations and a decision about them. */
export interface Standings {
  /** By SIREN: rights in force or to come, suspensions that run, refusals. What has only ended is over. */
  readonly held: ReadonlyMap<string, readonly ApprovalHeld[]>;
  /** By organization: what somebody examines now, or has to answer an appeal about. */
  readonly examined: ReadonlyMap<string, readonly { readonly file: string; readonly service: string }[]>;
  /** By organization: the version of each of its files, read before all else. What is decided later has a higher one. */
  readonly files: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Organizations for which one of the accounts has sent a file, or has ever acted. */
  readonly askedBy: ReadonlySet<string>;
}

const requestsSchema = z.array(z.object({ file: z.string(), service: z.string(), organization: z.string() }));
const filesSchema = z.array(
  z.object({
    id: z.string(),
    organization: z.string().nullable(),
    siren: z.string().nullable(),
    version: z.int(),
  }),
);
const askedSchema = z.array(z.object({ organization: z.string() }));

/**
 * Five statements, however many organizations: they go as JSON, one value.
 *
 * @param except files that a lot granted and that were taken back: a mistake that was mended is no refusal
 */
export async function standingsOf(
  db: Kysely<Database>,
  of: {
    readonly organizations: readonly { readonly id: string; readonly siren: string | undefined }[];
    readonly services: readonly string[];
    readonly accounts: readonly string[];
    readonly today: string;
    readonly except: ReadonlySet<string>;
  },
): Promise<Standings> {
  const sirens = JSON.stringify(of.organizations.flatMap(({ siren }) => siren ?? []));
  const ids = JSON.stringify(of.organizations.map(({ id }) => id));
  const files = await sql`
    select id, organization, siren, version from registration
    where version > 0 and (organization in (select jsonb_array_elements_text(${ids}::jsonb))
      or siren in (select jsonb_array_elements_text(${sirens}::jsonb)))`.execute(db);
  const rights = await sql`
    select id, siren, service_id, level, ground, reason, starts_on, ends_on, status, decided_on, origin
    from approval
    where siren in (select jsonb_array_elements_text(${sirens}::jsonb))
      and service_id in (select jsonb_array_elements_text(${JSON.stringify(of.services)}::jsonb))
      and (status = 'refused' or (status in ('active', 'suspended') and ends_on >= ${of.today}::date))
    order by ends_on desc, id`.execute(db);
  const requests = await sql`
    select registration.id as file, service_id as service, organization
    from registration join registration_request on registration_id = registration.id
    where organization in (select jsonb_array_elements_text(${ids}::jsonb))
      and service_id in (select jsonb_array_elements_text(${JSON.stringify(of.services)}::jsonb))
      and (contested
        or state in (select jsonb_array_elements_text(${JSON.stringify([...examined, 'appealed'])}::jsonb)))
    order by registration.id`.execute(db);
  const asked = await sql`
    select distinct organization from registration
    where organization in (select jsonb_array_elements_text(${ids}::jsonb))
      and account_id::text in (select jsonb_array_elements_text(${JSON.stringify(of.accounts)}::jsonb))
      and stage <> 'draft'`.execute(db);
  const acted = await actedFor(db, {
    accounts: of.accounts,
    sirens: of.organizations.flatMap(({ siren }) => siren ?? []),
  });
  const own = new Set(acted.map(({ siren }) => siren));
  const counted = heldOf(approvalRowsSchema.parse(rights.rows)).filter(
    ({ id, service }) => !of.except.has(id.slice(0, -service.length - 1).toUpperCase()),
  );
  const versions = filesSchema.parse(files.rows);
  const byId = Map.groupBy(versions, ({ organization }) => organization);
  const bySiren = Map.groupBy(versions, ({ siren }) => siren);
  const filesOf = (id: string, siren: string | undefined) => [
    ...(byId.get(id) ?? []),
    ...(siren === undefined ? [] : (bySiren.get(siren) ?? [])),
  ];
  return {
    files: new Map(
      of.organizations.map(({ id, siren }) => [
        id,
        Object.fromEntries(filesOf(id, siren).map((one) => [one.id, one.version])),
      ]),
    ),
    held: Map.groupBy(counted, ({ siren }) => siren),
    examined: Map.groupBy(requestsSchema.parse(requests.rows), ({ organization }) => organization),
    askedBy: new Set([
      ...askedSchema.parse(asked.rows).map(({ organization }) => organization),
      ...of.organizations.filter(({ siren }) => siren !== undefined && own.has(siren)).map(({ id }) => id),
    ]),
  };
}
