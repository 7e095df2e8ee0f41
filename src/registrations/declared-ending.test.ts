// A right that the configuration declares has no file: nobody is reminded of its end, and no list of files shows it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayors, openRoom } from './testing/room.ts';
import type { Room } from './testing/room.ts';

describe('rights that the configuration declares', () => {
  let room: Room;
  beforeAll(async () => {
    room = await openRoom();
    // Alone, whatever else the demo declares.
    await room.stores.db.deleteFrom('approval').where('siren', '<>', mayors).execute();
  }, 120_000);
  afterAll(() => room.close());

  const ending = async (day: string) => {
    room.goTo(`${day}T09:00:00Z`);
    return room.registrations.declaredEnding();
  };

  it('are listed in their last ninety days, the first to end first, with whose they are', async () => {
    expect(await ending('2028-10-01')).toEqual([]);
    expect(await ending('2028-10-02')).toMatchObject([
      {
        siren: mayors,
        service: 'docs',
        endsOn: '2028-12-31',
        daysLeft: 90,
        name: 'AMD-FICTIF, association des maires du département fictif',
      },
    ]);
    expect(await ending('2028-12-31')).toMatchObject([{ daysLeft: 0 }]);
    expect(await ending('2029-01-01')).toEqual([]);
  });

  it('and not while another one follows without a gap, or when they are suspended', async () => {
    const { db } = room.stores;
    const held = await db
      .selectFrom('approval')
      .selectAll()
      .where('siren', '=', mayors)
      .executeTakeFirstOrThrow();
    const follow = (startsOn: string) =>
      db
        .insertInto('approval')
        .values({
          ...held,
          id: 'd-28-7k3qxwpb-docs',
          origin: 'registration',
          starts_on: startsOn,
          ends_on: '2029-12-31',
        })
        .execute();
    await follow('2029-01-02');
    expect(await ending('2028-12-01')).toHaveLength(1);
    await db.deleteFrom('approval').where('id', '=', 'd-28-7k3qxwpb-docs').execute();
    await follow('2029-01-01');
    expect(await ending('2028-12-01')).toEqual([]);
    await db.deleteFrom('approval').where('id', '=', 'd-28-7k3qxwpb-docs').execute();
    await db.updateTable('approval').set({ status: 'suspended' }).where('siren', '=', mayors).execute();
    expect(await ending('2028-12-01')).toEqual([]);
  });
});
