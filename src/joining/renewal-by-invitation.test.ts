// A membership whose mailbox proves nothing any more goes on by an invitation.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import { association } from '../registrations/testing/room.ts';
import type { Joined, JoiningPerson } from './joining.ts';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';

const siret = parseSiret('00000040600009') ?? fail();
let here: JoiningRoom;

function fail(): never {
  throw new Error('the test is wrong');
}
const member = async ({ accountId }: JoiningPerson): Promise<Joined> =>
  (await here.joining.mine(accountId))[0] ?? fail();

describe('an invitation of whoever can prove nothing any more that is worth as much', () => {
  const address = 'secretariat@club-officiel.example';
  let ines: JoiningPerson;
  let clerk: JoiningPerson;
  const invited = async (): Promise<string> => {
    const inviting = { siren: association, address, external: false, until: '' };
    await here.joining.invite(here.author(ines), inviting);
    return /jeton=([\w-]+)/u.exec((await here.mailsTo(address)).at(-1) ?? '')?.[1] ?? fail();
  };
  const official = (contactEmail: string) => {
    const statement = JSON.stringify({ dpnt: { facts: { contactEmail }, asOf: '2026-11-01' } });
    return sql`
      update organization set statements = (statements::jsonb || ${statement}::jsonb)::text
      where siren = ${association}`.execute(here.room.stores.db);
  };
  beforeAll(async () => {
    here = await openJoiningRoom();
    const { joining } = here;
    await official(address);
    clerk = await here.person('Secrétariat', address);
    await joining.ask(clerk, { typed: siret, way: 'proof' });
    ines = await here.person('Inès', 'ines-invite@gmail.com');
    await here.represents(ines);
    await official('ailleurs@club-officiel.example');
  }, 60_000);
  afterAll(() => here.close());

  test('changes nothing as long as the end is far', async () => {
    const token = await invited();
    const now = await member(clerk);
    await expect(here.joining.accept(clerk, token)).rejects.toMatchObject({ code: 'M-JOIN-004' });
    expect(await member(clerk)).toEqual(now);
  });

  test('a month before the end opens nothing that the rules refuse, and else is what the membership rests on', async () => {
    const { joining, room } = here;
    room.pass(340);
    const token = await invited();
    const now = await member(clerk);
    expect((await joining.consider(clerk, siret)).answer.name).toBe('already_member');
    const { db } = room.stores;
    await sql`
      insert into joining_domain_refusal (siren, domain, refused_by, at)
      values (${association}, 'club-officiel.example', 'operator:alice', ${room.needs.clock()}::timestamptz)`.execute(
      db,
    );
    await expect(joining.accept(clerk, token)).rejects.toMatchObject({ code: 'M-JOIN-004' });
    expect(await member(clerk)).toEqual(now);
    await sql`delete from joining_domain_refusal`.execute(db);
    await joining.accept(clerk, token);
    expect(await member(clerk)).toMatchObject({
      ...{ id: now.id, state: 'active', level: 'moderated' },
      ...{ method: 'invitation', until: undefined },
    });
  });
});
