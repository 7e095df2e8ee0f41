// The lifecycle, state by state: what may happen there and where it leads. Whatever is not in a line is refused there,
// to every actor, at every time, however it is said.
import { describe, expect, it } from 'vitest';
import { addDays, parisDate } from '../eligibility/eligibility.ts';
import type { ActName } from './act.ts';
import { isAppealPending } from './appeals.ts';
import { requestStates } from './file.ts';
import type { RegistrationFile, RequestState } from './file.ts';
import { dueByNow } from './lifecycle.ts';
import { rules } from './rules.ts';
import { examples, service } from './testing/examples.ts';
import { expected } from './testing/lifecycle-table.ts';
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
  registerMoved,
  stranger,
  tell,
  waysToSay,
} from './testing/people.ts';

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
      [registerMoved, acceptance].flatMap((circumstances) =>
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

  it('has nothing left to do in files that are over, but to let silence answer an appeal', () => {
    for (const file of examples.filter((one) =>
      ['upheld', 'renewed', 'expired', 'closed'].includes(stateOf(one)),
    )) {
      const due = dueByNow(file, noon('2060-01-01'), refusal).map(({ act }) => act);
      expect(due).toEqual(file.requests.some(isAppealPending) ? ['silence'] : []);
    }
  });
});
