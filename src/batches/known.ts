import type { Kysely } from 'kysely';
import { parentChain } from '../organizations/organizations.ts';
import type { TerritoryIndex } from '../organizations/organizations.ts';
import { countNamed, federated, findNumbered, heldFacts } from '../register/register.ts';
import { standingsOf } from '../registrations/registrations.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import type { Known, Place } from './judge.ts';
import { describes, numbersOf } from './own-cells.ts';
import type { TypedLine } from './read-list.ts';
import { whomOf } from './whom.ts';

/** Where organizations lie: one statement for all. */
export async function placesOf(
  db: Kysely<Database>,
): Promise<(organization: { readonly id: string; readonly department: string | undefined }) => Place> {
  const parents = new Map((await federated(db)).map(({ id, parent }) => [id, parent]));
  return ({ id, department }) => ({
    department,
    organizations: [id, ...parentChain(id, (of) => parents.get(of)).parents],
  });
}

/** What the registers and the files say of everything that a list names, now: a handful of statements, however long it is. */
export async function knownOf(
  db: Kysely<Database>,
  lines: readonly TypedLine[],
  of: {
    readonly territories: TerritoryIndex;
    readonly services: readonly string[];
    readonly people: readonly Pick<OperatorActor, 'accountId'>[];
    readonly today: string;
  },
): Promise<Known> {
  const { found, homonyms } = await findNumbered(
    db,
    of.territories,
    lines.flatMap(({ cells }) => numbersOf(cells)),
  );
  const communeOf = (code: string) => of.territories.communeByCode(code);
  const newcomers = lines.flatMap(({ cells }) => {
    const { newcomer } = whomOf(cells, { organizations: found, communeOf });
    return newcomer === undefined ? [] : [newcomer.organization];
  });
  const described = lines.filter(({ cells }) => describes(cells)).flatMap(({ cells }) => numbersOf(cells));
  const facts = await heldFacts(
    db,
    described.flatMap((number) => found.get(number) ?? []).map(({ id }) => id),
  );
  const named = await countNamed(
    db,
    newcomers.map(({ name }) => name),
  );
  const undone = await db
    .selectFrom('batch_line')
    .select('registration')
    .where('outcome', '=', 'undone')
    .where('registration', 'is not', null)
    .execute();
  const standings = await standingsOf(db, {
    organizations: [...[...found.values()].flat(), ...newcomers],
    services: of.services,
    accounts: of.people.flatMap(({ accountId }) => accountId ?? []),
    today: of.today,
    except: new Set(undone.flatMap(({ registration }) => registration ?? [])),
  });
  return {
    organizations: found,
    homonyms: new Map([...homonyms, ...newcomers.map(({ id, name }) => [id, named.get(name) ?? 0] as const)]),
    place: await placesOf(db),
    communeOf,
    facts,
    ...standings,
  };
}
