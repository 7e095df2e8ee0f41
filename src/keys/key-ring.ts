import type { JWK } from 'jose';
import type { BrokerError } from '../errors/errors.ts';
import { lookAgain } from '../storage/storage.ts';
import type { LookingAgain } from '../storage/storage.ts';
import type { DecryptionAlgorithm } from '../declarations/declarations.ts';
import { keyAlgorithms, rotatingAlgorithms, secretNames } from './generate-key.ts';
import { nextChange } from './key-roles.ts';
import type { KeyTimes } from './key-roles.ts';
import { keySet, noKeyLeft } from './key-set.ts';
import type { KeySet } from './key-set.ts';
import { createMissingKeys, openKeys, readKeyTimes } from './stored-keys.ts';
import type { KeyStore } from './stored-keys.ts';

export interface KeyRingOptions extends KeyStore {
  /** Milliseconds between two looks at the database; below 5 s, which every process has to see a change. */
  readonly pollMs?: number;
  /**
   * Told when the keys could not be read: the former ones stay. Told once, for as long as it lasts, of each key that
   * cannot be opened, which counts as absent, and of each algorithm that nothing signs with any more.
   */
  readonly onProblem?: (error: unknown) => void;
  /** What identity providers encrypt to: keys of these are made once somebody needs them, and kept. */
  readonly wanted?: () => readonly DecryptionAlgorithm[];
}

export interface KeyRing extends LookingAgain {
  /**
   * The keys of this instant; never waits. The same object for as long as nothing changes, so that whoever builds
   * something upon it knows by comparing when to build again. A change of roles shows at its very instant, database or
   * no database; a rotation or a withdrawal by another process, at the next look.
   */
  readonly current: () => KeySet;
}

const used: ReadonlySet<string> = new Set([...rotatingAlgorithms, ...secretNames]);

/**
 * Reads the keys, after making those that are missing.
 *
 * @throws BrokerError M-CONF-001 when a stored key was sealed with keys that we no longer have
 */
export async function createKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { db, seal, clock, pollMs = 2000, onProblem = () => undefined, wanted = () => [] } = options;
  let keys: readonly KeyTimes[] = [];
  let opened: ReadonlyMap<string, JWK> = new Map();

  /** By kid or algorithm; undefined until the first reading, which tolerates no problem. */
  let told: ReadonlySet<string> | undefined;

  async function read(): Promise<void> {
    // Keys of algorithms that a later version knows are none of our business.
    let times = (await readKeyTimes(db)).filter(({ alg }) => used.has(alg));
    const lacking = wanted().filter((alg) => !times.some((key) => key.alg === alg));
    if (lacking.length > 0) {
      await createMissingKeys(options, lacking);
      times = (await readKeyTimes(db)).filter(({ alg }) => used.has(alg));
    }
    const { opened: fresh, unopenable } = await openKeys(
      { db, seal },
      times.map(({ kid }) => kid).filter((kid) => !opened.has(kid)),
    );
    const all = new Map([
      // They never change: nothing that happens to them may keep a withdrawn key in force.
      ...secretNames.flatMap((name) => jwkEntry(name, opened.get(name))),
      ...times.flatMap(({ kid }) => jwkEntry(kid, opened.get(kid) ?? fresh.get(kid))),
    ]);
    // A newer key that we cannot open keeps no other in force, least of all the one that it was made to replace.
    const present = times.filter(({ kid }) => all.has(kid));
    const problems = new Map<string, BrokerError>([
      ...unopenable,
      ...keyAlgorithms.flatMap((alg): [string, BrokerError][] =>
        present.some((key) => key.alg === alg) ? [] : [[alg, noKeyLeft(alg)]],
      ),
    ]);
    if (told === undefined) for (const problem of problems.values()) throw problem;
    keySet(present, (kid) => all.get(kid), clock());
    [keys, opened, known] = [present, all, undefined];
    const before = told;
    told = new Set(problems.keys());
    for (const [what, problem] of problems) if (before?.has(what) === false) onProblem(problem);
  }

  let set: KeySet | undefined;
  /** From when to when `set` is right; undefined after a reading. */
  let known: { readonly from: Date; readonly until: Date | undefined } | undefined;

  function current(): KeySet {
    const now = clock();
    const right =
      known !== undefined && now >= known.from && (known.until === undefined || now < known.until);
    if (set !== undefined && right) return set;
    const made = keySet(keys, (kid) => opened.get(kid), now);
    known = { from: now, until: nextChange(keys, now) };
    set = made.version === set?.version ? set : made;
    return set;
  }

  await createMissingKeys(options);
  await read();
  return { current, ...lookAgain({ read, pollMs, onProblem }) };
}

const jwkEntry = (kid: string, jwk: JWK | undefined): [string, JWK][] =>
  jwk === undefined ? [] : [[kid, jwk]];
