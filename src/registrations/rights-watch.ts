import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../config/config.ts';
import {
  addDays,
  graceDays,
  longestGraceDays,
  parisDate,
  policyInForce,
} from '../eligibility/eligibility.ts';
import type { Policy } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import type { RightConcerned } from './needs.ts';

/** A process that starts looks as far back: what ended while nobody looked, were it for weeks, is not forgotten. */
const lookBackDays = 31;
/** For as long, what was lost is asked about again: another process may still have let somebody in from memory. */
const againMs = 60_000;

const rightsSchema = z.array(z.object({ siren: z.string(), service_id: z.string(), level: z.string() }));
const lapsedSchema = z.array(rightsSchema.element.extend({ ends_on: z.iso.date() }));
type Right = z.output<typeof rightsSchema>[number];
const keyOf = ({ siren, service_id: service, level }: Right): string => `${siren} ${service} ${level}`;
const changesSchema = z.array(rightsSchema.element.extend({ id: z.number() }));
const sirensSchema = z.array(z.object({ siren: z.string().nullable() }));

/** Up to where a look has read. */
interface Mark {
  /** Civil day in Paris. */
  readonly today: string;
  /** Transactions before this one have all ended: nothing of theirs is to come. */
  readonly xmin: string;
  /** Changes read already, of transactions that may come again. */
  readonly known: ReadonlySet<number>;
  readonly suspended: ReadonlySet<string>;
}

/**
 * Sees rights end, whoever ended them: an act here or in another process, `maillon apply`, the last day of an approval, a
 * register that says that an organization has ceased. The database notes what each changed right was (`right_changed`), so
 * that only what changed, or ended by its date, is read; what holds as before is left alone. A right that a policy lets go
 * on for a while ends twice: with its approval, when it may become less, and with that while.
 */
export function createRightsWatch({
  db,
  clock,
  policies = () => new Map(),
}: {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  /** Every version that is known, by service. */
  readonly policies?: () => ReadonlyMap<string, readonly Policy[]>;
}): {
  /** Those that ended since the look before, and once more those that ended in the last minute. */
  readonly look: () => Promise<readonly RightConcerned[]>;
} {
  let mark: Mark | undefined;
  const lately = new Map<string, { readonly right: RightConcerned; readonly until: number }>();

  async function oldestUnderWay(): Promise<string> {
    const { rows } = await sql<{
      xmin: string;
    }>`select pg_snapshot_xmin(pg_current_snapshot())::text as xmin`.execute(db);
    return z.string().parse(rows[0]?.xmin);
  }

  async function changedSince(before: Mark | undefined) {
    const since =
      before === undefined
        ? sql`at >= clock_timestamp() - make_interval(days => ${lookBackDays}::int)`
        : sql`xid >= ${before.xmin}::text::xid8`;
    const { rows } = await sql`select id, siren, service_id, level from right_changed where ${since}`.execute(
      db,
    );
    return changesSchema.parse(rows);
  }

  async function endedBetween(from: string, today: string): Promise<readonly Right[]> {
    if (from >= today) return [];
    const { rows } = await sql`
      select siren, service_id, level from approval
      where status = 'active' and ends_on >= ${from}::date and ends_on < ${today}::date`.execute(db);
    return rightsSchema.parse(rows);
  }

  /** What went on for a while after its approval, and does so no more. */
  async function wentOnUntil(from: string, today: string, now: Date): Promise<readonly Right[]> {
    if (from >= today) return [];
    const ends = [...policies()].flatMap(([service, versions]) => {
      const policy = policyInForce(versions, now)?.policy;
      return policy === undefined ? [] : graceDays(policy).map((days) => ({ service, days }));
    });
    if (ends.length === 0) return [];
    const { rows } = await sql`
      select siren, service_id, level, ends_on::text as ends_on from approval
      where status = 'active' and lapses and service_id = any(${ends.map(({ service }) => service)}::text[])
        and ends_on >= ${addDays(from, -longestGraceDays)}::date and ends_on < ${today}::date`.execute(db);
    return lapsedSchema.parse(rows).filter(({ service_id: service, ends_on: endsOn }) =>
      ends.some((one) => {
        const lastDay = addDays(endsOn, one.days);
        return one.service === service && from <= lastDay && lastDay < today;
      }),
    );
  }

  /** Another approval may give the same. */
  async function stillHeld(rights: readonly Right[], today: string): Promise<ReadonlySet<string>> {
    if (rights.length === 0) return new Set();
    const sirens = [...new Set(rights.map(({ siren }) => siren))];
    const { rows } = await sql`
      select distinct approval.siren, approval.service_id, approval.level from approval
      left join organization on organization.siren = approval.siren
      where approval.siren = any(${sirens}::text[]) and approval.status = 'active'
        and approval.starts_on <= ${today}::date and approval.ends_on >= ${today}::date
        and coalesce(organization.unit_state, 'A') = 'A'`.execute(db);
    return new Set(rightsSchema.parse(rows).map(keyOf));
  }

  async function suspendedNow(since?: Date): Promise<ReadonlySet<string>> {
    let query = db.selectFrom('organization').select('siren').where('suspended_at', 'is not', null);
    if (since !== undefined) query = query.where('suspended_at', '>=', since);
    const rows: unknown[] = await query.execute();
    return new Set(sirensSchema.parse(rows).flatMap(({ siren }) => siren ?? []));
  }

  async function newlySuspended(now: Date, suspended: ReadonlySet<string>) {
    if (mark !== undefined) return without(suspended, mark.suspended);
    return suspendedNow(new Date(now.getTime() - lookBackDays * 24 * 3_600_000));
  }

  /** What no process looks back to. */
  const forget = () =>
    sql`delete from right_changed where at < clock_timestamp() - make_interval(days => ${lookBackDays + 7}::int)`.execute(
      db,
    );

  return {
    async look() {
      const now = clock();
      const today = parisDate(now);
      if (mark?.today !== today) await forget();
      // Asked first: whatever ends between this and the reading is read twice rather than never.
      const xmin = await oldestUnderWay();
      const changes = await changedSince(mark);
      const fresh = changes.filter(({ id }) => mark?.known.has(id) !== true);
      const from = mark?.today ?? addDays(today, -lookBackDays);
      const over = await endedBetween(from, today);
      const touched = [...fresh, ...over, ...(await wentOnUntil(from, today, now))];
      const held = await stillHeld(touched, today);
      const suspended = await suspendedNow();
      const stopped = await newlySuspended(now, suspended);
      // Kept only when everything was read: a database that fails in between is looked at again, from the same point.
      mark = { today, xmin, known: new Set(changes.map(({ id }) => id)), suspended };
      const until = now.getTime() + againMs;
      for (const right of touched) {
        if (held.has(keyOf(right))) continue;
        const { siren, service_id: service } = right;
        lately.set(`${siren} ${service}`, { right: { siren, service }, until });
      }
      for (const siren of stopped) lately.set(siren, { right: { siren }, until });
      for (const [key, lost] of lately) if (lost.until < now.getTime()) lately.delete(key);
      return [...lately.values()].map(({ right }) => right);
    },
  };
}

const without = (all: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...all].filter((one) => !others.has(one)));
