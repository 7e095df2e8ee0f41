import type { Kysely } from 'kysely';
import { parentChain } from '../organizations/organizations.ts';
import { federated } from '../register/register.ts';
import type { FoundOrganization } from '../register/register.ts';
import type { Database } from '../storage/storage.ts';
import type { Target } from './perimeter.ts';

/** What the register calls an organization, and where it lies. */
export interface NamedPlace extends Pick<Target, 'department' | 'organizations'> {
  readonly name: string;
}

/** Without those that the register does not hold, or that it holds twice: they lie nowhere. */
export async function placesOf(
  db: Kysely<Database>,
  found: ReadonlyMap<string, readonly FoundOrganization[]>,
): Promise<ReadonlyMap<string, NamedPlace>> {
  if (found.size === 0) return new Map();
  const parents = new Map((await federated(db)).map(({ id, parent }) => [id, parent]));
  return new Map(
    [...found].flatMap(([number, several]): (readonly [string, NamedPlace])[] => {
      const exact = several.find(({ id }) => id === number);
      const one = exact ?? (several.length === 1 ? several[0] : undefined);
      if (one === undefined) return [];
      const { id, name, department } = one;
      const above = parentChain(id, (of) => parents.get(of)).parents;
      return [[number, { name, department, organizations: [id, ...above] }]];
    }),
  );
}
