// Whatever people, time and the registers do, in whatever order: no file reaches a state that the law does not know.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parisDate } from '../eligibility/eligibility.ts';
import type { Act, ActName, Actor, OperatorActor } from './act.ts';
import { besides, contestable, isAppealPending } from './appeals.ts';
import { among, examined, inForce, requestStates, suspended } from './file.ts';
import type { RegistrationFile, Request, RequestState } from './file.ts';
import { withdrawalLimit } from './legal-clock.ts';
import { dueByNow, fold, possible, transition } from './lifecycle.ts';
import type { Circumstances } from './lifecycle.ts';
import { rules } from './rules.ts';
import { appealChangesNothing } from './testing/appeal-changes-nothing.ts';
import { givesUp, isDull } from './testing/dull.ts';
import {
  acceptance,
  alice,
  applicant,
  bob,
  carol,
  clock,
  empty,
  mayor,
  refusal,
  register,
  registerMoved,
  stranger,
  unasked,
  waysToSay,
} from './testing/people.ts';

const services = ['docs', 'tchap'] as const;
const actors: readonly Actor[] = [applicant, alice, bob, carol, mayor, stranger, clock, register];
const actNames = Object.keys(rules).filter((name): name is ActName => name in rules);
const minute = 60_000;
const day = 1440 * minute;
const waits = [
  0,
  minute,
  31 * minute,
  day,
  3 * day,
  16 * day,
  40 * day,
  63 * day,
  130 * day,
  390 * day,
  -day,
];

/** Everything that anybody could say on a day. */
const sayable = new Map<string, readonly Act[]>();
function allWays(today: string): readonly Act[] {
  const known = sayable.get(today);
  if (known !== undefined) return known;
  const ways = services.flatMap((service) => actNames.flatMap((name) => waysToSay(name, service, today)));
  sayable.set(today, ways);
  return ways;
}

interface Step {
  readonly wait: number;
  /** Among what is possible; when `wild`, among everything that can be said. */
  readonly pick: number;
  readonly wild: boolean;
  /** Whether what time has done is recorded first, as it should. */
  readonly punctual: boolean;
}
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    wait: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 1, 2) }, fc.nat(waits.length - 1)),
    pick: fc.nat(),
    wild: fc.integer({ min: 0, max: 5 }).map((one) => one === 0),
    punctual: fc.integer({ min: 0, max: 3 }).map((one) => one > 0),
  }),
  { minLength: 5, maxLength: 40 },
);

const sirenOf = (circumstances: Circumstances): string => circumstances.organizationSiren ?? '';
const isOwn = (operator: OperatorActor | undefined, circumstances: Circumstances): boolean =>
  operator?.sirens.includes(sirenOf(circumstances)) ?? false;

function checkFile(file: RegistrationFile, circumstances: Circumstances): void {
  expect(file.version).toBe(file.events.length);
  expect(file.events.map(({ seq }) => seq)).toEqual(file.events.map((_, index) => index + 1));
  for (const [index, { at, act }] of file.events.entries()) {
    const before = file.events[index - 1]?.at ?? at;
    if (act.act !== 'suspend_urgently') expect(at.getTime()).toBeGreaterThanOrEqual(before.getTime());
  }
  const together = file.requests.filter(({ state }) => among(examined, state)).map(({ state }) => state);
  expect(new Set(together).size).toBeLessThanOrEqual(1);
  expect(file.asked !== undefined).toBe(together[0] === 'info_requested');
  expect(isOwn(file.taken?.by, circumstances)).toBe(false);
  for (const { actor, act } of file.events) {
    const decides = act.act !== 'note' && act.act !== 'release';
    if (actor.kind === 'operator' && decides) expect(isOwn(actor, circumstances)).toBe(false);
    if (actor.kind === 'applicant') expect(actor.accountId).toBe(file.accountId);
  }
  // What nobody has asked for is not examined, and nobody acts on it as if they had.
  if (file.accountId === undefined) {
    expect(together).toEqual([]);
    expect(file.events.some(({ actor }) => actor.kind === 'applicant')).toBe(false);
  }
  for (const request of file.requests) checkRequest(file, request, circumstances);
}

const takenByTwo: readonly RequestState[] = ['refused', 'abrogated', 'withdrawn_by_authority'];
const hasRight: readonly RequestState[] = [
  ...inForce,
  ...suspended,
  'renewed',
  'expired',
  'renounced',
  'closed',
];
const complainedOf: readonly RequestState[] = [...takenByTwo, 'implicitly_refused', ...suspended];
const implicit: readonly RequestState[] = ['implicitly_refused', 'implicitly_accepted', 'implicitly_upheld'];

function checkRequest(file: RegistrationFile, request: Request, circumstances: Circumstances): void {
  const { state, decided, granted, terms, notice, appeal, proposed, reminded } = request;
  if (hasRight.includes(state)) {
    expect(terms !== undefined && terms.startsOn <= terms.endsOn).toBe(true);
    expect(granted !== undefined && granted.on <= (terms?.startsOn ?? '')).toBe(true);
    expect(granted?.author === undefined).toBe(granted?.as === 'implicitly_accepted');
  }
  if (takenByTwo.includes(state)) {
    expect(decided).toMatchObject({ as: state });
    expect(decided?.author?.id).toBeDefined();
    expect(decided?.second?.id).toBeDefined();
    expect(decided?.author?.id).not.toBe(decided?.second?.id);
    expect(isOwn(decided?.author, circumstances) || isOwn(decided?.second, circumstances)).toBe(false);
    expect(decided?.motive !== undefined && decided.text !== '' && decided.rule !== '').toBe(true);
  }
  if (state === 'abrogated' || state === 'withdrawn_by_authority' || state === 'suspended') {
    // By its own words, or all its days.
    const own = notice?.answer !== undefined && notice.recordedBy === undefined;
    expect(notice !== undefined && (own || (decided?.on ?? '') > notice.answerBy)).toBe(true);
  }
  if (state === 'withdrawn_by_authority' && decided?.motive !== 'fraud') {
    expect((decided?.on ?? '') <= withdrawalLimit(granted?.on ?? '')).toBe(true);
  }
  if (among(suspended, state)) expect(decided).toMatchObject({ as: state });
  if (state === 'suspension_notified') expect(notice).toBeDefined();
  if (state === 'appealed' || state === 'upheld' || state === 'implicitly_upheld') {
    expect(complainedOf).toContain(appeal?.against.as);
    expect(appeal?.settled).toBeUndefined();
  }
  if (state === 'upheld') {
    expect([appeal?.against.author?.id, appeal?.against.second?.id]).not.toContain(decided?.author?.id);
    expect(decided?.author).toBeDefined();
  }
  if (implicit.includes(state)) {
    expect(decided).toMatchObject({ as: state });
    expect(decided?.author).toBeUndefined();
  }
  if (state === 'implicitly_accepted') expect(circumstances.silence).toBe('acceptance');
  if (proposed !== undefined) {
    const from = {
      refuse: ['under_review', 'info_requested', 'implicitly_refused'],
      abrogate: ['suspension_notified', ...suspended],
      withdraw: ['suspension_notified', ...suspended],
      renounce: [...inForce, ...suspended],
    }[proposed.proposal.decision];
    expect(from).toContain(state);
  }
  expect(new Set(reminded).size).toBe(reminded.length);
  expect(reminded.every((one) => [90, 30, 7].includes(one))).toBe(true);
  checkGivenUp(file, request);
  if (isAppealPending(request)) expect(['appealed', ...besides]).toContain(state);
  if (state === 'closed') expect(decided).toMatchObject({ as: 'closed' });
  if (state === 'expired') {
    const expiry = file.events.findLast(({ act }) => act.act === 'expire' && act.service === request.service);
    expect(expiry !== undefined && parisDate(expiry.at) > (terms?.endsOn ?? '')).toBe(true);
  }
}

/** A day that was given up never comes back, but by a new decision of a person; and nobody else gives a right up. */
function checkGivenUp(file: RegistrationFile, { service, state, renounced, terms }: Request): void {
  if (state === 'renounced') expect(renounced).toBeDefined();
  if (renounced === undefined) return;
  const { from, on, recordedBy } = renounced;
  const by = recordedBy === undefined ? 'renounce' : 'confirm';
  const said = file.events.findLast(
    ({ act, at }) => act.act === by && act.service === service && parisDate(at) === on,
  );
  expect(said).toBeDefined();
  expect(said?.actor).not.toMatchObject({ id: recordedBy?.id ?? '' });
  expect(from >= on).toBe(true);
  expect(state).not.toBe('renewal_due');
  if (from <= (terms?.startsOn ?? '')) expect(state).toBe('renounced');
  else expect((terms?.endsOn ?? '') < from).toBe(true);
}

/** Asked for under either silence; opened by the administration. */
const worlds = [
  { begin: empty, circumstances: refusal },
  { begin: empty, circumstances: registerMoved },
  { begin: empty, circumstances: acceptance },
  { begin: unasked, circumstances: refusal },
] as const;

const nameOf = (act: Act): string => ('service' in act ? `${act.act} ${act.service}` : act.act);

/** What is offered is possible, and what is possible is offered. */
function checkOffer(file: RegistrationFile, actor: Actor, at: Date, circumstances: Circumstances): void {
  const offered = possible(file, actor, at, circumstances).map(({ act, service }) =>
    service === undefined ? act : `${act} ${service}`,
  );
  const done = allWays(parisDate(at))
    .filter((act) => transition(file, { actor, act, at }, circumstances).kind === 'done')
    .map(nameOf);
  expect([...new Set(done)].toSorted()).toEqual(offered.toSorted());
}

const ofTime: readonly ActName[] = ['silence', 'renewal_due', 'remind', 'expire'];

/** Time does what it may, all of it, and nothing else. */
function checkTime(file: RegistrationFile, at: Date, circumstances: Circumstances): RegistrationFile {
  let current = file;
  for (const act of dueByNow(file, at, circumstances)) {
    const outcome = transition(current, { actor: clock, act, at }, circumstances);
    if (outcome.kind === 'refused') throw new Error(`${act.act} is due and refused: ${outcome.because}`);
    current = outcome.file;
    checkFile(current, circumstances);
  }
  expect(dueByNow(current, at, circumstances)).toEqual([]);
  const left = possible(current, clock, at, circumstances).filter(({ act }) => ofTime.includes(act));
  expect(left).toEqual([]);
  return current;
}

const anything = (pick: number, at: Date): readonly { actor: Actor; act: Act }[] =>
  allWays(parisDate(at)).map((act) => ({ actor: actors[pick % actors.length] ?? clock, act }));

/** All the ways, for all who may, of one act that is possible. */
function somethingPossible(
  file: RegistrationFile,
  pick: number,
  at: Date,
  circumstances: Circumstances,
): readonly { actor: Actor; act: Act }[] {
  const offers = actors.flatMap((actor) =>
    possible(file, actor, at, circumstances).map(({ act, service = 'docs' }) => ({ actor, act, service })),
  );
  const lively = offers.filter(({ act, service }) =>
    act === 'appeal' ? pick % 3 === 0 : pick % 11 === 0 || !isDull(file, act, service),
  );
  const names = [...new Set(lively.map(({ act }) => act))];
  const name = names[pick % Math.max(names.length, 1)];
  return lively
    .filter(({ act }) => act === name)
    .flatMap(({ actor, act, service }) =>
      waysToSay(act, service, parisDate(at)).map((way) => ({ actor, act: way })),
    )
    .filter(({ act }) => pick % 11 === 0 || !givesUp(act));
}

describe('whatever happens', () => {
  it('no file reaches an illegal state; its events make it; buttons and time agree with the rules', () => {
    const reached = new Set<RequestState>(['draft']);
    const acted = new Set<ActName>();
    const contested = new Set<RequestState>();
    fc.assert(
      fc.property(steps, fc.constantFrom(...worlds), (story, { begin, circumstances }) => {
        let file = begin;
        let at = new Date('2026-11-21T09:00:00Z');
        for (const { wait, pick, wild, punctual } of story) {
          at = new Date(at.getTime() + (waits[wait] ?? 0));
          if (punctual) file = checkTime(file, at, circumstances);
          for (const { state } of file.requests) reached.add(state);
          const options = wild ? anything(pick, at) : somethingPossible(file, pick, at, circumstances);
          const chosen = options[Math.floor(pick / 97) % Math.max(options.length, 1)];
          if (chosen === undefined) continue;
          if (pick % 6 === 0) checkOffer(file, chosen.actor, at, circumstances);
          const outcome = transition(file, { ...chosen, at }, circumstances);
          if (outcome.kind === 'refused') continue;
          const before = file;
          file = outcome.file;
          acted.add(chosen.act.act);
          if (chosen.act.act === 'appeal') expect(appealChangesNothing(before, file)).toBe(true);
          for (const { state, appeal } of file.requests) if (appeal !== undefined) contested.add(state);
          checkFile(file, circumstances);
        }
        expect(fold({ id: file.id, accountId: file.accountId }, file.events)).toEqual(file);
      }),
      { numRuns: 400, seed: 7 },
    );
    // The stories have been everywhere and have done everything: what is said above is said of all of it.
    expect(requestStates.filter((state) => !reached.has(state))).toEqual([]);
    expect(actNames.filter((name) => !acted.has(name) && !ofTime.includes(name))).toEqual([]);
    expect(contestable.filter((state) => !contested.has(state))).toEqual([]);
  }, 120_000);
});
