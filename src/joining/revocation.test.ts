// What is taken away from somebody stays taken away, whichever way they come.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import { isMembershipRevoked } from '../identity/identity.ts';
import { association, operatorCalled } from '../registrations/testing/room.ts';
import type { Joined, JoiningPerson } from './joining.ts';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';

const siret = parseSiret('00000040600009') ?? fail();
const domain = 'club-prouve.example';
const operator = operatorCalled('alice');
let here: JoiningRoom;
let ines: JoiningPerson;

function fail(): never {
  throw new Error('the number of the test is wrong');
}
const refusedWith = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error as { code?: string }).code,
  );
const revoked = (person: JoiningPerson) =>
  isMembershipRevoked(here.room.stores.db, person.accountId, association);
const member = async (person: JoiningPerson): Promise<Joined> =>
  (await here.joining.mine(person.accountId))[0] ?? fail();

beforeAll(async () => {
  here = await openJoiningRoom();
  ines = await here.person('Inès', 'ines@gmail.com');
  await here.represents(ines);
  await here.joining.followMandates(association);
  const at = here.room.needs.clock();
  await sql`
    insert into organization_domain (id, siren, domain, with_subdomains, token, state, method, claimed_at, verified_at)
    values (gen_random_uuid(), ${association}, ${domain}, false, 't', 'verified', 'dns_txt', ${at}::timestamptz,
      ${at}::timestamptz)`.execute(here.room.stores.db);
}, 60_000);
afterAll(() => here.close());

const joinedByDomain = async (name: string): Promise<JoiningPerson> => {
  const person = await here.person(name, `${name.toLowerCase()}@${domain}`);
  await here.joining.ask(person, { typed: siret, way: 'proof' });
  return person;
};
const revoke = async (person: JoiningPerson, author: typeof operator | ReturnType<JoiningRoom['author']>) => {
  const { id, version: seen } = await member(person);
  return here.joining.answer({ id, seen, author, reason: 'Partie', given: { act: 'revoke' } });
};

test('whom members/ took out joins by no way, an invitation or an answer included', async () => {
  const { joining, room } = here;
  const paul = await here.person('Paul', `paul@${domain}`);
  const asks = await here.person('Ava', 'ava@gmail.com');
  const asked = await joining.ask(asks, { typed: siret, way: 'representative' });
  await joining.invite(here.author(ines), {
    ...{ siren: association, address: `paul@${domain}`, external: false, until: '' },
  });
  const token = /jeton=([\w-]+)/u.exec((await here.mailsTo(`paul@${domain}`)).at(-1) ?? '')?.[1] ?? fail();
  for (const { accountId } of [paul, asks]) {
    const at = room.needs.clock();
    await sql`
      insert into membership (account_id, siren, siret, idp_id, origin, level, method, first_seen_at, last_seen_at, revoked_at,
        revoked_by) values (${accountId}::uuid, ${association}, ${siret}, 'partenaires', 'declared', 'moderated', 'test',
        ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz, 'operator:anne')`.execute(room.stores.db);
  }
  expect((await joining.consider(paul, siret)).answer).toMatchObject({ name: 'membership_revoked' });
  for (const way of ['proof', 'representative', 'operator'] as const)
    expect(await refusedWith(joining.ask(paul, { typed: siret, way }))).toBe('M-JOIN-004');
  expect(await refusedWith(joining.accept(paul, token))).toBe('M-JOIN-004');
  const answering = { id: asked.id, seen: asked.version, given: { act: 'accept' as const } };
  expect(await refusedWith(joining.answer({ ...answering, author: here.author(ines) }))).toBe('M-JOIN-004');
  expect(await refusedWith(joining.answer({ ...answering, author: operator }))).toBe('M-JOIN-004');
});

describe('whoever joined by a domain, and is taken out', () => {
  test.each([
    ['Rose', 'by whoever represents the organization'],
    ['Nils', 'by an operator'],
  ])('%s, %s: does not come back by the same domain, not even a month later', async (name) => {
    const { joining, room } = here;
    const person = await joinedByDomain(name);
    expect(await here.signsInFor(person)).toEqual([`${siret} email_domain verified_domain`]);
    await revoke(person, name === 'Rose' ? here.author(ines) : operator);
    expect(await revoked(person)).toBe(true);
    const { rows } =
      await sql`select revoked_by, revoked_reason from membership where account_id = ${person.accountId}::uuid`.execute(
        room.stores.db,
      );
    expect(rows).toEqual([
      {
        revoked_by: name === 'Rose' ? `account:${ines.accountId}` : 'operator:alice',
        revoked_reason: 'Partie',
      },
    ]);
    room.pass(40);
    expect((await joining.consider(person, siret)).answer.name).toBe('membership_revoked');
    expect(await refusedWith(joining.ask(person, { typed: siret, way: 'proof' }))).toBe('M-JOIN-004');
  });

  test('who represents it too is taken out by an operator alone', async () => {
    const zora = await joinedByDomain('Zora');
    await here.represents(zora, 'tchap');
    expect((await here.joining.forRepresentative(ines.accountId)).map((one) => one.accountId)).not.toContain(
      zora.accountId,
    );
    expect(await refusedWith(revoke(zora, here.author(ines)))).toBe('M-JOIN-001');
    expect(await revoked(zora)).toBe(false);
  });
});

test('a mailbox that was not read now joins nothing', async () => {
  const { joining } = here;
  const old = { ...(await here.person('Odile', `odile@${domain}`)), provenNow: [] };
  expect((await joining.consider(old, siret)).answer.name).toBe('verified_domain');
  expect(await refusedWith(joining.ask(old, { typed: siret, way: 'proof' }))).toBe('M-JOIN-004');
  expect(
    await refusedWith(
      joining.ask({ ...old, provenNow: ['odile@gmail.com'] }, { typed: siret, way: 'proof' }),
    ),
  ).toBe('M-JOIN-004');
  await joining.invite(here.author(ines), {
    ...{ siren: association, address: `odile@${domain}`, external: false, until: '' },
  });
  const token = /jeton=([\w-]+)/u.exec((await here.mailsTo(`odile@${domain}`)).at(-1) ?? '')?.[1] ?? fail();
  expect(await refusedWith(joining.accept(old, token))).toBe('M-JOIN-004');
  await joining.accept({ ...old, provenNow: [`odile@${domain}`] }, token);
});

test('what lost its domain ends, however many there are, and one that fails keeps no other', async () => {
  const { joining, room } = here;
  const ada = await joinedByDomain('Ada');
  const at = room.needs.clock();
  // More than one page of others before it.
  await sql`
    with people as (insert into account (id, created_at)
      select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${at}::timestamptz
      from generate_series(1, 600) as n returning id)
    insert into joined_membership (id, account_id, siren, siret, state, level, method, since, verified_at, is_external, rule,
      address, asked_at, changed_at)
    select id, id, ${association}, ${siret}, 'active', 'email_domain', 'verified_domain', ${at}::timestamptz,
      ${at}::timestamptz, false, 'join.v1/test', 'x@' || ${domain}, ${at}::timestamptz, ${at}::timestamptz from people`.execute(
    room.stores.db,
  );
  await joining.watch();
  expect((await member(ada)).state).toBe('active');
  await sql`update joined_membership set address = 'x@ailleurs.example'
    where account_id = ${ada.accountId}::uuid and state = 'active'`.execute(room.stores.db);
  await joining.watch();
  expect(await member(ada)).toMatchObject({ state: 'ended', ended: 'expired' });
});
