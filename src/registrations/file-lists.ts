import type { Kysely, SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import { numbersOf } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { requestStates } from './file.ts';
import { senderOf } from './nobody.ts';
import type { FileSummary, RequestSummary } from './opened.ts';
import type { Perimeter } from './queue-filter.ts';
import { withinPerimeter } from './within-perimeter.ts';

const columns = [
  'registration.id',
  'registration.account_id',
  'registration.stage',
  'registration.version',
  'registration.organization',
  'registration.siren',
  'registration.organization_name',
  'registration.organization_type',
  'registration.department',
  'registration.submitted_at',
  'registration.due_on',
  'registration.taken_by',
  'registration.renews',
  'registration.created_at',
  'registration.updated_at',
] as const;

const text = z.string().nullable();
const rowSchema = z.object({
  id: z.string(),
  account_id: z.string(),
  stage: z.enum(['draft', 'examination', 'decided', 'ended']),
  version: z.int(),
  organization: text,
  siren: text,
  organization_name: text,
  organization_type: text,
  department: text,
  submitted_at: z.date().nullable(),
  due_on: text,
  taken_by: text,
  renews: text,
  created_at: z.date(),
  updated_at: z.date(),
});

const requestSchema = z.object({
  registration_id: z.string(),
  service_id: z.string(),
  state: z.enum(requestStates),
  proposed: z.boolean(),
  contested: z.boolean(),
  ends_on: text,
});

/** Rows of `registration`, in the order of the query, with their requests: two SQL statements. */
export async function summaries<O>(
  db: Kysely<Database>,
  query: SelectQueryBuilder<Database, 'registration', O>,
): Promise<readonly FileSummary[]> {
  const found: unknown[] = await query.select(columns).execute();
  const rows = z.array(rowSchema).parse(found);
  const requests = await requestsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    accountId: senderOf(row.account_id),
    stage: row.stage,
    version: row.version,
    organization: row.organization ?? undefined,
    siren: row.siren ?? undefined,
    organizationName: row.organization_name ?? undefined,
    organizationType: row.organization_type ?? undefined,
    department: row.department ?? undefined,
    requests: requests.get(row.id) ?? [],
    submittedAt: row.submitted_at ?? undefined,
    dueOn: row.due_on ?? undefined,
    takenBy: row.taken_by ?? undefined,
    renews: row.renews ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

async function requestsOf(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly RequestSummary[]>> {
  if (ids.length === 0) return new Map();
  const found: unknown[] = await db
    .selectFrom('registration_request')
    .select(['registration_id', 'service_id', 'state', 'proposed', 'contested', 'ends_on'])
    .where('registration_id', 'in', ids)
    .orderBy('service_id')
    .execute();
  const byFile = Map.groupBy(z.array(requestSchema).parse(found), ({ registration_id: id }) => id);
  return new Map(
    [...byFile].map(([id, rows]) => [
      id,
      rows.map(({ service_id: service, state, proposed, contested, ends_on: endsOn }) => ({
        service,
        state,
        proposed,
        contested,
        endsOn: endsOn ?? undefined,
      })),
    ]),
  );
}

/** The newest first, drafts included. */
export const filesOfApplicant = (db: Kysely<Database>, accountId: string): Promise<readonly FileSummary[]> =>
  summaries(
    db,
    db
      .selectFrom('registration')
      .where('account_id', '=', accountId)
      .orderBy('created_at', 'desc')
      .orderBy('id'),
  );

/** Those that the administration opened for one of these organizations, the newest first. @param sirens of a sign-in */
export const filesOpenedFor = async (
  db: Kysely<Database>,
  sirens: readonly string[],
): Promise<readonly FileSummary[]> =>
  sirens.length === 0
    ? []
    : summaries(
        db,
        db
          .selectFrom('registration')
          .where('lot', 'is not', null)
          .where('stage', '<>', 'draft')
          .where('siren', 'in', sirens)
          .orderBy('created_at', 'desc')
          .orderBy('id')
          .limit(200),
      );

/**
 * Those that were sent and lie within the perimeter, the newest first.
 *
 * @param id SIREN, RNA number or entry in a court's register
 */
export async function filesOfOrganization(
  db: Kysely<Database>,
  id: string,
  perimeter: Perimeter,
): Promise<readonly FileSummary[]> {
  const seen = await withinPerimeter(db, perimeter);
  const ids = [...new Set([id, ...((await numbersOf(db, id))?.all ?? [])])];
  return summaries(
    db,
    seen(db.selectFrom('registration'))
      .where((eb) => eb.or([eb('organization', 'in', ids), eb('siren', 'in', ids)]))
      .orderBy('submitted_at', 'desc')
      .orderBy('id')
      .limit(200),
  );
}
