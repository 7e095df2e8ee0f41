import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { mergeStatements, parentChain, readStatements } from '../organizations/organizations.ts';
import type { ParentChain } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';

/** An organization of a federation. */
export interface FederationMember {
  readonly id: string;
  readonly name: string;
  readonly parent: string;
}

const rowsSchema = z.array(z.object({ id: z.string(), name: z.string(), statements: z.string() }));

/*
 * The index organization_parent holds exactly the rows whose statements name a parent: few, where organizations are
 * millions. Which statement is believed is not for SQL to say.
 */
const namesParent = sql<boolean>`statements like '%"parent":%'`;

/** Every organization that the register puts under another one: one SQL statement. */
export async function federated(db: Kysely<Database>): Promise<readonly FederationMember[]> {
  const rows: unknown[] = await db
    .selectFrom('organization')
    .select(['id', 'name', 'statements'])
    .where(namesParent)
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rowsSchema.parse(rows).flatMap(({ id, name, statements }) => {
    const { parent } = mergeStatements(readStatements(statements)).values;
    return parent === undefined ? [] : [{ id, name, parent }];
  });
}

export interface Federation {
  /** The federations above, from the nearest. */
  readonly above: ParentChain;
  /** Those directly below, by name. */
  readonly members: readonly FederationMember[];
}

/** Where an organization stands among federations: what is above it, who is directly below. */
export async function federationOf(db: Kysely<Database>, id: string): Promise<Federation> {
  const all = await federated(db);
  const parents = new Map(all.map((one) => [one.id, one.parent]));
  return {
    above: parentChain(id, (of) => parents.get(of)),
    members: all.filter(({ parent }) => parent === id),
  };
}
