import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { indexOf, loadTerritories, seedTerritories, territoryMerge } from '../organizations/organizations.ts';
import type { Imported, TerritoryIndex } from '../organizations/organizations.ts';
import { lookAgain } from '../storage/storage.ts';
import type { Database, LookingAgain } from '../storage/storage.ts';
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

export interface Territories extends LookingAgain {
  /** Never waits. The same object until an import changes the map. */
  readonly current: () => TerritoryIndex;
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

  async function readAgain(): Promise<void> {
    const found = await revisionOf(db);
    if (found === revision) return;
    index = found === NOTHING ? loadTerritories() : await readMap(db);
    revision = found;
  }

  await readAgain();
  return { current: () => index, ...lookAgain({ read: readAgain, pollMs, onProblem }) };
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
