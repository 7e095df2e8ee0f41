import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../test/support/services.ts';
import { association, mayors, openRoomIn } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { anne, chloe, createStories, refuse } from './testing/stories.ts';

const postgres = await startPostgres('The queue of registrations, on PostgreSQL');
afterAll(() => postgres?.stop());
const databases: [string, () => Promise<string | undefined>][] = [['PGlite', async () => undefined]];
if (postgres !== undefined) databases.push(['PostgreSQL', () => postgres.createDatabase()]);

describe.each(databases)('the queue, on %s', (_name, databaseUrl) => {
  let room: Room;
  let stories: ReturnType<typeof createStories>;
  beforeAll(async () => {
    room = await openRoomIn(await databaseUrl());
    stories = createStories(room);
  }, 180_000);
  afterAll(() => room.close());

  const viewer = { operatorId: 'chloe', perimeter: {} };
  test('shows what is asked for, within the perimeter only', async () => {
    const { id } = await stories.submitted(['tchap'], mayors);
    await room.act(id, chloe, { act: 'take' });
    const { registrations } = room;
    const ids = async (filter: object, perimeter = {}) =>
      (await registrations.queue(filter, { ...viewer, perimeter })).files.map((file) => file.id);
    expect(await ids({ taken: 'me' })).toEqual([id]);
    expect(await ids({ taken: 'nobody' })).not.toContain(id);
    expect(await ids({ text: id.toLowerCase() })).toEqual([id]);
    expect(await ids({ text: '000 000 109' })).toContain(id);
    expect(await ids({ text: 'zzz%' })).toEqual([]);
    expect(await ids({ text: 'département amd' })).toContain(id);
    expect(await ids({ service: 'tchap', state: 'under_review' })).toEqual([id]);
    expect(await ids({ service: 'docs', state: 'under_review' })).toEqual([]);
    expect(await ids({ type: 'association', taken: 'me' })).toEqual([id]);
    expect(await ids({ type: 'assoc', taken: 'me' })).toEqual([]);
    expect(await ids({ taken: 'me' }, { departments: ['56'] })).toEqual([id]);
    expect(await ids({ taken: 'me' }, { departments: ['2A'] })).toEqual([]);
    expect(await ids({ taken: 'me' }, { departments: [] })).toEqual([]);
    expect(await ids({ taken: 'me' }, { services: ['tchap'] })).toEqual([id]);
    expect(await ids({ taken: 'me' }, { services: ['docs'] })).toEqual([]);
    expect(await ids({ taken: 'me' }, { federations: [association] })).toEqual([]);
    expect(await ids({ taken: 'me' }, { federations: [mayors] })).toEqual([id]);
    expect(await registrations.forOperator(id, { services: ['docs'] })).toBeUndefined();
    expect(await registrations.counts(viewer)).toMatchObject({ mine: 1, overdue: 0 });
    await expect(registrations.queue({ sort: 'id; drop table' } as object, viewer)).rejects.toThrow();
    room.goTo('2027-02-01T09:00:00Z');
    expect(await ids({ overdue: true })).toContain(id);
    room.goTo('2026-11-23T09:00:00Z');
  });

  test('marks what waits for a second person, what is about to end, what the register moved under', async () => {
    const proposed = await stories.taken();
    await room.act(proposed.id, anne, refuse);
    const ids = async (filter: object) =>
      (await room.registrations.queue(filter, viewer)).files.map((file) => file.id);
    expect(await ids({ proposed: true })).toEqual([proposed.id]);
    const ending = await stories.approved({ endsOn: '2026-12-20' });
    expect(await ids({ expiring: true })).toEqual([ending.id]);
    await room.stores.db
      .insertInto('register_review')
      .values({
        approval_id: `${ending.id.toLowerCase()}-docs`,
        organization: association,
        reason: 'unit_closed',
        detail: 'x',
        found_at: new Date(),
        seen_again_at: new Date(),
        settled_at: null,
      })
      .execute();
    expect(await ids({ review: true })).toEqual([ending.id]);
  });

  test('counts among what is about to end no right that its holder gives up: nobody is to renew it', async () => {
    const expiring = async () =>
      (await room.registrations.queue({ expiring: true }, viewer)).files.map((file) => file.id);
    const renounce = { act: 'renounce', service: 'docs', text: '' } as const;
    const later = await stories.approved({ endsOn: '2027-12-31' });
    await room.act(later.id, later.applicant, { ...renounce, from: '2026-12-10' });
    expect(await expiring()).toEqual([]);
    const soon = await stories.approved({ endsOn: '2026-12-20' });
    expect(await expiring()).toEqual([soon.id]);
    await room.registrations.turn();
    expect(await expiring()).toEqual([soon.id]);
    await room.act(soon.id, soon.applicant, { ...renounce, from: '2026-12-15' });
    expect(await expiring()).toEqual([]);
    expect(await room.registrations.counts(viewer)).toMatchObject({ expiring: 0 });
    const onPaper = await stories.approved({ endsOn: '2026-12-20' });
    const said = { decision: 'renounce', from: '2026-12-10', receivedOn: '2026-11-23', text: '' } as const;
    await room.act(onPaper.id, anne, { act: 'propose', service: 'docs', proposal: said });
    expect(await expiring()).toEqual([onPaper.id]);
    await room.act(onPaper.id, chloe, { act: 'confirm', service: 'docs' });
    expect(await expiring()).toEqual([]);
  });

  test('shows whose letters are to be posted, until somebody says that they were', async () => {
    const ids = async (filter: object) =>
      (await room.registrations.queue(filter, viewer)).files.map((file) => file.id);
    const { id } = await room.registrations.grant({
      lot: 'L-26-7K3QXWPB',
      organization: mayors,
      services: [{ service: 'visio', terms: room.terms() }],
      text: 'Convention du 2 mars 2026.',
      actor: anne,
      decidedAt: room.needs.clock(),
    });
    expect(await ids({ toPost: true })).toEqual([id]);
    expect(await ids({ toPost: false })).not.toContain(id);
    expect(await ids({ toPost: true, service: 'docs' })).toEqual([]);
    const within = { ...viewer, perimeter: { departments: ['2A'] } };
    expect(await room.registrations.counts(within)).toMatchObject({ toPost: 0 });
    expect(await room.registrations.counts(viewer)).toMatchObject({ toPost: 1 });
    const letter = (await room.registrations.forOperator(id))?.letters[0]?.id ?? '';
    await room.registrations.postedLetter(id, anne, letter);
    // Said again by somebody else, it was posted once, by the first one.
    await room.registrations.postedLetter(id, chloe, letter);
    const posted = (await room.registrations.forOperator(id))?.letters[0];
    expect(posted).toMatchObject({ postedAt: room.needs.clock(), postedBy: 'anne' });
    expect(await ids({ toPost: true })).toEqual([]);
    const record = room.stores.db.selectFrom('audit_entry').select('actor').where('act', '=', 'letter.post');
    expect(await record.execute()).toEqual([{ actor: 'operator:anne' }]);
  });

  test('similar files, other approvals and homonyms stand beside a file', async () => {
    const first = await stories.approved();
    const { id } = await stories.submitted(['docs', 'tchap']);
    await room.stores.db
      .insertInto('approval')
      .values({
        id: 'declared-visio',
        siren: association,
        service_id: 'visio',
        level: 'member',
        ground: 'operator_doctrine',
        reason: 'Par la configuration.',
        starts_on: '2026-01-01',
        ends_on: '2028-12-31',
        status: 'active',
        decided_by: JSON.stringify({ organization: 'Opérateur' }),
        decided_on: '2026-01-01',
        origin: 'configuration',
        updated_at: new Date(0),
      })
      .execute();
    const opened = await room.registrations.forOperator(id);
    if (opened === undefined) throw new Error('not opened');
    const similar = await room.registrations.similar(opened, {});
    expect(similar.files.map((file) => file.id)).toContain(first.id);
    expect(similar.duplicates).toEqual([]);
    expect(similar.approvals.map((one) => one.id)).toContain('declared-visio');
    expect(similar.homonyms.every((one) => one.id !== association)).toBe(true);
  });
});
