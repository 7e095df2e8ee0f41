// What waits for operators, page by page, and only where they may answer.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';

const [near, far] = ['000000406', '214401093'];
let here: JoiningRoom;

beforeAll(async () => {
  here = await openJoiningRoom();
  const at = here.room.needs.clock();
  await sql`
    with people as (insert into account (id, created_at)
      select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${at}::timestamptz
      from generate_series(1, 300) as n returning id)
    insert into joined_membership (id, account_id, siren, siret, state, is_external, rule, asked_at, changed_at)
    select id, id, unit, unit || '00015', 'awaiting_operator', false, 'join.v1/test',
      ${at}::timestamptz + make_interval(secs => n / 7), ${at}::timestamptz
    from (select id, row_number() over (order by id desc) as n from people) as numbered,
      lateral (select case when n > 250 then ${near} else ${far} end as unit) as units`.execute(
    here.room.stores.db,
  );
}, 60_000);
afterAll(() => here.close());

test('of one legal unit, however many of others came before', async () => {
  const units = await here.joining.unitsForOperators();
  expect(units.toSorted((one, other) => one.count - other.count)).toEqual([
    { siren: near, count: 50 },
    { siren: far, count: 250 },
  ]);
  const found = await here.joining.forOperators({ sirens: [near], limit: 100 });
  expect(found.map(({ siren }) => siren)).toEqual(Array.from({ length: 50 }, () => near));
  expect(await here.joining.forOperators({ sirens: [], limit: 100 })).toEqual([]);
});

test('page by page, each of them once, the oldest first', async () => {
  const seen: string[] = [];
  for (let after; ;) {
    const found = await here.joining.forOperators({ after, limit: 70 });
    seen.push(...found.map(({ id, askedAt }) => `${askedAt.toISOString()} ${id}`));
    after = found.at(-1);
    if (after === undefined) break;
  }
  expect(new Set(seen).size).toBe(300);
  expect(seen).toEqual(seen.toSorted());
});
