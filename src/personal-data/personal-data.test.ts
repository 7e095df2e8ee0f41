import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startPostgres } from '../../test/support/services.ts';
import { verifyAudit } from '../audit/audit.ts';
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
    const { personalData, somebody, everything } = kept;
    const { accountId, sent, draft } = await somebody('Dominique');
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
    for (const word of ['Un doute', 'agent@etat.example', 'operator:anne', '"anne"'])
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
    expect(told).toMatchObject({ recipient: her.address, subject: 'Vos données ont été effacées' });
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

  test('in writing: one prepares, another confirms, and nobody does both', async () => {
    const { personalData, signIn } = kept;
    const { accountId } = await signIn('sub-Gabin', 'gabin@asso.example');
    const person = { accountId, address: 'gabin@asso.example' };
    const { written } = personalData;
    await written.ask({ person, reason: 'Lettre du 3 mars.', actor: anne });
    await expect(written.ask({ person, reason: 'Encore.', actor: bruno })).rejects.toMatchObject({
      code: 'M-DATA-005',
    });
    const [waiting] = await written.list();
    const { id = '' } = waiting ?? {};
    const seen = (await personalData.plan(person))?.digest ?? '';
    await expect(written.confirm({ id, person, seen, actor: anne })).rejects.toMatchObject({
      code: 'M-DATA-004',
    });
    await written.drop({ id, actor: anne, reason: 'Erreur.' });
    await expect(written.confirm({ id, person, seen, actor: bruno })).rejects.toMatchObject({
      code: 'M-DATA-005',
    });
    await expect(written.drop({ id: 'x', actor: anne, reason: 'x' })).rejects.toMatchObject({
      code: 'M-DATA-005',
    });
    await written.ask({ person, reason: 'Lettre du 3 mars.', actor: anne });
    const [again] = await written.list();
    await written.confirm({ id: again?.id ?? '', person, seen, actor: bruno });
    expect(await written.list()).toEqual([]);
    expect(await personalData.plan(person)).toBeUndefined();
  });
});
