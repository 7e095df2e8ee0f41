// What follows from files, for organizations by the thousand.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { association } from '../registrations/testing/room.ts';
import type { Joined, JoiningPerson } from './joining.ts';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';
import { createJoiningWatch } from './watch.ts';

const others = 40;
const most = 15;
let here: JoiningRoom;
let ines: JoiningPerson;
let statements = 0;

beforeAll(async () => {
  here = await openJoiningRoom();
  ines = await here.person('Inès', 'ines@gmail.com');
  await here.represents(ines);
  const at = here.room.needs.clock();
  // Files in force of other organizations, that nobody sent: they make no representative.
  await sql`
    insert into registration (id, account_id, organization, siren, draft, stage, created_at, updated_at)
    select 'D-26-' || lpad(n::text, 8, '0'), ${ines.accountId}::uuid, unit, unit, draft, 'decided', ${at}::timestamptz, ${at}::timestamptz
    from (select n, lpad((700000000 + n)::text, 9, '0') as unit from generate_series(1, ${others}::int) as n) as units,
      (select draft from registration limit 1) as one`.execute(here.room.stores.db);
  await sql`
    insert into registration_request (registration_id, service_id, state)
    select id, 'docs', 'approved' from registration where siren like '7%'`.execute(here.room.stores.db);
}, 60_000);
afterAll(() => here.close());

const member = async (): Promise<Joined | undefined> => (await here.joining.mine(ines.accountId))[0];

/** Statements that one turn of the watch takes. */
async function followed(): Promise<number> {
  const db = here.needs.db.withPlugin({
    transformQuery({ node }) {
      statements += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  statements = 0;
  await createJoiningWatch({ ...here.needs, db }).followAll(most);
  return statements;
}

/** Turns that found something to do. */
async function turnsOfWork(): Promise<number> {
  for (let turns = 0; ; turns += 1) if ((await followed()) === 1) return turns;
}

test('who was approved acts; then a turn asks once whether anything has changed, however many organizations there are', async () => {
  // Each of them once, and once more the one of which the watch itself wrote.
  expect(await turnsOfWork()).toBe(Math.ceil((others + 2) / most));
  expect(await member()).toMatchObject({ state: 'active', method: 'mandate' });
});

test('what ends a mandate is noticed: an account that is blocked, a right that is suspended', async () => {
  const { db } = here.room.stores;
  const block = (at: Date | null) =>
    db.updateTable('account').set({ blocked_at: at }).where('id', '=', ines.accountId).execute();
  await block(here.room.needs.clock());
  await turnsOfWork();
  expect(await member()).toMatchObject({ state: 'ended', ended: 'expired' });
  await block(null);
  await turnsOfWork();
  expect(await member()).toMatchObject({ state: 'active', method: 'mandate' });
  await sql`
    update registration_request set state = 'suspended' from registration
    where registration.id = registration_id and siren = ${association}`.execute(db);
  // Of one unit: at the next turn, whatever else waits to be looked at again.
  here.room.pass(2);
  await followed();
  expect(await member()).toMatchObject({ state: 'ended', ended: 'expired' });
});

test('what no row says is looked at again within a day, some at each turn', async () => {
  await turnsOfWork();
  here.room.pass(2);
  expect(await turnsOfWork()).toBe(Math.ceil(others / most));
  const { rows } = await sql`select 1 from joining_mandate where siren = ${association}`.execute(
    here.room.stores.db,
  );
  expect(rows).toHaveLength(0);
});
