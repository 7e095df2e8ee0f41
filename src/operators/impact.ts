import { z } from 'zod';
import { liveGrantsOf } from '../storage/storage.ts';
import type { ConsoleNeeds } from './section.ts';

export interface Impact {
  /** People who have something open, as far as we know them. */
  readonly people: number;
  /** Browsers in which a tool was opened for it: each is asked to sign out. */
  readonly sessions: number;
  /** What was given to tools and may still be used: each ends. */
  readonly grants: number;
  /** Names of the tools that have it. */
  readonly clients: readonly string[];
  /** There are more than were counted. */
  readonly more: boolean;
}

/** Where a grant was given (provider/grants.ts). */
const snapshotSchema = z.object({ session: z.string() });

const page = 500;
const most = 5_000;

/**
 * Whom a decision concerns: people who signed in for the organization, and what their tools hold.
 *
 * @param services only their tools; undefined: all tools, that is everybody we know of the organization
 */
export async function impactOn(
  { db, snapshot, clock }: Pick<ConsoleNeeds, 'db' | 'snapshot' | 'clock'>,
  siren: string | undefined,
  services?: readonly string[],
): Promise<Impact> {
  const clients = [...snapshot().clients.values()].filter(
    ({ service }) => services === undefined || services.includes(service),
  );
  const people = new Set<string>();
  const tools = new Set<string>();
  const sessions = new Set<string>();
  let grants = 0;
  let after = '';
  let more = false;
  while (siren !== undefined) {
    const clientIds = clients.map(({ client_id: id }) => id);
    const found = await liveGrantsOf(db, { siren, clientIds, now: clock(), after, limit: page });
    for (const grant of found) {
      people.add(grant.accountId);
      tools.add(grant.clientId);
      const read = snapshotSchema.safeParse(JSON.parse(grant.snapshot));
      if (read.success) sessions.add(read.data.session);
    }
    grants += found.length;
    after = found.at(-1)?.id ?? '';
    more = grants >= most;
    if (found.length < page || more) break;
  }
  return { people: people.size, sessions: sessions.size, grants, clients: [...tools].toSorted(), more };
}
