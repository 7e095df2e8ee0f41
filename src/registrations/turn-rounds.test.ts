import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRegistrations } from './registrations.ts';
import { applicantOf, createDesk, openRoom } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { anne, code, createStories } from './testing/stories.ts';
import { createTurn, filesToLookAt } from './turn.ts';

let room: Room;
let stories: ReturnType<typeof createStories>;
beforeAll(async () => {
  room = await openRoom();
  stories = createStories(room);
}, 180_000);
afterAll(() => room.close());
beforeEach(async () => {
  room.goTo('2026-11-23T09:00:00Z');
  await stories.settled();
});

const stateOf = async (id: string) => (await room.registrations.forOperator(id))?.file.requests[0]?.state;
const dueNow = () => filesToLookAt(room.needs, '', 100);

/** Two files that silence decides on the same day, in the order of their numbers. */
async function twoSilent() {
  const one = await stories.submitted();
  const db = room.stores.db;
  await db.updateTable('registration_request').set({ state: 'withdrawn' }).execute();
  const other = await stories.submitted();
  await db
    .updateTable('registration_request')
    .set({ state: 'submitted', due_on: '2027-01-24' })
    .where('registration_id', 'in', [one.id, other.id])
    .execute();
  room.goTo('2027-01-24T09:00:00Z');
  return [one.id, other.id].sort();
}

test('a turn that had no time for all of them goes on where it was, past a file that cannot be brought up to date', async () => {
  const [broken = '', behind = ''] = await twoSilent();
  const { db } = room.stores;
  const event = '{"actor":{"kind":"clock"},"act":{"act":"unheard"}}';
  await db
    .insertInto('registration_event')
    .values({ registration_id: broken, seq: 2, at: room.needs.clock(), event })
    .execute();
  const failed: unknown[] = [];
  const logger = { ...room.needs.logger, error: (fields: object) => void failed.push(fields) };
  const turn = createTurn({ ...room.needs, logger }, { batch: 1, mostBatches: 1 });
  await turn();
  expect([await stateOf(behind), failed.length]).toEqual(['submitted', 1]);
  await turn();
  expect(await stateOf(behind)).toBe('implicitly_refused');
  // Nothing is left after it: the round begins again.
  await turn();
  await turn();
  expect(failed).toHaveLength(2);
  await db
    .deleteFrom('registration_event')
    .where('registration_id', '=', broken)
    .where('seq', '=', 2)
    .execute();
  await turn();
  await turn();
  expect(await stateOf(broken)).toBe('implicitly_refused');
});

test('nothing is due of a right that is renewed already, until the day on which the new one begins', async () => {
  const { id, applicant } = await stories.approved({ endsOn: '2027-06-30' });
  room.goTo('2027-05-03T09:00:00Z');
  await room.registrations.turn();
  const renewal = await room.registrations.startDraft(applicant, { renews: id });
  const draft = await room.registrations.forApplicant(renewal, applicant.accountId);
  if (draft === undefined) throw new Error('no draft');
  const termsAcceptedAt = '2027-05-03T09:00:00Z';
  const services = draft.content.services.map((one) => ({ ...one, termsAcceptedAt }));
  const content = { ...draft.content, services, declaredAt: termsAcceptedAt };
  await room.registrations.saveDraft(renewal, applicant.accountId, content);
  await room.submit(renewal, applicant);
  await room.act(renewal, anne, { act: 'take' });
  expect(await dueNow()).toEqual([]);
  room.goTo('2027-05-31T09:00:00Z');
  // A reminder is due as long as nobody has granted the renewal.
  expect(await dueNow()).toEqual([id]);
  await room.act(renewal, anne, stories.approve({ startsOn: '2027-07-01', endsOn: '2028-06-30' }));
  expect(await dueNow()).toEqual([]);
  room.goTo('2027-06-30T22:00:01Z');
  expect(await dueNow()).toEqual([id, renewal].sort());
  await room.registrations.turn();
  expect([await dueNow(), await stateOf(id)]).toEqual([[], 'renewed']);
});

test('without an authority in the configuration time acts without a letter, and a person does not act', async () => {
  const { id } = await stories.submitted();
  const warned: object[] = [];
  const logger = { ...room.needs.logger, warn: (fields: object) => void warned.push(fields) };
  const needs = { ...room.needs, logger, authority: undefined };
  room.goTo('2027-01-24T09:00:00Z');
  const turn = createTurn(needs);
  await turn();
  expect(await stateOf(id)).toBe('implicitly_refused');
  expect(await stories.lettersOf(id)).toEqual(['receipt']);
  await stories.submitted();
  room.goTo('2027-03-25T09:00:00Z');
  await turn();
  expect(warned).toHaveLength(1);
  const ada = applicantOf('Ada');
  const draft = await room.draft(ada, ['tchap']);
  expect(await code(createDesk(createRegistrations(needs), needs.clock).submit(draft, ada))).toBe(
    'M-FILE-060',
  );
});

test('what a receipt promised of silence holds when the configuration changes afterwards', async () => {
  const { id } = await stories.submitted();
  const accepting = createTurn({ ...room.needs, silence: 'acceptance' });
  room.goTo('2027-01-24T09:00:00Z');
  await accepting();
  expect(await stateOf(id)).toBe('implicitly_refused');
  expect((await room.registrations.forOperator(id))?.file.events[0]?.act).toMatchObject({
    silence: 'refusal',
  });
});

test('and so does acceptance; a file of before it was written down is refused by silence', async () => {
  const accepting = createRegistrations({ ...room.needs, silence: 'acceptance' });
  const desk = createDesk(accepting, room.needs.clock);
  const ada = applicantOf('Ada');
  const id = await desk.draft(ada);
  await desk.submit(id, ada);
  const opened = await room.registrations.forOperator(id);
  expect(opened?.circumstances.silence).toBe('acceptance');
  expect(JSON.stringify(opened?.letters[0]?.document)).toContain('acceptation');
  const row = await room.stores.db
    .selectFrom('registration_event')
    .select('event')
    .where('registration_id', '=', id)
    .executeTakeFirstOrThrow();
  const event = row.event.replace('"silence":"acceptance"', '"was":1');
  expect(event).not.toBe(row.event);
  await room.stores.db
    .updateTable('registration_event')
    .set({ event })
    .where('registration_id', '=', id)
    .execute();
  expect((await accepting.forOperator(id))?.circumstances.silence).toBe('refusal');
});
