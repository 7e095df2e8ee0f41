import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Seal } from '../config/config.ts';
import type { Database } from '../storage/storage.ts';
import { comparable, membershipId } from './comparable.ts';
import type { Comparable } from './diff.ts';
import { idpSecret } from './idp-secret.ts';
import { fromStoredForm } from './idp-stored-form.ts';

const document = z.record(z.string(), z.unknown());
const sealedIn = z.object({ client_secret_sealed: z.string().optional() });

/**
 * Services, clients, identity providers, policies and operators of the database, as the diff compares them. Policies that
 * the console published are not among them: they are not ours to change or to remove.
 */
export async function storedObjects(db: Kysely<Database>, seal: Seal): Promise<readonly Comparable[]> {
  const rows = await db
    .selectFrom('declared_object')
    .select(['kind', 'id', 'document'])
    .where('origin', '=', 'configuration')
    .orderBy('kind')
    .orderBy('id')
    .execute();
  return Promise.all(
    rows.map(async ({ kind, id, document: text }) => {
      const fields = document.parse(JSON.parse(text));
      if (kind !== 'identity_provider') return comparable(kind, id, fields);
      const secret = await idpSecret(seal, sealedIn.parse(fields));
      return comparable(kind, id, {
        ...fromStoredForm(fields),
        client_secret_sealed: undefined,
        client_secret: secret,
      });
    }),
  );
}

/** Approvals of our own; those that operators decided elsewhere are not ours to change. */
export async function storedApprovals(db: Kysely<Database>): Promise<readonly Comparable[]> {
  const rows = await db
    .selectFrom('approval')
    .select([
      'id',
      'siren',
      'service_id as service',
      'level',
      'ground',
      'reason',
      'starts_on',
      'ends_on',
      'status',
    ])
    .select(['decided_by', 'decided_on'])
    .where('origin', '=', 'configuration')
    .orderBy('id')
    .execute();
  return rows.map((row) =>
    comparable('approval', row.id, { ...row, decided_by: document.parse(JSON.parse(row.decided_by)) }),
  );
}

export async function storedMemberships(db: Kysely<Database>): Promise<readonly Comparable[]> {
  const rows = await db
    .selectFrom('declared_membership')
    .selectAll()
    .orderBy('subject')
    .orderBy('siret')
    .execute();
  return rows.map(({ idp_id: idp, verified_at: verified, ...row }) => {
    const membership = { idp, ...row, verified_at: verified.toISOString() };
    return comparable('membership', membershipId(membership), membership);
  });
}

/** PostgreSQL takes 65 535 parameters in one statement. */
export async function inBatches<T, R>(
  items: readonly T[],
  run: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const size = 1000;
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await run(items.slice(start, start + size))));
  }
  return results;
}
