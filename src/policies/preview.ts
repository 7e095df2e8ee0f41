import type { Kysely } from 'kysely';
import {
  anyMember,
  approvalsBetween,
  compare,
  decisiveTests,
  startOfParisDay,
  verdicts,
} from '../eligibility/eligibility.ts';
import type {
  Approval,
  ChangeableField,
  Comparison,
  Decision,
  Policy,
  Verdict,
} from '../eligibility/eligibility.ts';
import type {
  OrganizationFacts,
  PublicServiceExceptions,
  TerritoryIndex,
} from '../organizations/organizations.ts';
import { everyOrganization } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';

export type Counts = Readonly<Record<Verdict, number>>;

/** One side of a comparison, as JSON. */
export interface Side {
  readonly decision: Decision['decision'];
  readonly rule?: string | undefined;
  readonly reason?: Decision['reason'];
  readonly level?: Decision['level'];
  readonly basis?: Decision['basis'];
  readonly entitlements: readonly string[];
  /** What settled it: each predicate with its value, who says so, and as of when. */
  readonly why: readonly {
    readonly name: string;
    readonly expected: unknown;
    readonly value?: Decision['factsUsed'][number]['value'] | undefined;
    readonly source: string;
    readonly asOf: string;
  }[];
}

export interface Listed {
  readonly siren: string;
  readonly siret: string;
  readonly name: string;
  readonly type: string;
  readonly category: string;
  readonly department?: string | undefined;
  /** What differs, of those that change. */
  readonly fields: readonly ChangeableField[];
  /** Ids of their approvals for this service. */
  readonly approvals: readonly string[];
  readonly before: Side;
  readonly after: Side;
}

/** What a draft would do to every organization that the register holds. JSON values only. */
export interface Preview {
  readonly service: string;
  readonly before?: string | undefined;
  readonly after: string;
  /** The instant at which both were asked: the first day of the draft when that is to come. */
  readonly at: string;
  /** False: it was stopped, and says only what becomes of the first organizations, in the order of their SIREN. */
  readonly complete: boolean;
  readonly organizations: Counts;
  /** By category of organization, in alphabetical order. */
  readonly byCategory: readonly { readonly category: string; readonly counts: Counts }[];
  /** Approvals for this service, by what becomes of their organization. */
  readonly approvals: Counts & {
    /** Of organizations that the register does not hold, or without establishment: nobody signs in with them. 0 when stopped. */
    readonly absent: number;
  };
  /** Legal units without establishment: nobody can sign in for them. */
  readonly withoutEstablishment: number;
  /** The first of each, in the order of their SIREN. */
  readonly listed: Readonly<Record<Exclude<Verdict, 'unchanged'>, readonly Listed[]>>;
}

export interface PreviewNeeds {
  readonly db: Kysely<Database>;
  readonly territories: TerritoryIndex;
  readonly exceptions?: PublicServiceExceptions;
  readonly now: Date;
  /** Of each kind. */
  readonly most?: number;
  /** Told after each batch; false stops, and the preview is what was counted so far. */
  readonly onProgress?: (done: number) => unknown;
}

const none = (): Record<Verdict, number> => ({ gains: 0, loses: 0, changes: 0, unchanged: 0 });

/**
 * Asks `decide()` twice of every organization, for somebody who lacks nothing else (`anyMember`): under the version in
 * force at that instant, and under the draft. In memory: counts, the first of each kind, two batches.
 */
export async function previewPolicy(
  { before, after }: { readonly before: Policy | undefined; readonly after: Policy },
  { db, territories, exceptions, now, most = 200, onProgress }: PreviewNeeds,
): Promise<Preview> {
  const at = instantOf(after, now);
  const person = anyMember(at);
  const totals = none();
  const byCategory = new Map<string, Record<Verdict, number>>();
  const ofApprovals = none();
  const listed: Record<Exclude<Verdict, 'unchanged'>, Listed[]> = { gains: [], loses: [], changes: [] };
  let withoutEstablishment = 0;
  let done = 0;
  let met = 0;
  let complete = true;
  const options = { territories, now: at, ...(exceptions && { exceptions }) };
  for await (const batch of everyOrganization(db, options)) {
    const approvals = await approvalsBetween(db, batch.after, batch.to);
    for (const organization of batch.organizations) {
      const own = approvals.get(organization.siren) ?? [];
      const compared = compare(before, after, { ...person, organization, approvals: own }, at);
      const { verdict } = compared;
      const counts = byCategory.get(organization.category) ?? none();
      byCategory.set(organization.category, counts);
      counts[verdict] += 1;
      totals[verdict] += 1;
      const forService = own.filter(({ service }) => service === after.service);
      ofApprovals[verdict] += forService.length;
      met += forService.length;
      if (verdict !== 'unchanged' && listed[verdict].length < most)
        listed[verdict].push(listedOf(organization, compared, forService));
    }
    withoutEstablishment += batch.withoutEstablishment;
    done += batch.organizations.length;
    complete = onProgress?.(done) !== false;
    if (!complete) break;
  }
  return {
    service: after.service,
    before: before && nameOf(before),
    after: nameOf(after),
    at: at.toISOString(),
    complete,
    organizations: totals,
    byCategory: [...byCategory]
      .map(([category, counts]) => ({ category, counts }))
      .sort((one, other) => (one.category < other.category ? -1 : 1)),
    approvals: {
      ...ofApprovals,
      absent: complete ? Math.max(0, (await approvalsOf(db, after.service)) - met) : 0,
    },
    withoutEstablishment,
    listed,
  };
}

/** A draft that begins later is compared with what would be in force on that day. */
export function instantOf({ valid_from: from }: Policy, now: Date): Date {
  const start = startOfParisDay(from);
  return start > now ? start : now;
}

const nameOf = ({ service, version }: Policy): string => `${service}@${version}`;

function listedOf(
  { siren, siret, name, type, category, territory }: OrganizationFacts,
  { before, after, fields }: Comparison,
  approvals: readonly Approval[],
): Listed {
  return {
    siren,
    siret,
    name,
    type,
    category,
    department: territory.department,
    fields,
    approvals: approvals.map(({ id }) => id),
    before: sideOf(before),
    after: sideOf(after),
  };
}

export function sideOf(decision: Decision): Side {
  const { rule, reason, level, basis, entitlements } = decision;
  return {
    decision: decision.decision,
    rule,
    reason,
    level,
    basis,
    entitlements,
    why: decisiveTests(decision).map(({ name, expected, value, source, asOf }) => ({
      name,
      expected,
      value,
      source,
      asOf,
    })),
  };
}

async function approvalsOf(db: Kysely<Database>, service: string): Promise<number> {
  const { count } = await db
    .selectFrom('approval')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('service_id', '=', service)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export const totalOf = (counts: Counts): number =>
  verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
