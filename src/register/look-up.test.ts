import { beforeEach, describe, expect, test } from 'vitest';

import { organization } from '../eligibility/testing/factory.ts';
import { parseSiret } from '../organizations/organizations.ts';
import type { OrganizationFacts } from '../organizations/organizations.ts';
import { isStale } from './copies.ts';
import { RegistersUnavailable } from './elsewhere.ts';
import type { Answer, Elsewhere, Found } from './elsewhere.ts';
import { asHeld, createLookUp } from './look-up.ts';

const siret = parseSiret('21440109300015') ?? fail();
function fail(): never {
  throw new Error('the SIRET of the test is wrong');
}

const start = new Date('2026-11-22T12:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;

const found: Found = {
  kind: 'found',
  source: 'api_sirene',
  asOf: '2026-11-22',
  organization: { facts: { name: 'COMMUNE DE NANTES' } },
  establishment: { siret, state: 'A', headOffice: true },
};

let now: Date;
/** What the register holds, and since when, if it is a copy. */
let held: { readonly name: string; readonly fetchedAt?: string } | undefined;
let asked: string[];
let answer: () => Promise<Answer>;
let writes: boolean;
let suspended: boolean;
let problems: unknown[];

beforeEach(() => {
  now = start;
  held = undefined;
  asked = [];
  answer = () => Promise.resolve(found);
  writes = true;
  suspended = false;
  problems = [];
});

const factsOf = ({
  name,
  fetchedAt,
}: {
  readonly name: string;
  readonly fetchedAt?: string;
}): OrganizationFacts =>
  organization({ siret, name, legalCategory: '7210', suspended, fetchedAt, stale: isStale(fetchedAt, now) });

const lookUpOf = (elsewhere: Elsewhere | undefined) =>
  createLookUp({
    read: async () => (held === undefined ? undefined : factsOf(held)),
    keep: async () => {
      const copy = { name: 'renewed', fetchedAt: now.toISOString() };
      if (writes) held = copy;
      return { isWritten: writes, facts: () => Promise.resolve(factsOf(copy)) };
    },
    elsewhere,
    clock: () => now,
    onProblem: (error) => void problems.push(error),
  });
const connected = () =>
  lookUpOf((_, urgency) => {
    asked.push(urgency);
    return answer();
  });

const down = () => Promise.reject(new RegistersUnavailable('all down'));
const never = () => new Promise<Answer>(() => undefined);
const copyOf = (age: number) => ({ name: 'copy', fetchedAt: new Date(start.getTime() - age).toISOString() });

describe('nobody is asked', () => {
  test('about what was imported or declared', async () => {
    held = { name: 'imported' };
    expect(await connected()(siret)).toMatchObject({
      organization: { name: 'imported' },
      staleAt: undefined,
    });
    expect(asked).toEqual([]);
  });

  test('about what was fetched less than a day ago', async () => {
    held = copyOf(day - 1);
    expect(await connected()(siret)).toMatchObject({
      organization: { name: 'copy', stale: false },
      staleAt: new Date(start.getTime() + 29 * day + 1),
    });
    expect(asked).toEqual([]);
  });

  test('when no source is configured: an old copy ages all the same', async () => {
    expect(await lookUpOf(undefined)(siret)).toEqual({ organization: undefined, absence: 'not_in_registry' });
    held = copyOf(31 * day);
    expect(await lookUpOf(undefined)(siret)).toMatchObject({
      organization: { name: 'copy', stale: true },
      staleAt: new Date(start.getTime() - day),
    });
  });
});

describe('an organization that the register does not hold', () => {
  test('is asked for, and kept', async () => {
    const lookUp = connected();
    expect(await lookUp(siret)).toMatchObject({
      organization: { name: 'renewed', stale: false },
      staleAt: new Date(start.getTime() + 30 * day),
    });
    await lookUp(siret);
    expect(asked).toEqual(['sign_in']);
  });

  test('by fifty people at once: one request', async () => {
    const lookUp = connected();
    const all = await Promise.all(Array.from({ length: 50 }, () => lookUp(siret)));
    expect(new Set(all.map(({ organization: one }) => one?.name))).toEqual(new Set(['renewed']));
    expect(asked).toHaveLength(1);
  });

  test('is served from here for half a minute when it could not be written', async () => {
    writes = false;
    const lookUp = connected();
    expect(await lookUp(siret)).toMatchObject({ organization: { name: 'renewed' } });
    now = new Date(start.getTime() + 29_999);
    expect(await lookUp(siret)).toMatchObject({ organization: { name: 'renewed' } });
    expect(asked).toHaveLength(1);
    now = new Date(start.getTime() + 30_000);
    await lookUp(siret);
    expect(asked).toHaveLength(2);
  });

  test('and what is known of it meanwhile counts at once', async () => {
    writes = false;
    const lookUp = connected();
    expect(await lookUp(siret)).toMatchObject({ organization: { suspended: false } });
    suspended = true;
    expect(await lookUp(siret)).toMatchObject({ organization: { suspended: true } });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['not_found', 'not_in_registry', hour],
    ['not_diffusible', 'not_diffusible', day],
  ] as const)('%s is remembered, for a while', async (kind, absence, ms) => {
    answer = () => Promise.resolve({ kind });
    const lookUp = connected();
    for (const at of [0, ms - 1]) {
      now = new Date(start.getTime() + at);
      expect(await lookUp(siret)).toEqual({ organization: undefined, absence });
    }
    expect(asked).toHaveLength(1);
    now = new Date(start.getTime() + ms);
    await lookUp(siret);
    expect(asked).toHaveLength(2);
  });

  test('is unknown when nobody could say, never "there is none"; asked again ten seconds later', async () => {
    answer = down;
    const lookUp = connected();
    for (let times = 0; times < 2; times += 1)
      expect(await lookUp(siret)).toEqual({ organization: undefined, absence: 'registry_unavailable' });
    expect(asked).toHaveLength(1);
    now = new Date(start.getTime() + 10_000);
    answer = () => Promise.resolve(found);
    expect(await lookUp(siret)).toMatchObject({ organization: { name: 'renewed' } });
  });

  test('a fault of ours is an outage too, and is told', async () => {
    answer = () => Promise.reject(new TypeError('a fault'));
    expect(await connected()(siret)).toMatchObject({ absence: 'registry_unavailable' });
    expect(problems).toHaveLength(1);
  });
});

describe('a copy of 1 to 30 days', () => {
  beforeEach(() => {
    held = copyOf(10 * day);
  });

  test('is renewed first: today’s facts are believed when they are at hand', async () => {
    expect(await connected()(siret)).toMatchObject({ organization: { name: 'renewed', stale: false } });
    expect(asked).toEqual(['renewal']);
  });

  test('serves at once when nobody answers, marked, and until its thirtieth day', async () => {
    answer = down;
    expect(await connected()(siret)).toMatchObject({
      organization: { name: 'copy', stale: true, flags: ['stale'] },
      staleAt: new Date(start.getTime() + 20 * day),
    });
  });

  test('does not wait for a silent source; what it says in the end serves the next one', async () => {
    const late = Promise.withResolvers<Answer>();
    answer = () => late.promise;
    const lookUp = connected();
    const began = performance.now();
    expect(await lookUp(siret)).toMatchObject({ organization: { name: 'copy', stale: true } });
    expect(performance.now() - began).toBeLessThan(1_400);
    late.resolve(found);
    await late.promise;
    expect(await lookUp(siret)).toMatchObject({ organization: { name: 'renewed' } });
    expect(asked).toHaveLength(1);
  });

  test.each(['not_found', 'not_diffusible'] as const)('outlives %s', async (kind) => {
    answer = () => Promise.resolve({ kind });
    expect(await connected()(siret)).toMatchObject({ organization: { name: 'copy', stale: true } });
  });
});

describe('a copy of more than 30 days', () => {
  beforeEach(() => {
    held = copyOf(30 * day);
  });

  test('is renewed', async () => {
    expect(await connected()(siret)).toMatchObject({ organization: { name: 'renewed' } });
    expect(asked).toEqual(['sign_in']);
  });

  test('is too old when nobody answers: the decision says so', async () => {
    answer = down;
    expect(await connected()(siret)).toMatchObject({ organization: { name: 'copy' }, staleAt: start });
  });

  test.each([
    ['not_found', 'not_in_registry'],
    ['not_diffusible', 'not_diffusible'],
  ] as const)('gives way to %s', async (kind, absence) => {
    answer = () => Promise.resolve({ kind });
    expect(await connected()(siret)).toEqual({ organization: undefined, absence });
  });
});

describe('a visitor of the catalogue sees what is held', () => {
  test('a copy with its age, however old', () => {
    expect(asHeld(factsOf(copyOf(40 * day)))).toMatchObject({
      organization: { name: 'copy', stale: true },
      staleAt: new Date(start.getTime() - 10 * day),
    });
  });

  test('what was imported, for as long as it is held; and nothing as nothing', () => {
    expect(asHeld(factsOf({ name: 'imported' }))).toMatchObject({ staleAt: undefined });
    expect(asHeld(undefined)).toEqual({ organization: undefined, absence: 'not_in_registry' });
  });
});

test('an error of the database is nobody’s answer', async () => {
  const lookUp = createLookUp({
    read: () => Promise.reject(new Error('connection lost')),
    keep: () => Promise.reject(new Error('unused')),
    elsewhere: never,
    clock: () => now,
    onProblem: () => undefined,
  });
  await expect(lookUp(siret)).rejects.toThrow('connection lost');
});
