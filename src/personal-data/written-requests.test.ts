import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import type { OperatorAtWork } from '../appointments/appointments.ts';
import type { Operator } from '../declarations/declarations.ts';
import { atWork, openKept } from './testing/kept.ts';
import type { Confirming } from './written-requests.ts';

type Kept = Awaited<ReturnType<typeof openKept>>;

const postgres = await startPostgres('erasures asked for in writing');
const backEnds: [string, () => Promise<string | undefined>][] = [
  ['PGlite', () => Promise.resolve(undefined)],
];
if (postgres !== undefined) backEnds.push(['PostgreSQL', () => postgres.createDatabase()]);
afterAll(() => postgres?.stop());

describe.each(backEnds)('an erasure, on %s', (_name, database) => {
  let kept: Kept;
  beforeAll(async () => {
    kept = await openKept(await database());
  }, 120_000);
  afterAll(() => kept.room.close());

  test('in writing: one prepares, another confirms, and nobody does both', async () => {
    const { room, personalData, signIn, declare } = kept;
    const { db } = room.needs;
    const { accountId } = await signIn('sub-Gabin', 'gabin@asso.example');
    const person = { accountId, address: 'gabin@asso.example' };
    const { written } = personalData;
    const [carl, dora] = [atWork('carl'), atWork('dora')];
    // The same person, by identity and by address.
    const twin = atWork('karl', { subject: 'carl' });
    const alias = atWork('carla', { email: 'CARL@operator.example' });
    await declare(carl.operator, dora.operator, twin.operator, alias.operator);
    const mayErase = ({ roles }: Operator): boolean => roles.includes('administrator');
    await written.ask({ person, reason: 'Lettre du 3 mars.', by: carl });
    await expect(written.ask({ person, reason: 'Encore.', by: dora })).rejects.toMatchObject({
      code: 'M-DATA-005',
    });
    const { requests, count } = await written.list(dora);
    expect(count).toBe(1);
    const { id = '' } = requests[0] ?? {};
    const seen = (await personalData.plan(person))?.digest ?? '';
    const confirm = (by: OperatorAtWork, change: Partial<Confirming> = {}) =>
      written.confirm({ id, seen, by, mayErase, ...change });
    for (const by of [carl, twin, alias])
      await expect(confirm(by)).rejects.toMatchObject({ code: 'M-DATA-004' });
    const noMore = ({ id: one }: Operator) => one !== 'carl';
    await expect(confirm(dora, { mayErase: noMore })).rejects.toMatchObject({ code: 'M-DATA-006' });
    await written.drop({ id, by: carl, reason: 'Erreur.' });
    await expect(confirm(dora)).rejects.toMatchObject({ code: 'M-DATA-005' });
    await expect(written.drop({ id: 'x', by: carl, reason: 'x' })).rejects.toMatchObject({
      code: 'M-DATA-005',
    });

    // Under the address that was asked for, and no other.
    await written.ask({ person, reason: 'Lettre du 3 mars.', by: carl });
    const again = await written.of(accountId);
    expect(again).toMatchObject({ ...person, author: { id: 'carl' } });
    await confirm(dora, { id: again?.id ?? '' });
    expect((await written.list(dora)).requests).toEqual([]);
    expect(await personalData.plan(person)).toBeUndefined();
    const told = await db.selectFrom('mail').select('id').where('recipient', '=', person.address).execute();
    expect(told).toHaveLength(1);
    const acts = await db
      .selectFrom('audit_entry')
      .select('act')
      .where('subject', '=', `account:${accountId}`)
      .where('act', '=', 'person.list_erasures')
      .execute();
    expect(acts).toHaveLength(1);

    // Dropped while it is carried out: one of the two is too late.
    const next = { accountId: (await signIn('sub-Gaby', 'gaby@asso.example')).accountId, address: undefined };
    await written.ask({ person: next, reason: 'Lettre du 4 mars.', by: carl });
    const one = { id: (await written.of(next.accountId))?.id ?? '', by: dora };
    const plan = await personalData.plan(next);
    const both = await Promise.allSettled([
      written.confirm({ ...one, seen: plan?.digest ?? '', mayErase }),
      written.drop({ ...one, reason: 'Erreur.' }),
    ]);
    const late = both.flatMap((done): unknown[] => (done.status === 'rejected' ? [done.reason] : []));
    expect(late).toEqual([expect.objectContaining({ code: 'M-DATA-005' })]);
  });

  // Two transactions at once: PGlite has one connection.
  if (_name === 'PostgreSQL')
    test('a right that is taken away meanwhile stays taken away', async () => {
      const { room, personalData, signIn } = kept;
      const { db, clock } = room.needs;
      const { accountId } = await signIn('sub-Jade', 'jade@asso.example');
      const person = { accountId, address: undefined };
      const seen = (await personalData.plan(person))?.digest ?? '';
      const actor = { kind: 'account', accountId } as const;
      const erasing = await db.transaction().execute(async (trx) => {
        await trx
          .updateTable('membership')
          .set({ revoked_at: clock(), revoked_by: 'operator:anne', revoked_reason: 'Partie.' })
          .where('account_id', '=', accountId)
          .execute();
        const under = { way: personalData.erase({ person, actor, reason: 'Demande.', seen }) };
        under.way.catch(() => undefined);
        const waits = sql<{ waits: boolean }>`
          select exists (select from pg_locks where not granted and pid <> pg_backend_pid()) as waits`;
        for (let round = 0; round < 400; round += 1)
          if ((await waits.execute(trx)).rows[0]?.waits === true) break;
        return under;
      });
      await expect(erasing.way).rejects.toMatchObject({ code: 'M-DATA-003' });
      expect((await personalData.plan(person))?.kept[0]?.words).toBe('revoked');
    });
});
