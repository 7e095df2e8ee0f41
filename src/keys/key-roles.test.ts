import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyRoles, nextChange } from './key-roles.ts';
import type { KeyTimes } from './key-roles.ts';
import { longestLifeSeconds, metadataMaxAgeSeconds, shortestPublicationSeconds } from './key-times.ts';

const day = (number: number): Date => new Date(Date.UTC(2027, 0, 1) + number * 86_400_000);
const key = (kid: string, activatesAt: Date, alg = 'ES256'): KeyTimes => ({
  kid,
  alg,
  activatesAt,
  createdAt: activatesAt,
});

/** `next b · current a · retired -` */
function at(keys: readonly KeyTimes[], now: Date): string {
  const { current, next, retired, expired } = keyRoles(keys, 'ES256', now);
  const names = (list: readonly KeyTimes[]) => list.map(({ kid }) => kid).join(' ') || '-';
  return [
    `next ${names(next)}`,
    `current ${current?.kid ?? '-'}`,
    `retired ${names(retired.map((one) => one.key))}`,
    `expired ${names(expired)}`,
  ].join(' · ');
}

describe('what a key is follows from the times', () => {
  const chain = [key('c', day(60)), key('a', day(0)), key('b', day(10)), key('other', day(5), 'RS256')];

  test.each([
    ['on the first day', day(0), 'next b c · current a · retired - · expired -'],
    [
      'just before the second activates',
      new Date(day(10).getTime() - 1),
      'next b c · current a · retired - · expired -',
    ],
    ['at that instant', day(10), 'next c · current b · retired a · expired -'],
    [
      'just before 31 days have passed',
      new Date(day(41).getTime() - 1),
      'next c · current b · retired a · expired -',
    ],
    ['31 days after it retired', day(41), 'next c · current b · retired - · expired a'],
    ['when the third signs', day(60), 'next - · current c · retired b · expired a'],
    ['much later', day(400), 'next - · current c · retired - · expired a b'],
  ])('%s', (_when, now, expected) => {
    expect(at(chain, now)).toBe(expected);
  });

  test('a retired key stays for as long as the longest grant, counted from the day it stopped signing', () => {
    const { retired } = keyRoles(chain, 'ES256', day(61));
    expect(retired).toEqual([{ key: chain[2], since: day(60), until: day(91) }]);
    expect(longestLifeSeconds).toBe(31 * 86_400);
  });

  test('a process whose clock is behind the maker of the first key signs with it', () => {
    expect(at([key('a', day(1)), key('b', day(2))], day(0))).toBe(
      'next b · current a · retired - · expired -',
    );
  });

  test('of two keys of one instant, the one made last signs, whatever the order of the rows', () => {
    const twins = [
      { ...key('a', day(1)), createdAt: day(0) },
      { ...key('b', day(1)), createdAt: day(1) },
    ];
    expect(at(twins, day(2))).toBe(at([...twins].reverse(), day(2)));
    expect(keyRoles(twins, 'ES256', day(2)).current?.kid).toBe('b');
  });

  test('an algorithm without a key has none', () => {
    expect(at([], day(0))).toBe('next - · current - · retired - · expired -');
  });

  test('the next change is the first activation or deletion, of any algorithm', () => {
    expect(nextChange(chain, day(0))).toEqual(day(10));
    expect(nextChange(chain, day(10))).toEqual(day(41));
    expect(nextChange(chain, day(41))).toEqual(day(60));
    expect(nextChange(chain, day(400))).toBeUndefined();
  });

  test('a new key is known for longer than a copy of /jwks may be kept', () => {
    expect(shortestPublicationSeconds).toBeGreaterThanOrEqual(metadataMaxAgeSeconds + 5);
  });
});

describe('whatever the times', () => {
  const keys = fc
    .uniqueArray(fc.record({ kid: fc.string({ minLength: 1 }), at: fc.integer({ min: 0, max: 200 }) }), {
      selector: ({ kid }) => kid,
      minLength: 1,
      maxLength: 8,
    })
    .map((list) => list.map(({ kid, at: when }) => key(kid, day(when))));
  const instant = fc.integer({ min: 0, max: 300 }).map(day);

  test('each key has exactly one role, and one signs: the latest that may', () => {
    fc.assert(
      fc.property(keys, instant, (chain, now) => {
        const { current, next, retired, expired } = keyRoles(chain, 'ES256', now);
        const all = [...next, ...retired.map((one) => one.key), ...expired, ...(current ? [current] : [])];
        expect(new Set(all)).toEqual(new Set(chain));
        expect(all).toHaveLength(chain.length);
        if (current === undefined) throw new Error('nothing signs');
        for (const { activatesAt } of next) expect(activatesAt > now).toBe(true);
        for (const { activatesAt } of chain)
          if (activatesAt <= now) expect(activatesAt <= current.activatesAt).toBe(true);
      }),
    );
  });

  test('the order of the rows does not matter', () => {
    fc.assert(
      fc.property(keys, instant, (chain, now) => {
        expect(at([...chain].reverse(), now)).toBe(at(chain, now));
      }),
    );
  });

  test('a key never comes back: next, current, retired, expired, in this order', () => {
    const order = ['next', 'current', 'retired', 'expired'];
    const rank = (chain: readonly KeyTimes[], kid: string, now: Date): number => {
      const { current, next, retired } = keyRoles(chain, 'ES256', now);
      if (next.some((one) => one.kid === kid)) return order.indexOf('next');
      if (current?.kid === kid) return order.indexOf('current');
      return order.indexOf(retired.some((one) => one.key.kid === kid) ? 'retired' : 'expired');
    };
    fc.assert(
      fc.property(keys, instant, instant, (chain, one, other) => {
        const [before, after] = one <= other ? [one, other] : [other, one];
        for (const { kid } of chain)
          expect(rank(chain, kid, before)).toBeLessThanOrEqual(rank(chain, kid, after));
      }),
    );
  });

  test('between now and the next change nothing changes, and at the next change something does', () => {
    fc.assert(
      fc.property(
        keys,
        instant,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (chain, now, share) => {
          const change = nextChange(chain, now);
          const end = change ?? day(1000);
          const between = new Date(now.getTime() + Math.floor((end.getTime() - now.getTime()) * share));
          expect(at(chain, between)).toBe(at(chain, now));
        },
      ),
    );
  });
});
