// What rests on a mailbox lasts a year, and is proven again before it ends.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import { association } from '../registrations/testing/room.ts';
import type { Joined, JoiningPerson } from './joining.ts';
import { lockedOpen, step } from './step.ts';
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

test('an invitation that would end sooner changes nothing, and stays to be taken', async () => {
  const { joining, room } = here;
  const ines = await here.person('Inès', 'ines@gmail.com');
  const address = 'bureau@club-officiel.example';
  const statement = JSON.stringify({ dpnt: { facts: { contactEmail: address }, asOf: '2026-11-01' } });
  await sql`
    update organization set statements = (statements::jsonb || ${statement}::jsonb)::text
    where siren = ${association}`.execute(room.stores.db);
  const clerk = await here.person('Bureau', address);
  await joining.ask(clerk, { typed: siret, way: 'proof' });
  room.pass(345);
  await here.represents(ines);
  const now = await member(clerk);
  const today = room.needs.clock().toISOString().slice(0, 10);
  await joining.invite(here.author(ines), { siren: association, address, external: true, until: today });
  const token = /jeton=([\w-]+)/u.exec((await here.mailsTo(address)).at(-1) ?? '')?.[1] ?? fail();
  await expect(joining.accept(clerk, token)).rejects.toMatchObject({ code: 'M-JOIN-004' });
  expect(await member(clerk)).toEqual(now);
  expect((await joining.invitations(association)).map((one) => one.address)).toContain(address);
});

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

describe('whoever came by the official mailbox, of which the domain is verified since', () => {
  const nantes = '21440109300015';
  const siren = nantes.slice(0, 9);
  const town = 'nantes-renouvelee.example';
  const official = `mairie@${town}`;
  let clerk: JoiningPerson;
  let before: Joined;

  const says = (contactEmail: string) => {
    const statement = JSON.stringify({ dpnt: { facts: { contactEmail }, asOf: '2026-11-01' } });
    return sql`
      update organization set statements = (statements::jsonb || ${statement}::jsonb)::text, updated_at = ${here.room.needs.clock()}::timestamptz
      where siren = ${siren}`.execute(here.room.stores.db);
  };
  beforeAll(async () => {
    const { joining, room } = here;
    await says(official);
    clerk = await here.person('Secrétariat', official);
    await joining.ask(clerk, { typed: nantes, way: 'proof' });
    before = await member(clerk);
    expect(before).toMatchObject({ level: 'moderated', method: 'official_address' });
    const at = room.needs.clock();
    await sql`
      insert into organization_domain (id, siren, domain, with_subdomains, token, state, method, claimed_at, verified_at)
      values (gen_random_uuid(), ${siren}, ${town}, false, 't', 'verified', 'dns_txt', ${at}::timestamptz,
        ${at}::timestamptz)`.execute(room.stores.db);
    room.pass(340);
  });

  test('is offered the proof that is worth as much, and lasts another year by it', async () => {
    const { joining } = here;
    expect((await joining.consider(clerk, nantes)).answer).toMatchObject({
      name: 'official_address',
      proof: { method: 'official_address', address: official },
    });
    await joining.ask(clerk, { typed: nantes, way: 'proof' });
    const renewed = await member(clerk);
    expect(renewed).toMatchObject({ id: before.id, level: 'moderated', method: 'official_address' });
    expect(renewed.until?.slice(0, 4)).toBe(String(Number(before.until?.slice(0, 4)) + 1));
    await joining.watch();
    expect((await member(clerk)).state).toBe('active');
  });

  test('with a weaker proof alone, is offered none, and stays what they are until that day', async () => {
    const { joining, room } = here;
    room.pass(350);
    await says('accueil@ailleurs.example');
    const now = await member(clerk);
    expect((await joining.consider(clerk, nantes)).answer.name).toBe('already_member');
    const other = { ...clerk, mailboxes: [`lea@${town}`], provenNow: [`lea@${town}`] };
    expect((await joining.consider(other, nantes)).answer.name).toBe('already_member');
    expect(await member(clerk)).toEqual(now);
  });

  test('a proof that does not count leaves what it rests on as it was: mailbox, establishment, rule', async () => {
    const { needs } = here;
    const now = await member(clerk);
    await needs.db.transaction().execute(async (trx) => {
      const held = (await lockedOpen(trx, { accountId: clerk.accountId, siren })) ?? fail();
      await step(trx, needs, held, {
        act: { act: 'prove', method: 'verified_domain', until: '2099-12-31' },
        actor: { by: 'person', oneself: true },
        author: { kind: 'account', accountId: clerk.accountId },
        rule: 'join.v2/verified_domain',
        change: {
          siret: '21440109300270',
          address: `lea@${town}`,
          contact: 'x@y.example',
          message: 'Bonjour',
        },
      });
    });
    const { changedAt } = await member(clerk);
    expect(await member(clerk)).toEqual({ ...now, changedAt, version: now.version + 1 });
  });
});
