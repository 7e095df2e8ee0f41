import { beforeEach, describe, expect, test } from 'vitest';
import { erasePerson, personRecord } from './person.ts';
import { isIn, rangesOf } from './ranges.ts';
import { append, applicant, at, file, operator, person, tell, useStores } from './testing/record.ts';
import { verifyAudit } from './verify.ts';

const stores = useStores();
const { accountId } = applicant;
const erase = (minute: number, subjects: readonly string[] = []) =>
  stores()
    .db.transaction()
    .execute((trx) =>
      erasePerson(trx, at(minute), { accountId, subjects, actor: operator, reason: 'art. 17' }),
    );
async function record(whose: string = accountId, files: readonly string[] = []) {
  const entries = [];
  for await (const entry of personRecord(stores().db, whose, files)) entries.push(entry);
  return entries;
}
const everything = async () =>
  JSON.stringify(await stores().db.selectFrom('audit_entry').selectAll().execute());

beforeEach(() => tell(stores().db));

describe('what concerns somebody', () => {
  test('is what they did and what was done to their account, nothing else', async () => {
    const entries = await record();
    expect(entries.map(({ act, detail }) => [act, detail])).toEqual([
      ['registration.submit', 'held'],
      ['account.read', 'held'],
    ]);
    expect(entries[0]?.who).toEqual(applicant);
    expect(await record('somebody-else')).toEqual([]);
    const shown = await record(accountId, [file]);
    expect(shown.map(({ act }) => act)).toEqual(['registration.submit', 'evidence.read', 'account.read']);
  });

  test('is emptied on request: the name is nowhere, the acts and their order stay', async () => {
    await append(stores().db, at(9), {
      act: 'draft.save',
      subject: 'draft:7',
      actor: { kind: 'clock' },
      after: { contact: 'camille@asso.example' },
    });
    const before = await verifyAudit(stores().db);
    expect(await erase(10, ['draft:7'])).toBeGreaterThan(2);
    const rest = await everything();
    for (const word of ['Camille', 'Dubois', 'camille@asso.example', 'Demande de la personne'])
      expect(rest).not.toContain(word);
    expect(await verifyAudit(stores().db, before.head)).toMatchObject({
      broken: 0,
      entries: before.entries + 1,
    });
    const entries = await record();
    expect(entries.filter(({ detail }) => detail === 'held').map(({ act }) => act)).toEqual(
      entries.map(({ act }) => act).filter((act) => act === 'audit.erase'),
    );
  });

  test('keeps who decided, and what was decided on an organization (CRPA art. L212-1)', async () => {
    await erase(11);
    const access = (await record()).find(({ act }) => act === 'account.read');
    expect(access).toMatchObject({ detail: 'erased', who: operator, reason: undefined });
    expect(await everything()).toContain('Convention du 3 mars, vue.');
  });

  test('leaves what has to be kept for now', async () => {
    const entries = await stores()
      .db.transaction()
      .execute((trx) =>
        erasePerson(trx, at(11), { accountId, except: [file], actor: operator, reason: 'art. 17' }),
      );
    expect(entries).toBe(1);
    const held = (await record()).filter(({ detail, act }) => detail === 'held' && act !== 'audit.erase');
    expect(held.map(({ act, who }) => [act, who])).toEqual([['registration.submit', applicant]]);
  });

  test('is emptied once: a second request changes nothing, and says nothing', async () => {
    await erase(12);
    const before = await everything();
    expect(await erase(13)).toBe(0);
    expect(await everything()).toBe(before);
  });

  test('the entry of an erasure names nobody but who erased', async () => {
    await erase(14);
    const last = (await record()).at(-1);
    expect(last).toMatchObject({ act: 'audit.erase', subject: person, who: operator, reason: 'art. 17' });
    expect(Object.keys(Object(last?.after) as object)).toEqual(['entries']);
  });

  test('outside of a transaction nothing is erased', async () => {
    const before = await everything();
    const asked = { accountId, actor: operator, reason: 'art. 17' };
    await expect(erasePerson(stores().db, at(15), asked)).rejects.toThrow(TypeError);
    expect(await everything()).toBe(before);
  });

  test('keeps what they did to somebody else, where it does not name them: it is as much about the other', async () => {
    const other = 'account:0198f6a2-0000-7000-8000-000000000002';
    const done = { subject: other, reason: 'Partie en mai.', after: { state: 'revoked' } };
    await append(
      stores().db,
      at(9),
      { act: 'member.revoke', actor: { kind: 'account', accountId }, ...done },
      { act: 'member.confirm', actor: applicant, ...done },
    );
    await erase(10);
    const entries = (await record()).filter(({ subject }) => subject === other).slice(-2);
    expect(entries.map(({ act, detail }) => [act, detail])).toEqual([
      ['member.revoke', 'held'],
      ['member.confirm', 'erased'],
    ]);
    expect(await verifyAudit(stores().db)).toMatchObject({ broken: 0 });
  });
});

test('ranges', () => {
  const ranges = rangesOf([9, 3, 5, 4, 12, 13]);
  expect(ranges).toEqual([
    [3, 5],
    [9, 9],
    [12, 13],
  ]);
  expect([2, 3, 5, 6, 9, 13, 14].filter((number) => isIn(ranges, number))).toEqual([3, 5, 9, 13]);
  expect(rangesOf([])).toEqual([]);
});
