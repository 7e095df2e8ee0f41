import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { organizationFacts } from '../organizations/organizations.ts';
import type {
  OrganizationFacts,
  PublicServiceExceptions,
  TerritoryIndex,
} from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { columns, readRegistered } from './stored-organization.ts';

export interface EveryOrganizationOptions {
  readonly territories: TerritoryIndex;
  readonly exceptions?: PublicServiceExceptions;
  readonly now: Date;
  /** Legal units read at once: what is in memory, twice. */
  readonly batchSize?: number;
}

/** Legal units in the order of their SIREN. */
export interface OrganizationBatch {
  /** Each as its head office: that is where people sign in most. */
  readonly organizations: readonly OrganizationFacts[];
  /** Legal units without any establishment: nobody can sign in for them. */
  readonly withoutEstablishment: number;
  /** The SIRENs that this batch goes from (left out) and to (included): every legal unit between is in it. */
  readonly after: string;
  readonly to: string;
}

const spanSchema = z.tuple([z.object({ last: z.string().nullable(), units: z.number() })]);
const afterTheLast = '999999999';

/**
 * Every legal unit that the register holds, with the facts that `registry.bySiren()` would give: the same columns, the
 * same reader, by batches. The next batch is on its way while this one is worked on. Without snapshot: an import that
 * runs meanwhile may show on some and not on others.
 */
export async function* everyOrganization(
  db: Kysely<Database>,
  { territories, exceptions, now, batchSize = 2000 }: EveryOrganizationOptions,
): AsyncGenerator<OrganizationBatch> {
  let next: Promise<Read | undefined> | undefined = readBatch(db, '', batchSize);
  try {
    for (;;) {
      const read: Read | undefined = await next;
      if (read === undefined) return;
      next = readBatch(db, read.to, batchSize);
      // A rejection is met when its turn comes; until then it is nobody's.
      next.catch(() => undefined);
      const registered = await readRegistered(db, read.rows, now);
      yield {
        organizations: registered.map((one) => organizationFacts(one, territories, exceptions)),
        withoutEstablishment: read.units - registered.length,
        after: read.after,
        to: read.to,
      };
    }
  } finally {
    // Whoever stops half-way may close the database next.
    await next.catch(() => undefined);
  }
}

interface Read {
  readonly rows: readonly unknown[];
  readonly units: number;
  readonly after: string;
  readonly to: string;
}

/** Up to where a batch goes. Undefined after the last. */
export async function readSpan(
  db: Kysely<Database>,
  after: string,
  size: number,
): Promise<{ readonly to: string; readonly units: number } | undefined> {
  const span = await sql`
    select max(siren) as last, count(*)::int as units from (
      select siren from organization where siren > ${after} order by siren limit ${size}
    ) as batch`.execute(db);
  const [{ last, units }] = spanSchema.parse(span.rows);
  return last === null ? undefined : { to: units < size ? afterTheLast : last, units };
}

async function readBatch(db: Kysely<Database>, after: string, size: number): Promise<Read | undefined> {
  const span = await readSpan(db, after, size);
  if (span === undefined) return undefined;
  const { to, units } = span;
  const rows = await db
    .selectFrom('establishment')
    .innerJoin('organization', 'organization.siren', 'establishment.siren')
    .select(columns)
    .distinctOn('establishment.siren')
    .where('establishment.siren', '>', after)
    .where('establishment.siren', '<=', to)
    .where('organization.siren', '>', after)
    .where('organization.siren', '<=', to)
    .orderBy('establishment.siren')
    .orderBy('establishment.head_office', 'desc')
    .orderBy('establishment.siret')
    .execute();
  return { rows, units, after, to };
}
