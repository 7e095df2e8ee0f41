import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { artifactsOf, randomId } from './conformance-artifacts.ts';
import type { Backend } from './conformance.ts';
import { grantSnapshot, migrate, purgeExpired, setPendingSnapshot, unitOfWork } from './storage.ts';

export function describeSql(backend: () => Backend): void {
  describe('the snapshot of a grant', () => {
    const sqlCount = () => backend().stores.statistics().sql;

    test('is saved with it in one statement, and read with it in one', async () => {
      const { db } = backend().stores;
      const { adapter, save } = artifactsOf(backend());
      for (const scope of [unitOfWork, (work: () => Promise<void>) => work()]) {
        const id = randomId();
        const before = sqlCount();
        await scope(async () => {
          setPendingSnapshot(id, '{"name":"Camille"}');
          await save('Grant', { jti: id, accountId: 'account', clientId: 'docs' });
        });
        expect(sqlCount() - before).toBe(1);
        expect(await grantSnapshot(db, id)).toBe('{"name":"Camille"}');
        const beforeReads = sqlCount();
        await unitOfWork(async () => {
          expect(await grantSnapshot(db, id)).toBe('{"name":"Camille"}');
          expect(await adapter('Grant').find(id)).toMatchObject({ accountId: 'account' });
        });
        expect(sqlCount() - beforeReads).toBe(1);
      }
    });

    test('never changes once written', async () => {
      const { db } = backend().stores;
      const { adapter, save, grant } = artifactsOf(backend());
      const id = await grant();
      expect(await grantSnapshot(db, id)).toBeUndefined();
      for (const [given, kept] of [
        [undefined, undefined],
        ['"first"', '"first"'],
        ['"second"', '"first"'],
        [undefined, '"first"'],
      ]) {
        await unitOfWork(async () => {
          if (given !== undefined) setPendingSnapshot(id, given);
          await save('Grant', {
            jti: id,
            accountId: 'account',
            clientId: 'docs',
            openid: { scope: 'openid email' },
          });
          expect(await grantSnapshot(db, id)).toBe(kept);
        });
        expect(await grantSnapshot(db, id)).toBe(kept);
      }
      expect(await adapter('Grant').find(id)).toMatchObject({ openid: { scope: 'openid email' } });
    });

    test('goes to its own grant, and with it', async () => {
      const { db } = backend().stores;
      const { adapter, save } = artifactsOf(backend());
      const [mine, other] = [randomId(), randomId()];
      setPendingSnapshot(mine, '"mine"');
      await save('Grant', { jti: other, accountId: 'account', clientId: 'docs' });
      await save('Grant', { jti: mine, accountId: 'account', clientId: 'docs' });
      expect([await grantSnapshot(db, mine), await grantSnapshot(db, other)]).toEqual(['"mine"', undefined]);
      await adapter('Grant').destroy(mine);
      expect(await grantSnapshot(db, mine)).toBeUndefined();
      expect(await grantSnapshot(db, randomId())).toBeUndefined();
    });
  });

  describe('the purge', () => {
    test('deletes what has expired, a bounded number at a time, and nothing else', async () => {
      const { db } = backend().stores;
      const { adapter, grant, token, save } = artifactsOf(backend());
      await purgeExpired(db, new Date('9999-01-01T00:00:00Z'), 10_000);
      const kept = await save('Grant', { accountId: 'account', clientId: 'docs' }, 10_000);
      for (let i = 0; i < 5; i += 1) await token('RefreshToken', await grant());
      expect(await purgeExpired(db, backend().clock(), 2)).toBe(0);
      backend().moveClock(60 + 16);
      const now = backend().clock();
      const deleted: number[] = [];
      for (let i = 0; i < 4; i += 1) deleted.push(await purgeExpired(db, now, 2));
      expect(deleted).toEqual([4, 4, 2, 0]);
      expect(await adapter('Grant').find(kept)).toBeDefined();
    });
  });

  describe('the database', () => {
    test('gives days as ISO text, instants as Date, counts as numbers', async () => {
      const { rows } = await sql`
        select date '2026-03-29' as day, timestamptz '2026-03-29T01:30:00Z' as instant, count(*) as count, 7::integer as integer`.execute(
        backend().stores.db,
      );
      expect(rows).toEqual([
        { day: '2026-03-29', instant: new Date('2026-03-29T01:30:00Z'), count: 1, integer: 7 },
      ]);
    });

    test('takes days as ISO text, instants as Date, and refuses what no rule allows', async () => {
      const { db } = backend().stores;
      const organization = {
        siren: '130025265',
        name: 'DINUM',
        legal_category: '7120',
        unit_state: 'A' as const,
        rna: null,
        created_on: '2011-02-21',
        declared_population: null,
        qualifications: '[]',
        suspended_at: null,
        source: 'sirene',
        source_date: '2026-11-01',
        updated_at: new Date('2026-11-22T00:00:00Z'),
      };
      await db.insertInto('organization').values(organization).execute();
      expect(await db.selectFrom('organization').selectAll().execute()).toMatchObject([organization]);
      await expect(
        db
          .insertInto('organization')
          .values({ ...organization, siren: '1e13' })
          .execute(),
      ).rejects.toThrow();
      const establishment = {
        siret: '13002526500013',
        siren: '130025265',
        state: 'A' as const,
        commune_code: '75107',
        naf: null,
        head_office: true,
      };
      await db.insertInto('establishment').values(establishment).execute();
      const foreign = { ...establishment, siret: '21440109300015' };
      await expect(db.insertInto('establishment').values(foreign).execute()).rejects.toThrow();
      await db.deleteFrom('organization').execute();
      expect(await db.selectFrom('establishment').selectAll().execute()).toEqual([]);
    });

    test('rolls a failed transaction back, and serves concurrent ones', async () => {
      const { db } = backend().stores;
      const add = (id: string) =>
        db.transaction().execute(async (transaction) => {
          await transaction
            .insertInto('declared_object')
            .values({ kind: 'service', id, document: '{}', digest: '', updated_at: new Date() })
            .execute();
          if (id === '3') throw new Error('rolled back');
        });
      const outcomes = await Promise.allSettled(['1', '2', '3', '4'].map(add));
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      const ids = await db.deleteFrom('declared_object').returning('id').execute();
      expect(ids.map(({ id }) => id).sort()).toEqual(['1', '2', '4']);
    });
  });

  describe('migrations', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'maillon-migrations-'));
    });
    afterEach(() => rm(folder, { recursive: true }));
    const file = (name: string, text: string) => writeFile(join(folder, name), text);

    test('are applied once each, in order, whatever the line ends', async () => {
      const { stores } = backend();
      await file('t2.sql', "insert into t1 values (1, 'a;b'); -- second\n");
      await file('t1.sql', 'create table t1 (i integer, t text);\ncreate index t1_i on t1 (i);\n');
      await file('readme.txt', 'not SQL');
      expect(await migrate(stores, folder)).toEqual(['t1.sql', 't2.sql']);
      expect(await migrate(stores.db, folder)).toEqual([]);
      await file('t1.sql', 'create table t1 (i integer, t text);\r\ncreate index t1_i on t1 (i);\r\n');
      expect(await migrate(stores, folder)).toEqual([]);
      expect((await sql`select i, t from t1`.execute(stores.db)).rows).toEqual([{ i: 1, t: 'a;b' }]);
    });

    test('are refused when one was changed after it was applied', async () => {
      const { stores } = backend();
      await file('u1.sql', 'create table u1 (i integer);');
      await migrate(stores, folder);
      await file('u1.sql', 'create table u1 (i bigint);');
      await file('u2.sql', 'create table u2 (i integer);');
      const refused = await migrate(stores, folder).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'M-STOR-003' });
      expect(String(refused)).toContain('u1.sql');
      expect((await sql`select to_regclass('u2') as found`.execute(stores.db)).rows).toEqual([
        { found: null },
      ]);
    });

    test('leave nothing of one that fails, keep those before it, and name it', async () => {
      const { stores } = backend();
      await file('v1.sql', 'create table v1 (i integer);');
      await file('v2.sql', 'create table v2 (i integer); select 1/0;');
      await expect(migrate(stores, folder)).rejects.toThrow('v2.sql was not applied: division by zero');
      const found =
        await sql`select to_regclass('v1') is null as v1, to_regclass('v2') is null as v2`.execute(stores.db);
      expect(found.rows).toEqual([{ v1: false, v2: true }]);
      await file('v2.sql', 'create table v2 (i integer);');
      expect(await migrate(stores, folder)).toEqual(['v2.sql']);
    });

    test('are applied once when several callers come at once', async () => {
      const { stores } = backend();
      await file('w1.sql', 'create table w1 (i integer);');
      await file('w2.sql', 'insert into w1 values (1);');
      const applied = await Promise.all(Array.from({ length: 5 }, () => migrate(stores, folder)));
      expect(applied.flat().sort()).toEqual(['w1.sql', 'w2.sql']);
      expect((await sql`select i from w1`.execute(stores.db)).rows).toEqual([{ i: 1 }]);
    });
  });
}
