import type { KeyRing } from './key-ring.ts';
import type { KeySet } from './key-set.ts';

/**
 * For what knows its keys from birth to death, like the library's provider: other keys mean another one, made when it
 * is first asked for after the change. Whoever holds the former one may go on with it.
 *
 * @param make from a set of keys; when it throws for a later set, the former thing stays
 * @returns the thing for the keys of this instant
 * @throws what `make` throws for the first set
 */
export function perKeySet<Thing>(
  ring: Pick<KeyRing, 'current'>,
  make: (keys: KeySet) => Thing,
  onProblem: (error: unknown) => void,
): () => Thing {
  let keys = ring.current();
  let thing = make(keys);
  return () => {
    const now = ring.current();
    if (now !== keys) {
      keys = now;
      try {
        thing = make(now);
      } catch (error) {
        onProblem(error);
      }
    }
    return thing;
  };
}
