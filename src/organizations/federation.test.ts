import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parentChain } from './federation.ts';

const chainIn = (parents: Readonly<Record<string, string>>, start: string) =>
  parentChain(start, (id) => (Object.hasOwn(parents, id) ? parents[id] : undefined));

describe('the federations above an organization', () => {
  test('from the nearest up', () =>
    expect(chainIn({ club: 'county', county: 'nation' }, 'club')).toEqual({ parents: ['county', 'nation'] }));

  test('none', () => expect(chainIn({}, 'club')).toEqual({ parents: [] }));

  test.each([
    ['its own parent', { club: 'club' }, []],
    ['two that are parents of each other', { club: 'county', county: 'club' }, ['county']],
    ['a circle further up', { club: 'a', a: 'b', b: 'a' }, ['a', 'b']],
  ])('%s: the walk ends, and says so', (_, parents, found) =>
    expect(chainIn(parents, 'club')).toEqual({ parents: found, brokenBy: 'cycle' }),
  );

  test('deeper than any federation: ten, then no more', () => {
    const deep = Object.fromEntries(Array.from({ length: 50 }, (_, rank) => [`n${rank}`, `n${rank + 1}`]));
    expect(chainIn(deep, 'n0')).toMatchObject({ parents: { length: 10 }, brokenBy: 'too_deep' });
  });

  test('ends whatever the register says, and never names one twice', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.dictionary(ids, ids), ids, (parents, start) => {
        const chain = chainIn(parents, start).parents;
        expect(new Set(chain).size).toBe(chain.length);
        expect(chain).not.toContain(start);
      }),
    );
  });
});
