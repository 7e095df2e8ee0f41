import { expect, test, vi } from 'vitest';
import { parisDate } from '../../eligibility/eligibility.ts';
import { operatorCalled, reasons } from '../../registrations/testing/room.ts';
import { createBatches } from '../batches.ts';
import type { BatchesNeeds } from '../batches.ts';
import { anne, associations, batches, charges, ended, filesOf, marc, needsWith } from './lots-room.ts';
import { problems, refusal, room, seeing, seen, withList } from './lots-room.ts';

/** A lot that goes wrong: taken back, given up, stopped. */
export function takingBack(): void {
  test('is taken back by two people, once each organization was heard, but where something has happened since', async () => {
    const id = await withList(associations.slice(36, 40));
    const mine = await seen(id, seeing(anne));
    await batches.decide('carry_out', mine.on, mine.digest);
    await ended(id, 'done');
    const [first, second, third] = (await batches.open(id, seeing(anne))).lines.map(
      (line) => line.registration ?? '',
    );
    const other = operatorCalled('paul');
    await room.act(first ?? '', other, { act: 'take' });
    await room.act(first ?? '', other, { act: 'suspend_urgently', service: 'docs', ...reasons });

    const why = { text: 'La règle citée n’est pas encore en vigueur.', rule: 'CRPA, article L242-1' };
    await batches.proposeUndo((await seen(id, seeing(anne))).on, why);
    const own = await seen(id, seeing(anne));
    await expect(batches.confirmUndo(own.on)).rejects.toEqual(refusal('M-BULK-004'));
    // Whoever confirms reads what each organization will be told.
    const asked = (await seen(id, seeing(marc))).opened;
    const { letter } = await batches.letterOf(asked, seeing(marc), asked.lines[1]?.line ?? 0);
    expect(JSON.stringify(letter)).toContain('La règle citée n’est pas encore en vigueur.');
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
    await room.act(third ?? '', other, { act: 'take' });
    await room.act(third ?? '', other, {
      act: 'reinstate',
      service: 'docs',
      text: 'La règle est en vigueur.',
    });
    room.pass(16);
    const last = (await seen(id, seeing(marc))).opened;
    const read = await Promise.all(
      last.lines.slice(2).map(({ line }) => batches.letterOf(last, seeing(marc), line)),
    );
    expect(read.map((one) => one.refused ?? one.letter?.template)).toMatchInlineSnapshot(`
      [
        "M-FILE-003",
        "withdrawal@2",
      ]
    `);
    await batches.finishUndo((await seen(id, seeing(marc))).on);
    expect(await ended(id, 'undone')).toEqual({ kept: 3, undone: 1 });
    const { lines } = await batches.open(id, seeing(anne));
    expect(lines.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
      'M-FILE-003',
      'answered',
      'reinstated',
      'undone',
    ]);

    // A mistake that was mended is no refusal: the lot is made again, right.
    const again = await seen(await withList(associations.slice(36, 40)), seeing(anne));
    expect(again.verdicts).toEqual({ suspended_before: 1, same: 2, new: 1 });
  });

  test('whose withdrawal was announced may be given up: its files are decided about one by one', async () => {
    const id = await withList(associations.slice(40, 41));
    const mine = await seen(id, seeing(anne));
    await batches.decide('carry_out', mine.on, mine.digest);
    await ended(id, 'done');
    const why = { text: 'Erreur.', rule: 'CRPA, article L242-1' };
    await batches.proposeUndo((await seen(id, seeing(anne))).on, why);
    await batches.confirmUndo((await seen(id, seeing(marc))).on);
    await ended(id, 'announced');
    room.pass(16);
    charges.set('anne', 'none');
    const { on } = await seen(id, seeing(marc));
    await expect(batches.finishUndo(on)).rejects.toEqual(refusal('M-BULK-009'));
    charges.delete('anne');
    await batches.abandonUndo(on, 'La règle est publiée.');
    const given = await seen(id, seeing(marc));
    expect(given.opened.batch).toMatchObject({ state: 'done', undo: undefined });
    expect(given.opened.lines).toMatchObject([{ outcome: 'kept', reason: 'abandoned' }]);
    await expect(batches.proposeUndo(given.on, why)).rejects.toEqual(refusal('M-BULK-006'));
  });

  test('is stopped by one person, and a line that keeps failing lets the others go on', async () => {
    const id = await withList(associations.slice(41, 44));
    const mine = await seen(id, seeing(anne));
    await batches.decide('carry_out', mine.on, mine.digest);
    const { on } = await seen(id, seeing(marc));
    const grants = async (grant: BatchesNeeds['registrations']['grant'], times: number) => {
      const some = createBatches(needsWith({ grant }));
      for (let tried = 1; tried <= times; tried += 1) {
        problems.length = 0;
        const end = some.carryingOut.start();
        await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 30_000, interval: 20 });
        await end();
        room.pass(0.01);
      }
    };
    // The process dies after the first one, which it could not mark.
    await grants(async (request) => {
      if ((await filesOf(id)).length > 0) throw new Error('dead');
      await room.registrations.grant(request);
      throw new Error('killed after the commit');
    }, 1);
    await batches.stop(on, 'La liste n’est pas la bonne.');
    expect(await ended(id, 'done')).toEqual({ done: 1, left_out: 2 });
    expect((await batches.open(id, seeing(anne))).lines[2]).toMatchObject({
      reason: 'stopped',
      about: 'La liste n’est pas la bonne.',
    });

    const next = await withList(associations.slice(44, 47));
    const again = await seen(next, seeing(anne));
    await batches.decide('carry_out', again.on, again.digest);
    await grants((request) => {
      if (request.organization === associations[44]?.siren) throw new Error('out of order');
      return room.registrations.grant(request);
    }, 5);
    expect(await ended(next, 'done')).toEqual({ failed: 1, done: 2 });
  });
}
