// The lifecycle, state by state: what may happen there and where it leads. Whatever is not in a line is refused there,
// to every actor, at every time, however it is said.
import { describe, expect, it } from 'vitest';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import type { ActName } from './act.ts';
import { requestStates } from './file.ts';
import type { RegistrationFile, RequestState } from './file.ts';
import { dueByNow } from './lifecycle.ts';
import { rules } from './rules.ts';
import { examples, service } from './testing/examples.ts';
import {
  acceptance,
  alice,
  applicant,
  bob,
  carol,
  clock,
  mayor,
  noon,
  refusal,
  register,
  stranger,
  tell,
  waysToSay,
} from './testing/people.ts';

/** `act` where the state stays, `act → state` where it leads. */
const expected: Readonly<Record<RequestState, readonly string[]>> = {
  draft: ['submit → submitted', 'grant → approved'],
  // Examined.
  submitted: [
    'take → under_review',
    'note',
    'withdraw_request → withdrawn',
    'silence → implicitly_refused',
    'silence → implicitly_accepted',
  ],
  under_review: [
    'take',
    'release',
    'note',
    'ask_pieces → info_requested',
    'check_evidence',
    'transfer',
    'approve → approved',
    'propose',
    'confirm → refused',
    'decline',
    'withdraw_request → withdrawn',
    'silence → implicitly_refused',
    'silence → implicitly_accepted',
  ],
  info_requested: [
    'supply → under_review',
    'take',
    'release',
    'note',
    'ask_pieces',
    'check_evidence',
    'transfer',
    'approve → approved',
    'propose',
    'confirm → refused',
    'decline',
    'withdraw_request → withdrawn',
    'silence → implicitly_refused',
    'silence → implicitly_accepted',
  ],
  withdrawn: ['release', 'note'],
  // In force.
  approved: [
    'take',
    'release',
    'note',
    'notify_suspension → suspension_notified',
    'suspend_urgently → suspended_urgent',
    'renewal_due → renewal_due',
    'expire → expired',
    'renewed_by → renewed',
    'close → closed',
  ],
  implicitly_accepted: [
    'take',
    'release',
    'note',
    'notify_suspension → suspension_notified',
    'suspend_urgently → suspended_urgent',
    'renewal_due → renewal_due',
    'expire → expired',
    'renewed_by → renewed',
    'close → closed',
  ],
  renewal_due: [
    'take',
    'release',
    'note',
    'remind',
    'notify_suspension → suspension_notified',
    'suspend_urgently → suspended_urgent',
    'expire → expired',
    'renewed_by → renewed',
    'close → closed',
  ],
  suspension_notified: [
    'take',
    'release',
    'note',
    'answer_notice',
    'remind',
    'suspend → suspended',
    'suspend_urgently → suspended_urgent',
    'reinstate → approved',
    'propose',
    'confirm → abrogated',
    'confirm → withdrawn_by_authority',
    'decline',
    'expire → expired',
    'close → closed',
  ],
  // Held back.
  suspended: [
    'take',
    'release',
    'note',
    'reinstate → approved',
    'propose',
    'confirm → abrogated',
    'confirm → withdrawn_by_authority',
    'decline',
    'appeal → appealed',
    'expire → expired',
    'close → closed',
  ],
  suspended_urgent: [
    'take',
    'release',
    'note',
    'notify_suspension',
    'answer_notice',
    'suspend → suspended',
    'reinstate → approved',
    'propose',
    'confirm → abrogated',
    'confirm → withdrawn_by_authority',
    'decline',
    'appeal → appealed',
    'expire → expired',
    'close → closed',
  ],
  // Refused, or taken away.
  refused: ['release', 'note', 'appeal → appealed'],
  implicitly_refused: [
    'take',
    'release',
    'note',
    'approve → approved',
    'propose',
    'confirm → refused',
    'decline',
    'ask_motives',
    'communicate_motives',
    'appeal → appealed',
  ],
  abrogated: ['release', 'note', 'appeal → appealed'],
  withdrawn_by_authority: ['release', 'note', 'appeal → appealed'],
  // In place of an appeal that an operator recorded: the applicant's own.
  appealed: [
    'appeal',
    'take',
    'release',
    'note',
    'communicate_motives',
    'decide_appeal → upheld',
    'decide_appeal → approved',
    'decide_appeal → suspended',
    'decide_appeal → suspended_urgent',
    'silence → implicitly_upheld',
    'silence → suspended',
    'silence → suspended_urgent',
  ],
  implicitly_upheld: [
    'take',
    'release',
    'note',
    'decide_appeal → upheld',
    'decide_appeal → approved',
    'appeal → appealed',
  ],
  // Over.
  upheld: ['release', 'note', 'appeal → appealed'],
  // What renewed it was taken back.
  renewed: ['release', 'note', 'revive → approved'],
  // Before its last day is over: a clock was wrong.
  expired: ['release', 'note', 'renewed_by → renewed', 'suspend_urgently → suspended_urgent'],
  closed: ['release', 'note'],
};

const actors = [applicant, stranger, alice, bob, carol, mayor, clock, register];
const stateOf = (file: RegistrationFile): RequestState => file.requests[0]?.state ?? 'draft';
const actNames = Object.keys(rules).filter((name): name is ActName => name in rules);

/** At once, later, around every day that means something to the file, and before what it says has happened. */
function timesFor(file: RegistrationFile): readonly Date[] {
  const last = file.events.at(-1)?.at ?? noon('2026-11-20');
  const today = parisDate(last);
  const ends = file.requests.flatMap((request) => request.terms?.endsOn ?? []);
  const days = [0, 16, 62, 95].map((count) => addDays(today, count));
  const around = ends.flatMap((end) => [-90, -7, 1].map((count) => addDays(end, count)));
  return [...[...days, ...around].filter((day) => day >= today), ...ends].map((day) => noon(day));
}

function whatMayHappen(file: RegistrationFile): readonly string[] {
  const from = stateOf(file);
  return timesFor(file).flatMap((on) =>
    actors.flatMap((by) =>
      [refusal, acceptance].flatMap((circumstances) =>
        actNames.flatMap((name) =>
          waysToSay(name, service, parisDate(on)).flatMap((act) => {
            const outcome = tell(file, { on, by, act }, circumstances);
            if (outcome.kind === 'refused') return [];
            const to = stateOf(outcome.file);
            return to === from ? [name] : [`${name} → ${to}`];
          }),
        ),
      ),
    ),
  );
}

describe('the lifecycle', () => {
  it('has an example of each state', () => {
    expect(new Set(examples.map(stateOf))).toEqual(new Set(requestStates));
  });

  it.each(requestStates)('%s', (state) => {
    const files = examples.filter((file) => stateOf(file) === state);
    const found = new Set(files.flatMap(whatMayHappen));
    expect([...found].toSorted()).toEqual(expected[state].toSorted());
  });

  it('leads where the table says, and nowhere else', () => {
    for (const name of actNames) {
      const shown = new Set(
        Object.values(expected)
          .flat()
          .map((line) => line.split(' → '))
          .filter(([act]) => act === name)
          .map(([, to]) => to ?? 'stays'),
      );
      const named = new Set([...rules[name].to].filter((to) => to !== 'stays'));
      expect([...shown].filter((to) => to !== 'stays').toSorted(), name).toEqual([...named].toSorted());
    }
  });

  it('has nothing left to do in files that are over', () => {
    for (const file of examples.filter((one) =>
      ['upheld', 'renewed', 'expired', 'closed'].includes(stateOf(one)),
    )) {
      expect(dueByNow(file, noon('2060-01-01'), refusal)).toEqual([]);
    }
  });
});
