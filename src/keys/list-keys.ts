import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { rotatingAlgorithms } from './generate-key.ts';
import type { RotatingAlgorithm } from './generate-key.ts';
import { keyRoles } from './key-roles.ts';
import { readKeyTimes } from './stored-keys.ts';

export interface ListedKey {
  readonly kid: string;
  readonly alg: RotatingAlgorithm;
  readonly state: 'current' | 'next' | 'retired';
  /** Since when it is in this state. */
  readonly since: Date;
  /** When that ends: another one signs, it signs itself, it is deleted. Undefined: until somebody rotates. */
  readonly until: Date | undefined;
}

/** Every published key, those of an algorithm together: next, current, retired. */
export async function listKeys(db: Kysely<Database>, now: Date): Promise<readonly ListedKey[]> {
  const keys = await readKeyTimes(db);
  return rotatingAlgorithms.flatMap((alg): ListedKey[] => {
    const { current, next, retired } = keyRoles(keys, alg, now);
    return [
      ...next.map(({ kid, createdAt, activatesAt }) => ({
        kid,
        alg,
        state: 'next' as const,
        since: createdAt,
        until: activatesAt,
      })),
      ...(current === undefined
        ? []
        : [
            {
              kid: current.kid,
              alg,
              state: 'current' as const,
              since: current.activatesAt,
              until: next[0]?.activatesAt,
            },
          ]),
      ...retired.map(({ key, since, until }) => ({
        kid: key.kid,
        alg,
        state: 'retired' as const,
        since,
        until,
      })),
    ];
  });
}
