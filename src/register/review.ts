import type { Kysely } from 'kysely';
import { z } from 'zod';
import { addDays, parisDate, startOfParisDay } from '../eligibility/eligibility.ts';
import { isRna, mergeStatements, sources, statementSchema } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { drift, statementsBefore } from './drift.ts';
import type { Held, StatementChange } from './drift.ts';
import { mergedRow } from './merged-row.ts';
import type { MergedRow } from './merged-row.ts';
import { keepFindings } from './review-record.ts';
import type { KeptFindings, Review } from './review-record.ts';
import { sitesOf } from './review-sites.ts';

export interface ReviewReport extends KeptFindings {
  readonly checked: number;
}

/** Registers are published every month: what nobody confirmed in three has been missed. */
export const defaultMaxAgeDays = 90;

/** Approvals read at once. */
const batchSize = 500;

const approvalSchema = z.object({
  id: z.string(),
  siren: z.string(),
  service_id: z.string(),
  decided_on: z.iso.date(),
});
type ApprovalRow = z.infer<typeof approvalSchema>;

/**
 * Compares the approvals in force or to come with the register: what became of each organization since the decision.
 * A finding stays open in `register_review` until a later check no longer makes it.
 *
 * @param maxAgeDays facts whose newest source is older are outdated
 */
export async function reviewApprovals(
  db: Kysely<Database>,
  { now, maxAgeDays }: { readonly now: Date; readonly maxAgeDays: number },
): Promise<ReviewReport> {
  const today = parisDate(now);
  const oldest = addDays(today, -maxAgeDays);
  const found: Omit<Review, 'foundAt' | 'seen'>[] = [];
  let checked = 0;
  for (let after = ''; ;) {
    const approvals = await approvalsInForce(db, { today, after });
    const last = approvals.at(-1);
    if (last === undefined) break;
    found.push(...(await findings(db, approvals, oldest)));
    checked += approvals.length;
    after = last.id;
  }
  return { checked, ...(await keepFindings(db, found, now)) };
}

async function approvalsInForce(
  db: Kysely<Database>,
  { today, after }: { readonly today: string; readonly after: string },
): Promise<ApprovalRow[]> {
  const rows: unknown[] = await db
    .selectFrom('approval')
    .select(['id', 'siren', 'service_id', 'decided_on'])
    .where('status', 'in', ['active', 'suspended', 'pending'])
    .where('ends_on', '>=', today)
    .where('id', '>', after)
    .orderBy('id')
    .limit(batchSize)
    .execute();
  return z.array(approvalSchema).parse(rows);
}

async function findings(
  db: Kysely<Database>,
  approvals: readonly ApprovalRow[],
  oldest: string,
): Promise<Omit<Review, 'foundAt' | 'seen'>[]> {
  const sirens = [...new Set(approvals.map(({ siren }) => siren))];
  const since = startOfParisDay(earliest(approvals));
  const organizations = await organizationsOf(db, sirens);
  const sitesNow = await sitesOf(db, sirens, since);
  const changes = await changesOf(db, [...organizations.values()], since);
  return approvals.flatMap(({ id, siren, service_id: service, decided_on: decidedOn }) => {
    const current = organizations.get(siren);
    const sites = sitesNow.get(siren);
    const decided = startOfParisDay(addDays(decidedOn, 1));
    const later = current === undefined ? [] : changes(current).filter(({ at }) => at >= decided);
    const formerSeat = sites?.seatAt(decided);
    const hasMoved = later.length > 0 || formerSeat !== undefined;
    return drift(
      {
        now: current && { ...current.merged, seat: sites?.seat },
        then:
          current === undefined || !hasMoved
            ? undefined
            : { ...heldBefore(current.merged, later), seat: formerSeat ?? sites?.seat },
        open: sites?.open,
        headOfficeOpen: sites?.headOfficeOpen ?? undefined,
        newest: current && newestOf(current),
      },
      oldest,
    ).map((finding) => ({ ...finding, approvalId: id, organization: siren, service }));
  });
}

function heldBefore(current: MergedRow, later: readonly StatementChange[]): Held {
  if (later.length === 0) return current;
  const statements = statementsBefore(current.statements, later);
  return { ...mergeStatements(statements), statements };
}

const earliest = (approvals: readonly ApprovalRow[]): string =>
  approvals.map(({ decided_on: day }) => day).reduce((first, day) => (day < first ? day : first));

interface Known {
  readonly siren: string;
  readonly rna: string | null;
  readonly merged: MergedRow;
  /** ISO date; of what version N−1 wrote, the only one. */
  readonly sourceDate: string;
}

const organizationSchema = z.object({
  siren: z.string(),
  statements: z.string(),
  name: z.string(),
  legal_category: z.string().nullable(),
  unit_state: z.enum(['A', 'C']),
  rna: z.string().refine(isRna).nullable(),
  created_on: z.iso.date().nullable(),
  diffusion: z.enum(['O', 'P']),
  source_date: z.iso.date(),
});

async function organizationsOf(
  db: Kysely<Database>,
  sirens: readonly string[],
): Promise<ReadonlyMap<string, Known>> {
  const rows: unknown[] = await db
    .selectFrom('organization')
    .select(['siren', 'statements', 'name', 'legal_category', 'unit_state', 'rna', 'created_on'])
    .select(['diffusion', 'source_date'])
    .where('siren', 'in', sirens)
    .execute();
  return new Map(
    z
      .array(organizationSchema)
      .parse(rows)
      .map((row) => {
        const { siren, rna, source_date: sourceDate } = row;
        return [siren, { siren, rna, merged: mergedRow(row), sourceDate }] as const;
      }),
  );
}

const changeSchema = z.object({
  subject: z.string(),
  source: z.enum(sources),
  changed_at: z.date(),
  before: z.string().nullable(),
});

/** The changes of each organization since a day, the oldest first; those made before it had a SIREN included. */
async function changesOf(
  db: Kysely<Database>,
  organizations: readonly Known[],
  since: Date,
): Promise<(known: Known) => readonly (StatementChange & { readonly at: Date })[]> {
  const subjects = organizations.flatMap(({ siren, rna }) => (rna === null ? [siren] : [siren, rna]));
  const rows: unknown[] =
    subjects.length === 0
      ? []
      : await db
          .selectFrom('register_change')
          .select(['subject', 'source', 'changed_at', 'before'])
          .where('shelf', '=', 'organization')
          .where('subject', 'in', subjects)
          .where('changed_at', '>=', since)
          .orderBy('id')
          .execute();
  const bySubject = Map.groupBy(z.array(changeSchema).parse(rows), ({ subject }) => subject);
  return ({ siren, rna }) =>
    [...(bySubject.get(siren) ?? []), ...(rna === null ? [] : (bySubject.get(rna) ?? []))]
      .sort((one, other) => one.changed_at.getTime() - other.changed_at.getTime())
      .map(({ source, changed_at: at, before }) => ({ source, at, before: statementIn(before) }));
}

function statementIn(text: string | null) {
  if (text === null) return undefined;
  const parsed: unknown = JSON.parse(text);
  return statementSchema.parse(parsed);
}

/** Corrections do not make a register younger. */
function newestOf({ merged: { statements }, sourceDate }: Known): string | undefined {
  if (Object.keys(statements).length === 0) return sourceDate;
  return sources
    .filter((source) => source !== 'operator')
    .map((source) => statements[source]?.asOf)
    .filter((asOf) => asOf !== undefined)
    .reduce<string | undefined>(
      (newest, asOf) => (newest === undefined || asOf > newest ? asOf : newest),
      undefined,
    );
}
