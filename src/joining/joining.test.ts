// Ways to come to act for an organization, on a database.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseSiret } from '../organizations/organizations.ts';
import { association, operatorCalled } from '../registrations/testing/room.ts';
import type { JoiningPerson } from './joining.ts';
import { openJoiningRoom } from './testing/joining-room.ts';
import type { JoiningRoom } from './testing/joining-room.ts';

const associationSiret = parseSiret('00000040600009') ?? fail();
const nantes = '21440109300015';
const town = 'nantes-fictive.example';
const official = `mairie@${town}`;

let here: JoiningRoom;
beforeAll(async () => {
  here = await openJoiningRoom();
}, 60_000);
afterAll(() => here.close());

function fail(): never {
  throw new Error('the number of the test is wrong');
}
const code = (error: unknown) => (error as { code?: string }).code;
const refusedWith = (work: Promise<unknown>) => work.then(() => undefined, code);
const stateOf = async (person: JoiningPerson) => {
  const [one] = await here.joining.mine(person.accountId);
  return one && `${one.ended ?? one.state} ${one.level ?? ''}`.trim();
};
const operator = operatorCalled('alice');

describe('a request to an operator', () => {
  test('makes a member once it is accepted, with its evidence; what is over is over at once', async () => {
    const { joining, declared } = here;
    const lea = await here.person('Léa', 'lea@gmail.com');
    const { answer } = await joining.consider(lea, '000 000 406 00009');
    expect(answer).toMatchObject({ route: 'operator', rule: 'join.v2/operator' });
    expect(answer.reasons).toContain('open_mailbox');
    const asked = await joining.ask(lea, {
      typed: associationSiret,
      way: 'operator',
      message: 'Trésorière\u0000\n',
    });
    expect(asked).toMatchObject({
      state: 'awaiting_operator',
      message: 'Trésorière',
      address: 'lea@gmail.com',
    });
    expect(await here.signsInFor(lea)).toEqual([]);
    expect(await refusedWith(joining.ask(lea, { typed: associationSiret, way: 'operator' }))).toBe(
      'M-JOIN-004',
    );
    expect((await joining.forOperators({ limit: 10 })).map(({ id }) => id)).toContain(asked.id);

    const given = { act: 'accept', method: 'in_official_register' } as const;
    const answering = { id: asked.id, author: operator, reason: 'Récépissé lu', given };
    expect(await refusedWith(joining.answer({ ...answering, seen: asked.version - 1 }))).toBe('M-JOIN-002');
    expect(await refusedWith(joining.answer({ ...answering, seen: asked.version, own: true }))).toBe(
      'M-FILE-005',
    );
    const oneself = { ...operator, accountId: lea.accountId };
    expect(await refusedWith(joining.answer({ ...answering, seen: asked.version, author: oneself }))).toBe(
      'M-JOIN-003',
    );
    await joining.answer({ ...answering, seen: asked.version });
    expect(await here.signsInFor(lea)).toEqual([`${associationSiret} official_source in_official_register`]);
    expect((await declared.linkOf(lea.accountId, associationSiret))?.level).toBe('official_source');
    expect((await here.mailsTo('lea@gmail.com')).at(-1)).toMatch(/agir pour «\sAssociation sportive/u);

    const { rows } = await sql`
      select act, actor, method, rule from joining_event where membership_id = ${asked.id}::uuid order by seq`.execute(
      here.room.stores.db,
    );
    expect(rows).toEqual([
      { act: 'ask', actor: `account:${lea.accountId}`, method: null, rule: 'join.v2/operator' },
      { act: 'ask_operator', actor: `account:${lea.accountId}`, method: null, rule: 'join.v2/operator' },
      { act: 'prove', actor: 'operator:alice', method: 'in_official_register', rule: null },
    ]);
    await joining.goOn(lea, { siren: association, act: 'leave' });
    expect((await declared.linkOf(lea.accountId, associationSiret))?.level).toBeUndefined();
    expect(await declared.hasEnded(lea.accountId, associationSiret)).toBe(true);
    expect(await here.signsInFor(lea)).toEqual([]);
    expect(here.ended).toContain(lea.accountId);
  });

  test('refused: the reason is kept, and asking again at once is no way around', async () => {
    const { joining } = here;
    const max = await here.person('Max', 'max@atelier-fictif.example');
    const asked = await joining.ask(max, { typed: associationSiret, way: 'operator' });
    await joining.answer({
      id: asked.id,
      seen: asked.version,
      author: operator,
      reason: 'Inconnu',
      given: { act: 'refuse', domain: true },
    });
    expect((await joining.mine(max.accountId))[0]).toMatchObject({ ended: 'refused', answer: 'Inconnu' });
    expect((await joining.consider(max, associationSiret)).answer.name).toBe('domain_refused');
    await sql`delete from joining_domain_refusal`.execute(here.room.stores.db);
    expect((await joining.consider(max, associationSiret)).answer.name).toBe('refused_lately');
  });

  test('two at once: one request', async () => {
    const { joining } = here;
    const eve = await here.person('Ève', 'eve@gmail.com');
    const both = await Promise.allSettled(
      [1, 2].map(() => joining.ask(eve, { typed: associationSiret, way: 'operator' })),
    );
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(await joining.mine(eve.accountId)).toHaveLength(1);
    await joining.goOn(eve, { siren: association, act: 'withdraw' });
    expect(await stateOf(eve)).toBe('withdrawn');
  });

  test.each([
    ['123', 'number_malformed'],
    ['21440109300016', 'number_malformed'],
    ['BE 0403.170.701', 'foreign_number'],
    ['732 829 320 00074', 'organization_unknown'],
    ["'; drop table account; --", 'number_malformed'],
  ])('%s: %s', async (typed, name) => {
    const ada = await here.person('Ada', `${randomUUID()}@asso.example`);
    expect((await here.joining.consider(ada, typed)).answer.name).toBe(name);
    expect(await refusedWith(here.joining.ask(ada, { typed, way: 'operator' }))).toBe('M-JOIN-004');
  });
});

describe('the official mailbox of a commune', () => {
  beforeAll(async () => {
    const { db } = here.room.stores;
    const statement = { dpnt: { facts: { contactEmail: official }, asOf: '2026-11-01' } };
    await sql`
      update organization set statements = (statements::jsonb || ${JSON.stringify(statement)}::jsonb)::text
      where siren = ${nantes.slice(0, 9)}`.execute(db);
  });

  test('a code that is read there makes a member; no other mailbox gets one', async () => {
    const { joining } = here;
    const noe = await here.person('Noé', 'noe@gmail.com');
    expect((await joining.consider(noe, nantes)).answer).toMatchObject({
      route: 'official_contact',
      otherwise: 'operator',
    });
    expect(await refusedWith(joining.sendCode(noe, { typed: nantes, contact: 'noe@gmail.com' }))).toBe(
      'M-JOIN-005',
    );
    const { issued, joined } = await joining.sendCode(noe, { typed: nantes, contact: official });
    if (issued.outcome !== 'sent') throw new Error(issued.outcome);
    expect(joined).toMatchObject({ state: 'awaiting_code', contact: official });
    expect((await here.mailsTo(official)).at(-1)).toContain(issued.code.slice(0, 4));
    const siren = nantes.slice(0, 9);
    const wrong = issued.code === '12345678' ? '87654321' : '12345678';
    expect(await joining.tryCode(noe, { siren, typed: wrong })).toMatchObject({ checked: 'wrong' });
    const other = await here.person('Ugo', 'ugo@gmail.com');
    expect(await refusedWith(joining.tryCode(other, { siren, typed: issued.code }))).toBe('M-JOIN-001');
    expect(await joining.tryCode(noe, { siren, typed: issued.code })).toMatchObject({
      checked: 'right',
      joined: { state: 'active', level: 'moderated', method: 'official_contact_code', until: '2027-11-23' },
    });
    expect(await here.signsInFor(noe)).toEqual([`${nantes} moderated official_contact_code`]);
    expect(await refusedWith(joining.tryCode(noe, { siren, typed: issued.code }))).toBe('M-JOIN-001');
  });

  test('whoever is signed in with that very mailbox needs no code', async () => {
    const clerk = await here.person('Secrétariat', official);
    expect((await here.joining.consider(clerk, nantes)).answer).toMatchObject({ name: 'official_address' });
    await here.joining.ask(clerk, { typed: nantes, way: 'proof' });
    expect(await stateOf(clerk)).toBe('active moderated');
  });
});

test('a domain that the organization has verified; when it loses it, the membership ends', async () => {
  const { joining, room } = here;
  const zoe = await here.person('Zoé', `zoe@${town}`);
  expect((await joining.consider(zoe, nantes)).answer.route).not.toBe('domain');
  const at = room.needs.clock();
  await sql`
    insert into organization_domain (id, siren, domain, with_subdomains, token, state, method, claimed_at, verified_at)
    values (${randomUUID()}::uuid, ${nantes.slice(0, 9)}, ${town}, false, 't', 'verified', 'dns_txt',
      ${at}::timestamptz, ${at}::timestamptz)`.execute(room.stores.db);
  await joining.ask(zoe, { typed: nantes, way: 'proof' });
  expect(await here.signsInFor(zoe)).toEqual([`${nantes} email_domain verified_domain`]);
  await joining.watch();
  expect(await stateOf(zoe)).toBe('active email_domain');
  await sql`update organization_domain set state = 'unverified'`.execute(room.stores.db);
  await joining.watch();
  expect(await stateOf(zoe)).toBe('expired email_domain');
  expect(here.ended).toContain(zoe.accountId);
  expect((await here.mailsTo(`zoe@${town}`)).at(-1)).toContain('a pris fin');
});

describe('the first representative of an association', () => {
  let ines: JoiningPerson;
  beforeAll(async () => {
    ines = await here.person('Inès', 'ines@gmail.com');
    await here.represents(ines);
    await here.joining.followMandates(association);
  });

  test('acts for it as long as what an operator approved', async () => {
    expect((await here.joining.mine(ines.accountId))[0]).toMatchObject({
      state: 'active',
      level: 'moderated',
      method: 'mandate',
      until: '2027-12-31',
    });
    expect(await here.signsInFor(ines)).toEqual([`${associationSiret} moderated mandate`]);
    await here.joining.watch();
    expect(await here.joining.mine(ines.accountId)).toHaveLength(1);
    const told = (await here.mailsTo('ines@gmail.com')).filter((mail) => mail.includes('maintenant agir'));
    expect(told).toEqual([expect.stringContaining('Connectez-vous de nouveau')]);
  });

  test('answers requests of others, and never their own', async () => {
    const { joining } = here;
    const tom = await here.person('Tom', 'tom@gmail.com');
    const asked = await joining.ask(tom, {
      typed: associationSiret,
      way: 'representative',
      message: 'Salarié',
    });
    expect((await here.mailsTo('ines@gmail.com')).at(-1)).toContain('demande à agir');
    expect((await joining.forRepresentative(ines.accountId)).map(({ id }) => id)).toContain(asked.id);
    expect(await joining.forRepresentative(tom.accountId)).toEqual([]);
    const answering = { id: asked.id, seen: asked.version, given: { act: 'accept' as const } };
    expect(await refusedWith(joining.answer({ ...answering, author: here.author(tom) }))).toBe('M-JOIN-001');
    const endless = { act: 'accept', external: true } as const;
    const noEnd = { ...answering, given: endless, author: here.author(ines) };
    expect(await refusedWith(joining.answer(noEnd))).toBe('M-JOIN-010');
    expect(await refusedWith(joining.goOn(tom, { siren: association, act: 'ask_operator' }))).toBe(
      'M-JOIN-002',
    );
    const given = { act: 'accept', external: true, until: '2026-12-31' } as const;
    await joining.answer({ ...answering, given, author: here.author(ines) });
    expect((await joining.mine(tom.accountId))[0]).toMatchObject({
      external: true,
      until: '2026-12-31',
      sponsor: ines.accountId,
    });
    expect(await here.signsInFor(tom)).toEqual([`${associationSiret} moderated representative`]);
  });

  test('invites one address: the link is taken by nobody else, once, in time', async () => {
    const { joining } = here;
    const author = here.author(ines);
    const kim = await here.person('Kim', 'kim@gmail.com');
    const inviting = { siren: association, address: 'Kim@gmail.com', external: false, until: '' };
    expect(await refusedWith(joining.invite(author, { ...inviting, siren: nantes.slice(0, 9) }))).toBe(
      'M-JOIN-001',
    );
    expect(await refusedWith(joining.invite(here.author(kim), inviting))).toBe('M-JOIN-004');
    expect(await refusedWith(joining.invite(here.author(kim), { ...inviting, address: 'x@gmail.com' }))).toBe(
      'M-JOIN-001',
    );
    expect(await refusedWith(joining.invite(author, { ...inviting, address: 'ines@gmail.com' }))).toBe(
      'M-JOIN-004',
    );
    await joining.invite(author, inviting);
    const token = /jeton=([\w-]+)/u.exec((await here.mailsTo('kim@gmail.com')).at(-1) ?? '')?.[1] ?? fail();
    const { rows } = await sql`select 1 from joining_invitation where token_sha256 = ${token}`.execute(
      here.room.stores.db,
    );
    expect(rows).toEqual([]);
    expect((await joining.consider(kim, associationSiret)).answer.route).toBe('invitation');
    const lou = await here.person('Lou', 'lou@gmail.com');
    expect(await refusedWith(joining.accept(lou, token))).toBe('M-JOIN-009');
    const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`;
    expect(await refusedWith(joining.accept(kim, altered))).toBe('M-JOIN-006');
    expect(await refusedWith(joining.accept(kim, ''))).toBe('M-JOIN-006');
    const both = await Promise.allSettled([joining.accept(kim, token), joining.accept(kim, token)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await here.signsInFor(kim)).toEqual([`${associationSiret} moderated invitation`]);
    expect(await refusedWith(joining.accept(kim, token))).toBe('M-JOIN-007');

    const late = await here.person('Zed', 'zed@gmail.com');
    await joining.invite(author, { ...inviting, address: 'zed@gmail.com' });
    const other = /jeton=([\w-]+)/u.exec((await here.mailsTo('zed@gmail.com')).at(-1) ?? '')?.[1] ?? fail();
    here.room.pass(7);
    expect(await refusedWith(joining.accept(late, other))).toBe('M-JOIN-008');
  });

  test('is told a month before the end, and acts for it no more after; those from outside ended before', async () => {
    const { joining, room } = here;
    room.goTo('2027-12-05T09:00:00Z');
    await joining.watch();
    const before = await here.mailsTo('ines@gmail.com');
    const soon = before.filter((text) => text.includes('jusqu’au 31 décembre 2027'));
    expect(soon.map((text) => text.includes('Après une élection ou un nouveau mandat'))).toEqual([true]);
    await joining.watch();
    expect(await here.mailsTo('ines@gmail.com')).toHaveLength(before.length);
    room.goTo('2028-01-01T09:00:00Z');
    // By its day, before anything looks.
    expect(await here.signsInFor(ines)).toEqual([]);
    await joining.watch();
    expect(await stateOf(ines)).toBe('expired moderated');
    expect(here.ended).toContain(ines.accountId);
    expect((await here.mailsTo('ines@gmail.com')).at(-1)).toContain('a pris fin');
  });
});
