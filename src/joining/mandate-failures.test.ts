// Of one organization, somebody whose row cannot be written: what the others have lost ends all the same.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { association } from '../registrations/testing/room.ts';
import type { Joined, JoiningPerson } from './joining.ts';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';
import { createJoiningWatch } from './watch.ts';

const minutes = (count: number) => count / (24 * 60);
let here: JoiningRoom;
let tom: JoiningPerson;
let ines: JoiningPerson;

const member = async ({ accountId }: JoiningPerson): Promise<Joined | undefined> =>
  (await here.joining.mine(accountId))[0];
const follow = () => createJoiningWatch(here.needs).followAll();
/** Whatever is written of this account's memberships fails. */
const breaks = ({ accountId }: JoiningPerson) =>
  sql`
    create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken row'; end $$;
    create trigger broken before insert or update on joined_membership for each row
      when (new.account_id = ${sql.lit(accountId)}::uuid) execute function broken()`.execute(
    here.room.stores.db,
  );
const mends = async () => {
  const { db } = here.room.stores;
  await sql`drop trigger broken on joined_membership`.execute(db);
  await sql`drop function broken()`.execute(db);
};
const sets = (state: 'approved' | 'suspended', { accountId }: JoiningPerson) =>
  sql`
    update registration_request set state = ${state} from registration
    where registration.id = registration_id and account_id = ${accountId}::uuid`.execute(here.room.stores.db);

beforeAll(async () => {
  here = await openJoiningRoom();
  tom = await here.person('Tom', 'tom@gmail.com');
  ines = await here.person('Inès', 'ines@gmail.com');
}, 60_000);
afterAll(() => here.close());

test('one that fails is told, and keeps no other from beginning nor from ending', async () => {
  await here.represents(tom, 'tchap');
  await breaks(tom);
  await here.represents(ines);
  await follow();
  expect(await member(tom)).toBeUndefined();
  expect(await member(ines)).toMatchObject({ state: 'active', method: 'mandate' });
  await sets('suspended', ines);
  await follow();
  expect(await member(ines)).toMatchObject({ state: 'ended', ended: 'expired' });
  expect(here.room.takeProblems().length).toBeGreaterThan(0);
});

test('it is tried again within a quarter of an hour, and not at each turn', async () => {
  // What was written meanwhile is looked at once more.
  await follow();
  here.room.takeProblems();
  await follow();
  expect(here.room.takeProblems()).toEqual([]);
  await mends();
  expect(await member(tom)).toBeUndefined();
  here.room.pass(minutes(15));
  await follow();
  expect(await member(tom)).toMatchObject({ state: 'active', method: 'mandate' });
});

test('an organization that cannot be read keeps nobody from their end', async () => {
  await sets('approved', ines);
  await follow();
  expect(await member(ines)).toMatchObject({ state: 'active', method: 'mandate' });
  await sets('suspended', ines);
  const unreadable = () => Promise.reject(new Error('unreadable'));
  await createJoiningWatch({ ...here.needs, organization: unreadable }).followAll();
  expect(await member(ines)).toMatchObject({ state: 'ended', ended: 'expired' });
  here.room.takeProblems();
});

test('an end that fails keeps no other from its own', async () => {
  await sets('approved', ines);
  await follow();
  await breaks(tom);
  await sets('suspended', tom);
  await sets('suspended', ines);
  await here.joining.followMandates(association);
  expect(await member(ines)).toMatchObject({ state: 'ended' });
  expect(await member(tom)).toMatchObject({ state: 'active' });
  expect(here.ended).toContain(ines.accountId);
  here.room.takeProblems();
  await mends();
  here.room.pass(minutes(15));
  await follow();
  expect(await member(tom)).toMatchObject({ state: 'ended', ended: 'expired' });
});
