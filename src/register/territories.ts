import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { indexOf, loadTerritories, seedTerritories, territoryMerge } from '../organizations/organizations.ts';
import type { Imported, TerritoryIndex } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { territoryRules } from './territory-rules.ts';
import { shelfPages } from './territory-shelves.ts';
import type { ShelfRule } from './territory-shelves.ts';

export interface TerritoriesOptions {
  readonly db: Kysely<Database>;
  /** Milliseconds between two looks at what was imported. */
  readonly pollMs?: number;
  /** Told when the database could not be read: the former map stays. */
  readonly onProblem?: (error: unknown) => void;
}

export interface Territories {
  /** Never waits. The same object until an import changes the map. */
  readonly current: () => TerritoryIndex;
  /** Resolves when `current()` is at least as new as this call; rejects when the database does not answer. */
  readonly refresh: () => Promise<void>;
  readonly stop: () => void;
}

/** With the cache of facts (30 s), an imported population reaches every decision within a minute. */
const POLL_MS = 30_000;

/**
 * The bundled package and what was imported since: communes, populations, groupings, members. Every process looks for
 * an import that ended or was undone; while one runs, the map waits for its end.
 *
 * @throws what the database throws, when the first map cannot be read
 */
export async function createTerritories(options: TerritoriesOptions): Promise<Territories> {
  const { db, pollMs = POLL_MS, onProblem = () => undefined } = options;
  let index = loadTerritories();
  let revision = NOTHING;
  let reading: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function readAgain(): Promise<void> {
    const found = await revisionOf(db);
    if (found === revision) return;
    index = found === NOTHING ? loadTerritories() : await readMap(db);
    revision = found;
  }

  /** One reading at a time. Who asks while one runs gets the next one: the running one may have begun before their change. */
  function refresh(): Promise<void> {
    if (reading === undefined) {
      reading = readAgain().finally(() => {
        reading = undefined;
      });
      return reading;
    }
    queued ??= reading
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        return refresh();
      });
    return queued;
  }

  function poll(): void {
    timer = setTimeout(() => {
      void refresh()
        .catch(onProblem)
        .finally(() => {
          if (!stopped) poll();
        });
    }, pollMs);
    timer.unref();
  }

  await refresh();
  poll();
  return {
    current: () => index,
    refresh,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

const NOTHING = '';

const revisionSchema = z.object({ rows: z.tuple([z.object({ revision: z.string() })]) });

/** Changes when an import of the map ends or is undone; empty when none ever ended. */
async function revisionOf(db: Kysely<Database>): Promise<string> {
  const result = await sql`
    select case when count(*) = 0 then '' else concat_ws(' ', max(id), count(*), max(finished_at),
      count(*) filter (where state = 'undone'), max(undone_at)) end as revision
    from register_import
    where source in ('cog', 'communes', 'populations', 'banatic', 'dpnt') and state <> 'running'`.execute(db);
  return revisionSchema.parse(result).rows[0].revision;
}

/** The others get their turn: a page or a step is some ten milliseconds of work, the whole map hundreds. */
const othersFirst = (): Promise<void> => setImmediate();

/** The new map, beside the former one, which nobody touches. */
async function readMap(db: Kysely<Database>): Promise<TerritoryIndex> {
  const merge = territoryMerge(seedTerritories());
  async function each<T>(shelf: string, rule: ShelfRule<T>, take: (one: Imported<T>) => void): Promise<void> {
    for await (const page of shelfPages(db, shelf, rule)) {
      for (const one of page) take(one);
      await othersFirst();
    }
  }
  // Which groupings have own taxation is known before their members come.
  await each('commune', territoryRules.commune, merge.commune);
  await each('grouping', territoryRules.grouping, merge.grouping);
  await each('grouping_member', territoryRules.grouping_member, merge.member);
  await each('population', territoryRules.population, merge.population);
  const steps = merge.finish();
  for (;;) {
    const step = steps.next();
    await othersFirst();
    if (step.done === true) return indexOf(step.value);
  }
}
