import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Act, Motive } from './act.ts';
import { statisticsOf } from './statistics.ts';
import { reasons, terms } from './testing/people.ts';
import { applicantOf, openRoom } from './testing/room.ts';

const period = { from: '2026-11-01', to: '2026-12-31' };
const line = (registration: string, on: string, act: Act) => ({ registration, on, act });
const submit = (registration: string, on: string, ...services: string[]) =>
  line(registration, on, { act: 'submit', content: {}, services });
const approve = (registration: string, on: string, service: string) =>
  line(registration, on, { act: 'approve', service, terms, text: 'x' });
const propose = (registration: string, on: string, decision: 'refuse' | 'abrogate') =>
  line(registration, on, { act: 'propose', service: 'docs', proposal: { decision, ...reasons } });
const confirm = (registration: string, on: string) =>
  line(registration, on, { act: 'confirm', service: 'docs' });

test('nothing is nothing', () => {
  expect(statisticsOf([], period, 30)).toEqual({
    ...period,
    targetDays: 30,
    files: 0,
    requests: 0,
    decisions: { approved: 0, refused: 0, implicitly_refused: 0, implicitly_accepted: 0 },
    medianDays: undefined,
    withinTarget: 0,
    renounced: 0,
    suspensions: 0,
    endings: 0,
    appeals: 0,
    granted: 0,
    motives: [],
    services: [],
    months: [
      { month: '2026-11', requests: 0, decisions: 0 },
      { month: '2026-12', requests: 0, decisions: 0 },
    ],
  });
});

test('counts requests by service, the first decision on each, and the days that it took', () => {
  const statistics = statisticsOf(
    [
      submit('a', '2026-11-02', 'docs', 'tchap'),
      approve('a', '2026-11-12', 'tchap'),
      propose('a', '2026-11-20', 'refuse'),
      confirm('a', '2026-11-22'),
      approve('a', '2026-12-02', 'docs'),
      // Received before the period, decided in it.
      submit('b', '2026-10-01', 'docs'),
      line('b', '2026-12-02', { act: 'silence', service: 'docs', means: 'refusal' }),
      // Decided before the period: only its end counts.
      submit('c', '2026-09-01', 'docs'),
      approve('c', '2026-10-01', 'docs'),
      propose('c', '2026-11-03', 'abrogate'),
      confirm('c', '2026-11-04'),
    ],
    period,
    30,
  );
  expect(statistics).toMatchObject({
    files: 1,
    requests: 2,
    decisions: { approved: 1, refused: 1, implicitly_refused: 1, implicitly_accepted: 0 },
    medianDays: 20,
    // Of ten, twenty and sixty-two days.
    withinTarget: 2,
    endings: 1,
    motives: [{ motive: 'condition_no_longer_met', count: 1, services: [{ service: 'docs', count: 1 }] }],
    months: [
      { month: '2026-11', requests: 2, decisions: 2 },
      { month: '2026-12', requests: 0, decisions: 1 },
    ],
  });
  expect(statistics.services).toMatchObject([
    { service: 'docs', requests: 1, medianDays: 41 },
    { service: 'tchap', requests: 1, medianDays: 10 },
  ]);
});

test('counts each right that was given up once, by service, of the day on which it was said', () => {
  const renounce = (registration: string, on: string, service: string, from: string) =>
    line(registration, on, { act: 'renounce', service, from, text: '' });
  const onPaper = { decision: 'renounce', from: '2026-12-20', receivedOn: '2026-12-01', text: '' } as const;
  const statistics = statisticsOf(
    [
      submit('a', '2026-09-02', 'docs', 'tchap'),
      approve('a', '2026-09-12', 'docs'),
      approve('a', '2026-09-12', 'tchap'),
      renounce('a', '2026-11-20', 'docs', '2027-03-01'),
      renounce('a', '2026-12-20', 'docs', '2027-01-15'),
      renounce('a', '2026-12-20', 'tchap', '2026-12-20'),
      submit('b', '2026-09-02', 'docs'),
      approve('b', '2026-09-12', 'docs'),
      line('b', '2026-12-02', { act: 'propose', service: 'docs', proposal: onPaper }),
      confirm('b', '2026-12-03'),
      // Not agreed to; what is confirmed then is an abrogation.
      submit('c', '2026-09-01', 'docs'),
      approve('c', '2026-10-01', 'docs'),
      line('c', '2026-11-02', { act: 'propose', service: 'docs', proposal: onPaper }),
      line('c', '2026-11-02', { act: 'decline', service: 'docs', text: 'x' }),
      propose('c', '2026-11-03', 'abrogate'),
      confirm('c', '2026-11-04'),
      // Before the period.
      submit('d', '2026-09-01', 'docs'),
      approve('d', '2026-10-01', 'docs'),
      renounce('d', '2026-10-31', 'docs', '2026-12-01'),
    ],
    period,
    30,
  );
  expect(statistics).toMatchObject({ renounced: 3, endings: 1 });
  expect(statistics.services).toMatchObject([
    { service: 'docs', requests: 0, renounced: 2 },
    { service: 'tchap', requests: 0, renounced: 1 },
  ]);
});

test('a median between two', () => {
  const lines = [
    submit('a', '2026-11-02', 'docs', 'tchap'),
    approve('a', '2026-11-03', 'docs'),
    approve('a', '2026-11-06', 'tchap'),
  ];
  expect(statisticsOf(lines, period, 30).medianDays).toBe(2.5);
});

test('says of each motive of refusal how often it was given, and for which services', () => {
  const refused = (registration: string, service: string, motive: Motive) => [
    submit(registration, '2026-11-02', service),
    line(registration, '2026-11-09', {
      act: 'propose',
      service,
      proposal: { decision: 'refuse', ...reasons, motive },
    }),
    line(registration, '2026-11-10', { act: 'confirm', service }),
  ];
  const lines = [
    ...refused('a', 'docs', 'mandate_not_proven'),
    ...refused('b', 'tchap', 'mandate_not_proven'),
    ...refused('c', 'docs', 'other'),
    ...refused('d', 'docs', 'mandate_not_proven'),
  ];
  expect(statisticsOf(lines, period, 30).motives).toEqual([
    {
      motive: 'mandate_not_proven',
      count: 3,
      services: [
        { service: 'docs', count: 2 },
        { service: 'tchap', count: 1 },
      ],
    },
    { motive: 'other', count: 1, services: [{ service: 'docs', count: 1 }] },
  ]);
});

test('an event that holds U+0000 is counted, and hides no other', async () => {
  const room = await openRoom();
  try {
    const ada = applicantOf('Ada');
    await room.submit(await room.draft(ada), ada);
    const nul = String.raw`\u0000`;
    await sql`update registration_event
      set event = replace(event, 'Préparer les réunions.', ${nul} || 'x' || ${nul})`.execute(room.stores.db);
    const { rows } = await sql`select event from registration_event where strpos(event, ${nul}) > 0`.execute(
      room.stores.db,
    );
    expect(rows).toHaveLength(1);
    const statistics = await room.registrations.statistics({ from: '2026-01-01', to: '2027-12-31' }, {});
    expect(statistics).toMatchObject({ files: 1, requests: 1 });
  } finally {
    await room.close();
  }
}, 60_000);

test('an appeal that takes the place of a recorded one is one appeal, of the day on which it was recorded', () => {
  const appeal = (on: string, receivedOn?: string) =>
    line('a', on, { act: 'appeal', service: 'docs', text: 'x', ...(receivedOn && { receivedOn }) });
  const answer = (on: string, outcome: 'upheld' | 'reversed') =>
    line('a', on, { act: 'decide_appeal', service: 'docs', outcome, text: 'x', rule: 'x' });
  const refused = [
    submit('a', '2026-09-01', 'docs'),
    propose('a', '2026-10-10', 'refuse'),
    confirm('a', '2026-10-11'),
  ];
  const appeals = (...story: readonly ReturnType<typeof line>[]) =>
    statisticsOf([...refused, ...story], period, 30).appeals;
  const recorded = appeal('2026-11-03', '2026-11-02');
  expect(appeals(appeal('2026-11-03'))).toBe(1);
  expect(appeals(recorded)).toBe(1);
  expect(appeals(recorded, appeal('2026-11-05'))).toBe(1);
  // Answered in between, by somebody or by silence: the decision that is contested is the same.
  expect(appeals(recorded, answer('2026-11-04', 'upheld'), appeal('2026-11-05'))).toBe(1);
  const silence = line('a', '2026-11-04', { act: 'silence', service: 'docs', means: 'refusal' });
  expect(appeals(recorded, silence, appeal('2026-11-05'))).toBe(1);
  // Recorded before the period, it is counted there.
  expect(appeals(appeal('2026-10-30', '2026-10-29'), appeal('2026-11-05'))).toBe(0);
  // Against another decision it is another one, and so is that of another file.
  const suspend = line('a', '2026-11-10', { act: 'suspend_urgently', service: 'docs', ...reasons });
  expect(appeals(recorded, answer('2026-11-04', 'reversed'), suspend, appeal('2026-11-11'))).toBe(2);
  expect(appeals(recorded, { ...appeal('2026-11-05'), registration: 'b' })).toBe(2);
});
