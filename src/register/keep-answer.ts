import type { Kysely } from 'kysely';

import type { Clock } from '../config/config.ts';
import { sirenOf, statementsText, readStatements } from '../organizations/organizations.ts';
import type { OrganizationFacts, RegisteredOrganization, Siret } from '../organizations/organizations.ts';
import type { Database } from '../storage/storage.ts';
import { applyEstablishments } from './apply-establishments.ts';
import { applyOrganizations } from './apply-organizations.ts';
import type { EstablishmentRecord, OrganizationRecord } from './applying.ts';
import type { Found, Moved } from './elsewhere.ts';
import { configurationOf } from './held-organization.ts';
import type { Kept } from './look-up.ts';
import { registered } from './stored-organization.ts';
import { successionsOf } from './successors.ts';

interface Records {
  /** Of the SIRET asked first. */
  readonly organizations: readonly [OrganizationRecord, ...OrganizationRecord[]];
  readonly establishments: readonly [EstablishmentRecord, ...EstablishmentRecord[]];
}

/**
 * A duplicate stands for its successor: who acts for the one acts for the other. It gets the successor's facts, names it,
 * and keeps neither its RNA number nor its head office, which belong to one unit only.
 */
export function recordsOf(siret: Siret, answer: Found | Moved): Records {
  const { organization, establishment } = answer;
  if (answer.kind === 'found') return { organizations: [organization], establishments: [establishment] };
  const facts = { ...organization.facts, rna: undefined, headOffice: undefined };
  return {
    organizations: [
      { siren: sirenOf(siret), facts: { ...facts, successor: answer.successor } },
      organization,
    ],
    establishments: [{ ...establishment, siret, headOffice: false }, establishment],
  };
}

interface Keeping {
  readonly siret: Siret;
  readonly answer: Found | Moved;
  readonly now: Date;
}

/** Milliseconds that a login waits for the writer: an import may hold the register for one of its batches. */
const writingPatienceMs = 500;

interface KeeperNeeds {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly factsOf: (registered: RegisteredOrganization) => OrganizationFacts;
  /** What the register holds now, not what is remembered of it. */
  readonly readAgain: (siret: Siret) => Promise<OrganizationFacts | undefined>;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Writes an answer into the register, for every process and for the day on which the source is away, and reads it back:
 * operators and other sources may have said more. When it cannot be written in time, the answer serves all the same.
 */
export function keeper({ db, clock, factsOf, readAgain, onProblem }: KeeperNeeds) {
  let last: Promise<boolean> = Promise.resolve(true);

  return async (siret: Siret, answer: Found | Moved): Promise<Kept> => {
    const keeping = { siret, answer, now: clock() };
    // One at a time: an import may hold the register, and those who wait for it would hold all connections.
    const writing = last
      .then(() => write(db, keeping))
      .then(
        () => true,
        (error: unknown) => {
          onProblem(error);
          return false;
        },
      );
    last = writing;
    if (await orAfter(writingPatienceMs, writing)) {
      const facts = await readAgain(siret);
      if (facts !== undefined) return { isWritten: true, facts: () => Promise.resolve(facts) };
    }
    return { isWritten: false, facts: async () => factsOf(await asIfKept(db, keeping, clock())) };
  };
}

async function orAfter(ms: number, writing: Promise<boolean>): Promise<boolean> {
  const { promise: patience, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    resolve(false);
  }, ms);
  try {
    return await Promise.race([writing, patience]);
  } finally {
    clearTimeout(timer);
  }
}

async function write(db: Kysely<Database>, { siret, answer, now }: Keeping): Promise<void> {
  const { source, asOf } = answer;
  const { organizations, establishments } = recordsOf(siret, answer);
  const applying = { source, asOf, now, fetchedAt: now.toISOString() };
  await db.transaction().execute(async (transaction) => {
    await applyOrganizations(transaction, organizations, applying);
    await applyEstablishments(transaction, establishments, applying);
  });
}

/**
 * What the register would say once the answer is written: for a login that cannot wait for the writer, or that meets one
 * who fails. What is known of the unit and of its successor at this moment counts, a suspension above all.
 *
 * @throws when the database does not answer: nobody is let in while suspensions cannot be read
 */
async function asIfKept(
  db: Kysely<Database>,
  { siret, answer, now: fetchedAt }: Keeping,
  now: Date,
): Promise<RegisteredOrganization> {
  const { source, asOf } = answer;
  const { organizations, establishments } = recordsOf(siret, answer);
  const [{ facts }] = organizations;
  const [establishment] = establishments;
  const held = await db
    .selectFrom('organization')
    .select([
      'statements',
      'name',
      'legal_category',
      'unit_state',
      'rna',
      'created_on',
      'source',
      'source_date',
    ])
    .select(['flags', 'qualifications', 'suspended_at', 'declared_population'])
    .where('siren', '=', sirenOf(siret))
    .executeTakeFirst();
  const declared = held === undefined ? undefined : configurationOf(held);
  const statements = {
    ...(held === undefined ? {} : readStatements(held.statements)),
    ...(declared !== undefined && { configuration: declared }),
    [source]: { facts, asOf, fetchedAt: fetchedAt.toISOString() },
  };
  const row = {
    siret,
    siren: sirenOf(siret),
    name: facts.name ?? sirenOf(siret),
    legal_category: facts.legalCategory ?? null,
    unit_state: facts.unitState ?? 'A',
    state: establishment.state,
    rna: null,
    commune_code: establishment.communeCode ?? null,
    naf: establishment.naf ?? null,
    created_on: facts.createdOn ?? null,
    declared_population: held?.declared_population ?? null,
    qualifications: held?.qualifications ?? '[]',
    suspended_at: held?.suspended_at ?? null,
    source,
    source_date: asOf,
    statements: statementsText(statements),
    flags: held?.flags ?? '[]',
    diffusion: facts.diffusion ?? 'O',
    establishment_source: source,
    establishment_source_date: asOf,
    fetched_at: fetchedAt,
  } as const;
  const successions = await successionsOf(db, [row]);
  return registered(row, now, successions.get(row.siren));
}
