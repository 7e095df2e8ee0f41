import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memberActs, refusalOf, stateOf } from './rules.ts';
import type { MemberActor, MemberState } from './rules.ts';

const now = new Date('2026-11-22T10:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

test.each<[MemberState, number | undefined, number | undefined]>([
  ['unconfirmed', undefined, undefined],
  ['confirmed', 0, undefined],
  ['confirmed', 364, undefined],
  ['again', 365, undefined],
  ['revoked', undefined, 1],
  ['revoked', 3, 1],
])('%s: confirmed %s days ago, revoked %s days ago', (expected, confirmed, revoked) => {
  const at = (days: number | undefined) => (days === undefined ? undefined : daysAgo(days));
  expect(stateOf({ confirmedAt: at(confirmed), revokedAt: at(revoked) }, now)).toBe(expected);
});

const siren = '000000406';
const ana: MemberActor = { kind: 'representative', accountId: 'ana' };
const operator = (sirens: readonly string[] = [], accountId = 'anne'): MemberActor => ({
  kind: 'operator',
  accountId,
  sirens,
});
const member = (accountId: string, state: MemberState = 'unconfirmed', revokedByOperator = false) => ({
  accountId,
  siren,
  state,
  revokedByOperator,
});
const alone = new Set(['ana']);
const two = new Set(['ana', 'bob']);

describe('what may be done to a member', () => {
  test.each([
    ['confirm', ana, member('zoe'), alone, undefined],
    ['confirm', ana, member('zoe', 'again'), alone, undefined],
    ['confirm', ana, member('zoe', 'confirmed'), alone, 'not_now'],
    ['confirm', ana, member('zoe', 'revoked'), alone, 'not_now'],
    ['confirm', ana, member('ana'), alone, 'oneself'],
    ['confirm', ana, member('bob'), two, undefined],
    ['revoke', ana, member('zoe'), alone, undefined],
    ['revoke', ana, member('zoe', 'confirmed'), alone, undefined],
    ['revoke', ana, member('zoe', 'revoked'), alone, 'not_now'],
    ['revoke', ana, member('ana'), alone, 'last_representative'],
    ['revoke', ana, member('ana'), two, undefined],
    ['revoke', ana, member('bob'), two, 'other_representative'],
    ['restore', ana, member('zoe', 'revoked'), alone, undefined],
    ['restore', ana, member('zoe', 'revoked', true), alone, 'by_operator'],
    ['restore', ana, member('zoe'), alone, 'not_now'],
    ['confirm', operator(), member('zoe'), alone, undefined],
    ['revoke', operator(), member('ana'), alone, undefined],
    ['revoke', operator(), member('zoe', 'revoked'), alone, 'not_now'],
    ['restore', operator(), member('zoe', 'revoked', true), alone, undefined],
    ['revoke', operator([siren]), member('zoe'), alone, 'own_organization'],
    ['revoke', operator(['000000109'], 'zoe'), member('zoe'), alone, 'own_organization'],
  ] as const)('%s by %j to %j', (act, actor, concerned, representatives, expected) => {
    expect(refusalOf(act, actor, concerned, representatives)).toBe(expected);
  });

  test('no representative is left without one by a representative', () => {
    const people = ['ana', 'bob', 'zoe'];
    fc.assert(
      fc.property(
        fc.subarray(people, { minLength: 1 }),
        fc.array(
          fc.tuple(fc.constantFrom(...people), fc.constantFrom(...people), fc.constantFrom(...memberActs)),
        ),
        (first, acts) => {
          const represent = new Set(first);
          const revoked = new Set<string>();
          for (const [by, whom, act] of acts) {
            if (!represent.has(by)) continue;
            const concerned = member(whom, revoked.has(whom) ? 'revoked' : 'unconfirmed');
            const actor: MemberActor = { kind: 'representative', accountId: by };
            if (refusalOf(act, actor, concerned, represent) !== undefined || act === 'confirm') continue;
            if (act === 'revoke') {
              revoked.add(whom);
              represent.delete(whom);
            } else {
              revoked.delete(whom);
              if (first.includes(whom)) represent.add(whom);
            }
          }
          expect(represent.size).toBeGreaterThan(0);
        },
      ),
    );
  });
});
