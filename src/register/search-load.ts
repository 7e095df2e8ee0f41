import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import type { Kysely } from 'kysely';
import type { TerritoryIndex } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { searchOrganizations } from './search.ts';
import type { SearchAnswer, SearchRequest } from './search.ts';
import { searchWithinMs } from './search-time.ts';

/** Under way at once in this process: anybody may search, and logins need the other connections (ten in all). */
const atOnce = 2;
/** Searches that may wait for their turn, in the time that they have; the others are told at once to come back. */
const waiting = 6;

const tooSlow: SearchAnswer = { kind: 'none', reason: 'too_slow' };

/**
 * The search for the public: whatever the crowd and the database, everybody is answered in time, and logins keep their
 * connections.
 *
 * @returns what searches; `too_slow` as well when too many search at once
 */
export function createSearch(
  db: Kysely<Database>,
  territories: () => TerritoryIndex,
  { withinMs = searchWithinMs }: { readonly withinMs?: number } = {},
): (request: SearchRequest) => Promise<SearchAnswer> {
  const places = bulkhead(atOnce, waiting);
  return async (request) => {
    const deadline = performance.now() + withinMs;
    const search = async (): Promise<SearchAnswer> => {
      try {
        return await places.execute(() => searchOrganizations(db, territories(), request, deadline));
      } catch (error) {
        if (error instanceof BulkheadRejectedError) return tooSlow;
        throw error;
      }
    };
    let timer: NodeJS.Timeout | undefined;
    const outOfTime = new Promise<SearchAnswer>((resolve) => {
      timer = setTimeout(resolve, withinMs, tooSlow).unref();
    });
    try {
      return await Promise.race([search(), outOfTime]);
    } finally {
      clearTimeout(timer);
    }
  };
}
