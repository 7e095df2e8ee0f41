import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordName } from './domains.ts';
import type { OrganizationDomain } from './domains.ts';
import { actsIn } from './testing/domain-acts.ts';
import { handovers } from './testing/handovers.ts';
import { openDomainsRoom } from './testing/domains-room.ts';
import type { DomainsRoom } from './testing/domains-room.ts';

const mairie = '111111118';
const asso = '222222226';
let room: DomainsRoom;

beforeAll(async () => {
  room = await openDomainsRoom();
}, 120_000);
afterAll(() => room.close());
beforeEach(async () => {
  room.zone.clear();
  room.lost.length = 0;
  room.providers.length = 0;
  await room.stores.db.deleteFrom('organization_domain').execute();
  await room.mails();
});

const { claim, publish, check, verified, stateOf, codeOf, codeOrOutcome } = actsIn(() => room);

describe('a claim', () => {
  test('is proven by its own record, and by no other', async () => {
    const one = await claim(mairie, 'Contact@Exemple.example');
    expect(await room.domains.verifiedDomainsOf(mairie)).toEqual([]);
    expect(await check(one)).toEqual({ outcome: 'none' });
    const elsewhere = await claim(asso);
    publish(elsewhere);
    expect(await check(one)).toEqual({ outcome: 'other' });
    room.zone.set(recordName(one.domain), 'ESERVFAIL');
    expect(await check(one)).toEqual({ outcome: 'unanswered' });
    publish(one);
    expect(await check(one)).toEqual({ outcome: 'verified' });
    expect(await check(one)).toEqual({ outcome: 'asked_again' });
    expect(await room.domains.organizationOfDomain('exemple.example')).toMatchObject({ siren: mairie });
    const mails = await room.mails();
    expect(mails.map(({ recipient }) => recipient)).toEqual([`presidence@${mairie}.example`]);
    expect((await room.acts()).slice(-3)).toEqual(['domain.claim', 'domain.claim', 'domain.verify']);
  });

  test('is one at a time, not without end, and of what may be claimed', async () => {
    await claim(mairie);
    const again = (typed: string) =>
      room.domains.claim({
        siren: mairie,
        typed,
        withSubdomains: false,
        author: room.representative(mairie),
      });
    expect(await again('exemple.example')).toEqual({ outcome: 'refused', because: 'already' });
    expect(await again('gouv.fr')).toEqual({ outcome: 'refused', because: 'public_suffix' });
    expect(await again('jetable.example')).toEqual({ outcome: 'refused', because: 'disposable' });
    for (let index = 1; index < 20; index += 1) await claim(mairie, `d${index}.example`);
    expect(await again('un-de-trop.example')).toEqual({ outcome: 'refused', because: 'many' });
  });

  test('nobody acts on that of another organization, nor on what is not there', async () => {
    const one = await verified(mairie);
    const author = room.representative(asso);
    const stranger = { id: one.id, siren: asso };
    expect(await codeOf(check({ ...one, siren: asso }))).toBe('M-DOMN-001');
    expect(await codeOf(room.domains.giveUp({ ...stranger, seen: one.version, author }))).toBe('M-DOMN-001');
    expect(await codeOf(room.domains.object({ ...stranger, reason: 'x', author }))).toBe('M-DOMN-001');
    for (const id of ["'", 'x', '00000000-0000-4000-8000-000000000000'])
      expect(await codeOf(check({ ...one, id }))).toBe('M-DOMN-001');
    expect(await stateOf(one)).toBe('verified');
  });

  test('proven by two at the same second, one gets it, the other waits for operators', async () => {
    const [one, other] = [await claim(mairie), await claim(asso)];
    publish(one, other);
    const outcomes = await Promise.all([one, other].map((each) => codeOrOutcome(check(each))));
    expect(outcomes).toContain('verified');
    // Whoever came second, or asks again once the first one is known.
    const late = outcomes[0] === 'verified' ? other : one;
    if (!outcomes.includes('handover')) expect((await check(late)).outcome).toBe('handover');
    expect([await stateOf(one), await stateOf(other)].toSorted()).toEqual(['proven', 'verified']);
    expect(await room.domains.handovers()).toHaveLength(1);
  });

  test('with its sub-domains or without; what is verified below is of whom it is', async () => {
    await verified(mairie, 'exemple.example', true);
    const below = await verified(asso, 'asso.exemple.example');
    const of = async (domain: string) => (await room.domains.organizationOfDomain(domain))?.siren;
    expect(await of('exemple.example')).toBe(mairie);
    expect(await of('x.y.exemple.example')).toBe(mairie);
    expect(await of('asso.exemple.example')).toBe(asso);
    expect(await of('xexemple.example')).toBeUndefined();
    expect(await of('example')).toBeUndefined();
    // What stands between and lost its proof is nobody's meanwhile.
    await room.stores.db
      .updateTable('organization_domain')
      .set({ state: 'unverified' })
      .where('id', '=', below.id)
      .execute();
    expect(await of('asso.exemple.example')).toBeUndefined();
  });
});

describe('a code to the official mailbox', () => {
  const asked = (one: OrganizationDomain, sessionUid = 'session') => ({
    id: one.id,
    siren: one.siren,
    sessionUid,
    author: room.representative(one.siren),
  });
  const listed = async (contactEmail: string, siren = mairie, source = 'operator') => {
    await room.stores.db.deleteFrom('organization').where('siren', '=', siren).execute();
    await room.stores.db
      .insertInto('organization')
      .values({
        siren,
        name: 'Mairie fictive',
        unit_state: 'A',
        legal_category: '7210',
        rna: null,
        created_on: null,
        declared_population: null,
        qualifications: '[]',
        suspended_at: null,
        source: 'essai',
        source_date: '2026-11-01',
        updated_at: room.now(),
        statements: JSON.stringify({
          [source]: {
            asOf: '2026-11-01',
            facts: { name: 'Mairie fictive', unitState: 'A', contactEmail },
          },
        }),
      })
      .execute();
  };

  test('proves nothing of the domains below: one mailbox is not who writes the DNS', async () => {
    const wide = await room.domains.claim({
      ...{ siren: mairie, typed: 'large.example', withSubdomains: true, author: room.representative(mairie) },
    });
    if (wide.outcome !== 'claimed') throw new Error(wide.outcome);
    await listed('mairie@large.example');
    expect(await codeOf(room.domains.sendCode(asked(wide.domain)))).toBe('M-DOMN-001');
    expect(await codeOf(room.domains.tryCode(asked(wide.domain), '00000000'))).toBe('M-DOMN-001');
  });

  test('is for nobody where others have their mailboxes too, nor by a list that anybody may have written', async () => {
    const { db } = room.stores;
    const one = await claim(mairie);
    const answer = () => codeOrOutcome(room.domains.sendCode(asked(one)).then((outcome) => ({ outcome })));
    await listed('mairie@exemple.example', mairie, 'organizations');
    expect(await answer()).toBe('M-DOMN-001');
    await listed('mairie@exemple.example', mairie, 'dpnt');
    await listed('Accueil@Exemple.example', asso, 'organizations');
    expect(await answer()).toBe('M-DOMN-001');
    await db.deleteFrom('organization').where('siren', '=', asso).execute();
    const list = (siret: string) =>
      db
        .insertInto('register_record')
        .values({
          ...{ shelf: 'email_domain', key: `exemple.example/${siret}`, source: 'email_domains' },
          record: JSON.stringify({ domain: 'exemple.example', siret, origin: 'liste' }),
          source_date: '2026-11-01',
        })
        .execute();
    await list(`${asso}00012`);
    expect(await answer()).toBe('M-DOMN-001');
    await db.deleteFrom('register_record').execute();
    await list(`${mairie}00012`);
    expect(await answer()).toBe('sent');
    await db.deleteFrom('register_record').execute();
    await db.deleteFrom('organization').where('siren', '=', mairie).execute();
  });

  test('proves the domain of that mailbox, in the browser that asked', async () => {
    const one = await claim(mairie);
    expect(await codeOf(room.domains.sendCode(asked(one)))).toBe('M-DOMN-001');
    await listed('mairie@autre.example');
    expect(await codeOf(room.domains.sendCode(asked(one)))).toBe('M-DOMN-001');
    await listed('mairie@exemple.example');
    const permitted: string[] = [];
    const permit = (mailbox: string) => Promise.resolve(void permitted.push(mailbox));
    expect(await room.domains.sendCode(asked(one), permit)).toBe('sent');
    expect(await room.domains.sendCode(asked(one), permit)).toBe('wait');
    expect(permitted).toEqual(['mairie@exemple.example']);
    const [mail] = await room.mails();
    expect(mail?.recipient).toBe('mairie@exemple.example');
    const code = /\b\d{4}\s?\d{4}\b/u.exec(mail?.text ?? '')?.[0] ?? '';
    expect(await room.domains.tryCode(asked(one, 'another browser'), code)).toEqual({ outcome: 'no_code' });
    expect(await room.domains.tryCode(asked(one), '00000000')).toEqual({ outcome: 'wrong' });
    expect(await room.domains.tryCode(asked(one), code)).toEqual({ outcome: 'verified' });
    expect(await room.domains.tryCode(asked(one), code)).not.toEqual({ outcome: 'asked_again' });
    // Later looks ask the registers, and whether anybody takes mail there.
    room.zone.set('mx exemple.example', ['mail.exemple.example']);
    room.pass(1);
    expect(await room.domains.checkDue()).toBe(1);
    expect(await room.domains.one(one.id)).toMatchObject({ failures: 0 });
    // Others get a mailbox there: no more codes, and what was proven stays.
    await listed('ccas@exemple.example', asso, 'dpnt');
    for (let day = 0; day < 5; day += 1) {
      room.pass(1);
      await room.domains.checkDue();
    }
    expect(await room.domains.one(one.id)).toMatchObject({ failures: 0, state: 'verified' });
    expect(await codeOf(room.domains.sendCode(asked(one)))).toBe('M-DOMN-001');
    expect(await codeOf(room.domains.tryCode(asked(one), code))).toBe('M-DOMN-001');
    await listed('mairie@autre.example');
    room.pass(1);
    await room.domains.checkDue();
    expect(await room.domains.one(one.id)).toMatchObject({ failures: 1, state: 'verified' });
  });
});

describe('drift', () => {
  test('ends what is no longer proven after three days, tells whom it concerns, and may be mended', async () => {
    const one = await verified(mairie);
    await room.mails();
    expect(await room.domains.checkDue()).toBe(0);
    room.zone.clear();
    const subjects: string[] = [];
    for (let day = 1; day <= 4; day += 1) {
      room.pass(1);
      expect(await room.domains.checkDue()).toBe(1);
      subjects.push(...(await room.mails()).map(({ subject }) => subject));
      expect(await stateOf(one)).toBe(day < 4 ? 'verified' : 'unverified');
    }
    expect(subjects).toEqual([
      'Un nom de domaine ne se vérifie plus · A domain name no longer verifies',
      'Un nom de domaine n’est plus vérifié · A domain name is not verified any more',
    ]);
    expect(room.lost).toEqual([`${mairie} exemple.example`]);
    expect((await room.acts()).at(-1)).toBe('domain.lose');
    expect(await room.domains.organizationOfDomain('exemple.example')).toBeUndefined();
    room.pass(1);
    expect(await room.domains.checkDue()).toBe(0);
    // Nobody else takes it in between.
    const other = await claim(asso);
    publish(other);
    expect((await check(other)).outcome).toBe('handover');
    publish(one);
    expect(await check(one)).toEqual({ outcome: 'verified' });
  });

  test('a resolver that is down for a week ends nothing', async () => {
    const one = await verified(mairie);
    room.zone.set(recordName(one.domain), 'ESERVFAIL');
    for (let day = 1; day <= 7; day += 1) {
      room.pass(1);
      await room.domains.checkDue();
    }
    expect(await room.domains.one(one.id)).toMatchObject({ state: 'verified', failures: 0 });
  });

  test('what an identity provider speaks for since ends, whatever the DNS says', async () => {
    const one = await verified(mairie);
    room.providers.push({ domains: ['exemple.example'], allow_subdomains: false });
    for (let day = 1; day <= 4; day += 1) {
      room.pass(1);
      await room.domains.checkDue();
    }
    expect(await stateOf(one)).toBe('unverified');
    expect(await check(one)).toEqual({ outcome: 'refused', because: 'identity_provider' });
  });
});

handovers(() => room);

test('claims that nobody proves go after 30 days, what ended a year after; what is held stays', async () => {
  const [held, ended] = [await verified(mairie), await verified(asso, 'autre.example')];
  const author = room.representative(asso);
  await room.domains.giveUp({ id: ended.id, siren: asso, seen: ended.version, author });
  const open = await claim(asso, 'jamais.example');
  room.pass(29);
  expect(await room.domains.purge(10)).toBe(0);
  room.pass(1);
  expect(await room.domains.purge(10)).toBe(1);
  expect(await codeOf(room.domains.one(open.id))).toBe('M-DOMN-001');
  room.pass(335);
  expect(await room.domains.purge(10)).toBe(1);
  expect(await stateOf(held)).toBe('verified');
});
