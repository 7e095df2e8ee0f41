import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startPostgres } from '../../test/support/services.ts';
import { verifyAudit } from '../audit/audit.ts';
import { association } from '../registrations/testing/room.ts';
import { inventory, parts } from './inventory.ts';
import { anne, bruno, openKept } from './testing/kept.ts';

const copySchema = z.object({
  parts: z.array(z.object({ part: z.string(), items: z.array(z.unknown()) })),
});
type Kept = Awaited<ReturnType<typeof openKept>>;

const postgres = await startPostgres('what is kept of people');
const backEnds: [string, () => Promise<string | undefined>][] = [
  ['PGlite', () => Promise.resolve(undefined)],
];
if (postgres !== undefined) backEnds.push(['PostgreSQL', () => postgres.createDatabase()]);
afterAll(() => postgres?.stop());

const address = 'camille@asso.example';

describe.each(backEnds)('what is kept of somebody, on %s', (_name, database) => {
  let kept: Kept;
  beforeAll(async () => {
    kept = await openKept(await database());
  }, 120_000);
  afterAll(() => kept.room.close());

  test('every column that holds their number or their address is one of the list', async () => {
    const { somebody, whereIs } = kept;
    const { accountId } = await somebody('Camille');
    const known = new Set(
      parts.flatMap((part) =>
        Object.entries(inventory[part].columns).flatMap(([table, columns]) =>
          columns.map((column) => `${table}.${column}`),
        ),
      ),
    );
    for (const text of [accountId, address]) {
      const found = await whereIs(text);
      expect(found.length).toBeGreaterThan(6);
      expect(found.filter((column) => !known.has(column))).toEqual([]);
    }
  });

  test('is found by number or by exact address, whatever they used it for', async () => {
    const { personalData } = kept;
    const [found] = (await personalData.find('Camille@ASSO.example'))?.accounts ?? [];
    expect(found?.name).toBe('Camille Fictive');
    const byNumber = await personalData.find(found?.accountId ?? '');
    expect(byNumber?.accounts.map(({ name }) => name)).toEqual(['Camille Fictive']);
    expect(await personalData.find('camille')).toBeUndefined();
    expect(await personalData.find('nobody@asso.example')).toMatchObject({ accounts: [], alone: false });
    expect(await personalData.find('contact@asso.example')).toMatchObject({ accounts: [], alone: true });
  });

  test('leaves in a copy that is all theirs: no note, no address of a sponsor, no agent who read', async () => {
    const { room, personalData, somebody, everything } = kept;
    const { accountId, sent, draft } = await somebody('Dominique');
    const proposal = {
      decision: 'refuse',
      motive: 'security_incident',
      text: 'Non.',
      rule: 'Article 4',
    } as const;
    await room.act(sent, anne, { act: 'take' });
    await room.act(sent, anne, { act: 'propose', service: 'docs', proposal });
    const own = { accountId, address: 'dominique@asso.example' };
    await personalData.recordReading(own, { actor: anne, reason: 'Lettre du 3 mars.' });
    const text = await everything(own);
    const read = copySchema.parse(JSON.parse(text));
    const counts = Object.fromEntries(read.parts.map(({ part, items }) => [part, items.length]));
    expect(counts).toMatchObject({
      account: 1,
      identities: 1,
      memberships: 1,
      grants: 1,
      requests: 2,
      letters: 1,
      invitationsSent: 1,
      invitationsReceived: 1,
    });
    for (const word of [sent, draft, 'Lettre du 3 mars.', 'Paule Renaud', 'dominique-guest@asso.example'])
      expect([word, text.toLowerCase().includes(word.toLowerCase())]).toEqual([word, true]);
    for (const word of ['Un doute', 'agent@etat.example', 'operator:anne', '"anne"', '"proposed"'])
      expect([word, text.includes(word)]).toEqual([word, false]);
    const csv = await everything(own, 'csv');
    expect(csv.split('\n')[0]).toBe('part,number,name,value');
    expect(csv).toContain(sent);
    const [first] = await personalData.read(own);
    expect(first).toMatchObject({ part: 'account', more: false });
  });

  test('is erased: what may go goes at once, the rest is named and goes on its day', async () => {
    const { room, personalData, ended, signIn, somebody, whereIs } = kept;
    const { db } = room.needs;
    const her = await somebody('Elisabeth');
    const person = { accountId: her.accountId, address: her.address };
    const plan = await personalData.plan(person);
    expect(plan?.kept.map(({ words }) => words)).toEqual([
      'running',
      'invitations',
      'waiting',
      'notice',
      'logouts',
      'acts',
    ]);
    const actor = { kind: 'account', accountId: her.accountId } as const;
    const asked = { person, actor, reason: 'Demande.', seen: plan?.digest ?? '' };
    await expect(personalData.erase({ ...asked, seen: 'another' })).rejects.toMatchObject({
      code: 'M-DATA-003',
    });
    expect(ended).toEqual([]);
    await personalData.erase(asked);
    expect(ended).toEqual([her.accountId, her.accountId]);

    const [told] = await db.selectFrom('mail').selectAll().where('about', '=', 'person').execute();
    expect(told).toMatchObject({
      recipient: her.address,
      subject: 'Vos données ont été effacées · Your data were erased',
    });
    expect(told?.text).toContain(her.sent);

    // The draft, the identity, the organizations, what the tools knew.
    expect(await room.registrations.forApplicant(her.draft, her.accountId)).toBeUndefined();
    const left = await whereIs('lisabeth');
    expect(
      left.filter((column) => !/^(?:registration_event|letter|invitation|mail|audit_entry)\./u.test(column)),
    ).toEqual([]);
    const [ours] = await sql<{ detail: string | null }>`
      select detail from audit_entry where actor = ${`account:${her.accountId}`} and subject = ${`registration:${her.draft}`}`
      .execute(db)
      .then(({ rows }) => rows);
    expect(ours?.detail ?? null).toBeNull();
    const invitations = await db.selectFrom('invitation').select(['id', 'revoked_by']).execute();
    for (const id of [her.given, her.got])
      expect(invitations.find((one) => one.id === id)?.revoked_by).toBe(`account:${her.accountId}`);
    // The guest is told, and sent to nobody who is not there any more.
    const toGuest = await db
      .selectFrom('mail')
      .select('text')
      .where('about', '=', `invitation:${her.given}`)
      .where('subject', 'like', '%a pris fin · %')
      .executeTakeFirstOrThrow();
    expect(toGuest.text).toContain('Demandez à une autre personne de cette organisation');
    expect(toGuest.text).not.toMatch(/lisabeth/u);
    expect(await verifyAudit(db)).toMatchObject({ broken: 0 });
    await expect(personalData.erase(asked)).rejects.toMatchObject({ code: 'M-DATA-001' });
    expect(await personalData.plan(person)).toBeUndefined();

    // Whoever comes back is somebody else.
    const again = await signIn('sub-Elisabeth', her.address);
    expect(again.accountId).not.toBe(her.accountId);
    await db.deleteFrom('account').where('id', '=', again.accountId).execute();

    // Nothing more goes before its day; then the file is destroyed, and the details go after it.
    await personalData.purge(100);
    expect(await whereIs('lisabeth')).toEqual(left);
    await room.act(her.sent, her.applicant, { act: 'withdraw_request' });
    room.pass(3 * 366);
    for (const purge of room.registrations.purges) await purge(100);
    await db.deleteFrom('invitation').where('id', 'in', [her.given, her.got]).execute();
    await db.deleteFrom('mail').execute();
    await personalData.purge(100);
    expect(await whereIs('lisabeth')).toEqual([]);
    expect(await verifyAudit(db)).toMatchObject({ broken: 0 });
    const waiting = await db
      .selectFrom('erasure')
      .select(['kept', 'again_on'])
      .where('account_id', '=', her.accountId)
      .executeTakeFirst();
    expect(waiting).toEqual({ kept: '[]', again_on: null });
  });

  test('a block, or a right taken away, is not escaped by an erasure', async () => {
    const { room, personalData, signIn } = kept;
    const { db, clock } = room.needs;
    const { accountId } = await signIn('sub-Francis', 'francis@asso.example');
    await db
      .updateTable('membership')
      .set({ revoked_at: clock(), revoked_by: 'operator:anne', revoked_reason: 'Partie.' })
      .where('account_id', '=', accountId)
      .execute();
    const person = { accountId, address: undefined };
    const plan = await personalData.plan(person);
    expect(plan?.kept[0]?.words).toBe('revoked');
    const actor = { kind: 'account', accountId } as const;
    await personalData.erase({ person, actor, reason: 'Demande.', seen: plan?.digest ?? '' });
    const membership = await db
      .selectFrom('membership')
      .select(['email', 'given_name', 'revoked_by'])
      .where('account_id', '=', accountId)
      .executeTakeFirst();
    expect(membership).toEqual({ email: null, given_name: null, revoked_by: 'operator:anne' });
    expect((await signIn('sub-Francis', 'francis@asso.example')).accountId).toBe(accountId);
  });

  test('an address that nobody answers for leads to what was written there, not to who said it', async () => {
    const { room, personalData, signIn, somebody, everything } = kept;
    const victim = await somebody('Hugo');
    const { accountId } = await signIn('sub-Mallory', victim.address, false);
    const found = await personalData.find(victim.address);
    expect(found?.accounts.map((one) => [one.accountId, one.proven])).toEqual([
      [victim.accountId, true],
      [accountId, false],
    ]);
    expect(found?.alone).toBe(false);
    // Without the account of whom it is, the address is a subject of its own.
    await room.needs.db.deleteFrom('oidc_grant').where('account_id', '=', victim.accountId).execute();
    await room.needs.db
      .updateTable('membership')
      .set({ email_verified: false })
      .where('account_id', '=', victim.accountId)
      .execute();
    const left = await personalData.find(victim.address);
    expect(left?.accounts.every(({ proven }) => !proven)).toBe(true);
    expect(left?.alone).toBe(true);
    expect(await everything({ accountId, address: undefined })).not.toContain('Paule Renaud');
  });

  test('whoever was written as the address of an organization is found, and told', async () => {
    const { room, personalData, everything } = kept;
    const { db, clock } = room.needs;
    const on = 'Secretariat@asso.example';
    await room.registrations.grant({
      lot: 'L-26-7K3QXWPA',
      organization: association,
      services: [{ service: 'tchap', terms: room.terms({ endsOn: `${clock().getFullYear() + 1}-06-30` }) }],
      text: 'Convention du 2 mars 2026.',
      contact: on,
      proposedBy: anne,
      actor: bruno,
      decidedAt: clock(),
    });
    const at = clock();
    await db
      .insertInto('batch')
      .values({
        id: 'L-26-7K3QXWPA',
        state: 'draft',
        decision: '{}',
        author_id: 'anne',
        author: '{}',
        created_at: at,
        updated_at: at,
      })
      .execute();
    const cells = { identifier: association, name: '', email: on, endsOn: '' };
    await db
      .insertInto('batch_line')
      .values({ batch_id: 'L-26-7K3QXWPA', line: 2, cells: JSON.stringify(cells) })
      .execute();
    const address = on.toLowerCase();
    expect(await personalData.find(on)).toMatchObject({ address, accounts: [], alone: true });
    const copy = copySchema.parse(JSON.parse(await everything({ accountId: undefined, address })));
    expect(copy.parts.find(({ part }) => part === 'contacts')?.items).toMatchObject([
      { role: 'organization' },
      { role: 'organization', lot: 'L-26-7K3QXWPA' },
    ]);
  });

  test('whoever is proposed as an operator is erased once that is answered', async () => {
    const { room, personalData, signIn } = kept;
    const { accountId } = await signIn('sub-Ines', 'ines@asso.example');
    const person = { accountId, address: undefined };
    const row = {
      id: 'p-ines',
      kind: 'appoint',
      operator_id: 'ines',
      idp_id: 'demo',
      subject: 'sub-Ines',
      document: '{}',
      reason: 'Arrêté.',
      author_id: 'anne',
      author: '{}',
      created_at: room.needs.clock(),
    } as const;
    await room.needs.db
      .insertInto('operator_proposal')
      .values({ ...row, state: 'proposed' })
      .execute();
    expect((await personalData.plan(person))?.refused).toBe('operator');
    await room.needs.db.deleteFrom('operator_proposal').where('id', '=', row.id).execute();
    expect((await personalData.plan(person))?.refused).toBeUndefined();
  });
});
