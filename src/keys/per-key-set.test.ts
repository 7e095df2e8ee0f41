import { expect, test } from 'vitest';
import type { KeySet } from './key-set.ts';
import { perKeySet } from './per-key-set.ts';

const setOf = (version: string): KeySet => ({
  version,
  jwks: { keys: [] },
  signingKey: (alg) => ({ kid: version, alg, jwk: { kty: 'EC' } }),
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
  expect(() => perKeySet({ current: () => setOf('one') }, failing, () => undefined)).toThrow(
    'does not serve',
  );
});
