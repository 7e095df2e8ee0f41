import { expect, test } from 'vitest';
import type { FileOfPerson } from '../registrations/registrations.ts';
import { nextDay } from './later.ts';
import { erasurePlan, subjectsKept } from './plan.ts';
import type { ErasureFacts } from './plan.ts';

const now = new Date('2026-11-22T10:00:00Z');
const nothing: ErasureFacts = {
  charged: false,
  held: undefined,
  declaredMemberships: 0,
  files: [],
  invitations: [],
  mails: 0,
  waitingMails: 0,
  told: false,
};
const file = (change: Partial<FileOfPerson> = {}): FileOfPerson => ({
  id: 'D-26-0000000A',
  organizationName: 'Association fictive',
  states: ['under_review'],
  standing: 'running',
  until: undefined,
  alone: false,
  ...change,
});
const invitation = {
  id: 'i',
  side: 'sent',
  service: 'tchap',
  address: 'guest@asso.example',
  sponsor: { name: 'A B', email: 'a@etat.example', organization: 'Direction' },
  reason: 'r',
  startsOn: '2026-01-01',
  endsOn: '2027-01-31',
  createdAt: now,
  revokedAt: undefined,
  open: true,
  until: '2028-02-01',
} as const;

const words = (facts: Partial<ErasureFacts>) => {
  const { erased, kept, refused } = erasurePlan({ ...nothing, ...facts });
  return [refused, erased.map((one) => one.words).join(' '), kept.map((one) => one.words).join(' ')];
};

test.each([
  [{}, undefined, 'access account record', 'logouts acts'],
  [{ charged: true }, 'operator', 'access account record', 'logouts acts'],
  // What leads back to a block, or to a right taken away, stays: nobody escapes it by an erasure.
  [{ held: 'blocked' }, undefined, 'access record', 'blocked logouts acts'],
  [{ held: 'revoked' }, undefined, 'access record', 'revoked logouts acts'],
  [{ files: [file({ standing: 'draft' })] }, undefined, 'access account drafts record', 'logouts acts'],
  [{ files: [file()] }, undefined, 'access account record', 'running logouts acts'],
  [{ files: [file({ alone: true })] }, undefined, 'access account record', 'alone logouts acts'],
  [
    { files: [file({ standing: 'ended', until: '2028-01-01' })] },
    undefined,
    'access account record',
    'ended logouts acts',
  ],
  [
    { files: [file({ standing: 'destroyed' })] },
    undefined,
    'access account record',
    'destroyed logouts acts',
  ],
  [{ invitations: [invitation] }, undefined, 'access account sponsor record', 'invitations logouts acts'],
  [
    { invitations: [{ ...invitation, side: 'received' }] },
    undefined,
    'access account guest record',
    'invitations logouts acts',
  ],
  [
    {
      invitations: [{ ...invitation, open: false }],
      mails: 2,
      waitingMails: 1,
      declaredMemberships: 1,
      told: true,
    },
    undefined,
    'access account mails record',
    'invitations declared waiting notice logouts acts',
  ],
] as const satisfies readonly (readonly [Partial<ErasureFacts>, ...unknown[]])[])(
  '%j',
  (facts, refused, erased, kept) => {
    expect(words(facts)).toEqual([refused, erased, kept]);
  },
);

test('a plan that became another one has another digest; a mail that leaves changes nothing', () => {
  const digest = (facts: Partial<ErasureFacts>) => erasurePlan({ ...nothing, ...facts }).digest;
  expect(digest({ mails: 3 })).toBe(digest({ waitingMails: 1 }));
  const others: readonly Partial<ErasureFacts>[] = [
    {},
    { files: [file()] },
    { files: [file({ alone: true })] },
    { held: 'blocked' },
    { charged: true },
  ];
  expect(new Set(others.map((facts) => digest(facts))).size).toBe(others.length);
});

test('what is kept in the record goes with what it is about, on the first day on which something may go', () => {
  const files = [
    file(),
    file({ id: 'D-26-0000000B', standing: 'ended', until: '2028-01-01' }),
    file({ id: 'D-26-0000000C', standing: 'destroyed' }),
  ];
  expect(subjectsKept({ files, invitations: [invitation] })).toEqual([
    'registration:D-26-0000000A',
    'registration:D-26-0000000B',
    'invitation:i',
  ]);
  expect(nextDay({ files: [], invitations: [] }, now)).toBeNull();
  expect(nextDay({ files: files.slice(1), invitations: [] }, now)).toBe('2028-01-01');
  expect(nextDay({ files, invitations: [invitation] }, now)).toBe('2026-12-22');
  expect(nextDay({ files: [], invitations: [{ ...invitation, until: '2020-01-01' }] }, now)).toBe(
    '2026-11-23',
  );
});

test('a refusal of less than a month ago is kept without a name, and the person reads until when', () => {
  const plan = erasurePlan({ ...nothing, refusals: ['2026-12-01', '2026-12-15'] });
  expect(plan.kept.filter(({ words }) => words === 'refused')).toEqual([
    { words: 'refused', count: 2, until: '2026-12-15' },
  ]);
  expect(erasurePlan({ ...nothing, refusals: [] }).kept.map(({ words }) => words)).not.toContain('refused');
});
