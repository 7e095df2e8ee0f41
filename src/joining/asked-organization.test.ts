// What the registers hold of an organization closes ways to join it, from the database on.
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';

const nantes = '21440109300015';
const siren = nantes.slice(0, 9);
let here: JoiningRoom;
let held: Record<string, unknown>;

beforeAll(async () => {
  here = await openJoiningRoom();
  held = await here.room.stores.db
    .selectFrom('organization')
    .select(['unit_state', 'suspended_at', 'legal_category', 'statements'])
    .where('siren', '=', siren)
    .executeTakeFirstOrThrow();
}, 60_000);
afterAll(() => here.close());
afterEach(async () => {
  await write(held);
  await here.room.stores.db
    .updateTable('establishment')
    .set({ state: 'A' })
    .where('siret', '=', nantes)
    .execute();
});

const write = (columns: Record<string, unknown>) =>
  here.room.stores.db.updateTable('organization').set(columns).where('siren', '=', siren).execute();
const closeEstablishment = () =>
  here.room.stores.db.updateTable('establishment').set({ state: 'F' }).where('siret', '=', nantes).execute();
const refusedWith = (work: Promise<unknown>) =>
  work.then(
    () => 'asked',
    (error: unknown) => (error as { code?: string }).code,
  );

test.each<[string, () => Promise<unknown>, string]>([
  ['a closed legal unit', () => write({ unit_state: 'C', statements: '{}' }), 'organization_closed'],
  ['a closed establishment', closeEstablishment, 'organization_closed'],
  ['suspended by an operator', () => write({ suspended_at: new Date() }), 'organization_suspended'],
  ['of foreign law', () => write({ legal_category: '3110', statements: '{}' }), 'foreign_organization'],
  ['of the State', () => write({ legal_category: '7113', statements: '{}' }), 'state_needs_work_address'],
])('%s is not joined from a free mailbox', async (what, happens, name) => {
  const { joining } = here;
  const noe = await here.person('Noé', 'noe@gmail.com');
  expect((await joining.consider(noe, nantes)).answer.route).toBe('operator');
  await happens();
  expect((await joining.consider(noe, nantes)).answer, what).toMatchObject({ route: 'refused', name });
  expect(await refusedWith(joining.ask(noe, { typed: nantes, way: 'operator' }))).toBe('M-JOIN-004');
  expect(await joining.mine(noe.accountId)).toEqual([]);
});

test('the State is asked from a mailbox of work', async () => {
  await write({ legal_category: '7113', statements: '{}' });
  const ada = await here.person('Ada', 'ada@ministere-fictif.example');
  expect((await here.joining.consider(ada, nantes)).answer.name).toBe('operator');
});

const list = (domain: string, siret: string) =>
  sql`
    insert into register_record (shelf, key, source, record, source_date)
    values ('email_domain', ${`${domain}/${siret}`}, 'email_domains', ${JSON.stringify({ domain, siret, origin: 'essai' })}, '2026-11-01')`.execute(
    here.room.stores.db,
  );
const takeOut = (domain: string) =>
  sql`delete from register_record where shelf = 'email_domain' and split_part(key, '/', 1) = ${domain}`.execute(
    here.room.stores.db,
  );

test('a domain of the public list, for it alone: a member at once, until its line goes', async () => {
  const { joining } = here;
  const domain = 'ville-listee.example';
  const zoe = await here.person('Zoé', `zoe@${domain}`);
  expect((await joining.consider(zoe, nantes)).answer.name).toBe('operator');
  await list(domain, nantes);
  await joining.ask(zoe, { typed: nantes, way: 'proof' });
  expect(await here.signsInFor(zoe)).toEqual([`${nantes} email_domain listed_domain`]);
  await joining.watch();
  expect((await joining.mine(zoe.accountId))[0]?.state).toBe('active');
  await takeOut(domain);
  await joining.watch();
  expect((await joining.mine(zoe.accountId))[0]).toMatchObject({ state: 'ended', ended: 'expired' });
  expect(here.ended).toContain(zoe.accountId);
  expect(await here.signsInFor(zoe)).toEqual([]);
});

test.each([
  ['partage-liste.example', '00000040600009'],
  // A line that names nobody is not the organization's own.
  ['illisible-liste.example', '00000040600000'],
])(
  'a domain of the public list, for two (%s): nobody joins by it, and whoever did ends',
  async (domain, other) => {
    const { joining } = here;
    await list(domain, nantes);
    const eva = await here.person('Eva', `eva@${domain}`);
    await joining.ask(eva, { typed: nantes, way: 'proof' });
    await list(domain, other);
    const lou = await here.person('Lou', `lou@${domain}`);
    expect((await joining.consider(lou, nantes)).answer.route).toBe('operator');
    expect(await refusedWith(joining.ask(lou, { typed: nantes, way: 'proof' }))).toBe('M-JOIN-004');
    await joining.watch();
    expect((await joining.mine(eva.accountId))[0]).toMatchObject({ state: 'ended', ended: 'expired' });
  },
);
