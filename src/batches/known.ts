import type { Kysely } from 'kysely';
import { parentChain } from '../organizations/organizations.ts';
import type { TerritoryIndex } from '../organizations/organizations.ts';
import { federated, findNumbered } from '../register/register.ts';
import { standingsOf } from '../registrations/registrations.ts';
import type { OperatorActor } from '../registrations/registrations.ts';
import type { Database } from '../storage/storage.ts';
import { numberOf } from './judge.ts';
import type { Known, Place } from './judge.ts';
import type { TypedLine } from './read-list.ts';

/** Where organizations lie: one statement for all. */
export async function placesOf(
  db: Kysely<Database>,
): Promise<(organization: { readonly id: string; readonly department: string | undefined }) => Place> {
  const parents = new Map((await federated(db)).map(({ id, parent }) => [id, parent]));
  return ({ id, department }) => ({
    department,
    organizations: parents.has(id) ? [id, ...parentChain(id, (of) => parents.get(of)).parents] : [id],
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
  const numbers = lines.flatMap(({ cells }) => {
    const read = numberOf(cells.identifier);
    return 'number' in read ? [read.number] : [];
  });
  const { found, homonyms } = await findNumbered(db, of.territories, numbers);
  const undone = await db
    .selectFrom('batch_line')
    .select('registration')
    .where('outcome', '=', 'undone')
    .where('registration', 'is not', null)
    .execute();
  const standings = await standingsOf(db, {
    organizations: [...found.values()].flat(),
    services: of.services,
    accounts: of.people.flatMap(({ accountId }) => accountId ?? []),
    today: of.today,
    except: new Set(undone.flatMap(({ registration }) => registration ?? [])),
  });
  return { organizations: found, homonyms, place: await placesOf(db), ...standings };
}
