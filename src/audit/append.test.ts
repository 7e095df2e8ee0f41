import { join } from 'node:path';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import type { PostgresService } from '../../test/support/services.ts';
import { migrate, openStores } from '../storage/storage.ts';
import type { Database, Stores } from '../storage/storage.ts';
import { appendAudit, recordAccess } from './append.ts';
import { auditHead, headText, parseHead } from './head.ts';
import { erasePerson } from './person.ts';
import { append, applicant, at, file, operator, person, story, tell, useStores } from './testing/record.ts';
import { verifyAudit } from './verify.ts';

const postgres = await startPostgres('The record of acts on PostgreSQL');

describe('PGlite', () => {
  const stores = useStores();
  describeRecord(() => stores().db);
});

describe.skipIf(postgres === undefined)('PostgreSQL', () => {
  let service: PostgresService;
  let stores: Stores;
  beforeAll(async () => {
    if (postgres === undefined) throw new Error('skipped');
    service = postgres;
    const databaseUrl = await service.createDatabase();
    stores = await openStores({ databaseUrl, dataDir: '/nowhere', clock: () => at(0) });
    await migrate(stores, join(import.meta.dirname, '../../migrations'));
  }, 120_000);
  afterAll(async () => {
    await stores.close();
    await service.stop();
  });
  describeRecord(() => stores.db);
});

/** One record, told in order. */
function describeRecord(db: () => Kysely<Database>): void {
  test('entries stand in order, each with the digest of the one before', async () => {
    await tell(db());
    const rows = await db().selectFrom('audit_entry').selectAll().orderBy('seq').execute();
    expect(rows.map(({ seq }) => seq)).toEqual(story.map((_, index) => index + 1));
    expect(rows.map(({ previous }) => previous)).toEqual(
      ['A'.repeat(43), ...rows.map(({ hash }) => hash)].slice(0, -1),
    );
    expect(rows[3]).toMatchObject({
      at: at(3),
      act: 'registration.approve',
      subject: file,
      actor: 'operator:anne',
      detail:
        '{"after":{"level":"member","status":"active"},"before":{"status":"pending"},"reason":"Convention du 3 mars, vue."}',
    });
    expect(await verifyAudit(db())).toMatchObject({ broken: 0, entries: story.length, clockWentBack: [] });
  });

  test('names of operators stay beside the detail, those of applicants are in it', async () => {
    const rows = await db().selectFrom('audit_entry').selectAll().orderBy('seq').execute();
    const [submit, , take] = rows;
    expect([submit?.actor, submit?.author, take?.actor]).toEqual([person, null, 'operator:anne']);
    expect(submit?.detail).toContain('Dubois');
    expect([take?.author, take?.detail]).toEqual([expect.stringContaining('Martin'), '{}']);
  });

  test('20 that append at once leave no gap', async () => {
    const before = (await auditHead(db()))?.seq ?? 0;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        append(
          db(),
          at(10),
          { act: 'evidence.read', subject: `evidence:e${index}`, actor: operator },
          { act: 'evidence.read', subject: `evidence:e${index}b`, actor: operator },
        ),
      ),
    );
    const found = await verifyAudit(db());
    expect(found).toMatchObject({ broken: 0, entries: before + 40, head: { seq: before + 40 } });
  });

  test('an act that fails leaves no entry, and no gap', async () => {
    const before = await auditHead(db());
    const failing = db()
      .transaction()
      .execute(async (trx) => {
        await appendAudit(trx, at(11), [{ act: 'a.b', subject: 'x', actor: operator }]);
        throw new Error('the act failed');
      });
    await expect(failing).rejects.toThrow('the act failed');
    expect(await auditHead(db())).toEqual(before);
    await append(db(), at(11), { act: 'a.b', subject: 'x', actor: operator });
    expect(await verifyAudit(db(), before)).toMatchObject({ broken: 0 });
  });

  test('whoever erases waits for whoever writes, never the other way round', async () => {
    const erasing = { accountId: applicant.accountId, actor: operator, reason: 'art. 17' };
    const erase = (trx: Kysely<Database>) => erasePerson(trx, at(11), erasing);
    let other: Promise<number> | undefined;
    await append(db(), at(11), { act: 'person.see', subject: person, actor: operator });
    const mine = await db()
      .transaction()
      .execute(async (trx) => {
        await appendAudit(trx, at(11), [{ act: 'a.b', subject: 'x', actor: operator }]);
        other = db().transaction().execute(erase);
        other.catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return erase(trx);
      });
    expect(mine).toBeGreaterThan(0);
    expect(await other).toBe(0);
  });

  test('outside of a transaction nothing is appended', async () => {
    const before = await auditHead(db());
    await expect(appendAudit(db(), at(11), [])).rejects.toThrow(TypeError);
    expect(await auditHead(db())).toEqual(before);
  });

  test('an access is recorded in the transaction given, or in one of its own', async () => {
    const before = (await auditHead(db()))?.seq ?? 0;
    const access = { act: 'person.read', subject: person, actor: operator, reason: 'dossier' };
    await recordAccess(db(), at(12), access);
    await db()
      .transaction()
      .execute((trx) => recordAccess(trx, at(12), access));
    expect((await auditHead(db()))?.seq).toBe(before + 2);
  });

  test.each([
    ['a line break in a subject', { subject: 'account:a\nb' }],
    ['half a letter in a subject', { subject: 'account:\ud800' }],
    ['an act that is no act', { act: 'Approve!' }],
    ['an actor of no kind', { actor: JSON.parse('{"kind":"somebody"}') as never }],
  ])('%s is refused', async (_, wrong) => {
    const before = await auditHead(db());
    const event = { act: 'a.b', subject: 'x', actor: applicant, ...wrong };
    await expect(append(db(), at(13), event)).rejects.toThrow();
    expect(await auditHead(db())).toEqual(before);
  });

  test('any text can be a reason, and any JSON a state', async () => {
    const reason = 'l’« été »\u0000\ud800 𝄞 \u2028 "\\';
    await append(db(), at(13), {
      act: 'a.b',
      subject: 'x:é 𝄞',
      actor: operator,
      reason,
      before: [null, 1.5, { b: at(0), a: undefined }],
      after: 'x',
    });
    expect(await verifyAudit(db())).toMatchObject({ broken: 0 });
    const last = await db()
      .selectFrom('audit_entry')
      .select('detail')
      .orderBy('seq', 'desc')
      .executeTakeFirst();
    expect(JSON.parse(last?.detail ?? '')).toEqual({
      reason,
      before: [null, 1.5, { b: '2026-11-22T10:00:00.000Z' }],
      after: 'x',
    });
  });

  test.each([
    "update audit_entry set act = 'x.y' where seq = 4",
    "update audit_entry set detail = '{}' where seq = 4",
    'update audit_entry set author = null where seq = 4',
    "update audit_entry set author = '{}', detail = null, salt = null where seq = 1",
    "update audit_entry set at = at + interval '1 second', detail = null, salt = null where seq = 4",
    'delete from audit_entry where seq = 4',
    'delete from audit_entry',
    'truncate audit_entry',
  ])('the database refuses: %s', async (statement) => {
    await expect(sql.raw(statement).execute(db())).rejects.toThrow('the record is append only');
  });

  test('the database refuses half an erasure', async () => {
    await expect(sql`update audit_entry set detail = null where seq = 4`.execute(db())).rejects.toThrow();
    await expect(sql`update audit_entry set salt = null where seq = 4`.execute(db())).rejects.toThrow();
  });
}

describe('a head', () => {
  const hash = 'b'.repeat(43);

  test('is written and read', () => {
    expect(parseHead(headText({ seq: 12, hash }))).toEqual({ seq: 12, hash });
    expect(parseHead(` 12:${hash}\n`)).toEqual({ seq: 12, hash });
  });

  test.each([
    '',
    '12',
    `0:${hash}`,
    `-1:${hash}`,
    `1e3:${hash}`,
    `12:${hash}x`,
    `12:${hash.slice(1)}`,
    `99999999999999999:${hash}`,
  ])('is not %j', (text) => {
    expect(parseHead(text)).toBeUndefined();
  });
});
