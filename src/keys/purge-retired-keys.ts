import type { Kysely } from 'kysely';
import type { Database } from '../storage/storage.ts';
import { rotatingAlgorithms } from './generate-key.ts';
import { keyRoles } from './key-roles.ts';
import { readKeyTimes } from './stored-keys.ts';

/**
 * Deletes keys of which nothing that they signed can still live. Any process may do it, at any time.
 *
 * @returns how many were deleted
 */
export async function purgeRetiredKeys(db: Kysely<Database>, now: Date): Promise<number> {
  const keys = await readKeyTimes(db);
  const expired = rotatingAlgorithms.flatMap((alg) => keyRoles(keys, alg, now).expired.map(({ kid }) => kid));
  if (expired.length === 0) return 0;
  const { numDeletedRows } = await db
    .deleteFrom('signing_key')
    .where('kid', 'in', expired)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
