// What rests on a mailbox lasts a year, and is proven again before it ends.
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import { association } from '../registrations/testing/room.ts';
import type { Joined, JoiningPerson } from './joining.ts';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';

const siret = parseSiret('00000040600009') ?? fail();
const domain = 'club-prouve.example';
let here: JoiningRoom;

function fail(): never {
  throw new Error('the test is wrong');
}
const member = async ({ accountId }: JoiningPerson): Promise<Joined> =>
  (await here.joining.mine(accountId))[0] ?? fail();

beforeAll(async () => {
  here = await openJoiningRoom();
  const at = here.room.needs.clock();
  await sql`
    insert into organization_domain (id, siren, domain, with_subdomains, token, state, method, claimed_at, verified_at)
    values (gen_random_uuid(), ${association}, ${domain}, false, 't', 'verified', 'dns_txt', ${at}::timestamptz,
      ${at}::timestamptz)`.execute(here.room.stores.db);
}, 60_000);
afterAll(() => here.close());

test('a month before its end, and not sooner, by the same mailbox', async () => {
  const { joining, room } = here;
  const lea = await here.person('Léa', `lea@${domain}`);
  await joining.ask(lea, { typed: siret, way: 'proof' });
  const { until = fail(), id } = await member(lea);
  expect((await joining.consider(lea, siret)).answer.name).toBe('already_member');
  room.pass(340);
  await joining.watch();
  expect((await here.mailsTo(`lea@${domain}`)).at(-1)).toContain('Prouvez-le de nouveau');
  expect((await joining.consider(lea, siret)).answer).toMatchObject({
    name: 'verified_domain',
    route: 'domain',
  });
  await joining.ask(lea, { typed: siret, way: 'proof' });
  const renewed = await member(lea);
  expect(renewed).toMatchObject({ id, state: 'active', method: 'verified_domain' });
  expect(renewed.until?.slice(0, 4)).toBe(String(Number(until.slice(0, 4)) + 1));
  expect((await joining.consider(lea, siret)).answer.name).toBe('already_member');
});

test('whoever has no such mailbox any more stays what they are until that day', async () => {
  const { joining, room } = here;
  const max = await here.person('Max', `max@${domain}`);
  await joining.ask(max, { typed: siret, way: 'proof' });
  room.pass(350);
  const elsewhere = { ...max, mailboxes: ['max@gmail.com'], provenNow: ['max@gmail.com'] };
  expect((await joining.consider(elsewhere, siret)).answer.name).toBe('already_member');
  expect((await member(max)).state).toBe('active');
});
