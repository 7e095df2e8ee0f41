// The register moved under a right that was granted. An operator looks, says why nothing is decided, and the queue asks no
// more, until the register says something else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sirenOf, parseSiret } from '../organizations/organizations.ts';
import type { StatedFacts } from '../organizations/organizations.ts';
import { applyOrganizations, reviewApprovals } from '../register/register.ts';
import type { Act, SeenFinding } from './act.ts';
import { possible } from './lifecycle.ts';
import type { Circumstances } from './lifecycle.ts';
import {
  after,
  alice,
  answer,
  applicant,
  bob,
  clock,
  empty,
  mayor,
  noon,
  refusal,
  said,
  terms,
} from './testing/people.ts';
import { association, operatorCalled, openRoom } from './testing/room.ts';
import type { Room } from './testing/room.ts';
import { anne, code, createStories } from './testing/stories.ts';

const renamed: SeenFinding = { service: 'docs', reason: 'renamed', detail: 'A → B' };
const outdated: SeenFinding = {
  service: 'docs',
  reason: 'facts_outdated',
  detail: 'nothing newer than 2026-01-01',
};
const see = (...findings: readonly SeenFinding[]): Act => ({
  act: 'see_changes',
  text: 'Même association.',
  findings: [...findings],
});

describe('marking as seen what the register says', () => {
  const approved = after(empty, [
    said('2026-11-21', applicant, { act: 'submit', content: {}, services: ['docs'] }),
    said('2026-11-22', alice, { act: 'take' }),
    said('2026-12-10', alice, { act: 'approve', service: 'docs', terms, text: 'Accordé.' }),
    said('2026-12-10', alice, { act: 'release' }),
  ]);
  const moved = { ...refusal, moved: [renamed, outdated] };
  const on = '2027-01-10';

  it('is for whoever examines, and only when there is something to look at', () => {
    const acts = (actor: typeof bob, circumstances: Circumstances = moved) =>
      possible(approved, actor, noon(on), circumstances).map(({ act }) => act);
    expect(acts(bob)).toContain('see_changes');
    expect(acts(bob, refusal)).not.toContain('see_changes');
    expect(answer(approved, said(on, bob, see(renamed)), refusal)).toBe('register_moved');
    expect(answer(approved, said(on, mayor, see(renamed, outdated)), moved)).toBe('own_organization');
    for (const other of [applicant, clock])
      expect(answer(approved, said(on, other, see(renamed, outdated)), moved)).toBe('not_possible');
    const held = after(approved, [said(on, alice, { act: 'take' })]);
    expect(answer(held, said(on, bob, see(renamed, outdated)), moved)).toBe('already_taken');
    expect(answer(held, said(on, alice, see(renamed, outdated)), moved)).toBe('done');
  });

  it('says all of what is there, word for word, and nothing else', () => {
    const elsewhere = { ...renamed, detail: 'A → C' };
    for (const findings of [
      [],
      [renamed],
      [renamed, renamed],
      [elsewhere, outdated],
      [renamed, outdated, elsewhere],
    ])
      expect(answer(approved, said(on, bob, see(...findings)), moved)).toBe('register_moved');
    expect(answer(approved, said(on, bob, see(outdated, renamed)), moved)).toBe('done');
  });

  it('of the services that were looked at, and of no other', () => {
    const ofTchap = { ...renamed, service: 'tchap' };
    const both = { ...refusal, moved: [renamed, outdated, ofTchap] };
    expect(answer(approved, said(on, bob, see(ofTchap)), both)).toBe('done');
    expect(answer(approved, said(on, bob, see(renamed, outdated)), both)).toBe('done');
    expect(answer(approved, said(on, bob, see(renamed, ofTchap)), both)).toBe('register_moved');
    expect(answer(approved, said(on, bob, see()), both)).toBe('register_moved');
  });

  it('decides nothing', () => {
    const after_ = after(approved, [said(on, bob, see(renamed, outdated))], moved);
    expect(after_.requests).toEqual(approved.requests);
    expect(after_.events.at(-1)?.act).toMatchObject({ act: 'see_changes', text: 'Même association.' });
  });
});

describe('a file to look at again', () => {
  let room: Room;
  let stories: ReturnType<typeof createStories>;
  beforeAll(async () => {
    room = await openRoom();
    stories = createStories(room);
  }, 120_000);
  afterAll(() => room.close());

  const siret = parseSiret(`${association}00009`);
  const viewer = { operatorId: 'anne', perimeter: {} };
  const says = async (facts: StatedFacts, day: string) => {
    if (siret === undefined) throw new Error('no SIRET');
    const now = new Date(`${day}T12:00:00Z`);
    await applyOrganizations(room.stores.db, [{ siren: sirenOf(siret), facts }], {
      source: 'configuration',
      asOf: day,
      now,
    });
    room.goTo(`${day}T13:00:00Z`);
    return reviewApprovals(room.stores.db, { now: room.needs.clock(), maxAgeDays: 3650 });
  };
  const toReview = async () =>
    (await room.registrations.queue({ review: true }, viewer)).files.map(({ id }) => id);
  const opened = async (id: string) => {
    const found = await room.registrations.forOperator(id);
    if (found === undefined) throw new Error('no file');
    return found;
  };

  it('leaves the queue with a reason and an author, and comes back when the register says something else', async () => {
    const facts: StatedFacts = { legalCategory: '9220', unitState: 'A' };
    const { id, applicant: ada } = await stories.approved();
    await says({ ...facts, name: 'B' }, '2026-12-01');
    expect(await toReview()).toEqual([id]);

    const { file, circumstances } = await opened(id);
    const findings = [...(circumstances.moved ?? [])];
    expect(findings).toContainEqual({
      service: 'docs',
      reason: 'renamed',
      detail: 'Association sportive fictive → B',
    });
    // The register moves while the page is read.
    await says({ ...facts, name: 'C' }, '2026-12-02');
    const act = see(...findings);
    const send = (seen: number, wanted = act) =>
      room.registrations.act({ id, seen, actor: anne, act: wanted });
    expect(await code(send(file.version))).toBe('M-FILE-080');
    expect(await toReview()).toEqual([id]);

    const now = [...((await opened(id)).circumstances.moved ?? [])];
    await send(file.version, see(...now));
    expect(await toReview()).toEqual([]);
    expect(await room.registrations.counts(viewer)).toMatchObject({ toReview: 0 });
    // Twice is once: the second one has seen nothing new.
    expect(await code(send(file.version, see(...now)))).toBe('M-FILE-002');
    expect(await code(send(file.version + 1, see(...now)))).toBe('M-FILE-080');
    const seen = await opened(id);
    expect(seen.file.events.at(-1)).toMatchObject({ actor: { id: 'anne' }, act: see(...now) });
    expect(seen.findings.every((one) => one.seen)).toBe(true);
    expect(seen.file.requests).toEqual(file.requests);
    // What operators say among themselves.
    const own = await room.registrations.forApplicant(id, ada.accountId);
    expect(own?.file.events.map((event) => event.act.act)).not.toContain('see_changes');
    const record = await room.stores.db
      .selectFrom('audit_entry')
      .select(['act', 'actor', 'detail'])
      .where('subject', '=', `registration:${id}`)
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow();
    expect(record).toMatchObject({ act: 'registration.see_changes', actor: 'operator:anne' });
    expect(record.detail).toContain('Même association.');
    expect(record.detail).toContain('Association sportive fictive → C');

    // The same again is nothing new; another name is.
    await says({ ...facts, name: 'C' }, '2026-12-03');
    expect(await toReview()).toEqual([]);
    await says({ ...facts, name: 'D' }, '2026-12-04');
    expect(await toReview()).toEqual([id]);
    await send(seen.file.version, see(...((await opened(id)).circumstances.moved ?? [])));
    expect(await toReview()).toEqual([]);
    // So is another reason beside the one that was seen.
    await says({ ...facts, name: 'D', legalCategory: '9221' }, '2026-12-05');
    expect(await toReview()).toEqual([id]);
  }, 60_000);

  it('shows an operator bounded to one service what concerns it, and leaves the rest to those of the others', async () => {
    const { id } = await stories.taken(['docs', 'tchap']);
    for (const service of ['docs', 'tchap'])
      await room.act(id, anne, { act: 'approve', service, terms: room.terms(), text: 'Accordé.' });
    await room.act(id, anne, { act: 'release' });
    await says({ name: 'E', legalCategory: '9221', unitState: 'A' }, '2026-12-06');
    const bounded = { services: ['tchap'] };
    const waits = async (perimeter: object) =>
      (await room.registrations.queue({ review: true }, { operatorId: 'bruno', perimeter })).files.map(
        (file) => file.id,
      );
    const own = await room.registrations.forOperator(id, bounded);
    const findings = [...(own?.circumstances.moved ?? [])];
    expect(new Set(findings.map(({ service }) => service))).toEqual(new Set(['tchap']));
    await room.registrations.act({
      id,
      seen: own?.file.version ?? 0,
      actor: operatorCalled('bruno'),
      act: see(...findings),
    });
    expect(await waits(bounded)).toEqual([]);
    expect(await waits({ services: ['docs'] })).toEqual([id]);
    expect(new Set((await opened(id)).circumstances.moved?.map(({ service }) => service))).toEqual(
      new Set(['docs']),
    );
    expect((await room.registrations.forOperator(id, bounded))?.circumstances.moved).toEqual([]);
  });

  it('is not marked by who may not know it, nor by a form that was made up', async () => {
    const { id } = await stories.approved();
    const { version } = (await opened(id)).file;
    const send = (act: Act, actor = operatorCalled('anne')) =>
      code(room.registrations.act({ id, seen: version, actor, act }));
    expect(await send(see())).toBe('M-FILE-080');
    expect(await send(see(renamed))).toBe('M-FILE-080');
    expect(await send(see(renamed), operatorCalled('maire', [association]))).toBe('M-FILE-005');
  });
});
