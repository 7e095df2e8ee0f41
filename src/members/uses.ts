import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Snapshot } from '../declarations/declarations.ts';
import { liveGrantsOf } from '../storage/storage.ts';
import type { Database, LiveGrant } from '../storage/storage.ts';

/** What somebody has open for an organization: what ends when they are revoked. */
export interface Uses {
  /** Browsers in which a tool was opened for it. */
  readonly sessions: number;
  /** What was given to tools and may still be used. */
  readonly grants: number;
  /** Ids of the services that have it, sorted. */
  readonly services: readonly string[];
}

export const noUse: Uses = { sessions: 0, grants: 0, services: [] };

const page = 500;
const most = 5_000;

/** What the identity snapshot of a grant says of where it was given (provider/grants.ts). */
const snapshotSchema = z.object({
  membership: z.object({ siret: z.string() }),
  session: z.string().optional(),
});

/**
 * By account, what is open for the organization now.
 *
 * @param accountId only that of this person; a whole organization is read up to its 5 000th grant
 */
export async function usesFor(
  { db, snapshot, now }: { readonly db: Kysely<Database>; readonly snapshot: Snapshot; readonly now: Date },
  siren: string,
  accountId?: string,
): Promise<ReadonlyMap<string, Uses>> {
  const clientIds = [...snapshot.clients.keys()];
  const holders = accountId === undefined ? { siren } : { accountId };
  const found: LiveGrant[] = [];
  for (let after = ''; found.length < most; after = found.at(-1)?.id ?? '') {
    const grants = await liveGrantsOf(db, { ...holders, clientIds, now, after, limit: page });
    found.push(...grants);
    if (grants.length < page) break;
  }
  const byAccount = new Map<string, { sessions: Set<string>; grants: number; services: Set<string> }>();
  for (const grant of found) {
    const read = snapshotSchema.safeParse(JSON.parse(grant.snapshot));
    if (!read.success || !read.data.membership.siret.startsWith(siren)) continue;
    const uses = byAccount.get(grant.accountId) ?? { sessions: new Set(), grants: 0, services: new Set() };
    if (read.data.session !== undefined) uses.sessions.add(read.data.session);
    uses.grants += 1;
    const service = snapshot.clients.get(grant.clientId)?.service;
    if (service !== undefined) uses.services.add(service);
    byAccount.set(grant.accountId, uses);
  }
  return new Map(
    [...byAccount].map(([account, { sessions, grants, services }]) => [
      account,
      { sessions: sessions.size, grants, services: [...services].toSorted() },
    ]),
  );
}
