import { longestLifeSeconds } from './key-times.ts';

/** What the database knows of a key, apart from the key. */
export interface KeyTimes {
  readonly kid: string;
  readonly alg: string;
  /** It signs from then on, until the next one of its algorithm does. */
  readonly activatesAt: Date;
  readonly createdAt: Date;
}

export interface RetiredKey<Key> {
  readonly key: Key;
  /** When it stopped signing. */
  readonly since: Date;
  /** Nothing that it signed lives any longer. */
  readonly until: Date;
}

export interface KeyRoles<Key> {
  /** Signs. Undefined only when the algorithm has no key at all. */
  readonly current: Key | undefined;
  /** Published, do not sign yet; soonest first. */
  readonly next: readonly Key[];
  /** Published, verify only; latest first. */
  readonly retired: readonly RetiredKey<Key>[];
  /** Neither published nor used: to be deleted. */
  readonly expired: readonly Key[];
}

/**
 * What the keys of one algorithm are at an instant. It follows from their times and nothing else: processes that read
 * the same rows agree without a word, and nobody has to be there at the moment of a change.
 */
export function keyRoles<Key extends KeyTimes>(keys: readonly Key[], alg: string, now: Date): KeyRoles<Key> {
  const chain = keys.filter((key) => key.alg === alg).sort(byActivation);
  // A process whose clock is behind the one that made the first key signs with it all the same.
  const at = Math.max(
    0,
    chain.findLastIndex(({ activatesAt }) => activatesAt <= now),
  );
  const former = chain.slice(0, at).map((key, index): RetiredKey<Key> => {
    const since = chain[index + 1]?.activatesAt ?? now;
    return { key, since, until: new Date(since.getTime() + longestLifeSeconds * 1000) };
  });
  return {
    current: chain[at],
    next: chain.slice(at + 1),
    retired: former.filter(({ until }) => until > now).reverse(),
    expired: former.filter(({ until }) => until <= now).map(({ key }) => key),
  };
}

/** The first instant after `now` at which `keyRoles` may answer something else, if there is one. */
export function nextChange(keys: readonly KeyTimes[], now: Date): Date | undefined {
  const instants = [...new Set(keys.map(({ alg }) => alg))].flatMap((alg) => {
    const { next, retired } = keyRoles(keys, alg, now);
    return [...next.map(({ activatesAt }) => activatesAt), ...retired.map(({ until }) => until)];
  });
  return instants
    .filter((instant) => instant > now)
    .reduce<Date | undefined>(
      (first, each) => (first === undefined || each < first ? each : first),
      undefined,
    );
}

function byActivation(one: KeyTimes, other: KeyTimes): number {
  return (
    one.activatesAt.getTime() - other.activatesAt.getTime() ||
    one.createdAt.getTime() - other.createdAt.getTime() ||
    (one.kid < other.kid ? -1 : 1)
  );
}
