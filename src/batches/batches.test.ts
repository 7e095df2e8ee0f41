import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parisDate } from '../eligibility/eligibility.ts';
import { loadTerritories } from '../organizations/organizations.ts';
import { openRoom, operatorCalled, reasons } from '../registrations/testing/room.ts';
import type { Room } from '../registrations/testing/room.ts';
import { createBatches, toGrant } from './batches.ts';
import type { Batches, BatchesNeeds, Viewer } from './batches.ts';
import { csvOf, inventAssociations } from './testing/associations.ts';
import type { Association } from './testing/associations.ts';

const [anne, marc] = [operatorCalled('anne'), operatorCalled('marc')];
const seeing = (actor: Viewer['actor'], departments?: readonly string[]): Viewer => ({
  actor,
  within: ({ department }) => departments?.includes(department ?? '') !== false,
});

let room: Room;
let associations: readonly Association[];
let batches: Batches;
const problems: unknown[] = [];

const needsWith = (change: Partial<BatchesNeeds['registrations']> = {}): BatchesNeeds => ({
  db: room.stores.db,
  clock: room.needs.clock,
  logger: {
    info: () => undefined,
    warn: () => undefined,
    error: (fields: object) => void problems.push(fields),
  },
  randomBytes: room.needs.randomBytes,
  territories: () => territories,
  registrations: { ...room.registrations, ...change },
});
const territories = loadTerritories();

beforeAll(async () => {
  room = await openRoom();
  associations = await inventAssociations(room.stores.db, 40);
  batches = createBatches(needsWith());
}, 180_000);
afterAll(() => room.close());

/** A lot that waits for its list. */
const begin = (change: object = {}) =>
  batches.start(
    {
      services: ['docs'],
      ...room.terms(),
      text: 'Associations départementales de maires, dont tous les membres sont publics.',
      rule: 'Règle publiée le 2 mars 2026',
      ...change,
    },
    anne,
  );
async function withList(of: readonly Association[], change: object = {}): Promise<string> {
  const id = await begin(change);
  const file = { name: 'liste.csv', bytes: csvOf(of) };
  expect(await batches.saveList({ id, seen: 1, viewer: seeing(anne) }, file)).toBeUndefined();
  return id;
}
/** What somebody sees, and the act that they may ask for. */
async function seen(id: string, viewer: Viewer) {
  const opened = await batches.open(id, viewer);
  return {
    opened,
    on: { id, seen: opened.batch.seen, viewer },
    digest: opened.run?.digest ?? '',
    verdicts: Object.fromEntries(
      [...Map.groupBy(opened.run?.judged ?? [], ({ verdict, reason }) => reason ?? verdict)].map(
        ([name, of]) => [name, of.length],
      ),
    ),
  };
}
async function ended(id: string, state: string): Promise<Readonly<Record<string, number>>> {
  const stop = batches.carryingOut.start();
  await vi.waitFor(
    async () => {
      const { db } = room.stores;
      const row = await db.selectFrom('batch').select('state').where('id', '=', id).executeTakeFirst();
      expect(row?.state).toBe(state);
    },
    { timeout: 30_000, interval: 20 },
  );
  await stop();
  const { lines } = await batches.open(id, seeing(anne));
  return Object.fromEntries(
    [...Map.groupBy(lines, ({ outcome }) => outcome ?? 'none')].map(([outcome, of]) => [outcome, of.length]),
  );
}
const refusal = (code: string) => expect.objectContaining({ code }) as unknown;
const filesOf = (id: string) =>
  room.stores.db.selectFrom('registration').select('id').where('lot', '=', id).orderBy('id').execute();

describe('a lot', () => {
  test('of the sample of the demonstration says of each line what the documentation says', async () => {
    const id = await begin({ ground: 'operator_doctrine' });
    const bytes = await readFile('demo/lot-organisations.csv');
    await batches.saveList({ id, seen: 1, viewer: seeing(anne) }, { name: 'x.csv', bytes });
    const { verdicts } = await seen(id, seeing({ ...anne, sirens: ['130025265'] }));
    expect(verdicts).toEqual({
      new: 11,
      held_by_configuration: 1,
      twice: 1,
      identifier_key: 1,
      name_differs: 1,
      own_organization: 1,
      unknown: 1,
    });
  });

  test('of more than ten is nothing for one person, and what is confirmed is what was shown', async () => {
    const id = await withList(associations.slice(0, 11));
    const mine = await seen(id, seeing(anne));
    expect(mine.verdicts).toEqual({ new: 11 });
    await expect(batches.decide('carry_out', mine.on, mine.digest)).rejects.toEqual(refusal('M-BULK-007'));
    await batches.propose(mine.on, mine.digest);
    await expect(batches.decide('confirm', { ...mine.on, seen: 3 }, mine.digest)).rejects.toEqual(
      refusal('M-BULK-004'),
    );

    const theirs = await seen(id, seeing(marc));
    const [gone] = associations;
    await room.stores.db
      .updateTable('organization')
      .set({ unit_state: 'C' })
      .where('siren', '=', gone?.siren ?? '')
      .execute();
    await expect(batches.decide('confirm', theirs.on, theirs.digest)).rejects.toEqual(refusal('M-BULK-002'));
    const again = await seen(id, seeing(marc));
    expect(again.verdicts).toEqual({ new: 10, ceased: 1 });
    await expect(batches.sendBack({ ...again.on, seen: 1 }, 'Non')).rejects.toEqual(refusal('M-BULK-002'));
    await batches.sendBack(again.on, 'Une association est fermée.');
    const back = await seen(id, seeing(anne));
    expect(back.opened.batch).toMatchObject({ state: 'draft', returned: 'Une association est fermée.' });
    await batches.cancel(back.on);
    await expect(batches.propose({ ...back.on, seen: back.on.seen + 1 }, back.digest)).rejects.toEqual(
      refusal('M-BULK-003'),
    );
    expect(await filesOf(id)).toEqual([]);
  });

  test('is there for those within whose perimeter all of it lies', async () => {
    const id = await withList(associations.slice(11, 13));
    await expect(batches.open(id, seeing(marc, ['35']))).rejects.toEqual(refusal('M-BULK-001'));
    expect((await seen(id, seeing(marc, ['56']))).verdicts).toEqual({ new: 2 });
    // Its author sees it whatever became of their perimeter, and nothing of what lies outside.
    const bounded = await seen(id, seeing(anne, ['35']));
    expect(bounded.verdicts).toEqual({ out_of_perimeter: 2 });
    expect(bounded.opened.run?.judged.map(({ organization }) => organization)).toEqual([
      undefined,
      undefined,
    ]);
    await expect(batches.propose(bounded.on, bounded.digest)).rejects.toEqual(refusal('M-BULK-006'));
    await expect(batches.open('L-26-00000000', seeing(anne))).rejects.toEqual(refusal('M-BULK-001'));
    expect((await batches.list(seeing(marc, ['35']), true)).map(({ batch }) => batch.id)).not.toContain(id);
  });

  test('goes on where a process died, and does nothing twice', async () => {
    const id = await withList(associations.slice(13, 33));
    const mine = await seen(id, seeing(anne));
    await batches.propose(mine.on, mine.digest);
    const theirs = await seen(id, seeing(marc));
    await batches.decide('confirm', theirs.on, theirs.digest);

    let granted = 0;
    const dying = createBatches(
      needsWith({
        grant: async (request) => {
          const file = await room.registrations.grant(request);
          granted += 1;
          if (granted === 7) throw new Error('killed after the commit');
          return file;
        },
      }),
    );
    const stopDying = dying.carryingOut.start();
    await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 30_000, interval: 20 });
    await stopDying();
    expect(await filesOf(id)).toHaveLength(7);

    // Its claim still holds: nobody else begins. Then it has ended.
    const stop = batches.carryingOut.start();
    await stop();
    expect(await filesOf(id)).toHaveLength(7);
    room.pass(0.01);
    expect(await ended(id, 'done')).toEqual({ done: 20 });
    const files = await filesOf(id);
    expect(files).toHaveLength(20);
    expect(await batches.ofFile(files[0]?.id ?? '')).toBe(id);
    const record = await room.stores.db
      .selectFrom('audit_entry')
      .select(['act', 'actor'])
      .where('subject', '=', `batch:${id}`)
      .orderBy('seq')
      .execute();
    expect(record.map(({ act, actor }) => `${act} ${actor}`)).toEqual([
      'batch.start operator:anne',
      'batch.list operator:anne',
      'batch.propose operator:anne',
      'batch.confirm operator:marc',
      'batch.carried_out operator:marc',
    ]);
  });

  test('is decided by one person when it is small; what is granted already is not granted again', async () => {
    const some = associations.slice(30, 36);
    const id = await withList(some);
    const mine = await seen(id, seeing(anne));
    expect(mine.verdicts).toEqual({ same: 3, new: 3 });
    const letter = await batches.letterOf(mine.opened, seeing(anne), 7);
    expect(letter).toMatchObject({ name: some[5]?.name, refused: undefined });
    expect(JSON.stringify(letter.letter)).toContain('Règle publiée le 2 mars 2026');
    await batches.decide('carry_out', mine.on, mine.digest);
    expect(await ended(id, 'done')).toEqual({ left_out: 3, done: 3 });

    const longer = await seen(await withList(some, { endsOn: '2028-12-31' }), seeing(anne));
    expect(longer.verdicts).toEqual({ changed: 6 });
    expect(toGrant(longer.opened.run ?? { judged: [] })).toHaveLength(6);
  });

  test('is taken back by two people, once each organization was heard, but where something has happened since', async () => {
    const id = await withList(associations.slice(36, 40));
    const mine = await seen(id, seeing(anne));
    await batches.decide('carry_out', mine.on, mine.digest);
    await ended(id, 'done');
    const [first, second] = (await batches.open(id, seeing(anne))).lines.map(
      (line) => line.registration ?? '',
    );
    const other = operatorCalled('paul');
    await room.act(first ?? '', other, { act: 'take' });
    await room.act(first ?? '', other, { act: 'suspend_urgently', service: 'docs', ...reasons });

    const why = { text: 'La règle citée n’est pas encore en vigueur.', rule: 'CRPA, article L242-1' };
    await batches.proposeUndo((await seen(id, seeing(anne))).on, why);
    const own = await seen(id, seeing(anne));
    await expect(batches.confirmUndo(own.on)).rejects.toEqual(refusal('M-BULK-004'));
    await batches.confirmUndo({ ...own.on, viewer: seeing(marc) });
    expect(await ended(id, 'announced')).toEqual({ kept: 1, notified: 3 });
    const announced = await seen(id, seeing(marc));
    expect(announced.opened.batch.undo?.answerBy).toBe('2026-12-08');
    await expect(batches.finishUndo(announced.on)).rejects.toEqual(refusal('M-BULK-008'));

    await room.act(second ?? '', other, {
      act: 'answer_notice',
      service: 'docs',
      text: 'La règle est publiée.',
      receivedOn: parisDate(room.needs.clock()),
    });
    room.pass(16);
    await batches.finishUndo((await seen(id, seeing(marc))).on);
    expect(await ended(id, 'undone')).toEqual({ kept: 2, undone: 2 });
    const { lines } = await batches.open(id, seeing(anne));
    expect(lines.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      'M-FILE-003',
      'answered',
      'undone',
      'undone',
    ]);

    // A mistake that was mended is no refusal: the lot is made again, right.
    const again = await seen(await withList(associations.slice(36, 40)), seeing(anne));
    expect(again.verdicts).toEqual({ suspended_before: 1, same: 1, new: 2 });
  });

  test('that decided nothing goes ninety days after its last change', async () => {
    await batches.purge(100);
    const before = (await batches.list(seeing(anne), false)).length;
    room.pass(91);
    await batches.purge(100);
    const left = await batches.list(seeing(anne), false);
    expect(left.length).toBeLessThan(before);
    expect(left.every(({ batch }) => batch.state === 'done' || batch.state === 'undone')).toBe(true);
  });
});
