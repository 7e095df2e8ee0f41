// What a membership rests on is gone: the domain, the official mailbox; or an operator refuses it for the organization.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '../eligibility/eligibility.ts';
import { formatDate } from '../http/http.ts';
import { operatorCalled } from '../registrations/testing/room.ts';
import type { Joined, JoiningPerson } from './joining.ts';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';

const nantes = '21440109300015';
const siren = nantes.slice(0, 9);
const domain = 'nantes-prouve.example';
let here: JoiningRoom;

beforeAll(async () => {
  here = await openJoiningRoom();
}, 60_000);
afterAll(() => here.close());
beforeEach(() => says('dpnt', 'mairie@nantes-officielle.example'));

function fail(): never {
  throw new Error('nothing is joined');
}
/** What one source says of the official mailbox, beside what others say. */
async function says(source: 'dpnt' | 'operator' | 'organizations', contactEmail: string): Promise<void> {
  const statement = { [source]: { facts: { contactEmail }, asOf: '2026-11-01' } };
  await sql`
    update organization set updated_at = ${here.room.needs.clock()}::timestamptz,
      statements = ((statements::jsonb - 'operator' - 'organizations') || ${JSON.stringify(statement)}::jsonb)::text
    where siren = ${siren}`.execute(here.room.stores.db);
}
const member = async ({ accountId }: JoiningPerson): Promise<Joined> =>
  (await here.joining.mine(accountId))[0] ?? fail();
const proves = async (name: string, mailbox: string): Promise<JoiningPerson> => {
  const person = await here.person(name, mailbox);
  await here.joining.ask(person, { typed: nantes, way: 'proof' });
  return person;
};
async function readsCode(name: string, contact: string): Promise<JoiningPerson> {
  const person = await here.person(name, `${name.toLowerCase()}@gmail.com`);
  const { issued } = await here.joining.sendCode(person, { typed: nantes, contact });
  if (issued.outcome !== 'sent') throw new Error(issued.outcome);
  await here.joining.tryCode(person, { siren, typed: issued.code });
  return person;
}

describe('the official mailbox', () => {
  test('is what registers and operators name, and nothing else', async () => {
    const noe = await here.person('Noé', 'noe@gmail.com');
    await says('organizations', 'pirate@ailleurs.example');
    expect((await here.joining.consider(noe, nantes)).facts.contacts).toEqual([
      'mairie@nantes-officielle.example',
    ]);
    await says('operator', 'accueil@nantes-officielle.example');
    expect((await here.joining.consider(noe, nantes)).facts.contacts).toEqual([
      'accueil@nantes-officielle.example',
    ]);
  });

  test('that an operator corrects: whoever came by it acts no more', async () => {
    const clerk = await proves('Secrétariat', 'mairie@nantes-officielle.example');
    const ugo = await readsCode('Ugo', 'mairie@nantes-officielle.example');
    await here.joining.watch();
    expect([(await member(clerk)).state, (await member(ugo)).state]).toEqual(['active', 'active']);
    await says('operator', 'vraie@nantes-officielle.example');
    await here.joining.watch();
    for (const person of [clerk, ugo]) {
      expect(await member(person)).toMatchObject({ state: 'ended', ended: 'expired' });
      expect(here.ended).toContain(person.accountId);
    }
    expect((await here.mailsTo('ugo@gmail.com')).at(-1)).toContain('a pris fin');
  });

  test('that a register names no more: proven again within a month, and told', async () => {
    const zia = await readsCode('Zia', 'mairie@nantes-officielle.example');
    await says('dpnt', 'nouvelle@nantes-officielle.example');
    await here.joining.watch();
    const until = addDays(here.room.needs.clock().toISOString().slice(0, 10), 30);
    const shortened = await member(zia);
    expect(shortened).toMatchObject({ state: 'active', until, method: 'official_contact_code' });
    const mail = (await here.mailsTo('zia@gmail.com')).at(-1);
    expect(mail).toContain(`jusqu’au ${formatDate(until, 'fr')}`);
    expect(mail).toContain('demandez-le de nouveau');
    expect(mail).not.toContain('élection');
    here.room.pass(1);
    await here.joining.watch();
    expect(await member(zia)).toMatchObject({ version: shortened.version, until });
  });
});

describe('a domain', () => {
  beforeAll(async () => {
    const at = here.room.needs.clock();
    await sql`
      insert into organization_domain (id, siren, domain, with_subdomains, token, state, method, claimed_at, verified_at)
      values (${randomUUID()}::uuid, ${siren}, ${domain}, true, 't', 'verified', 'dns_txt', ${at}::timestamptz,
        ${at}::timestamptz)`.execute(here.room.stores.db);
  });

  test('that an operator refuses for the organization ends those who came by it, and nobody else', async () => {
    const { joining } = here;
    const [eva, sub] = [await proves('Eva', `eva@${domain}`), await proves('Sub', `sub@quartier.${domain}`)];
    const kept = await readsCode('Kept', 'mairie@nantes-officielle.example');
    await joining.watch();
    expect([(await member(eva)).state, (await member(sub)).state]).toEqual(['active', 'active']);
    const max = await here.person('Max', `max@autre.${domain}`);
    await sql`update organization_domain set with_subdomains = false`.execute(here.room.stores.db);
    const asked = await joining.ask(max, { typed: nantes, way: 'operator' });
    await joining.watch();
    expect([(await member(eva)).state, (await member(sub)).ended]).toEqual(['active', 'expired']);
    await sql`update joined_membership set address = ${`max@${domain}`} where id = ${asked.id}::uuid`.execute(
      here.room.stores.db,
    );
    await joining.answer({
      ...{ id: asked.id, seen: asked.version, author: operatorCalled('alice'), reason: 'Domaine douteux' },
      given: { act: 'refuse', domain: true },
    });
    await joining.watch();
    expect(await member(eva)).toMatchObject({ state: 'ended', ended: 'expired' });
    expect((await member(kept)).state).toBe('active');
  });
});

describe('a domain where anybody opens a mailbox', () => {
  const official = 'mairie-nantes@orange.fr';
  beforeEach(() => says('dpnt', official));

  test('is not refused with a request: whoever reads the official mailbox there goes on', async () => {
    const { joining, room } = here;
    const clerk = await proves('Accueil', official);
    const camille = await here.person('Camille', 'camille@orange.fr');
    const asked = await joining.ask(camille, { typed: nantes, way: 'operator' });
    expect(joining.refusableDomain(asked)).toBeUndefined();
    const answering = {
      id: asked.id,
      seen: asked.version,
      author: operatorCalled('alice'),
      reason: 'Inconnu',
    };
    await expect(
      joining.answer({ ...answering, given: { act: 'refuse', domain: true } }),
    ).rejects.toMatchObject({ code: 'M-JOIN-002' });
    expect(await member(camille)).toMatchObject({ state: 'awaiting_operator', version: asked.version });
    const { rows } = await sql`
      select 1 from joining_domain_refusal where domain = 'orange.fr'`.execute(room.stores.db);
    expect(rows).toEqual([]);
    await joining.answer({ ...answering, given: { act: 'refuse' } });
    await joining.watch();
    expect((await member(clerk)).state).toBe('active');
  });

  test('refused before it was known as one: nobody ends by it, nor is kept out', async () => {
    const { joining, room } = here;
    const clerk = await proves('Standard', official);
    await sql`
      insert into joining_domain_refusal (siren, domain, refused_by, at) select ${siren}, domain, 'operator:alice', now()
      from unnest(array['orange.fr', 'jetable.example']) as domain`.execute(room.stores.db);
    await joining.watch();
    expect((await member(clerk)).state).toBe('active');
    const lea = await here.person('Léa', 'lea@orange.fr');
    expect((await joining.consider(lea, nantes)).answer.name).toBe('official_code');
  });

  test('another one may be', async () => {
    const zoe = await here.person('Zoé', 'zoe@atelier-fictif.example');
    const asked = await here.joining.ask(zoe, { typed: nantes, way: 'operator' });
    expect(here.joining.refusableDomain(asked)).toBe('atelier-fictif.example');
  });
});
