import type { Clock } from '../config/config.ts';
import type { KeyRing } from './key-ring.ts';
import type { KeySet } from './key-set.ts';

/** The former thing may hold a withdrawn key; and nobody gains by a failing `make` at every request. */
const retryMs = 5000;

/**
 * For what knows its keys from birth to death, like the library's provider: other keys mean another one, made when it
 * is first asked for after the change. Whoever holds the former one may go on with it.
 *
 * @param make from a set of keys; when it throws for a later set, the former thing stays, and it is tried again
 * by the first who asks five seconds later
 * @returns the thing for the keys of this instant
 * @throws what `make` throws for the first set
 */
export function perKeySet<Thing>(
  ring: Pick<KeyRing, 'current'>,
  make: (keys: KeySet) => Thing,
  onProblem: (error: unknown) => void,
  clock: Clock,
): () => Thing {
  let keys = ring.current();
  let thing = make(keys);
  let failed: { readonly keys: KeySet; readonly at: number } | undefined;
  return () => {
    const wanted = ring.current();
    if (wanted === keys) return thing;
    const now = clock().getTime();
    if (failed?.keys === wanted && now >= failed.at && now < failed.at + retryMs) return thing;
    try {
      thing = make(wanted);
      [keys, failed] = [wanted, undefined];
    } catch (error) {
      failed = { keys: wanted, at: now };
      onProblem(error);
    }
    return thing;
  };
}
