import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import type { Act } from './act.ts';
import { lackingReceipt } from './registrations.ts';
import { openRoomIn } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { bruno, chloe, code, createStories } from './testing/stories.ts';

const postgres = await startPostgres('Letters that nobody could deliver, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(databases)('a letter, on %s', (_name, databaseUrl) => {
  let room: Room;
  let stories: ReturnType<typeof createStories>;
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
    stories = createStories(room);
  }, 180_000);
  afterAll(() => room.close());

  const viewer = { operatorId: 'chloe', perimeter: {} };
  const toPost = async () =>
    (await room.registrations.queue({ toPost: true }, viewer)).files.map(({ id }) => id);
  const receiptOf = async (id: string) => {
    const opened = await room.registrations.forOperator(id);
    const letter = opened?.letters.find(({ kind }) => kind === 'receipt');
    if (letter === undefined) throw new Error('no receipt');
    return letter;
  };
  const mailsOf = (id: string) =>
    room.stores.db.updateTable('mail').where('about', '=', `registration:${id}`);
  const appeal: Act = { act: 'appeal', service: 'docs', text: 'Nous contestons.' };

  test('whose mail is given up is to be posted, until it is or somebody opened it on its page', async () => {
    const { id, applicant } = await stories.submitted();
    expect(await toPost()).toEqual([]);
    const at = new Date('2026-11-24T09:00:00Z');
    await mailsOf(id).set({ given_up_at: at, next_attempt_at: null }).execute();
    const receipt = await receiptOf(id);
    expect(receipt).toMatchObject({ toPost: true, undeliveredAt: at });
    expect(lackingReceipt([receipt])).toEqual(at);
    expect(await toPost()).toEqual([id]);
    expect(await room.registrations.counts(viewer)).toMatchObject({ toPost: 1 });
    await room.registrations.postedLetter(id, chloe, receipt.id);
    expect(await toPost()).toEqual([]);
    expect(await receiptOf(id)).toMatchObject({ postedBy: 'chloe', undeliveredAt: at });

    const other = await stories.submitted();
    await mailsOf(other.id).set({ given_up_at: at, next_attempt_at: null }).execute();
    expect(await toPost()).toEqual([other.id]);
    await room.registrations.letterForApplicant(
      other.id,
      other.applicant.accountId,
      (await receiptOf(other.id)).id,
    );
    expect(await toPost()).toEqual([]);
    expect(applicant.accountId).not.toBe(other.applicant.accountId);
  });

  test('that was delivered is not, nor when its mail goes 30 days later; one that waited as long is', async () => {
    const sent = await stories.submitted();
    await mailsOf(sent.id).set({ sent_at: new Date(), next_attempt_at: null }).execute();
    const waiting = await stories.submitted();
    await room.stores.db
      .deleteFrom('mail')
      .where('about', 'in', [`registration:${sent.id}`, `registration:${waiting.id}`])
      .execute();
    expect(await toPost()).toEqual([waiting.id]);
    await room.registrations.postedLetter(waiting.id, chloe, (await receiptOf(waiting.id)).id);
  });

  test('that was the receipt: silence opposes no time to appeal until it came', async () => {
    for (const isGivenUp of [true, false]) {
      room.goTo('2026-11-23T09:00:00Z');
      const { id, applicant } = await stories.submitted();
      const at = new Date('2026-11-24T09:00:00Z');
      const outcome = isGivenUp ? { given_up_at: at } : { sent_at: at };
      await mailsOf(id)
        .set({ ...outcome, next_attempt_at: null })
        .execute();
      room.goTo('2027-06-01T09:00:00Z');
      await room.registrations.turn();
      const opened = await room.registrations.forOperator(id);
      expect(opened?.circumstances.unopposed).toEqual(isGivenUp ? ['docs'] : []);
      expect(await code(room.act(id, applicant, appeal))).toBe(isGivenUp ? undefined : 'M-FILE-007');
    }
    room.goTo('2026-11-23T09:00:00Z');
  });

  test('that grants less than was asked for says how to appeal, and the appeal is recorded beside the right', async () => {
    const { id } = await stories.approved({ level: 'guest' });
    await room.act(id, chloe, { ...appeal, receivedOn: '2026-11-23' });
    expect(await stories.statusOf(id)).toBe('active');
    expect(await stories.lettersOf(id)).toEqual(['receipt', 'approval', 'appeal_receipt']);
    const appealed = await room.registrations.queue({ state: 'appealed' }, viewer);
    expect(appealed.files.map((file) => file.id)).toContain(id);
    expect(appealed.files.find((file) => file.id === id)).toMatchObject({
      stage: 'examination',
      dueOn: '2027-01-23',
      requests: [{ state: 'approved', contested: true }],
    });
    room.goTo('2026-11-23T10:00:00Z');
    await room.act(id, bruno, { act: 'take' });
    room.rights.splice(0);
    await room.act(id, bruno, {
      act: 'decide_appeal',
      service: 'docs',
      outcome: 'reversed',
      terms: room.terms({ level: 'member' }),
      text: 'Oui.',
      rule: 'Règle publiée.',
    });
    expect(await stories.lettersOf(id)).toContain('appeal_decision');
    expect((await stories.approvals()).map(({ level }) => level)).toEqual(['member']);
    expect(room.rights).toHaveLength(1);
  });
});
