import type { Kysely } from 'kysely';
import type { Clock } from '../config/config.ts';
import type { KnownOrganization } from '../eligibility/eligibility.ts';
import type { Database } from '../storage/storage.ts';
import { isSiret, organizationFacts } from '../organizations/organizations.ts';
import type {
  OrganizationFacts,
  PublicServiceExceptions,
  Siren,
  Siret,
  TerritoryIndex,
} from '../organizations/organizations.ts';
import type { Elsewhere } from './elsewhere.ts';
import { keeper } from './keep-answer.ts';
import { asHeld, createLookUp } from './look-up.ts';
import { storedOrganizations } from './stored-organization.ts';

export interface OrganizationRegistryOptions {
  readonly db: Kysely<Database>;
  /** The map of this moment: imports change it. */
  readonly territories: () => TerritoryIndex;
  readonly clock: Clock;
  /** Milliseconds a row is believed; never more than 30 000, whatever is asked. */
  readonly ttlMs?: number;
  /** Establishments kept at once. */
  readonly maximum?: number;
  readonly exceptions?: PublicServiceExceptions;
  /** Whom to ask for what the register does not hold, or holds as an old copy; nobody when absent. */
  readonly elsewhere?: Elsewhere | undefined;
  /** An answer that could not be written, a fault in a connector: the login goes on. */
  readonly onProblem?: (error: unknown) => void;
}

export interface OrganizationRegistry {
  /** For decisions: the row, renewed or completed from elsewhere, and how far it can be relied on. */
  lookUp(siret: Siret): Promise<KnownOrganization>;
  /** The same without asking elsewhere, for those who only look: a copy stays as old as it is. */
  held(siret: Siret): Promise<KnownOrganization>;
  /** Undefined when the register does not hold the establishment. Rejects when the database does not answer. */
  bySiret(siret: Siret): Promise<OrganizationFacts | undefined>;
  /** In the order asked, those not found left out: one SQL statement for all that the cache lacks. */
  bySirets(sirets: readonly Siret[]): Promise<OrganizationFacts[]>;
  /** The head office of a legal unit; any of its establishments when the register names none. */
  bySiren(siren: Siren): Promise<OrganizationFacts | undefined>;
}

/** A suspension has to reach every decision within 60 s; other caches on the way take the rest. */
const LONGEST_TTL_MS = 30_000;

interface Cached {
  readonly facts: OrganizationFacts | undefined;
  readonly until: number;
}

export function createOrganizationRegistry(options: OrganizationRegistryOptions): OrganizationRegistry {
  const { db, territories, clock, exceptions, maximum = 10_000, onProblem = () => undefined } = options;
  const ttlMs = Math.min(options.ttlMs ?? LONGEST_TTL_MS, LONGEST_TTL_MS);
  // Insertion order is age: the oldest goes first when the cache is full.
  const cache = new Map<Siret, Cached>();
  const underway = new Map<Siret, Promise<OrganizationFacts | undefined>>();

  function remember(siret: Siret, entry: Cached): void {
    cache.delete(siret);
    cache.set(siret, entry);
    for (const oldest of cache.keys()) {
      if (cache.size <= maximum) break;
      cache.delete(oldest);
    }
  }

  async function load(sirets: readonly Siret[]): Promise<ReadonlyMap<Siret, OrganizationFacts>> {
    // Before the statement leaves: a change committed while it runs is then never believed longer than the TTL.
    const asked = clock();
    const found = new Map(
      (await storedOrganizations(db, sirets, asked)).map((one) => [
        one.siret,
        organizationFacts(one, territories(), exceptions),
      ]),
    );
    for (const siret of sirets) remember(siret, { facts: found.get(siret), until: asked.getTime() + ttlMs });
    return found;
  }

  /** One promise per establishment; those that nobody has asked for yet share one statement. Errors are not kept. */
  function find(sirets: readonly Siret[]): Promise<(OrganizationFacts | undefined)[]> {
    const now = clock().getTime();
    const answers = new Map<Siret, Promise<OrganizationFacts | undefined>>();
    const missing: Siret[] = [];
    for (const siret of new Set(sirets)) {
      const cached = cache.get(siret);
      const pending = underway.get(siret);
      if (cached !== undefined && now < cached.until) answers.set(siret, Promise.resolve(cached.facts));
      else if (pending !== undefined) answers.set(siret, pending);
      else missing.push(siret);
    }
    if (missing.length > 0) {
      const batch = load(missing).finally(() => missing.forEach((siret) => underway.delete(siret)));
      for (const siret of missing) {
        const answer = batch.then((found) => found.get(siret));
        underway.set(siret, answer);
        answers.set(siret, answer);
      }
    }
    return Promise.all(sirets.map((siret) => answers.get(siret) ?? Promise.resolve(undefined)));
  }

  const bySiret = async (siret: Siret) => (await find([siret])).at(0);
  const lookUp = createLookUp({
    read: bySiret,
    keep: keeper({
      db,
      clock,
      onProblem,
      factsOf: (one) => organizationFacts(one, territories(), exceptions),
      readAgain: (siret) => {
        cache.delete(siret);
        return bySiret(siret);
      },
    }),
    elsewhere: options.elsewhere,
    clock,
    onProblem,
  });

  return {
    lookUp,
    held: async (siret) => asHeld(await bySiret(siret)),
    bySiret,
    async bySiren(siren) {
      const row = await db
        .selectFrom('establishment')
        .select('siret')
        .where('siren', '=', siren)
        .orderBy('head_office', 'desc')
        .orderBy('siret')
        .executeTakeFirst();
      return row !== undefined && isSiret(row.siret) ? (await find([row.siret])).at(0) : undefined;
    },
    bySirets: async (sirets) => (await find([...new Set(sirets)])).filter((facts) => facts !== undefined),
  };
}
