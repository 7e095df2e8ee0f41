/** Guests of somebody whose membership is taken away: they end with it, or somebody else takes them over. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../audit/audit.ts';
import { rewritten } from '../audit/testing/record.ts';
import { createInvitations, mostInvitations } from '../invitations/invitations.ts';
import { applicantOf, association, mayors, operatorCalled } from '../registrations/testing/room.ts';
import { guestsShown } from './guests.ts';
import type { MemberRequest } from './members.ts';
import { openMembersRoom } from './testing/members-room.ts';
import type { MembersRoom } from './testing/members-room.ts';

const armelle = applicantOf('Armelle');
const zoe = applicantOf('Zoé');
const services = ['tchap', 'docs'].map((service) => ({
  service,
  siret: `${association}00000`,
  organization: 'Association fictive',
}));

let opened: MembersRoom;
let id: string;

beforeAll(async () => {
  opened = await openMembersRoom([armelle, zoe]);
  await opened.represents(armelle, 'docs');
}, 180_000);
afterAll(() => opened.room.close());
beforeEach(async () => {
  const { db } = opened.room.stores;
  for (const table of ['invitation', 'mail', 'membership'] as const) await db.deleteFrom(table).execute();
  opened.guestsEnded.length = 0;
  await opened.seen(armelle);
  id = await opened.seen(zoe);
});

const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
async function invite(address: string, { service = 'tchap', siren = association, by = zoe } = {}) {
  const here = services.map((one) => ({ ...one, siret: `${siren}00000` }));
  const endsOn = new Date(opened.room.needs.clock().getTime() + 40 * 86_400_000).toISOString().slice(0, 10);
  const proposal = { address, service, reason: 'Préparer les réunions.', endsOn };
  const invited = await opened.inviting.invite(by, proposal, here);
  return invited.kind === 'done' ? invited.id : JSON.stringify(invited.problems);
}
const change = (more: Partial<MemberRequest> = {}) =>
  opened
    .another()
    .change({ act: 'revoke', id, siren: association, actor: armelle, seen: 0, reason: 'Partie', ...more });
const held = async (address: string) => {
  const { clock } = opened.room.needs;
  const found = await createInvitations({ db: opened.room.stores.db, clock }).forEmail(address);
  return found.map(({ service, status }) => `${service} ${status}`);
};
const mails = async () =>
  (await opened.room.stores.db.selectFrom('mail').select(['recipient', 'subject', 'text']).execute()).filter(
    ({ subject }) => !subject.startsWith('Vous êtes invité'),
  );
const entries = (subject: string) =>
  opened.room.stores.db
    .selectFrom('audit_entry')
    .select(['act', 'actor', 'detail'])
    .where('subject', '=', subject)
    .orderBy('seq')
    .execute();

describe('when a membership is taken away', () => {
  test('the guests invited for that organization end with it, told and recorded; those for another one stay', async () => {
    const guest = await invite('A@asso.example');
    await invite('b@asso.example', { service: 'docs' });
    await invite('c@asso.example', { siren: mayors });
    const before = await opened.another().guestsOf(association, zoe.accountId);
    expect(before.map(({ address, live }) => `${address} ${String(live)}`).toSorted()).toEqual([
      'A@asso.example 0',
      'b@asso.example 0',
    ]);
    await change();
    expect(await held('a@asso.example')).toEqual(['tchap revoked']);
    expect(await held('c@asso.example')).toEqual(['tchap active']);
    const told = opened.guestsEnded.map(({ address, service }) => `${address} ${service}`);
    expect(told.toSorted()).toEqual(['a@asso.example tchap', 'b@asso.example docs']);
    const sent = await mails();
    expect(sent.map(({ recipient }) => recipient).toSorted()).toEqual([
      'A@asso.example',
      'b@asso.example',
      zoe.email,
    ]);
    // Neither who left, nor why.
    for (const { recipient, text } of sent)
      expect([recipient, /Zoé|Partie/u.test(text)]).toEqual([recipient, false]);
    expect(sent.find(({ recipient }) => recipient === zoe.email)?.text).toContain('perdent leur accès');
    expect((await entries(`invitation:${guest}`)).at(-1)).toMatchObject({
      act: 'invitation.revoke',
      actor: `account:${armelle.accountId}`,
      detail: expect.stringContaining('"because":"membership"') as unknown,
    });
    expect((await entries(`account:${zoe.accountId}`)).at(-1)?.detail).toContain(guest);
    const { db } = opened.room.stores;
    expect(await verifyAudit(db)).toMatchObject({ broken: 0, breaks: [] });
    const back = `update membership set revoked_at = null, revoked_by = null, revoked_reason = null where id = '${id}'`;
    expect(await rewritten(db, back)).toMatchObject([{ kind: 'altered', table: 'membership', key: id }]);
    expect(await rewritten(db, `delete from membership where id = '${id}'`)).toMatchObject([
      { kind: 'missing', table: 'membership', key: id },
    ]);
    const guestBack = `update invitation set revoked_at = null, revoked_by = null where id = '${guest}'`;
    expect(await rewritten(db, guestBack)).toMatchObject([{ kind: 'altered', key: guest }]);
  });

  test('giving it back revives nobody, were they ended by a process that knew nothing of guests', async () => {
    await invite('a@asso.example');
    // As version N−1, or by hand.
    await opened.room.stores.db
      .updateTable('membership')
      .set({ revoked_at: opened.room.needs.clock(), revoked_by: 'operator:anne', version: 1 })
      .where('id', '=', id)
      .execute();
    expect(await held('a@asso.example')).toEqual(['tchap revoked']);
    const operator = operatorCalled('bob');
    await change({ act: 'restore', seen: 1, actor: operator, reason: 'Erreur' });
    expect(await held('a@asso.example')).toEqual(['tchap revoked']);
    expect(await opened.inviting.ofSponsor(zoe.accountId)).toMatchObject([{ state: 'revoked' }]);
    expect(await invite('a@asso.example')).toMatch(/^[0-9a-f-]{36}$/u);
    expect(await held('a@asso.example')).toEqual(['tchap active']);
  });

  test('nobody ends unseen, nor is taken over who has left: the page is shown again', async () => {
    const first = await invite('a@asso.example');
    const second = await invite('b@asso.example');
    expect(await code(change({ guests: [first] }))).toBe('M-MEMB-002');
    await opened.inviting.revoke({ id: second, by: { sponsor: zoe } });
    const takingOver = { sponsor: armelle, services, ids: [second] };
    expect(await code(change({ guests: [first, second], takingOver }))).toBe('M-MEMB-002');
    expect(await held('a@asso.example')).toEqual(['tchap active']);
    expect(await code(change({ guests: [first, second] }))).toBe('done');
  });
});

describe('whoever represents takes guests over', () => {
  test('until the same day, in their own name, and the guest is told', async () => {
    const kept = await invite('a@asso.example');
    await invite('b@asso.example');
    const [before] = await opened.inviting.ofSponsor(zoe.accountId);
    await change({ takingOver: { sponsor: armelle, services, ids: [kept] } });
    expect(await held('a@asso.example')).toEqual(['tchap active']);
    expect(opened.guestsEnded).toEqual([{ address: 'b@asso.example', service: 'tchap' }]);
    const [mine] = await opened.inviting.ofSponsor(armelle.accountId);
    expect(mine).toMatchObject({
      address: 'a@asso.example',
      endsOn: before?.endsOn,
      reason: 'Préparer les réunions.',
      sponsor: { accountId: armelle.accountId, email: armelle.email },
      state: 'open',
    });
    const told = (await mails()).find(({ recipient }) => recipient === 'a@asso.example');
    expect(told?.text).toContain(`Armelle Fictive (${armelle.email})`);
    expect(await entries(`invitation:${mine?.id ?? ''}`)).toMatchObject([
      { act: 'invitation.take_over', actor: `account:${armelle.accountId}` },
    ]);
    // Giving the membership back gives back no guest.
    await change({ act: 'restore', seen: 1 });
    expect((await opened.inviting.ofSponsor(zoe.accountId)).filter(({ state }) => state === 'open')).toEqual(
      [],
    );
    expect(await held('a@asso.example')).toEqual(['tchap active']);
  });

  test('only where they may invite, nobody’s but the member’s, not their own address, not more than anybody may have', async () => {
    const own = await invite(armelle.email.toUpperCase());
    const guest = await invite('a@asso.example', { service: 'docs' });
    const foreign = await invite('b@asso.example', { siren: mayors });
    const taking = (ids: readonly string[], where = services) =>
      code(change({ takingOver: { sponsor: armelle, services: where, ids } }));
    expect(await taking([own])).toBe('M-GUES-002');
    expect(await taking([guest], services.slice(0, 1))).toBe('M-GUES-002');
    expect(await taking([foreign])).toBe('M-MEMB-002');
    await invite('guest-1@asso.example', { by: armelle });
    await sql`
      insert into invitation (id, service_id, address, written_address, sponsor_account_id, sponsor_name, sponsor_email,
        sponsor_siret, sponsor_organization, reason, starts_on, ends_on, created_at)
      select gen_random_uuid(), service_id, n || address, n || address, sponsor_account_id, sponsor_name, sponsor_email,
        sponsor_siret, sponsor_organization, reason, starts_on, ends_on, created_at
      from invitation, generate_series(2, ${mostInvitations}::int) as n
      where sponsor_account_id = ${armelle.accountId}::uuid`.execute(opened.room.stores.db);
    expect(await taking([guest])).toBe('M-GUES-004');
    expect(opened.guestsEnded).toEqual([]);
    expect(await held('a@asso.example')).toEqual(['docs active']);

    const guests = await opened.another().guestsOf(association, zoe.accountId);
    const shown = (count: number, sent = services) =>
      guestsShown(guests, {
        snapshot: opened.room.needs.snapshot(),
        lang: 'fr',
        taker: { email: armelle.email, services: sent, count },
        taken: [guest],
      })
        .map(
          ({ address, takeOver }) => `${address} ${takeOver === undefined ? 'no' : String(takeOver.chosen)}`,
        )
        .toSorted();
    expect(shown(0)).toEqual(['ARMELLE@asso.example no', 'a@asso.example true']);
    expect(shown(0, [])).toEqual(['ARMELLE@asso.example no', 'a@asso.example no']);
    expect(shown(mostInvitations)).toEqual(['ARMELLE@asso.example no', 'a@asso.example no']);
  });
});
