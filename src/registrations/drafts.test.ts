import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import type { Act } from './act.ts';
import { mostDrafts } from './drafts.ts';
import { applicantOf, association, openRoomIn } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { code, createStories } from './testing/stories.ts';

const postgres = await startPostgres('Drafts, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(databases)('a draft, on %s', (_name, databaseUrl) => {
  let room: Room;
  let stories: ReturnType<typeof createStories>;
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
    stories = createStories(room);
  }, 180_000);
  afterAll(() => room.close());

  test('is kept, is read by its author only, and goes without a trace', async () => {
    const ada = applicantOf('Ada');
    const id = await room.draft(ada);
    expect(id).toMatch(/^D-26-[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(await room.registrations.ofApplicant(ada.accountId)).toMatchObject([
      { id, stage: 'draft', organization: association, requests: [] },
    ]);
    const opened = await room.registrations.forApplicant(id, ada.accountId);
    expect(opened?.content.purpose).toBe('Préparer les réunions.');
    const other = applicantOf('Eve').accountId;
    expect(await room.registrations.forApplicant(id, other)).toBeUndefined();
    expect(await room.registrations.forOperator(id)).toBeUndefined();
    if (opened === undefined) throw new Error('not opened');
    expect(await code(room.registrations.saveDraft(id, other, opened.content))).toBe('M-FILE-001');
    expect(await code(room.registrations.deleteDraft(id, other))).toBe('M-FILE-001');
    await room.registrations.deleteDraft(id, ada.accountId);
    expect(await room.registrations.ofApplicant(ada.accountId)).toEqual([]);
  });

  test(`is one of ${mostDrafts} at most, and not longer than what is kept`, async () => {
    const ada = applicantOf('Ada');
    const ids = await Promise.all(
      Array.from({ length: mostDrafts }, () => room.registrations.startDraft(ada)),
    );
    expect(new Set(ids).size).toBe(mostDrafts);
    expect(await code(room.registrations.startDraft(ada))).toBe('M-FILE-015');
    const [id = ''] = ids;
    const opened = await room.registrations.forApplicant(id, ada.accountId);
    if (opened === undefined) throw new Error('not opened');
    const long = { ...opened.content, purpose: 'x'.repeat(20_001) };
    expect(await code(room.registrations.saveDraft(id, ada.accountId, long))).toBe('M-FILE-015');
  });

  test('is sent as it was reviewed, complete, and once', async () => {
    await stories.settled();
    const ada = applicantOf('Ada');
    const id = await room.draft(ada);
    const opened = await room.registrations.forApplicant(id, ada.accountId);
    if (opened === undefined) throw new Error('not opened');
    expect(await room.registrations.problems(opened)).toEqual([]);
    const act: Act = { act: 'submit', content: opened.content, services: ['docs'] };
    const send = (change: Partial<typeof act>) =>
      room.registrations.act({ id, seen: 0, actor: ada, act: { ...act, ...change } });
    expect(await code(send({ content: { ...opened.content, purpose: 'Autre.' } }))).toBe('M-FILE-002');
    expect(await code(send({ services: ['docs', 'tchap'] }))).toBe('M-FILE-002');
    await room.registrations.saveDraft(id, ada.accountId, { ...opened.content, purpose: '' });
    expect(await code(send({ content: { ...opened.content, purpose: '' } }))).toBe('M-FILE-013');
    await room.registrations.saveDraft(id, ada.accountId, opened.content);
    const both = await Promise.all([code(send({})), code(send({}))]);
    expect(both.toSorted()).toEqual(['M-FILE-002', undefined]);
    expect(await code(room.registrations.saveDraft(id, ada.accountId, opened.content))).toBe('M-FILE-003');
    expect(await code(room.registrations.deleteDraft(id, ada.accountId))).toBe('M-FILE-003');
    expect(await stories.statusOf(id)).toBe('pending');
    expect(await stories.lettersOf(id)).toEqual(['receipt']);
    expect(await stories.mailsAbout(id)).toHaveLength(1);
  });

  test('asks for nothing that another file of the same person asks for already, even at the same second', async () => {
    await stories.settled();
    const submitAll = async (people: readonly ReturnType<typeof applicantOf>[]) => {
      const ids = await Promise.all(people.map((one) => room.draft(one)));
      return Promise.all(people.map((one, index) => code(room.submit(ids[index] ?? '', one))));
    };
    const ada = applicantOf('Ada');
    expect((await submitAll([ada, ada])).toSorted()).toEqual(['M-FILE-014', undefined]);
    // Whoever files for an organization keeps nobody else from asking.
    expect(await submitAll([applicantOf('Eve'), applicantOf('Ivo')])).toEqual([undefined, undefined]);
  });

  test('of an organization that has ceased is not sent', async () => {
    await stories.settled();
    const ada = applicantOf('Ada');
    const id = await room.draft(ada);
    const { db } = room.stores;
    const unit = { statements: '{}' } as const;
    await db
      .updateTable('organization')
      .set({ ...unit, unit_state: 'C' })
      .where('siren', '=', association)
      .execute();
    expect(await code(room.submit(id, ada))).toBe('M-FILE-018');
    await db
      .updateTable('organization')
      .set({ ...unit, unit_state: 'A' })
      .where('siren', '=', association)
      .execute();
  });
});
