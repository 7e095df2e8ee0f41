// What is kept of how somebody came, for whoever answers and after an erasure.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFingerprints } from '../config/config.ts';
import { parseSiret } from '../organizations/organizations.ts';
import { association } from '../registrations/testing/room.ts';
import { eraseJoined } from './joining.ts';
import type { JoiningPerson } from './joining.ts';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';

const siret = parseSiret('00000040600009') ?? fail();
let here: JoiningRoom;
let ines: JoiningPerson;

function fail(): never {
  throw new Error('the test is wrong');
}
beforeAll(async () => {
  here = await openJoiningRoom();
  ines = await here.person('Inès', 'ines@gmail.com');
  await here.represents(ines);
  await here.joining.followMandates(association);
}, 60_000);
afterAll(() => here.close());

const refusedWith = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error as { code?: string }).code,
  );
async function invited(name: string): Promise<{ readonly person: JoiningPerson; readonly token: string }> {
  const address = `${name}@gmail.com`;
  const person = await here.person(name, address);
  await here.joining.invite(here.author(ines), {
    ...{ siren: association, address, external: false, until: '' },
  });
  const token = /jeton=([\w-]+)/u.exec((await here.mailsTo(address)).at(-1) ?? '')?.[1] ?? fail();
  return { person, token };
}
const invitationOf = async (address: string) =>
  (await here.joining.invitations(association)).find((one) => one.address === address) ?? fail();

test('whoever answers reads by which rule the request came, and why nothing else was enough', async () => {
  const { joining } = here;
  const tom = await here.person('Tom', 'tom@gmail.com');
  const { id } = await joining.ask(tom, { typed: siret, way: 'representative' });
  const other = await here.person('Ava', 'ava@autre.example');
  const second = await joining.ask(other, { typed: siret, way: 'representative' });
  const evidence = await joining.evidence([id, second.id]);
  expect(evidence.get(id)?.map(({ act, rule, reasons }) => [act, rule, reasons])).toEqual([
    ['ask', 'join.v2/representative', expect.arrayContaining(['open_mailbox', 'first_representative'])],
    ['ask_representative', 'join.v2/representative', expect.arrayContaining(['open_mailbox'])],
  ]);
  expect(evidence.get(second.id)?.[0]?.reasons).toContain('domain_not_verified');
  expect(await joining.evidence([])).toEqual(new Map());
});

describe('an invitation', () => {
  test('leaves who vouched for whoever took it', async () => {
    const { person, token } = await invited('kim');
    const joined = await here.joining.accept(person, token);
    const { rows } = await sql`
      select act, actor, vouched_by from joining_event where membership_id = ${joined.id}::uuid order by seq`.execute(
      here.room.stores.db,
    );
    expect(rows).toEqual([
      { act: 'ask', actor: `account:${person.accountId}`, vouched_by: null },
      { act: 'prove', actor: `account:${person.accountId}`, vouched_by: `account:${ines.accountId}` },
    ]);
    // Entries about whoever took it are in what they may export, and whoever invited is somebody else (GDPR art. 15(4)).
    const entries = await here.room.stores.db
      .selectFrom('audit_entry')
      .select(['act', 'detail'])
      .where('subject', '=', `account:${person.accountId}`)
      .execute();
    expect(entries.map(({ act }) => act)).toContain('joining.prove');
    expect(JSON.stringify(entries)).not.toContain(ines.accountId);
  });

  test('is withdrawn by whoever represents the organization, and by nobody else; its link is over', async () => {
    const { joining } = here;
    const { person, token } = await invited('lou');
    const { id } = await invitationOf('lou@gmail.com');
    expect(await refusedWith(joining.withdrawInvitation(here.author(person), id))).toBe('M-JOIN-001');
    expect(await refusedWith(joining.withdrawInvitation(here.author(ines), 'x'))).toBe('M-JOIN-001');
    await joining.withdrawInvitation(here.author(ines), id);
    expect(await refusedWith(joining.accept(person, token))).toBe('M-JOIN-007');
    expect(await refusedWith(joining.withdrawInvitation(here.author(ines), id))).toBe('M-JOIN-002');
    expect((await joining.consider(person, siret)).answer.name).not.toBe('invitation');
    const acts = await here.room.stores.db
      .selectFrom('audit_entry')
      .select(['act', 'subject'])
      .where('act', '=', 'joining.withdraw_invitation')
      .execute();
    expect(acts).toEqual([{ act: 'joining.withdraw_invitation', subject: `organization:${association}` }]);
  });
});

describe('an erasure', () => {
  const erased = (person: JoiningPerson, addresses: readonly string[]) =>
    here.room.stores.db.transaction().execute(async (trx) => {
      const fingerprints = createFingerprints(['key of the tests'], 'tests');
      await eraseJoined(
        trx,
        here.room.needs.clock(),
        { accountId: person.accountId, addresses },
        fingerprints,
      );
      await trx.deleteFrom('identity').where('account_id', '=', person.accountId).execute();
    });

  test('takes every address of the person out of the invitations', async () => {
    const { person } = await invited('zoe');
    await invited('zoe.second');
    await erased(person, ['zoe@gmail.com', 'Zoe.Second@gmail.com']);
    const left = (await here.joining.invitations(association)).map(({ address }) => address);
    expect(left.filter((address) => address.startsWith('zoe'))).toEqual([]);
  });

  test('is no way around a refusal: for thirty days, under whatever account, and without a name', async () => {
    const { joining, room } = here;
    const max = await here.person('Max', 'max.refuse@gmail.com');
    const asked = await joining.ask(max, { typed: siret, way: 'representative' });
    await joining.answer({
      ...{ id: asked.id, seen: asked.version, author: here.author(ines), reason: 'Inconnu' },
      given: { act: 'refuse' },
    });
    await erased(max, ['max.refuse@gmail.com']);
    const again = await here.person('Maxime', 'MaxRefuse@gmail.com');
    expect(again.accountId).not.toBe(max.accountId);
    expect((await joining.consider(again, siret)).answer.name).toBe('refused_lately');
    const other = await here.person('Mina', 'mina@gmail.com');
    expect((await joining.consider(other, siret)).answer.name).toBe('representative');
    const { rows } = await sql`select * from joining_refusal`.execute(room.stores.db);
    expect(JSON.stringify(rows)).not.toMatch(/max\.?refuse/iu);
    room.pass(31);
    expect((await joining.consider(again, siret)).answer.name).toBe('representative');
    await joining.purge(100);
    expect((await sql`select * from joining_refusal`.execute(room.stores.db)).rows).toEqual([]);
  });

  test('of whoever was refused twice keeps the longer of the two', async () => {
    const { joining, room } = here;
    const refuse = async (person: JoiningPerson) => {
      const asked = await joining.ask(person, { typed: siret, way: 'representative' });
      await joining.answer({
        ...{ id: asked.id, seen: asked.version, author: here.author(ines), reason: 'Inconnue' },
        given: { act: 'refuse' },
      });
    };
    const first = await here.person('Rita', 'rita@gmail.com');
    await refuse(first);
    room.pass(10);
    const second = await here.person('Rita', 'rita@gmail.com');
    await refuse(second);
    await erased(second, ['rita@gmail.com']);
    await erased(first, ['rita@gmail.com']);
    room.pass(25);
    const again = await here.person('Rita', 'rita@gmail.com');
    expect((await joining.consider(again, siret)).answer.name).toBe('refused_lately');
    room.pass(6);
    expect((await joining.consider(again, siret)).answer.name).toBe('representative');
  });
});
