import { expect, test } from 'vitest';
import type { KeySet } from './key-set.ts';
import { perKeySet } from './per-key-set.ts';

const setOf = (version: string): KeySet => ({
  version,
  jwks: { keys: [] },
  signingKey: (alg) => ({ kid: version, alg, jwk: { kty: 'EC' } }),
  encryptionJwks: [],
  decryptionKeys: () => [],
  pairwiseSalt: new Uint8Array(),
  dpopNonceSecret: Buffer.alloc(0),
});

test('one thing a set; who holds the former goes on with it; a set that does not serve changes nothing', () => {
  let current = setOf('one');
  const built: string[] = [];
  const problems: unknown[] = [];
  const thing = perKeySet(
    { current: () => current },
    ({ version }) => {
      if (version === 'bad') throw new Error('does not serve');
      built.push(version);
      return { version };
    },
    (error) => problems.push(error),
    () => new Date(0),
  );
  const one = thing();
  expect([one, thing(), built]).toEqual([{ version: 'one' }, one, ['one']]);
  current = setOf('two');
  expect([thing(), thing(), one]).toEqual([{ version: 'two' }, { version: 'two' }, { version: 'one' }]);
  current = setOf('bad');
  expect([thing(), thing()]).toEqual([{ version: 'two' }, { version: 'two' }]);
  expect([built, problems.length]).toEqual([['one', 'two'], 1]);
});

test('when the first does not serve, nothing starts', () => {
  const failing = () => {
    throw new Error('does not serve');
  };
  const start = () =>
    perKeySet(
      { current: () => setOf('one') },
      failing,
      () => undefined,
      () => new Date(0),
    );
  expect(start).toThrow('does not serve');
});

test('what failed is tried again, every few seconds at most: the former may hold a withdrawn key', () => {
  let current = setOf('one');
  let now = 0;
  let serves = false;
  const problems: unknown[] = [];
  const thing = perKeySet(
    { current: () => current },
    ({ version }) => {
      if (version !== 'one' && !serves) throw new Error('does not serve');
      return version;
    },
    (error) => problems.push(error),
    () => new Date(now),
  );
  current = setOf('two');
  expect([thing(), thing(), problems.length]).toEqual(['one', 'one', 1]);
  now = 4_999;
  expect([thing(), problems.length]).toEqual(['one', 1]);
  now = 5_000;
  expect([thing(), thing(), problems.length]).toEqual(['one', 'one', 2]);
  serves = true;
  expect(thing()).toBe('one');
  now = 10_000;
  expect([thing(), thing(), problems.length]).toEqual(['two', 'two', 2]);
  serves = false;
  current = setOf('three');
  expect(thing()).toBe('two');
  current = setOf('four');
  expect([thing(), problems.length]).toEqual(['two', 4]);
  // A clock that was set back does not put the next try off.
  serves = true;
  now = -3_600_000;
  expect(thing()).toBe('four');
});
