import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../config/config.ts';
import { createRowsCheck } from './check-rows.ts';
import { rowsNow } from './kept-rows.ts';
import type { RowDigest } from './kept-rows.ts';
import { at, useStores } from './testing/record.ts';

const stores = useStores();
const file = 'registration:D-26-7K3QXWPB';
const right = { table: 'approval', key: 'd-26-7k3qxwpb-docs' } as const;
const event = { table: 'registration_event', key: 'D-26-7K3QXWPB/1' } as const;
const other = 'A'.repeat(43);

let seq = 0;
/** An entry as the table holds it; without rows, one of before the digests. */
const entry = (act: string, rows?: readonly RowDigest[], detail?: null) => ({
  seq: (seq += 1),
  act,
  subject: file,
  detail: detail === null ? null : canonicalJson({ after: { version: 1 }, ...(rows && { rows }) }),
});

async function found(...entries: readonly ReturnType<typeof entry>[]) {
  const check = createRowsCheck(stores().db);
  for (const one of entries) await check.take([one]);
  const { rows, olderThanDigests } = await check.finish();
  return { rows: rows.map(({ kind, key }) => `${kind} ${key}`), olderThanDigests };
}

/** One right and one event, as they stand. */
async function stand(): Promise<readonly [RowDigest, RowDigest]> {
  const { db } = stores();
  await db.deleteFrom('registration').execute();
  await db.deleteFrom('approval').execute();
  await db
    .insertInto('registration')
    .values({
      id: 'D-26-7K3QXWPB',
      account_id: '00000000-0000-0000-0000-000000000000',
      draft: '{}',
      stage: 'decided',
      created_at: at(0),
      updated_at: at(0),
    })
    .execute();
  await db
    .insertInto('registration_event')
    .values({ registration_id: 'D-26-7K3QXWPB', seq: 1, at: at(1), event: '{"act":{"act":"approve"}}' })
    .execute();
  await db
    .insertInto('approval')
    .values({
      id: right.key,
      siren: '000000406',
      service_id: 'docs',
      level: 'guest',
      ground: 'operator_doctrine',
      reason: 'x',
      starts_on: '2026-11-22',
      ends_on: '2027-12-31',
      status: 'active',
      decided_by: '{}',
      decided_on: '2026-11-22',
      origin: 'registration',
      updated_at: at(1),
    })
    .execute();
  const [one, two] = await rowsNow(db, [right, event]);
  if (one === undefined || two === undefined) throw new Error('nothing was read');
  return [one, two];
}

describe('what the last entry wrote is what stands', () => {
  test('as it is; the digest is that of the columns, which anybody can compute', async () => {
    const [held, happened] = await stand();
    expect(await found(entry('registration.approve', [held, happened]))).toEqual({
      rows: [],
      olderThanDigests: 0,
    });
    const columns = { at: at(1).toISOString(), event: '{"act":{"act":"approve"}}' };
    const digest = createHash('sha256').update(canonicalJson(columns)).digest('base64url');
    expect(happened.sha256).toBe(digest);
  });

  test('an act in between does not count, nor does one that is read later hide what was rewritten', async () => {
    const [held, happened] = await stand();
    const before = { ...held, sha256: other };
    expect(
      (await found(entry('registration.approve', [before, happened]), entry('registration.suspend', [held])))
        .rows,
    ).toEqual([]);
    expect((await found(entry('registration.approve', [before, happened]), entry('file.read'))).rows).toEqual(
      [`altered ${right.key}`],
    );
    // Put back as it once was.
    expect(
      (
        await found(
          entry('registration.approve', [held, happened]),
          entry('registration.suspend', [{ ...held, sha256: other }]),
        )
      ).rows,
    ).toEqual([`altered ${right.key}`]);
  });

  test('of what is written once, every entry counts: no later act covers it up', async () => {
    const [held, happened] = await stand();
    const rewritten = { ...happened, sha256: other };
    const later = entry('registration.note', [held]);
    expect((await found(entry('registration.approve', [held, rewritten]), later)).rows).toEqual([
      `altered ${event.key}`,
    ]);
  });

  test('a right that an act ended and that stands again is found', async () => {
    const [held, happened] = await stand();
    const gone = { ...held, sha256: null };
    expect((await found(entry('registration.withdraw_request', [gone, happened]))).rows).toEqual([
      `altered ${right.key}`,
    ]);
  });
});

describe('what no entry can say is no finding', () => {
  test('entries of before the digests are counted, and say nothing of their rows', async () => {
    await stand();
    expect(await found(entry('registration.approve'))).toEqual({ rows: [], olderThanDigests: 1 });
  });

  test('a process of the version before that acted since: its rows are not what an older entry says', async () => {
    const [held, happened] = await stand();
    const before = { ...held, sha256: other };
    const acts = [entry('registration.approve', [before, happened]), entry('registration.suspend')];
    expect(await found(...acts)).toEqual({ rows: [], olderThanDigests: 1 });
  });

  test('an act whose detail was erased: only that it was done is known', async () => {
    const [held, happened] = await stand();
    const acts = [
      entry('registration.approve', [{ ...held, sha256: other }, happened]),
      entry('registration.renounce', undefined, null),
    ];
    expect(await found(...acts)).toEqual({ rows: [], olderThanDigests: 0 });
  });

  test('words that were destroyed at the end of a file; but not what was rewritten before', async () => {
    const [held, happened] = await stand();
    const written = entry('registration.approve', [held, { ...happened, sha256: other }]);
    const destroyed = (was: string) => entry('file.destroy', [{ ...happened, was }]);
    expect((await found(written, destroyed(other))).rows).toEqual([]);
    expect((await found(written, destroyed('B'.repeat(43)))).rows).toEqual([`altered ${event.key}`]);
    // By a process of the version before.
    expect((await found(written, entry('file.destroy'))).rows).toEqual([]);
  });

  test('what goes one day by itself', async () => {
    const [held, happened] = await stand();
    const key = '0198f6a2-0000-7000-8000-000000000001';
    const gone = { table: 'invitation', key, sha256: other } as const;
    const approve = entry('registration.approve', [held, happened]);
    expect((await found(approve, entry('invitation.send', [{ ...gone, mayGo: true }]))).rows).toEqual([]);
    expect((await found(approve, entry('invitation.send', [gone]))).rows).toEqual([`missing ${key}`]);
  });
});

test('rows that nobody wrote by an act are found, and keys that are none do no harm', async () => {
  const [held] = await stand();
  expect((await found()).rows.toSorted()).toEqual(
    [`unknown ${event.key}`, `unknown ${right.key}`].toSorted(),
  );
  const odd = ["'; drop table x", 'D/1/2', '/', ''].flatMap((key) =>
    (['approval', 'letter', 'registration_event'] as const).map((table) => ({ ...held, table, key })),
  );
  expect((await found(entry('registration.approve', odd))).rows).toHaveLength(odd.length + 1);
});
