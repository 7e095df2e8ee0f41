import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../storage/storage.ts';
import { detailHash, entryHash } from './chain.ts';
import type { Break } from './check-chain.ts';
import { auditHead } from './head.ts';
import type { Head } from './head.ts';
import { appendAudit } from './append.ts';
import type { AuditEvent } from './append.ts';
import { applicant, at, operator, story, tampering, tell, useStores } from './testing/record.ts';
import { erasePerson } from './person.ts';
import { verifyAudit } from './verify.ts';

const stores = useStores();
let head: Head;

beforeAll(async () => {
  await tell(stores().db);
  head = (await auditHead(stores().db)) ?? { seq: 0, hash: '' };
});

type Tampering = (trx: Kysely<Database>) => Promise<unknown>;

const run =
  (text: string): Tampering =>
  async (trx) => {
    for (const statement of text.split(';')) await sql.raw(statement).execute(trx);
  };

const set = (seq: number, column: string, value: string): Tampering =>
  run(`update audit_entry set ${column} = ${value} where seq = ${seq}`);

const digest = `'${randomBytes(32).toString('base64url')}'`;
const salt = `'${randomBytes(16).toString('base64url')}'`;

/** Writes everything from one entry on anew, as somebody would who knows how digests are made. */
const forgeFrom =
  (from: number): Tampering =>
  async (trx) => {
    const rows = await trx.selectFrom('audit_entry').selectAll().orderBy('seq').execute();
    let previous = '';
    for (const row of rows) {
      if (row.seq >= from) {
        const detail = row.seq === from ? '{"reason":"invented"}' : (row.detail ?? '');
        const forged = { ...row, detail, detail_sha256: detailHash(row.salt ?? '', detail), previous };
        const hash = entryHash(forged);
        await trx
          .updateTable('audit_entry')
          .set({ ...forged, hash })
          .where('seq', '=', row.seq)
          .execute();
        previous = hash;
      } else previous = row.hash;
    }
  };

const last = story.length;

const add = (trx: Kysely<Database>, event: Omit<AuditEvent, 'actor'>, when = at(20)) =>
  appendAudit(trx, when, [{ ...event, actor: operator }]);

/** What is done to the record, and what verification finds without a kept head, or `head` with it. */
const cases: readonly (readonly [string, Tampering, readonly Break[], (readonly Break[])?])[] = [
  ['nothing', run('select 1'), []],
  [
    'the first is removed',
    run('delete from audit_entry where seq = 1'),
    [{ kind: 'missing', seq: 1, to: 1 }],
  ],
  [
    'two in the middle are removed',
    run('delete from audit_entry where seq in (4, 5)'),
    [{ kind: 'missing', seq: 4, to: 5 }],
  ],
  [
    'the last is removed',
    run(`delete from audit_entry where seq = ${last}`),
    [],
    [{ kind: 'missing', seq: last, to: last }],
  ],
  ['all are removed', run('delete from audit_entry'), [], [{ kind: 'missing', seq: 1, to: last }]],
  [
    'one is removed, and those after it renumbered',
    run(`delete from audit_entry where seq = 6;
      update audit_entry set seq = 6 where seq = 7; update audit_entry set seq = 7 where seq = 8`),
    [
      { kind: 'moved', seq: 6, from: 7 },
      { kind: 'moved', seq: 7, from: 8 },
    ],
    [
      { kind: 'moved', seq: 6, from: 7 },
      { kind: 'moved', seq: 7, from: 8 },
      { kind: 'missing', seq: 8, to: 8 },
    ],
  ],
  [
    'two neighbours change places',
    run(`update audit_entry set seq = 99 where seq = 3; update audit_entry set seq = 3 where seq = 4;
      update audit_entry set seq = 4 where seq = 99`),
    [
      { kind: 'moved', seq: 3, from: 4 },
      { kind: 'moved', seq: 4, from: 3 },
    ],
  ],
  [
    'two far from each other change places',
    run(`update audit_entry set seq = 99 where seq = 2; update audit_entry set seq = 2 where seq = 7;
      update audit_entry set seq = 7 where seq = 99`),
    [
      { kind: 'moved', seq: 2, from: 7 },
      { kind: 'moved', seq: 7, from: 2 },
    ],
  ],
  [
    'seq',
    set(8, 'seq', '9'),
    [
      { kind: 'missing', seq: 8, to: 8 },
      { kind: 'moved', seq: 9, from: 8 },
    ],
  ],
  ['at, by a millisecond', set(4, 'at', "at + interval '1 ms'"), [{ kind: 'altered', seq: 4 }]],
  ['at, to no date', set(4, 'at', "'infinity'"), [{ kind: 'altered', seq: 4 }]],
  ['act', set(4, 'act', "'registration.refuse'"), [{ kind: 'altered', seq: 4 }]],
  ['subject', set(4, 'subject', "'registration:other'"), [{ kind: 'altered', seq: 4 }]],
  ['actor', set(4, 'actor', "'operator:bob'"), [{ kind: 'altered', seq: 4 }]],
  ['author', set(4, 'author', "replace(author, 'Anne', 'Bob')"), [{ kind: 'altered', seq: 4 }]],
  ['author, to nobody', set(4, 'author', 'null'), [{ kind: 'altered', seq: 4 }]],
  ['detail', set(4, 'detail', "replace(detail, 'member', 'guest')"), [{ kind: 'detail_altered', seq: 4 }]],
  ['detail, by a space', set(4, 'detail', "detail || ' '"), [{ kind: 'detail_altered', seq: 4 }]],
  ['salt', set(4, 'salt', salt), [{ kind: 'detail_altered', seq: 4 }]],
  [
    'detail and its digest',
    run(`update audit_entry set detail = '{}', detail_sha256 = ${digest} where seq = 4`),
    [{ kind: 'altered', seq: 4 }],
  ],
  ['digest of the detail', set(4, 'detail_sha256', digest), [{ kind: 'altered', seq: 4 }]],
  ['digest of the one before', set(4, 'previous', digest), [{ kind: 'altered', seq: 4 }]],
  ['digest', set(4, 'hash', digest), [{ kind: 'altered', seq: 4 }]],
  ['digest of the last', set(last, 'hash', digest), [{ kind: 'altered', seq: last }]],
  [
    'detail, emptied by hand',
    run('update audit_entry set detail = null, salt = null where seq = 4'),
    [{ kind: 'erased_without_entry', seq: 4 }],
  ],
  [
    'detail and digests of one entry, made anew',
    async (trx) => {
      const row = await trx
        .selectFrom('audit_entry')
        .selectAll()
        .where('seq', '=', 4)
        .executeTakeFirstOrThrow();
      const forged = { ...row, detail_sha256: detailHash(row.salt ?? '', '{}') };
      await trx
        .updateTable('audit_entry')
        .set({ detail: '{}', detail_sha256: forged.detail_sha256, hash: entryHash(forged) })
        .where('seq', '=', 4)
        .execute();
    },
    [{ kind: 'not_linked', seq: 5 }],
  ],
  [
    'everything from an entry on, made anew: only a kept head shows it',
    forgeFrom(4),
    [],
    [{ kind: 'not_the_head', seq: last }],
  ],
];

const each = cases.map(([name, tamper, without, withHead = without]) => ({
  name,
  tamper,
  without,
  withHead,
}));

describe('verification finds what was done to the record, and names it', () => {
  test.each(each)('$name', async ({ tamper, without, withHead }) => {
    const look = async (trx: Kysely<Database>) => [
      (await verifyAudit(trx)).breaks,
      (await verifyAudit(trx, head)).breaks,
    ];
    expect(await tampering(stores().db, tamper, look)).toEqual([without, withHead]);
  });

  test('several things at once are each found', async () => {
    const tamper: Tampering = async (trx) => {
      await set(2, 'act', "'x.y'")(trx);
      await run('delete from audit_entry where seq = 4')(trx);
      await set(6, 'detail', `'{"reason":"x"}'`)(trx);
    };
    const found = await tampering(stores().db, tamper, (trx) => verifyAudit(trx, head));
    expect(found.breaks).toEqual([
      { kind: 'altered', seq: 2 },
      { kind: 'missing', seq: 4, to: 4 },
      { kind: 'detail_altered', seq: 6 },
    ]);
    expect(found.broken).toBe(3);
  });

  test('a kept head in the middle holds while the record grows', async () => {
    const kept = await stores()
      .db.selectFrom('audit_entry')
      .select(['seq', 'hash'])
      .where('seq', '=', 3)
      .executeTakeFirstOrThrow();
    expect(await verifyAudit(stores().db, kept)).toMatchObject({ broken: 0, entries: last, head });
    const found = await tampering(stores().db, forgeFrom(2), (trx) => verifyAudit(trx, kept));
    expect(found.breaks).toEqual([{ kind: 'not_the_head', seq: 3 }]);
  });
});

describe('an erasure', () => {
  const erase = (trx: Kysely<Database>) =>
    erasePerson(trx, at(30), { accountId: applicant.accountId, actor: operator, reason: 'art. 17' });

  test('keeps the chain whole, and is counted', async () => {
    const found = await tampering(stores().db, erase, (trx) => verifyAudit(trx, head));
    expect(found).toMatchObject({ broken: 0, erased: 2, entries: last + 1 });
  });

  test('does not cover what it does not name', async () => {
    const tamper: Tampering = async (trx) => {
      await erase(trx);
      await run('update audit_entry set detail = null, salt = null where seq = 4')(trx);
    };
    const found = await tampering(stores().db, tamper, (trx) => verifyAudit(trx, head));
    expect(found.breaks).toEqual([{ kind: 'erased_without_entry', seq: 4 }]);
  });

  test('whose entry is emptied shows', async () => {
    const tamper: Tampering = async (trx) => {
      await erase(trx);
      await run(`update audit_entry set detail = null, salt = null where seq = ${last + 1}`)(trx);
    };
    const found = await tampering(stores().db, tamper, (trx) => verifyAudit(trx, head));
    expect(found.breaks.map(({ kind, seq }) => `${kind} ${seq}`)).toEqual([
      'erased_without_entry 1',
      'erased_without_entry 5',
      `erased_without_entry ${last + 1}`,
    ]);
  });

  test('is not announced in advance, and a range without end costs nothing', async () => {
    const announce: Tampering = (trx) =>
      add(trx, { act: 'audit.erase', subject: 'account:x', after: { entries: [[1, 900_000_000_000_000]] } });
    const tamper: Tampering = async (trx) => {
      await announce(trx);
      await add(trx, { act: 'person.read', subject: 'account:x' });
      await run(`update audit_entry set detail = null, salt = null where seq = ${last + 2}`)(trx);
    };
    const found = await tampering(stores().db, tamper, (trx) => verifyAudit(trx));
    expect(found.breaks).toEqual([{ kind: 'erased_without_entry', seq: last + 2 }]);
  });
});

describe('a clock set back', () => {
  test('is a note, not a break', async () => {
    const back: Tampering = (trx) => add(trx, { act: 'a.b', subject: 'x' }, at(-600));
    const found = await tampering(stores().db, back, (trx) => verifyAudit(trx, head));
    expect(found).toMatchObject({
      broken: 0,
      clockWentBack: [{ seq: last + 1, at: at(-600), after: at(last - 1) }],
    });
  });

  test('by seconds is nothing: transactions that run at once', async () => {
    const back: Tampering = (trx) =>
      add(trx, { act: 'a.b', subject: 'x' }, new Date(at(last - 1).getTime() - 60_000));
    const found = await tampering(stores().db, back, (trx) => verifyAudit(trx, head));
    expect(found.clockWentBack).toEqual([]);
  });
});

test('more entries than one batch', { timeout: 60_000 }, async () => {
  const many = Array.from({ length: 4_500 }, (_, index) => ({
    act: 'declaration.add',
    subject: `client:c${index}`,
    actor: operator,
  }));
  const tamper: Tampering = async (trx) => {
    await appendAudit(trx, at(9), many);
    expect(await verifyAudit(trx, head)).toMatchObject({ entries: last + 4_500, broken: 0 });
    await run('delete from audit_entry where seq in (2000, 2001, 4000)')(trx);
  };
  expect((await tampering(stores().db, tamper, (trx) => verifyAudit(trx, head))).breaks).toEqual([
    { kind: 'missing', seq: 2000, to: 2001 },
    { kind: 'missing', seq: 4000, to: 4000 },
  ]);
});

test('an empty record is whole, and has no head', async () => {
  const found = await tampering(stores().db, run('delete from audit_entry'), (trx) => verifyAudit(trx));
  expect(found).toMatchObject({ entries: 0, head: undefined, broken: 0 });
});
