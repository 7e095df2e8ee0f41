import type { Kysely } from 'kysely';
import { hashId } from './keys.ts';
import type { Database } from './tables.ts';
import { currentUnit } from './unit-of-work.ts';
import type { GrantRow } from './unit-of-work.ts';

/** Snapshots whose grant is saved outside a unit of work. Bounded: a caller may never save its grant. */
const pending = new Map<string, string>();
const maxPending = 1_000;

/**
 * Announces the identity snapshot (JSON text) of a grant that is about to be saved, so that both are one SQL statement.
 * Call it before `grant.save()`. A grant that has a snapshot keeps it: the new one is then forgotten.
 */
export function setPendingSnapshot(grantId: string, json: string): void {
  const snapshots = currentUnit()?.pendingSnapshots ?? pending;
  const [oldest] = pending.keys();
  if (snapshots === pending && pending.size >= maxPending && oldest !== undefined) pending.delete(oldest);
  snapshots.set(hashId(grantId), json);
}

export function takePendingSnapshot(hashedId: string): string | null {
  const snapshots = currentUnit()?.pendingSnapshots ?? pending;
  const json = snapshots.get(hashedId) ?? null;
  snapshots.delete(hashedId);
  return json;
}

/**
 * The identity snapshot of a grant (JSON text); undefined when the grant has none, is unknown or was revoked. Whether it
 * has expired is for the library to say.
 */
export async function grantSnapshot(db: Kysely<Database>, grantId: string): Promise<string | undefined> {
  return (await loadGrant(db, hashId(grantId)))?.snapshot ?? undefined;
}

/** One statement for the grant and its snapshot, at most once per unit of work. */
export async function loadGrant(db: Kysely<Database>, hashedId: string): Promise<GrantRow | undefined> {
  const known = currentUnit()?.grants;
  if (known?.has(hashedId) === true) return known.get(hashedId);
  const row = await db
    .selectFrom('oidc_grant')
    .select(['payload', 'snapshot', 'expires_at as expiresAt'])
    .where('id', '=', hashedId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  known?.set(hashedId, row);
  return row;
}
