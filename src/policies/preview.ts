import type { Kysely } from 'kysely';
import { decisiveTests, knowsGrace, startOfParisDay, verdicts } from '../eligibility/eligibility.ts';
import type {
  AfterwardVerdict,
  ChangeableField,
  Decision,
  Policy,
  Verdict,
} from '../eligibility/eligibility.ts';
import { noExceptions } from '../organizations/organizations.ts';
import type { PublicServiceExceptions, TerritoryIndex } from '../organizations/organizations.ts';
import { everyOutline } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import { createJudge } from './judge.ts';
import type { Explained, Judged } from './judge.ts';

export type Counts = Readonly<Record<Verdict, number>>;

/** One side of a comparison, as JSON. */
export interface Side {
  readonly decision: Decision['decision'];
  readonly rule?: string | undefined;
  readonly reason?: Decision['reason'];
  readonly level?: Decision['level'];
  readonly basis?: Decision['basis'];
  readonly grace?: Decision['grace'];
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

type ListedVerdict = Exclude<Verdict, 'unchanged'>;

/** One approval, on the day after its last one. */
export interface ListedAfterwards extends Pick<
  Listed,
  'siren' | 'siret' | 'name' | 'type' | 'category' | 'department' | 'before' | 'after'
> {
  readonly approval: string;
  /** Its last day. */
  readonly endsOn: string;
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
  readonly listed: Readonly<Record<ListedVerdict, readonly Listed[]>>;
  /** Approvals not over yet, by what becomes of the right after their last day; absent when neither version lets any go on. */
  readonly afterwards?: {
    readonly counts: Readonly<Record<AfterwardVerdict, number>>;
    readonly listed: Readonly<Record<AfterwardVerdict, readonly ListedAfterwards[]>>;
  };
}

export interface PreviewNeeds {
  readonly db: Kysely<Database>;
  readonly territories: TerritoryIndex;
  readonly exceptions?: PublicServiceExceptions;
  readonly now: Date;
  /** Of each kind. */
  readonly most?: number;
  /** Legal units read at once. */
  readonly batchSize?: number;
  /** Told after each batch; false stops, and the preview is what was counted so far. */
  readonly onProgress?: (done: number) => unknown;
}

const none = (): Record<Verdict, number> => ({ gains: 0, loses: 0, changes: 0, unchanged: 0 });

/** In memory: counts, the first of each kind, two batches. */
export async function previewPolicy(
  versions: { readonly before: Policy | undefined; readonly after: Policy },
  { db, territories, exceptions = noExceptions, now, most = 200, onProgress, batchSize = 1000 }: PreviewNeeds,
): Promise<Preview> {
  const { before, after } = versions;
  const at = instantOf(after, now);
  const judge = createJudge(versions, { db, at, territories, exceptions });
  const totals = none();
  const byCategory = new Map<string, Record<Verdict, number>>();
  const ofApprovals = none();
  const first: Record<ListedVerdict, Judged[]> = { gains: [], loses: [], changes: [] };
  const later = { goes_on: 0, stops: 0, changes: 0 };
  const firstLater: Record<AfterwardVerdict, Judged[]> = { goes_on: [], stops: [], changes: [] };
  let withoutEstablishment = 0;
  let done = 0;
  let met = 0;
  let complete = true;
  for await (const batch of everyOutline(db, batchSize)) {
    const judged = await judge.judge(batch);
    for (const one of judged) {
      const { category, verdict, approvals } = one;
      const counts = byCategory.get(category) ?? none();
      byCategory.set(category, counts);
      counts[verdict] += 1;
      totals[verdict] += 1;
      const forService = approvals.filter(({ service }) => service === after.service).length;
      ofApprovals[verdict] += forService;
      met += forService;
      if (verdict !== 'unchanged' && first[verdict].length < most) first[verdict].push(one);
      for (const { verdict: then } of one.afterwards) {
        later[then] += 1;
        if (firstLater[then].length < most && firstLater[then].at(-1) !== one) firstLater[then].push(one);
      }
    }
    withoutEstablishment += batch.withoutEstablishment;
    done += judged.length;
    complete = onProgress?.(done) !== false;
    if (!complete) break;
  }
  const listed = async (verdict: ListedVerdict): Promise<readonly Listed[]> =>
    (await judge.explain(first[verdict])).map((one) => listedOf(one, after.service));
  const listedLater = async (verdict: AfterwardVerdict): Promise<readonly ListedAfterwards[]> =>
    (await judge.explain(firstLater[verdict]))
      .flatMap((one) => listedAfterwards(one, verdict))
      .slice(0, most);
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
    listed: {
      gains: await listed('gains'),
      loses: await listed('loses'),
      changes: await listed('changes'),
    },
    ...(knowsGrace(before, after) && {
      afterwards: {
        counts: later,
        listed: {
          goes_on: await listedLater('goes_on'),
          stops: await listedLater('stops'),
          changes: await listedLater('changes'),
        },
      },
    }),
  };
}

/** A draft that begins later is compared with what would be in force on that day. */
export function instantOf({ valid_from: from }: Policy, now: Date): Date {
  const start = startOfParisDay(from);
  return start > now ? start : now;
}

const nameOf = ({ service, version }: Policy): string => `${service}@${version}`;

const named = ({ siren, siret, name, type, category, territory }: Explained['organization']) => ({
  siren,
  siret,
  name,
  type,
  category,
  department: territory.department,
});

const listedAfterwards = (
  { organization, afterwards }: Explained,
  verdict: AfterwardVerdict,
): readonly ListedAfterwards[] =>
  afterwards
    .filter((one) => one.verdict === verdict)
    .map(({ approval, before, after }) => ({
      ...named(organization),
      approval: approval.id,
      endsOn: approval.endsOn,
      before: sideOf(before),
      after: sideOf(after),
    }));

function listedOf({ organization, compared, approvals }: Explained, forService: string): Listed {
  const { before, after, fields } = compared;
  return {
    ...named(organization),
    fields,
    approvals: approvals.filter(({ service }) => service === forService).map(({ id }) => id),
    before: sideOf(before),
    after: sideOf(after),
  };
}

export function sideOf(decision: Decision): Side {
  const { rule, reason, level, basis, grace, entitlements } = decision;
  return {
    decision: decision.decision,
    rule,
    reason,
    level,
    basis,
    ...(grace && { grace }),
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
