import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Inviting, Sponsor } from './invitations.ts';
import { openDesk } from './testing/desk.ts';
import type { Desk } from './testing/desk.ts';

let desk: Desk;
let sponsor: Sponsor;
let other: Inviting;

beforeAll(async () => {
  desk = await openDesk(undefined);
}, 180_000);
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.clear();
  sponsor = await desk.newSponsor('Camille');
  await desk.invite(sponsor, { address: 'a@asso.example', endsOn: '2026-11-22' });
  await desk.invite(sponsor, { address: 'b@asso.example' });
  other = desk.another();
  expect(await seen()).toEqual([]);
});

/** Addresses that another process finds. */
async function seen(): Promise<readonly string[]> {
  desk.ended.length = 0;
  await other.watch();
  return desk.ended.map(({ address }) => address).toSorted();
}

test('one taken back is seen for a minute, and by a process that starts', async () => {
  desk.pass(20);
  await desk.stores.db
    .updateTable('invitation')
    .set({ revoked_at: desk.clock(), revoked_by: 'operator:anne' })
    .where('address', '=', 'b@asso.example')
    .execute();
  desk.pass(20);
  expect(await seen()).toEqual(['b@asso.example']);
  desk.pass(61);
  await seen();
  desk.pass(61);
  expect(await seen()).toEqual([]);
  other = desk.another();
  expect(await seen()).toEqual(['b@asso.example']);
  // Nobody looked for two weeks.
  desk.pass(14 * 24 * 3600);
  other = desk.another();
  expect(await seen()).toEqual(['a@asso.example', 'b@asso.example']);
});

test('the last day ends in Paris', async () => {
  desk.goTo('2026-11-22T22:59:50Z');
  expect(await seen()).toEqual([]);
  desk.pass(20);
  expect(await seen()).toEqual(['a@asso.example']);
});

test('a sponsor who is blocked, an organization that is suspended take all their guests along', async () => {
  desk.pass(20);
  await desk.stores.db
    .updateTable('account')
    .set({ blocked_at: desk.clock() })
    .where('id', '=', sponsor.accountId)
    .execute();
  expect(await seen()).toEqual(['a@asso.example', 'b@asso.example']);
  await desk.stores.db.updateTable('account').set({ blocked_at: null }).execute();
  expect(await seen()).toEqual([]);
  await desk.organization({ suspended_at: desk.clock() });
  expect(await seen()).toEqual(['a@asso.example', 'b@asso.example']);
});

test('a sponsor whose membership another program takes away takes their guests for that organization along', async () => {
  desk.pass(20);
  await desk.membership(sponsor, '000000109', desk.clock());
  expect(await seen()).toEqual([]);
  await desk.membership(sponsor, '130025265', desk.clock());
  expect(await seen()).toEqual(['a@asso.example', 'b@asso.example']);
});
