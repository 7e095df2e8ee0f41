// What goes on after the last day of a right, where a policy says so (eligibility/grace.ts), rests on one mark of its row: that
// nothing but that day has ended it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applicantOf, association, openRoom, reasons } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { anne, bruno, code, createStories } from './testing/stories.ts';

const urgent = { act: 'suspend_urgently', service: 'docs', ...reasons } as const;
const reinstate = { act: 'reinstate', service: 'docs', text: 'L’incident est clos.' } as const;

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

const taken = async (name: string) => {
  const applicant = applicantOf(name);
  const id = await room.draft(applicant, ['docs']);
  await room.submit(id, applicant);
  await room.act(id, anne, { act: 'take' });
  return { id, applicant };
};

describe('after its last day, a policy may let go on', () => {
  const lapses = async (id: string) =>
    (await stories.approvals()).find((one) => one.id === `${id.toLowerCase()}-docs`)?.lapses;
  const ended = async () => {
    room.goTo('2027-02-01T09:00:00Z');
    await room.registrations.turn();
  };
  const refused = async (id: string, by = bruno, second = anne) => {
    const proposal = { decision: 'refuse', ...reasons } as const;
    await room.act(id, by, { act: 'propose', service: 'docs', proposal });
    await room.act(id, second, { act: 'confirm', service: 'docs' });
  };

  test('a right that nothing else has ended, whatever others ask for, until a later one is taken away', async () => {
    const { id } = await stories.approved({ endsOn: '2027-01-31' });
    await ended();
    expect(await lapses(id)).toBe(true);
    await refused((await taken('Ivo')).id, anne, bruno);
    expect(await lapses(id)).toBe(true);
    const later = await taken('Eve');
    await room.act(later.id, anne, stories.approve({ startsOn: '2027-02-01' }));
    expect([await lapses(id), await lapses(later.id)]).toEqual([true, true]);
    await room.act(later.id, anne, urgent);
    expect([await lapses(id), await lapses(later.id)]).toEqual([false, false]);
    // The one that was suspended may again; what is over stays over.
    await room.act(later.id, anne, reinstate);
    expect([await lapses(id), await lapses(later.id)]).toEqual([false, true]);
  });

  test('not one that was suspended, or whose suspension was announced, when it ended', async () => {
    const { id } = await stories.approved({ endsOn: '2027-01-31' });
    await room.act(id, bruno, urgent);
    await ended();
    expect([await stories.statusOf(id), await lapses(id)]).toEqual(['active', false]);
    room.goTo('2026-11-23T09:00:00Z');
    const other = await stories.approved({ endsOn: '2027-01-31' });
    await room.act(other.id, anne, { act: 'notify_suspension', service: 'docs', ...reasons, days: 90 });
    expect(await lapses(other.id)).toBe(false);
    await ended();
    expect(await lapses(other.id)).toBe(false);
  });

  test('not one whose renewal was refused, before its last day or after it; not one that was renewed', async () => {
    const first = await stories.renewed();
    expect(await lapses(first.id)).toBe(true);
    await refused(first.renewal);
    expect(await lapses(first.id)).toBe(false);
    // A reminder writes it again.
    room.goTo('2027-01-25T09:00:00Z');
    await room.registrations.turn();
    expect(await lapses(first.id)).toBe(false);

    room.goTo('2026-11-23T09:00:00Z');
    await stories.settled();
    // Sent too late for silence to have refused it.
    const second = await stories.renewed('2027-03-01', '2027-01-10');
    await ended();
    expect(await lapses(second.id)).toBe(true);
    await refused(second.renewal);
    expect(await lapses(second.id)).toBe(false);

    room.goTo('2026-11-23T09:00:00Z');
    await stories.settled();
    const third = await stories.renewed();
    await room.act(third.renewal, bruno, third.grant);
    await ended();
    expect([await lapses(third.id), await lapses(third.renewal)]).toEqual([false, true]);
  });
});

describe('a right that its organization gives up', () => {
  const renounce = (from: string) => ({ act: 'renounce', service: 'docs', from, text: '' }) as const;
  const stateOf = async (id: string) =>
    (await room.registrations.forOperator(id))?.file.requests.map(({ state }) => state);
  const rightsOf = async (id: string) =>
    (await stories.approvals())
      .filter((one) => one.id === `${id.toLowerCase()}-docs`)
      .map(({ status, startsOn, endsOn, lapses }) => ({ status, startsOn, endsOn, lapses }));

  test('ends at once, for everybody; it is told, posted to nobody else, and in the record', async () => {
    const { id, applicant } = await stories.approved();
    room.pass(3);
    room.rights.length = 0;
    await room.act(id, applicant, renounce('2026-11-26'));
    expect(await stateOf(id)).toEqual(['renounced']);
    expect(await rightsOf(id)).toEqual([
      { status: 'active', startsOn: '2026-11-23', endsOn: '2026-11-25', lapses: false },
    ]);
    expect(room.rights).toEqual([{ siren: association, service: 'docs' }]);
    expect(await stories.lettersOf(id)).toEqual(['receipt', 'approval', 'renunciation']);
    expect((await stories.mailsAbout(id)).at(-1)).toBe(`Vous renoncez à l’accès à Docs (dossier ${id})`);
    const entry = await room.stores.db
      .selectFrom('audit_entry')
      .select('detail')
      .where('act', '=', 'registration.renounce')
      .where('subject', '=', `registration:${id}`)
      .executeTakeFirstOrThrow();
    expect(entry.detail).toContain('"from":"2026-11-26"');
    // A new request is the way back, not a renewal.
    expect(await code(room.registrations.startDraft(applicant, { renews: id }))).toBe('M-FILE-003');
    const again = await room.draft(applicant);
    expect(await code(room.submit(again, applicant))).toBeUndefined();
  });

  test('from a day to come, goes on until then and no longer', async () => {
    const { id, applicant } = await stories.approved();
    await room.act(id, applicant, renounce('2026-12-10'));
    expect(await stateOf(id)).toEqual(['approved']);
    expect(await rightsOf(id)).toMatchObject([{ status: 'active', endsOn: '2026-12-09', lapses: false }]);
    room.goTo('2026-12-10T09:00:00Z');
    await room.registrations.turn();
    expect(await stateOf(id)).toEqual(['renounced']);
    expect(await stories.lettersOf(id)).toEqual(['receipt', 'approval', 'renunciation']);
  });

  test('does not come back as the one that it had renewed', async () => {
    const { id, applicant, renewal, grant } = await stories.renewed('2026-11-23');
    await room.act(renewal, bruno, grant);
    await room.registrations.turn();
    expect(await stateOf(id)).toEqual(['renewed']);
    await room.act(renewal, applicant, renounce('2026-11-23'));
    await room.act(id, anne, { act: 'note', text: 'Relu.' });
    expect(await stateOf(renewal)).toEqual(['renounced']);
    const days = (await stories.approvals()).map(({ endsOn }) => endsOn);
    expect(days.filter((day) => day >= '2026-11-23')).toEqual([]);
  });

  test('before it begins, leaves the right that it renews as it was, without what a policy would add', async () => {
    const { id, applicant, renewal, grant } = await stories.renewed('2027-02-01');
    await room.act(renewal, bruno, grant);
    await room.act(renewal, applicant, renounce('2027-02-01'));
    expect(await stateOf(renewal)).toEqual(['renounced']);
    expect(await rightsOf(id)).toMatchObject([{ status: 'active', endsOn: '2027-01-31', lapses: false }]);
    room.goTo('2027-02-02T09:00:00Z');
    await room.registrations.turn();
    await room.act(renewal, anne, { act: 'note', text: 'Relu.' });
    expect(await stateOf(id)).toEqual(['expired']);
  });

  test('while it is suspended, opens no renewal that was granted before', async () => {
    const { id, applicant, renewal, grant } = await stories.renewed('2027-02-01');
    await room.act(renewal, bruno, grant);
    await room.act(id, anne, urgent);
    await room.act(id, applicant, renounce('2026-11-23'));
    expect(await stories.statusOf(renewal)).toBe('suspended');
  });
});
