import type { Kysely } from 'kysely';
import { z } from 'zod';
import { grounds, levels } from '../eligibility/eligibility.ts';
import type { Approval } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import { filesOfOrganization, summaries } from './file-lists.ts';
import type { FileSummary, Opened } from './opened.ts';
import { isExamined } from './projections.ts';
import type { Perimeter } from './queue-filter.ts';
import { ofServices, withinPerimeter } from './within-perimeter.ts';

export interface ApprovalHeld extends Omit<Approval, 'operator'> {
  /** `configuration`, or `registration`. */
  readonly origin: string;
  readonly reason: string;
  readonly decidedOn: string;
}

/** An organization of another number and the same name. */
export interface Homonym {
  readonly id: string;
  readonly name: string;
  readonly siren: string | undefined;
  readonly rna: string | undefined;
  readonly communeCode: string | undefined;
  readonly active: boolean;
}

/** What stands beside a file, for whoever decides: equal cases are to be decided alike. */
export interface Similar {
  /** Other files of the organization, drafts left out. */
  readonly files: readonly FileSummary[];
  /** Of these, those that ask for a service that this file asks for too, and are still examined. */
  readonly duplicates: readonly FileSummary[];
  /** Those that come from elsewhere: what this file has opened stands in the file. */
  readonly approvals: readonly ApprovalHeld[];
  /** Files of organizations of the same type, in the same département, for the same services: the latest first. */
  readonly comparable: readonly FileSummary[];
  readonly homonyms: readonly Homonym[];
}

const mostShown = 10;

/** @param perimeter of whoever looks: what lies out of it does not exist for them, here neither */
export async function similarTo(
  db: Kysely<Database>,
  opened: Opened,
  perimeter: Perimeter,
): Promise<Similar> {
  const { file, organization } = opened;
  const services = new Set(
    file.requests.length > 0
      ? file.requests.map(({ service }) => service)
      : opened.content.services.map(({ id }) => id),
  );
  if (organization === undefined) {
    return { files: [], duplicates: [], approvals: [], comparable: [], homonyms: [] };
  }
  const files = (await filesOfOrganization(db, organization.id, perimeter)).filter(
    ({ id }) => id !== file.id,
  );
  return {
    files,
    duplicates: files.filter(({ requests }) =>
      requests.some((request) => isExamined(request) && services.has(request.service)),
    ),
    approvals: ofServices(await approvalsOf(db, organization.siren), perimeter).filter(
      ({ id }) => !id.startsWith(`${file.id.toLowerCase()}-`),
    ),
    comparable: await comparableFiles(db, opened, [...services], perimeter),
    homonyms: await homonymsOf(db, organization.id),
  };
}

async function comparableFiles(
  db: Kysely<Database>,
  { file, organization }: Opened,
  services: readonly string[],
  perimeter: Perimeter,
): Promise<readonly FileSummary[]> {
  if (organization?.department === undefined || services.length === 0) return [];
  const { type, department, id } = organization;
  const seen = await withinPerimeter(db, perimeter);
  return summaries(
    db,
    seen(db.selectFrom('registration'))
      .where('registration.id', '<>', file.id)
      .where('organization_type', '=', type)
      .where('department', '=', department)
      .where('organization', '<>', id)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('registration_request')
            .select('service_id')
            .whereRef('registration_request.registration_id', '=', 'registration.id')
            .where('service_id', 'in', services),
        ),
      )
      .orderBy('updated_at', 'desc')
      .orderBy('registration.id')
      .limit(mostShown),
  );
}

const approvalSchema = z.object({
  id: z.string(),
  siren: z.string(),
  service_id: z.string(),
  level: z.enum(levels),
  ground: z.enum(grounds),
  reason: z.string(),
  starts_on: z.iso.date(),
  ends_on: z.iso.date(),
  status: z.enum(['active', 'suspended', 'pending', 'refused']),
  decided_on: z.iso.date(),
  origin: z.string(),
});
export const approvalRowsSchema = z.array(approvalSchema);

/** Of an organization, whoever gave them: the latest to end first. */
export async function approvalsOf(
  db: Kysely<Database>,
  siren: string | undefined,
): Promise<readonly ApprovalHeld[]> {
  if (siren === undefined) return [];
  const rows: unknown[] = await db
    .selectFrom('approval')
    .select(['id', 'siren', 'service_id', 'level', 'ground', 'reason', 'starts_on', 'ends_on', 'status'])
    .select(['decided_on', 'origin'])
    .where('siren', '=', siren)
    .orderBy('ends_on', 'desc')
    .orderBy('id')
    .execute();
  return heldOf(approvalRowsSchema.parse(rows));
}

export const heldOf = (rows: z.output<typeof approvalRowsSchema>): readonly ApprovalHeld[] =>
  rows.map((row) => ({
    id: row.id,
    siren: row.siren,
    service: row.service_id,
    level: row.level,
    ground: row.ground,
    reason: row.reason,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    status: row.status,
    decidedOn: row.decided_on,
    origin: row.origin,
  }));

const homonymSchema = z.object({
  id: z.string(),
  name: z.string(),
  siren: z.string().nullable(),
  rna: z.string().nullable(),
  commune_code: z.string().nullable(),
  unit_state: z.enum(['A', 'C']),
});

async function homonymsOf(db: Kysely<Database>, id: string): Promise<readonly Homonym[]> {
  const own = await db
    .selectFrom('organization')
    .select('search_name')
    .where('id', '=', id)
    .executeTakeFirst();
  if (own === undefined || own.search_name === '') return [];
  const rows: unknown[] = await db
    .selectFrom('organization')
    .select(['id', 'name', 'siren', 'rna', 'commune_code', 'unit_state'])
    .where('search_name', '=', own.search_name)
    .where('id', '<>', id)
    // A name without its holder is masked by its register (statut de diffusion).
    .where('diffusion', '=', 'O')
    .orderBy('unit_state')
    .orderBy('id')
    .limit(mostShown)
    .execute();
  return z
    .array(homonymSchema)
    .parse(rows)
    .map((row) => ({
      id: row.id,
      name: row.name,
      siren: row.siren ?? undefined,
      rna: row.rna ?? undefined,
      communeCode: row.commune_code ?? undefined,
      active: row.unit_state === 'A',
    }));
}
