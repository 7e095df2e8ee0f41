import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { exportAudit } from './export.ts';
import type { ExportFormat } from './export.ts';
import type { AuditFilter } from './filter.ts';
import { auditHead } from './head.ts';
import { auditPage } from './page.ts';
import { erasePerson } from './person.ts';
import {
  append,
  applicant,
  at,
  file,
  operator,
  person,
  story,
  tell,
  textOf,
  useStores,
} from './testing/record.ts';

const stores = useStores();
const actor = { kind: 'command_line', user: 'root' } as const;

async function exported(format: ExportFormat, filter: AuditFilter = {}): Promise<string> {
  const { chunks } = await exportAudit(stores().db, { at: at(40), actor, format, filter });
  return textOf(chunks);
}
const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

beforeAll(() => tell(stores().db));

describe('CSV', () => {
  test('one line an entry, with names, reasons, before and after', async () => {
    const text = await exported('csv', { act: 'registration.a' });
    const { hash } = await stores()
      .db.selectFrom('audit_entry')
      .select('hash')
      .where('seq', '=', 4)
      .executeTakeFirstOrThrow();
    expect(text).toBe(
      [
        'seq,at,act,subject,actor,given_name,usual_name,capacity,organization,reason,before,after,detail,hash',
        `4,2026-11-22T10:03:00.000Z,registration.approve,${file},operator:anne,Anne,Martin,responsable du pôle,DINUM,` +
          `"Convention du 3 mars, vue.","{""status"":""pending""}","{""level"":""member"",""status"":""active""}",held,${hash.startsWith('-') ? "'" : ''}${hash}`,
        '',
      ].join('\n'),
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=cmd|" /C calc"!A0', 'a\r\n=1'])(
    'no formula gets out: %j',
    async (reason) => {
      const hostile = { ...applicant, givenName: reason, usualName: '=2' };
      await append(stores().db, at(9), {
        act: 'hostile.act',
        subject: `x:=1`,
        actor: hostile,
        reason,
        after: reason,
      });
      const text = await exported('csv', { act: 'hostile.act' });
      const rows = parse<Record<string, string>>(text, { columns: true });
      const row = rows.at(-1) ?? {};
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      const safe = /^[=+\-@\t\r]/.test(reason) ? `'${reason}` : reason;
      expect([row['reason'], row['given_name'], row['usual_name']]).toEqual([safe, safe, "'=2"]);
    },
  );

  test('nothing to export is a header', async () => {
    expect((await exported('csv', { act: 'no.such' })).trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('JSON lines', () => {
  test('hold all that is needed to verify them elsewhere, as docs/audit.md says', async () => {
    const lines = linesOf(await exported('jsonl'));
    let previous = 'A'.repeat(43);
    for (const { detail, salt, hash, ...digested } of lines) {
      const sorted = Object.fromEntries(Object.entries(digested).sort(([a], [b]) => (a < b ? -1 : 1)));
      expect(digested['previous']).toBe(previous);
      expect(sha256(JSON.stringify(sorted))).toBe(hash);
      expect(sha256(`${String(salt)}${String(detail)}`)).toBe(digested['detail_sha256']);
      previous = String(hash);
    }
    expect(lines.length).toBeGreaterThan(story.length);
  });
});

describe('each export is an entry', () => {
  test('the last one of itself, and its head is that of the record', async () => {
    const { head, chunks } = await exportAudit(stores().db, { at: at(41), actor, format: 'jsonl' });
    await append(stores().db, at(42), { act: 'later.act', subject: 'x', actor });
    const lines = linesOf(await textOf(chunks));
    expect(lines.at(-1)).toMatchObject({
      seq: head.seq,
      hash: head.hash,
      act: 'audit.export',
      subject: 'audit',
      actor: 'command_line:root',
      detail: '{"after":{"filter":{},"format":"jsonl"}}',
    });
    expect((await auditHead(stores().db))?.seq).toBe(head.seq + 1);
  });

  test('even one that nobody reads to its end', async () => {
    const before = (await auditHead(stores().db))?.seq ?? 0;
    await exportAudit(stores().db, { at: at(43), actor, format: 'csv' });
    expect((await auditHead(stores().db))?.seq).toBe(before + 1);
  });

  test('but a filter that is none records and gives nothing', async () => {
    const before = await auditHead(stores().db);
    await expect(exported('csv', { from: '2026-02-30' })).rejects.toThrow();
    expect(await auditHead(stores().db)).toEqual(before);
  });
});

describe('filters, of exports and of the pages of the console', () => {
  const acts = async (filter: AuditFilter) => linesOf(await exported('jsonl', filter)).map(({ act }) => act);

  test.each<[AuditFilter, readonly string[]]>([
    [{ subject: person }, ['account.read']],
    [
      { subject: file, act: 'registration' },
      ['submit', 'take', 'approve', 'expire'].map((act) => `registration.${act}`),
    ],
    [{ act: 'registration.approve' }, ['registration.approve']],
    [{ act: 'registration_' }, []],
    [{ act: '%' }, []],
    [{ actor: 'clock' }, ['registration.expire']],
    [
      { actor: 'operator:anne', subject: file },
      ['evidence.read', 'registration.take', 'registration.approve'],
    ],
    [{ subject: "x' or '1'='1" }, []],
    [{ from: '2026-11-23', to: '2026-11-23', act: 'day.' }, ['day.second']],
    [{ to: '2026-11-22', act: 'day.' }, ['day.first']],
  ])('%j', async (filter, expected) => {
    const isFirst = (await auditPage(stores().db, { act: 'day.' })).entries.length === 0;
    if (isFirst) {
      // In Paris the 23rd begins at 23:00 UTC.
      await append(stores().db, new Date('2026-11-22T22:59:59.999Z'), {
        act: 'day.first',
        subject: 'x',
        actor,
      });
      await append(stores().db, new Date('2026-11-22T23:00:00Z'), { act: 'day.second', subject: 'x', actor });
    }
    expect(await acts(filter)).toEqual(expected);
    expect((await auditPage(stores().db, filter)).entries.map(({ act }) => act)).toEqual(
      expected.toReversed(),
    );
  });

  test('pages go back in time, up to 50 entries each, and end', async () => {
    const first = await auditPage(stores().db, { subject: file, limit: 2 });
    expect(first.entries.map(({ seq }) => seq)).toEqual([6, 4]);
    const second = await auditPage(stores().db, { subject: file, limit: 2, before: first.next });
    expect(second.entries.map(({ seq }) => seq)).toEqual([3, 2]);
    const third = await auditPage(stores().db, { subject: file, limit: 2, before: second.next });
    expect([third.entries.map(({ seq }) => seq), third.next]).toEqual([[1], undefined]);
    const many = Array.from({ length: 60 }, () => ({ act: 'many.acts', subject: 'x', actor }));
    await append(stores().db, at(44), ...many);
    const asked = { act: 'many.acts', limit: 1_000_000 };
    expect((await auditPage(stores().db, asked)).entries).toHaveLength(50);
    expect((await auditPage(stores().db, { ...asked, limit: -1 })).entries).toHaveLength(1);
  });
});

test('what was erased is shown as such', async () => {
  await stores()
    .db.transaction()
    .execute((trx) =>
      erasePerson(trx, at(50), { accountId: applicant.accountId, actor: operator, reason: 'art. 17' }),
    );
  const text = await exported('csv', { subject: person });
  const rows = parse<Record<string, string>>(text, { columns: true });
  expect(rows.map(({ act, detail, usual_name: name, reason }) => [act, detail, name, reason])).toEqual([
    ['account.read', 'erased', 'Martin', ''],
    ['audit.erase', 'held', 'Martin', 'art. 17'],
  ]);
  const [line] = linesOf(await exported('jsonl', { subject: person }));
  expect(line).toMatchObject({ detail: null, salt: null });
});
