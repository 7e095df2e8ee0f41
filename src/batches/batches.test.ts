import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { rewritten } from '../audit/testing/record.ts';
import { destroyedContent } from '../registrations/registrations.ts';
import { applicantOf, operatorCalled, reasons } from '../registrations/testing/room.ts';
import { createBatches, toGrant } from './batches.ts';
import { anne, associations, batches, begin, charges, ended, filesOf, listed } from './testing/lots-room.ts';
import { marc, needsWith, problems, refusal, room, seeing, seen, withList } from './testing/lots-room.ts';
import { newcomers } from './testing/newcomers.ts';
import { takingBack } from './testing/taking-back.ts';

describe('a lot', () => {
  test('of the sample of the demonstration says of each line what the documentation says', async () => {
    const id = await begin({ ground: 'operator_doctrine' });
    const bytes = await readFile('demo/lot-organisations.csv');
    await batches.saveList({ id, seen: 1, viewer: seeing(anne) }, { name: 'x.csv', bytes });
    const { verdicts } = await seen(id, seeing({ ...anne, sirens: ['130025265'] }));
    expect(verdicts).toEqual({
      new: 11,
      new_organization: 1,
      public_body: 1,
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
    // Whoever proposed it stands behind it today, for all of it.
    for (const charge of ['none', ['35']] as const) {
      charges.set('anne', charge);
      await expect(batches.decide('confirm', theirs.on, theirs.digest)).rejects.toEqual(
        refusal('M-BULK-009'),
      );
    }
    charges.delete('anne');
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
    const others = { ...back.on, viewer: seeing(marc) };
    await expect(batches.cancel(others)).rejects.toEqual(refusal('M-BULK-005'));
    charges.set('anne', 'none');
    await batches.cancel(others);
    charges.delete('anne');
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
    expect(await listed(seeing(marc, ['35']), true)).not.toContain(id);
    expect(await listed(seeing(anne, ['35']), true)).toContain(id);
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
          if (granted === 7) throw new Error('killed');
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
    // What was decided is what the second person read: neither the decision nor a line is rewritten under them.
    const longer = `update batch set decision = replace(decision, '2027-12-31', '2031-12-31') where id = '${id}'`;
    const { db } = room.stores;
    expect(await rewritten(db, longer)).toMatchObject([{ kind: 'altered', table: 'batch', key: id }]);
    const more = `update batch_line set services = '["docs","tchap"]' where batch_id = '${id}' and line = 3`;
    expect(await rewritten(db, more)).toMatchObject([{ kind: 'altered', table: 'batch_lines', key: id }]);
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

    // A long list in small pieces is a long list.
    const piece = await seen(
      await withList(associations.slice(14, 22), { endsOn: '2028-12-31' }),
      seeing(anne),
    );
    expect([piece.verdicts, piece.opened.alone]).toEqual([{ changed: 8 }, 7]);
    await expect(batches.decide('carry_out', piece.on, piece.digest)).rejects.toEqual(refusal('M-BULK-007'));
  });

  test('gives nothing that was decided against after it was confirmed, be it in the same instant', async () => {
    const [one] = associations.slice(47);
    const id = await withList(associations.slice(47, 48));
    const mine = await seen(id, seeing(anne));
    await batches.propose(mine.on, mine.digest);
    const theirs = await seen(id, seeing(marc));
    await batches.decide('confirm', theirs.on, theirs.digest);
    const zoe = applicantOf('Zoé');
    const file = await room.draft(zoe, ['docs'], one?.siren);
    await room.submit(file, zoe);
    const [bruno, chloe] = [operatorCalled('bruno'), operatorCalled('chloe')];
    await room.act(file, bruno, { act: 'take' });
    await room.act(file, bruno, {
      act: 'propose',
      service: 'docs',
      proposal: { decision: 'refuse', ...reasons },
    });
    await room.act(file, chloe, { act: 'confirm', service: 'docs' });
    expect(await ended(id, 'done')).toEqual({ failed: 1 });
    expect((await batches.open(id, seeing(anne))).lines).toMatchObject([{ reason: 'M-FILE-074' }]);
  });

  takingBack();

  newcomers();

  test('that decided nothing goes ninety days after its last change', async () => {
    await batches.purge(100);
    const before = (await listed(seeing(anne), false)).length;
    room.pass(91);
    await batches.purge(100);
    const left = (await batches.list(seeing(anne), { isBounded: false })).batches;
    expect(left.length).toBeLessThan(before);
    expect(left.every(({ batch }) => batch.state === 'done' || batch.state === 'undone')).toBe(true);

    // Addresses that serve nothing any more are gone; those of files stay with them.
    const { db } = room.stores;
    const addresses = async () => {
      const rows = await db.selectFrom('batch_line').select(['outcome', 'cells', 'registration']).execute();
      return rows.filter(({ cells }) => cells.includes('@'));
    };
    const kept = await addresses();
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.every(({ registration }) => registration !== null)).toBe(true);
    const destroyed = kept[0]?.registration ?? '';
    await db
      .updateTable('registration')
      .set({ draft: destroyedContent })
      .where('id', '=', destroyed)
      .execute();
    await batches.purge(100);
    expect((await addresses()).map(({ registration }) => registration)).toEqual(
      kept.slice(1).map(({ registration }) => registration),
    );
  });
});
