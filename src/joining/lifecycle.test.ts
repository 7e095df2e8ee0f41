import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinStates, linkLevels, proofMethods, transition } from './lifecycle.ts';
import type { JoinAct, JoinActor, JoinState, ProofMethod, Standing } from './lifecycle.ts';

const person: JoinActor = { by: 'person', oneself: true };
const representative: JoinActor = { by: 'representative', oneself: false };
const operator: JoinActor = { by: 'operator', oneself: false };
const broker: JoinActor = { by: 'broker', oneself: false };
const actors = { person, representative, operator, broker };

const acts: Readonly<Record<string, JoinAct>> = {
  ask: { act: 'ask' },
  send_code: { act: 'send_code' },
  ask_representative: { act: 'ask_representative' },
  ask_operator: { act: 'ask_operator' },
  'prove verified_domain': { act: 'prove', method: 'verified_domain' },
  'prove official_contact_code': { act: 'prove', method: 'official_contact_code' },
  'prove representative': { act: 'prove', method: 'representative' },
  'prove proof_received': { act: 'prove', method: 'proof_received' },
  'prove mandate': { act: 'prove', method: 'mandate', until: '2027-12-31' },
  extend: { act: 'extend', method: 'verified_domain', until: '2028-01-01' },
  shorten: { act: 'shorten', until: '2026-12-23' },
  refuse: { act: 'refuse' },
  withdraw: { act: 'withdraw' },
  leave: { act: 'leave' },
  revoke: { act: 'revoke' },
  expire: { act: 'expire' },
};
const standing = (state: JoinState | undefined): Standing | undefined =>
  state === undefined
    ? undefined
    : state === 'active'
      ? { state, level: 'email_domain', method: 'verified_domain', until: undefined, external: false }
      : { state, external: false, ...(state === 'ended' ? { ended: 'left' as const } : {}) };

test('every state × act × kind of person: what comes of it', () => {
  const lines = ([undefined, ...joinStates] as const).flatMap((from) =>
    Object.entries(acts).flatMap(([name, act]) => {
      const done = Object.entries(actors).flatMap(([who, actor]) => {
        const to = transition(standing(from), act, actor);
        return 'refused' in to ? [] : [`${who} → ${to.standing.ended ?? to.standing.state}`];
      });
      return done.length === 0 ? [] : [`${from ?? 'nothing'}, ${name}: ${done.join(', ')}`];
    }),
  );
  expect(lines).toEqual([
    'nothing, ask: person → requested',
    'nothing, prove verified_domain: person → active',
    'nothing, prove official_contact_code: person → active',
    'nothing, prove mandate: broker → active',
    ...['requested', 'awaiting_code'].flatMap((state) => [
      `${state}, send_code: person → awaiting_code`,
      `${state}, ask_representative: person → awaiting_representative`,
      `${state}, ask_operator: person → awaiting_operator`,
      `${state}, prove verified_domain: person → active`,
      `${state}, prove official_contact_code: person → active`,
      `${state}, prove mandate: broker → active`,
      `${state}, withdraw: person → withdrawn`,
      `${state}, expire: broker → expired`,
    ]),
    ...['awaiting_representative', 'awaiting_operator'].flatMap((state) => [
      ...(state === 'awaiting_representative' ? [`${state}, ask_operator: person → awaiting_operator`] : []),
      `${state}, prove verified_domain: person → active`,
      `${state}, prove official_contact_code: person → active`,
      `${state}, prove representative: representative → active`,
      `${state}, prove proof_received: operator → active`,
      `${state}, prove mandate: broker → active`,
      `${state}, refuse: representative → refused, operator → refused`,
      `${state}, withdraw: person → withdrawn`,
      `${state}, expire: broker → expired`,
    ]),
    'active, prove verified_domain: person → active',
    'active, prove official_contact_code: person → active',
    'active, prove representative: representative → active',
    'active, prove proof_received: operator → active',
    'active, prove mandate: broker → active',
    'active, extend: person → active, broker → active',
    'active, shorten: broker → active',
    'active, leave: person → left',
    'active, revoke: representative → revoked, operator → revoked',
    'active, expire: broker → expired',
  ]);
});

describe('who may not', () => {
  const waits: Standing = { state: 'awaiting_representative', external: false };
  test.each<[JoinActor, JoinAct, string]>([
    [{ ...representative, oneself: true }, { act: 'prove', method: 'representative' }, 'oneself'],
    [{ ...representative, oneself: true }, { act: 'refuse' }, 'oneself'],
    [{ ...operator, oneself: true }, { act: 'prove', method: 'proof_received' }, 'oneself'],
    [{ ...operator, own: true }, { act: 'prove', method: 'proof_received' }, 'own_organization'],
    [{ ...operator, own: true }, { act: 'refuse' }, 'own_organization'],
    [{ ...person, oneself: false }, { act: 'withdraw' }, 'not_theirs'],
    [person, { act: 'prove', method: 'representative' }, 'not_theirs'],
    [person, { act: 'prove', method: 'mandate' }, 'not_theirs'],
    [representative, { act: 'prove', method: 'in_official_register' }, 'not_theirs'],
    [representative, { act: 'prove', method: 'representative', external: true }, 'external_without_end'],
  ])('%o %o: %s', (actor, act, refused) => {
    expect(transition(waits, act, actor)).toEqual({ refused });
  });
});

describe('evidence', () => {
  const active = (method: ProofMethod, until?: string): Standing => ({
    state: 'active',
    level: proofMethods[method].level,
    method,
    until,
    external: false,
  });
  const proves = (from: Standing, method: ProofMethod, until?: string) => {
    const to = transition(
      from,
      { act: 'prove', method, until },
      { by: proofMethods[method].by, oneself: proofMethods[method].by === 'person' },
    );
    return 'standing' in to ? [to.standing.level, to.standing.method, to.standing.until] : to;
  };

  test('raises the level', () => {
    expect(proves(active('verified_domain'), 'proof_received', '2027-01-01')).toEqual([
      'moderated',
      'proof_received',
      '2027-01-01',
    ]);
    expect(proves(active('representative'), 'in_official_register')).toEqual([
      'official_source',
      'in_official_register',
      undefined,
    ]);
  });
  test('never lowers it', () => {
    expect(proves(active('mandate', '2027-01-01'), 'verified_domain')).toEqual([
      'moderated',
      'mandate',
      '2027-01-01',
    ]);
  });
  test('of the same worth, what lasts longer stands', () => {
    expect(proves(active('mandate', '2027-01-01'), 'official_contact_code', '2026-12-31')).toEqual([
      'moderated',
      'mandate',
      '2027-01-01',
    ]);
    expect(proves(active('mandate', '2027-01-01'), 'official_contact_code', '2027-12-31')).toEqual([
      'moderated',
      'official_contact_code',
      '2027-12-31',
    ]);
    expect(proves(active('invitation'), 'mandate', '2099-12-31')).toEqual([
      'moderated',
      'invitation',
      undefined,
    ]);
  });
  test('lasts on when what it rests on does, and only then', () => {
    const to = (method: ProofMethod) =>
      transition(active('mandate', '2027-01-01'), { act: 'extend', method, until: '2028-01-01' }, broker);
    expect(to('mandate')).toEqual({ standing: active('mandate', '2028-01-01') });
    expect(to('verified_domain')).toEqual({ refused: 'not_now' });
  });
});

test('whatever happens, in whatever order: what ended stays ended, a level never sinks, only a proof makes a member', () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom(...Object.values(acts)), fc.constantFrom(...Object.values(actors))),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      let now: Standing | undefined;
      for (const [act, actor] of all) {
        const to = transition(now, act, actor);
        if ('refused' in to) continue;
        const next = to.standing;
        expect(now?.state).not.toBe('ended');
        if (now?.state === 'active' && next.state === 'active')
          expect(linkLevels.indexOf(next.level ?? 'declared')).toBeGreaterThanOrEqual(
            linkLevels.indexOf(now.level ?? 'declared'),
          );
        if (next.state === 'active' && now?.state !== 'active') expect(act.act).toBe('prove');
        expect(next.state === 'ended').toBe(next.ended !== undefined);
        now = next;
      }
    }),
    { numRuns: 300 },
  );
});
