import { describe, expect, it } from 'vitest';
import { catalogue } from '../errors/errors.ts';
import type { ErrorCode } from '../errors/errors.ts';
import { entriesPerHour } from './bounded-record.ts';
import { createRefusals, refusalsPerHour } from './refusals.ts';
import type { RecordedRefusal } from './refusals.ts';

const idp = { id: 'commune' };
const rule = catalogue['M-UPST-018'].hint;

/** Processes that share marks and the record. */
function createProcesses(count: number, record?: () => Promise<void>) {
  const clock = { now: new Date('2027-01-04T10:00:00Z') };
  const marks = new Map<string, Date>();
  const recorded: RecordedRefusal[] = [];
  const events: unknown[] = [];
  const processes = Array.from({ length: count }, () =>
    createRefusals({
      clock: () => clock.now,
      logger: { warn: (fields: unknown) => events.push(fields), info: () => undefined },
      once: async (key, until) => !marks.has(key) && Boolean(marks.set(key, until)),
      record: async (_at, refusal) => {
        await record?.();
        recorded.push(refusal);
      },
    }),
  );
  return { clock, marks, recorded, events, processes };
}

describe('what a refused answer leaves', () => {
  it('is a security event and an entry, with nobody in either', async () => {
    const { recorded, events, processes } = createProcesses(1);
    await processes[0]?.(idp, 'M-UPST-018');
    expect(events).toEqual([{ event: 'upstream.refused', idp: 'commune', code: 'M-UPST-018', rule }]);
    expect(recorded).toEqual([
      { act: 'upstream.refuse', subject: 'upstream:commune', after: { code: 'M-UPST-018', rule } },
    ]);
  });

  it.each(['M-UPST-001', 'M-UPST-003', 'M-UPST-004', 'M-UPST-034', 'M-UPST-046'] as const)(
    'is nothing when no answer was wrong: %s',
    async (code) => {
      const { recorded, events, processes } = createProcesses(1);
      await processes[0]?.(idp, code);
      expect([recorded, events]).toEqual([[], []]);
    },
  );

  it('is an event and an entry of a provider that was disabled while somebody was there, a few times an hour for all', async () => {
    const { recorded, events, processes } = createProcesses(1);
    for (let number = 0; number < 2 * refusalsPerHour.code; number += 1)
      await processes[0]?.({ id: `idp-${String(number)}` }, 'M-UPST-014');
    expect(events[0]).toMatchObject({ event: 'upstream.refused', idp: 'idp-0', code: 'M-UPST-014' });
    expect(recorded[0]).toMatchObject({ subject: 'upstream:idp-0', after: { code: 'M-UPST-014' } });
    expect(recorded).toHaveLength(refusalsPerHour.code);
  });

  it('is an event each time, and a few entries an hour for all processes together', async () => {
    const { recorded, events, processes } = createProcesses(3);
    for (let times = 0; times < 100; times += 1)
      await Promise.all(processes.map((process) => process(idp, 'M-UPST-018')));
    expect(events).toHaveLength(300);
    expect(recorded).toHaveLength(entriesPerHour);
  });

  it('counts what it did not record, and says so the next hour', async () => {
    const { clock, recorded, processes } = createProcesses(1);
    for (let times = 0; times < 10; times += 1) await processes[0]?.(idp, 'M-UPST-018');
    clock.now = new Date('2027-01-04T11:00:00Z');
    await processes[0]?.(idp, 'M-UPST-018');
    await processes[0]?.(idp, 'M-UPST-018');
    expect(recorded.slice(entriesPerHour).map(({ after }) => after)).toEqual([
      { code: 'M-UPST-018', rule, unrecorded_before: 10 - entriesPerHour },
      { code: 'M-UPST-018', rule },
    ]);
  });

  it('of one identity provider or code takes no place of another', async () => {
    const { recorded, processes } = createProcesses(1);
    for (let times = 0; times < 10; times += 1) await processes[0]?.(idp, 'M-UPST-018');
    await processes[0]?.(idp, 'M-UPST-021');
    await processes[0]?.({ id: 'etat' }, 'M-UPST-018');
    expect(recorded.slice(entriesPerHour).map(({ subject, after }) => [subject, after.code])).toEqual([
      ['upstream:commune', 'M-UPST-021'],
      ['upstream:etat', 'M-UPST-018'],
    ]);
  });

  it('that anybody may cause, with a browser or a post, is bounded for each code and for all: nobody fills the record', async () => {
    const { clock, recorded, processes } = createProcesses(2);
    const from = async (code: ErrorCode) => {
      for (let number = 0; number < 2 * refusalsPerHour.anybody; number += 1)
        await processes[number % 2]?.({ id: `idp-${String(number)}` }, code);
    };
    await from('M-UPST-007');
    expect(recorded).toHaveLength(refusalsPerHour.code);
    for (const code of ['M-UPST-002', 'M-UPST-005', 'M-UPST-029', 'M-UPST-042'] as const) await from(code);
    expect(recorded).toHaveLength(refusalsPerHour.anybody);
    clock.now = new Date('2027-01-04T11:00:00Z');
    await processes[0]?.(idp, 'M-UPST-007');
    // By this process: half of those of its code, and of the two codes for which there was no room left under all.
    const others_unrecorded_before =
      (2 * refusalsPerHour.anybody - refusalsPerHour.code) / 2 + refusalsPerHour.code;
    expect(recorded.at(-1)?.after).toEqual({
      code: 'M-UPST-007',
      rule: catalogue['M-UPST-007'].hint,
      others_unrecorded_before,
    });
  });

  it('that only an identity provider can cause is hidden by nothing that others do', async () => {
    const { recorded, processes } = createProcesses(1);
    for (const code of ['M-UPST-042', 'M-UPST-007', 'M-UPST-002', 'M-UPST-029'] as const)
      for (let number = 0; number < 2 * refusalsPerHour.anybody; number += 1)
        await processes[0]?.({ id: `idp-${String(number)}` }, code);
    expect(recorded).toHaveLength(refusalsPerHour.anybody);
    await processes[0]?.(idp, 'M-UPST-018');
    expect(recorded.at(-1)?.subject).toBe('upstream:commune');
  });

  it('is of the identity provider that was asked, and names the one in whose place it came', async () => {
    const { recorded, processes } = createProcesses(1);
    await processes[0]?.(idp, 'M-UPST-005', { id: 'etat' });
    await processes[0]?.(idp, 'M-UPST-018', { id: 'commune' });
    const code = 'M-UPST-005';
    expect(recorded.map(({ subject, after }) => [subject, after])).toEqual([
      ['upstream:commune', { code, rule: catalogue[code].hint, answered_at: 'etat' }],
      ['upstream:commune', { code: 'M-UPST-018', rule }],
    ]);
  });

  it('that cannot be recorded is told in the log, and hinders nobody', async () => {
    const { events, processes } = createProcesses(1, () => Promise.reject(new Error('no database')));
    await expect(processes[0]?.(idp, 'M-UPST-018')).resolves.toBeUndefined();
    expect(events).toMatchObject([{ event: 'upstream.refused' }, { event: 'upstream.unrecorded' }]);
  });
});
