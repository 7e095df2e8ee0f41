import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { verifyAudit } from '../audit/audit.ts';
import { rewritten } from '../audit/testing/record.ts';
import { parisDate } from '../eligibility/eligibility.ts';
import { BrokerError } from '../errors/errors.ts';
import { lockGuest } from './invite.ts';
import { createInvitations, lockSponsors, mostInvitations } from './invitations.ts';
import type { Inviting, Proposal, Sponsor } from './invitations.ts';
import { openDesk, proposal, services } from './testing/desk.ts';
import type { Desk } from './testing/desk.ts';

const postgres = await startPostgres('Invitations, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

const day = 24 * 3600;
const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof BrokerError ? error.code : error),
  );

describe.each(databases)('invitations, on %s', (name, databaseUrl) => {
  let desk: Desk;
  let inviting: Inviting;
  let sponsor: Sponsor;
  beforeAll(async () => {
    desk = await openDesk(await databaseUrl());
  }, 180_000);
  afterAll(() => desk.close());
  beforeEach(async () => {
    await desk.clear();
    inviting = desk.another();
    sponsor = await desk.newSponsor('Camille');
  });
  const invite = (change: Partial<Proposal> = {}, by = sponsor) => desk.invite(by, change);
  const mails = () => desk.stores.db.selectFrom('mail').selectAll().orderBy('created_at').execute();

  test('one that is sent is a row, a mail and an entry of the record, all or nothing', async () => {
    const id = await invite();
    expect(await desk.held('MEMBRE@ASSO.example')).toEqual(['tchap active 2027-01-31']);
    const [mail, ...others] = await mails();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ recipient: 'Membre@asso.example', about: `invitation:${id}` });
    expect(mail?.text).toContain('Camille Renaud (camille@etat.example), Direction inventée');
    expect(mail?.text).toContain('31 janvier 2027');
    // What the sponsor typed is not sent.
    expect(mail?.text).not.toContain('elsewhere');
    const entries = await desk.stores.db
      .selectFrom('audit_entry')
      .selectAll()
      .where('subject', '=', `invitation:${id}`)
      .execute();
    expect(entries).toMatchObject([{ act: 'invitation.send', actor: `account:${sponsor.accountId}` }]);
    expect(entries[0]?.detail).toContain('"address":"membre@asso.example"');
    expect(await verifyAudit(desk.stores.db)).toMatchObject({ broken: 0, breaks: [] });
    const longer = `update invitation set ends_on = '2031-12-31' where id = '${id}'`;
    expect(await rewritten(desk.stores.db, longer)).toMatchObject([{ kind: 'altered', key: id }]);
  });

  test.each([
    'Vu sur https://evil.example/x',
    'www.evil.example',
    'Écrire à eve@evil.example',
    'evil.example',
  ])('a name that leads elsewhere is not sent: %s', async (givenName) => {
    await invite({}, { ...sponsor, givenName });
    const [mail] = await mails();
    expect(`${mail?.text}${mail?.html}`).not.toContain('evil.example');
    expect(mail?.text).toContain(`\n\n${sponsor.email}, Direction inventée, vous invite`);
  });

  test('one person is invited once to one service, by whomever, at whatever moment', async () => {
    const other = await desk.newSponsor('Yann');
    const answers = await Promise.all([
      invite(),
      invite({}, other),
      invite(),
      desk.another().invite(other, proposal, services),
    ]);
    expect(await desk.stores.db.selectFrom('invitation').select('id').execute()).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'email_already')).toHaveLength(2);
    expect(await mails()).toHaveLength(1);
    expect(await inviting.check(other, proposal, services)).toMatchObject({
      kind: 'problems',
      problems: [{ field: 'email', words: 'email_already' }],
    });
  });

  test('one that is over makes room for another', async () => {
    await invite({ endsOn: '2026-11-23' });
    desk.pass(2 * day);
    expect(await desk.held()).toEqual(['tchap active 2026-11-23']);
    const other = await desk.newSponsor('Yann');
    await invite({ endsOn: '2026-12-31' }, other);
    expect(await desk.held()).toEqual(['tchap active 2026-12-31']);
    expect(await inviting.ofSponsor(sponsor.accountId)).toEqual([]);
  });

  test('the fifty-first is refused, also to two processes at once; what was taken back the same day counts', async () => {
    for (let index = 0; index < mostInvitations - 1; index += 1) {
      await invite({ address: `guest-${index}@asso.example` });
    }
    const [first] = await inviting.ofSponsor(sponsor.accountId);
    await inviting.revoke({ id: first?.id ?? '', by: { sponsor } });
    const last = await Promise.all([
      invite({ address: 'a@asso.example' }),
      desk.another().invite(sponsor, { ...proposal, address: 'b@asso.example' }, services),
    ]);
    expect(JSON.stringify(last)).toContain('too_many');
    expect(await invite({ address: 'c@asso.example' })).toBe('too_many');
    desk.pass(day + 1);
    expect(await invite({ address: 'c@asso.example' })).toMatch(/^[0-9a-f-]{36}$/);
    expect(await invite({ address: 'd@asso.example' })).toBe('too_many');
  });

  test('nobody is written to again and again: the same person, the same service, three times a day', async () => {
    for (let time = 0; time < 3; time += 1) await inviting.revoke({ id: await invite(), by: { sponsor } });
    expect(await invite()).toBe('email_often');
    expect(await invite({}, await desk.newSponsor('Yann'))).toBe('email_often');
    expect(await inviting.check(sponsor, proposal, services)).toMatchObject({
      problems: [{ field: 'email', words: 'email_often' }],
    });
    expect(await mails()).toHaveLength(6);
    expect(await invite({ address: 'b@asso.example' })).toMatch(/^[0-9a-f-]{36}$/);
    desk.pass(day + 1);
    expect(await invite()).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is taken back once, by its sponsor or an operator; others see nothing', async () => {
    const id = await invite();
    const other = await desk.newSponsor('Eve');
    expect(await code(inviting.revoke({ id, by: { sponsor: other } }))).toBe('M-GUES-001');
    expect(await code(inviting.revoke({ id: 'x', by: { sponsor } }))).toBe('M-GUES-001');
    expect(await inviting.forSponsor(id, other.accountId)).toBeUndefined();
    expect(await inviting.forSponsor("' or 1=1", sponsor.accountId)).toBeUndefined();
    expect(desk.ended).toEqual([]);
    await inviting.revoke({ id, by: { sponsor } });
    expect(desk.ended).toEqual([{ address: 'membre@asso.example', service: 'tchap' }]);
    expect(await desk.held()).toEqual(['tchap revoked 2027-01-31']);
    expect(await code(inviting.revoke({ id, by: { sponsor } }))).toBe('M-GUES-003');
    expect(await code(inviting.renew({ id, sponsor, endsOn: '2027-06-30', services }))).toBe('M-GUES-003');
    expect((await mails()).map(({ subject }) => subject)).toContainEqual(expect.stringContaining('pris fin'));

    const second = await invite({ address: 'b@asso.example' });
    await inviting.revoke({
      id: second,
      by: {
        operator: {
          kind: 'operator',
          id: 'anne',
          givenName: 'Anne',
          usualName: 'Fictive',
          capacity: 'cheffe de bureau',
          organization: 'Opérateur',
        },
      },
      reason: 'Incident',
    });
    const row = desk.stores.db.selectFrom('invitation').select('revoked_by').where('id', '=', second);
    expect(await row.executeTakeFirst()).toEqual({ revoked_by: 'operator:anne' });
  });

  test('is prolonged by who may still invite, once a day, and begins again when it was over', async () => {
    const id = await invite({ endsOn: '2026-11-25' });
    const renew = (endsOn: string, allowed = services) =>
      inviting.renew({ id, sponsor, endsOn, services: allowed });
    expect(await code(renew('2026-12-31', []))).toBe('M-GUES-002');
    expect(await renew('2026-11-25')).toMatchObject({ problems: [{ words: 'until_not_later' }] });
    desk.pass(5 * day);
    expect(await inviting.ofSponsor(sponsor.accountId)).toMatchObject([{ state: 'over' }]);
    expect(await renew('2026-12-31')).toMatchObject({ kind: 'done' });
    expect(await renew('2027-01-31')).toMatchObject({ problems: [{ words: 'renewed_today' }] });
    expect(await desk.held()).toEqual(['tchap active 2026-12-31']);
    desk.pass(day);
    expect(await renew('2027-01-31')).toMatchObject({ kind: 'done' });
  });

  // PGlite has one connection: there, nothing happens at the same moment.
  const twoAtOnce = async () => {
    const id = await invite({ endsOn: '2026-11-23' });
    desk.pass(2 * day);
    const renewing = await desk.stores.db.transaction().execute(async (trx) => {
      // As far as invite() goes before it makes room for its own.
      await lockGuest(trx, { service: 'tchap', address: 'membre@asso.example' });
      const work = inviting.renew({ id, sponsor, endsOn: '2026-12-31', services });
      const soon = new Promise((resolve) => setTimeout(resolve, 500, 'waits'));
      expect(await Promise.race([code(work), soon])).toBe('waits');
      await trx.updateTable('invitation').set({ replaced_at: desk.clock() }).execute();
      return { work };
    });
    expect(await code(renewing.work)).toBe('M-GUES-001');
    // Nobody is told of what did not happen.
    expect(await mails()).toHaveLength(1);
  };
  if (name !== 'PGlite')
    test('prolonged while somebody else invites the same person: one of them is', twoAtOnce);

  const whileTakenAway = async () => {
    await desk.membership(sponsor, '130025265', null);
    const inviting = await desk.stores.db.transaction().execute(async (trx) => {
      await lockSponsors(trx, [sponsor.accountId]);
      const work = invite();
      const soon = new Promise((resolve) => setTimeout(resolve, 500, 'waits'));
      expect(await Promise.race([work, soon])).toBe('waits');
      await trx
        .updateTable('membership')
        .set({ revoked_at: desk.clock(), revoked_by: 'operator:anne' })
        .execute();
      return { work };
    });
    expect(await inviting.work).toBe('service_missing');
    expect(await mails()).toEqual([]);
  };
  if (name !== 'PGlite')
    test('sent while the membership of its sponsor is taken away: it waits, and is not sent', whileTakenAway);

  test('falls with the account of its sponsor, or with their organization', async () => {
    await invite();
    const account = desk.stores.db.updateTable('account').where('id', '=', sponsor.accountId);
    await account.set({ blocked_at: desk.clock() }).execute();
    expect(await desk.held()).toEqual(['tchap revoked 2027-01-31']);
    // Somebody else may invite them meanwhile.
    expect(await inviting.check(await desk.newSponsor('Yann'), proposal, services)).toMatchObject({
      kind: 'fine',
    });
    await account.set({ blocked_at: null }).execute();
    expect(await desk.held()).toEqual(['tchap active 2027-01-31']);
    await desk.organization({ suspended_at: desk.clock() });
    expect(await desk.held()).toEqual(['tchap revoked 2027-01-31']);
    expect(await inviting.ofSponsor(sponsor.accountId)).toMatchObject([{ state: 'halted' }]);
    await desk.organization({ unit_state: 'C' });
    expect(await desk.held()).toEqual(['tchap revoked 2027-01-31']);
    await desk.organization({});
    expect(await desk.held()).toEqual(['tchap active 2027-01-31']);
  });
  test('falls with the membership of its sponsor for the organization that invites, and no other', async () => {
    await invite();
    await desk.membership(sponsor, '000000109', desk.clock());
    expect(await desk.held()).toEqual(['tchap active 2027-01-31']);
    await desk.membership(sponsor, '130025265', desk.clock());
    expect(await desk.held()).toEqual(['tchap revoked 2027-01-31']);
    // Nor does anybody invite or prolong whose page was opened before.
    expect(await invite({ address: 'b@asso.example' })).toBe('service_missing');
    const [kept] = await inviting.ofSponsor(sponsor.accountId);
    const renewal = { id: kept?.id ?? '', sponsor, endsOn: '2027-06-30', services };
    expect(await code(inviting.renew(renewal))).toBe('M-GUES-003');
    desk.goTo('2027-02-02T10:00:00Z');
    expect(await code(inviting.renew(renewal))).toBe('M-GUES-003');
  });
  test('is listed for the console by inviting organization and service', async () => {
    await invite();
    expect(await inviting.list({ sirens: ['130025265'], services: ['tchap'] })).toMatchObject([
      { address: 'Membre@asso.example', state: 'open', sponsor: { siret: '13002526500013' } },
    ]);
    expect(await inviting.list({ sirens: ['000000109'] })).toEqual([]);
    expect(await inviting.list({ services: [] })).toEqual([]);
  });

  test('is remembered for 30 s at most, until forgotten', async () => {
    const invitations = createInvitations({ db: desk.stores.db, clock: desk.clock, ttlMs: 3_600_000 });
    expect(await invitations.forEmail('membre@asso.example')).toEqual([]);
    await invite();
    expect(await invitations.forEmail('membre@asso.example')).toEqual([]);
    desk.pass(31);
    expect(await invitations.forEmail('membre@asso.example')).toHaveLength(1);
    await desk.stores.db.deleteFrom('invitation').execute();
    expect(await invitations.forEmail('membre@asso.example')).toHaveLength(1);
    invitations.forget('Membre@Asso.example');
    expect(await invitations.forEmail('membre@asso.example')).toEqual([]);
  });

  test('is deleted a year after its end, however it ended', async () => {
    await invite({ endsOn: '2026-11-30' });
    const taken = await invite({ address: 'b@asso.example' });
    await inviting.revoke({ id: taken, by: { sponsor } });
    expect(parisDate(desk.clock())).toBe('2026-11-22');
    desk.pass(364 * day);
    expect(await inviting.purge(100)).toBe(0);
    desk.pass(2 * day);
    expect(await inviting.purge(100)).toBe(1);
    desk.pass(9 * day);
    expect(await inviting.purge(100)).toBe(1);
  });
});
