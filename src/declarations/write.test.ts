// Whether a right may go on after its last day, where a policy says so (eligibility/grace.ts), rests on one mark of its row:
// that nothing but that day has ended it. Here what declared files make of that mark.
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Stores } from '../storage/storage.ts';
import { applyDeclarations } from './apply.ts';
import { declaredWith, openTestDatabase, seal } from './testing/database.ts';
import { anApproval } from './testing/samples.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openTestDatabase();
}, 180_000);
afterAll(() => stores.close());
beforeEach(() => stores.db.deleteFrom('approval').execute());

const apply = (day: string, change: object) =>
  applyDeclarations(declaredWith({ approvals: [{ ...anApproval, ...change }] }), {
    db: stores.db,
    seal,
    clock: () => new Date(`${day}T12:00:00Z`),
  });
const lapses = async () =>
  (await stores.db.selectFrom('approval').select('lapses').executeTakeFirst())?.lapses;

const other = { siren: '000000406' };
const reason = { reason: 'Said better.' };
const suspended = { status: 'suspended' };
const endsOn = (day: string) => ({ ends_on: `2026-11-${day}` });

describe('a declared right', () => {
  test.each<[string, (readonly [string, object])[], boolean]>([
    ['in force goes on', [['22', {}]], true],
    ['goes on until the night of its last day', [['22', endsOn('22')]], true],
    ['already over does not', [['22', endsOn('21')]], false],
    ['suspended does not', [['22', suspended]], false],
    [
      'of which something else is said goes on',
      [
        ['01', {}],
        ['22', reason],
      ],
      true,
    ],
    [
      'prolonged goes on',
      [
        ['01', endsOn('20')],
        ['10', endsOn('30')],
      ],
      true,
    ],
    [
      'ended yesterday by the file does not',
      [
        ['01', {}],
        ['22', endsOn('21')],
      ],
      false,
    ],
    [
      'ended this week by the file does not',
      [
        ['01', {}],
        ['22', endsOn('25')],
      ],
      false,
    ],
    [
      'so ended does not, whatever is said later',
      [
        ['01', {}],
        ['22', endsOn('25')],
        ['23', { ...endsOn('25'), ...reason }],
      ],
      false,
    ],
    [
      'so ended and given back goes on',
      [
        ['01', {}],
        ['22', endsOn('25')],
        ['23', {}],
      ],
      true,
    ],
    [
      'that its last day ended goes on, whatever is said later',
      [
        ['01', endsOn('20')],
        ['22', { ...endsOn('20'), ...reason }],
      ],
      true,
    ],
    [
      'that its last day ended does not with another one',
      [
        ['01', endsOn('20')],
        ['22', endsOn('21')],
      ],
      false,
    ],
    [
      'that its last day ended does not for somebody else',
      [
        ['01', endsOn('20')],
        ['22', { ...endsOn('20'), ...other }],
      ],
      false,
    ],
    [
      'that was over does not open again',
      [
        ['21', endsOn('20')],
        ['22', { ...endsOn('20'), ...reason }],
      ],
      false,
    ],
    [
      'that was over and is prolonged goes on',
      [
        ['21', endsOn('20')],
        ['22', endsOn('30')],
      ],
      true,
    ],
    [
      'given to somebody else goes on',
      [
        ['01', {}],
        ['22', other],
      ],
      true,
    ],
    [
      'suspended and opened again goes on',
      [
        ['01', suspended],
        ['22', {}],
      ],
      true,
    ],
    [
      'suspended when it ended does not',
      [
        ['01', { ...endsOn('20'), ...suspended }],
        ['22', endsOn('20')],
      ],
      false,
    ],
  ])('%s', async (_what, steps, expected) => {
    for (const [day, change] of steps) await apply(`2026-11-${day}`, change);
    expect(await lapses()).toBe(expected);
  });
});

describe('what a process of the version before writes', () => {
  /** Its statement knows of no mark. */
  const write = (change: { readonly ends_on?: string; readonly status?: string }) =>
    sql`
      insert into approval (id, siren, service_id, level, ground, reason, starts_on, ends_on, status, decided_by, decided_on,
        origin, updated_at)
      values (${anApproval.id}, ${anApproval.siren}, 'docs', 'member', 'operator_doctrine', 'x', '2026-01-01',
        ${change.ends_on ?? anApproval.ends_on}, ${change.status ?? 'active'}, '{}', '2026-01-01', 'configuration', now())
      on conflict (id) do update set ends_on = excluded.ends_on, status = excluded.status, reason = excluded.reason`.execute(
      stores.db,
    );

  test.each([
    ['the same end leaves it', {}, true],
    ['a later end leaves it', { ends_on: '2029-12-31' }, true],
    ['an earlier end, as when another right follows, ends it', { ends_on: '2027-01-31' }, false],
    ['a suspension ends it', { status: 'suspended' }, false],
  ])('%s', async (_what, change, expected) => {
    await apply('2026-11-22', {});
    await write(change);
    expect(await lapses()).toBe(expected);
  });

  test('a right that runs no more leaves room for a decision: what it gives, were it shorter, may go on', async () => {
    await apply('2026-11-22', suspended);
    await stores.db
      .updateTable('approval')
      .set({ status: 'active', ends_on: '2027-01-31', lapses: true })
      .execute();
    expect(await lapses()).toBe(true);
  });
});
