import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { applicantOf, association, openRoom, openRoomIn, reasons } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { anne, code, createStories } from './testing/stories.ts';

const postgres = await startPostgres('Time, in registrations, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(databases)('time, on %s', (_name, databaseUrl) => {
  let room: Room;
  let stories: ReturnType<typeof createStories>;
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
    stories = createStories(room);
  }, 180_000);
  afterAll(() => room.close());

  test('makes a refusal of two months of silence: one letter, one mail, whatever the number of processes', async () => {
    room.goTo('2026-11-23T09:00:00Z');
    const { id } = await stories.submitted();
    room.goTo('2027-01-23T22:30:00Z');
    await room.registrations.turn();
    expect((await room.registrations.forOperator(id))?.file.requests[0]?.state).toBe('submitted');
    room.goTo('2027-01-23T23:00:00Z');
    await Promise.all([room.registrations, room.another(), room.another()].map((one) => one.turn()));
    const opened = await room.registrations.forOperator(id);
    expect(opened?.file.requests[0]).toMatchObject({
      state: 'implicitly_refused',
      decided: { on: '2027-01-23' },
    });
    expect(await stories.lettersOf(id)).toEqual(['receipt', 'implicit_refusal']);
    expect(await stories.mailsAbout(id)).toHaveLength(2);
    expect(await stories.statusOf(id)).toBe('refused');
  });

  test('comes before whoever decides on what it has already decided', async () => {
    room.goTo('2026-11-23T09:00:00Z');
    const { id } = await stories.taken();
    room.goTo('2027-01-24T09:00:00Z');
    expect(await code(room.registrations.act({ id, seen: 2, actor: anne, act: stories.approve() }))).toBe(
      'M-FILE-002',
    );
    expect((await room.registrations.forOperator(id))?.file.requests[0]?.state).toBe('implicitly_refused');
  });

  test('reminds once at 90, 30 and 7 days, then ends the right', async () => {
    room.goTo('2026-11-23T09:00:00Z');
    const { id } = await stories.approved({ endsOn: '2027-06-30' });
    for (const day of ['2027-04-01', '2027-04-02', '2027-05-31', '2027-06-23', '2027-06-24', '2027-06-30']) {
      room.goTo(`${day}T09:00:00Z`);
      await room.registrations.turn();
    }
    const reminders = (await stories.lettersOf(id))?.filter((kind) => kind === 'expiry_reminder');
    expect(reminders).toHaveLength(3);
    room.goTo('2027-06-30T22:00:00Z');
    await room.registrations.turn();
    const opened = await room.registrations.forOperator(id);
    expect(opened?.file.requests[0]?.state).toBe('expired');
    expect(
      (await room.registrations.queue({ stage: 'ended' }, { operatorId: 'anne', perimeter: {} })).files.map(
        (file) => file.id,
      ),
    ).toContain(id);
  });

  test('renews a right on the day on which the new one begins: no gap, never twice', async () => {
    room.goTo('2026-11-23T09:00:00Z');
    const { id, applicant } = await stories.approved({ endsOn: '2027-06-30' });
    room.goTo('2027-05-03T09:00:00Z');
    await room.registrations.turn();
    const renewal = await room.registrations.startDraft(applicant, { renews: id });
    expect(await room.registrations.startDraft(applicant, { renews: id })).toBe(renewal);
    expect(await code(room.registrations.startDraft(applicantOf('Eve'), { renews: id }))).toBe('M-FILE-001');
    const draft = await room.registrations.forApplicant(renewal, applicant.accountId);
    expect(draft?.content.purpose).toBe('Préparer les réunions.');
    if (draft === undefined) throw new Error('no draft');
    const services = draft.content.services.map((one) => ({
      ...one,
      termsAcceptedAt: '2027-05-03T09:00:00Z',
    }));
    const content = { ...draft.content, services, declaredAt: '2027-05-03T09:00:00Z' };
    await room.registrations.saveDraft(renewal, applicant.accountId, content);
    await room.submit(renewal, applicant);
    await room.act(renewal, anne, { act: 'take' });
    await room.act(renewal, anne, stories.approve({ startsOn: '2027-07-01', endsOn: '2028-06-30' }));
    const states = async () => [
      (await room.registrations.forOperator(id))?.file.requests[0]?.state,
      (await room.registrations.forOperator(renewal))?.file.requests[0]?.state,
    ];
    await room.registrations.turn();
    expect(await states()).toEqual(['renewal_due', 'approved']);
    // Told once, before; whoever has renewed is not told to.
    room.goTo('2027-06-23T09:00:00Z');
    await room.registrations.turn();
    const told = (await stories.lettersOf(id))?.filter((kind) => kind === 'expiry_reminder');
    expect(told).toHaveLength(1);
    room.goTo('2027-06-30T22:00:01Z');
    await Promise.all([room.registrations.turn(), room.another().turn()]);
    expect(await states()).toEqual(['renewed', 'approved']);
    const rows = (await stories.approvals()).filter(
      (one) => one.id.startsWith(id.toLowerCase()) || one.id.startsWith(renewal.toLowerCase()),
    );
    expect(rows.map(({ startsOn, endsOn, status }) => [startsOn, endsOn, status]).sort()).toEqual([
      ['2026-11-23', '2027-06-30', 'active'],
      ['2027-07-01', '2028-06-30', 'active'],
    ]);
  });

  test('and a clock set back reorders nothing', async () => {
    room.goTo('2026-11-23T09:00:00Z');
    const { id } = await stories.taken();
    room.goTo('2026-11-23T08:56:00Z');
    await room.act(id, anne, { act: 'note', text: 'Plus tôt ?' });
    const times = (await room.registrations.forOperator(id))?.file.events.map(({ at }) => at.getTime()) ?? [];
    expect(times.toSorted((one, other) => one - other)).toEqual(times);
    // Further back, the act would be dated in the future: it is not done.
    room.goTo('2026-11-22T09:00:00Z');
    expect(await code(room.act(id, anne, { act: 'note', text: 'Hier ?' }))).toBe('M-FILE-007');
    room.goTo('2026-11-23T09:00:00Z');
  });

  test('does nothing while the clock is not the one of the database', async () => {
    room.goTo('2026-11-23T09:00:00Z');
    const { id } = await stories.taken();
    const state = async () => (await room.registrations.forOperator(id))?.file.requests[0]?.state;
    room.goTo('2035-01-01T09:00:00Z');
    const lost = room.another({ databaseClock: async () => new Date('2026-11-23T09:00:00Z') });
    await lost.turn();
    expect(await state()).toBe('under_review');
    const late = lost.act({ id, seen: 2, actor: anne, act: { act: 'note', text: 'Trop tard ?' } });
    expect(await code(late)).toBe('M-FILE-007');
    expect(await state()).toBe('under_review');
    expect(room.takeProblems()).toMatchObject([{ event: 'registration.clock' }]);
    await room.another({ databaseClock: async () => new Date('2035-01-01T09:05:00Z') }).turn();
    expect(await state()).toBe('implicitly_refused');
  });

  test('a right that a wrong clock has ended is suspended at once all the same, and can be given back', async () => {
    room.goTo('2026-11-23T09:00:00Z');
    const { id } = await stories.approved({ endsOn: '2027-06-30' });
    room.goTo('2029-01-01T09:00:00Z');
    await room.registrations.turn();
    room.goTo('2026-12-01T09:00:00Z');
    const urgent = { act: 'suspend_urgently', service: 'docs', ...reasons } as const;
    expect(await code(room.act(id, anne, { act: 'take' }))).toBe('M-FILE-007');
    await room.act(id, anne, urgent);
    expect(await stories.statusOf(id)).toBe('suspended');
    const request = (await room.registrations.forOperator(id))?.file.requests[0];
    expect(request).toMatchObject({ state: 'suspended_urgent', decided: { on: '2026-12-01' } });
    await room.act(id, anne, { act: 'take' }).catch(() => undefined);
    await room.act(id, anne, { act: 'reinstate', service: 'docs', text: 'L’horloge est juste.' });
    expect(await stories.statusOf(id)).toBe('active');
  });

  test('closes the right of an organization that the register says has ceased', async () => {
    room.goTo('2026-11-23T09:00:00Z');
    const { id } = await stories.approved();
    const { db } = room.stores;
    const unit = { statements: '{}' } as const;
    await db
      .updateTable('organization')
      .set({ ...unit, unit_state: 'C' })
      .where('siren', '=', association)
      .execute();
    await Promise.all([room.registrations.turn(), room.another().turn()]);
    const opened = await room.registrations.forOperator(id);
    expect(opened?.file.requests[0]?.state).toBe('closed');
    expect(opened?.file.events.filter(({ act }) => act.act === 'close')).toHaveLength(1);
    await db
      .updateTable('organization')
      .set({ ...unit, unit_state: 'A' })
      .where('siren', '=', association)
      .execute();
  });

  test('is what statistics count in days', async () => {
    const statistics = await room.registrations.statistics({ from: '2026-11-01', to: '2027-12-31' }, {});
    expect(statistics).toMatchObject({
      decisions: { refused: 0, implicitly_refused: 2, implicitly_accepted: 0 },
      medianDays: 0,
      services: [{ service: 'docs', requests: statistics.requests }],
    });
    expect(statistics.requests).toBe(statistics.files);
    expect(statistics.months).toHaveLength(14);
  });

  test('makes an acceptance of silence where a decree says so: a right, and its certificate', async () => {
    const accepting = await openRoom('acceptance');
    const its = createStories(accepting);
    const { id } = await its.submitted();
    accepting.goTo('2027-01-24T09:00:00Z');
    await accepting.registrations.turn();
    expect(await its.statusOf(id)).toBe('active');
    expect(await its.lettersOf(id)).toEqual(['receipt', 'implicit_acceptance']);
    await accepting.close();
  });
});
